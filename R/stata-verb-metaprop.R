# metaprop(): pooled proportions, raw or by the Freeman-Tukey transform, with Stata's options and saved results.
# Source: Nyaga, Arbyn & Aerts (2014) Arch Public Health 72:39; Miller (1978). Oracle: verified logs.

#' Meta-analysis of proportions as Stata's metaprop
#'
#' Pools proportions by inverse variance or DerSimonian-Laird, as they are or by the Freeman-Tukey double arcsine
#' transform, and prints Stata's log.
#'
#' @param ... `events, total`: two variables. Bare names or expressions, found in `data`.
#' @inheritParams metan
#' @param fixed,random inverse variance (the default) or DerSimonian-Laird; with fewer than three studies `random` is
#'   the fixed effect, as in Stata.
#' @param ftt pool on the scale of the Freeman-Tukey double arcsine transform.
#' @param cimethod interval of the studies: `"score"` (Wilson), `"exact"` (Clopper-Pearson) or `"wald"`.
#' @param cc number added to events and non-events of a study with a proportion of 0 or 1; without it and without
#'   `ftt` such a study is left out.
#' @param second a second model to show, `"fixed"` or `"random"`.
#' @param sortby what to sort the studies by: `c(year, author)`, `"year author"`, an expression, or a variable that the
#'   command makes, such as `"_ES"`.
#' @param power proportions are shown times ten to this power; 2 gives percent.
#' @param dp decimals of the numbers.
#' @param title,subtitle,xtitle,xline texts of the forest plot, and places of vertical lines.
#' @param boxopt,pointopt,diamopt,olineopt,ciopt Stata's looks of parts of the graph, as in [metan()].
#' @param plotregion,graphregion accepted, without effect, with a warning.
#' @param effect,favours,xlabel,xtick,force,null,nulloff,boxsca,texts,astext,lcols,rcols,nobox,nowt,nostats,nohet,nowarning,summaryonly
#'   options of the forest plot, in Stata's words: see [metan()].
#' @return An object of class `stata_metaprop` (see [stata_view]): `r` with `ES`, `ci_low`, `ci_upp` (shown scale),
#'   `ES_t`, `seES` (scale of the analysis), `z`, `p_z`, `het`, `df`, `p_het`, `i_sq`, `tau2`, `measure`, `method`;
#'   `groups` the subgroups; `between` the test between them.
#' @details The pooled transform is turned back with the harmonic mean of the sample sizes (Miller 1978); the test is
#'   against the transform of 0. The test between subgroups is the dispersion of their estimates. Errors:
#'   `metaparity_error_input`; `metaparity_error_studies` names rows with impossible counts. Studies left out are shown
#'   as `(Excluded)` with a warning of class `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metaprop")`.
#' @section In other software: Stata `metaprop r n, random ftt cimethod(exact) label(namevar=study)`; metafor
#'   `rma(xi = r, ni = n, measure = "PFT", method = "DL")` with `predict(transf = transf.ipft.hm)`; meta `metaprop()`.
#' @references Nyaga VN, Arbyn M, Aerts M (2014). Metaprop: a Stata command to perform meta-analysis of binomial data.
#'   Archives of Public Health 72, 39. Miller JJ (1978). The inverse of the Freeman-Tukey double arcsine
#'   transformation. American Statistician 32, 138.
#' @examples
#' d <- data.frame(id = c("A", "B", "C", "D"), r = c(3, 10, 0, 7), n = c(20, 45, 15, 60))
#' metaprop(r, n, data = d, random = TRUE, ftt = TRUE, label = c(namevar = "id"))
#' @export
metaprop <- function(..., data = NULL, subset = NULL, fixed = FALSE, random = FALSE, ftt = FALSE, cimethod = "score",
                     cc = NULL, wgt = NULL, second = NULL, by = NULL, nosubgroup = FALSE, nooverall = FALSE,
                     sgweight = FALSE, label = NULL, sortby = NULL, power = 0, dp = 2, ilevel = 95, olevel = 95,
                     effect = NULL, favours = NULL, xlabel = NULL, xtick = NULL, force = FALSE, null = NULL,
                     nulloff = FALSE, boxsca = 100, texts = 100, astext = 50, lcols = NULL, rcols = NULL,
                     nobox = FALSE, nowt = FALSE, nostats = FALSE, nohet = FALSE, nowarning = FALSE,
                     summaryonly = FALSE, title = NULL, subtitle = NULL, xtitle = NULL, xline = NULL, boxopt = NULL,
                     pointopt = NULL, diamopt = NULL, olineopt = NULL, ciopt = NULL, plotregion = NULL,
                     graphregion = NULL, notable = FALSE, graph = FALSE, nograph = TRUE) {
  mc <- match.call(expand.dots = FALSE)
  env <- parent.frame()
  call <- match.call()
  if (is.null(data) && is_meta_call(mc$..., env)) return(meta::metaprop(...))
  o <- check_metaprop_options(check_encodings(values_in(environment(), metaprop_arguments()), call), call)
  run <- function(mc) {
    input <- metaprop_input(mc, data, env, call)
    metaprop_view(metaprop_studies(input, o, call), o, input, call)
  }
  mc$sortby <- as_written(mc$sortby, data, env)
  data <- data_to_sort(mc, data, env, 2L, FALSE, run, call)
  view <- run(mc)
  if (o$graph) plot(view)
  view
}

