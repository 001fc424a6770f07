# What the commands of network graphs share: their data of pairs, names of treatments, direct effects, and the
# pairwise effects of the last network meta-analysis. Source: Chaimani, Higgins, Mavridis, Spyridonos & Salanti
# (2013) PLoS ONE 8:e76654; help files of the package. Oracle: network_compare(), rma() of each comparison.

refuse_netgraph <- function(o, words, command, use) {
  for (bad in intersect(words, names(o))) abort_gap(sprintf("option %s of %s", bad, command$word), use)
}

only_one_of <- function(o, words) {
  given <- intersect(words, names(o))
  if (length(given) > 1L) abort_stata(sprintf("only one of %s may be specified", paste(given, collapse = ", ")), 198L)
  if (length(given)) given else words[1L]
}

# Words of a text, of which quoted ones may hold blanks.
quoted_words <- function(text) {
  hits <- regmatches(text, gregexpr("`\"[^\"]*\"'|\"[^\"]*\"|[^\\s\"]+", text, perl = TRUE))[[1L]]
  vapply(hits, unquote, "", USE.NAMES = FALSE)
}

# Names for the treatments in the order of their codes.
netgraph_labels <- function(text, codes, command) {
  words <- quoted_words(text %||% "")
  if (!length(words)) return(codes)
  if (length(words) != length(codes)) {
    abort_stata(sprintf("labels() of %s has %d names, but there are %d treatments", command$word, length(words),
                        length(codes)), 198L)
  }
  words
}

# The order of treatments in which sort() or order() names them.
netgraph_order <- function(text, names, option) {
  words <- quoted_words(text)
  at <- match(words, names)
  if (anyNA(at)) abort_stata(sprintf("%s(): %s is no treatment", option, words[is.na(at)][1L]), 198L)
  if (length(at) != length(names) || anyDuplicated(at)) {
    abort_stata(sprintf("%s() must name each treatment once", option), 198L)
  }
  at
}

# Rows of two treatments each: list(rows, a, b (numbers of treatments), codes, y, se, id). `vars` are the names of
# effect, standard error, treatments and study, as far as the command has them.
netgraph_pairs <- function(command, session, rows, parts) {
  vars <- stats::setNames(expand_varlist(command$rest, session, length(parts), length(parts)), parts)
  rows <- selected_rows(command, session, rows)
  absent <- lapply(vars, function(v) is_missing(session$data[[v]][rows]))
  rows <- rows[!Reduce(`|`, absent)]
  if (!length(rows)) abort_stata("no observations", 2000L)
  column <- function(part) if (part %in% parts) session$data[[vars[[part]]]][rows]
  number <- function(part) if (part %in% parts) numeric_operand(column(part))
  se <- number("se")
  if (any(se <= 0)) abort_stata("Negative value of standard error found", 411L)
  sides <- lapply(vars[c("t1", "t2")], function(v) list(key = session$data[[v]][rows], text = shown_value(v,
      session, rows)))
  codes <- netgraph_codes(sides)
  at <- lapply(sides, function(s) match(s$text, codes))
  if (any(at[[1L]] == at[[2L]])) abort_stata("a treatment is compared with itself", 198L)
  list(rows = rows, a = at[[1L]], b = at[[2L]], codes = codes, y = number("es"), se = se, id = column("id"))
}

# Numeric treatments in the order of the numbers, others in that of the alphabet.
netgraph_codes <- function(sides) {
  text <- unlist(lapply(sides, `[[`, "text"), use.names = FALSE)
  key <- unlist(lapply(sides, `[[`, "key"), use.names = FALSE)
  unique(text[order(if (is.numeric(key)) key else text, method = "radix")])
}

# The comparisons of the pairs: numbers of the earlier and the later treatment, and which rows are of them. `y`
# holds the effects of the later against the earlier where the second treatment of a row is against its first.
netgraph_comparisons <- function(p) {
  a <- pmin(p$a, p$b)
  b <- pmax(p$a, p$b)
  key <- factor(paste(a, b), unique(paste(a, b)[order(a, b)]))
  first <- match(levels(key), as.character(key))
  list(a = a[first], b = b[first], of = as.integer(key), y = if (!is.null(p$y)) ifelse(p$a < p$b, p$y, -p$y))
}

# Direct pooled effect and variance of each comparison.
netgraph_direct <- function(p, method, tau2 = NULL) {
  k <- netgraph_comparisons(p)
  pools <- lapply(seq_along(k$a), function(i) {
    at <- which(k$of == i)
    if (!is.null(tau2)) {
      w <- 1 / (p$se[at]^2 + tau2)
      return(c(sum(w * k$y[at]) / sum(w), 1 / sum(w)))
    }
    fit <- fit_estimates(k$y[at], p$se[at]^2, method)
    c(fit$beta[[1L]], fit$se[[1L]]^2)
  })
  c(k, list(est = vapply(pools, `[`, 0, 1L), v = vapply(pools, `[`, 0, 2L)))
}

