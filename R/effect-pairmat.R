# pairmat(): contrasts between all pairs of coefficients. Oracle: metafor.

#' Contrasts between pairs of coefficients
#'
#' @param x a fit with moderators. Within the arguments of [anova()] or [predict()] it may be left out: the fit that
#'   those
#'   were called with is taken.
#' @param btt coefficients to compare: their numbers, or a string that their names contain.
#' @param btt2 coefficients that get a row of their own, before the pairs.
#' @param ... not used.
#' @return A matrix with one row per contrast and one column per coefficient of the model.
#' @details Error of class `metaparity_error_input`: no fit, or `btt` names fewer than two coefficients.
#' @section In other software: \pkg{metafor}: the same call; Stata: `pwcompare`, `margins, pwcompare`.
#' @examples
#' d <- data.frame(y = c(0.2, 0.5, 0.1, 0.9, 0.4, 0.6), v = 0.04, g = rep(c("a", "b", "c"), 2))
#' pairmat(rma(y, v, mods = ~ 0 + g, data = d), btt = 1:3)
#' @export
pairmat <- function(x, btt, btt2, ...) {
  call <- sys.call()
  if (missing(x)) x <- calling_fit(call)
  if (!inherits(x, "rma")) abort_input("x", sprintf("must be a fit, not %s", describe(x)), call)
  if (missing(btt)) abort_input("btt", "must be given", call)
  names <- rownames(x$beta)
  btt <- chosen_coefficients(btt, names, "btt", call)
  if (length(btt) < 2L) abort_input("btt", "must choose at least two coefficients", call)
  alone <- if (!missing(btt2)) chosen_coefficients(btt2, names, "btt2", call)
  pairs <- utils::combn(btt, 2L)
  out <- matrix(0, nrow = length(alone) + ncol(pairs), ncol = length(names))
  out[cbind(seq_along(alone), alone)] <- 1
  rows <- length(alone) + seq_len(ncol(pairs))
  out[cbind(rows, pairs[1L, ])] <- -1
  out[cbind(rows, pairs[2L, ])] <- 1
  rownames(out) <- c(names[alone], paste0(names[pairs[1L, ]], "-", names[pairs[2L, ]]))
  out
}

chosen_coefficients <- function(btt, names, arg, call) {
  if (is.character(btt)) return(which(rowSums(vapply(btt, matches, logical(length(names)), names, arg, call)) > 0))
  if (!is.numeric(btt) || anyNA(btt))
    abort_input(arg, sprintf("must hold numbers of coefficients from 1 to %d", length(names)), call)
  btt <- unique(btt)
  btt <- if (any(btt < 0)) seq_along(names)[btt] else btt[btt %in% seq_along(names)]
  if (!length(btt)) abort_input(arg, sprintf("must hold numbers of coefficients from 1 to %d", length(names)), call)
  btt
}

# The fit of the verb in whose arguments pairmat() stands. Only a method knows it already: a generic, or another
# function, may be just about to evaluate it, and then to look at it is an error that leaves a warning behind.
calling_fit <- function(call) {
  for (frame in rev(sys.frames())) {
    fit <- if (exists(".Generic", frame, inherits = FALSE)) get0("object", frame, inherits = FALSE)
    if (inherits(fit, "rma")) return(fit)
  }
  abort_input("x", "must be given", call)
}
