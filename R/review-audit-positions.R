# Owns the check of a drawn plot (B11): positions that were read off a figure, in pixels, against the printed numbers,
# over the axis whose ticks were read off, too.

position_names <- list(est = c("estpx", "estimatepx", "xpx"), lb = c("lbpx", "cilbpx", "lowerpx"),
                       ub = c("ubpx", "ciubpx", "upperpx"))

# axis: values and pixels of two ticks at least; slack: pixels by which a hand may be off.
position_check <- function(x, s, axis, call, slack = 2) {
  own <- plain_name(names(x))
  at <- lapply(position_names, function(names) match(names, own)[!is.na(match(names, own))][1L])
  at <- Filter(function(i) !is.na(i), at)
  if (is.null(axis)) return(NULL)
  map <- axis_map(axis, s, call)
  if (!length(at)) abort_input("x", "must have positions beside an axis: est.px, ci.lb.px, ci.ub.px", call)
  parts <- lapply(names(at), function(name) {
    px <- check_numeric_vector(x[[at[[name]]]], names(x)[at[[name]]], call)
    ends <- cbind(map(s[[name]]$low), map(s[[name]]$high))
    low <- pmin(ends[, 1L], ends[, 2L]) - slack
    high <- pmax(ends[, 1L], ends[, 2L]) + slack
    # What lies beyond the axis is drawn as an arrow at its end.
    known <- is.finite(px) & is.finite(low) & is.finite(high) & attr(map, "inside")(s[[name]]$value)
    i <- which(known & (px < low | px > high))
    found <- new_findings("B11", i, "the mark does not stand where its number is", what = name,
                          printed = sprintf("%s at %.0f px", show_number(s[[name]], i), px[i]),
                          expected = sprintf("%.0f to %.0f px", low[i], high[i]))
    list(checked = sum(known), found = found)
  })
  new_check("B11", sum(vapply(parts, `[[`, 0L, "checked")), do.call(rbind, lapply(parts, `[[`, "found")))
}

# Pixels of values; between ticks as the scale of the rows goes. Ticks that no line holds belong to another scale.
axis_map <- function(axis, s, call) {
  if (!is.data.frame(axis) || !all(c("value", "px") %in% names(axis)) || nrow(axis) < 2L ||
        !is.numeric(axis$value) || !is.numeric(axis$px) || anyNA(axis[c("value", "px")]) ||
        anyDuplicated(axis$value)) {
    abort_input("axis", "must be a data frame with the columns value and px, two ticks at least", call)
  }
  scale <- if (all(axis$value > 0) && any(s$scale %in% "log")) "log" else "identity"
  v <- scaled(axis$value, scale)
  slope <- (axis$px[which.max(v)] - axis$px[which.min(v)]) / (max(v) - min(v))
  start <- axis$px[which.min(v)]
  map <- function(value) start + slope * (scaled(value, scale) - min(v))
  if (max(abs(map(axis$value) - axis$px)) > 5) {
    abort_input("axis", "must have ticks that stand on one scale: those between the ends are off by more than 5 pixels",
                call)
  }
  inside <- range(axis$value)
  structure(map, inside = function(value) value >= inside[1L] & value <= inside[2L])
}
