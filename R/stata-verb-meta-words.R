# Owns the vocabulary of Stata's meta suite: effect sizes, models, methods, their printed words by version.
# Source: Stata meta-analysis reference manual (syntax); oracle: the logs of Stata 16 and 17/18.

# `words`: label, eform label, in Stata 16 and since 17.
meta_type <- function(measure, label, eform = c("exp(ES)", "exp(ES)"), family, vtype = NULL, correct = TRUE) {
  list(measure = measure, label = label, eform = eform, family = family, vtype = vtype, correct = correct)
}

meta_types <- list(
  lnoratio = meta_type("OR", c("Log Odds-Ratio", "Log odds-ratio"), c("Odds Ratio", "Odds ratio"), "binary"),
  lnrratio = meta_type("RR", c("Log Risk-Ratio", "Log risk-ratio"), c("Risk Ratio", "Risk ratio"), "binary"),
  rdiff = meta_type("RD", c("Risk Diff.", "Risk diff."), family = "binary"),
  lnorpeto = meta_type("PETO", c("Log Peto's OR", "Log Peto's OR"), c("Peto's OR", "Peto's OR"), "binary"),
  hedgesg = meta_type("SMD", c("Hedges's g", "Hedges's g"), family = "means", vtype = c("LS2", "LS3")),
  cohend = meta_type("SMD", c("Cohen's d", "Cohen's d"), family = "means", vtype = c("LS", "COHEN"), correct = FALSE),
  glassdelta2 = meta_type("SMD", c("Glass's Delta2", "Glass's Delta2"), family = "means", vtype = c("GLASS", "GLASS"),
                          correct = FALSE),
  glassdelta1 = meta_type("SMD", c("Glass's Delta1", "Glass's Delta1"), family = "means", vtype = c("GLASS", "GLASS"),
                          correct = FALSE),
  mdiff = meta_type("MD", c("Mean Diff.", "Mean diff."), family = "means", vtype = c("HO", "LS")),
  ftukeyprop = meta_type("PFT", c("Freeman-Tukey's p", "Freeman\u2013Tukey's p"), family = "proportion"),
  logitprop = meta_type("PLO", c("Logit Prop.", "Logit proportion"), family = "proportion"),
  proportion = meta_type("PR", c("Proportion", "Proportion"), family = "proportion"),
  arcsineprop = meta_type("PAS", c("Arcsine Prop.", "Arcsine prop."), family = "proportion"))

meta_random_methods <- c(reml = "REML", mle = "ML", ebayes = "PM", dlaird = "DL", sjonkman = "SJ", hedges = "HE",
                         hschmidt = "HS")
meta_common_methods <- c(mhaenszel = "MH", invvariance = "FE", ivariance = "FE")

meta_method_words <- c(reml = "REML", mle = "ML", ebayes = "Empirical Bayes", dlaird = "DerSimonian\u2013Laird",
                       sjonkman = "Sidik\u2013Jonkman", hedges = "Hedges", hschmidt = "Hunter\u2013Schmidt",
                       mhaenszel = "Mantel\u2013Haenszel", invvariance = "Inverse-variance")

# Stata 16 wrote plain hyphens in all logs.
meta_word <- function(word, version) if (version < 17) gsub("\u2013", "-", word) else word

meta_method_name <- function(method, version) meta_word(meta_method_words[[method]], version)

meta_model_name <- function(model)
  c(random = "Random-effects", fixed = "Fixed-effects", common = "Common-effect")[[model]]

by_version <- function(words, version) words[[if (version < 17) 1L else 2L]]

plain_text <- function(x) all(validUTF8(x)) && !any(Encoding(x) == "bytes")

# A word or its abbreviation.
meta_match <- function(word, choices, arg, call) {
  if (!is.character(word) || length(word) != 1L || is.na(word) || !plain_text(word)) check_choice(word, choices, arg,
                                                                                                  call)
  hit <- startsWith(choices, word)
  exact <- choices %in% word
  if (any(exact)) return(choices[exact][1L])
  if (sum(hit) != 1L) {
    abort_input(arg, sprintf("must be one of %s, not %s", paste0('"', choices, '"', collapse = ", "), describe(word)),
                call)
  }
  choices[hit]
}

# "cohend, holkinse" or c("cohend", "holkinse"): the words of an option with suboptions.
meta_suboptions <- function(x, arg, call) {
  if (!is.character(x) || !length(x) || anyNA(x)) {
    abort_input(arg, sprintf("must be words in quotes, not %s", describe(x)), call)
  }
  out <- trimws(unlist(strsplit(x, "[ ,]+")))
  out[nzchar(out)]
}