metaprop_no_effect <- c("plotregion", "graphregion", "xtick")

# The options that are no columns of the data.
metaprop_arguments <- function() {
  c(setdiff(option_names("metaprop"), option_names("metaprop", kind = column_kinds)), "graph")
}

# What metan's forest plot asks of its options has its neutral value here.
check_metaprop_options <- function(o, call) {
  for (flag in c(option_names("metaprop", kind = "flag"), "graph")) o[[flag]] <- check_flag(o[[flag]], flag, call)
  if (o$fixed && o$random) abort_input("random", "cannot go with `fixed`: give one model", call)
  o$model <- if (o$random) "Random" else "Fixed"
  o$cimethod <- check_choice(o$cimethod, c("score", "exact", "wald"), "cimethod", call)
  if (!is.null(o$second)) o$second <- check_choice(o$second, c("fixed", "random"), "second", call)
  if (!is.null(o$cc)) o$cc <- check_number(o$cc, "cc", 0, 1, call)
  o$power <- check_number(o$power, "power", 0, 8, call)
  o$dp <- check_number(o$dp, "dp", 0, 8, call)
  for (level in c("ilevel", "olevel")) o[[level]] <- check_stata_level(o[[level]], level, call)
  if (o$nooverall) o$sgweight <- TRUE
  idle <- metaprop_no_effect[!vapply(o[metaprop_no_effect], is.null, NA)]
  if (length(idle)) warn_input(idle[1L], paste("has no effect here:", toString(idle)), call)
  utils::modifyList(o, list(measure = "ES", ratio = FALSE, log = FALSE, eform = FALSE, counts = FALSE, rfdist = FALSE,
                            secondstats = NULL), keep.null = TRUE)
}

metaprop_input <- function(mc, data, env, call) {
  data <- resolve_data(data, call)
  stata_varlist(mc$..., data, env, 2L, call)
  groups_as_found(metan_input(mc, data, env, call), mc, data, env, call)
}

metaprop_studies <- function(input, o, call) {
  x <- input$vars[[1L]]
  n <- input$vars[[2L]]
  check_proportions(input, call)
  s <- data.frame(study = seq_along(x), row = input$rows, label = input$label, name = input$name, x = x, n = n,
                  stringsAsFactors = FALSE)
  s$group <- input$by
  s$wgt <- input$wgt
  edge <- is.finite(x) & is.finite(n) & (x == 0 | x == n)
  add <- if (is.null(o$cc) || o$ftt) 0 else o$cc * edge
  effect <- call_core(cpp_proportion_effects(x + add, n + 2 * add, o$ftt), call)
  s[c("yi", "vi")] <- effect
  s$reason <- metaprop_reason(s)
  for (reason in unique(s$reason[!is.na(s$reason)])) warn_dropped(s$row[which(s$reason == reason)], reason, call)
  if (all(!is.na(s$reason))) abort_input("...", "must hold at least one study that can be used", call)
  limits <- call_core(cpp_proportion_intervals(as.numeric(x), as.numeric(n), o$ilevel, o$cimethod), call)
  scale <- 10^o$power
  s$p <- scale * x / n
  s$lo <- scale * limits$lb
  s$hi <- scale * limits$ub
  s
}

metaprop_reason <- function(s) {
  reason <- rep(NA_character_, nrow(s))
  gaps <- is.na(s$x) | is.na(s$n)
  if (!is.null(s$wgt)) gaps <- gaps | is.na(s$wgt)
  if (!is.null(s$group)) gaps <- gaps | is.na(s$group)
  reason[gaps] <- "a value is missing"
  reason[is.na(reason) & !(s$vi > 0)] <- "a proportion of 0 or 1 has no standard error without ftt or cc()"
  reason
}

