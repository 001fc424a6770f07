# ifplot: the difference between direct and indirect evidence in each loop of three or four treatments.
# Source: Bucher, Guyatt, Griffith & Walter (1997) J Clin Epidemiol 50:683; Veroniki, Vasiliadis, Higgins & Salanti
# (2013) Int J Epidemiol 42:332; Chaimani et al. (2013) PLoS ONE 8:e76654; help of ifplot. Oracle: rma() of each
# comparison.

ifplot_options <- c(tau2 = "tau", mm = "mm", reml = "reml", eb = "eb", random = "random", fixed = "fixed",
    cilevel = "cil",
                    summary = "sum", details = "det", labels = "lab", notable = "notab", plotoptions = "plotopt",
                    noplot = "nopl", separate = "sep", eform = "eform", keep = "keep")

# ifplot es se t1 t2 id [if] [in] [, tau2(loop|comparison|#) mm|reml|eb fixed labels() eform summary details
# separate ...]
run_ifplot <- function(command, session, rows) {
  given <- figure_options(command, ifplot_options)
  o <- given$o
  words <- given$words
  plan <- ifplot_plan(o)
  p <- netgraph_pairs(command, session, rows, c("es", "se", "t1", "t2", "id"))
  names <- netgraph_labels(o$labels, p$codes, command)
  loops <- network_loops(p)
  if (!length(loops)) abort_stata("No triangular or quadratic loops found", 459L)
  found <- lapply(loops, ifplot_loop, p = p, plan = plan)
  t <- ifplot_table(found, names, plan)
  if (!nrow(t)) abort_stata("all loops are formed by multi-arm studies alone", 459L)
  if (is.null(o$notable)) emit(session, ifplot_lines(t, found, loops, names, o, plan))
  session$r <- ifplot_saved(t)
  if (!is.null(o$keep)) keep_loops(t, session)
  if (is.null(o$noplot)) {
    inner <- twoway_words(o$plotoptions)
    for (i in seq_along(inner)) words <- ifplot_words(names(inner)[i], inner[[i]], words, command)
    figure <- ifplot_figure(t, o, plan, words)
    words <- words[setdiff(names(words), "textshare")]
    add_graph(restyled(figure_with_page(figure, words), words), list(name = words$name), session)
  }
}

# texts() of the plot is a size; the rest of metan's words are those of a graph.
ifplot_words <- function(word, text, words, command) {
  if (grepl("^texts", word) && !is.na(text)) {
    words$textshare <- text
    return(words)
  }
  if (word %in% c("nobox", "nooverall", "nowt", "double")) return(words)
  graph_word(word, text, words, command)
}

ifplot_plan <- function(o) {
  method <- c(mm = "DL", reml = "REML", eb = "EB")[[only_one_of(o, c("mm", "reml", "eb"))]]
  text <- trimws(o$tau2 %||% "loop")
  kind <- match_option(text, c(loop = "l", comparison = "c"))
  value <- if (is.na(kind)) number_word(text)
  if (is.na(kind) && !isTRUE(value >= 0)) abort_stata("tau2() must be loop, comparison or a number from 0 on", 198L)
  only_one_of(o, c("random", "fixed"))
  if (is.na(kind)) kind <- "number"
  if (!is.null(o$fixed)) {
    if (kind != "comparison") abort_stata("fixed goes with tau2(comparison)", 198L)
    kind <- "number"
    value <- 0
  }
  if (kind == "comparison" && method != "DL") abort_stata("tau2(comparison) goes with mm alone", 198L)
  level <- if (is.null(o$cilevel)) 95 else number_word(o$cilevel)
  list(kind = kind, value = value, method = method, level = check_stata_level(level, "cilevel", NULL))
}

# Triangles of comparisons, and quadrilaterals of which no three treatments make a triangle: numbers of treatments in
# the order of the way round.
network_loops <- function(p) {
  n <- length(p$codes)
  joined <- matrix(FALSE, n, n)
  joined[cbind(c(p$a, p$b), c(p$b, p$a))] <- TRUE
  three <- if (n >= 3L) Filter(function(l) all(joined[l, l][upper.tri(diag(3L))]), utils::combn(n, 3L,
      simplify = FALSE))
  four <- lapply(if (n >= 4L) utils::combn(n, 4L, simplify = FALSE), function(l) {
    ways <- list(l, l[c(1L, 2L, 4L, 3L)], l[c(1L, 3L, 2L, 4L)])
    Find(function(w) all(joined[cbind(w, w[c(2:4, 1L)])]) && !joined[w[1L], w[3L]] && !joined[w[2L], w[4L]], ways)
  })
  c(three, Filter(Negate(is.null), four))
}

