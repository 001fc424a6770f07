# sucra: how treatments rank, from the probabilities of their ranks or from the effects of the network.
# Source: Salanti, Ades & Ioannidis (2011) J Clin Epidemiol 64:163; Ruecker & Schwarzer (2015) BMC Med Res Methodol
# 15:58 for P-scores; help of sucra. Oracle: rank_summary(), pnorm() pair by pair.

sucra_options <- c(mvmetaresults = "mvmeta", nomvmeta = "nomv", compare = "comp", stats = "s", rprobabilities = "rp",
                   reverse = "rev", rankograms = "rankog", names = "n", labels = "lab", lcolor = "lcol",
                       lpattern = "lpat",
                   notable = "notab", noplot = "nopl", order = "order", pscore = "pscore", min = "min", max = "max",
                   leaguetable = "league", sort = "sort", export = "exp")

# sucra [prob*] [, nomvmeta compare() rankograms labels() names() order pscore min|max ...]
run_sucra <- function(command, session, rows) {
  given <- figure_options(command, sucra_options)
  o <- given$o
  words <- given$words
  refuse_netgraph(o, c("stats", "rprobabilities", "leaguetable", "sort"), command,
                  "import the probabilities as variables and use nomvmeta")
  if (!is.null(o$pscore)) return(run_pscore(command, o, session))
  sets <- sucra_sets(command, o, session)
  order <- if (is.null(o$order)) seq_len(ncol(sets[[1L]])) else order(-rank_summary(sets[[1L]])["SUCRA", ])
  sets <- lapply(sets, function(p) p[, order, drop = FALSE])
  title <- sucra_names(o, length(sets))
  if (is.null(o$notable)) emit(session, unlist(Map(sucra_lines, sets, title)))
  session$r <- list(table = sucra_matrix(sets[[1L]]))
  if (nzchar(unquote(o$export %||% ""))) export_cells(sucra_export(sets, title), o$export, session)
  if (is.null(o$noplot)) add_graph(figure_with_page(sucra_figure(sets, title, o, words), words),
      list(name = words$name), session)
}

# The matrices of probabilities, a row for each rank and a column for each treatment.
sucra_sets <- function(command, o, session) {
  first <- expand_varlist(command$rest, session, 1L)
  vars <- c(list(first), if (!is.null(o$compare)) list(expand_varlist(tokenize(o$compare), session, 1L)))
  sets <- lapply(vars, if (is.null(o$nomvmeta)) ranks_in_row else ranks_in_columns, session = session)
  codes <- colnames(sets[[1L]])
  if (length(sets) == 2L && ncol(sets[[2L]]) != length(codes)) {
    abort_stata("compare() must have as many treatments", 198L)
  }
  lapply(sets, function(p) {
    colnames(p) <- netgraph_labels(o$labels, codes, command)
    checked_ranks(p)
  })
}

# Variables prob<rank>_<treatment> of network rank: the first observation that has them.
ranks_in_row <- function(vars, session) {
  value <- vapply(vars, function(v) {
    x <- numeric_operand(session$data[[v]])
    c(x[!is.na(x)], NA_real_)[1L]
  }, 0)
  if (anyNA(value)) abort_stata(sprintf("%s has no probability", vars[is.na(value)][1L]), 459L)
  parts <- regmatches(vars, regexec("^(.*[^0-9])([0-9]+)_(.+)$", vars))
  if (any(lengths(parts) != 4L)) abort_stata("the variables are not those of gen(): use nomvmeta for a matrix", 198L)
  rank <- as.integer(vapply(parts, `[`, "", 3L))
  code <- vapply(parts, `[`, "", 4L)
  codes <- unique(code)
  n <- length(codes)
  if (length(vars) != n^2 || anyDuplicated(data.frame(rank, code)) || any(rank < 1L | rank > n)) {
    abort_stata(sprintf("%d treatments need %d probabilities: use the options zero and all", n, n^2), 198L)
  }
  out <- matrix(0, n, n, dimnames = list(NULL, codes))
  out[cbind(rank, match(code, codes))] <- value
  colnames(out) <- treatment_names(codes, session)
  out
}

treatment_names <- function(codes, session) {
  at <- match(codes, session$network$treatments$code)
  ifelse(is.na(at), codes, session$network$treatments$name[at])
}

# A variable for each treatment, whose observations are the ranks.
ranks_in_columns <- function(vars, session) {
  n <- length(vars)
  if (session$n < n) abort_stata(sprintf("%d treatments need %d ranks", n, n), 2001L)
  out <- vapply(vars, function(v) {
    x <- numeric_operand(session$data[[v]])
    x <- x[!is.na(x)]
    if (length(x) != n) abort_stata(sprintf("%s must hold the probabilities of %d ranks", v, n), 459L)
    x
  }, numeric(n))
  matrix(out, n, n, dimnames = list(NULL, vars))
}

