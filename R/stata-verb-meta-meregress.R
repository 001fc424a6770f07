# Owns meta_meregress() and meta_multilevel(): nested random effects with Stata's words, log and predictions. The fit is
# rma.mv()'s. Source: Stata's documented model; Konstantopoulos (2011). Oracle: rma.mv(), exact solutions.

#' Multilevel meta-regression as Stata's meta meregress and meta multilevel
#'
#' @param model Stata's words in a string: `"y x i.group || district: x, covariance(unstructured) || school:"`: outcome
#'   and moderators, then an equation for each level, from the highest to the lowest: its grouping variable, the
#'   variables with random slopes, and the options `covariance()` (`independent`, the default, or `unstructured`; of
#'   random intercepts alone `identity`), `noconstant`, `sd()` (fixed standard deviations, `.` for those to be
#'   estimated).
#'   For `meta_multilevel()` outcome and moderators alone, or a formula `y ~ x + factor(group)`.
#' @param data a data frame, one row for each effect size.
#' @param relevels names of the grouping variables, from the highest level to the lowest: `"district school"`; fixed
#'   standard deviations may follow: `"district school, sd(. 0.2)"`.
#' @param essevariable,esvarvariable name of the column of standard errors, or of variances.
#' @param reml,mle method of estimation; restricted maximum likelihood is the default.
#' @inheritParams meta_mvregress
#' @param nogroup,noheader leave out the table of groups, the whole header.
#' @return An object of class `stata_meta_meregress` (see [stata_view]). `r` holds Stata's `e()`: `N`, `ll`, `chi2`,
#'   `p`,
#'   `Q_M`, `df_Q_M`, `p_Q_M`, `b`, `V`; `groups`: the table of groups; `re`: the covariance matrix of each level;
#'   `fit`:
#'   the model of [rma.mv()]. `predict()` gives one number for each row, of `"reffects"` one column for each
#'   random effect.
#' @details Groups are nested: a school of the same name in another district is another school. At most two levels have
#'   random slopes. The restricted likelihood is without log|X'X|/2. Errors: `metaparity_error_input`,
#'   `metaparity_error_studies`, `metaparity_error_unsupported`; rows with missing values are left out with a warning of
#'   class `metaparity_warning_dropped`.
#' @section Formula: y = X b + sum_l Z_l u_l + e, u_l ~ N(0, Sigma_l) for each group of level l, e ~ N(0, se^2).
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_meregress")`.
#' @section In other software: Stata `meta meregress y x || district: || school:, essevariable(se)`,
#'   `meta multilevel y x, relevels(district school) essevariable(se)`; metafor
#'   `rma.mv(yi, vi, mods = ~ x, random = ~ 1 | district/school)`.
#' @references Konstantopoulos S (2011). Research Synthesis Methods 2, 61-76.
#' @examples
#' d <- data.frame(district = c(1, 1, 2, 2, 3, 3, 4), school = 1:7,
#'                 y = c(0.1, 0.3, -0.2, 0, 0.6, 0.9, 0.4),
#'                 se = c(0.14, 0.17, 0.22, 0.14, 0.2, 0.17, 0.24))
#' meta_multilevel("y", d, relevels = "district school", essevariable = "se")
#' fit <- meta_meregress("y || district:", d, essevariable = "se")
#' estat_sd(fit)
#' @export
meta_meregress <- function(model, data, essevariable = NULL, esvarvariable = NULL, reml = FALSE, mle = FALSE, se = NULL,
                           tdistribution = FALSE, level = 95, nogroup = FALSE, noheader = FALSE, variance = FALSE,
                           subset = NULL) {
  check_given(model)
  mc <- match.call()
  check_given(data, call = mc)
  o <- meregress_options(list(reml = reml, mle = mle, nogroup = nogroup, noheader = noheader, variance = variance), mc)
  o <- c(o, model_se_options(se, tdistribution, mc), level = check_stata_level(level, "level", mc))
  check_word(model, "model", mc)
  if (!plain_text(model)) abort_input("model", "must be plain text", mc)
  part <- strsplit(model, "||", fixed = TRUE)[[1L]]
  equations <- lapply(part[-1L], level_equation, call = mc)
  if (!length(equations)) abort_input("model", "must have an equation of random effects, as in \"y || school:\"", mc)
  fit_levels(part[1L], equations, data, model_subset(data, mc, parent.frame()), essevariable, esvarvariable, o, mc)
}

