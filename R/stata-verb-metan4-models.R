# The models of metan 4: their names and abbreviations, the words of model(), random(), second(), and what each prints.
# Source: the command's help pages (metan_model); one row per model, so that a new one is a row.

# least: minimal abbreviation; label: in tables; kind: how it is pooled; tau2: estimator of rma() or an own start;
# text: what follows "with" in the heading; ci: type of interval for tau2.
model_row <- function(label, kind, tau2 = "FE", text = NULL, ci = NULL, test = "z") {
  list(label = label, kind = kind, tau2 = tau2, text = text, ci = ci, test = test)
}

metan4_models <- list(
  mh = model_row("MH", "mh"),
  peto = model_row("Peto", "peto"),
  iv = model_row("IV", "iv"),
  dl = model_row("DL", "random", "DL", "DerSimonian-Laird estimate of tau\u00b2"),
  bdl = model_row("DLb", "random", "BDL", "Bootstrap DerSimonian-Laird estimate of tau\u00b2"),
  he = model_row("HE", "random", "HE", "Hedges estimate of tau\u00b2"),
  mp = model_row("MP", "random", "PM", "Mandel-Paule estimate of tau\u00b2", "QP"),
  pmm = model_row("PMM", "random", "PMM", "Median-unbiased Mandel-Paule estimate of tau\u00b2", "QP"),
  ml = model_row("ML", "random", "ML", "ML estimate of tau\u00b2", "PL"),
  reml = model_row("REML", "random", "REML", "REML estimate of tau\u00b2", "PL"),
  hm = model_row("HM", "random", "HM", "Hartung-Makambi estimate of tau\u00b2"),
  b0 = model_row("B0", "random", "B0", "Rukhin B0 estimate of tau\u00b2"),
  bp = model_row("BP", "random", "BP", "Rukhin BP estimate of tau\u00b2"),
  sj2s = model_row("SJ2S", "random", "SJ2S", "Sidik-Jonkman two-step estimate of tau\u00b2"),
  dk2s = model_row("DK2S", "random", "DK2S", "DerSimonian-Kacker two-step estimate of tau\u00b2"),
  sa = model_row("SA", "random", "SA", "user-defined heterogeneity (sensitivity analysis)"),
  pl = model_row("PL", "likelihood", "ML", "profile likelihood estimation", "PL", test = "chi2"),
  kr = model_row("KR", "kr", "REML", "REML estimate of tau\u00b2", "PL", test = "t"),
  bt = model_row("BT", "bt", "DL", "DerSimonian-Laird estimate of tau\u00b2", "gamma"),
  hc = model_row("HC", "hc", "DL", "DerSimonian-Laird estimate of tau\u00b2"),
  mult = model_row("Mult.", "mult"),
  ivhet = model_row("IVHet", "ivhet", "DL", "DerSimonian-Laird estimate of tau\u00b2"),
  qe = model_row("QE", "qe", "DL", "DerSimonian-Laird estimate of tau\u00b2"))

# Stata's words: full = minimal abbreviation; several may mean one model.
metan4_words <- c(mhaenszel = "mh", fixed = "fixed", peto = "peto", ivcommon = "iv", common = "common", fe = "fe",
                 fixedi = "fixedi", random = "random", randomi = "randomi", re = "re", dlaird = "dl", bdl = "bdl",
                 dlb = "dlb", hedges = "he", vc = "vc", ca = "ca", cochran = "cochran", gamma = "gamma",
                 mpaule = "mp", genq = "gq", ebayes = "eb", pm = "pm", pmm = "pmm", mle = "ml",
                 reml = "reml", hmakambi = "hm", b0 = "b0", bp = "bp", sj2s = "sj2s", dk2s = "dk2s", sa = "sa",
                 hksj = "hk", pl = "pl", kroger = "kr", btweedie = "bt", hcopas = "hc", mult = "mu", ivhet = "ivh",
                 qe = "qe")
model_of_word <- c(mhaenszel = "mh", ivcommon = "iv", common = "iv", fe = "iv", fixedi = "iv", random = "dl",
                   randomi = "dl", re = "dl", dlaird = "dl", dlb = "bdl", hedges = "he", vc = "he", ca = "he",
                   cochran = "he", gamma = "bt", mpaule = "mp",
                   genq = "mp", ebayes = "mp", pm = "mp", mle = "ml", hmakambi = "hm", hksj = "dl",
                   kroger = "kr", btweedie = "bt",
                   hcopas = "hc")

model_options <- c(hksj = "hk", robust = "ro", init = "init", isq = "isq", tausq = "tausq", hetpooled = "hetp",
                   truncate = "tru", bartlett = "ba", skovgaard = "sk", eim = "eim", oim = "oim", qwt = "qwt",
                   itol = "itol", maxiter = "maxit", maxtausq = "maxt", difficult = "difficult",
                   technique = "technique", quadpts = "quadpts", reps = "reps", z = "z", t = "t", chi2 = "chi2",
                   cmh = "cmh", label = "label", extralabel = "extralabel", wgt = "wgt", breslow = "bre",
                   tarone = "ta", cochranq = "coch")

