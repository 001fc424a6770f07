# The cases of Stata's meta suite for tools/check-stata-logs: how each data set was declared, and its commands.
suite_formats <- c("meta_summarize", "meta_regress", "meta_bias", "meta_trimfill", "meta_forestplot_text")

suite_data <- function(data) {
  if (all(c("dead1", "tot1") %in% names(data))) {
    data <- transform(data, nodead1 = tot1 - dead1, nodead0 = tot0 - dead0)
  }
  if (!is.null(data$smd)) attr(data$smd, "format.stata") <- "%6.2f"
  if (!is.null(data$size)) data$size <- factor(data$size, labels = c("Smaller RCTs", "Mega-RCTs"))
  if (all(c("id", "year") %in% names(data))) data$id_year <- sprintf("%s (%s)", data$id, data$year)
  data
}

# Declarations by the start of the case's name; the first that fits holds.
suite_declared <- list(
  meta_magnes = quote(meta_esize(dead1, nodead1, dead0, nodead0, data = d, esize = "lnrratio", studylabel = trialnam)),
  meta_forest_magnes = quote(meta_esize(dead1, nodead1, dead0, nodead0, data = d, esize = "lnrratio",
                                        studylabel = trialnam)),
  meta_cont_mdiff = quote(meta_esize(tsample, tmean, tsd, csample, cmean, csd, data = d, esize = "mdiff",
                                     studylabel = id)),
  meta_forest_cont_mdiff = quote(meta_esize(tsample, tmean, tsd, csample, cmean, csd, data = d, esize = "mdiff",
                                            studylabel = id)),
  meta_forest_cont = quote(meta_esize(tsample, tmean, tsd, csample, cmean, csd, data = d, studylabel = id)),
  meta_exercise_regress = quote(meta_set(smd, sesmd, data = d, studylabel = study, eslabel = "Std. Mean Diff.",
                                         metashow = FALSE)),
  meta_exercise = quote(meta_set(smd, sesmd, data = d, studylabel = study, eslabel = "Std. Mean Diff.")),
  meta_forest_exercise = quote(meta_set(smd, sesmd,
                                        data = transform(d, abstract = factor(abstract, labels = c("No", "Yes"))),
                                        studylabel = study, eslabel = "Std. Mean Diff.")),
  meta_prev = quote(meta_set(`_ES`, `_seES`, data = d, studylabel = study, eslabel = "Premorb. Prevalence.")),
  meta_summ_bcg_generic_fixed_eform = quote(meta_set(logRR, selogRR, data = d, fixed = TRUE)),
  meta_summ_bcg_lnrr_fixed_iv = quote(meta_esize(tcases, tnoncases, ccases, cnoncases, data = d, esize = "lnrr",
                                                 fixed = "iv",
                                                 studylabel = trialnam)),
  meta_summ_cohend_common = quote(meta_esize(tsample, tmean, tsd, csample, cmean, csd, data = d,
                                             esize = "cohend, holkinse",
                                             common = TRUE, studylabel = id_year)),
  meta_summ_cohend_dl = quote(meta_esize(tsample, tmean, tsd, csample, cmean, csd, data = d, esize = "cohend, holkinse",
                                         random = "dl", studylabel = id_year)),
  meta_summ_generic_dl = quote(meta_set(logor, selogor, data = d, random = "dl", studylabel = id_year)),
  meta_summ_generic_reml_eform_ci = quote(meta_set(lnOR, lnORlci, lnORuci, data = d, studylabel = id)),
  meta_summ_metaset = quote(meta_set(es, cil, ciu, data = d, studylabel = study, civartolerance = 0.01)),
  meta_summ_rd = quote(meta_esize(tdeath, tnodeath, cdeath, cnodeath, data = d, esize = "rd", random = "dl",
                                  studylabel = id_year)),
  recalled_meta_summarize_bcg = quote(meta_esize(npost, nnegt, nposc, nnegc, data = d, esize = "lnrratio")),
  recalled_meta_regress_bcg = quote(meta_esize(npost, nnegt, nposc, nnegc, data = d, esize = "lnrratio")),
  recalled_meta_summarize_pupiliq = quote(meta_set(stdmdiff, se, data = d)),
  recalled_meta_bias_egger_pupiliq = quote(meta_set(stdmdiff, se, data = d)),
  recalled_meta_bias_harbord_nsaids = quote(meta_esize(Ee, Ne - Ee, Ec, Nc - Ec, data = d)),
  recalled_meta_trimfill_nsaids = quote(meta_esize(Ee, Ne - Ee, Ec, Nc - Ec, data = d)))

