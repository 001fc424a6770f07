# metan(version = 4): options, pooled results of every model, subgroups, cumulative and influence analyses, the view.
# Source: help pages of metan 4.08 (Fisher); Harris et al. (2008). Oracle: verified logs.

metan4 <- function(mc, data, env, o, call) {
  nvars <- length(mc$...)
  o <- check_metan4_options(o, mc, nvars, call)
  input <- metan4_input(mc, data, env, o, call)
  o$wgt_name <- input$wgt_name
  s <- metan4_studies(input, o, call)
  view <- metan4_view(s, o, input, call)
  if (!is.null(o$saving)) save_table(metan4_results_set(view), o$saving, "saving", call)
  if (o$graph) plot(view)
  view
}

# The results set of saving() and clear: what the forest plot is made of, on the scale of the analysis. _USE: 0 heading,
# 1 study, 2 excluded study, 3 subgroup, 5 overall.
metan4_results_set <- function(view) {
  use <- c(heading = 0, study = 1, excluded = 2, subtotal = 3, overall = 5)
  rows <- view$rows[view$rows$type %in% names(use), , drop = FALSE]
  back <- if (view$options$exponent) base::log else identity
  size <- view$studies[["n"]]
  out <- data.frame(`_USE` = unname(use[rows$type]), `_STUDY` = rows$study, `_LABELS` = rows$label,
                    `_ES` = back(rows$es),
                    `_LCI` = back(rows$ci_low), `_UCI` = back(rows$ci_upp), `_WT` = rows$weight, check.names = FALSE,
                    stringsAsFactors = FALSE)
  if (!is.null(size)) out[["_NN"]] <- size[rows$study]
  more <- c(if (is.null(view$call$label) && is.null(view$call$study)) view$lcols[-1L] else view$lcols, view$rcols)
  for (name in setdiff(intersect(names(more), make.names(names(more))), names(out))) {
    out[[name]] <- plain_column(more[[name]])[rows$study]
  }
  if (!is.null(view$groups)) out <- cbind(`_BY` = rows$group, out, stringsAsFactors = FALSE)
  out
}

# Numbers stay numbers, whatever else they carry.
plain_column <- function(x) if (is.numeric(x) && !is.factor(x)) as.numeric(x) else as.character(x)

# Words that Stata takes and that change nothing here are accepted in silence: what they do is done elsewhere in R.
check_metan4_options <- function(o, mc, nvars, call) {
  for (flag in c(option_names("metan", 4, "flag"), "graph")) o[[flag]] <- check_flag(o[[flag]], flag, call)
  if (!nvars %in% c(2L, 3L, 4L, 6L)) stata_varlist(mc$..., NULL, NULL, c(2L, 3L, 4L, 6L), call)
  if (o$proportion && nvars != 2L) abort_input("proportion", "goes with two variables: events and total", call)
  o$call <- call
  o <- metan4_measure_words(o, nvars, call)
  o$wgt_name <- if (!is.null(mc$wgt)) varlist_names(list(mc$wgt))
  o$influence <- o$influence || o$leaveoneout
  if (o$cumulative && o$influence) abort_input("influence", "cannot go with `cumulative`", call)
  o$models <- metan4_model_list(o, nvars, call)
  if (length(o$models) > 1L && (o$cumulative || o$influence)) {
    abort_input("model", "must be one model with `cumulative` or `influence`", call)
  }
  o <- check_metan4_measure(o, nvars, call)
  for (level in c("ilevel", "olevel", "rflevel", "hlevel")) {
    value <- if (is.null(o[[level]])) o$level else o[[level]]
    o[[level]] <- check_stata_level(value, level, call)
  }
  o$dp <- check_number(o$dp, "dp", 0, 8, call)
  o$denominator <- check_number(o$denominator, "denominator", 1e-6, 1e12, call)
  check_metan4_pairs(o, nvars, call)
}