# model(dl \ hksj \ pl, bartlett \ 0.9 0.7 1.1, label(Bayesian)) -> a list of models.
parse_models <- function(text, nvars, call = NULL) {
  if (!is.character(text) || length(text) != 1L || is.na(text)) {
    abort_input("model", sprintf("must be one text such as \"dl \\\\ reml, hksj\", not %s", describe(text)), call)
  }
  lapply(split_outside(text, "\\"), parse_model, nvars = nvars, call = call)
}

# Pieces of a text between the marks that stand outside quotes and brackets.
split_outside <- function(text, marks) {
  ch <- strsplit(text, "", fixed = TRUE)[[1L]]
  plain <- cumsum(ch == "\"") %% 2L == 0L
  depth <- cumsum(plain & ch == "(") - cumsum(plain & ch == ")")
  cut <- ch %in% marks & plain & depth <= 0L
  vapply(split(ch[!cut], factor(cumsum(cut), 0:sum(cut))[!cut]), paste, "", collapse = "", USE.NAMES = FALSE)
}

parse_model <- function(text, nvars, call) {
  parts <- split_outside(text, ",")
  head <- trimws(parts[1L])
  options <- parse_model_options(paste(parts[-1L], collapse = " "), call)
  words <- strsplit(head, "[[:space:]]+")[[1L]]
  number <- suppressWarnings(as.numeric(words))
  if (length(words) == 3L && !anyNA(number)) return(new_user_model(number, options))
  new_model(head, options, nvars, call)
}

# "z maxtausq(1000)" -> list(z = TRUE, maxtausq = "1000"); a text in quotes loses them.
parse_model_options <- function(text, call) {
  found <- Filter(nzchar, split_outside(text, c(" ", "\t", ",")))
  word <- sub("\\(.*$", "", found)
  name <- vapply(tolower(word), match_option, "", known = model_options, USE.NAMES = FALSE)
  if (anyNA(name)) abort_input("model", sprintf("has an option that is not known: %s", word[is.na(name)][1L]), call)
  value <- lapply(found, function(x) {
    if (!grepl("(", x, fixed = TRUE)) return(TRUE)
    inner <- trimws(sub("\\)$", "", sub("^[^(]*\\(", "", x)))
    sub("^`?\"(.*)\"'?$", "\\1", inner)
  })
  stats::setNames(value, name)
}

model_key <- function(word, call) {
  full <- match_option(tolower(word), metan4_words)
  if (is.na(full)) abort_input("model", sprintf("must be a model of metan 4, not \"%s\"", word), call)
  full
}

new_model <- function(word, options, nvars, call) {
  full <- model_key(word, call)
  key <- if (full == "fixed") { if (nvars == 4L) "mh" else "iv" } else if (full %in% names(model_of_word))
    model_of_word[[full]] else full
  if (key %in% c("mh", "peto") && nvars != 4L) {
    abort_input(key, "goes with the four cells of 2x2 tables only", call)
  }
  m <- c(list(name = key, options = options), metan4_models[[key]])
  m$hksj <- full == "hksj" || isTRUE(options$hksj)
  m$robust <- isTRUE(options$robust)
  check_model_options(m, call)
  m$test <- model_test(m)
  m$base <- m$label
  m$label <- model_label(m)
  m
}

new_user_model <- function(number, options) {
  list(name = "user", kind = "user", options = options, est = number[1L], lo = number[2L], hi = number[3L],
       label = if (is.null(options$label)) "User" else options$label, base = "User", hksj = FALSE, robust = FALSE,
       tau2 = "FE", test = "none")
}

check_model_options <- function(m, call) {
  if ((m$hksj || m$robust) && m$kind != "random") {
    abort_input(if (m$hksj) "hksj" else "robust", sprintf("does not go with the model %s", m$label), call)
  }
  only <- c(bartlett = "pl", skovgaard = "pl", eim = "kr", oim = "kr", qwt = "qe", isq = "sa", tausq = "sa")
  for (name in intersect(names(only), names(m$options))) {
    if (m$name != only[[name]]) abort_input(name, sprintf("goes with the model %s only", only[[name]]), call)
  }
  if (!is.null(m$options$init) && !m$name %in% c("sj2s", "dk2s"))
    abort_input("init", "goes with sj2s and dk2s only", call)
  if (!is.null(m$options$truncate) && !m$options$truncate %in% c("one", "zovert")) {
    abort_input("truncate", "must be one or zovert", call)
  }
  if (!is.null(m$options$hetpooled) && !m$name %in% c("dl", "mp", "reml")) {
    abort_input("hetpooled", "goes with the models dl, mp and reml only", call)
  }
}

