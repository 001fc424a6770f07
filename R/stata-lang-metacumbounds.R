# metacumbounds: cumulative meta-analysis against boundaries that spend alpha by the information gathered.
# Source: Miladinovic, Hozo & Djulbegovic (2013, Stata Journal 13: 77) for the command's words; Wetterslev, Thorlund,
# Brok &
# Gluud (2008, J Clin Epidemiol 61: 64; 2009, BMC Med Res Methodol 9: 86) for the information sizes. Oracle: printed
# boundaries of Lan and DeMets, metan of the first trials.

metacumbounds_options <- c(
  data = "data", effect = "eff", spending = "spe", is = "is", stat = "stat", alpha = "alp", beta = "bet", rrr = "rrr",
  surv = "surv", loss = "loss", id = "id", phi = "phi", diversity = "div", graph = "gr", keep = "keep", pos = "pos",
  rdir = "rdir", wkdir = "wk", kprsrce = "kp", listRout = "listro", listRin = "listri", shwRRR = "shw", tid = "tid",
  listrout = "listro", listrin = "listri", shwrrr = "shw")

# metacumbounds a b c d | lnhr se n, data(count|loghr) effect(f|r) spending(1|2|3) is(ais|apis) [stat() rrr() alpha()
# beta() id() graph diversity]; trials in the order of the data.
run_metacumbounds <- function(command, session, rows) {
  given <- figure_options(command, metacumbounds_options, c("data", "effect", "spending", "is"))
  o <- given$o
  words <- given$words
  for (bad in intersect(names(o), c("surv", "loss", "keep"))) abort_unsupported(sprintf("option %s of metacumbounds",
                                                                                        bad))
  plan <- sequential_plan(o)
  d <- sequential_trials(command, session, rows, plan)
  s <- sequential_bounds(sequential_steps(d, plan), d, plan)
  session$r <- c(list(AIS = sum(d$size), k = nrow(s$table), zalpha = critical_value(1 - plan$alpha)), s$saved)
  session$r$bounds <- as_stata_matrix(as.matrix(s$table[c("size", "fraction", "z", "lower", "upper", "p")]))
  emit(session, sequential_lines(s, d, plan))
  if (!is.null(o$graph)) add_graph(restyled(sequential_figure(s, plan, words), words), list(name = words$name), session)
}

sequential_plan <- function(o) {
  word <- function(text, known, name) {
    hit <- match_option(tolower(trimws(text)), known)
    if (is.na(hit)) abort_stata(sprintf("%s(%s) is not known", name, text), 198L)
    hit
  }
  number <- function(text, default, name) {
    x <- if (is.null(text)) default else number_word(text)
    if (is.na(x) || x <= 0 || x >= 1) abort_stata(sprintf("%s() must lie between 0 and 1", name), 198L)
    x
  }
  spending <- trimws(o$spending)
  if (!spending %in% c("1", "2", "3")) abort_stata("spending() must be 1, 2 or 3", 198L)
  list(kind = word(o$data, c(count = "c", loghr = "l"), "data"), random = word(o$effect, c(f = "f", r = "r"),
                                                                              "effect") == "r",
       spending = c("obrienfleming", "pocock", "power")[as.integer(spending)],
       phi = if (is.null(o$phi)) 1 else number_word(o$phi), is = word(o$is, c(ais = "ai", apis = "ap"), "is"),
       stat = word(o$stat %||% "rr", c(rr = "rr", or = "or", rd = "rd", hr = "hr"), "stat"),
       alpha = number(o$alpha, 0.05, "alpha"), beta = number(o$beta, 0.2, "beta"),
       rrr = if (is.null(o$rrr)) NULL else number_word(o$rrr), id = o$id, diversity = !is.null(o$diversity))
}

