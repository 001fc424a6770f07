# Owns the axis of a forest plot: its limits, the line of no effect, and the ticks whose labels stand clear.

# Limits before ticks: from the user, or all intervals and the null.
axis_limits <- function(rows, style, options) {
  info <- attr(rows, "info")
  null <- reference_value(info, options)
  if (!is.null(options$alim)) return(list(lim = sort(options$alim), fixed = TRUE, null = null))
  if (!is.null(options$at)) return(list(lim = open_limits(options$at), fixed = TRUE, null = null))
  if (has_metafor_places(style) && !is.null(interval_range(rows))) {
    return(interval_limits(interval_range(rows), null, options))
  }
  value <- shown_range(rows)
  data <- open_limits(value)
  near <- null[!is.na(null) & null > data[1L] - 2 * diff(data) & null < data[2L] + 2 * diff(data)]
  # A null that has no line needs no room.
  kept <- if (is.null(style$null_line)) NULL else if (identical(options$atransf, exp)) null else near
  list(lim = beside_null(open_limits(c(value, kept)), null, options), fixed = FALSE, null = null)
}

# As in metafor: round numbers around the intervals of the studies, and the null where it is near. The ends of an axis
# whose ticks are transformed are round on the scale of the estimates.
interval_limits <- function(reach, null, options) {
  near <- null[!is.na(null) & abs(null - pmin(pmax(null, reach[1L]), reach[2L])) < 0.5 * diff(reach)]
  fixed <- !is.null(options$atransf)
  if (fixed) reach <- range(pretty(reach, max(1, options$steps - 1)))
  list(lim = beside_null(open_limits(c(reach, near)), null, options), fixed = fixed, null = null)
}

# Texts on both sides of the null need some axis on both.
beside_null <- function(lim, null, options) {
  if (is.null(options$favours) || length(null) != 1L || is.na(null)) return(lim)
  least <- 0.15 * diff(lim)
  if (null - lim[1L] < least) lim[1L] <- min(lim[1L], null - least)
  if (lim[2L] - null < least) lim[2L] <- max(lim[2L], null + least)
  lim
}

# Studies and pooled rows; a prediction interval that would stretch the axis by more than half is clipped instead.
shown_range <- function(rows) {
  one <- rows$type == "prediction"
  value <- unlist(rows[!one, c("est", "lo", "hi", "fit_lo", "fit_hi")], use.names = FALSE)
  value <- value[is.finite(value)]
  wide <- c(rows$lo[one], rows$hi[one])
  if (!length(value)) return(wide[is.finite(wide)])
  reach <- range(value) + c(-0.5, 0.5) * diff(range(value))
  c(value, wide[is.finite(wide) & wide >= reach[1L] & wide <= reach[2L]])
}

# The user's reference line, or the value of no effect on the scale of the axis.
reference_value <- function(info, options) {
  if (!is.null(options$refline)) return(options$refline)
  if (is.null(options$transf) || is.na(info$null)) return(info$null)
  out <- options$transf(info$null)
  if (is.finite(out)) out else NA_real_
}

# Ticks: the richest candidate whose labels stand clear of each other.
plan_axis <- function(plan, x) {
  limits <- plan$limits
  plan$axis <- list(lim = plan$ticks$lim, null = limits$null)
  size <- plan$style$axis$size
  for (candidate in plan$ticks$candidates) {
    at <- panel_x(candidate$at, plan, x)
    width <- plan$measure(candidate$label, size = size)
    room <- diff(at) - (width[-1L] + width[-length(width)]) / 2
    plan$axis$at <- candidate$at
    plan$axis$label <- candidate$label
    plan$axis$width <- width
    if (!length(room) || all(room > 0.4 * plan$em)) return(plan)
  }
  plan$axis <- thin_ticks(plan$axis, at, plan$em)
  plan
}

# Candidates of ticks, which also settle the limits.
plan_ticks <- function(plan) {
  limits <- plan$limits
  options <- plan$options
  ticks <- if (!is.null(options$at)) {
    given_ticks(inside(options$at, limits$lim), limits$lim, options$atransf, plan$style$axis$format %||% tick_labels)
  } else {
    axis_ticks(limits$lim, tick_null(plan), plan$style$axis$ticks, options$atransf, limits$fixed, options$steps,
               bounds = values_between(options$transf))
  }
  ticks$candidates <- lapply(ticks$candidates, function(candidate) {
    named <- names(options$at)[match(candidate$at, options$at)]
    candidate$label <- if (length(named)) named else decimal_mark(tick_digits(candidate, options), plan$style)
    candidate
  })
  ticks
}

# The values that a transformation can have: none of exp is below 0.
values_between <- function(transf) {
  ends <- if (is.null(transf)) NULL else tryCatch(suppressWarnings(as.numeric(transf(c(-Inf, Inf)))),
                                                  error = function(e) NULL)
  if (length(ends) == 2L && !anyNA(ends) && ends[1L] != ends[2L]) sort(ends) else c(-Inf, Inf)
}

# The value of no effect has a tick; where there is none, a round reference line of the user.
tick_null <- function(plan) {
  own <- plan$options
  own$refline <- NULL
  null <- reference_value(plan$info, own)
  given <- plan$limits$null
  if (anyNA(null) && length(given) == 1L && given %in% signif(given, 2)) given else null
}

# metafor's second element of digits: decimals of the ticks, trailing zeros kept unless it is an integer.
tick_digits <- function(candidate, options) {
  if (length(options$digits) < 2L || all(is.na(suppressWarnings(as.numeric(candidate$label))))) return(candidate$label)
  shown <- if (is.null(options$atransf)) candidate$at else options$atransf(candidate$at)
  label <- format_digits(shown, options$digits[2L])
  if (is.integer(options$digits)) sub("(\\.[0-9]*[1-9])0+$|\\.0+$", "\\1", label) else label
}

# Where even the sparsest set is too dense, labels go and ticks stay; the null's label is kept.
thin_ticks <- function(axis, at, em) {
  first <- which(axis$at %in% axis$null)
  kept <- integer()
  for (i in unique(c(first, seq_along(at)))) {
    clear <- abs(at[i] - at[kept]) - (axis$width[i] + axis$width[kept]) / 2 > 0.4 * em
    if (all(clear)) kept <- c(kept, i)
  }
  axis$label[setdiff(seq_along(at), kept)] <- ""
  axis
}