# Shares, also where the data hold percents; each treatment has some rank.
checked_ranks <- function(p) {
  total <- colSums(p)
  if (all(abs(total - 100) < 1)) p <- p / 100
  bad <- which(abs(colSums(p) - 1) > 0.02 | apply(p < 0, 2L, any))
  if (length(bad)) abort_stata(sprintf("the probabilities of %s do not add up to 1", colnames(p)[bad[1L]]), 459L)
  sweep(p, 2L, colSums(p), `/`)
}

sucra_names <- function(o, n) {
  words <- quoted_words(o$names %||% "")
  if (length(words) && length(words) != n) abort_stata(sprintf("names() must hold %d names", n), 198L)
  if (length(words)) words else sprintf("Model %d", seq_len(n))
}

sucra_matrix <- function(p) {
  s <- rank_summary(p)
  m <- cbind(SUCRA = 100 * s["SUCRA", ], PrBest = 100 * p[1L, ], MeanRank = s["MEAN RANK", ])
  rownames(m) <- stata_names(colnames(p))
  as_stata_matrix(m)
}

sucra_cells <- function(p) {
  s <- rank_summary(p)
  list(Treatment = colnames(p), SUCRA = fixed_cells(100 * s["SUCRA", ], 1L), PrBest = fixed_cells(100 * p[1L, ], 1L),
       MeanRank = fixed_cells(s["MEAN RANK", ], 1L))
}

sucra_lines <- function(p, title) c("", sprintf("Treatment Relative Ranking of %s", title),
    divided_table(sucra_cells(p)))

sucra_export <- function(sets, title) {
  cells <- do.call(rbind, Map(function(p, t) cbind(Model = t, as.data.frame(sucra_cells(p))), sets, title))
  as.matrix(cells)
}

# A small panel for each treatment; a second set of probabilities is a second line in it.
sucra_figure <- function(sets, title, o, words) {
  n <- ncol(sets[[1L]])
  style <- scatter_style_stata()
  style[c("pt_title", "pt_axis_title", "pt_tick")] <- list(10, 8, 8)
  given <- function(text, default, read) {
    given <- quoted_words(text %||% "")
    vapply(seq_along(default), function(i) if (i <= length(given)) read(given[i]) else default[i], "")
  }
  col <- given(o$lcolor, c("#000000", "#C10534"), function(x) stata_colour(x, "#000000"))
  lty <- given(o$lpattern, c("solid", "44"), stata_pattern)
  added <- is.null(o$rankograms)
  data <- do.call(rbind, Map(function(p, t) data.frame(model = t, treatment = rep(colnames(p), each = n),
      rank = seq_len(n),
    p = as.vector(if (added) apply(p, 2L, cumsum) else p)), sets, title))
  at <- unique(c(1L, pretty(seq_len(n), min(n, 6L))))
  at <- at[at >= 1 & at <= n & at == round(at)]
  panel <- function(j) {
    lines <- lapply(seq_along(sets), function(s) {
      p <- sets[[s]][, j]
      layer_line(seq_len(n), if (added) cumsum(p) else p, col[s], 1.6, lty[s])
    })
    x <- new_axis(c(1, n) + c(-0.03, 0.03) * n, at, as.character(at), "Rank")
    y <- new_axis(c(-0.03, 1.03), seq(0, 1, 0.2), format_tick_stata(seq(0, 1, 0.2)),
                  if (added) "Cumulative probability" else "Probability", grid = TRUE, horizontal = TRUE)
    new_figure(lines, x, y, list(title = colnames(sets[[1L]])[j]), NULL, style, NULL, c(2.6, 2.3))
  }
  head <- c(words$title, if (length(sets) == 2L) sprintf("%s (%s), %s (%s)", title[1L], line_word(lty[1L]), title[2L],
                                                         line_word(lty[2L])))
  new_panels(lapply(seq_len(n), panel), ceiling(sqrt(n)), style, data, if (length(head)) paste(head, collapse = ": "))
}

line_word <- function(lty) names(stata_patterns)[match(lty, stata_patterns)]

# ---- P-scores ----------------------------------------------------------------------------------

run_pscore <- function(command, o, session) {
  given <- intersect(c("min", "max"), names(o))
  if (length(given) != 1L) abort_stata("pscore needs one of min and max", 198L)
  e <- network_effects(command, session)
  names <- if (is.null(o$labels)) e$names else netgraph_labels(o$labels, e$codes, command)
  score <- network_pscores(e, given == "min")
  order <- if (is.null(o$order)) seq_along(names) else order(-score)
  if (is.null(o$notable)) {
    emit(session, c("", "Treatment Relative Ranking", divided_table(list(Treatment = names[order],
                                                                         `P-score` = fixed_cells(score[order], 3L)))))
  }
  session$r <- list(table = as_stata_matrix(matrix(score[order], dimnames = list(stata_names(names[order]), "Pscore"))))
}

# The mean probability that a treatment is better than each other one.
network_pscores <- function(e, smallest) {
  n <- length(e$b)
  grid <- expand.grid(i = seq_len(n), j = seq_len(n))
  grid <- grid[grid$i != grid$j, ]
  t <- network_pairs_of(e, grid$i, grid$j, 95)
  better <- stats::pnorm(if (smallest) -t$est / t$se else t$est / t$se)
  as.vector(tapply(better, t$j, mean))
}