sequential_trials <- function(command, session, rows, plan) {
  k <- if (plan$kind == "count") 4L else 3L
  vars <- expand_varlist(command$rest, session, k, k)
  rows <- selected_rows(command, session, rows)
  x <- lapply(session$data[vars], function(v) numeric_operand(v)[rows])
  use <- Reduce(`&`, lapply(x, function(v) !is.na(v)))
  if (!any(use)) abort_stata("no observations", 2000L)
  x <- stats::setNames(as.data.frame(lapply(x, `[`, use)), c("a", "b", "c", "d")[seq_len(k)])
  id <- if (is.null(plan$id)) seq_len(nrow(x)) else {
    name <- find_stata_variable(trimws(plan$id), session)
    vapply(rows[use], function(i) shown_value(name, session, i), "")
  }
  list(x = x, id = as.character(id), size = if (k == 4L) rowSums(x) else x$c)
}

# metan's pooled estimate of the first 1, 2, ... trials.
sequential_steps <- function(d, plan) {
  model <- if (plan$random) "random" else "fixed"
  steps <- lapply(seq_along(d$id), function(i) {
    part <- d$x[seq_len(i), , drop = FALSE]
    args <- lapply(letters[seq_len(if (plan$kind == "count") 4L else 2L)], as.name)
    args <- c(args, list(data = part, graph = FALSE, version = 9), stats::setNames(list(TRUE), model),
              if (plan$kind == "count" && plan$stat != "hr") stats::setNames(list(TRUE), plan$stat))
    r <- eval(as.call(c(quote(metan), args)), list(), asNamespace("metaparity"))$r
    ratio <- plan$kind == "count" && plan$stat != "rd"
    c(if (ratio) log(r$ES) else r$ES, if (ratio) r$selogES else r$seES)
  })
  est <- vapply(steps, `[`, 0, 1L)
  se <- vapply(steps, `[`, 0, 2L)
  data.frame(est = est, se = se, z = ifelse(se > 0, est / se, NA_real_))
}

# A total of both arms that finds the relative reduction of the control risk, or the hazard ratio 1 - rrr (events of
# Schoenfeld 1981, Biometrika 68: 316).
required_size <- function(d, plan) {
  if (is.null(plan$rrr) || plan$rrr == 0 || plan$rrr >= 1) abort_stata("is(apis) needs rrr(#) below 1, and not 0", 198L)
  z <- stats::qnorm(1 - plan$alpha / 2) + stats::qnorm(1 - plan$beta)
  if (plan$kind == "loghr") return(4 * z^2 / log1p(-plan$rrr)^2)
  control <- sum(d$x$c) / sum(d$x$c + d$x$d)
  treated <- control * (1 - plan$rrr)
  mean <- (control + treated) / 2
  4 * z^2 * mean * (1 - mean) / (control - treated)^2
}

# How much larger the random-effects variance of all trials is: the diversity D2 of Wetterslev et al.
trial_diversity <- function(d, plan) {
  variance <- function(random) utils::tail(sequential_steps(d, utils::modifyList(plan, list(random = random)))$se, 1L)^2
  both <- c(variance(FALSE), variance(TRUE))
  max(0, 1 - both[1L] / both[2L])
}

# Boundaries at the trials whose information is new, up to the information size.
sequential_bounds <- function(steps, d, plan) {
  gathered <- cumsum(d$size)
  saved <- list()
  total <- gathered[length(gathered)]
  if (plan$is == "apis") {
    saved$APIS <- total <- required_size(d, plan)
    if (plan$diversity) {
      saved$D2 <- trial_diversity(d, plan)
      saved$DARIS <- total <- total / (1 - saved$D2)
    }
  }
  fraction <- gathered / total
  inside <- which(fraction < 1)
  last <- which(fraction >= 1)
  at <- c(inside, if (length(last)) last[1L])
  at <- at[c(TRUE, diff(pmin(fraction[at], 1)) > 0)[seq_along(at)]]
  bound <- rep(NA_real_, length(fraction))
  found <- call_core(cpp_spending_bounds(pmin(fraction[at], 1), plan$alpha, plan$spending, plan$phi))
  bound[at] <- found$bound
  table <- data.frame(id = d$id, size = gathered, fraction = fraction, est = steps$est, z = steps$z, lower = -bound,
                      upper = bound, p = two_sided_p(steps$z))
  crossed <- which(abs(table$z) >= bound)
  list(table = table, total = total, saved = c(saved, list(IS = total, crossed = if (length(crossed)) crossed[1L] else
    NA_real_)), past = length(last) > 0L)
}

