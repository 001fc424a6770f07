# Owns the data of the arms, events and totals or means and standard deviations, as columns of a forest plot.

# From a fit that was given raw data: kind ("binary", "means", "rates", "proportion"), count (arms), and per arm the
# quantities, one value per study. NULL where there are none.
arms_of <- function(x, k) {
  fit <- if (inherits(x, "metaparity_subgroup")) x$overall else x
  raw <- if (inherits(x, c("metaparity", "metaparity_estimates")) && is.list(fit)) raw_of(fit)
  if (is.null(raw)) return(NULL)
  raw <- lapply(raw, function(value) as.numeric(align_rows(value, fit)))
  has <- function(...) all(c(...) %in% names(raw)) && all(lengths(raw[c(...)]) == k)
  if (has("ai", "ci")) return(binary_arms(raw, k))
  if (has("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i")) {
    return(list(kind = "means", count = 2L, arms = list(list(mean = raw$m1i, sd = raw$sd1i, total = raw$n1i),
                                                        list(mean = raw$m2i, sd = raw$sd2i, total = raw$n2i))))
  }
  if (has("x1i", "x2i", "t1i", "t2i")) {
    return(list(kind = "rates", count = 2L, arms = list(list(events = raw$x1i, time = raw$t1i),
                                                        list(events = raw$x2i, time = raw$t2i))))
  }
  if (has("xi")) {
    total <- if (has("ni")) raw$ni else if (has("mi")) raw$xi + raw$mi
    arm <- list(events = raw$xi, total = total)
    if (!is.null(total)) return(list(kind = "proportion", count = 1L, arms = list(arm)))
  }
  NULL
}

raw_of <- function(fit) {
  raw <- fit$input$raw
  if (!length(raw)) raw <- fit$outdat
  if (!length(raw)) raw <- raw_of_data(fit$data, fit)
  if (!is.list(raw)) return(NULL)
  raw <- Filter(function(value) is.numeric(value) && !all(is.na(value)), raw)
  if (length(raw)) raw
}

# The raw data that escalc() had, where the effects of the fit are those that it put beside them.
raw_of_data <- function(data, fit) {
  for (name in names(attr(data, "raw.names"))) {
    own <- attr(data, "raw.names")[[name]]
    own <- own[own %in% names(data)]
    same <- identical(as.numeric(align_rows(as.numeric(data[[name]]), fit)), as.numeric(fit$yi.f))
    if (length(own) && same) return(lapply(own, function(column) data[[column]]))
  }
  NULL
}

binary_arms <- function(raw, k) {
  total <- function(n, a, b) {
    if (length(raw[[n]]) == k) raw[[n]] else if (length(raw[[b]]) == k) raw[[a]] + raw[[b]]
  }
  n <- list(total("n1i", "ai", "bi"), total("n2i", "ci", "di"))
  if (any(lengths(n) != k)) return(NULL)
  list(kind = "binary", count = 2L, arms = list(list(events = raw$ai, total = n[[1L]]),
                                                list(events = raw$ci, total = n[[2L]])))
}

# One entry per quantity that a column can show. text: cells of the studies from an arm and the style's formats of
# counts and of measurements; sum: the numbers that pooled rows add up.
arm_quantities <- list(
  events = list(header = "Events", text = function(arm, f) f$count(arm$events), sum = "events", row = "events"),
  noevents = list(header = "No events", text = function(arm, f) f$count(arm$total - arm$events)),
  total = list(header = "Total", text = function(arm, f) f$count(arm$total), sum = "total", row = "row"),
  n = list(header = "N", text = function(arm, f) f$count(arm$total)),
  time = list(header = "Time", text = function(arm, f) format_cells(arm$time), sum = "time", row = "row"),
  mean = list(header = "Mean", text = function(arm, f) f$measured(arm$mean)),
  sd = list(header = "SD", text = function(arm, f) f$measured(arm$sd)),
  mean_sd = list(header = "Mean (SD)", text = function(arm, f) {
    joined_cells("%s (%s)", f$measured(arm$mean), f$measured(arm$sd))
  }),
  ratio = list(header = "Events/Total", text = function(arm, f) {
    joined_cells("%s/%s", f$count(arm$events), f$count(arm$total))
  }, sum = c("events", "total"), row = "row"))

# Two numbers in one cell: none where both are missing, a stroke for one that is.
joined_cells <- function(format, a, b) {
  lost <- function(x) is.na(x) | !nzchar(trimws(x))
  ifelse(lost(a) & lost(b), "", sprintf(format, ifelse(lost(a), "-", a), ifelse(lost(b), "-", b)))
}

arm_formats <- function(style) {
  list(count = style$formats$count %||% format_count, measured = style$formats$measured %||% format_measured)
}

format_count <- function(value) ifelse(is.na(value), "", format(round(value, 2), trim = TRUE, scientific = FALSE,
                                                                drop0trailing = TRUE))

# As many decimals as the numbers have, at most two.
format_measured <- function(value) {
  round <- round(value, 2)
  text <- format(round, trim = TRUE, scientific = FALSE, drop0trailing = FALSE)
  ifelse(is.na(value), "", text)
}

# The columns of all arms for the quantities that the style names for this kind of data, under the names it gives them.
arm_columns <- function(plan, quantities = plan$style$arms[[plan$info$arms$kind]]) {
  arms <- plan$info$arms
  if (is.null(arms) || !length(quantities)) return(NULL)
  quantities <- quantities[vapply(quantities,
                                  function(q) length(arm_quantities[[q]]$text(arms$arms[[1L]],
                                                                              arm_formats(plan$style))) > 0L, NA)]
  heads <- if (is.null(names(quantities))) character(length(quantities)) else names(quantities)
  groups <- translate(plan$style$arms$groups)
  unlist(lapply(seq_len(arms$count), function(i) {
    Map(function(q, head) {
      quantity <- arm_quantities[[q]]
      if (nzchar(head)) quantity$header <- head
      arm_column(plan, quantity, arms$arms[[i]], length(quantities) > 1L, if (arms$count > 1L) groups[i])
    }, unname(quantities), heads)
  }), recursive = FALSE)
}

arm_column <- function(plan, quantity, arm, spanned, group) {
  rows <- plan$rows
  formats <- arm_formats(plan$style)
  text <- blank_missing(quantity$text(arm, formats)[rows$study])
  line <- match(seq_len(nrow(rows)), plan$lines$row)
  if (!is.null(quantity$sum) && !isFALSE(plan$style$arms$sums)) {
    complete <- stats::complete.cases(as.data.frame(lapply(plan$info$arms$arms, as.data.frame)))
    sums <- lapply(quantity$sum, function(name) formats$count(sums_of(ifelse(complete, arm[[name]], NA), rows)))
    pooled <- rows$type %in% c("subtotal", "summary") & !is_second(rows)
    below <- match(seq_len(nrow(rows)), ifelse(plan$lines$part == "events", plan$lines$of, NA))
    if (quantity$row == "row" || anyNA(below[pooled])) below <- line
    text[pooled] <- do.call(paste, c(lapply(sums, `[`, pooled), sep = "/"))
    line[pooled] <- below[pooled]
  }
  header <- translate(quantity$header)
  span <- if (spanned) group
  if (!spanned && !is.null(group)) header <- paste(group, header, sep = "\n")
  text_column(plan, header, "right", line, text, span)
}