# Version 4's words for measures: md and smd of means; hr, or, rr and the like of estimates on the log scale ask for
# their exponents under that name.
metan4_ratios <- list(or = c("Odds Ratio", "Odds Ratios"), rr = c("Risk ratio", "Risk Ratios"),
                      hr = c("Haz. Ratio", "Hazard Ratios"), shr = c("SHR", "Sub-hazard Ratios"),
                      irr = c("IRR", "Incidence Rate Ratios"))

metan4_measure_words <- function(o, nvars, call) {
  if (o$md || o$wmd) o$nostandard <- TRUE
  if (o$smd && !o$hedges && !o$glass) o$cohen <- TRUE
  asked <- names(metan4_ratios)[unlist(o[names(metan4_ratios)])]
  log_only <- setdiff(asked, c("or", "rr"))
  if (nvars > 3L && length(log_only)) abort_input(log_only[1L], "goes with two or three variables only", call)
  if (nvars > 3L || !length(asked) || o$proportion) return(o)
  if (length(asked) > 1L) abort_input(asked[2L], sprintf("cannot go with `%s`", asked[1L]), call)
  o[asked] <- FALSE
  o$eform <- !o$log
  o$log <- FALSE
  o$ratio_words <- metan4_ratios[[asked]]
  o
}

check_metan4_measure <- function(o, nvars, call) {
  o$peto_first <- o$models[[1L]]$name == "peto"
  measure <- if (o$proportion) "PR" else metan_measure(utils::modifyList(o, list(peto = FALSE)), nvars, call)
  if (o$peto_first) {
    if (o$rr || o$rd) abort_input(if (o$rr) "rr" else "rd", "does not go with `peto`, which pools odds ratios", call)
    measure <- "OR"
  }
  o$measure <- measure
  o$ratio <- measure %in% c("RR", "OR")
  o$measure_word <- if (o$peto_first) "PETO" else
    c(RR = "RR", OR = "OR", RD = "RD", WMD = "MD", SMD = "SMD", ES = "GEN", PR = "GEN")[[measure]]
  o$model <- if (o$peto_first) "Peto" else "I-V"
  o$citype <- study_interval(o, measure, call)
  o <- parse_cc(o, nvars, call)
  parse_transform(o, call)
}

# citype(): Stata's words and their abbreviations. With proportions cimethod(), metaprop's word, says the same, and its
# "score" is Wilson's interval.
proportion_intervals <- c(wilson = "wi", exact = "ex", wald = "wa", agresti = "ag", jeffreys = "je", transform = "tr",
                          score = "sc")
effect_intervals <- c(normal = "no", t = "t", woolf = "wo", cornfield = "corn")

study_interval <- function(o, measure, call) {
  if (o$cornfield) return("cornfield")
  if (!is.null(o$cimethod) && !o$proportion) abort_input("cimethod", "goes with `proportion` only", call)
  if (!is.null(o$cimethod) && !is.null(o$citype)) {
    abort_input("cimethod", "cannot go with `citype`, which says the same", call)
  }
  arg <- if (is.null(o$cimethod)) "citype" else "cimethod"
  if (is.null(o[[arg]])) return(if (o$proportion) "wilson" else "normal")
  known <- if (o$proportion) proportion_intervals else if (measure == "OR") effect_intervals else effect_intervals[1:2]
  word <- if (is.character(o[[arg]]) && length(o[[arg]]) == 1L) match_option(tolower(trimws(o[[arg]])), known) else NA
  word <- check_choice(if (is.na(word)) o[[arg]] else word, names(known), arg, call)
  if (word == "score") "wilson" else word
}

