# The table of Stata's command words: minimal abbreviation, the function that runs it, whether by: may stand before it.

# parse: what reads the command where its grammar is its own.
command_row <- function(word, least, run, by = FALSE, raw = FALSE, groups = NULL, parse = NULL) {
  list(word = word, least = least, run = run, by = by, raw = raw, groups = groups, parse = parse)
}

analysis_row <- function(word, verb = word, draws = "never", fixed = list()) {
  command_row(word, word, function(command, session, rows) run_analysis(command, session, rows, verb, fixed, draws),
              by = TRUE)
}

raw_row <- function(word, least, run) command_row(word, least, run, raw = TRUE)

data_rows <- function() list(
  command_row("generate", "g", run_generate, TRUE, groups = generate_groups),
  command_row("replace", "replace", run_replace, TRUE, groups = replace_groups),
  command_row("egen", "egen", run_egen, TRUE, groups = egen_groups),
  command_row("drop", "drop", run_drop, TRUE, groups = drop_groups),
  command_row("keep", "keep", run_keep, TRUE, groups = keep_groups),
  command_row("rename", "ren", run_rename), command_row("sort", "so", run_sort),
  command_row("gsort", "gsort", run_gsort),
  command_row("order", "order", run_order), command_row("aorder", "aorder", run_aorder),
  command_row("count", "cou", run_count, TRUE),
  command_row("assert", "as", run_assert, TRUE), command_row("encode", "en", run_encode),
  command_row("decode", "dec", run_decode),
  command_row("destring", "destring", run_destring), command_row("tostring", "tostring", run_tostring),
  command_row("format", "form", run_format), raw_row("label", "la", run_label),
  command_row("numlabel", "numlabel", run_numlabel),
  command_row("list", "l", run_list, TRUE), command_row("describe", "d", run_describe), command_row("ds", "ds", run_ds),
  raw_row("lookfor", "lookfor", run_lookfor), command_row("codebook", "codebook", run_codebook),
  command_row("misstable", "misstable", run_misstable), command_row("summarize", "su", run_summarize, TRUE),
  command_row("tabulate", "ta", run_tabulate, TRUE), command_row("tab1", "tab1", run_tab1),
  command_row("tab2", "tab2", run_tab2),
  command_row("tabstat", "tabstat", run_tabstat, TRUE), raw_row("display", "di", run_display),
  command_row("levelsof", "levelsof", run_levelsof), command_row("recode", "recode", run_recode),
  command_row("mvdecode", "mvdecode", run_mvdecode), command_row("mvencode", "mvencode", run_mvencode),
  command_row("split", "split", run_split), command_row("duplicates", "duplicates", run_duplicates),
  command_row("isid", "isid", run_isid), command_row("clonevar", "clonevar", run_clonevar),
  command_row("separate", "separate", run_separate), command_row("recast", "recast", run_recast))

shape_rows <- function() list(
  command_row("merge", "mer", run_merge), command_row("append", "app", run_append),
  command_row("joinby", "joinby", run_joinby),
  command_row("cross", "cross", run_cross), command_row("reshape", "reshape", run_reshape),
  command_row("expand", "expand", run_expand),
  command_row("fillin", "fillin", run_fillin), command_row("xpose", "xpose", run_xpose),
  command_row("collapse", "collapse", run_collapse),
  command_row("contract", "contract", run_contract), raw_row("statsby", "statsby", run_statsby),
  raw_row("simulate", "simul", run_simulate), command_row("xtile", "xtile", run_xtile),
  command_row("pctile", "pctile", run_pctile),
  command_row("_pctile", "_pctile", run_pctile_saved), command_row("ipolate", "ipolate", run_ipolate, TRUE),
  command_row("sample", "sample", run_sample), command_row("bsample", "bsample", run_bsample),
  command_row("drawnorm", "drawnorm", run_drawnorm),
  command_row("frame", "frame", run_frame, raw = TRUE, groups = run_frame_block),
  raw_row("frames", "frames", run_frame), raw_row("cwf", "cwf", run_cwf), raw_row("pwf", "pwf", run_pwf),
  command_row("frlink", "frlink", run_frlink), command_row("frget", "frget", run_frget))

