# metandi(): the bivariate model and the HSROC model of diagnostic accuracy with Stata's table, and metandiplot().
# Source: Harbord & Whiting (2009) Stata J 9:211-229; Harbord et al. (2007). Oracle: genuine logs.

#' Meta-analysis of diagnostic accuracy as Stata's metandi
#'
#' Fits the bivariate model by adaptive quadrature with Stata's number of points and prints Stata's table: bivariate
#' parameters, those of the hierarchical summary ROC curve, summary point.
#'
#' @param ... `tp, fp, fn, tn`: four variables of counts, found in `data`.
#' @inheritParams metan
#' @param nip integration points in each dimension; Stata's default is 5.
#' @param plot,graph draw the summary ROC plot at once.
#' @param gllamm,ip,force,detail,nolog Stata's ways to the maximum; accepted, without effect on the numbers.
#' @param nobivariate,nohsroc,nosummarypt leave out a part of the table.
#' @param level confidence level in percent.
#' @return An object of class `stata_metandi` (see [stata_view]): `table` with `section`, `parameter`, `estimate`, `se`,
#'   `z`, `p`, `ci_low`, `ci_upp`; `r` with `N`, `ll` and the estimates; `fit`, a fit of [rma.dta()].
#' @details Stata's optimiser stops when the log-likelihood has settled in its sixth digit: where the correlation is -1
#' it prints, for `telomerase`, a variance of 3.313294, and the maximum of the same approximation is at 3.316148. The
#' iterations of its log are not printed. At an edge of the parameters standard errors are missing, as in Stata's log.
#' Errors: `metaparity_error_input`, `metaparity_error_studies`; studies with missing counts are left out with a warning
#' of class `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metandi")`.
#' @section In other software: Stata `metandi tp fp fn tn`; [rma.dta()] has the exact likelihood.
#' @references Harbord RM, Whiting P (2009). metandi: Meta-analysis of diagnostic accuracy using hierarchical logistic
#'   regression. Stata Journal 9, 211-229.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' metandi(tp, fp, fn, tn, data = d)
#' metandiplot(tp, fp, fn, tn, data = d)
#' @export
metandi <- function(..., data = NULL, subset = NULL, nip = 5, plot = FALSE, gllamm = FALSE, ip = NULL, force = FALSE,
                    nobivariate = FALSE, nohsroc = FALSE, nosummarypt = FALSE, detail = FALSE, nolog = FALSE,
                    level = 95, graph = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  flags <- list(gllamm = gllamm, force = force, nobivariate = nobivariate, nohsroc = nohsroc,
                nosummarypt = nosummarypt, detail = detail, nolog = nolog)
  o <- lapply(stats::setNames(nm = names(flags)), function(flag) check_flag(flags[[flag]], flag, call))
  if (o$gllamm || !is.null(ip)) warn_input(if (o$gllamm) "gllamm" else "ip", "has no effect on the numbers here", call)
  o$nip <- as.integer(round(check_number(nip, "nip", 1, 65, call)))
  o$level <- check_stata_level(level, "level", call)
  view <- metandi_view(diagnostic_studies(mc, data, parent.frame(), call), o, call)
  if (check_flag(plot, "plot", call) || check_flag(graph, "graph", call)) plot(view)
  view
}

#' @rdname metandi
#' @export
metandiplot <- function(..., data = NULL, subset = NULL, nip = 5, level = 95, graph = TRUE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  o <- list(nip = as.integer(round(check_number(nip, "nip", 1, 65, call))),
            level = check_stata_level(level, "level", call))
  view <- metandi_view(diagnostic_studies(mc, data, parent.frame(), call), o, call)
  class(view) <- c("stata_metandiplot", class(view))
  if (check_flag(graph, "graph", call)) plot(view)
  invisible(view)
}

# The four variables with labels; rows with missing counts are left out.
diagnostic_studies <- function(mc, data, env, call) {
  data <- resolve_data(data, call)
  vars <- stata_varlist(mc$..., data, env, 4L, call)
  n <- length(vars[[1L]])
  rows <- check_subset(resolve_column(mc$subset, data, env, "subset", call), n, call) %||% seq_len(n)
  if (!length(rows)) abort_input("subset", "keeps no study", call)
  label <- stata_labels(mc$id %||% mc$label, data, env, n, call)$full
  counts <- stats::setNames(lapply(vars, function(v) as.numeric(v)[rows]), dta_cells)
  list(counts = counts, rows = rows, label = label[rows], names = names(vars), data = data)
}

# The fit of these studies; `X`: a covariate of both logits.
diagnostic_fit <- function(s, points, level, call, struct = "UN", X = NULL) {
  k <- length(s$rows)
  side <- if (is.null(X)) intercept_column(k) else list(X = X, int.incl = TRUE, int.only = FALSE)
  input <- new_dta_input(s$counts, list(sens = side, spec = side), s$label, s$rows, call = call)
  fit_dta(input, list(struct = struct, points = points, level = level), NULL, call)
}

