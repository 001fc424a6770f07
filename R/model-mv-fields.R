# The fitted object of rma.mv(): metafor's fields in its order. Matrices of k x k and designs of the random effects are
# made when `$` asks for them, from blocks that the object keeps.

mv_field_order <- c(
  "b", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "sigma2", "tau2", "rho", "gamma2", "phi", "QE", "QEdf",
  "QEp", "QM", "QMdf", "QMp", "k", "k.f", "k.eff", "k.all", "p", "p.eff", "parms", "int.only", "int.incl", "intercept",
  "allvipos", "coef.na", "yi", "vi", "V", "W", "X", "yi.f", "vi.f", "V.f", "X.f", "W.f", "ni", "ni.f", "M", "G", "H",
  "hessian", "vvc", "vccon", "ids", "not.na", "subset", "slab", "slab.null", "measure", "method", "weighted", "optbeta",
  "opt.res", "test", "dfs", "ddf", "s2w", "btt", "m", "digits", "level", "sparse", "dist", "control", "verbose",
  "fit.stats", "data", "vc.fix", "withS", "withG", "withH", "withR", "formulas", "sigma2s", "tau2s", "rhos", "gamma2s",
  "phis", "s.names", "g.names", "h.names", "s.levels", "s.levels.f", "s.nlevels", "s.nlevels.f", "g.nlevels.f",
  "g.nlevels", "h.nlevels.f", "h.nlevels", "g.levels.f", "g.levels.k", "g.levels.comb.k", "h.levels.f", "h.levels.k",
  "h.levels.comb.k", "struct", "Rfix", "R", "Rscale", "mf.r", "mf.s", "mf.g", "mf.g.f", "mf.h", "mf.h.f", "Z.S", "Z.G1",
  "Z.G2", "Z.H1", "Z.H2", "formula.yi", "formula.mods", "random", "version", "call", "input", "spec", "dropped", "mv")

mv_empty_fields <- stats::setNames(vector("list", length(mv_field_order)), mv_field_order)

new_mv <- function(input, used, terms, model, found, spec, options, call) {
  p <- ncol(used$X)
  k <- length(used$yi)
  names <- colnames(used$X)
  kr <- if (identical(spec$dfs, "kenward-roger") && is.null(used$W))
    call_core(cpp_mv_kenward_roger(model, found$tau2, found$rho), call)
  if (!is.null(kr)) found$vb <- kr$vb
  ddf <- mv_ddf(spec, used, terms, names, call, model, found, kr)
  btt <- if (is.null(options$btt)) default_btt(p, input$int.incl) else resolve_btt(options$btt, names, call)
  tests <- mv_tests(found, ddf, btt, spec, names)
  if (!is.null(kr)) tests[c("QM", "QMdf", "QMp")] <- kenward_roger_joint(kr, tests, btt)
  parts <- mv_components(found, terms)
  out <- c(tests, parts, mv_heterogeneity(found, k, p), list(
    k = k, k.f = length(input$yi), k.eff = k, k.all = input$all, p = p, p.eff = p,
    parms = free_parameter_count(p, terms, model), int.only = is_intercept_alone(used$X, input),
    int.incl = input$int.incl, intercept = input$int.incl, allvipos = all(used$V$vi > 0), coef.na = used$coef.na,
    yi = with_measure(used$yi, input, used), vi = used$V$vi, X = used$X, yi.f = with_measure(input$yi, input, input),
    vi.f = input$V$vi, X.f = columns_of_fit(input$X, names), W.f = input$W, W = used$W, ni = used$ni, ni.f = input$ni,
    ids = input$ids, not.na = input$not.na, subset = input$subset, slab = input$slab, slab.null = input$slab.null,
    measure = input$measure, method = spec$method, weighted = TRUE, optbeta = FALSE, test = spec$test, dfs = spec$dfs,
    ddf = ddf, vccon = options$vccon, s2w = 1, btt = btt, m = length(btt),
      digits = expand_digits(options$digits, call = call),
    level = 1 - spec$level, sparse = options$sparse, control = options$control, verbose = options$verbose,
    data = input$data, formula.yi = input$formula.yi, formula.mods = input$formula.mods,
    version = constant_fields$version, call = call, input = input, spec = spec, dropped = input$dropped,
    opt.res = mv_search(found, parts, terms, spec$restricted), dist = mv_dist(options)),
      mv_random_fields(terms, options))
  out$fit.stats <- fit_stats_table(found$ML, found$REML)
  out <- c(out, mv_information(found, terms, spec, in_order(found[c("tau2", "rho")])))
  out$mv <- list(model = model, terms = terms, options = options, kr = kr)
  fields <- mv_empty_fields
  fields[names(out)] <- out
  class(fields) <- c("metaparity_mv", "metaparity", "rma.mv", "rma")
  warn_search(found, spec$restricted, call)
  warn_flat(fields$opt.res$flat, call)
  fields
}

