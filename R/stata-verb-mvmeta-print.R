# The log of mvmeta: notes, header, coefficients by equation, covariances between studies. Oracle: genuine logs.

#' @export
format.stata_mvmeta <- function(x, ...) {
  f <- x$fit
  c(if (!is.null(x$call$V)) format_mvmeta_notes(x), if (identical(f$remark, "nouncertainv"))
      sprintf("(option nouncertainv ignored with estimation method %s)", x$model$method),
    if (x$options$showall && x$options$nouncertainv) "(option showall ignored with option nouncertainv)",
    if (length(f$negative) && f$negative > 0L && !is.null(x$call$V)) c("", mvmeta_negative(f$negative)),
    "", format_mvmeta_header(x), format_mvmeta_table(x), format_mvmeta_common(x),
    if (x$options$nouncertainv && !f$moments) "Note: these standard errors ignore uncertainty in Sigma.",
    if (x$model$method != "fixed") format_mvmeta_sigma(x), format_mvmeta_after(x))
}

mvmeta_negative <- function(n) {
  if (n == 1L) return("Note: Sigma has 1 negative eigenvalue - this has been set to 0")
  sprintf("Note: Sigma has %d negative eigenvalues - these have been set to 0", n)
}

format_mvmeta_notes <- function(x) {
  s <- x$studies
  m <- x$model
  quiet <- m$quiet
  covariates <- length(unlist(s$equations)) > 0L
  using <- if (covariates) mvmeta_regressing(s) else
    sprintf("Note: using variable%s %s", if (length(s$outcomes) > 1L) "s" else "", paste(s$outcomes, collapse = " "))
  dropped <- c(mvmeta_dropped(length(s$none), "all outcomes missing"),
               mvmeta_dropped(length(s$lost), "observed outcome and missing covariate"))
  c(sprintf("Note: using method %s", m$method), using, if (!quiet) dropped,
    sprintf("Note: %d observations on %d variables", s$N, length(s$outcomes)), mvmeta_wscorr_note(s, m),
    if (!quiet) s$idle, if (!x$fit$moments && m$sigma$kind != "equals")
      paste("Note: variance-covariance matrix is", m$sigma$note))
}

mvmeta_regressing <- function(s) {
  shown <- vapply(s$equations, function(v) if (length(v)) paste(v, collapse = " ") else "(nothing)", "")
  sprintf("Note: regressing %s on %s", s$outcomes, shown)
}

mvmeta_dropped <- function(n, why) {
  if (n == 0L) return(NULL)
  if (n == 1L) return(sprintf("Warning: 1 observation has %s, and has been dropped from analysis", why))
  sprintf("Warning: %d observations have %s, and have been dropped from analysis", n, why)
}

mvmeta_wscorr_note <- function(s, m) {
  if (m$overall) return(paste0("Note: using Riley's overall correlation model",
                               if (s$covariances_found) " (ignoring covariances)"))
  if (is.null(m$wscorr)) return(NULL)
  value <- trimws(stata_general(m$wscorr, 9L))
  if (!s$wscorr_used) return(if (!m$quiet) sprintf("Warning: wscorr(%s) not used", value))
  sprintf("Note: wscorr(%s) used for %s covariances", value, if (s$covariances_found) "missing" else "all")
}

format_mvmeta_header <- function(x) {
  line <- function(left, name, value) {
    at_column(left, 48L, sprintf("%s = %s", justify(name, 23L, TRUE), stata_integer(value, 5L)))
  }
  m <- x$model$method
  ll <- if (!is.null(x$fit$ll)) trimws(stata_general(x$fit$ll, 10L))
  likelihood <- if (is.null(ll)) "" else paste(if (m == "ml") "Log likelihood =" else "Restricted log likelihood =", ll)
  c("Multivariate meta-analysis",
    paste("Variance-covariance matrix =", if (m == "fixed") "(none)" else x$model$sigma$label),
    line(paste("Method =", m), "Number of dimensions", length(x$studies$outcomes)),
    line(likelihood, "Number of observations", x$studies$N),
    if (!is.null(x$options$df)) line("", "Degrees of freedom", x$options$df))
}