#' @rdname meta_meregress
#' @export
meta_multilevel <- function(model, data, relevels, essevariable = NULL, esvarvariable = NULL, reml = FALSE, mle = FALSE,
                            se = NULL, tdistribution = FALSE, level = 95, nogroup = FALSE, noheader = FALSE,
                            variance = FALSE, subset = NULL) {
  check_given(model)
  mc <- match.call()
  check_given(data, call = mc)
  check_given(relevels, call = mc)
  o <- meregress_options(list(reml = reml, mle = mle, nogroup = nogroup, noheader = noheader, variance = variance), mc)
  o <- c(o, model_se_options(se, tdistribution, mc), level = check_stata_level(level, "level", mc))
  equations <- level_list(relevels, mc)
  fit_levels(model, equations, data, model_subset(data, mc, parent.frame()), essevariable, esvarvariable, o, mc)
}

meregress_options <- function(o, call) {
  for (name in names(o)) check_flag(o[[name]], name, call)
  if (o$reml && o$mle) abort_input("mle", sprintf("cannot go with `%s`", "reml"), call)
  c(list(method = if (o$mle) "ML" else "REML"), o[c("nogroup", "noheader", "variance")])
}

# ---- fit ---------------------------------------------------------------------------------------

fit_levels <- function(model, equations, data, rows, sename, varname, o, call) {
  d <- model_data(data, rows, call)
  words <- model_formula_words(model, function(text) {
    all <- plain_word_list(sub(",.*$", "", text))
    list(outcomes = all[seq_len(min(1L, length(all)))], moderators = setdiff(all[-1L], "_cons"))
  }, call)
  if (length(words$outcomes) != 1L) abort_input("model", "must have one outcome", call)
  design <- meta_design(words$moderators, list(table = d$data), environment(model) %||% parent.frame(2L), call)
  yi <- numeric_column(words$outcomes, d$data, "model", call)
  vi <- sampling_variances(d, sename, varname, call)
  groups <- lapply(equations, function(e) named_column(e$level, d$data, "model", call))
  slopes <- lapply(equations, function(e) vapply(e$slopes, numeric_column, numeric(length(yi)), data = d$data,
                                                 arg = "model", call = call))
  used <- level_rows(yi, vi, design, groups, slopes, d$rows, call)
  frame <- level_frame(groups, slopes, used)
  X <- design$X[used, c(seq_len(ncol(design$X))[-1L], 1L), drop = FALSE]
  constant <- seq_len(ncol(X)) == ncol(X)
  fit <- fit_stacked(yi[used], vi[used], X, frame, o$method, level_formulas(equations, call), o, constant)
  new_meregress(fit, X, equations, design, frame, words$outcomes, used, d, o, call)
}

sampling_variances <- function(d, sename, varname, call) {
  if (is.null(sename) == is.null(varname)) abort_input("essevariable", "or `esvarvariable` must be given", call)
  arg <- if (is.null(varname)) "essevariable" else "esvarvariable"
  value <- numeric_column(check_word(sename %||% varname, arg, call), d$data, arg, call)
  bad <- which(value <= 0)
  if (length(bad)) abort_studies(arg, d$rows[bad], "must be positive", call)
  if (is.null(varname)) value^2 else value
}

level_rows <- function(yi, vi, design, groups, slopes, rows, call) {
  whole <- is.finite(yi) & is.finite(vi)
  told <- design$complete & !Reduce(`|`, lapply(groups, is.na)) &
    rowSums(is.na(do.call(cbind, c(list(rep(0, length(yi))), slopes)))) == 0
  if (any(!whole)) warn_dropped(rows[!whole], "effect size or its standard error is missing", call)
  if (any(whole & !told)) warn_dropped(rows[whole & !told], "missing values in moderators or groups", call)
  if (!any(whole & told)) abort_input("model", "leaves no row without missing values", call)
  which(whole & told)
}

new_meregress <- function(fit, X, equations, design, frame, depvar, used, d, o, call) {
  test <- stacked_tests(fit, X, seq_len(ncol(X)) == ncol(X), o)
  re <- level_covariances(fit, equations)
  terms <- rbind(design$terms, data.frame(block = "", name = "_cons", column = NA))
  table <- cbind(block = terms$block, name = terms$name, test$coef)
  rownames(table) <- NULL
  sds <- unlist(lapply(seq_along(re), function(i) stats::setNames(log(sqrt(diag(re[[i]]$Sigma))),
    sprintf("lns%d_1_%d:_cons", i, seq_along(re[[i]]$names)))))
  r <- c(model_return(fit, test, o$method),
         model_matrices(test$coef$b[test$kept], test$V, term_names(design$terms)[test$kept], sds),
         list(depvar = depvar, relevels = paste(vapply(equations, `[[`, "", "level"), collapse = " ")))
  new_stata_view("meta_meregress", r, table, fit, o, test = test, re = re, equations = equations, frame = frame,
                 groups = group_table(equations, frame), depvar = depvar, used = used, rows = d$rows,
                 meta = suite_words_of, call = call)
}

