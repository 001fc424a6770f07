# Owns the checks of a drawn plot (B11): positions that were read off a figure, in pixels, against the printed numbers,
# over the axis whose ticks were read off, too; and the labels under the axis ("Favours ...") against the arms, the
# direction of the outcome and the pooled effect.

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

# ---- labels of the sides --------------------------------------------------------------------------

favours_pattern <- "^\\s*favou?rs?\\b\\s*|^\\s*(\u652f\u6301|\u6709\u5229\u4e8e|\u503e\u5411\u4e8e?)\\s*"
arm_patterns <- c(experimental = paste0("experiment|intervention|treatment|treated|active|\u8bd5\u9a8c|\u5b9e\u9a8c|",
                                        "\u5e72\u9884|\u6cbb\u7597"),
                  control = paste0("control|placebo|comparator|usual|standard|sham|no treatment|untreated|",
                                   "\u5bf9\u7167|\u5b89\u6170\u5242|\u5e38\u89c4"))

# asked: favours (labels at the left and right), arms (names of the experimental and the control group), harmful (is
# more of the outcome bad?), all or some NULL.
favours_check <- function(s, pooled, asked, call) {
  if (is.null(asked$favours)) {
    given <- Filter(function(name) !is.null(asked[[name]]), c("arms", "harmful"))
    if (length(given)) abort_input(given[1L], "needs `favours`, the labels under the axis", call)
    return(NULL)
  }
  side <- two_texts(asked$favours, "favours", call)
  arms <- if (!is.null(asked$arms)) two_texts(asked$arms, "arms", call)
  harmful <- if (is.null(asked$harmful)) NA else check_flag(asked$harmful, "harmful", call)
  named <- named_arms(side, arms)
  if (anyNA(named)) {
    return(new_check("B11", 0L, NULL, 1L, "the labels of the sides name no arm: give `arms`"))
  }
  wrong <- function(why, expected) new_findings("B11", NA, why, what = "labels of the sides",
                                                printed = paste(side, collapse = " | "), expected = expected)
  if (named[1L] == named[2L]) {
    return(new_check("B11", 1L, wrong("both sides favour the same arm", "one side for each arm")))
  }
  # Less of a harmful outcome under the experimental arm lies at the left, unless effects are control over experimental.
  turned <- is_turned(s)
  left <- if (is.na(harmful)) NA else if (harmful != turned) 1L else 2L
  found <- if (!is.na(left) && named[1L] != left) {
    wrong(if (harmful) "less of a harmful outcome favours the other arm" else
            "less of a beneficial outcome favours the other arm", paste(rev(side), collapse = " | "))
  }
  stated <- stated_sides(s, pooled, side, named, arms)
  new_check("B11", 1L + stated$checked, rbind(found, stated$found))
}

two_texts <- function(x, arg, call) {
  if (!is.character(x) || length(x) != 2L || anyNA(x) || !all(nzchar(trimws(x)))) {
    abort_input(arg, sprintf("must be two texts, not %s", describe(x)), call)
  }
  enc2utf8(x)
}

# 1 experimental, 2 control, NA neither or both.
named_arms <- function(text, arms) {
  word <- tolower(sub(favours_pattern, "", text, ignore.case = TRUE))
  vapply(word, function(w) {
    own <- if (!is.null(arms)) arms_in(plain_name(w), plain_name(arms)) else
      which(vapply(arm_patterns, grepl, NA, x = w))
    if (is.null(arms) && grepl("no treatment|untreated", w)) own <- 2L
    if (length(own) == 1L) own else NA_integer_
  }, 0L, USE.NAMES = FALSE)
}

arms_in <- function(word, arms) {
  if (!nzchar(word)) return(integer())
  if (sum(arms == word) == 1L) return(which(arms == word))
  which(vapply(arms, function(a) nzchar(a) && (grepl(a, word, fixed = TRUE) || grepl(word, a, fixed = TRUE)), NA))
}

# Are the effects of the rows those of the second arm over the first? Where raw data say so in most of them.
is_turned <- function(s) {
  share <- function(x, n) s[[x]]$value / s[[n]]$value
  raw <- if (has_rows(s, c("events1", "n1", "events2", "n2"))) share("events1", "n1") - share("events2", "n2") else
    if (has_rows(s, c("mean1", "mean2"))) s$mean1$value - s$mean2$value
  if (is.null(raw) || is.null(s$est)) return(FALSE)
  own <- sign(raw) * sign(s$est$value - (s$scale %in% "log"))
  sum(own < 0, na.rm = TRUE) > sum(own > 0, na.rm = TRUE)
}

# What a pooled row is said to favour ("favours" of `pooled`) against the side where it lies.
stated_sides <- function(s, pooled, side, named, arms) {
  said <- pooled$favours
  if (is.null(said) || is.null(pooled$est)) return(list(checked = 0L, found = NULL))
  said <- trimws(ifelse(is.na(said), "", said))
  null <- if (any(s$scale %in% "log")) 1 else 0
  lies <- ifelse(pooled$est$high < null, 1L, ifelse(pooled$est$low > null, 2L, NA))
  neither <- grepl("^(neither|none|no|no difference|\u65e0\u5dee\u5f02)$", tolower(said))
  own <- ifelse(nzchar(said) & !neither, match(named_arms(said, arms), named), NA)
  i <- which(!is.na(own) & !is.na(lies) & own != lies)
  found <- new_findings("B11", i, "the pooled effect lies at the other side", what = "what is favoured",
                        printed = sprintf("%s, estimate %s", said[i], show_number(pooled$est, i)),
                        expected = side[lies[i]])
  crosses <- if (!is.null(pooled$lb) && !is.null(pooled$ub)) pooled$lb$high < null & pooled$ub$low > null else NA
  open <- setdiff(which(!is.na(own) & crosses %in% TRUE), i)
  note <- new_findings("B11", open, "the interval includes no effect", "note", what = "what is favoured",
                       printed = sprintf("%s, %s to %s", said[open], show_number(pooled$lb, open),
                                         show_number(pooled$ub, open)))
  all <- rbind(found, note)
  if (!is.null(all)) {
    all$part <- ifelse(nzchar(pooled$group[all$row]), pooled$group[all$row], "overall")
    all$row <- NA_integer_
  }
  list(checked = sum(!is.na(own)), found = all)
}