metandi_view <- function(s, o, call) {
  fit <- diagnostic_fit(s, o$nip, o$level, call)
  table <- metandi_table(fit)
  r <- c(list(N = fit$k, ll = fit$ll), stats::setNames(as.list(table$estimate), table$parameter))
  new_stata_view("metandi", r, table, fit, o, studies = s, call = call)
}

metandi_rows <- list(
  Bivariate = c("E(logitSe)" = "logit.sens", "E(logitSp)" = "logit.spec", "Var(logitSe)" = "var.sens",
                "Var(logitSp)" = "var.spec", "Corr(logits)" = "rho"),
  HSROC = c(Lambda = "Lambda", Theta = "Theta", beta = "beta", s2alpha = "s2alpha", s2theta = "s2theta"),
  "Summary pt." = c(Se = "sens", Sp = "spec", DOR = "DOR", "LR+" = "LR+", "LR-" = "LR-", "1/LR-" = "1/LR-"))

metandi_table <- function(fit) {
  rows <- unlist(unname(metandi_rows))
  s <- fit$summary[rows, , drop = FALSE]
  z <- ifelse(rows == "beta", s[, "estimate"] / s[, "se"], NA_real_)
  data.frame(section = rep(names(metandi_rows), lengths(metandi_rows)), parameter = names(rows),
             estimate = s[, "estimate"], se = s[, "se"], z = z, p = two_sided_p(abs(z)), ci_low = s[, "ci.lb"],
             ci_upp = s[, "ci.ub"], row.names = NULL, stringsAsFactors = FALSE)
}

#' @export
format.stata_metandi <- function(x, ...) {
  o <- x$options
  shown <- c(Bivariate = !isTRUE(o$nobivariate), HSROC = !isTRUE(o$nohsroc), "Summary pt." = !isTRUE(o$nosummarypt))
  parts <- lapply(names(shown)[shown], function(section) {
    rows <- x$table[x$table$section == section, ]
    c(paste0(formatC(section, width = -13L), "|"), vapply(seq_len(nrow(rows)), function(i) metandi_line(rows[i, ]), ""))
  })
  line <- rule(13L, 64L)
  body <- unlist(lapply(parts, function(part) c(line, part)), use.names = FALSE)
  level <- sprintf("[%s%% Conf. Interval]", trimws(stata_general(100 * o$level, 5L)))
  c("", "Meta-analysis of diagnostic accuracy", "",
    paste0("Log likelihood   = ", stata_general(x$r$ll, 10L), strrep(" ", 21L), "Number of studies = ",
           stata_integer(x$r$N, 8L)),
    strrep("-", 78L), paste0("             |      Coef.   Std. Err.      z    P>|z|", justify(level, 25L)), body,
    strrep("-", 78L),
    if (shown[["Bivariate"]]) paste0("Covariance between estimates of E(logitSe) & E(logitSp)  ",
                                     stata_general(x$fit$vb[1L, 2L], 9L)))
}

metandi_line <- function(row) {
  number <- function(v) if (is.na(v)) justify(".", 9L) else stata_general(v, 9L)
  test <- if (row$parameter != "beta") strrep(" ", 17L) else
    paste0(stata_fixed(row$z, 9L, 2L), stata_fixed(row$p, 8L, 3L))
  paste0(justify(row$parameter, 12L), " |  ", number(row$estimate), "  ", number(row$se), test, "    ",
         number(row$ci_low), "   ", number(row$ci_upp))
}

# e(): the five parameters of the bivariate model with their covariances.
#' @exportS3Method
saved_estimates.stata_metandi <- function(view) {
  fit <- view$fit
  names <- c("muA", "muB", "s2A", "s2B", "rAB")
  root <- sqrt(prod(fit$tau2))
  J <- rbind(cbind(diag(4L), 0), c(0, 0, -fit$rho / (2 * fit$tau2), 1 / root))
  V <- J %*% fit$covariance %*% t(J)
  if (fit$at.edge) V[5L, ] <- V[, 5L] <- 0
  c(list(N = fit$k, ll = fit$ll, k = 5, converged = 1, cmd = "metandi",
         tpfpfntn = paste(view$studies$names, collapse = " ")),
    coefficient_matrices(c(as.numeric(fit$beta), fit$tau2, fit$rho), unname(V), names))
}

#' @export
format.stata_metandiplot <- function(x, ...) character()

#' @rdname stata_plots
#' @export
plot.stata_metandi <- function(x, title = NULL, legend = TRUE, style = style_stata(), ...) {
  o <- x$options
  invisible(attr(sroc_of_view(x$fit, title, legend, style, ..., parts = o$parts, level = o$predlevel, psize = o$psize),
                 "figure", exact = TRUE))
}

# Stata's words for titles are taken as the words of the figure.
sroc_of_view <- function(fit, title = NULL, legend = TRUE, style = style_stata(), xtitle = NULL, ytitle = NULL,
                         parts = NULL, level = NULL, psize = NULL, ...) {
  plot(fit, what = parts %||% "both", main = title, legend = legend, style = style, xlab = xtitle, ylab = ytitle,
       level = level %||% (100 * (1 - fit$level)), psize = psize)
}
