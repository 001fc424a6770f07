# ranef() of rma.mv(): predictions of the random effects of every term, one table each. Source: Robinson (1991). Oracle:
# metafor::ranef.

#' @rdname blup
#' @param verbose accepted for compatibility.
#' @exportS3Method ranef metaparity_mv
#' @exportS3Method metafor::ranef metaparity_mv
ranef.metaparity_mv <- function(object, level, digits, transf, targs, verbose = FALSE, ...) {
  call <- match.call()
  vcov <- named_dots(c("expand", "vcov"), call, ...)$vcov
  vcov <- !is.null(vcov) && check_flag(vcov, "vcov", call)
  level <- if (missing(level)) 1 - object$level else check_level(level, call = call)
  transform <- transform_spec(call, transf, targs, object)
  x <- unclass(object)
  terms <- x$mv$terms
  if (!length(terms$core)) abort_input("object", "has no random effects", call)
  fit <- c(list(beta = as.numeric(x$beta), vb = model_based_vb(x), G = mv_covariances(x)), mv_theta(x))
  found <- call_core(cpp_mv_effects(x$mv$model, fit, vcov), call)
  reach <- critical_value(rep(level, length(found)), effect_ddf(x))
  check_na_fail(object)
  out <- lapply(seq_along(found), function(i) {
    table <- effects_table(found[[i]], effect_labels(terms, i, found[[i]]), reach[i], transform)
    if (keeps_missing() && i <= length(terms$groups)) with_unused_levels(table,
                                                                         terms$groups[[i]]$full$levels) else table
  })
  names(out) <- c(x$s.names, vapply(terms$inner, function(t) deparsed_formula(t$formula), ""))
  out <- structure(out, class = "metaparity_ranef")
  if (!vcov) return(out)
  spread <- lapply(seq_along(found), function(i) {
    labels <- make.unique(effect_labels(terms, i, found[[i]]))
    structure(found[[i]]$vcov, dimnames = list(labels, labels),
              class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
  })
  list(pred = out, vcov = stats::setNames(spread, names(out)))
}

#' @rdname blup
#' @param row.names,optional not used.
#' @export
as.data.frame.metaparity_ranef <- function(x, row.names = NULL, optional = FALSE, ...) {
  out <- do.call(rbind, Map(function(table, term) {
    table <- as.data.frame(table)
    data.frame(term = rep(term, nrow(table)), level = rownames(table), table, row.names = NULL,
               stringsAsFactors = FALSE)
  }, unclass(x), names(x)))
  rownames(out) <- NULL
  out
}

#' @export
print.metaparity_ranef <- function(x, ...) {
  print(unclass(x), ...)
  invisible(x)
}

# Levels without an estimate that was used have a missing row.
with_unused_levels <- function(table, levels) {
  if (!all(rownames(table) %in% levels)) return(table)
  out <- table[match(levels, rownames(table)), , drop = FALSE]
  rownames(out) <- levels
  out
}

# For each term: with containment the levels of its grouping less the coefficients.
effect_ddf <- function(x) {
  terms <- x$mv$terms
  if (x$test == "z") return(rep(NaN, length(terms$core)))
  if (!identical(x$dfs, "contain")) return(rep(min(as.numeric(x$ddf)), length(terms$core)))
  levels <- c(x$s.nlevels, vapply(terms$inner, function(t) length(t$outer$codes$levels), 0L))
  pmax(levels - x$p, 1)
}

deparsed_formula <- function(f) paste0("~", deparsed(f[[2L]]))

# G of each term: of a component its variance times R.
mv_covariances <- function(x) {
  terms <- x$mv$terms
  s <- length(terms$groups)
  c(lapply(seq_len(s), function(j) x$sigma2[j] * (terms$core[[j]]$known %||% matrix(1))),
    if (length(terms$inner) > 0L) list(x$G), if (length(terms$inner) > 1L) list(x$H))
}

effect_labels <- function(terms, i, found) {
  s <- length(terms$groups)
  if (i <= s) {
    levels <- terms$groups[[i]]$codes$levels
    return(levels[if (is.null(terms$core[[i]]$known)) found$outer else found$inner])
  }
  t <- terms$inner[[i - s]]
  paste(t$inner$levels[found$inner], t$outer$codes$levels[found$outer], sep = " | ")
}

effects_table <- function(found, labels, reach, transform) {
  se <- sqrt(found$variance)
  out <- list(intrcpt = found$pred, se = se, pi.lb = found$pred - reach * se, pi.ub = found$pred + reach * se)
  out <- transform_columns(out, "intrcpt", c("pi.lb", "pi.ub"), transform)
  # A transformed prediction has no standard error.
  shown <- c("intrcpt", if (!is.function(transform$fun)) "se", "pi.lb", "pi.ub")
  data.frame(out[shown], row.names = make.unique(labels))
}