# The effects of the treatments after network meta or mvmeta: codes and names with the reference first, estimates
# against it and their covariances; heterogeneity of a pair; degrees of freedom of predictions.
network_effects <- function(command, session) {
  view <- session$estimates
  if (!inherits(view, c("stata_network_meta", "stata_mvmeta"))) view <- session$network_fits$consistency
  if (is.null(view)) abort_stata("last estimates not found", 301L)
  if (inherits(view, "stata_mvmeta")) return(mvmeta_effects(view, command))
  if (view$model != "consistency") abort_stata(sprintf("%s needs network meta consistency", command$word), 198L)
  net <- view$network
  codes <- c(net$ref, setdiff(net$treatments$code, net$ref))
  L <- network_rows(view, codes)
  e <- network_estimates(view)
  multi <- inherits(view$fit, "stata_mvmeta")
  tau2 <- if (multi) view$fit$fit$Sigma[1L, 1L] else view$fit$fit$tau2
  direct <- unique(unlist(lapply(net$studies, function(s) utils::combn(sort(s$codes), 2L, paste, collapse = " "))))
  list(codes = codes, names = net$treatments$name[match(codes, net$treatments$code)], b = drop(L %*% e$beta),
       V = L %*% e$V %*% t(L), spread = function(i, j) rep(tau2, length(i)),
       df = length(net$ids) - length(direct) - 1L)
}

mvmeta_effects <- function(view, command) {
  s <- view$studies
  at <- match(s$outcomes, ifelse(s$names$eq == "Overall_mean", s$names$term, s$names$eq))
  if (ncol(s$x) > 0L || anyNA(at)) abort_stata(sprintf("%s needs a model without covariates", command$word), 198L)
  codes <- c("ref", s$outcomes)
  Sigma <- rbind(0, cbind(0, unname(view$fit$Sigma)))
  list(codes = codes, names = codes, b = c(0, as.numeric(view$fit$beta)[at]),
       V = rbind(0, cbind(0, unname(mvmeta_variance(view$fit, view$options))[at, at, drop = FALSE])),
       spread = function(i, j) Sigma[cbind(i, i)] + Sigma[cbind(j, j)] - 2 * Sigma[cbind(i, j)], df = NULL)
}

# Effects of treatments j against i, with intervals.
network_pairs_of <- function(e, i, j, level) {
  est <- e$b[j] - e$b[i]
  se <- sqrt(e$V[cbind(i, i)] + e$V[cbind(j, j)] - 2 * e$V[cbind(i, j)])
  half <- critical_value(level / 100) * se
  data.frame(i = i, j = j, est = est, se = se, lo = est - half, hi = est + half)
}

# A table as list, table divider noobs prints it: columns of texts under their heads.
divided_table <- function(columns) {
  width <- mapply(function(h, x) max(display_width(c(h, x))), names(columns), columns)
  line <- function(cells) paste0("  | ", paste(mapply(justify, cells, width), collapse = " | "), " |")
  rule <- paste(strrep("-", width + 2L), collapse = "+")
  edge <- paste0("  +", gsub("+", "-", rule, fixed = TRUE), "+")
  body <- vapply(seq_along(columns[[1L]]), function(i) line(vapply(columns, `[`, "", i)), "")
  c("", edge, line(names(columns)), paste0("  |", rule, "|"), body, edge)
}

fixed_cells <- function(x, digits) ifelse(is.na(x), ".", trimws(stata_fixed(x, 12L, digits)))

# Columns at the end of the data, from the first observation on.
store_at_end <- function(values, session, format = NULL) {
  most <- max(lengths(values))
  if (session$n < most) set_observations(most, session)
  for (name in names(values)) {
    x <- values[[name]]
    if (is.factor(x)) x <- as.character(x)
    rest <- session$n - length(x)
    store_variable(session, name, c(x, rep(if (is.character(x)) "" else NA_real_, rest)),
                   if (is.numeric(x)) "double", format = if (is.numeric(x)) format)
  }
}

# Rows of texts as a workbook.
export_cells <- function(cells, file, session) {
  require_reader("openxlsx", "export()")
  book <- open_workbook(unquote(file), TRUE, FALSE, session)
  openxlsx::writeData(book$book, workbook_sheet(book, "Sheet1"), cells, colNames = !is.null(colnames(cells)))
  save_workbook(book, session, told = FALSE)
}
