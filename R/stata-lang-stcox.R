# stcox: Cox's regression and estat phtest after it, estimates by the R package survival.
# Source: Stata's Survival Analysis manual, stcox. Oracle: coxph(), the printed example of generators' bearings.

# stcox x ... [, nohr strata() efron breslow exactp vce(robust|cluster v) level()]
run_stcox <- function(command, session, rows) {
  o <- command_options(command, c(nohr = "nohr", hr = "hr", strata = "st", efron = "efr", breslow = "bre",
    exactp = "exactp",
                                  exactm = "exactm", robust = "r", vce = "vce", cluster = "cl", level = "l",
                                    noshow = "nosh",
                                  nolog = "nolog", estimate = "est", tvc = "tvc", texp = "tex", shared = "sh",
                                  offset = "off", noheader = "nohead"))
  for (bad in intersect(names(o), c("exactm", "tvc", "texp", "shared", "offset"))) {
    abort_gap(sprintf("option %s of stcox", bad), "use coxph() of the R package survival")
  }
  require_reader("survival", "stcox")
  if (!nrow(command$rest) && is.null(o$estimate) && identical(session$e$cmd2, "stcox")) {
    fit <- session$cox
    fit$hr <- is.null(o$nohr)
    return(emit(session, cox_lines(fit, session)))
  }
  fit <- fit_cox(command, session, rows, o)
  fit$hr <- is.null(o$nohr)
  store_cox(fit, session, command)
  emit(session, cox_lines(fit, session))
}

# Robust variances take a subject's records together.
survival_cluster <- function(o, session) {
  cluster <- regression_cluster(o, session)
  id <- session$survival$id
  if (cluster$kind != "robust" || is.null(id) || !nzchar(id)) return(cluster)
  list(kind = "cluster", name = id, value = session$data[[id]])
}

fit_cox <- function(command, session, rows, o) {
  words <- regressor_words(command$rest, session)
  s <- survival_sample(command, session, rows)
  design <- design_of(words, session, s$rows, FALSE)
  cluster <- survival_cluster(o, session)
  strata <- if (!is.null(o$strata)) expand_varlist(tokenize(o$strata), session, 1L, 5L)
  use <- s$rows[stats::complete.cases(design$X[s$rows, , drop = FALSE]) & !is_missing_of(cluster$value, s$rows)]
  for (v in strata) use <- use[!is_missing(session$data[[v]][use])]
  if (length(use) < 2L) abort_stata("no observations", 2000L)
  free <- which(!design$base)
  X <- design$X[use, free, drop = FALSE]
  kept <- free[call_core(cpp_independent_columns(cbind(1, X)))[-1L] - 1L]
  X <- design$X[use, kept, drop = FALSE]
  g <- if (length(strata)) interaction(lapply(session$data[strata], function(x) x[use]), drop = TRUE) else
    factor(rep(1L, length(use)))
  method <- if (!is.null(o$efron)) "efron" else if (!is.null(o$exactp)) "exact" else "breslow"
  y <- if (any(s$t0[use] > 0)) survival::Surv(s$t0[use], s$t[use], s$d[use]) else survival::Surv(s$t[use], s$d[use])
  data <- list(y = y, X = X, g = g, cl = if (cluster$kind == "cluster") factor(cluster$value[use]) else seq_along(use))
  formula <- if (!length(kept)) (if (nlevels(g) > 1L) y ~ strata(g) else y ~ 1) else if (nlevels(g) > 1L)
    y ~ X + strata(g) else y ~ X
  environment(formula) <- list2env(c(data, list(strata = survival::strata)), parent = baseenv())
  cox <- survival::coxph(formula, ties = method, control = survival::coxph.control(eps = 1e-13, toler.chol = 1e-14,
    iter.max = 60L), x = TRUE,
                         model = TRUE)
  # What is the same in every risk set has no coefficient.
  told <- !is.na(stats::coef(cox))
  if (length(kept) && !all(told)) {
    kept <- kept[told]
    again <- environment(formula)
    again$X <- X <- X[, told, drop = FALSE]
    if (!length(kept)) {
      formula <- if (nlevels(g) > 1L) y ~ strata(g) else y ~ 1
      environment(formula) <- again
    }
    cox <- survival::coxph(formula, ties = method, control = survival::coxph.control(
      eps = 1e-13, toler.chol = 1e-14, iter.max = 60L), x = TRUE, model = TRUE)
  }
  V <- if (length(kept)) unname(stats::vcov(cox)) else matrix(0, 0L, 0L)
  ends <- cox$loglik[c(1L, length(cox$loglik))]
  fit <- list(N = length(use), k = length(kept), kept = kept, design = design, use = use, depvar = "_t",
              level = if (is.null(o$level)) session$level else number_word(o$level), cluster = cluster, weight = "none",
              beta = as.numeric(stats::coef(cox)), df_t = NA_real_, df_m = length(kept), ll = ends[2L],
              ll_0 = ends[1L],
              failures = sum(s$d[use]), subjects = length(unique(survival_subjects(session, use))),
              risk = sum(s$t[use] - s$t0[use]), method = method, strata = strata, cox = cox)
  if (cluster$kind != "ols" && length(kept)) {
    score <- stats::residuals(cox, type = "score")
    score <- rowsum(as.matrix(score), data$cl)
    n <- nrow(score)
    V <- V %*% crossprod(score) %*% V * n / (n - 1)
    fit$n_clusters <- n
  }
  fit$V <- V
  fit <- coefficient_tests(fit)
  fit$chi2type <- if (cluster$kind == "ols") "LR" else "Wald"
  fit$chi2 <- if (cluster$kind == "ols") 2 * (fit$ll - fit$ll_0) else if (length(kept))
    sum(fit$beta * solve(V, fit$beta)) else 0
  fit$p <- if (fit$df_m) upper_p(fit$chi2, fit$df_m) else NA_real_
  fit
}

