# eststo, esttab, estout and outreg2: tables of stored estimates, printed or written as text, csv, TeX or RTF.
# Source: help of estout 3.31 (Jann 2005, 2007: The Stata Journal 5(3), 7(2)) and of outreg2; the adaptive format a3
# shows three significant digits. Oracle: the printed examples there, e(b) and e(V) of the same fits.

# eststo [name] [, title()] [: command]; eststo clear|dir|drop name
run_eststo <- function(text, session, statement) {
  tokens <- tokenize(text)
  colon <- which(tokens$text == ":" & tokens$type == "punct" & token_depth(tokens) == 0L)
  if (length(colon)) {
    part <- split_prefix(text, "eststo")
    run_command(part[2L], session, statement)
    text <- part[1L]
  }
  command <- parse_command(paste("eststo", text))
  o <- command_options(command, c(title = "t", prefix = "p", missing = "m", refresh = "ref", noesample = "noes",
                                  addscalars = "add", nocopy = "noc", sample = "sam"))
  words <- command$rest$text
  if (identical(words[1L], "clear")) {
    session$stored[session$eststo] <- NULL
    session$eststo <- NULL
    return(invisible())
  }
  if (identical(words[1L], "drop")) {
    session$stored[words[-1L]] <- NULL
    session$eststo <- setdiff(session$eststo, words[-1L])
    return(invisible())
  }
  if (identical(words[1L], "dir")) return(emit(session, estimates_list(session)))
  free <- setdiff(paste0("est", seq_len(length(session$eststo) + 1L)), session$eststo)
  name <- if (length(words)) words[1L] else free[1L]
  store_estimates(name, session)
  session$stored[[name]]$title <- if (!is.null(o$title)) unquote(o$title)
  session$eststo <- union(session$eststo, name)
  if (!length(words)) emit(session, sprintf("(%s stored)", name))
}

esttab_options <- c(b = "b", se = "se", t = "t", p = "p", ci = "ci", beta = "beta", star = "star", nostar = "nosta",
                    staraux = "staraux", r2 = "r2", ar2 = "ar2", pr2 = "pr2", aic = "aic", bic = "bic", scalars = "sca",
                    sfmt = "sfmt", noobs = "noobs", obslast = "obsl", stats = "stats", label = "l", title = "ti",
                    mtitles = "mti", nomtitles = "nomti", numbers = "nu", nonumbers = "nonum", depvars = "dep",
                    nodepvars = "nodep", coeflabels = "coef", keep = "k", drop = "d", order = "o", indicate = "ind",
                    replace = "rep", append = "app", csv = "csv", tex = "tex", rtf = "rtf", html = "html",
                      plain = "plain",
                    compress = "comp", wide = "wide", nogaps = "nog", gaps = "gap", nolines = "noli", notes = "note",
                    nonotes = "nono", addnotes = "addn", eform = "ef", constant = "cons", noconstant = "nocons",
                    varwidth = "varw", modelwidth = "mod", parentheses = "par", noparentheses = "nopa",
                    brackets = "bra", booktabs = "boo", fragment = "fr", page = "page", type = "type", cells = "c",
                    style = "sty", collabels = "coll", mlabels = "mlab", varlabels = "varl", legend = "leg",
                    starlevels = "starl", nobaselevels = "nobase", unstack = "uns", equations = "eq",
                    longtable = "longt", alignment = "al", noomitted = "noomit", nonumber = "nonum", number = "num",
                    level = "lev", pfmt = "pf", transform = "tr", depvar = "depv", interaction = "inter",
                    substitute = "subs", prehead = "preh", posthead = "posth", prefoot = "pref", postfoot = "postf",
                    baselevels = "base", smcl = "smcl", tab = "tab", fixed = "fix", nocons = "noc", scsv = "scsv",
                    width = "wid", rename = "ren", margin = "marg", msign = "msi", hlinechar = "hli")