suite_verbs <- c(summarize = "meta_summarize", regress = "meta_regress", bias = "meta_bias", trimfill = "meta_trimfill",
                 forestplot = "meta_forestplot")

# "meta summ, eform(Odds ratio)" -> call of our verb on the declared data.
suite_call <- function(command) {
  command <- sub("^\\.\\s*", "", utils::tail(strsplit(command, "\n", fixed = TRUE)[[1L]], 1L))
  head <- strsplit(trimws(sub(",.*$", "", command)), "\\s+")[[1L]]
  verb <- suite_verbs[startsWith(names(suite_verbs), head[2L])]
  rest <- if (grepl(",", command)) sub("^[^,]*,", "", command) else ""
  found <- regmatches(rest, gregexpr("[a-z0-9]+(\\((?:[^()]|\\([^()]*\\))*\\))?", rest, perl = TRUE))[[1L]]
  name <- sub("\\(.*$", "", found)
  value <- lapply(found, function(f) if (grepl("(", f, fixed = TRUE)) sub("\\)$", "", sub("^[^(]*\\(", "", f)) else
                  TRUE)
  value <- stats::setNames(value, name)[name != "funnel"]
  if (verb == "meta_forestplot") value$draw <- FALSE
  as.call(c(list(as.name(verb), as.name("m")), lapply(head[-(1:2)], as.name), value))
}

# The declared version decides the layout: Stata 16 or later.
suite_version <- function(case) if (grepl("^Stata 16 ", case$stata_version)) 16 else 18

suite_declaration <- function(case) {
  fits <- vapply(names(suite_declared), function(n) startsWith(case$id, n), NA)
  if (any(fits)) suite_declared[[names(which.max(nchar(names(suite_declared)) * fits))]]
}

run_suite <- function(case) {
  declared <- suite_declaration(case)
  if (is.null(declared)) return("no declaration of its data is known")
  d <- suite_data(case_data(case))
  declared$version <- suite_version(case)
  m <- eval(declared)
  view <- tryCatch(eval(suite_call(case$command)), metaparity_error = function(e) conditionMessage(e))
  if (is.character(view)) return(view)
  list(view = view, lines = if (is.null(view$text)) format(view) else view$text)
}

# A printed number by its key in `printed`, where no log was published.
suite_number <- function(key, v) {
  part <- strsplit(key, "_")[[1L]]
  if (grepl("^s[0-9]+$", part[1L]) && length(part) == 2L) {
    field <- c(es = "es", lci = "cil", uci = "ciu", wt = "weight")[part[2L]]
    return(v$table[[field]][as.integer(sub("s", "", part[1L]))])
  }
  if (grepl("^c[0-9]+$", part[1L])) {
    field <- c(b = "b", se = "se", t = "t", p = "p", lo = "lo", hi = "hi")[part[2L]]
    return(v$table[[field]][as.integer(sub("c", "", part[1L]))])
  }
  r <- v$r
  value <- switch(key, ov_es = r$theta, ov_lci = r$ci_lb, ov_uci = r$ci_ub, tau2 = r$tau2,
                  I2 = if (is.null(r$I2)) r$I2_res else r$I2,
                  H2 = if (is.null(r$H2)) r$H2_res else r$H2, R2 = r$R2, z = r$z, pz = , p = r$p,
                  Q = if (is.null(r$Q)) r$Q_res else r$Q,
                  df = if (is.null(r$df_Q)) r$df_Q_res else r$df_Q, pQ = if (is.null(r$p_Q)) r$p_Q_res else r$p_Q,
                  chi2 = r$chi2,
                  pchi2 = r$p, b = r$beta1, se = r$se, k = if (is.null(r$N)) r$K_total else r$N,
                  obs = r$K_observed, imp = r$K_imputed,
                  obs_es = v$table$es[1L], obs_lci = v$table$cil[1L], obs_uci = v$table$ciu[1L])
  if (is.null(value)) NA else value
}