file_rows <- function() list(
  command_row("use", "u", run_use), command_row("save", "sa", run_save), command_row("saveold", "saveold", run_save),
  raw_row("import", "import", run_import), command_row("insheet", "insheet", run_insheet),
  raw_row("input", "inp", run_input),
  raw_row("export", "export", run_export), command_row("outsheet", "outs", run_outsheet),
  raw_row("putexcel", "putexcel", run_putexcel), raw_row("putdocx", "putdocx", run_putdocx),
  raw_row("postfile", "postfile", run_postfile), raw_row("post", "post", run_post),
  raw_row("postclose", "postclose", run_postclose),
  raw_row("file", "file", run_file), raw_row("cd", "cd", run_cd), raw_row("chdir", "chdir", run_cd),
  raw_row("pwd", "pwd", run_pwd),
  raw_row("mkdir", "mkdir", run_mkdir), raw_row("dir", "dir", run_dir), raw_row("ls", "ls", run_dir),
  raw_row("type", "ty", run_type),
  command_row("clear", "clear", run_clear), command_row("preserve", "pres", run_preserve),
  command_row("restore", "rest", run_restore), raw_row("snapshot", "snapshot", run_snapshot),
  raw_row("log", "log", run_log), raw_row("cmdlog", "cmdlog", run_cmdlog),
  raw_row("graph", "gr", run_graph), raw_row("twoway", "tw", run_twoway),
  raw_row("scatter", "sc", twoway_word("scatter")),
  raw_row("line", "line", twoway_word("line")), raw_row("histogram", "hist", twoway_word("histogram")))

program_rows <- function() list(
  raw_row("local", "loc", run_local), raw_row("global", "gl", run_global), raw_row("macro", "ma", run_macro),
  raw_row("scalar", "sca", run_scalar), raw_row("set", "set", run_set), raw_row("return", "ret", run_return),
  raw_row("ereturn", "eret", run_ereturn), raw_row("sreturn", "sret", run_sreturn),
  raw_row("matrix", "mat", run_matrix),
  command_row("mkmat", "mkmat", run_mkmat), command_row("svmat", "svmat", run_svmat),
  raw_row("estimates", "est", run_estimates),
  raw_row("program", "pr", run_program), raw_row("args", "args", run_args), raw_row("syntax", "syntax", run_syntax),
  raw_row("marksample", "marksample", run_marksample), command_row("mark", "mark", run_mark),
  command_row("markout", "markout", run_markout),
  raw_row("gettoken", "gettoken", run_gettoken), raw_row("do", "do", run_do), raw_row("run", "ru", run_run),
  raw_row("include", "inc", run_include), command_row("exit", "e", run_exit), command_row("error", "err", run_error),
  raw_row("confirm", "conf", run_confirm), raw_row("tempvar", "tempvar", run_tempvar),
  raw_row("tempname", "tempname", run_tempvar),
  raw_row("tempfile", "tempfile", run_tempfile), raw_row("tokenize", "token", run_tokenize),
  command_row("continue", "continue", run_continue),
  raw_row("version", "vers", run_version), raw_row("ssc", "ssc", run_install), raw_row("which", "which", run_which),
  raw_row("net", "net", run_install),
  raw_row("adopath", "adopath", run_nothing), raw_row("pause", "pause", run_nothing),
  raw_row("sysdir", "sysdir", run_nothing),
  raw_row("findit", "findit", run_shown), raw_row("search", "search", run_shown), raw_row("xi", "xi", run_xi),
  raw_row("timer", "timer", run_timer), raw_row("more", "more", run_nothing),
  raw_row("compress", "compress", run_nothing),
  raw_row("notes", "note", run_nothing), raw_row("char", "char", run_nothing),
  raw_row("discard", "discard", run_nothing),
  raw_row("sleep", "sleep", run_nothing), raw_row("beep", "beep", run_nothing), raw_row("cls", "cls", run_nothing),
  raw_row("gr_edit", "gr_edit", run_shown), command_row("stack", "stack", run_stack), raw_row("window", "win",
    run_shown),
  raw_row("_dots", "_dots", run_nothing), raw_row("asdoc", "asdoc", run_asdoc),
  raw_row("help", "h", run_shown), raw_row("browse", "br", run_shown), raw_row("edit", "ed", run_shown),
  raw_row("doedit", "doed", run_shown),
  raw_row("query", "q", run_shown), raw_row("memory", "mem", run_shown), raw_row("about", "about", run_shown),
  raw_row("set_defaults", "set_defaults", run_nothing), raw_row("mata", "mata", run_refused),
  raw_row("python", "python", run_refused))