run_esttab <- function(text, session, statement) {
  matrix_form <- regmatches(trimws(text),
    regexec("^mat(?:rix)?\\((\\w+|[re]\\(\\w+\\))\\s*(?:,\\s*([^)]*(?:\\([^)]*\\))?[^)]*))?\\)(.*)$",
                                                  trimws(text), perl = TRUE))[[1L]]
  if (length(matrix_form)) return(esttab_matrix(matrix_form, session))
  stored_table(text, session, "esttab")
}

run_estout <- function(text, session, statement) stored_table(text, session, "estout")

stored_table <- function(text, session, word) {
  command <- parse_command(paste(word, text))
  o <- command_options(command, esttab_options)
  if (word == "estout") o <- estout_defaults(o)
  wish <- esttab_wish(o, word)
  if (!is.null(o$wide) && length(wish$below)) wish <- wide_wish(wish)
  names <- stored_names(command$rest$text, session)
  file <- command$using
  kind <- table_file_kind(file, o)
  cells <- esttab_cells(names, wish, o, session)
  lines <- esttab_page(cells, wish, o, kind)
  session$r <- list(names = paste(names, collapse = " "))
  if (is.null(file)) return(emit(session, lines))
  write_table_file(file, lines, kind, o, session)
}

# estout lays out what is asked and nothing else: coefficients as %9.0g under the models' names, no numbers, no lines
# of statistics, no notes but with legend.
estout_defaults <- function(o) {
  if (is.null(o$cells)) o$cells <- "b"
  if (is.null(o$numbers)) o$nonumbers <- ""
  if (is.null(o$legend)) o$nonotes <- ""
  if (is.null(o$stats)) o$noobs <- ""
  if (is.null(o$mlabels)) o$mtitles <- ""
  o$nogaps <- o$raw <- ""
  o
}

# Which estimates: names, wildcards; those of eststo, else the last.
stored_names <- function(words, session) {
  words <- setdiff(words, c("[", "]"))
  if (!length(words)) {
    if (length(session$eststo)) return(session$eststo)
    if (is.null(session$e$b)) abort_stata("nothing to tabulate: no estimates", 111L)
    return(".")
  }
  words <- glob_words(words)
  unlist(lapply(words, function(w) {
    if (w == ".") return(w)
    if (!grepl("[*?]", w)) {
      find_estimates(w, session)
      return(w)
    }
    hit <- grep(utils::glob2rx(w), names(session$stored), value = TRUE)
    if (!length(hit)) abort_stata(sprintf("estimation result %s not found", w), 111L)
    hit
  }))
}

# est * of the lexer is est*.
glob_words <- function(words) {
  out <- character()
  for (w in words) {
    if (w %in% c("*", "?") && length(out)) out[length(out)] <- paste0(out[length(out)], w) else out <- c(out, w)
  }
  out
}

# What stands in the cells: the statistic below the coefficients, formats, stars.
esttab_wish <- function(o, word) {
  text <- function(x) if (is.null(x)) "" else gsub("\"", "", x, fixed = TRUE)
  if (!is.null(o$cells)) return(cells_wish(o$cells, o, if (is.null(o$raw)) "a3" else "%9.0g"))
  below <- intersect(c("se", "p", "ci", "t"), names(o))
  below <- if (word == "estout") character() else if (length(below)) below[1L] else "t"
  if (!is.null(o$plain) && !length(intersect(c("se", "p", "ci", "t"), names(o)))) below <- "t"
  format <- function(x, default) if (is.null(x) || !nzchar(text(x))) default else sub("^\\((.*)\\)$", "\\1",
    plain_words(text(x))[1L])
  list(below = below, b = format(o$b, "a3"), under = if (length(below)) format(o[[below]], c(se = "a3", t = "2",
    p = "3",
       ci = "a3")[[below]]), stars = if (is.null(o$nostar) && is.null(o$plain)) estout_stars(o$star),
       bracket = if (!is.null(o$noparentheses) || !is.null(o$plain)) c("", "") else if (!is.null(o$brackets) ||
         identical(below, "ci")) c("[", "]") else c("(", ")"))
}

