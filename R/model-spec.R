# The choices of a fit, which the glue reads by name (as_model_spec()).

# The core's registry of estimators (core/tau2/tau2_rules.cpp), read when the package is loaded.
tau2_methods <- character()
test_types <- c("z", "t", "knha", "hksj", "adhoc")
common_methods <- c("EE", "FE", "CE")

model_spec <- function(method = "REML", test = "z", level = 0.95, weighted = TRUE, int.incl = TRUE, tau2 = NA_real_,
                       q_centre = NA_real_, btt = integer(), i2_from_q = FALSE, r2_signed = FALSE) {
  list(method = method, test = test, level = level, weighted = weighted, int.incl = int.incl, tau2 = tau2,
       q_centre = q_centre, btt = btt, bounds = NULL, i2_from_q = i2_from_q, r2_signed = r2_signed)
}

# beta and tau2 of a fit to yi and vi, for analyses that need no object of it.
fit_numbers <- function(studies, spec, call = NULL, X = matrix(1, length(studies$yi), 1L)) {
  call_core(cpp_fit_numbers(as.double(studies$yi), as.double(studies$vi), X, numeric(), spec), call)
}