# One loop: effects of its comparisons, round the way; NULL where multi-arm studies alone make it.
ifplot_loop <- function(loop, p, plan) {
  m <- length(loop)
  to <- loop[c(2:m, 1L)]
  edge <- lapply(seq_len(m), function(s) which(p$a == loop[s] & p$b == to[s] | p$a == to[s] & p$b == loop[s]))
  dropped <- ifplot_dropped(edge, p)
  edge <- lapply(edge, setdiff, dropped$rows)
  if (any(!lengths(edge))) return(NULL)
  of <- rep(seq_len(m), lengths(edge))
  at <- unlist(edge)
  y <- ifelse(p$a[at] == loop[of], p$y[at], -p$y[at])
  e <- ifplot_edges(y, p$se[at]^2, of, m, plan)
  sum <- sum(e$est)
  list(loop = loop, k = lengths(edge), est = e$est, v = e$v, IF = abs(sum), se = sqrt(sum(e$v)), sum = sum,
      tau2 = e$tau2,
       dropped = dropped)
}

# A study that has all comparisons of the loop is consistent in it: it loses the one with the most studies.
ifplot_dropped <- function(edge, p) {
  ids <- lapply(edge, function(at) p$id[at])
  every <- Reduce(intersect, ids)
  if (!length(every)) return(list(rows = integer(), of = integer(), id = every))
  most <- which.max(lengths(lapply(ids, unique)))
  list(rows = edge[[most]][p$id[edge[[most]]] %in% every], of = most, id = every)
}

# Pooled effect and variance of each comparison; in a loop with one heterogeneity all are parameters of one model.
ifplot_edges <- function(y, v, of, m, plan) {
  if (plan$kind == "comparison") {
    fits <- lapply(seq_len(m), function(s) fit_estimates(y[of == s], v[of == s], "DL"))
    return(list(est = vapply(fits, function(f) f$beta[[1L]], 0), v = vapply(fits, function(f) f$se[[1L]]^2, 0),
        tau2 = NA_real_))
  }
  tau2 <- if (plan$kind == "number") plan$value else if (length(y) == m) 0 else {
    X <- outer(of, seq_len(m), `==`) * 1
    colnames(X) <- paste0("c", seq_len(m))
    fit_uni(new_input(y, v, X, int.incl = FALSE), model_spec(plan$method, int.incl = FALSE))$tau2
  }
  w <- 1 / (v + tau2)
  total <- vapply(seq_len(m), function(s) sum(w[of == s]), 0)
  list(est = vapply(seq_len(m), function(s) sum((w * y)[of == s]), 0) / total, v = 1 / total, tau2 = tau2)
}

# Loops from the largest inconsistency on; limits below 0 are 0.
ifplot_table <- function(found, names, plan) {
  keep <- Filter(Negate(is.null), found)
  IF <- vapply(keep, `[[`, 0, "IF")
  se <- vapply(keep, `[[`, 0, "se")
  half <- critical_value(plan$level) * se
  t <- data.frame(Loop = vapply(keep, function(f) paste(names[sort(f$loop)], collapse = "-"), ""), IF = IF, seIF = se,
                  z = IF / se, p = two_sided_p(IF / se), lo = pmax(IF - half, 0), hi = IF + half,
                  tau2 = vapply(keep, `[[`, 0, "tau2"), stringsAsFactors = FALSE)
  t <- t[order(-t$IF, -t$lo), ]
  rownames(t) <- NULL
  t
}

ifplot_lines <- function(t, found, loops, names, o, plan) {
  size <- lengths(loops)
  lost <- sum(vapply(found, is.null, NA))
  told <- c(if (any(size == 3L)) c("", sprintf(" * %d triangular loops found", sum(size == 3L))),
            if (any(size == 4L)) c(sprintf(" * %d quadratic loops found", sum(size == 4L)), ""),
            if (lost) c("", sprintf(" Note: %d loops formed by multi-arm studies alone are left out", lost)))
  kind <- c(loop = "loop-specific heterogeneity estimates", comparison = "comparison-specific heterogeneity estimates",
            number = sprintf("a common heterogeneity variance of %s", macro_text(plan$value %||% 0)))[[plan$kind]]
  head <- c("", sprintf(" Evaluation of inconsistency using %s:", kind))
  sets <- if (is.null(o$separate)) list(t) else list(t[t$lo > 0, ], t[t$lo == 0, ])
  title <- if (is.null(o$separate)) "" else c(" Loops With Evidence of Statistical Inconsistency:",
                                              " Loops Without Evidence of Statistical Inconsistency:")
  tables <- Map(function(s, title) c(if (nzchar(title)) c("", title), if (nrow(s)) divided_table(ifplot_cells(s, o,
      plan))),
                sets, title)
  c(told, if (!is.null(o$details)) ifplot_details(found, loops, names), head, unlist(tables, use.names = FALSE),
    if (!is.null(o$summary)) ifplot_summary(found, names, !is.null(o$eform)))
}

