# Owns gosh(): which subsets are fitted, and the object. Subsets are drawn by R's generator before any work begins, so
# that the result depends on the seed alone; the core fits them on threads. Source: Olkin et al. (2012). Oracle:
# metafor.

#' Fits to all subsets of studies (GOSH)
#'
#' Fits the model to every subset of the studies, or to many random ones. Several clusters of estimates in the plot
#' speak for subgroups or outliers.
#'
#' @param x a fit of [rma()], [rma.mh()] or [rma.peto()]; for the methods, a result of `gosh()`.
#' @param subsets number of subsets. By default all of them when they are at most 10^6, else 10^6 random ones. Where
#'   there are no more than that, all are taken.
#' @param progbar show a progress bar? It appears when the work takes longer than a second.
#' @param parallel,cl accepted for compatibility; `ncpus` is the number of threads.
#' @param ncpus number of threads, at most 2 unless you ask for more.
#' @param ... `seed`, as [set.seed()] before the call.
#' @return An object of class `c("metaparity_gosh", "gosh.rma")`: `res`, a data frame with `k`, `QE`, `I2`, `H2`,
#'   `tau2`, `tau` and the coefficients (`estimate` for models without moderators), one row per subset; `incl`, a
#'   logical matrix of which studies it has; `fit`, whether the model could be fitted; and `k`, `int.only`, `method`,
#'   `measure`, `digits`.
#' @details The draws are those of metafor for the same seed, and do not depend on the number of threads. The work can
#'   be
#' interrupted. Subsets whose fit does not exist (collinear moderators, no more studies than coefficients of a model
#' with moderators) have `NA`.
#'
#' Errors of class `metaparity_error_input`: fewer than 2 studies; `subsets` below 2; more than 24 studies of which all
#' subsets are asked for.
#' @section Formula:
#' The sizes of random subsets are binomial (k, 1/2), at least the number of coefficients; given its size, each subset
#' is equally likely.
#' @section In other software: Stata: none. \pkg{metafor}: `gosh()`, same fields.
#' @references Olkin I, Dahabreh IJ, Trikalinos TA (2012). GOSH - a graphical display of study heterogeneity. *Research
#'   Synthesis Methods*, 3, 214-223.
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.8),
#'            c(0.33, 0.19, 0.41, 0.02, 0.05, 0.01), method = "FE")
#' gosh(fit, progbar = FALSE)
#' plot(gosh(fit, progbar = FALSE))
#' @name gosh
NULL

#' @rdname gosh
#' @export
gosh <- function(x, ...) {
  if (is_foreign(x, "gosh")) return(foreign_generic("gosh", x)(x, ...))
  UseMethod("gosh")
}

#' @rdname gosh
#' @exportS3Method gosh metaparity
#' @exportS3Method metafor::gosh metaparity
gosh.metaparity <- function(x, subsets = NULL, progbar = TRUE, parallel = "no", ncpus = 2, cl = NULL, ...) {
  call <- match.call()
  use_seed(named_dots("seed", call, ...)$seed, call)
  x <- whole_fit(x)
  require_independent(x, "x", call)
  if (is_recentred(x)) {
    abort_capability(
      "x", "takes its Q around the Mantel-Haenszel estimate, which each subset has anew: use another `method`", call)
  }
  if (x$k < 2L) abort_input("x", "must have at least 2 studies", call)
  if (!is.null(subsets)) subsets <- check_number(subsets, "subsets", 2, 1e8, call)
  check_flag(progbar, "progbar", call)
  check_choice(parallel, c("no", "snow", "multicore"), "parallel", call)
  threads <- as.integer(check_number(ncpus, "ncpus", 1, 256, call))
  include <- gosh_subsets(sum(x$not.na), x$p, subsets, call)
  if (progbar) {
    all <- nrow(include) == sum(choose(x$k, x$p:x$k))
    inform(sprintf("Fitting %d models (based on %s).", nrow(include), if (all) "all possible subsets" else
                   "random subsets"), "progress")
  }
  fits <- if (inherits(x, "metaparity_uni")) gosh_uni(x, include, threads, progbar, call) else
    gosh_common(x, include, progbar)
  new_gosh(x, fits, include)
}