test_rows <- function() list(
  command_row("regress", "reg", run_regress, TRUE), command_row("logit", "logit", run_logit, TRUE),
  command_row("logistic", "logistic", run_logistic, TRUE), command_row("poisson", "poisson", run_poisson, TRUE),
  command_row("ttest", "ttest", run_ttest, TRUE),
  command_row("ci", "ci", run_ci, TRUE), command_row("ranksum", "ranksum", run_ranksum, TRUE),
  command_row("signrank", "signrank", run_signrank, TRUE),
  command_row("kwallis", "kwallis", run_kwallis), command_row("oneway", "oneway", run_oneway, TRUE),
  command_row("correlate", "cor", run_correlate, TRUE), command_row("pwcorr", "pwcorr", run_pwcorr, TRUE),
  raw_row("testparm", "testparm", run_testparm), command_row("margins", "margins", run_margins),
  raw_row("marginsplot", "marginsplot", run_marginsplot),
  command_row("mean", "mean", run_mean, TRUE), command_row("cii", "cii", run_cii), command_row("xtset", "xtset",
    run_xtset),
  command_row("tsset", "tsset", run_xtset), command_row("xtreg", "xtreg", run_xtreg, TRUE))

more_test_rows <- function() list(
  command_row("areg", "areg", run_areg, TRUE), raw_row("mixed", "mixed", run_mixed), raw_row("xtmixed", "xtmixed",
    run_mixed),
  command_row("prtest", "prtest", run_prtest, TRUE), command_row("prtesti", "prtesti", run_prtesti),
  command_row("bitest", "bitest", run_bitest, TRUE), command_row("bitesti", "bitesti", run_bitesti),
  command_row("sdtest", "sdtest", run_sdtest, TRUE), command_row("ttesti", "ttesti", run_ttesti),
  command_row("robvar", "robvar", run_robvar, TRUE), command_row("signtest", "signtest", run_signtest, TRUE),
  command_row("spearman", "spearman", run_spearman, TRUE), command_row("ktau", "ktau", run_ktau, TRUE),
  command_row("swilk", "swilk", run_swilk, TRUE), command_row("ksmirnov", "ksmirnov", run_ksmirnov, TRUE),
  command_row("centile", "centile", run_centile, TRUE), command_row("anova", "anova", run_anova, TRUE),
  command_row("vif", "vif", run_vif), raw_row("nlcom", "nlcom", run_nlcom),
  command_row("predictnl", "predictnl", run_predictnl), raw_row("bootstrap", "bootstrap",
    run_bootstrap),
  raw_row("bs", "bs", run_bootstrap), raw_row("table", "table", run_table), raw_row("dtable", "dtable", run_dtable),
  raw_row("collect", "collect", run_collect), raw_row("tabi", "tabi", run_tabi),
  command_row("cs", "cs", epitab_command(print_cs, FALSE)), command_row("csi", "csi", epitab_command(print_cs, TRUE)),
  command_row("cc", "cc", epitab_command(print_cc, FALSE)), command_row("cci", "cci", epitab_command(print_cc, TRUE)),
  command_row("mcc", "mcc", pairs_command(FALSE)), command_row("mcci", "mcci", pairs_command(TRUE)),
  command_row("ir", "ir", run_ir), command_row("iri", "iri", run_iri),
  command_row("proportion", "prop", run_survey_mean("proportion"), TRUE),
  command_row("total", "total", run_survey_mean("total"), TRUE), command_row("ratio", "ratio",
    run_survey_mean("ratio"), TRUE),
  raw_row("eststo", "eststo", run_eststo), raw_row("esttab", "esttab", run_esttab), raw_row("estout", "estout",
    run_estout),
  raw_row("outreg2", "outreg2", run_outreg2), command_row("stset", "stset", run_stset), raw_row("sts", "sts", run_sts),
  command_row("stdescribe", "stdes", run_stdescribe), command_row("stsum", "stsum", run_stsum),
  command_row("stcox", "stcox", run_stcox, TRUE), command_row("streg", "streg", run_streg, TRUE),
  command_row("stci", "stci", run_stci), command_row("stsplit", "stsplit", run_stsplit),
    command_row("lrtest", "lrtest", run_lrtest),
  command_row("hausman", "hausman", run_hausman), command_row("stptime", "stptime", run_stptime),
    command_row("stir", "stir", run_stir), command_row("winsor", "winsor", run_winsor),
  command_row("winsor2", "winsor2", run_winsor2), command_row("fre", "fre", run_fre), command_row("mdesc", "mdesc",
    run_mdesc),
  command_row("savesome", "savesome", run_savesome), raw_row("mkspline", "mkspline", run_mkspline),
  raw_row("kdensity", "kdensity", run_kdensity), raw_row("lowess", "lowess", run_lowess), raw_row("qnorm", "qnorm",
    run_qnorm),
  raw_row("tsline", "tsline", twoway_word("tsline")), command_row("cumul", "cumul", run_cumul), raw_row("for", "for",
    run_for))

