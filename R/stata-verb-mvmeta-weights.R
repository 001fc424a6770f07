# wt() of mvmeta: weights of studies, borrowing of strength, coefficients of the estimates.
# Source: Jackson, White, Price, Copas & Riley (2017) Stat Methods Med Res 26:2853. Oracle: genuine logs.

mvmeta_weights <- function(view, call) {
  known <- c("sd", "rv", "dpc", "details", "format", "unscaled", "nostudies", "wide", "keepmat", "clear")
  o <- mvmeta_suboptions(view$options$wt, known, "wt", call)
  kind <- intersect(c("rv", "dpc"), names(o))
  kind <- if (length(kind)) kind[1L] else "sd"
  found <- switch(kind, sd = mvmeta_score_weights(view), rv = mvmeta_relative_variances(view, call),
                  dpc = mvmeta_coefficients(view))
  c(list(kind = kind, options = o), found)
}

# Shares of the variance of each coefficient by study; direct: what the coefficient's own outcome would give alone.
mvmeta_score_weights <- function(view) {
  s <- view$studies
  p <- length(s$outcomes)
  Sigma <- view$fit$Sigma
  own <- mvmeta_own_outcome(view)
  w <- call_core(cpp_mvmeta_weights(mvmeta_core_data(s), Sigma))
  V <- solve(Reduce(`+`, w$information))
  total <- t(vapply(w$information, function(A) diag(V %*% A %*% V), numeric(ncol(V))))
  direct <- matrix(0, s$N, ncol(V))
  for (j in seq_along(s$outcomes)) {
    cols <- which(own == j)
    at <- seq(j, by = p, length.out = s$N)
    weight <- ifelse(is.finite(s$y[, j]), 1 / (s$S[, (j - 1L) * p + j] + Sigma[j, j]), 0)
    lead <- s$X[at, cols, drop = FALSE] %*% V[cols, cols, drop = FALSE]
    direct[, cols] <- weight * lead^2
  }
  list(total = matrix(total, s$N), direct = direct)
}

mvmeta_own_outcome <- function(view) {
  n <- view$studies$names
  if (view$model$commonparm) abort_input("wt", "does not go with `commonparm`", view$call)
  match(ifelse(n$eq == "Overall_mean", n$term, n$eq), view$studies$outcomes)
}

# The variance of each coefficient against that of a meta-analysis of its outcome alone.
mvmeta_relative_variances <- function(view, call) {
  s <- view$studies
  own <- mvmeta_own_outcome(view)
  alone <- numeric(length(own))
  told <- diag(mvmeta_told(s)$cells)
  for (j in seq_along(s$outcomes)) {
    cols <- which(own == j)
    data <- mvmeta_core_data(s, j, cols)
    spec <- list(restricted = view$model$method != "ml", overall = FALSE)
    none <- view$model$method == "fixed" || !told[j]
    form <- if (none) list(kind = "equals", known = matrix(0)) else list(kind = "unstructured")
    fit <- call_core(cpp_mvmeta(data, form, spec), call)
    alone[cols] <- diag(fit$vb_full)[seq_along(cols)]
  }
  list(alone = sqrt(alone), together = sqrt(diag(mvmeta_variance(view$fit, list(nouncertainv = FALSE)))))
}

mvmeta_coefficients <- function(view) {
  s <- view$studies
  w <- call_core(cpp_mvmeta_weights(mvmeta_core_data(s), view$fit$Sigma))
  seen <- which(is.finite(t(s$y)), arr.ind = TRUE)
  rownames(w$coefficients) <- paste0(s$label[seen[, 2L]], ":", s$outcomes[seen[, 1L]])
  list(coefficients = w$coefficients)
}

# ---- tables ------------------------------------------------------------------------------------

format_mvmeta_weights <- function(x) {
  switch(x$wt$kind, sd = format_score_weights(x), rv = format_relative_variances(x), dpc = format_point_weights(x))
}

# A matrix with the names of the coefficients in two rows above it.
format_by_parameter <- function(x, body, rows, format) {
  n <- x$studies$names
  eq <- paste0(ifelse(n$eq == "Overall_mean", "Overall", n$eq), ":")
  cell <- matrix(trimws(format(body)), nrow(body))
  width <- max(nchar(c(cell, eq, n$term))) + 2L
  lead <- max(nchar(rows))
  line <- function(head, cells) paste0(justify(head, lead), paste(justify(cells, width), collapse = ""))
  c(paste0(" ", line("", eq)), line("", n$term), vapply(seq_along(rows), function(i) line(rows[i], cell[i, ]), ""))
}