gosh_subsets <- function(k, p, subsets, call) {
  possible <- sum(choose(k, p:k))
  if (possible <= (if (is.null(subsets)) 1e6 else subsets)) {
    if (k > 24L) abort_input("subsets", "must be smaller: all subsets of more than 24 studies are too many", call)
    return(call_core(cpp_all_subsets(k, p), call))
  }
  n <- if (is.null(subsets)) 1e6 else subsets
  sizes <- sample(p:k, n, replace = TRUE, prob = stats::dbinom(p:k, k, 0.5))
  out <- call_core(cpp_draw_subsets(sizes, k))
  out[order(sizes), , drop = FALSE]
}

gosh_uni <- function(x, include, threads, progbar, call) {
  data <- list(yi = as.double(x$yi), vi = as.double(x$vi), X = x$X, weights = own_weights(x))
  in_blocks(nrow(include), progbar, function(from, n) {
    call_core(cpp_gosh(data, x$spec, include, from, n, threads), call)
  })
}

# Pools the tables of each subset; a study without an estimate of its own counts as part of it.
gosh_common <- function(x, include, progbar) {
  used <- which(x$not.na)
  in_blocks(nrow(include), progbar, function(from, n) {
    rows <- lapply(from + seq_len(n), function(i) used[include[i, ]])
    out <- suppressWarnings(pool_subsets(x, rows, seq_len(n), NULL))
    list(k = lengths(rows), QE = out$Q, I2 = out$I2, H2 = out$H2, tau2 = rep(0, n),
         beta = matrix(out$estimate, ncol = 1L))
  })
}

# Blocks of work, between which R looks after interrupts and the progress bar.
in_blocks <- function(n, progbar, work, block = 4096L) {
  bar <- new_progress(n, progbar && interactive())
  on.exit(bar$close())
  done <- 0L
  parts <- list()
  while (done < n) {
    size <- min(block, n - done)
    parts[[length(parts) + 1L]] <- work(done, size)
    done <- done + size
    bar$tick(done)
  }
  columns <- c("k", "QE", "I2", "H2", "tau2")
  out <- lapply(stats::setNames(columns, columns), function(name) unlist(lapply(parts, `[[`, name)))
  out$beta <- do.call(rbind, lapply(parts, `[[`, "beta"))
  out
}

new_gosh <- function(x, fits, include) {
  beta <- as.data.frame(fits$beta)
  names(beta) <- if (isTRUE(x$int.only)) "estimate" else rownames(x$beta)
  n <- nrow(include)
  res <- cbind(data.frame(k = as.numeric(fits$k), QE = fits$QE, I2 = fits$I2, H2 = fits$H2, tau2 = fits$tau2,
                          tau = sqrt(fits$tau2)),
               beta)
  dimnames(include) <- list(as.character(seq_len(n)), as.character(seq_len(ncol(include))))
  out <- list(res = res, incl = include, fit = stats::setNames(!is.na(res[[7L]]), rownames(include)), k = ncol(include),
              int.only = x$int.only, method = x$method, measure = x$measure, digits = x$digits)
  out$summary <- gosh_summary(res)
  structure(out, class = c("metaparity_gosh", "gosh.rma"))
}

gosh_summary <- function(res) {
  out <- t(vapply(res, function(v) {
    v <- v[is.finite(v)]
    c(mean(v), stats::quantile(v, c(0, 0.25, 0.5, 0.75, 1), names = FALSE))
  }, numeric(6L)))
  colnames(out) <- c("mean", "min", "q1", "median", "q3", "max")
  out
}

#' @rdname gosh
#' @param digits decimals printed.
#' @export
print.metaparity_gosh <- function(x, digits = x$digits, ...) {
  cat(translate(format_gosh(x, expand_digits(digits)[["est"]])), sep = "\n")
  invisible(x)
}

format_gosh <- function(x, digits) {
  table <- x$summary
  table[] <- format_fixed(table, digits)
  first <- seq_len(5L)
  if (x$method %in% common_methods) {
    table <- table[-5L, , drop = FALSE]
    first <- seq_len(4L)
  }
  lines <- utils::capture.output(print(rbind(table[first, , drop = FALSE], "", table[-first, , drop = FALSE]),
                                       quote = FALSE, right = TRUE))
  c("", paste("Model fits attempted:", length(x$fit)), paste("Model fits succeeded:", sum(x$fit)), "",
    paste0(lines, " "), "")
}