sequential_lines <- function(s, d, plan) {
  words <- c(obrienfleming = "O'Brien-Fleming type", pocock = "Pocock type", power = "power family")
  number <- function(x) trimws(stata_fixed(x, 12L, 0L))
  t <- s$table
  width <- max(8L, min(max(nchar(t$id)), 24L))
  cell <- function(x, width, digits) justify(ifelse(is.finite(x), trimws(stata_fixed(x, width, digits)), "."), width)
  body <- paste0(justify(cut_label(t$id, width), width), " |", cell(t$size, 12L, 0L), cell(t$fraction, 10L, 3L),
                 cell(t$z, 10L, 3L), cell(t$lower, 10L, 3L), cell(t$upper, 10L, 3L), cell(t$p, 10L, 4L))
  size <- switch(plan$is, ais = "Accrued information size",
                 if (!is.null(s$saved$DARIS)) "Diversity-adjusted information size" else "A priori information size")
  first <- s$saved$crossed
  c("", sprintf("Cumulative %s-effects meta-analysis with sequential monitoring boundaries",
                if (plan$random) "random" else "fixed"), "",
    sprintf("Lan-DeMets boundaries, %s spending, two-sided alpha = %s, power = %s", words[[plan$spending]],
            macro_text(plan$alpha), macro_text(1 - plan$beta)),
    sprintf("%s = %s%s", size, number(s$total), if (plan$is == "apis") sprintf(" (relative reduction %s)",
                                                                              macro_text(plan$rrr)) else ""),
    if (!is.null(s$saved$D2)) sprintf("Diversity D2 = %s, without it = %s", sprintf("%.3f", s$saved$D2),
                                      number(s$saved$APIS)), "",
    paste0(justify("Trial", width), " | information  fraction         z     lower     upper   p-value"),
    rule(width + 1L, 62L), body, rule(width + 1L, 62L),
    if (is.na(first)) "No boundary is crossed" else sprintf("The boundary is crossed with trial %s", t$id[first]))
}

# z against the information, boundaries up to the size, the conventional limits, the size as a vertical line.
sequential_figure <- function(s, plan, words) {
  style <- scatter_style_stata()
  t <- s$table
  z <- critical_value(1 - plan$alpha)
  reach <- max(abs(t$z), 1.3 * z, 8 * (plan$spending == "obrienfleming"), na.rm = TRUE)
  bound <- is.finite(t$upper)
  x <- stata_axis(c(0, t$size, s$total), style, "Information size")
  y <- stata_axis(c(-reach, reach), style, "Cumulative z", grid = TRUE)
  edge <- max(y$at)
  ends <- range(x$at)
  line <- function(v, sign) layer_line(t$size[bound], pmin(v[bound], edge) * sign, "#C10534", style$line_lwd)
  layers <- list(layer_line(ends, c(0, 0), style$text_col, style$line_lwd),
                 layer_line(ends, c(z, z), "#55752F", style$line_lwd, 2),
                 layer_line(ends, -c(z, z), "#55752F", style$line_lwd, 2), line(t$upper, 1), line(t$upper, -1),
                 layer_points(rep(t$size[bound], 2L), pmin(c(t$upper[bound], t$upper[bound]), edge) *
                                rep(c(1, -1), each = sum(bound)), 19, 0.6, "#C10534"),
                 layer_line(c(s$total, s$total), range(y$at), style$text_col, style$line_lwd, 3),
                 layer_line(c(0, t$size), c(0, t$z), "#1A476F", 1.5 * style$line_lwd),
                 layer_points(t$size, t$z, 15, 0.9, "#1A476F"))
  legend <- list(legend_line("Cumulative z", "#1A476F", 1.5 * style$line_lwd),
                 legend_line("Lan-DeMets boundary", "#C10534", style$line_lwd),
                 legend_line(sprintf("z = %.2f", z), "#55752F", style$line_lwd, 2),
                 legend_line("Information size", style$text_col, style$line_lwd, 3))
  new_figure(layers, x, y, list(), legend, style, t, style$size)
}
