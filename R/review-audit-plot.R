# Owns a printed forest plot as data: which column is what, numbers as printed, the scale of each row.

# Names that columns go by, in lower case without signs; the first that is there counts.
plot_names <- list(
  study = c("study", "slab", "studyid", "label", "author", "trial", "\u7814\u7a76"),
  group = c("group", "subgroup", "site", "arm", "\u4e9a\u7ec4"), favours = c("favours", "favors"),
  analysis = c("analysis", "outcome", "by", "\u7ed3\u5c40"),
  measure = c("measure", "effectmeasure"),
  est = c("est", "yi", "estimate", "effect", "es", "effectsize", "esprinted", "or", "rr", "hr", "rd", "md", "wmd",
          "smd", "mean"),
  lb = c("cilb", "lb", "lower", "ll", "lcl", "cistart", "cilow", "low", "cilbprinted", "ci95low"),
  ub = c("ciub", "ub", "upper", "ul", "ucl", "ciend", "cihigh", "high", "ciubprinted", "ci95high"),
  ci = c("ci", "ci95", "95ci", "interval", "estci", "effectci", "effect95ci", "es95ci",
         paste0(rep(c("or", "rr", "hr", "rd", "md", "wmd", "smd"), each = 2L), c("95ci", "ci"))),
           se = c("se", "sei", "seprinted"),
  weight = c("weight", "weights", "wt", "w", "weightprinted", "\u6743\u91cd"), p = c("p", "pval", "pvalue", "pz"),
  events1 = c("events1", "e1", "ai", "experimentalcases", "nevents1", "eventsexp"),
  n1 = c("total1", "n1", "n1i", "experimentaln", "nexp", "totalexp"),
  events2 = c("events2", "e2", "ci2", "controlcases", "nevents2", "eventsctrl"),
  n2 = c("total2", "n2", "n2i", "controln", "nctrl", "totalctrl"),
  mean1 = c("mean1", "m1", "m1i", "experimentalmean"), sd1 = c("sd1", "sd1i", "experimentalsd"),
  mean2 = c("mean2", "m2", "m2i", "controlmean"), sd2 = c("sd2", "sd2i", "controlsd"),
  pct1 = c("pct1", "percent1"), pct2 = c("pct2", "percent2"), entry = c("entry", "givmean"),
  entry_se = c("entryse", "givse"),
  Q = c("q", "chi2", "qe", "het"), df = c("df"), I2 = c("i2"), pQ = c("pq", "phet", "pchi2", "qep"), tau2 = c("tau2"),
  z = c("z", "zval"),
  pi.lb = c("pilb"), pi.ub = c("piub"), events = c("events"), n = c("total", "n"), k = c("k", "studies", "nstudies"))

entered_columns <- c("events1", "n1", "events2", "n2", "mean1", "sd1", "mean2", "sd2", "entry", "entry_se", "events",
                     "n")
words_columns <- c("study", "group", "analysis", "measure", "favours")

plain_name <- function(x) gsub("[^a-z0-9\u4e00-\u9fff]", "", tolower(x))

# Columns of a table by what they are; `columns` names those that the table calls otherwise.
find_columns <- function(x, columns, call) {
  if (length(columns) && (!is.character(columns) || is.null(names(columns)) || !all(columns %in% names(x)))) {
    abort_input("columns", "must be names of columns, named by what they are: c(est = \"RR\")", call)
  }
  bad <- setdiff(names(columns), names(plot_names))
  if (length(bad)) abort_input("columns", sprintf("must be named by what columns are, not \"%s\"", bad[1L]), call)
  own <- plain_name(names(x))
  found <- lapply(plot_names, function(names) {
    at <- match(names, own)
    at[!is.na(at)][1L]
  })
  out <- lapply(found[!is.na(unlist(found))], function(i) x[[i]])
  for (name in names(columns)) out[[name]] <- x[[columns[[name]]]]
  out
}

# Every column read: words as text, the rest as printed numbers; `ci` taken apart.
printed_columns <- function(x, columns, digits, call) {
  out <- find_columns(x, columns, call)
  if (!is.null(out$ci) && is.null(out$lb)) out <- take_interval(out)
  decimal <- decimal_sign(unlist(Filter(is.character, out[setdiff(names(out), words_columns)])))
  for (name in setdiff(names(out), words_columns)) {
    value <- out[[name]]
    if (is.list(value)) abort_input(name, "must be a column of text or numbers", call)
    own <- if (is.null(digits)) NULL else if (is.null(names(digits))) {
      if (name %in% c("est", "lb", "ub")) digits
    } else if (name %in% names(digits)) digits[[name]]
    if (is.logical(value)) value <- as.numeric(value)
    exact <- is.numeric(value) && name %in% entered_columns && is.null(own)
    out[[name]] <- if (exact) exact_numbers(as.numeric(value)) else {
      printed_numbers(value, if (is.numeric(value)) own, decimal)
    }
  }
  for (name in intersect(words_columns, names(out))) out[[name]] <- enc2utf8(as.character(out[[name]]))
  out$ci <- NULL
  out
}

# Numbers that were entered, not printed: each with the decimals that it needs, and not rounded.
exact_numbers <- function(x) {
  digits <- rep(8L, length(x))
  for (d in 7:0) digits[which(abs(x - round(x, d)) < 1e-9 * pmax(1, abs(x)))] <- d
  out <- new_printed(x, digits, rep("=", length(x)))
  out$low <- out$high <- x
  out
}

