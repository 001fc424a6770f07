# The command tabulate: one-way and two-way tables of counts in Stata's layout.

tabulate_options <- c(missing = "m", nolabel = "nol", generate = "g", chi2 = "ch", exact = "e", row = "r",
                      column = "co",
                      cell = "ce", nofreq = "nof", nokey = "nok", sort = "so", lrchi2 = "lr", all = "all", V = "V",
                      gamma = "gam", taub = "t", expected = "exp", wrap = "w", summarize = "su", matcell = "matcell",
                      matrow = "matrow", matcol = "matcol", plot = "p", subpop = "sub", means = "mean",
                      standard = "st", freq = "f", nomeans = "nome", nostandard = "nost", noobs = "noo",
                      firstonly = "first",
                      nolog = "nolog", rowsort = "rows", colsort = "cols")

run_tabulate <- function(command, session, rows) {
  o <- command_options(command, tabulate_options, weights = c("fweight", "aweight", "iweight"))
  if (!is.null(o$summarize)) return(tabulate_summary(command, o, session, rows))
  for (bad in intersect(names(o), "subpop")) {
    abort_unsupported(sprintf("option %s of tabulate", bad))
  }
  vars <- expand_varlist(command$rest, session, 1L, 2L)
  if (!is.null(o$all)) for (more in c("chi2", "lrchi2", "V", "gamma", "taub")) o[[more]] <- ""
  rows <- selected_rows(command, session, rows)
  if (is.null(o$missing)) for (v in vars) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) return(emit(session, "no observations"))
  w <- if (is.null(command$weight)) rep(1, length(rows)) else evaluate_column(command$weight$tokens, session)[rows]
  keys <- lapply(vars, function(v) table_key(v, session, rows, is.null(o$nolabel)))
  session$r <- list(N = sum(w), r = nlevels(keys[[1L]]))
  if (length(vars) == 1L) return(tabulate_one(vars, keys[[1L]], w, rows, o, session))
  session$r$c <- nlevels(keys[[2L]])
  n <- stats::xtabs(w ~ keys[[1L]] + keys[[2L]])
  n <- matrix(n, nrow(n), dimnames = unname(dimnames(n)))
  if (!is.null(o$matcell)) session$matrices[[o$matcell]] <- as_stata_matrix(unname(n))
  emit(session, c(format_twoway(vars, n, session, o), association_lines(n, o, session)))
}

tabulate_one <- function(name, key, w, rows, o, session) {
  n <- as.vector(tapply(w, key, sum, default = 0))
  order <- if (is.null(o$sort)) seq_along(n) else order(-n)
  if (!is.null(o$matcell)) session$matrices[[o$matcell]] <- as_stata_matrix(matrix(n[order], ncol = 1L))
  if (!is.null(o$matrow)) {
    values <- session$data[[name]][rows][match(levels(key), key)]
    session$matrices[[o$matrow]] <- as_stata_matrix(matrix(values[order], ncol = 1L))
  }
  emit(session, if (is.null(o$plot)) format_oneway(name, levels(key)[order], n[order], session) else
    plotted_oneway(name, levels(key)[order], n[order], session))
  if (is.null(o$generate)) return(invisible())
  for (i in seq_along(n)) {
    value <- rep(NA_real_, session$n)
    value[rows] <- as.numeric(as.integer(key) == i)
    store_variable(session, check_new_name(paste0(o$generate, i), session), value, "byte",
                   sprintf("%s==%s", name, levels(key)[i]))
  }
}

# tab1 a b c; tab2 a b c: one table for each variable or pair.
run_tab1 <- function(command, session, rows) {
  for (v in expand_varlist(command$rest, session, 1L)) {
    emit(session, c("", sprintf("-> tabulation of %s  ", v)))
    run_tabulate(one_list(command, v), session, rows)
  }
}

run_tab2 <- function(command, session, rows) {
  vars <- expand_varlist(command$rest, session, 2L)
  for (pair in utils::combn(vars, 2L, simplify = FALSE)) {
    emit(session, c("", sprintf("-> tabulation of %s by %s  ", pair[1L], pair[2L])))
    run_tabulate(one_list(command, pair), session, rows)
  }
}

one_list <- function(command, vars) {
  command$rest <- tokenize(paste(vars, collapse = " "))
  command
}

table_key <- function(name, session, rows, labelled = TRUE) {
  x <- session$data[[name]]
  values <- rows[match(sort(unique(comparable(x[rows]))), comparable(x[rows]))]
  factor(match(comparable(x[rows]), comparable(x[values])), seq_along(values),
         make.unique(if (labelled) shown_value(name, session, values) else plain_value(name, session, values)))
}

table_title <- function(name, session, width) {
  label <- variable_label(name, session)
  words <- strwrap(if (nzchar(label)) label else name, width + 1L)
  unlist(lapply(words, break_word, width = width))
}