# cc(# [, opposite | empirical | allifzero]); without it the sums of Mantel-Haenszel and Peto take the cells as they
# are.
parse_cc <- function(o, nvars, call) {
  words <- if (is.null(o$cc)) character() else
    strsplit(trimws(gsub(",", " ", as.character(o$cc))), "[[:space:]]+")[[1L]]
  number <- suppressWarnings(as.numeric(words))
  options <- c(opposite = "opp", empirical = "emp", allifzero = "all")
  named <- vapply(words[is.na(number)], match_option, "", known = options)
  if (anyNA(named)) abort_input("cc",
                                sprintf("must be a number, with opposite, empirical or allifzero, not %s",
                                        describe(o$cc)), call)
  amount <- if (o$nocc) 0 else if (any(!is.na(number))) number[!is.na(number)][1L] else 0.5
  check_number(amount, "cc", 0, 1, call)
  rule <- c(intersect(named, c("opposite", "empirical")), "constant")[1L]
  if (rule == "empirical" && o$measure != "OR") abort_input("cc", "empirical goes with odds ratios only", call)
  o$zero <- list(amount = amount, rule = rule, allifzero = "allifzero" %in% named, pooled = length(words) > 0L &&
                 !o$nocc,
                 given = length(words) > 0L)
  o$cc <- amount
  o
}

parse_transform <- function(o, call) {
  words <- strsplit(trimws(gsub(",", " ", if (is.null(o$transform)) "none" else as.character(o$transform))),
                    "[[:space:]]+")[[1L]]
  name <- match_option(tolower(words[1L]), c(none = "none", ftukey = "ft", arcsine = "ar", logit = "logit"))
  if (is.na(name)) abort_input("transform", sprintf("must be none, ftukey, arcsine or logit, not \"%s\"", words[1L]),
                               call)
  mean <- if (length(words) > 1L)
    match_option(words[2L], c(harmonic = "h", arithmetic = "a", geometric = "g", ivariance = "iv")) else "harmonic"
  if (is.na(mean)) abort_input("transform", sprintf("has an unknown mean: %s", words[2L]), call)
  o$transform <- if (o$ftt) "ftukey" else name
  o$ft_mean <- mean
  if (o$transform != "none" && !o$proportion) abort_input("transform", "goes with `proportion` only", call)
  o
}

check_metan4_pairs <- function(o, nvars, call) {
  if (o$eform && nvars > 3L) abort_input("eform", "goes with two or three variables only", call)
  if (o$log && !o$ratio) abort_input("log", "goes with odds ratios and risk ratios only", call)
  if (o$efficacy && !o$ratio) abort_input("efficacy", "goes with odds ratios and risk ratios only", call)
  if (o$chi2) o$models[[1L]]$test <- "chi2"
  for (flag in c("breslow", "tarone", "cmh")) {
    used <- isTRUE(o[[flag]]) || !is.null(o$models[[1L]]$options[[flag]])
    if (used && !(o$measure == "OR" && o$models[[1L]]$kind == "mh")) {
      abort_input(flag, "goes with Mantel-Haenszel odds ratios only", call)
    }
  }
  o$exponent <- o$ratio && !o$log || o$eform
  for (name in c("xlabel", "xtick")) check_ticks(o[[name]], name, call)
  o
}

# ---- pooling -------------------------------------------------------------------------------------

metan4_view <- function(s, o, input, call) {
  used <- s[is.na(s$reason), , drop = FALSE]
  results <- lapply(o$models, function(m) metan4_pool(used, m, o))
  groups <- if (!is.null(used$group)) metan4_groups(used, o)
  s$weight <- metan4_weights(s, results[[1L]], groups, o)
  steps <- if (o$cumulative || o$influence) metan4_steps(used, results[[1L]], o)
  rows <- metan4_rows(s, results, groups, steps, o)
  table <- rows[rows$type %in% c("study", "excluded", "subtotal", "overall"), ]
  step <- if (!is.null(steps)) steps[match(s$row[match(table$study, s$study)], steps$row), c("se", "tau2")]
  table <- table[c("type", "label", "model", "es", "ci_low", "ci_upp", "weight", if (!is.null(groups)) "group")]
  if (!is.null(step)) table <- cbind(table, step)
  rownames(table) <- NULL
  first <- if (is.null(groups)) NULL else lapply(groups, `[[`, 1L)
  view <- new_stata_view("metan4", metan4_return(results, s, groups, o), table,
                         fit = list(overall = results[[1L]]$fit, models = lapply(results, `[[`, "fit"),
                                    groups = lapply(first, `[[`, "fit")),
                         o, rows = rows, results = results, groups = groups, studies = s, steps = steps,
                         between = if (!o$nobetween) between_groups(first, o$models[[1L]], nrow(used)),
                         nvars = input$nvars,
                         title = input$title, sorted = input$sorted, wgt_name = input$wgt_name, by_name = input$by_name,
                         lcols = input$lcols, rcols = input$rcols, call = call)
  view
}