# wide: the statistic beside the coefficients.
wide_wish <- function(wish) {
  b <- list(name = "b", format = wish$b, star = length(wish$stars) > 0L, label = "", bracket = c("", ""))
  below <- list(name = wish$below, format = wish$under, star = FALSE, label = "", bracket = wish$bracket)
  list(rows = list(list(b, below)), stars = wish$stars, b = wish$b, below = character(), bracket = wish$bracket)
}

# cells(b(star fmt(3)) se(par fmt(2))), cells("b(star) ci(par) p"): one row of cells for each word, those of a quoted
# group
# side by side. rows: for each row its statistics, each with name, format, bracket, whether it has the stars.
cells_wish <- function(text, o, format) {
  rows <- lapply(cell_groups(text), function(group) lapply(group, cell_wish, default = format))
  all <- unlist(rows, recursive = FALSE)
  if (!length(all)) abort_stata("option cells() has no statistic", 198L)
  starred <- any(vapply(all, `[[`, NA, "star"))
  list(rows = rows, stars = if (starred) estout_stars(o$starlevels), b = all[[1L]]$format, below = character(),
       bracket = c("", ""))
}

cell_groups <- function(text) {
  text <- gsub("&", " ", text, fixed = TRUE)
  own <- "[A-Za-z_]\\w*(?:\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\))?"
  words <- function(x) regmatches(x, gregexpr(own, x, perl = TRUE))[[1L]]
  part <- regmatches(text, gregexpr(sprintf("\"(?:[^\"])*\"|%s", own), text, perl = TRUE))[[1L]]
  Filter(length, lapply(part, function(p) words(gsub("\"", "", p, fixed = TRUE))))
}

cell_wish <- function(text, default) {
  known <- c(b = "b", se = "se", t = "t", p = "p", ci = "ci", ci_l = "ci_l", ci_u = "ci_u", z = "z")
  name <- sub("\\(.*$", "", text)
  if (!name %in% known) abort_unsupported(sprintf("statistic %s in cells()", name))
  inner <- if (grepl("(", text, fixed = TRUE)) sub("\\)$", "", sub("^[^(]*\\(", "", text)) else ""
  format <- regmatches(inner, regexec("fmt\\(([^)]*)\\)", inner))[[1L]]
  plain <- gsub("\\b(fmt|label|pattern|vacant)\\([^)]*\\)", " ", inner)
  words <- regmatches(plain, gregexpr("[a-z]+(\\([^)]*\\))?", plain))[[1L]]
  for (bad in setdiff(sub("\\(.*$", "", words), c("star", "par", "nostar", "nopar"))) {
    abort_unsupported(sprintf("option %s of %s in cells()", bad, name))
  }
  label <- regmatches(inner, regexec("label\\(([^)]*)\\)", inner))[[1L]]
  list(name = name, format = if (length(format)) plain_words(format[2L])[1L] else default, star = "star" %in% words,
       label = if (length(label)) trimws(label[2L]) else name,
       bracket = if (!"par" %in% words) c("", "") else if (name == "ci") c("[", "]") else c("(", ")"))
}

# star(* 0.10 ** 0.05 *** 0.01): the signs by their levels.
estout_stars <- function(text) {
  words <- if (is.null(text)) character() else plain_words(gsub("\"", "", text, fixed = TRUE))
  if (length(words) < 2L) return(c(`*` = 0.05, `**` = 0.01, `***` = 0.001))
  at <- suppressWarnings(as.numeric(words))
  number <- which(!is.na(at))
  stats::setNames(at[number], words[number - 1L])
}

stars_by <- function(p, levels) {
  hit <- names(levels)[!is.na(p) & p < levels]
  if (!length(hit)) "" else hit[which.min(levels[hit])]
}

