# What intervals and profiles of single parameters share: objects of metafor's shape, lists of them, their print.
# Source: Venzon & Moolgavkar (1988). Oracle: metafor.

interval_columns <- c("estimate", "ci.lb", "ci.ub")

new_parameter_confint <- function(parts, level, digits) {
  out <- c(parts, list(digits = digits))
  attr(out, "level") <- 1 - level
  structure(out, class = c("metaparity_confint", "confint.rma"))
}

# `xlim`, or `vc.min` and `vc.max` of `control`: the range in which the ends of intervals are to lie. NULL: all.
searched_range <- function(xlim, control, call) {
  if (!is.null(control)) check_settings(control, "control", call)
  if (!is.null(xlim)) return(sort(check_limits(xlim, "xlim", call)))
  ends <- c(control_number(control, "vc.min", -Inf, -Inf, call), control_number(control, "vc.max", Inf, -Inf, call))
  if (any(is.finite(ends))) ends
}

# Ends beyond the range stand at its limits, with a sign that says so.
ends_within <- function(ends, estimate, xlim, call, signs = c("", "")) {
  if (is.null(xlim)) return(list(ends = ends, lb.sign = signs[1L], ub.sign = signs[2L]))
  if (isTRUE(estimate < xlim[1L] || estimate > xlim[2L]))
    abort_input("xlim", sprintf("must hold the estimate, %s", format(estimate)), call)
  beyond <- c(ends[1L] < xlim[1L], ends[2L] > xlim[2L]) %in% TRUE
  list(ends = ifelse(beyond, xlim, ends), lb.sign = if (beyond[1L]) "<" else signs[1L],
       ub.sign = if (beyond[2L]) ">" else signs[2L])
}

as_confint_list <- function(out, digits) {
  if (length(out) == 1L) return(out[[1L]])
  structure(c(out, list(digits = digits)), class = c("metaparity_confint_list", "list.confint.rma"))
}

#' @export
print.metaparity_confint_list <- function(x, digits = x$digits, ...) {
  parts <- unclass(x)[names(x) != "digits"]
  lines <- lapply(parts, function(part) utils::capture.output(print(part, digits = digits)))
  cat_lines(c(lines[[1L]], unlist(lapply(lines[-1L], `[`, -1L))))
  invisible(x)
}

#' @export
as.data.frame.metaparity_confint_list <- function(x, ...) {
  do.call(rbind, lapply(unclass(x)[names(x) != "digits"], as.data.frame))
}

# One profile: `found` has ll, beta and se at the values of the parameter that `key` names.
new_profile <- function(key, values, found, name, estimate, x, ask) {
  reach <- critical_value(1 - x$level) * found$se
  frame <- function(m) stats::setNames(as.data.frame(m), rownames(x$beta))
  ylim <- if (is.null(ask$ylim)) range(found$ll[is.finite(found$ll)], x$ll) + c(-0.1, 0.1) else ask$ylim
  out <- list(values = values, ll = found$ll, beta = frame(found$beta), ci.lb = frame(found$beta - reach),
              ci.ub = frame(found$beta + reach), comps = 1, ylim = ylim, method = x$method, vc = estimate, maxll = x$ll,
              xlab = as.expression(bquote(paste(.(name), " Value"))),
              title = as.expression(bquote(paste("Profile Plot for ", .(name)))))
  names(out)[1L] <- key
  out["exp"] <- list(NULL)
  out$xlim <- range(values)
  out$parameter <- name
  structure(out, class = c("metaparity_profile", "profile.rma"))
}

# The values asked for, or the range of a 99% Wald interval inside the bounds; `unit`: a step where there is none.
profiled_values <- function(estimate, se, unit, bounds, ask, call) {
  if (length(ask$steps) > 1L) {
    values <- sort(check_numeric_vector(ask$steps, "steps", call))
  } else {
    reach <- if (is.na(se)) max(abs(estimate), unit) else critical_value(0.99) * se
    ends <- if (is.null(ask$xlim)) c(max(bounds[1L], estimate - reach), min(bounds[2L], estimate + reach)) else ask$xlim
    values <- seq(min(ends), max(ends), length.out = check_number(ask$steps, "steps", 2, most_steps, call))
  }
  if (anyNA(values) || any(values < bounds[1L] | values > bounds[2L]))
    abort_input("xlim", sprintf("must lie between %s and %s", format(bounds[1L]), format(bounds[2L])), call)
  values
}

as_profile_list <- function(out, lltol, plot, call, ...) {
  lltol <- check_number(lltol, "lltol", 0, Inf, call)
  over <- vapply(out, function(p) any(p$ll > p$maxll + lltol, na.rm = TRUE), NA)
  if (any(over)) warn_input("lltol", "is exceeded: some values are more likely than the estimate", call)
  if (check_flag(plot, "plot", call)) for (one in out) plot(one, ...)
  if (length(out) == 1L) return(invisible(out[[1L]]))
  invisible(structure(c(out, list(comps = length(out))), class = c("metaparity_profile_list", "profile.rma")))
}

#' @export
print.metaparity_profile_list <- function(x, ...) {
  for (part in Filter(function(part) inherits(part, "metaparity_profile"), unclass(x))) print(part)
  invisible(x)
}