metan4_groups <- function(used, o) {
  pooled <- pooled_over_groups(used, o)
  lapply(split(used, used$group), function(g) {
    if (nrow(g) == 0L) return(NULL)
    g$pooled_tau2 <- pooled
    lapply(Filter(function(m) m$kind != "user", o$models), function(m) c(metan4_pool(g, m, o), list(rows = g$row)))
  })
}

# hetpooled: one tau2 for all subgroups, that of a meta-regression on the groups.
pooled_over_groups <- function(used, o) {
  m <- o$models[[1L]]
  if (is.null(m$options$hetpooled)) return(NULL)
  groups <- droplevels(used$group)
  k <- nrow(used)
  p <- nlevels(groups)
  if (p >= k) abort_input("by", sprintf("give %d coefficients for %d studies, which leaves none for tau2", p, k))
  fit_numbers(used, model_spec(m$tau2), X = stats::model.matrix(~groups))$tau2
}

metan4_weights <- function(s, first, groups, o) {
  out <- rep(NA_real_, nrow(s))
  used <- is.na(s$reason)
  out[used] <- 100 * first$weight / sum(first$weight)
  own <- (o$nooverall || o$sgweight || o$sgwt) && !o$ovwt
  if (own && !is.null(groups)) for (g in groups) if (!is.null(g)) {
    at <- match(g[[1L]]$rows, s$row)
    out[at] <- 100 * g[[1L]]$weight / sum(g[[1L]]$weight)
  }
  out
}

# Pooled results of the first 1, 2, ..., k studies, or of all but one; within subgroups when there are any.
metan4_steps <- function(used, all, o) {
  one <- function(s, variance) {
    k <- nrow(s)
    if (o$influence && k < 2L) return(NULL)
    parts <- lapply(seq_len(k), function(i) {
      metan4_pool(if (o$cumulative) s[seq_len(i), , drop = FALSE] else s[-i, , drop = FALSE], o$models[[1L]], o)
    })
    pick <- function(name) vapply(parts, `[[`, 0, name)
    data.frame(row = s$row, est = pick("est"), lo = pick("lo"), hi = pick("hi"), se = pick("se"),
               tau2 = vapply(parts, function(p) or_missing(p$tau2), 0), ratio = 100 * variance / pick("se")^2)
  }
  if (is.null(used$group)) return(one(used, all$se^2))
  do.call(rbind, lapply(split(used, used$group), function(g) {
    if (nrow(g)) one(g, metan4_pool(g, o$models[[1L]], o)$se^2)
  }))
}

# ---- saved results -------------------------------------------------------------------------------

# Names of version 4, on the scale of the analysis, then those of version 9, which shows ratios.
metan4_return <- function(results, s, groups, o) {
  p <- results[[1L]]
  used <- s[is.na(s$reason), , drop = FALSE]
  out <- list(k = p$k, n = if (is.null(used[["n"]])) NULL else sum(used[["n"]]), eff = p$est, se_eff = p$se,
              eff_lci = p$lo, eff_uci = p$hi,
              Q = p$Q, Qdf = p$Qdf, Q_lci = p$Q_lo, Q_uci = p$Q_hi, Isq = p$I2, H = p$H,
              HsqM = if (!is.null(p$Q)) (p$Q - p$Qdf) / p$Qdf,
              m = length(results), tausq = p$tau2, sigmasq = p$sigma2, tsq_lci = p$tau2_lo, tsq_uci = p$tau2_hi)
  if (o$ratio) out[[o$measure]] <- exp(p$est)
  if (!is.null(p$tau2) && o$isqparam) out$Isq <- 100 * p$tau2 / (p$tau2 + p$sigma2)
  if (o$rfdist) {
    out[c("rflci", "rfuci")] <- metan_predict(list(est = p$est, se = p$se, tau2 = p$tau2, k = p$k), o$rflevel)
  }
  out <- c(out, model_extras(p, used, o), group_results(groups, o, nrow(used)), version9_results(results, o),
           event_rates(s[intersect(c("a0", "b0", "c0", "d0"), names(s))]))
  out <- c(out, list(measure = o$measure, model = p$model$name, citype = o$citype))
  out[c("tsq_lci", "tsq_uci")[is.na(c(out$tsq_lci, out$tsq_uci))]] <- NULL
  out <- c(out, metan4_options_saved(results), metan4_matrices(results, groups), convergence_codes(p))
  Filter(Negate(is.null), out)
}