# a3: three significant digits and one place at least; 3: places; %9.2f: as Stata has it.
estout_number <- function(x, format) {
  if (is.na(x)) return(".")
  if (grepl("^%", format)) {
    if (grepl("^%a", format)) format <- substring(format, 2L) else return(trimws(apply_format(x, format)))
  }
  if (grepl("^[0-9]+$", format)) return(sprintf("%.*f", as.integer(format), x))
  if (grepl("^a[0-9]+$", format)) {
    if (x == 0) return("0")
    digits <- as.integer(substring(format, 2L))
    size <- floor(log10(abs(x)))
    places <- if (size < 0) digits - 1L - size else digits - size
    if (size >= 10 || places > 15L) return(sprintf("%.*e", digits - 1L, x))
    return(sprintf("%.*f", max(as.integer(places), 1L), x))
  }
  trimws(stata_general(x, 9L))
}

esttab_cells <- function(names, wish, o, session) {
  es <- lapply(names, function(n) find_estimates(n, session)$e)
  kept <- function(e) colnames(e$b)[diag(e$V) > 0 | e$b[1L, ] != 0 | is.null(o$nobaselevels)]
  vars <- unique(unlist(lapply(es, kept)))
  vars <- c(setdiff(vars, "_cons"), intersect(vars, "_cons"))
  vars <- esttab_order(vars, o)
  level <- if (is.null(o$level)) 0.95 else number_word(o$level) / 100
  entry <- lapply(es, function(e) lapply(vars, function(v) coefficient_cell(e, v, wish, !is.null(o$eform), level)))
  labels <- if (is.null(o$label)) vars else vapply(vars, coefficient_label, "", session = session)
  own <- c(o$coeflabels, o$varlabels)[1L]
  if (!is.null(own) && !is.na(own)) {
    pairs <- macro_words(own)
    at <- match(vars, pairs[c(TRUE, FALSE)])
    labels[!is.na(at)] <- pairs[c(FALSE, TRUE)][at[!is.na(at)]]
  }
  depvar <- vapply(es, function(e) {
    d <- c(e$depvar, e$cmd, "")[1L]
    if (is.null(o$label) || !d %in% names(session$meta)) d else series_title(d, session)
  }, "")
  stored <- vapply(names, function(n) c(session$stored[[n]]$title, n)[1L], "")
  titles <- esttab_titles(o, depvar, stored)
  list(labels = unname(labels), entry = entry, titles = titles, stats = esttab_stats(es, o), n = length(es))
}

esttab_order <- function(vars, o) {
  pick <- function(text) {
    words <- plain_words(gsub("\"", "", text, fixed = TRUE))
    unlist(lapply(words, function(w) grep(utils::glob2rx(w), vars, value = TRUE)))
  }
  if (!is.null(o$keep)) vars <- intersect(vars, pick(o$keep))
  if (!is.null(o$drop)) vars <- setdiff(vars, pick(o$drop))
  if (!is.null(o$noconstant) || !is.null(o$nocons)) vars <- setdiff(vars, "_cons")
  if (!is.null(o$order)) vars <- union(unique(pick(o$order)), vars)
  vars
}

esttab_titles <- function(o, depvar, stored) {
  if (!is.null(o$nomtitles)) return(NULL)
  text <- c(o$mtitles, o$mlabels)[1L]
  if (!is.null(text) && !is.na(text) && nzchar(trimws(text)) && !identical(trimws(text), "none")) {
    words <- macro_words(sub(",\\s*[a-z]+\\s*$", "", text))
    return(c(words, rep("", length(depvar)))[seq_along(depvar)])
  }
  if (identical(trimws(c(text, "")[1L]), "none")) return(NULL)
  if (!is.null(o$mtitles)) stored else depvar
}

