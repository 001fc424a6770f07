# Owns the points of a funnel plot: from a fit, or from plain numbers. Studies without estimate or standard error
# have no place in a plot and are reported.

# Points of a fit: x, y, slab, fill and the standard error `se`. A meta-regression shows its residuals.
funnel_fit_data <- function(x, yaxis, slab, type, call) {
  yi <- as.numeric(x$yi)
  sei <- sqrt(as.numeric(x$vi))
  if (!isTRUE(x$int.only)) {
    residual <- of_used(if (type == "rstandard") stats::rstandard(x) else stats::rstudent(x))
    yi <- residual$resid
    sei <- residual$se
  }
  usable <- !is.na(yi) & !is.na(sei)
  ni <- sample_sizes(x, yaxis, call)
  wi <- if (yaxis == "wi") of_plotted(as.numeric(of_used(stats::weights(x))), x, length(yi)) else NULL
  data <- data.frame(x = yi, y = as.numeric(funnel_y(yaxis, sei, ni, wi)), se = sei)
  data$slab <- point_names(x, slab, length(yi), call)
  data$fill <- if (is.null(x$fill)) FALSE else of_plotted(as.logical(x$fill), x, length(yi))
  data$row <- seq_along(yi)
  if (yaxis == "wi" && isFALSE(x$slab.null)) rownames(data) <- make.unique(as.character(data$slab))
  data[usable & !is.na(data$y), ]
}

# Symbols, colours and groups of the points of a fit: values per study of the data or of the studies used, the rest as
# it is.
funnel_marks <- function(marks, x, data, call) {
  for (arg in names(marks)) {
    if (length(marks[[arg]]) > 2L || (arg == "by" && length(marks$by))) {
      marks[[arg]] <- per_study(marks[[arg]], x, length(x$yi), arg, call)[data$row]
    }
  }
  marks
}

funnel_plain_data <- function(yi, sei, ni, slab, subset, yaxis, call) {
  k <- length(yi)
  if (length(sei) != k) {
    abort_input("sei", sprintf("must have as many values as `x` (%d), not %d", k, length(sei)), call)
  }
  if (is.null(ni) && grepl("ni", yaxis)) abort_input("ni", sprintf('is needed for yaxis = "%s"', yaxis), call)
  wi <- if (yaxis == "wi") 100 * (1 / sei^2) / sum(1 / sei^2, na.rm = TRUE)
  data <- data.frame(x = yi, y = as.numeric(funnel_y(yaxis, sei, ni, wi)), se = sei, fill = FALSE)
  data$slab <- if (is.null(slab)) seq_len(k) else slab
  data$row <- seq_len(k)
  rows <- if (is.null(subset)) seq_len(k) else seq_len(k)[subset]
  bad <- rows[!is.finite(data$x[rows]) | !is.finite(data$y[rows]) | !(data$se[rows] > 0) %in% TRUE]
  if (length(bad)) warn_dropped(bad, "no estimate or no positive standard error", call)
  data <- data[setdiff(rows, bad), ]
  rownames(data) <- NULL
  if (nrow(data) == 0L) abort_input("x", "must hold at least one estimate with its standard error", call)
  data
}

# yi and vi of a data frame made by escalc() or with columns of these names.
funnel_columns <- function(data, call) {
  pick <- function(attribute, name) {
    column <- attr(data, attribute)
    if (is.null(column)) name else column[1L]
  }
  yi <- data[[pick("yi.names", "yi")]]
  vi <- data[[pick("vi.names", "vi")]]
  if (is.null(yi) || is.null(vi)) {
    abort_input("x", sprintf("must have columns `yi` and `vi`; it has %s", paste(names(data), collapse = ", ")), call)
  }
  list(yi = yi, vi = vi)
}

sample_sizes <- function(x, yaxis, call) {
  if (!grepl("ni", yaxis)) return(NULL)
  if (is.null(x$ni)) abort_input("yaxis", sprintf('is "%s", but the fit holds no sample sizes', yaxis), call)
  x$ni
}

# Labels of the studies used; given ones may have the length of the data or of the studies used.
point_names <- function(x, slab, k, call) {
  own <- x$slab
  if (is.null(slab)) slab <- if (is.null(own)) seq_len(k) else own
  out <- of_plotted(slab, x, k)
  if (is.null(out)) abort_input("slab", sprintf("must have %d values, one per study, not %d", k, length(slab)), call)
  out
}

funnel_refline <- function(x) if (isTRUE(x$int.only)) as.numeric(x$beta)[1L] else 0

funnel_xlab <- function(x, atransf) {
  if (isTRUE(x$int.only)) axis_label_of(x$measure, atransf = atransf) else "Residual Value"
}
