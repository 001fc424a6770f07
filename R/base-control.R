# `control` of rma(): what of metafor's list of control values has a meaning for exact optima. Source: help(rma.uni),
# Note; Sidik and Jonkman (2007). Oracle: metafor.

# Tune iterations that do not take place here, or belong to location-scale models: accepted, without effect.
idle_controls <- c("threshold", "maxiter", "stepadj", "tol", "evtol", "verbose", "tau2.max", "optimizer", "optmethod",
                   "iter.max", "eval.max", "rel.tol", "abs.tol", "algorithm", "ftol_rel", "xtol_rel",
                   "ncpus", "cl", "mfmaxit",
                   "alpha.init", "alpha.min", "alpha.max", "hessianCtrl", "hesspack", "tau2.lb", "tau2.ub")
bound_controls <- c("tau2.min", "tau2.init", "REMLf")

# Counts and tolerances of the iterations: without effect, but a value that is none of these is a slip.
positive_controls <- c("threshold", "maxiter", "stepadj", "tol", "evtol", "iter.max", "eval.max", "rel.tol", "abs.tol",
                       "ftol_rel", "xtol_rel", "ncpus")

# c(tau2.min, tau2.init, REMLf) for the core; NULL where all of them are at their defaults.
control_bounds <- function(control, method, call) {
  check_settings(control, "control", call)
  if (length(control) == 0L) return(NULL)
  unknown <- setdiff(names(control), c(idle_controls, bound_controls))
  if (is.null(names(control)) || !all(nzchar(names(control)))) abort_input("control", "must have names", call)
  if (length(unknown)) {
    warn_input("control", sprintf("has names without meaning: %s", paste(unknown, collapse = ", ")), call)
  }
  for (name in positive_controls) control_number(control, name, NA, .Machine$double.xmin, call)
  least <- control_number(control, "tau2.min", 0, -Inf, call)
  start <- control_number(control, "tau2.init", NA_real_, if (method == "SJ") .Machine$double.xmin else 0, call)
  if (method != "SJ") start <- NA_real_
  control_number(control, "tau2.max", Inf, 0, call)
  full <- is.null(control$REMLf) || check_flag(control$REMLf, "control$REMLf", call)
  if (least == 0 && is.na(start) && full) NULL else c(least, start, full)
}

control_number <- function(control, name, default, lower, call) {
  if (is.null(control[[name]])) return(default)
  check_number(control[[name]], paste0("control$", name), lower, Inf, call)
}

# v + tau2 must not be negative.
clip_bounds <- function(bounds, vi, call) {
  if (anyNA(vi) || bounds[1L] >= -min(vi)) return(bounds)
  warn_input("control", sprintf("has its `tau2.min` raised to -min(vi) = %s", format(-min(vi))), call)
  bounds[1L] <- -min(vi)
  bounds
}

# The end of the interval in which metafor searches the root: an estimate beyond it is none.
check_tau2_max <- function(fit, control, call) {
  if (!is.null(control$tau2.max) && fit$method %in% c("PM", "MP", "PMM", "GENQM") && fit$tau2 > control$tau2.max) {
    abort_input("control$tau2.max", "is below the estimate: raise it, or use another `method`", call)
  }
}