coefficient_label <- function(v, session) {
  if (v == "_cons") return("Constant")
  if (v %in% names(session$meta)) return(series_title(v, session))
  if (grepl("#", v, fixed = TRUE)) {
    parts <- sub("^c[.]", "", strsplit(v, "#", fixed = TRUE)[[1L]])
    return(paste(vapply(parts, coefficient_label, "", session = session), collapse = " # "))
  }
  hit <- regmatches(v, regexec("^([0-9]+)b?[.](\\w+)$", v))[[1L]]
  if (!length(hit) || !hit[3L] %in% names(session$meta)) return(v)
  set <- session$value_labels[[session$meta[[hit[3L]]]$labels %||% ""]]
  at <- match(as.numeric(hit[2L]), set)
  if (is.na(at)) sprintf("%s=%s", series_title(hit[3L], session), hit[2L]) else names(set)[at]
}

coefficient_cell <- function(e, v, wish, eform, level) {
  j <- match(v, colnames(e$b))
  nothing <- function(b) if (!is.null(wish$rows)) list(rows = starred_cells(wish$rows, function(name, format) {
    if (!nzchar(b) || name == "b") b else "."
  }, ""))
  if (is.na(j)) return(c(list(b = "", star = "", under = ""), nothing("")))
  b <- e$b[1L, j]
  se <- sqrt(e$V[j, j])
  if (se == 0) return(c(nothing(estout_number(if (eform) 1 else b, wish$b)),
                        list(b = estout_number(if (eform) 1 else b, wish$b), star = "", under = if (length(wish$below))
    paste0(wish$bracket[1L], if (identical(wish$below, "ci")) ".,." else ".", wish$bracket[2L]) else "")))
  df <- e$df_r %||% NA_real_
  p <- two_sided_p(b / se, df)
  reach <- critical_value(level, df) * se
  show <- if (eform) exp else identity
  number <- function(x) estout_number(x, wish$under)
  value <- function(name, format) {
    number <- function(x) estout_number(x, format)
    switch(name, b = number(show(b)), se = number(if (eform) exp(b) * se else se), t = , z = number(b / se),
           p = number(p),
           ci = paste0(number(show(b - reach)), ",", number(show(b + reach))), ci_l = number(show(b - reach)),
           ci_u = number(show(b + reach)))
  }
  star <- if (is.null(wish$stars)) "" else stars_by(p, wish$stars)
  if (!is.null(wish$rows)) return(list(rows = starred_cells(wish$rows, value, star)))
  under <- if (!length(wish$below)) "" else value(wish$below, wish$under)
  list(b = value("b", wish$b), star = star,
       under = if (nzchar(under)) paste0(wish$bracket[1L], under, wish$bracket[2L]) else "")
}

# The cells of a coefficient by rows; value: of a statistic in a format.
starred_cells <- function(rows, value, star) {
  lapply(rows, function(row) lapply(row, function(s) {
    text <- value(s$name, s$format)
    list(text = if (nzchar(text)) paste0(s$bracket[1L], text, s$bracket[2L]) else "", star = if (s$star) star else "")
  }))
}