store_cox <- function(fit, session, command) {
  stored <- stored_estimates(fit)
  e <- list(N = fit$N, N_sub = fit$subjects, N_fail = fit$failures, risk = fit$risk, df_m = fit$df_m, ll = fit$ll,
    ll_0 = fit$ll_0,
            chi2 = fit$chi2, p = fit$p, chi2type = fit$chi2type, N_clust = fit$n_clusters, rank = fit$k,
            cmdline = paste("stcox", sub("^\\S+\\s*", "", command$text)), cmd = "cox", cmd2 = "stcox", depvar = "_t",
            t0 = "_t0", ties = fit$method, title = "Cox regression", properties = "b V", b = stored$b, V = stored$V)
  session$e <- Filter(Negate(is.null), e)
  session$cox <- fit
  session$regression <- session$estimates <- NULL
  session$sample <- fit$use
  session$r <- coefficient_results(shown_cox(fit), fit$names, fit$level, fit$hr)
}

shown_cox <- function(fit) {
  fit$eform <- fit$hr
  shown_coefficients(fit)
}

# Subjects, failures and time at risk beside the tests.
survival_facts <- function(fit) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 16L, TRUE), justify(value, 11L))
  count <- function(x) format(x, big.mark = ",")
  robust <- fit$cluster$kind != "ols"
  left <- function(name, value) sprintf("%s = %s", justify(name, if (robust) 20L else 15L, TRUE), justify(value, 12L))
  c(to_right(left("No. of subjects", count(fit$subjects)), line("Number of obs", count(fit$N)), 78L),
    left("No. of failures", count(fit$failures)),
    left("Time at risk", trimws(stata_general(fit$risk, 12L))),
    to_right("", line(sprintf("%s chi2(%d)", fit$chi2type, fit$df_m), stata_fixed(fit$chi2, 9L, 2L)), 78L),
    to_right(left(if (robust) "Log pseudolikelihood" else "Log likelihood", trimws(stata_general(fit$ll, 10L))),
             line("Prob > chi2", if (is.na(fit$p)) "." else sprintf("%.4f", fit$p)), 78L))
}