free_parameter_count <- function(p, terms, model) {
  free <- !component_fixed(terms, terms$fixed)
  if (!is.null(model$ties)) free <- free & !duplicated(model$ties)
  p - sum(!is.na(model$beta)) + sum(free)
}

is_intercept_alone <- function(X, input) input$int.incl && ncol(X) == 1L

with_measure <- function(yi, input, rows) {
  yi <- as.numeric(yi)
  attributes(yi) <- list(measure = input$measure, ni = rows$ni)
  yi
}

# Where a moderator is constant within the levels of a group, the number of its levels less the coefficients.
mv_ddf <- function(spec, used, terms, names, call, model, found, kr = NULL) {
  p <- ncol(used$X)
  if (spec$test == "z") return(rep(NA_integer_, p))
  residual <- length(used$yi) - p
  if (is.numeric(spec$dfs)) {
    if (!length(spec$dfs) %in% c(1L, p)) abort_input("dfs", sprintf("must have 1 or %d elements", p), call)
    if (any(spec$dfs < 1, na.rm = TRUE)) abort_input("dfs", "must be 1 or more", call)
    return(stats::setNames(rep_len(spec$dfs, p), if (p > 1L) names))
  }
  if (spec$dfs == "residual") return(rep(residual, p))
  if (!is.null(kr)) return(stats::setNames(call_core(cpp_kenward_roger_test(kr, diag(p)), call)$ddf, names))
  if (spec$dfs == "kenward-roger") return(stats::setNames(rep(residual, p), names))
  if (spec$dfs == "satterthwaite") {
    # Where no component is estimated inside its bounds the variances count as known.
    ddf <- call_core(cpp_mv_satterthwaite(model, found$tau2, found$rho, spec$restricted), call)
    return(stats::setNames(ifelse(is.na(ddf), residual, ddf), names))
  }
  groups <- c(lapply(terms$groups, function(g) g$codes$code), lapply(terms$inner, function(t) t$outer$codes$code))
  constant <- function(x, g) {
    first <- match(g, g)
    all(x == x[first])
  }
  ddf <- vapply(seq_len(p), function(j) {
    fits <- vapply(groups, function(g) constant(used$X[, j], g), NA)
    if (!any(fits)) return(as.numeric(residual))
    min(vapply(groups[fits], function(g) length(unique(g)), 0L)) - p
  }, 0)
  stats::setNames(pmax(ddf, 1), names)
}