# Codes of Mata's mm_root(): 0 for a root that was found, 2 and 3 for one below or above what tau2 can be.
convergence_codes <- function(p) {
  if (!p$model$name %in% c("mp", "ml", "pl", "reml", "bt") || is.null(p$tau2_lo) || is.na(p$tau2_lo)) return(NULL)
  out <- list(tsq_var = p$fit$se.tau2^2, rc_tsq_lci = if (p$tau2_lo > 0) 0 else 2,
              rc_tsq_uci = if (is.finite(p$tau2_hi)) 0 else 3)
  if (p$model$name == "pl") out[c("rc_eff_lci", "rc_eff_uci")] <- as.numeric(!is.finite(c(p$lo, p$hi)))
  if (p$model$name %in% c("mp", "bt")) c(out, rc_tausq = if (p$tau2 > 0) 0 else 2) else c(out, converged = 1)
}

# What belongs to one kind of data or model: proportions, Peto's sums, Q and H under the weights of the model.
model_extras <- function(p, used, o) {
  out <- list()
  if (o$proportion && !o$nopr) {
    shown <- lapply(c(p$est, p$lo, p$hi), metan4_show, o = o, n = used[["n"]], se = p$se)
    out[c("prop_eff", "prop_lci", "prop_uci")] <- shown
  }
  if (p$model$kind == "peto") out[c("OE", "V")] <- list(p$est / p$se^2, 1 / p$se^2)
  if (!is.null(p$tau2) && p$k > 1L) {
    out$Qr <- call_core(cpp_q_around(used$yi, used$vi + p$tau2, p$est))
    out$Hstar <- sqrt(out$Qr / p$Qdf)
  }
  if (p$model$kind == "mult") out$phi <- p$factor
  out
}

group_results <- function(groups, o, k) {
  if (is.null(groups)) return(NULL)
  first <- Filter(Negate(is.null), lapply(groups, `[[`, 1L))
  b <- if (!o$nobetween) between_groups(first, o$models[[1L]], k)
  c(list(nby = length(first)), list(Qbet = b$Q, Qsum = b$Qsum, F = b$F))
}

# selogES stands where the effect is shown as a ratio, else it is seES.
version9_results <- function(results, o) {
  p <- results[[1L]]
  show <- if (o$exponent) base::exp else identity
  one <- function(p, tail) {
    out <- list(show(p$est), p$se, p$se, show(p$lo), show(p$hi))
    names(out) <- paste0(c("ES", "seES", "selogES", "ci_low", "ci_upp"), tail)
    if (o$exponent) out else out[-3L]
  }
  chi2 <- !is.null(p$chi2)
  c(one(p, ""), if (length(results) == 2L && !is.null(o$second)) one(results[[2L]], "_2"),
    list(z = if (identical(p$stat, "z")) p$value else if (!chi2) p$est / p$se, p_z = if (!chi2) p$p,
         chi2 = if (chi2) p$chi2, p_chi2 = if (chi2) p$p, het = p$Q, df = p$Qdf, p_het = p$Qp, i_sq = p$I2,
         tau2 = p$tau2))
}