# random, fixed, common: FALSE, TRUE or the name of a method. NULL when none is given.
meta_model_of <- function(o, type, call) {
  given <- Filter(function(x) !isFALSE(x), o[c("random", "fixed", "common")])
  if (!length(given)) return(NULL)
  if (length(given) > 1L) abort_input(names(given)[2L], sprintf("cannot go with `%s`", names(given)[1L]), call)
  model <- names(given)
  word <- given[[1L]]
  if (!isTRUE(word)) check_word(word, model, call)
  if (model == "random") {
    return(list(model = model, method = if (isTRUE(word)) "reml" else
      meta_match(word, c(names(meta_random_methods)), model, call)))
  }
  tables <- type %in% c("lnoratio", "lnrratio", "rdiff")
  if (isTRUE(word)) return(list(model = model, method = if (tables) "mhaenszel" else "invvariance"))
  short <- c(iv = "invvariance", mh = "mhaenszel")
  method <- if (word %in% names(short)) short[[word]] else meta_match(word, names(meta_common_methods), model, call)
  if (method == "ivariance") method <- "invvariance"
  if (method == "mhaenszel" && !tables) {
    abort_input(model, "= \"mhaenszel\" goes with lnoratio, lnrratio and rdiff only", call)
  }
  list(model = model, method = method)
}

# How results are shown: eform, or, rr, transform. `back` maps an estimate, `label` heads the column, `theta` the row.
meta_display <- function(m, o, call) {
  if (isTRUE(o$proportion)) o$transform <- meta_proportion_transform(m, o$transform, call)
  if (!is.logical(o$eform)) check_word(o$eform, "eform", call) else check_flag(o$eform, "eform", call)
  asked <- c(eform = !isFALSE(o$eform), or = isTRUE(o$or), rr = isTRUE(o$rr), transform = !is.null(o$transform))
  if (sum(asked) > 1L) abort_input(names(asked)[asked][2L], sprintf("cannot go with `%s`", names(asked)[asked][1L]),
                                   call)
  if (!any(asked)) return(list(name = "none", back = identity, label = m$eslabel, theta = "theta", ratio = FALSE))
  if (asked[["or"]] && !m$type %in% c("lnoratio", "lnorpeto")) abort_input("or", "needs log odds-ratios", call)
  if (asked[["rr"]] && m$type != "lnrratio") abort_input("rr", "needs log risk-ratios", call)
  if (asked[["transform"]]) return(meta_transform(m, o$transform, call))
  list(name = "exp", back = exp, label = if (is.character(o$eform)) o$eform else meta_eform_label(m),
       theta = "exp(theta)",
       ratio = TRUE)
}

meta_eform_label <- function(m) {
  if (m$eslabel_given) {
    own <- sprintf("exp(%s)", m$eslabel)
    return(if (display_width(own) > 14L) "exp(ES)" else own)
  }
  if (m$type == "Generic") "exp(ES)" else by_version(meta_types[[m$type]]$eform, m$version)
}

meta_transforms <- list(
  corr = list(back = tanh, label = "Correlation", theta = "tanh(theta)", ratio = FALSE),
  efficacy = list(back = function(x) -expm1(x), label = "Efficacy", theta = "1-exp(theta)", ratio = FALSE),
  exp = list(back = exp, label = "exp(ES)", theta = "exp(theta)", ratio = TRUE),
  invlogit = list(back = stats::plogis, label = "invlogit(ES)", theta = "invlogit(theta)", ratio = FALSE),
  tanh = list(back = tanh, label = "tanh(ES)", theta = "tanh(theta)", ratio = FALSE))

meta_transform <- function(m, text, call) {
  if (!is.character(text) || length(text) != 1L) abort_input("transform", "must be a name such as \"exp\"", call)
  part <- trimws(strsplit(text, ":", fixed = TRUE)[[1L]])
  name <- meta_match(part[length(part)], c(names(meta_transforms), "invftukey"), "transform", call)
  out <- if (name == "invftukey") meta_invftukey(m, call) else meta_transforms[[name]]
  if (name == "exp") out$label <- meta_eform_label(m)
  if (length(part) > 1L) out$label <- part[1L]
  c(list(name = name), out)
}

# proportion: effect sizes of one group return to proportions by the inverse of their transformation.
meta_proportion_transform <- function(m, transform, call) {
  if (!is.null(transform)) abort_input("proportion", "cannot go with `transform`", call)
  switch(m$type, ftukeyprop = "Proportion: invftukey", logitprop = "Proportion: invlogit", proportion = NULL,
         abort_input("proportion", "needs proportions made by meta_esize()", call))
}

# Miller (1978): studies with their own size, pooled results with the harmonic mean of the sizes.
meta_invftukey <- function(m, call) {
  if (m$type != "ftukeyprop") abort_input("transform", "= \"invftukey\" needs Freeman-Tukey transformed proportions",
                                          call)
  n <- as.numeric(m$vars[[2L]])
  inverse <- function(x, n) call_core(cpp_freeman_tukey_inverse(as.numeric(x), n), call)$p
  list(back = function(x) inverse(x, n), each = function(x) vapply(seq_along(x), function(i) inverse(x[i], n[i]), 0),
       label = "invftukey(ES)", theta = "invftukey(theta)", ratio = FALSE)
}

meta_limits <- function(display, lo, hi, back = display$back) {
  a <- back(lo)
  b <- back(hi)
  list(lo = pmin(a, b), hi = pmax(a, b))
}