mv_tests <- function(found, ddf, btt, spec, names) {
  beta <- found$beta
  p <- length(beta)
  ddf <- rep_len(ddf, p)  # robust() gives one for all
  df2 <- if (spec$test == "z") NA_integer_ else min(ddf[btt])
  L <- diag(p)
  df <- as.double(ddf)
  joint_df <- if (is.na(df2)) NaN else as.double(df2)
  # Coefficients given have no test, and the joint test is of free ones alone.
  given <- is.na(diag(found$vb))
  certain <- if (any(given)) known_as_certain(found$vb) else found$vb
  each <- core_result(cpp_linear_tests(L, numeric(p), beta, certain, df, joint_df))
  each[c("se", "zval", "pval")] <- lapply(each[c("se", "zval", "pval")], replace, given, NA_real_)
  joint <- if (any(given)) list(QM = NA_real_, QMp = NA_real_) else if (length(btt) == p) each else
    core_result(cpp_linear_tests(L[btt, , drop = FALSE], numeric(length(btt)), beta, found$vb, df[btt], joint_df))
  reach <- core_result(cpp_critical_value(rep(spec$level, p), df)) * each$se
  b <- matrix(beta, dimnames = list(names, NULL))
  vb <- found$vb
  dimnames(vb) <- list(names, names)
  list(b = b, beta = b, se = each$se, zval = each$zval, pval = each$pval, ci.lb = beta - reach, ci.ub = beta + reach,
       vb = vb, QM = joint$QM, QMdf = c(length(btt), df2), QMp = joint$QMp)
}

# The scaled F of the omnibus test.
kenward_roger_joint <- function(kr, tests, btt) {
  rows <- diag(length(tests$beta))[btt, , drop = FALSE]
  scaled <- call_core(cpp_kenward_roger_test(kr, rows))
  QM <- scaled$scale * tests$QM
  list(QM = QM, QMdf = c(length(btt), scaled$df2), QMp = upper_p(QM, length(btt), t_df(scaled$df2)))
}

# The inverse of X'WX, whatever the tests of the coefficients use.
model_based_vb <- function(x) unclass(x)$mv$kr$plain %||% known_as_certain(unclassed_matrix(x$vb))

mv_heterogeneity <- function(found, k, p) {
  if (k <= p) return(list(QE = if (is.na(found$QE)) NA_real_ else 0, QEdf = 0L, QEp = 1))
  list(QE = found$QE, QEdf = k - p, QEp = if (is.na(found$QE)) NA_real_ else upper_p(found$QE, k - p))
}

# sigma2, tau2, rho, gamma2, phi, G and H; what a model does not have is 0.
mv_components <- function(found, terms) {
  s <- length(terms$groups)
  n <- length(terms$inner)
  number <- function(x) if (length(x)) x else 0
  at <- function(field, i) if (n >= i) number(found[[field]][[s + i]]) else 0
  cov <- function(i) if (n >= i && !terms$inner[[i]]$struct %in% spatial_structs || n >= i) {
    labels <- terms$inner[[i]]$inner$levels
    matrix(found$G[[s + i]], length(labels), dimnames = list(labels, labels))
  }
  list(sigma2 = if (s) vapply(found$tau2[seq_len(s)], `[`, 0, 1L) else 0, tau2 = at("tau2", 1L), rho = at("rho", 1L),
       gamma2 = at("tau2", 2L), phi = at("rho", 2L), G = cov(1L), H = cov(2L))
}

mv_search <- function(found, parts, terms, restricted) {
  edge <- components_at_edge(found, terms)
  list(par = unlist(parts[c("sigma2", "tau2", "rho", "gamma2", "phi")], use.names = FALSE),
       objective = -(if (restricted) found$REML else found$ML)[1L], convergence = if (found$settled) 0L else 1L,
         iterations = found$iterations,
       starts = found$starts, maxima = found$maxima, second = found$second,
       boundary = if (any(edge)) component_labels(terms)[edge] else if (length(edge)) character(),
       flat = if (any(found$flat)) component_labels(terms)[found$flat] else if (length(found$flat)) character(),
       message = if (found$settled) "stationary: score and bounds agree" else "the likelihood rose no more")
}

components_at_edge <- function(found, terms) {
  # A variance has one bound.
  if (!length(terms$inner)) return(unlist(found$tau2) == 0 & !terms$fixed$sigma2)
  bounds <- mv_bounds(terms)
  values <- in_order(found[c("tau2", "rho")])
  (values == bounds$lower | values == bounds$upper) & !component_fixed(terms, terms$fixed)
}

mv_dist <- function(options) {
  if (is.null(options$dist)) list("euclidean", "euclidean") else lapply(1:2, function(i) dist_choice(options$dist, i))
}