# model: "Fixed", "Random", or "*" for the user's weights. Fewer than three studies have no between-study variance.
metaprop_pool <- function(s, model, o) {
  method <- if (model == "Random" && nrow(s) > 2L) "DL" else "FE"
  fit <- fit_estimates(s$yi, s$vi, method, o$olevel, weights = if (model == "*") s$wgt, slab = s$label)
  tau2 <- if (is.null(fit$tau2)) 0 else fit$tau2
  raw <- c(fit$beta[[1L]], fit$ci.lb, fit$ci.ub)
  shown <- raw
  zero <- 0
  if (o$ftt) {
    back <- call_core(cpp_freeman_tukey_inverse(raw, as.numeric(s$n)))
    shown <- back$p
    zero <- back$zero
  }
  shown <- 10^o$power * shown
  z <- if (o$ftt) max((raw[1L] - zero) / fit$se, 0) else abs(raw[1L]) / fit$se
  q <- q_test(fit$QE, nrow(s))
  list(model = model, k = nrow(s), est = shown[1L], lo = shown[2L], hi = shown[3L],
       raw = raw[1L], se = fit$se, weight = if (model == "*") s$wgt else 1 / (s$vi + tau2),
       tau2 = if (model == "Random") tau2,
       het = fit$QE, df = q$df, p_het = q$Qp, i_sq = q$I2, z = z,
       p_z = two_sided_p(z), fit = fit, rows = s$row)
}

metaprop_view <- function(s, o, input, call) {
  used <- s[is.na(s$reason), , drop = FALSE]
  model <- if (is.null(input$wgt)) o$model else "*"
  second <- function(x) if (!is.null(o$second)) metaprop_pool(x, c(fixed = "Fixed", random = "Random")[[o$second]], o)
  all <- metaprop_pool(used, model, o)
  s$weight <- NA_real_
  s$weight[is.na(s$reason)] <- 100 * all$weight / sum(all$weight)
  groups <- if (!is.null(used$group)) lapply(split(used, used$group), function(g) {
    if (nrow(g)) c(metaprop_pool(g, model, o), list(second = second(g)))
  })
  if (o$sgweight && !is.null(groups)) s$weight <- group_weights(s, groups)
  s$yi <- s$p
  rows <- metan_rows(s, all, second(used), groups, o)
  rows <- metaprop_rows(rows, groups, all)
  table <- rows[!rows$type %in% c("heading", "sub_heading", "rule", "overall_heading", "level_rule"), ]
  table <- table[c("type", "label", "es", "ci_low", "ci_upp", "weight", if (!is.null(groups)) "group")]
  rownames(table) <- NULL
  view <- new_stata_view("metaprop", metaprop_return(all, second(used), o), table,
                         fit = metan_fit_list(all, groups, second(used)), o, rows = rows,
                         groups = groups_table(groups, all, o), between = metaprop_between(groups), studies = s,
                         nvars = 2L, wgt_name = input$wgt_name, by_name = input$by_name,
                         null = list(name = "ES", value = "0"), lcols = input$lcols, rcols = input$rcols, call = call)
  class(view) <- c("stata_metaprop", "stata_metan", "stata_view")
  view
}

# Two blanks stand before ES; a single study is not pooled; without groups the second model has its weight of 100, too.
metaprop_rows <- function(rows, groups, all) {
  pooled <- grepl("^(subtotal|overall)(_second)?$", rows$type)
  rows$label[pooled] <- sub(" pooled ES$", " pooled  ES", rows$label[pooled])
  single <- names(Filter(function(g) !is.null(g) && g$df == 0, groups))
  drop <- rows$group %in% single & rows$type %in% c("sub_heading", "subtotal", "subtotal_second")
  whole <- c("overall", "overall_second", if (is.null(groups)) c("rule", "level_rule"))
  if (all$df == 0) drop <- drop | rows$type %in% whole
  if (is.null(groups)) rows$weight[rows$type == "overall_second"] <- rows$weight[match("overall", rows$type)]
  rows[!drop, , drop = FALSE]
}

# After ftt the standard error is that of the transform, fttseES.
metaprop_return <- function(all, second, o) {
  out <- list(ES = all$est, seES = all$se, ci_low = all$lo, ci_upp = all$hi, ES_t = all$raw, z = all$z, p_z = all$p_z,
              het = all$het, df = all$df, p_het = all$p_het, i_sq = all$i_sq)
  if (o$ftt) out$fttseES <- all$se
  out$tau2 <- all$tau2
  if (!is.null(second)) {
    out[c("ES_2", "seES_2", "ci_low_2", "ci_upp_2")] <- second[c("est", "se", "lo", "hi")]
    if (o$ftt) out$fttseES_2 <- second$se
    out$method_2 <- second$model
  }
  c(out, list(measure = "ES", method = all$model, method1 = all$model))
}

# Dispersion of the groups' estimates on the scale of the analysis.
metaprop_between <- function(groups) {
  groups <- Filter(Negate(is.null), groups)
  if (length(groups) < 2L) return(NULL)
  est <- vapply(groups, `[[`, 0, "raw")
  se <- vapply(groups, `[[`, 0, "se")
  fit <- fit_estimates(unname(est), unname(se)^2, "FE")
  df <- length(groups) - 1
  list(Q = fit$QE, df = df, p = upper_p(fit$QE, df))
}