#' @exportS3Method
saved_estimates.stata_meta_meregress <- function(view) c(view$r, list(cmd = "meta meregress"))

# ---- log ---------------------------------------------------------------------------------------

#' @export
format.stata_meta_meregress <- function(x, ...) {
  o <- x$options
  c(if (!o$noheader) format_meregress_header(x), format_model_table(list(x$table), x$depvar, x$test, o$level),
    homogeneity_line(x$fit), format_random_effects(x$re, o$variance))
}

format_meregress_header <- function(x) {
  o <- x$options
  title <- sprintf("Multilevel %s meta-%s", o$method, if (x$test$df_m) "regression" else "analysis")
  left <- c(title, model_seadj_line(o$seadj))
  c("", two_halves(left, c(right_line("Number of obs", stata_integer(x$test$k, 9L)), if (length(left) > 1L) " ")),
    if (!o$nogroup) c("", format_groups(x$groups)), "",
    two_halves(c("", model_likelihood_line(x$fit, o$method)), test_lines(x$test)), "")
}

format_groups <- function(g) {
  bar <- strrep("-", 61L)
  row <- paste0(justify(abbreviate_name(g$level, 15L), 15L), " |", stata_integer(g$groups, 11L),
                stata_integer(g$min, 11L), stata_fixed(g$mean, 11L, 1L), stata_integer(g$max, 11L))
  out <- c("Grouping information", bar, "                |     No. of       Observations per group",
           " Group variable |     groups    Minimum    Average    Maximum", rule(16L, 44L), row, bar)
  paste0(strrep(" ", 8L), out)
}

#' @rdname meta_meregress
#' @export
predict.stata_meta_meregress <- function(object, statistic = "xb", fixedonly = FALSE, ...) {
  effects <- level_effects(object)
  value <- as.matrix(model_predictions(object, statistic, fixedonly, function() effects$sum, function() effects$each))
  out <- matrix(NA_real_, length(object$rows), ncol(value), dimnames = list(NULL, colnames(value)))
  out[object$used, ] <- value
  if (ncol(out) == 1L && is.null(colnames(out))) out[, 1L] else out
}

# Best linear unbiased predictions u_l = Sigma_l Z_l' M^-1 (y - Xb) of each row's groups, and the sum of all Z_l u_l.
level_effects <- function(x) {
  left <- as.numeric(x$fit$yi) - as.numeric(stats::fitted(x$fit))
  Z <- lapply(seq_along(x$re), level_design, x = x)
  solved <- numeric(length(left))
  for (i in split(seq_along(left), x$frame$.g1)) {
    M <- Reduce(`+`, lapply(seq_along(Z), level_block, x = x, Z = Z, i = i))
    solved[i] <- solve(M + diag(x$fit$vi[i], length(i)), left[i])
  }
  u <- lapply(seq_along(Z), function(l) {
    g <- x$frame[[sprintf(".g%d", l)]]
    found <- rowsum(Z[[l]] * solved, g, reorder = TRUE) %*% x$re[[l]]$Sigma
    unname(found[g, , drop = FALSE])
  })
  each <- do.call(cbind, u)
  colnames(each) <- unlist(lapply(x$re, function(one) paste(one$level, one$names, sep = ":")))
  list(each = each, sum = rowSums(do.call(cbind, Z) * each))
}

level_design <- function(x, l) {
  slopes <- x$frame[sprintf(".s%d_%d", l, seq_along(x$equations[[l]]$slopes))]
  unname(as.matrix(cbind(slopes, if (x$equations[[l]]$constant) rep(1, nrow(x$frame)))))
}

# Covariances between the rows i that random effects of level l make.
level_block <- function(l, x, Z, i) {
  g <- x$frame[[sprintf(".g%d", l)]][i]
  z <- Z[[l]][i, , drop = FALSE]
  outer(g, g, `==`) * (z %*% x$re[[l]]$Sigma %*% t(z))
}