warn_search <- function(found, restricted, call) {
  if (!found$settled)
    warn_fit("not_converged", "the search for the variance components stopped before their conditions held", call)
  if (found$endless)
    warn_fit("bounded", paste("The likelihood rises without end where a correlation common to m effects is below -1/(m - 1):",
                              "it is kept at or above that"), call)
  if (any(found$idle))
    warn_fit("not_identified",
             paste("A variance of 0 leaves its range without a part in the likelihood: the one given is",
                                     "in the middle of the distances"), call, components = "rho")
  warn_multimodal((if (restricted) found$REML else found$ML)[1L], found$second, call)
}

# Components that can be exchanged for each other without a change of the likelihood.
warn_flat <- function(flat, call) {
  if (!length(flat)) return()
  warn_fit("not_identified", sprintf(
    "The likelihood is flat in a combination of %s: the data do not tell them apart, and one solution of many is given",
    paste(flat, collapse = ", ")), call, components = flat)
}

mv_information <- function(found, terms, spec, values) {
  if (is.null(found$information)) return(list(hessian = NA_real_, vvc = NA_real_))
  labels <- component_labels(terms, spec$covariances)
  free <- which(!component_fixed(terms, terms$fixed))
  H <- found$information
  order <- information_order(terms)
  H <- H[order, order, drop = FALSE][free, free, drop = FALSE]
  labels <- labels[free]
  dimnames(H) <- list(labels, labels)
  if (identical(spec$cvvc, "transf")) H <- H * tcrossprod(mv_slopes(values, terms)[free])
  known <- !is.na(diag(H))
  V <- H
  V[] <- NA_real_
  if (any(known)) {
    inverse <- tryCatch(solve(H[known, known, drop = FALSE]), error = function(e) NULL)
    if (!is.null(inverse)) V[known, known] <- inverse
  }
  by <- if (spec$covariances) order(match(free, covariance_order(terms))) else seq_along(free)
  list(hessian = H[by, by, drop = FALSE], vvc = V[by, by, drop = FALSE])
}

# Slopes of the components by what has no bounds: the log of variances and of spatial ranges, atanh of correlations and
# the logit of those of CAR. At a bound there are none.
mv_slopes <- function(values, terms) {
  kind <- unlist(lapply(terms$core, function(t) {
    rho <- if (t$struct %in% spatial_structs) "log" else if (t$struct == "CAR") "logit" else "atanh"
    c(rep("log", length(t$tau2)), rep(rho, length(t$rho)))
  }))
  out <- ifelse(kind == "log", values, ifelse(kind == "atanh", 1 - values^2, values * (1 - values)))
  replace(out, out <= 0, NA_real_)
}

# Variances and covariances of a term as a lower triangle, column by column.
covariance_order <- function(terms) {
  start <- 0L
  unlist(lapply(terms$core, function(t) {
    q <- length(t$tau2)
    at <- start + seq_len(q + length(t$rho))
    start <<- start + length(at)
    if (!t$struct %in% c("UN", "GEN") || q < 2L) return(at)
    place <- matrix(0L, q, q)
    diag(place) <- at[seq_len(q)]
    place[lower.tri(place)] <- at[-seq_len(q)]
    place[lower.tri(place, diag = TRUE)]
  }))
}

# The core has tau2 and rho of each term in turn, which is the order of the fields too.
information_order <- function(terms) seq_len(sum(vapply(terms$core, function(t) length(t$tau2) + length(t$rho), 0L)))

component_labels <- function(terms, covariances = FALSE) {
  several <- function(name, n) if (n > 1L) paste0(name, ".", seq_len(n)) else if (n == 1L) name
  part <- function(i, names) {
    if (length(terms$inner) < i) return(NULL)
    t <- terms$inner[[i]]
    if (covariances && t$struct %in% c("UN", "GEN")) names[2L] <- "cov"
    q <- length(t$core$tau2)
    pairs <- which(lower.tri(diag(q)), arr.ind = TRUE)
    both <- if (q > 2L && length(t$core$rho) == nrow(pairs)) paste(names[2L], pairs[, 1L], pairs[, 2L], sep = ".") else
      several(names[2L], length(t$core$rho))
    c(several(names[1L], q), both)
  }
  c(several("sigma^2", length(terms$groups)), part(1L, c("tau^2", "rho")), part(2L, c("gamma^2", "phi")))
}