ifplot_cells <- function(t, o, plan) {
  show <- if (is.null(o$eform)) identity else exp
  out <- list(Loop = t$Loop, IF = fixed_cells(show(t$IF), 3L), seIF = fixed_cells(t$seIF, 3L),
      z_value = fixed_cells(t$z, 3L),
              p_value = fixed_cells(t$p, 3L),
              CI = sprintf("(%s,%s)", fixed_cells(show(t$lo), 2L), fixed_cells(show(t$hi), 2L)),
              Loop_Heterog_tau2 = fixed_cells(t$tau2, 3L))
  names(out)[6L] <- sprintf("CI_%s", macro_text(100 * plan$level))
  if (!is.null(o$eform)) names(out)[2L] <- "ROR"
  out[c(TRUE, TRUE, is.null(o$eform), TRUE, TRUE, TRUE, plan$kind == "loop")]
}

# The comparisons that studies of several arms lost, by loop.
ifplot_details <- function(found, loops, names) {
  lines <- unlist(lapply(Filter(Negate(is.null), found), function(f) {
    if (!length(f$dropped$of)) return(NULL)
    ends <- f$loop[c(f$dropped$of, f$dropped$of %% length(f$loop) + 1L)]
    sprintf(" Loop %s: comparison %s is dropped from study %s", paste(names[sort(f$loop)], collapse = "-"),
            paste(names[sort(ends)], collapse = " vs "), paste(f$dropped$id, collapse = ", "))
  }))
  c("", if (is.null(lines)) " No comparison is dropped" else lines)
}

# For each loop the direct effect of its comparisons and the indirect one of the rest of the loop.
ifplot_summary <- function(found, names, eform) {
  show <- function(x) fixed_cells(if (eform) exp(x) else x, 3L)
  parts <- lapply(Filter(Negate(is.null), found), function(f) {
    to <- f$loop[c(2:length(f$loop), 1L)]
    turn <- ifelse(f$loop < to, 1, -1)
    data.frame(Loop = paste(names[sort(f$loop)], collapse = "-"),
               Comparison = paste(names[pmax(f$loop, to)], "vs", names[pmin(f$loop, to)]), Studies = as.character(f$k),
               Direct = show(turn * f$est), seDirect = fixed_cells(sqrt(f$v), 3L),
               Indirect = show(turn * (f$est - f$sum)), seIndirect = fixed_cells(sqrt(sum(f$v) - f$v), 3L))
  })
  c("", " Direct and indirect estimates:", divided_table(as.list(do.call(rbind, parts))))
}

ifplot_saved <- function(t) {
  m <- as.matrix(t[c("IF", "seIF", "z", "p", "lo", "hi", "tau2")])
  rownames(m) <- stata_names(t$Loop)
  list(loops = nrow(t), inconsistent = sum(t$lo > 0), table = as_stata_matrix(m))
}

keep_loops <- function(t, session) {
  store_at_end(list(`_Loop` = t$Loop, `_IF` = t$IF, `_seIF` = t$seIF, `_z_value` = t$z, `_p_value` = t$p, `_LCI` = t$lo,
                    `_UCI` = t$hi, `_tau2` = t$tau2), session)
}

ifplot_figure <- function(t, o, plan, words) {
  eform <- !is.null(o$eform)
  show <- function(x) fixed_cells(if (eform) exp(x) else x, 2L)
  if (!is.null(o$separate)) t <- t[order(t$lo == 0), ]
  t$text <- sprintf("%s (%s,%s)", show(t$IF), show(t$lo), show(t$hi))
  name <- if (eform) "ROR" else "IF"
  ci <- sprintf("%s (%s%%CI)", name, macro_text(100 * plan$level))
  if (plan$kind == "loop") t$text <- paste0(t$text, "   ", fixed_cells(t$tau2, 3L))
  look <- list(log = eform, null = 0, range = NULL, null_col = "#808080", null_lty = "solid", col = "#1A476F",
      lty = "solid",
               pcol = NA, plty = "solid", pch = 15, cex = 1, lwd = 1.4, text = text_share(words$textshare),
                   values = TRUE,
               label_title = "Loop", value_title = if (plan$kind == "loop") paste0(ci, "   tau2") else ci,
                   predicted = FALSE)
  rows <- data.frame(label = t$Loop, est = t$IF, lo = t$lo, hi = t$hi, text = t$text)
  interval_figure(rows, look, if (eform) "Ratio of direct and indirect effects" else "Inconsistency factor")
}
