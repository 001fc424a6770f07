# The choices of a fit, in the order in which the glue reads them (as_model_spec()).

tau2_methods <- c("EE", "FE", "CE", "HS", "HSk", "HE", "CO", "VC", "DL", "DLIT", "GENQ", "GENQM", "SJ", "SJIT",
                  "PM", "MP", "PMM", "ML", "REML", "EB", "HM", "BP", "CA2", "DL2")
test_types <- c("z", "t", "knha", "hksj", "adhoc")
common_methods <- c("EE", "FE", "CE")

model_spec <- function(method = "REML", test = "z", level = 0.95, weighted = TRUE, int.incl = TRUE, tau2 = NA_real_,
                       q_centre = NA_real_, btt = integer()) {
  list(method = method, test = test, level = level, weighted = weighted, int.incl = int.incl, tau2 = tau2,
       q_centre = q_centre, btt = btt, bounds = NULL)
}