mv_random_fields <- function(terms, options) {
  groups <- terms$groups
  s <- length(groups)
  count <- function(i, what) if (length(terms$inner) >= i) max(length(terms$inner[[i]]$core[[what]]), 1L) else 1
  out <- list(vc.fix = terms$fixed, withS = s > 0L, withG = length(terms$inner) > 0L, withH = length(terms$inner) > 1L,
              withR = s > 0L && any(has_known(terms)), sigma2s = if (s) s else 1, tau2s = count(1L, "tau2"),
              rhos = count(1L, "rho"), gamma2s = count(2L, "tau2"), phis = count(2L, "rho"),
              formulas = list(if (length(terms$structured)) terms$structured[[1L]],
                              if (length(terms$structured) > 1L) terms$structured[[2L]]),
              struct = terms$struct, Rscale = options$Rscale, random = terms$formulas,
              Rfix = if (s) has_known(terms) else FALSE, R = known_matrices(terms))
  if (s) {
    out$s.names <- vapply(groups, `[[`, "", "name")
    out$s.levels <- lapply(groups, function(g) g$codes$levels)
    out$s.levels.f <- lapply(groups, function(g) g$full$levels)
    out$s.nlevels <- lengths(out$s.levels, use.names = FALSE)
    out$s.nlevels.f <- lengths(out$s.levels.f, use.names = FALSE)
    names(out$s.levels) <- names(out$s.levels.f) <- NULL
  }
  for (i in seq_along(terms$inner)) out <- c(out, inner_fields(terms$inner[[i]], c("g", "h")[i]))
  if (is.null(out$s.names)) out$s.names <- list()
  if (is.null(out$g.names)) out$g.names <- list()
  if (is.null(out$h.names)) out$h.names <- list()
  out
}

has_known <- function(terms) vapply(terms$core[seq_along(terms$groups)], function(t) !is.null(t$known), NA)

known_matrices <- function(terms) {
  if (!length(terms$groups) || !any(has_known(terms))) return(NULL)
  lapply(terms$core[seq_along(terms$groups)], `[[`, "known")
}

inner_fields <- function(t, letter) {
  names <- c(t$inner$names, t$outer$name)
  k <- t$k
  n <- c(t$inner$distinct %||% length(t$inner$levels), length(t$outer$codes$levels))
  out <- list(names = stats::setNames(names, names), nlevels.f = c(n[1L], length(t$outer$full$levels)), nlevels = n,
              levels.f = list(t$inner$levels, t$outer$full$levels), levels.k = stats::setNames(k, t$inner$levels),
              levels.comb.k = if (!t$struct %in% c(spatial_structs, general_structs)) t$pairs)
  stats::setNames(out, paste0(letter, ".", names(out)))
}

# ---- fields made on demand ----

#' @export
`$.metaparity_mv` <- function(x, name) {
  value <- .subset2(x, name)
  if (!is.null(value) || !(name %in% mv_lazy)) return(value)
  mv_made(unclass(x), name)
}

mv_lazy <- c("V", "V.f", "M", "mf.r", "mf.s", "mf.g", "mf.g.f", "mf.h", "mf.h.f", "Z.S", "Z.G1", "Z.G2", "Z.H1", "Z.H2")