# A word that is wider than the column goes on in the next line.
break_word <- function(word, width) {
  out <- character()
  while (display_width(word) > width) {
    first <- cut_label(word, width)
    out <- c(out, first)
    word <- substring(word, nchar(first) + 1L)
  }
  c(out, word)
}

# The value in its format, without its label.
plain_value <- function(name, session, rows) {
  x <- session$data[[name]][rows]
  if (is.character(x)) x else trimws(apply_format(x, session$meta[[name]]$format))
}

format_oneway <- function(name, shown, n, session) {
  width <- min(max(display_width(shown), 11L), 39L)
  share <- 100 * n / sum(n)
  title <- table_title(name, session, width)
  count <- function(x) trimws(format(x, big.mark = ",", trim = TRUE, digits = 9L))
  head <- c(rep("", length(title) - 1L), "      Freq.     Percent        Cum.")
  c("", paste0(justify(title, width), " |", head), rule(width + 1L, 35L),
    paste0(justify(cut_label(shown, width), width), " |", justify(count(n), 11L), stata_fixed(share, 12L, 2L),
           stata_fixed(cumsum(share), 12L, 2L)),
    rule(width + 1L, 35L),
    paste0(justify("Total", width), " |", justify(count(sum(n)), 11L), stata_fixed(100, 12L, 2L)))
}

# The frequencies as rows of stars.
plotted_oneway <- function(name, shown, n, session) {
  width <- min(max(display_width(shown), 11L), 39L)
  room <- max(min(session$linesize, 79L) - width - 16L, 10L)
  stars <- round(n * min(1, room / max(n)))
  c("", paste0(justify(table_title(name, session, width), width), " |      Freq."), paste0(rule(width + 1L, 12L), "+",
    strrep("-", room)),
    paste0(justify(cut_label(shown, width), width), " |", justify(format(n, big.mark = ","), 11L), " |", strrep("*",
      stars)),
    paste0(rule(width + 1L, 12L), "+", strrep("-", room)), paste0(justify("Total", width), " |",
      justify(format(sum(n), big.mark = ","), 11L)))
}

# The numbers of each cell stand below each other: frequency, row, column and cell percentage.
format_twoway <- function(vars, n, session, o = list()) {
  span <- 11L * ncol(n)
  whole <- cbind(rbind(n, colSums(n)), c(rowSums(n), sum(n)))
  k <- nrow(whole)
  m <- ncol(whole)
  parts <- list(if (is.null(o$nofreq)) format_counts(whole),
                if (!is.null(o$expected)) matrix(sprintf("%.1f", outer(whole[, m], whole[k, ]) / whole[k, m]), k),
                if (!is.null(o$row)) format_shares(whole / whole[, m]),
                if (!is.null(o$column)) format_shares(sweep(whole, 2L, whole[k, ], "/")),
                if (!is.null(o$cell)) format_shares(whole / whole[k, m]))
  parts <- Filter(Negate(is.null), parts)
  bar <- rule(11L, span, 11L)
  line <- function(label, x) paste0(justify(label, 10L), " |", paste(justify(x[-m], 10L), collapse = " "), " |",
                                    justify(x[m], 10L), " ")
  labels <- c(cut_label(rownames(n), 10L), "Total")
  block <- lapply(seq_len(k), function(i) unlist(lapply(seq_along(parts), function(p) {
    line(if (p == 1L) labels[i] else "", parts[[p]][i, ])
  })))
  body <- if (length(parts) > 1L) unlist(lapply(block[-k], function(b) c(b, bar))) else c(unlist(block[-k]), bar)
  heads <- paste0(paste(justify(cut_label(colnames(n), 10L), 10L), collapse = " "), " |     Total")
  c(if (length(parts) > 1L && is.null(o$nokey)) table_box(o), "", twoway_head(vars, heads, span, session), bar, body,
    block[[k]])
}

# The label of the rows ends beside the heads of the columns, the label of the columns above them.
twoway_head <- function(vars, heads, span, session) {
  left <- table_title(vars[1L], session, 10L)
  above <- table_title(vars[2L], session, span)
  above <- paste0(strrep(" ", pmax(0, (span - display_width(above)) %/% 2)), above)
  n <- max(length(left), length(above) + 1L)
  left <- c(rep("", n - length(left)), left)
  above <- c(rep("", n - 1L - length(above)), above)
  paste0(justify(left, 10L), " |", c(justify(above, span, TRUE), heads))
}

format_counts <- function(m) matrix(format(m, big.mark = ",", trim = TRUE, digits = 9L), nrow(m))
format_shares <- function(m) matrix(sprintf("%.2f", 100 * m), nrow(m))