# Names of the lines at the foot, their values.
esttab_stats <- function(es, o) {
  text <- if (!is.null(o$stats)) gsub("\"", "", sub(",.*$", "", o$stats), fixed = TRUE)
  format <- if (!is.null(o$stats)) regmatches(o$stats, regexec("fmt\\(([^)]*)\\)", o$stats))[[1L]]
  names <- if (!is.null(text)) plain_words(text) else {
    more <- c(r2 = "r2", ar2 = "r2_a", pr2 = "r2_p", aic = "aic", bic = "bic")
    scalars <- if (!is.null(o$scalars)) vapply(macro_words(gsub("\"", "", o$scalars, fixed = TRUE)),
                                               function(w) plain_words(w)[1L], "")
    c(if (is.null(o$noobs)) "N", more[intersect(names(more), names(o))], scalars)
  }
  labels <- c(r2 = "R-sq", r2_a = "adj. R-sq", r2_p = "pseudo R-sq", aic = "AIC", bic = "BIC", N = "N")
  if (!is.null(text)) labels <- labels["N"]
  own <- if (!is.null(o$stats)) regmatches(o$stats, regexec("lab(?:els?)?\\(((?:[^()]|\\([^()]*\\))*)\\)", o$stats,
                                                            perl = TRUE))[[1L]]
  formats <- if (length(format)) plain_words(format[2L])
  value <- function(e, s, i) {
    x <- estimate_scalar(e, s)
    if (is.character(x)) return(x)
    if (is.na(x)) return("")
    f <- if (length(formats)) formats[min(i, length(formats))] else if (!is.null(o$raw)) "%9.0g" else if (s %in% c("N",
        "N_g", "N_clust", "df_r", "df_m"))
      "0" else if (s %in% c("aic", "bic")) "1" else if (startsWith(s, "r2")) "3" else "a3"
    estout_number(x, if (s == "N" && is.null(o$raw)) "0" else f)
  }
  out <- lapply(seq_along(names), function(i) vapply(es, value, "", s = names[i], i = i))
  shown <- ifelse(names %in% names(labels), labels[names], names)
  if (length(own)) {
    words <- macro_words(sub(",.*$", "", own[2L]))
    shown[seq_along(words)] <- words[seq_along(shown)][seq_along(words)]
  }
  stats::setNames(out, shown[seq_along(out)])
}

estimate_scalar <- function(e, name) {
  x <- e[[name]]
  if (is.null(x) && name %in% c("aic", "bic") && !is.null(e$ll)) {
    k <- e$rank %||% sum(diag(e$V) > 0)
    return(-2 * e$ll + k * if (name == "aic") 2 else log(e$N))
  }
  if (is.null(x)) return(NA_real_)
  if (is.character(x)) x[1L] else as.numeric(x[1L])
}

# Rows of cells: what each kind of file lays out in its own way.
esttab_rows <- function(cells, wish, o) {
  number <- if (is.null(o$nonumbers) && is.null(o$nonumber) && is.null(o$plain)) sprintf("(%d)", seq_len(cells$n))
  head <- Filter(Negate(is.null), list(number, cells$titles))
  if (!is.null(wish$rows)) {
    wide <- max(lengths(wish$rows))
    spread <- function(x) as.vector(rbind(x, matrix("", wide - 1L, length(x))))
    head <- lapply(head, spread)
    labels <- as.vector(matrix(if (identical(trimws(o$collabels %||% ""), "none")) "" else cell_labels(wish), wide,
                               cells$n))
    return(list(head = c(head, if (any(nzchar(labels))) list(labels)), body = cells_body(cells, wish$rows, wide),
                spread = spread,
                n = wide * cells$n))
  }
  body <- lapply(seq_along(cells$labels), function(i) {
    one <- lapply(cells$entry, `[[`, i)
    list(label = cells$labels[i], b = vapply(one, `[[`, "", "b"), star = vapply(one, `[[`, "", "star"),
         under = if (length(wish$below)) vapply(one, `[[`, "", "under"))
  })
  list(head = head, body = body, spread = identity, n = cells$n)
}

# Headings of columns of cells: what stands in each, from above.
cell_labels <- function(wish) {
  vapply(seq_len(max(lengths(wish$rows))), function(j) {
    paste(unlist(lapply(wish$rows, function(row) if (j <= length(row)) row[[j]]$label)), collapse = "/")
  }, "")
}

# Lines of the table: the first line of a coefficient has its label.
cells_body <- function(cells, rows, wide) {
  unlist(lapply(seq_along(cells$labels), function(i) lapply(seq_along(rows), function(r) {
    field <- function(name) unlist(lapply(cells$entry, function(e) {
      one <- vapply(e[[i]]$rows[[r]], `[[`, "", name)
      c(one, rep("", wide - length(one)))
    }))
    list(label = if (r == 1L) cells$labels[i] else "", b = field("text"), star = field("star"), under = NULL,
         last = r == length(rows))
  })), recursive = FALSE)
}