# Which command draws: "always" unless nograph, "asked" by its option, "never".
analysis_commands <- function() list(
  command_row("metan", "metan", run_metan, TRUE),
  analysis_row("metan9", "metan", "always", list(version = 9)), analysis_row("metaninf", draws = "always"),
  analysis_row("metainf", draws = "always", fixed = list(print = FALSE)), command_row("metacum", "metacum",
    run_metacum, TRUE),
  command_row("metabias", "metabias", run_metabias, TRUE),
  analysis_row("metabias9", "metabias", "asked", list(version = 2)),
  analysis_row("metabias6", draws = "asked"), analysis_row("metatrim", draws = "asked"),
  analysis_row("metafunnel", draws = "always"), analysis_row("galbr", draws = "always"),
  analysis_row("labbe", draws = "always"), analysis_row("metaprop", draws = "always"),
  command_row("metaprop_one", "metaprop_one", run_metaprop_one, TRUE),
    analysis_row("admetan", "metan", "never", list(version = 4)),
  raw_row("ipdmetan", "ipdmetan", run_ipdmetan), command_row("confunnel", "confunnel", run_confunnel),
  command_row("extfunnel", "extfunnel", run_extfunnel),
  command_row("metacumbounds", "metacumbounds", run_metacumbounds),
  command_row("forestplot", "forestplot", run_forestplot),
  analysis_row("metaan", draws = "asked"), analysis_row("metareg", draws = "asked"),
  analysis_row("glst"), command_row("drmeta", "drmeta", run_drmeta, TRUE, parse = parse_drmeta),
  analysis_row("metandi", draws = "asked"),
  command_row("metandiplot", "metandiplot", run_metandiplot, TRUE),
  command_row("midas", "midas", run_midas, TRUE), command_row("mvmeta", "mvmeta", run_mvmeta),
  raw_row("mvmeta_make", "mvmeta_make", run_mvmeta_make),
  command_row("network", "network", run_network),
  command_row("networkplot", "networkplot", run_networkplot), command_row("netleague", "netleague", run_netleague),
  command_row("intervalplot", "intervalplot", run_intervalplot), command_row("ifplot", "ifplot", run_ifplot),
  command_row("netfunnel", "netfunnel", run_netfunnel), command_row("sucra", "sucra", run_sucra),
  command_row("netweight", "netweight", run_netweight), command_row("clusterank", "clusterank", run_clusterank),
  command_row("heterogi", "heterogi", run_heterogi), command_row("meta", "meta", run_meta, TRUE, parse = parse_meta),
  command_row("predict", "predict", run_predict), command_row("estat", "estat", run_estat),
  command_row("test", "te", run_test, raw = TRUE), command_row("lincom", "lincom", run_lincom, raw = TRUE))

# Rows by their words and by the abbreviations that are no other command's; what may be a prefix is left out.
index_commands <- function(table) {
  index <- list2env(stats::setNames(table$rows, table$word))
  for (row in table$rows) {
    short <- substring(row$word, 1L, seq(nchar(row$least), nchar(row$word)))
    for (word in setdiff(short, ls(index))) index[[word]] <- row
  }
  rm(list = Filter(may_be_prefix, ls(index)), envir = index)
  index
}

# The first metacum called the studies' labels id().
run_metacum <- function(command, session, rows) {
  names(command$options)[names(command$options) == "id"] <- "label"
  run_analysis(command, session, rows, "metacum")
}

# metan's version is that of the session: fixed is what the word does not say.
run_metan <- function(command, session, rows) {
  run_analysis(command, session, rows, "metan", list(version = session$metan), "always")
}