# The box that says what the numbers of a cell are.
table_box <- function(o) {
  words <- c(if (is.null(o$nofreq)) "frequency", if (!is.null(o$expected)) "expected frequency",
    if (!is.null(o$row)) "row percentage",
             if (!is.null(o$column)) "column percentage", if (!is.null(o$cell)) "cell percentage")
  width <- max(nchar(words))
  lead <- floor((width - nchar(words)) / 2)
  edge <- paste0("+", strrep("-", width + 2L), "+")
  c("", edge, paste0("| ", justify("Key", width, TRUE), " |"), paste0("|", strrep("-", width + 2L), "|"),
    paste0("| ", justify(paste0(strrep(" ", lead), words), width, TRUE), " |"), edge)
}

# Pearson's chi-squared and Fisher's exact test of a table of two variables.
association_lines <- function(n, o, session) {
  lines <- character()
  full <- n[rowSums(n) > 0, colSums(n) > 0, drop = FALSE]
  if (!is.null(o$chi2) && min(dim(full)) > 1L) {
    expected <- outer(rowSums(full), colSums(full)) / sum(full)
    chi2 <- sum((full - expected)^2 / expected)
    df <- prod(dim(full) - 1L)
    p <- upper_p(chi2, df)
    session$r[c("chi2", "p")] <- list(chi2, p)
    lines <- c("", sprintf("          Pearson chi2(%d) = %s   Pr = %.3f", as.integer(df), stata_fixed(chi2, 8L, 4L), p))
  }
  if (min(dim(full)) > 1L) lines <- c(lines, if (!length(lines)) "", more_associations(full, o, session))
  if (identical(lines, "")) lines <- character()
  if (!is.null(o$exact) && min(dim(full)) > 1L) {
    exact <- function(side) stats::fisher.test(full, alternative = side)$p.value
    p <- exact("two.sided")
    session$r$p_exact <- p
    lines <- c(lines, if (!length(lines)) "", sprintf("           Fisher's exact =                 %.3f", p))
    if (all(dim(full) == 2L)) {
      session$r$p1_exact <- min(exact("less"), exact("greater"))
      lines <- c(lines, sprintf("   1-sided Fisher's exact =                 %.3f", session$r$p1_exact))
    }
  }
  lines
}

# Likelihood ratio chi-squared, Cramer's V, gamma and Kendall's tau-b with their asymptotic standard errors.
more_associations <- function(n, o, session) {
  N <- sum(n)
  expected <- outer(rowSums(n), colSums(n)) / N
  df <- prod(dim(n) - 1L)
  lines <- character()
  if (!is.null(o$lrchi2)) {
    lr <- 2 * sum(ifelse(n > 0, n * log(n / expected), 0))
    session$r[c("chi2_lr", "p_lr")] <- list(lr, upper_p(lr, df))
    lines <- c(lines, sprintf(" likelihood-ratio chi2(%d) = %s   Pr = %.3f", as.integer(df), stata_fixed(lr, 8L, 4L),
      upper_p(lr, df)))
  }
  chi2 <- sum((n - expected)^2 / expected)
  if (!is.null(o$V)) {
    v <- sqrt(chi2 / (N * (min(dim(n)) - 1)))
    if (all(dim(n) == 2L)) v <- v * sign(n[1L] * n[4L] - n[2L] * n[3L])
    session$r$CramersV <- v
    lines <- c(lines, sprintf("               Cram\u00e9r's V = %s", stata_fixed(v, 8L, 4L)))
  }
  if (is.null(o$gamma) && is.null(o$taub)) return(lines)
  i <- row(n)
  j <- col(n)
  agree <- disagree <- 0 * n
  for (a in seq_len(nrow(n))) for (b in seq_len(ncol(n))) {
    agree[a, b] <- sum(n[i > a & j > b]) + sum(n[i < a & j < b])
    disagree[a, b] <- sum(n[i > a & j < b]) + sum(n[i < a & j > b])
  }
  P <- sum(n * agree)
  Q <- sum(n * disagree)
  if (!is.null(o$gamma)) {
    g <- (P - Q) / (P + Q)
    se <- 4 / (P + Q)^2 * sqrt(sum(n * (Q * agree - P * disagree)^2))
    session$r[c("gamma", "ase_gam")] <- list(g, se)
    lines <- c(lines, sprintf("                    gamma = %s  ASE = %.3f", stata_fixed(g, 8L, 4L), se))
  }
  if (!is.null(o$taub)) {
    wr <- N^2 - sum(rowSums(n)^2)
    wc <- N^2 - sum(colSums(n)^2)
    t <- (P - Q) / sqrt(wr * wc)
    d <- agree - disagree
    v <- outer(rowSums(n), rep(1, ncol(n))) * wc + outer(rep(1, nrow(n)), colSums(n)) * wr
    se <- sqrt(max(sum(n * (2 * sqrt(wr * wc) * d + t * v)^2) - N^3 * t^2 * (wr + wc)^2, 0)) / (wr * wc)
    session$r[c("taub", "ase_taub")] <- list(t, se)
    lines <- c(lines, sprintf("          Kendall's tau-b = %s  ASE = %.3f", stata_fixed(t, 8L, 4L), se))
  }
  lines
}