# "0.95 (0.77, 1.16)", or the limits alone.
take_interval <- function(out) {
  numbers <- lapply(printed_pairs(as.character(out$ci)), function(p) p)
  n <- vapply(numbers, nrow, 0L)
  text <- vapply(numbers, function(p) paste(show_number(p), collapse = " "), "")
  parts <- strsplit(text, " ", fixed = TRUE)
  pick <- function(i) vapply(parts, function(p) if (length(p) >= 2L && length(p) +
                                                    i >= 1L) p[length(p) + i] else NA_character_, "")
  out$lb <- pick(-1L)
  out$ub <- pick(0L)
  if (is.null(out$est) &&
      any(n == 3L)) out$est <- vapply(parts, function(p) if (length(p) == 3L) p[1L] else NA_character_, "")
  out
}

# Scales on which an interval is symmetrical, by measure.
scale_of_measure <- function(measure) {
  m <- gsub("[^a-z]", "", tolower(measure))
  ratio <- c("or", "rr", "hr", "rom", "irr", "peto", "petoor", "log", "ratio", "oddsratio", "riskratio", "hazardratio",
             "rateratio", "giv.log")
  plain <- c("md", "wmd", "smd", "rd", "lin", "linear", "g", "d", "difference", "meandifference", "riskdifference",
             "ard")
  ifelse(m %in% ratio, "log", ifelse(m %in% plain, "identity", ifelse(m %in% c("cor", "r", "zcor"), "atanh",
         ifelse(m %in% c("plo"), "logit", ifelse(m %in% c("pas", "pft"), "arcsine",
                                                 ifelse(m %in% c("pr", "proportion", "prevalence"), "proportion",
                                                        NA))))))
}

# rows: a data frame of a printed plot -> list with printed numbers, the analysis of each row and the scale of each.
new_plot <- function(x, columns = NULL, measure = NULL, level = NULL, digits = NULL, call = NULL) {
  s <- printed_columns(x, columns, digits, call)
  s$k <- nrow(x)
  if (is.null(s$study)) s$study <- rep("", s$k)
  s$study[is.na(s$study)] <- ""
  if (is.null(s$analysis)) s$analysis <- rep("", s$k)
  s$analysis[is.na(s$analysis)] <- ""
  s$set <- match(s$analysis, unique(s$analysis))
  s$sets <- unique(s$analysis)
  if (!is.null(measure)) {
    if (is.na(scale_of_measure(check_word(measure, "measure", call)))) {
      abort_input("measure", sprintf("must be a measure such as RR, OR, HR, MD, SMD or RD, not %s", describe(measure)),
                  call)
    }
    s$measure <- rep_len(measure, s$k)
  }
  s$level <- if (is.null(level)) NULL else check_level(level, "level", call)
  s$scale <- plot_scales(s)
  s
}

has_rows <- function(s, names) all(names %in% names(s))

# Sum by analysis.
by_set <- function(s, x) {
  if (!length(s$sets)) return(numeric())
  out <- numeric(length(s$sets))
  sums <- rowsum(as.numeric(x), s$set)
  out[as.integer(rownames(sums))] <- sums
  out
}

# The scale of every row: that of its measure, else the one on which most rows of its analysis are symmetrical.
plot_scales <- function(s) {
  out <- if (is.null(s$measure)) rep(NA_character_, s$k) else scale_of_measure(s$measure)
  if (!has_rows(s, c("est", "lb", "ub"))) return(out)
  open <- is.na(out) | out == "proportion"
  tried <- list(identity = open, log = open & is.na(out), logit = open & !is.na(out), arcsine = open & !is.na(out))
  fits <- lapply(names(tried), function(scale) by_set(s, tried[[scale]] & centred(s, scale) %in% TRUE))
  names(fits) <- names(tried)
  positive <- by_set(s, !(s$est$value >= 0 & s$lb$value >= 0) %in% TRUE & !is.na(s$est$value)) == 0
  best <- ifelse(fits$log * positive > fits$identity, "log", "identity")
  many <- pmax(fits$logit, fits$arcsine) > fits$identity
  share <- ifelse(many, ifelse(fits$logit >= fits$arcsine, "logit", "arcsine"), "identity")
  out[open] <- ifelse(is.na(out[open]), best[s$set[open]], share[s$set[open]])
  out
}

# For the core: numbers and decimals of the rows.
core_rows <- function(s, i = seq_len(s$k)) {
  digits <- function(p) as.numeric(ifelse(is.na(p$digits[i]), 0L, p$digits[i]))
  list(est = s$est$value[i], lb = s$lb$value[i], ub = s$ub$value[i], est.digits = digits(s$est),
       lb.digits = digits(s$lb),
       ub.digits = digits(s$ub))
}

has_effect <- function(s) !is.na(s$est$value) & !is.na(s$lb$value) & !is.na(s$ub$value)

# NA where a number is missing.
centred <- function(s, scale, i = seq_len(s$k)) {
  out <- call_core(cpp_audit_centred(core_rows(s, i), scale))
  out[!has_effect(s)[i]] <- NA
  out
}

scaled <- function(x, scale) {
  switch(scale, identity = x, log = suppressWarnings(log(pmax(x, 0))),
         atanh = suppressWarnings(atanh(pmin(pmax(x, -1), 1))),
         logit = suppressWarnings(stats::qlogis(pmin(pmax(x, 0), 1))),
         arcsine = suppressWarnings(asin(sqrt(pmin(pmax(x, 0), 1)))))
}

# From a scale back to what is displayed.
back_from <- function(scale) {
  switch(scale, identity = identity, log = exp, atanh = tanh, logit = stats::plogis,
         arcsine = function(x) sin(pmin(pmax(x, 0), pi / 2))^2)
}

show_row <- function(s, i) sprintf("%s (%s, %s)", show_number(s$est, i), show_number(s$lb, i), show_number(s$ub, i))