# The reference distribution: z, t or chi2 as asked, else that of the model.
model_test <- function(m) {
  asked <- intersect(c("cmh", "chi2", "t", "z"), names(m$options))
  if (length(asked)) return(asked[1L])
  if (m$hksj || m$robust) return("t")
  if (!is.null(m$options$skovgaard)) return("z")
  m$test
}

model_label <- function(m) {
  if (!is.null(m$options$label)) return(m$options$label)
  paste0(m$label, if (m$hksj) "+HKSJ", if (m$robust) "+Robust", if (!is.null(m$options$skovgaard)) "+Skov.",
         if (!is.null(m$options$bartlett)) "+Bart.")
}

is_random_model <- function(m) m$kind %in% c("random", "likelihood", "kr", "bt", "hc", "ivhet", "qe")

# The lines under the title.
describe_model <- function(m) {
  c(switch(m$kind,
      mh = "using the Mantel-Haenszel method",
      peto = "using the Peto method",
      iv = "using the common-effect inverse-variance model",
      mult = "using the multiplicative heterogeneity model",
      bt = "using the Biggerstaff-Tweedie approximate Gamma random-effects model",
      hc = "using the Henmi-Copas approximate Gamma random-effects model",
      ivhet = "using Doi's Inverse Variance Heterogeneity (IVhet) model",
      qe = "using Doi's Quality Effects model",
      "using the random-effects inverse-variance model"),
    if (!is.null(m$text)) paste("with", m$text),
    if (m$hksj) "and Hartung-Knapp-Sidik-Jonkman (HKSJ) variance correction",
    if (m$robust) "and Sidik-Jonkman robust (sandwich-like) variance estimator",
    if (m$kind == "kr") "and Kenward-Roger variance correction",
    if (!is.null(m$options$bartlett)) "and Bartlett's correction to the likelihood",
    if (!is.null(m$options$skovgaard)) "and Skovgaard's correction to the likelihood")
}

# All models of a call: model(), or one word, then second() as in version 9.
metan4_model_list <- function(o, nvars, call) {
  asked <- asked_model_words(o)
  if (length(asked) > 1L) abort_input(asked[2L],
                                      sprintf("cannot go with `%s`: give several models in `model`", asked[1L]), call)
  first <- if (!is.null(o$first)) list(user_words(o$first, "first", o$firststats, call))
  text <- if (length(asked)) asked_model_text(asked, o[[asked]]) else if (nvars == 4L && is.null(o$wgt_name))
    "mhaenszel" else "iv"
  text <- with_model_options(text, o, length(asked) > 0L)
  if (isTRUE(o$hksj) && length(asked) && asked != "hksj" && asked != "model") text <- paste0(text, ", hksj")
  main <- if (is.null(first)) parse_models(text, nvars, call) else first
  for (name in intersect(c("cmh", "breslow", "tarone"), names(o)[vapply(o, isTRUE, NA)]))
    main[[1L]]$options[[name]] <- TRUE
  if (isTRUE(o$cmh)) main[[1L]]$test <- "cmh"
  if (!is.null(o$truncate)) main[[1L]]$options$truncate <- o$truncate
  if (is.null(o$second)) return(main)
  second <- if (is.list(o$second)) user_words(o$second, "second", o$secondstats, call) else
    parse_models(o$second, nvars, call)[[1L]]
  c(main, list(second))
}

user_words <- function(x, arg, stats, call) {
  x <- check_user_result(x, arg, call)
  new_user_model(unlist(x[1:3]), list(label = x[[4L]], extralabel = stats))
}

# Options of a model (their role in the table is part) may also stand among those of the command; they go with every
# model that is named.
with_model_options <- function(text, o, asked) {
  given <- Filter(function(name) !is.null(o[[name]]) && !isFALSE(o[[name]]), option_names("metan", 4, role = "part"))
  if (!length(given)) return(text)
  words <- vapply(given, function(name) if (isTRUE(o[[name]])) name else sprintf("%s(%s)", name, format(o[[name]])), "")
  parts <- trimws(split_outside(text, "\\"))
  joined <- paste0(parts, ifelse(grepl(",", parts, fixed = TRUE), " ", ", "), paste(words, collapse = " "))
  paste(joined, collapse = " \\ ")
}

# hksj beside another model is that model's variance; alone it is a model.
asked_model_words <- function(o) {
  given <- Filter(function(name) !is.null(o[[name]]) && !isFALSE(o[[name]]), option_names("metan", 4, role = "model"))
  if (length(given) > 1L) setdiff(given, "hksj") else given
}

# random(reml, hksj) and re(dl) name the estimator in brackets; pl(bartlett) gives options.
asked_model_text <- function(word, value) {
  if (isTRUE(value)) return(word)
  if (word == "model" || word %in% c("random", "re")) return(value)
  paste0(word, ", ", value)
}