# Equations one after another, a rule between them.
format_mvmeta_table <- function(x) {
  o <- x$options
  heading <- if (isFALSE(o$eform)) "Coef." else if (isTRUE(o$eform)) "exp(Coef)" else o$eform
  t <- x$table
  whole <- format_coef_table(t[1L, ], "", o$level, if (is.null(o$df)) "z" else "t", heading)
  blocks <- lapply(unique(t$eq), function(eq) {
    c(rule(13L, 64L), paste0(justify(abbreviate_name(eq, 12L), 12L, TRUE), " |"), coef_lines(t[t$eq == eq, ]))
  })
  c(whole[1:2], unlist(blocks), strrep("-", 78L))
}

format_mvmeta_common <- function(x) {
  s <- x$studies
  if (!x$model$commonparm || length(s$outcomes) == 1L) return(NULL)
  other <- s$outcomes[-1L]
  c("The above coefficients also apply to the following equations:",
    vapply(other, function(y) sprintf("    %s: %s %s", y, paste(setdiff(s$terms[[y]], "_cons"), collapse = " "),
                                      if (x$model$noconstant) "" else "_cons"), "", USE.NAMES = FALSE))
}

# ---- covariances between studies ---------------------------------------------------------------

format_mvmeta_sigma <- function(x) {
  f <- x$fit
  what <- x$options$print
  lead <- if (x$model$sigma$kind == "equals") "Specified" else "Estimated"
  titled <- function(title, body) c("", title, strrep("-", nchar(title)), body, strrep("-", nchar(title)))
  c(if ("bscov" %in% what) titled(paste(lead, "between-studies covariance matrix Sigma"),
                                  format_lower(f$Sigma, rownames(f$Sigma), "")),
    if ("bscorr" %in% what) titled(sprintf("%s between-studies SDs and %scorrelation matrix", lead,
                                           if (x$model$overall) "OVERALL " else ""),
                                   format_mvmeta_corr(f$Sigma, x$model$sigma$known)))
}

# A given correlation stands also where the standard deviations are 0.
format_mvmeta_corr <- function(Sigma, known) {
  sd <- sqrt(diag(Sigma))
  corr <- if (all(sd == 0) && !is.null(known)) stats::cov2cor(unname(known)) else Sigma / outer(sd, sd)
  diag(corr) <- 1
  format_lower(cbind(SD = sd, corr), rownames(Sigma), ".", 1L)
}

# The lower half of a matrix behind `full` whole columns; all columns are equally wide.
format_lower <- function(m, names, upper, full = 0L) {
  cell <- matrix(trimws(stata_general(as.vector(m), 10L)), nrow(m))
  own <- cell[, full + seq_len(nrow(m)), drop = FALSE]
  own[upper.tri(own)] <- upper
  cell[, full + seq_len(nrow(m))] <- own
  heads <- c(if (full) "SD", names)
  width <- max(nchar(c(cell, heads))) + 2L
  lead <- max(nchar(names))
  body <- apply(matrix(justify(cell, width), nrow(m)), 1L, paste, collapse = "")
  c(paste0(strrep(" ", lead), paste(justify(heads, width), collapse = "")),
    sub("\\s+$", "", paste0(justify(names, lead), body)))
}

format_mvmeta_after <- function(x) {
  c(if (!is.null(x$wt)) format_mvmeta_weights(x), if (!is.null(x$i2)) format_mvmeta_i2(x),
    if (x$options$testsigma) format_mvmeta_lr(x), if (x$options$qscalar) format_mvmeta_q(x),
    if (!isFALSE(x$options$randfix)) format_mvmeta_randfix(x), if (!is.null(x$pbest)) format_mvmeta_ranks(x$pbest),
    if (!is.null(x$pi)) format_mvmeta_prediction(x))
}