mv_made <- function(x, name) {
  terms <- x$mv$terms
  inner <- function(i) if (length(terms$inner) >= i) terms$inner[[i]]
  switch(name,
    V = joined_blocks(x$mv$model), V.f = joined_blocks(x$input$V), M = mv_joined_marginal(x),
    mf.r = lapply(terms$formulas, random_frame, input = x$input),
    mf.s = if (length(terms$groups)) unname(lapply(terms$groups, function(g) level_factor(g$codes))),
    mf.g = inner_frame(inner(1L), x$not.na), mf.g.f = inner_frame(inner(1L), NULL),
    mf.h = inner_frame(inner(2L), x$not.na), mf.h.f = inner_frame(inner(2L), NULL),
    Z.S = if (length(terms$groups)) unname(lapply(terms$groups, function(g) indicators(g$codes$code,
                                                                                      g$codes$levels))),
    Z.G1 = inner_indicators(inner(1L)), Z.G2 = outer_indicators(inner(1L)),
    Z.H1 = inner_indicators(inner(2L)), Z.H2 = outer_indicators(inner(2L)))
}

level_factor <- function(g) factor(g$levels[g$code], levels = g$levels)

indicators <- function(code, levels) {
  out <- matrix(0, length(code), length(levels), dimnames = list(as.character(seq_along(code)), levels))
  out[cbind(seq_along(code), code)] <- 1
  out
}

inner_indicators <- function(t) {
  if (is.null(t)) return(NULL)
  if (!is.null(t$core$design)) return(t$core$design)
  indicators(t$core$inner, t$inner$levels)
}

outer_indicators <- function(t) if (!is.null(t)) indicators(t$outer$codes$code, t$outer$codes$levels)

inner_frame <- function(t, keep) {
  if (is.null(t)) return(NULL)
  if (is.null(keep)) keep <- rep(TRUE, length(t$outer$full$code))
  outer <- if (all(keep)) level_factor(t$outer$full) else level_factor(used_codes(t$outer$full, keep))
  inner <- if (is.null(t$inner$values)) list(inner = factor(t$inner$levels[t$inner$codes.f],
                                                            levels = t$inner$levels)) else
    as.list(as.data.frame(t$inner$values))
  data.frame(lapply(inner, function(v) v[keep]), outer = outer, check.names = FALSE)
}

random_frame <- function(f, input) {
  names <- all.vars(f)
  values <- lapply(lapply(names, as.name), random_variable, f = f, input = input, call = NULL)
  as.data.frame(stats::setNames(lapply(values, function(v) v[input$not.na]), names))
}

mv_marginal_blocks <- function(x, theta = NULL) {
  x <- unclass(x)
  values <- theta %||% mv_theta(x)
  call_core(cpp_mv_marginal(x$mv$model, values$tau2, values$rho))
}

mv_joined_marginal <- function(x, theta = NULL) {
  found <- mv_marginal_blocks(x, theta)
  n <- length(unclass(x)$yi)
  out <- matrix(0, n, n)
  for (b in seq_along(found$M)) out[found$rows[[b]], found$rows[[b]]] <- found$M[[b]]
  out
}

# The values of tau2 and rho of each term, as the core takes them. A fit may have been changed by hand since.
mv_theta <- function(x) {
  core <- if (is.list(x$mv) && is.list(x$mv$terms)) x$mv$terms$core
  if (!is.list(core)) abort_input("x", "has no whole field `mv`: it was changed after the fit")
  n <- length(x$mv$terms$inner)
  s <- length(core) - n
  names <- list(tau2 = c(rep("sigma2", s), c("tau2", "gamma2")[seq_len(n)]),
                rho = c(rep("", s), c("rho", "phi")[seq_len(n)]))
  value <- function(i, slot) {
    size <- length(core[[i]][[slot]])
    field <- names[[slot]][i]
    all <- x[[field]]
    own <- if (field == "sigma2") all[i] else if (slot == "tau2") all else all[seq_len(size)]
    if (!size && slot == "rho") return(numeric())
    if (!is.numeric(own) || length(own) != size || anyNA(own))
      abort_input("x", sprintf("has no whole field `%s`: it was changed after the fit", field))
    own
  }
  at <- seq_along(core)
  list(tau2 = lapply(at, value, slot = "tau2"), rho = lapply(at, value, slot = "rho"))
}