esttab_notes <- function(wish, o) {
  all <- unlist(wish$rows, recursive = FALSE)
  if (!is.null(o$nonotes) || !is.null(o$plain)) return(character())
  if (!is.null(o$raw)) all <- list()
  words <- c(t = "t statistics", se = "Standard errors", p = "p-values", ci = "95% confidence intervals")
  below <- if (length(all)) cells_note(all, words) else if (length(wish$below)) sprintf("%s in %s", words[[wish$below]],
                                           if (wish$bracket[1L] == "[") "brackets" else "parentheses")
  size <- vapply(wish$stars, function(x) format(x, drop0trailing = TRUE, scientific = FALSE), "")
  star <- if (length(size)) paste(sprintf("%s p<%s", names(wish$stars), size), collapse = ", ")
  own <- if (!is.null(o$addnotes)) macro_words(o$addnotes)
  c(below, own, star)
}

# What of several statistics stands in brackets.
cells_note <- function(all, words) {
  words <- c(words, z = "z statistics", b = "Coefficients", ci_l = "Lower limits", ci_u = "Upper limits")
  in_brackets <- Filter(function(s) nzchar(s$bracket[1L]), all)
  vapply(in_brackets, function(s) sprintf("%s in %s", words[[s$name]],
                                          if (s$bracket[1L] == "[") "brackets" else "parentheses"), "")
}

esttab_page <- function(cells, wish, o, kind) {
  rows <- esttab_rows(cells, wish, o)
  notes <- esttab_notes(wish, o)
  cells$stats <- lapply(cells$stats, rows$spread)
  cells$n <- rows$n
  title <- if (!is.null(o$title)) unquote(o$title)
  switch(kind, text = esttab_text(rows, cells, wish, o, title, notes), csv = , tab = esttab_split(rows, cells, title,
    notes,
    kind), tex = esttab_tex(rows, cells, title, notes, o), rtf = esttab_rtf(rows, cells, title, notes),
    esttab_split(rows, cells, title, notes, "tab"))
}

esttab_text <- function(rows, cells, wish, o, title, notes) {
  compact <- !is.null(o$compress)
  left <- if (!is.null(o$varwidth)) as.integer(number_word(o$varwidth)) else if (!is.null(o$label)) 20L else
    if (compact) 10L else 12L
  wide <- if (!is.null(o$modelwidth)) as.integer(number_word(o$modelwidth)) else if (identical(wish$below,
    "ci") || any(vapply(unlist(wish$rows, recursive = FALSE), function(s) s$name == "ci", NA))) 16L else
    if (compact) 10L else 12L
  star <- if (length(wish$stars)) max(nchar(names(wish$stars))) else 0L
  line <- function(label, x, mark = "") {
    paste0(justify(estout_label(label, left), left, TRUE), paste0(" ", justify(x, wide), justify(mark, star, TRUE),
                                                               collapse = ""))
  }
  span <- left + cells$n * (wide + 1L + star)
  bar <- if (is.null(o$plain) && is.null(o$nolines)) strrep("-", span)
  gaps <- is.null(o$nogaps) && is.null(o$plain) && (length(wish$below) > 0L || length(wish$rows) > 1L)
  body <- unlist(lapply(rows$body, function(r) c(line(r$label, r$b, r$star), if (!is.null(r$under)) line("", r$under),
                                                 if (gaps && !isFALSE(r$last)) "")))
  if (gaps) body <- utils::head(body, -1L)
  foot <- vapply(names(cells$stats), function(s) line(s, cells$stats[[s]]), "", USE.NAMES = FALSE)
  c("", title, bar, vapply(rows$head, function(h) line("", abbreviate_name(h, wide)), ""), bar, body,
    if (length(foot)) c(bar, foot), bar, notes)
}

estout_label <- function(text, width) ifelse(nchar(text) > width, paste0(substr(text, 1L, width - 2L), ".."), text)