mvmeta_format <- function(o, default) function(v) apply_number_format(v, if (is.null(o$format)) default else o$format)

format_score_weights <- function(x) {
  w <- x$wt
  format <- mvmeta_format(w$options, "%6.1f")
  all <- rep(colSums(w$total), each = nrow(w$total))
  share <- 100 * w$total / all
  direct <- colSums(100 * w$direct / all)
  body <- rbind(if (is.null(w$options$nostudies)) share, colSums(share), 100 - direct, direct)
  rows <- c(if (is.null(w$options$nostudies)) x$studies$label, "TOTAL", "BORROWED", "DIRECT")
  title <- "Study weights and borrowing of strength (% of total for each parameter)"
  c("", "Weights using score decomposition method", title, strrep("-", nchar(title)),
    format_by_parameter(x, body, rows, format), if (!is.null(w$options$details)) format_weight_details(x, format),
    strrep("-", nchar(title)))
}

# Total, borrowed and direct weights of each study, one table after another.
format_weight_details <- function(x, format) {
  w <- x$wt
  scaled <- is.null(w$options$unscaled)
  by <- if (scaled) rep(colSums(w$total), each = nrow(w$total)) / 100 else 1
  parts <- list(TOTAL = w$total / by, BORROWED = (w$total - w$direct) / by, DIRECT = w$direct / by)
  tables <- lapply(names(parts), function(n) format_weight_table(x, parts[[n]], n, format))
  c("", sprintf("Details of %s weights:", if (scaled) "scaled" else "unscaled"), unlist(tables)[-1L])
}

format_weight_table <- function(x, m, source, format) {
  names <- paste(x$studies$names$eq, x$studies$names$term, sep = ":")
  rows <- c(x$studies$label, "Total")
  margin <- if (all(grepl("^[0-9.]+$", x$studies$label))) "" else " "
  lead <- max(nchar(rows), 2L)
  width <- max(nchar(names))
  body <- rbind(m, colSums(m))
  inner <- (width + 2L) * length(names) - 2L
  edge <- nchar(margin) + lead + 1L
  bar <- strrep("-", edge + inner + 3L)
  half <- (inner - nchar(source) - 2L) / 2
  line <- function(i) paste0(margin, justify(rows[i], lead), " | ", paste(justify(trimws(format(body[i, ])), width),
                                                                      collapse = "  "))
  lines <- vapply(seq_along(rows), line, "")
  blank <- paste0(strrep(" ", edge), "| ")
  c("", bar, paste0(blank, centered("source and parameter", inner)),
    paste0(blank, strrep("-", floor(half)), " ", source, " ", strrep("-", ceiling(half))),
    paste0(margin, justify("id", lead), " | ", paste(justify(names, width), collapse = "  ")), rule(edge, inner + 2L),
    utils::head(lines, -1L), blank, utils::tail(lines, 1L), bar)
}

format_relative_variances <- function(x) {
  w <- x$wt
  borrowed <- 100 * (1 - (w$together / w$alone)^2)
  title <- "Borrowing of strength (% of total for each parameter)"
  body <- rbind(rep(100, length(borrowed)), borrowed, 100 - borrowed)
  errors <- if (!is.null(w$options$details)) {
    c("", "Standard errors used in the relative variance method:",
      format_by_parameter(x, rbind(w$alone, w$together), c("Univariate", "Multivariate"),
                          function(v) stata_general(v, 10L)))
  }
  c("", "Weights using relative variances method", title, strrep("-", nchar(title)),
    format_by_parameter(x, body, c("TOTAL", "BORROWED", "DIRECT"), mvmeta_format(w$options, "%6.1f")), errors,
    strrep("-", nchar(title)))
}

format_point_weights <- function(x) {
  m <- x$wt$coefficients
  c("", "Weights using data-point coefficients method", "Coefficients for parameters by data points", strrep("-", 70L),
    format_by_parameter(x, unname(m), rownames(m), mvmeta_format(x$wt$options, "%9.0g")), strrep("-", 70L))
}