cox_lines <- function(fit, session) {
  strata <- length(fit$strata) > 0L
  words <- c(breslow = "Breslow method for ties", efron = "Efron method for ties", exact = "exact partial likelihood")
  if (!anyDuplicated(session$data[["_t"]][fit$use][session$data[["_d"]][fit$use] == 1])) words[] <- "no ties"
  title <- sprintf("%sCox regression -- %s", if (strata) "Stratified " else "", words[[fit$method]])
  robust <- fit$cluster$kind != "ols"
  head <- survival_facts(fit)
  table <- shown_cox(fit)[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], "_t", fit$level / 100, "z", if (fit$hr) "Haz. Ratio" else "Coef.")
  body <- coefficient_rows(table)
  c(st_heading(session), omitted_notes(fit), title, "", head, cluster_note(fit),
    if (fit$cluster$kind != "cluster") "", lines[1L],
    if (robust) "             |               Robust", lines[2:3], body, lines[1L],
    if (strata) to_right("", paste("Stratified by", paste(fit$strata, collapse = " ")), 78L))
}

# estat phtest [, detail log]: the test of proportional hazards on scaled Schoenfeld residuals against time, with the
# variance of a residual averaged over the failures (Grambsch and Therneau 1994, Biometrika 81: 515-526); failures of
# all
# strata together, the variance of the model.
cox_phtest <- function(session, command) {
  o <- command_options(command, c(detail = "d", log = "log", rank = "ra", km = "km", time = "time", plot = "pl"))
  for (bad in setdiff(names(o), c("detail", "log"))) {
    abort_gap(sprintf("option %s of estat phtest", bad), "use cox.zph() of the R package survival")
  }
  fit <- session$cox
  if (fit$method == "exact") abort_unsupported("estat phtest after stcox, exactp")
  found <- phtest_numbers(fit$cox, if (is.null(o$log)) identity else log)
  names <- fit$names[fit$kept]
  session$r <- list(df = found$df, chi2 = found$chi2, p = upper_p(found$chi2, found$df))
  if (!is.null(o$detail)) {
    session$r$phtest <- cbind(rho = found$rho, chi2 = found$each, df = 1, p = upper_p(found$each, 1))
    rownames(session$r$phtest) <- names
  }
  emit(session, phtest_lines(found, names, !is.null(o$detail), !is.null(o$log)))
}

phtest_numbers <- function(cox, transform) {
  raw <- as.matrix(stats::residuals(cox, type = "schoenfeld"))
  V <- as.matrix(if (is.null(cox$naive.var)) cox$var else cox$naive.var)
  g <- transform(as.numeric(rownames(raw)))
  g <- g - mean(g)
  d <- nrow(raw)
  score <- colSums(g * raw)
  scale <- d / sum(g^2)
  list(rho = drop(stats::cor(raw %*% V, g)), each = drop(V %*% score)^2 / diag(V) * scale,
       chi2 = sum(score * (V %*% score)) * scale, df = ncol(raw))
}

phtest_lines <- function(found, names, detail, logged) {
  margin <- strrep(" ", 6L)
  line <- function(name, rho, chi2, df) {
    paste0(margin, justify(abbreviate_name(name, 12L), 12L, TRUE), "|", if (detail) rho, stata_fixed(chi2, 13L, 2L),
           justify(format(df), 9L), stata_fixed(upper_p(chi2, df), 16L, 4L))
  }
  width <- if (detail) 51L else 38L
  blank <- strrep(" ", 13L)
  c("", paste0(margin, "Test of proportional-hazards assumption"), "",
    paste0(margin, "Time:  ", if (logged) "Log(t)" else "Time"), paste0(margin, strrep("-", width + 13L)),
    paste0(margin, strrep(" ", 12L), "|", if (detail) "       rho   ", "         chi2       df       Prob>chi2"),
    paste0(margin, rule(12L, width)),
    if (detail) c(line(names, stata_fixed(found$rho, 13L, 5L), found$each, rep(1, length(names))),
                  paste0(margin, rule(12L, width))),
    line("global test", blank, found$chi2, found$df), paste0(margin, strrep("-", width + 13L)))
}
