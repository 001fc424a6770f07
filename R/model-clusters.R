# What a fit with cluster-robust variances adds to prints and predictions: clusters, degrees of freedom that differ by
# coefficient and the note that explains them.

is_robust <- function(x) inherits(x, "metaparity_robust")

# The columns of coefficients that a note explains.
explained_columns <- function(x) {
  if (is_robust(x)) return(c("se", "tval", "df", "pval", "ci.lb", "ci.ub"))
  if (inherits(x, "metaparity_permutest")) c("pval", if (x$permci) c("ci.lb", "ci.ub"))
}

# They have a raised 1 in the header and a blank below it.
mark_columns <- function(cells, marked) {
  at <- which(colnames(cells) %in% marked)
  cells[, at] <- paste0(cells[, at], " ")
  colnames(cells)[at] <- paste0(colnames(cells)[at], raised_one())
  cells
}

raised_one <- function() if (isTRUE(l10n_info()[["UTF-8"]])) "\u00b9" else "1"

# "Number of estimates: 13" and what follows it.
format_clusters <- function(x) {
  size <- as.numeric(x$tcl)
  spread <- if (all(size == size[1L])) format(size[1L]) else {
    translatef("%d-%d (mean: %s, median: %s)", as.integer(min(size)), as.integer(max(size)),
               format_fixed(mean(size), 2L),
            format(round(stats::median(size), 2)))
  }
  format_labelled(c("Number of estimates", "Number of clusters", "Estimates per cluster"), c(x$k, x$n, spread))
}

# The note that explains the raised 1; with tests other than the usual ones of its method it names the estimator alone.
format_robust_note <- function(x) {
  club <- x$robumethod == "clubSandwich"
  chosen <- club && (x$coef_test != "Satterthwaite" || x$conf_test != "Satterthwaite" || x$wald_test != "HTZ")
  if (chosen) return(translatef("1) results based on cluster-robust inference (var-cov estimator: %s)", x$vbest))
  what <- if (x$int.only) "approx t-test and confidence interval" else "approx t/F-tests and confidence intervals"
  df <- if (club) "Satterthwaite approx" else "residual method"
  c(translatef("1) results based on cluster-robust inference (var-cov estimator: %s,", x$vbest),
    translatef("   %s, df: %s)", what, df))
}

# The variances of the coefficients for combinations of them, and what of each combination's variance they show.
combination_variances <- function(x, L, call = NULL) {
  if (!is_robust(x)) return(list(vb = coefficient_variances(x), lost = rep(FALSE, nrow(L)), ddf = NULL))
  tests <- sandwich_tests(x, L, rep(0, nrow(L)), call)
  list(vb = tests$vb, lost = tests$visible == "none", ddf = tests$ddf)
}

# For anova(), predict() and the fit itself: degrees of freedom of each row of L, F and its second df.
sandwich_tests <- function(x, L, rhs, call = NULL) {
  call_core(cpp_sandwich(sandwich_data(x), L, rhs), call)
}

# Without clubSandwich the adjusted variance is that which it calls "CR1p".
sandwich_data <- function(x) {
  how <- if (x$robumethod == "clubSandwich") list(type = x$vbest, coef_test = x$coef_test, wald_test = x$wald_test) else
    {
    list(type = sub("CR1", "CR1p", x$vbest), coef_test = "naive-tp", wald_test = "Naive-Fp")
  }
  c(how, list(yi = as.numeric(x$yi), X = unname(x$X), cluster = match(x$cluster, unique(x$cluster)), n = x$n),
    sandwich_variances(x))
}

# The variances of the estimates as the sandwich takes them: vi, tau2 and weights, or the blocks of each cluster.
sandwich_variances <- function(x) UseMethod("sandwich_variances")

#' @exportS3Method sandwich_variances metaparity_uni
sandwich_variances.metaparity_uni <- function(x) {
  list(vi = x$vi, weights = own_weights(x), tau2 = x$tau2, weighted = x$weighted)
}