# The word had another syntax until 2009, which its options tell.
run_metabias <- function(command, session, rows) {
  known <- options_least(c("metabias", "metabias6"), c(option_names("metabias6"), "harbord", "peters", "or", "rr"))
  known[["graph"]] <- "g"
  given <- vapply(names(command$options), match_option, "", known = known)
  graph <- command$options[given %in% "graph"]
  text <- if (length(graph) && !is.na(graph[[1L]])) graph[[1L]] else FALSE
  tested <- any(c("harbord", "peters", "or", "rr") %in% given)
  old <- is_old_metabias(given, length(expand_varlist(command$rest, session)), text, tested)
  run_analysis(command, session, rows, if (old) "metabias6" else "metabias", draws = "asked")
}

# metandiplot [tp fp fn tn] [if] [aweight], conf(off) pred(off) curve(off) predlevel(): without variables of the last
# metandi; [aweight = 1] makes all circles equal.
run_metandiplot <- function(command, session, rows) {
  given <- as.character(names(command$options))
  off <- function(least, word) any(startsWith(word, given) & nchar(given) >= nchar(least) &
                                     trimws(as.character(command$options)) %in% "off")
  shown <- c(conf = !off("conf", "confopts"), pred = !off("pred", "predopts"), curve = !off("curve", "curveopts"))
  weight <- if (!is.null(command$weight)) evaluate_column(command$weight$tokens, session)
  level <- command$options[given %in% "predlevel"]
  own <- grepl("^(conf|pred|curve|summ|stud)(opts?)?$|^predlevel$|^(conf|pred|curve|summ|study?)opts$", given)
  command$options <- command$options[!own]
  command["weight"] <- list(NULL)
  if (nrow(command$rest)) {
    options <- analysis_options(command, session, formals(metandiplot), "always", "metandiplot")
    fit <- metandi_of_rows(command, session, rows, options$args)
  } else {
    fit <- session$estimates
    if (!inherits(fit, "stata_metandi")) abort_stata("last estimates not found", 301L)
    options <- analysis_options(command, session, formals(metandiplot), "always", "metandiplot")
  }
  view <- fit
  class(view) <- unique(c("stata_metandiplot", class(view)))
  view$options["parts"] <- list(if (all(shown)) NULL else names(shown)[shown])
  if (length(level)) view$options$predlevel <- number_word(level[[1L]])
  if (!is.null(weight)) view$options$psize <- weight[view$studies$rows]
  add_graph(view, options$words, session)
}

metandi_of_rows <- function(command, session, rows, args) {
  kept <- selected_rows(command, session, rows)
  if (!length(kept)) abort_stata("no observations", 2000L)
  vars <- lapply(expand_varlist(command$rest, session, 4L, 4L), as.name)
  given <- list(data = analysis_data(session), subset = kept, graph = FALSE)
  call <- as.call(c(as.name("metandiplot"), vars, given, args))
  eval(call, list(), asNamespace("metaparity"))
}

# The groups of groupid() are the clusters of the logistic-normal model alone; the other models do not look at them.
run_metaprop_one <- function(command, session, rows) {
  known <- c(groupid = "group", logit = "logit")
  given <- vapply(names(command$options), match_option, "", known = known)
  if ("logit" %in% given) abort_gap("option logit of metaprop_one", "use rma.glmm() of R with measure = \"PLO\"")
  for (text in command$options[given %in% "groupid"]) {
    if (is.na(text)) abort_stata("option groupid() needs a variable", 198L)
    find_stata_variable(trimws(text), session)
  }
  command$options <- command$options[!given %in% "groupid"]
  run_analysis(command, session, rows, "metaprop")
}

run_heterogi <- function(command, session, rows) {
  fun <- get0("heterogi", envir = asNamespace("metaparity"), mode = "function", inherits = FALSE)
  if (is.null(fun)) abort_unsupported("heterogi")
  numbers <- strsplit(command$rest_text, "\\s+")[[1L]]
  options <- analysis_options(command, session, formals(fun), "never", "heterogi")
  view <- do.call(fun, c(as.list(number_word_all(numbers)), options$args))
  finish_analysis(view, command, session, rows, options)
}

number_word_all <- function(words) vapply(words, number_word, 0, USE.NAMES = FALSE)

# midas draws when an option asks for a figure; its forest() is an option with a text.
run_midas <- function(command, session, rows) {
  words <- names(command$options)
  names(command$options)[words %in% "forest"] <- "bforest"
  drawn <- grepl("^(plot|sroc|fagan|prior|(b|u)?for(e(st?)?)?)$", words)
  run_analysis(command, session, rows, "midas", draws = if (any(drawn)) "always" else "never")
}
