# What of a multilevel model is held: coefficients at values, components equal to each other. Oracle: metafor::rma.mv
# with
# `beta` and `vccon`; the likelihood written out.

# One value for each coefficient of the design, NA where it is free; the order of the columns of `mods`.
given_coefficients <- function(beta, used, spec, call) {
  if (is.logical(beta)) beta <- as.numeric(beta)
  beta <- check_numeric_vector(beta, "beta", call)
  p <- ncol(used$X)
  if (length(beta) != p) abort_input("beta", sprintf("must have %d elements, one for each coefficient, not %d", p,
                                                     length(beta)), call)
  if (any(is.infinite(beta))) abort_input("beta", "must be finite", call)
  if (!is.null(used$W)) abort_input("W", "cannot be given with `beta`", call)
  if (identical(spec$dfs, "kenward-roger") || identical(spec$dfs, "satterthwaite"))
    abort_capability("dfs", sprintf("cannot be \"%s\" with `beta`: use \"residual\"", spec$dfs), call)
  if (all(is.na(beta))) NULL else as.double(beta)
}

# A number for each component in the core's order: equal numbers for equal components.
component_ties <- function(vccon, terms, call) {
  if (!is.list(vccon) || !length(vccon) || is.null(names(vccon)))
    abort_input("vccon", sprintf("must be a list with elements such as sigma2 = c(1, 1), not %s", describe(vccon)),
                call)
  known <- c("sigma2", "tau2", "rho", "gamma2", "phi")
  unknown <- setdiff(names(vccon), known)
  if (length(unknown)) abort_input("vccon", sprintf("has the element \"%s\", which must be one of %s", unknown[1L],
                                                    paste(known, collapse = ", ")), call)
  kinds <- component_kinds(terms)
  ties <- seq_along(kinds)
  for (name in names(vccon)) {
    at <- which(kinds == name)
    sets <- vccon[[name]]
    if (!is.atomic(sets) || length(sets) != length(at) || anyNA(sets))
      abort_input("vccon", sprintf("must have %d entries in `%s`, one for each component", length(at), name), call)
    ties[at] <- at[match(sets, sets)]
  }
  if (anyDuplicated(ties)) ties else NULL
}

# Of each component of the core's order: which argument fixes it.
component_kinds <- function(terms) {
  s <- length(terms$groups)
  inner <- lapply(seq_along(terms$inner), function(i) {
    core <- terms$core[[s + i]]
    c(rep(c("tau2", "gamma2")[i], length(core$tau2)), rep(c("rho", "phi")[i], length(core$rho)))
  })
  c(rep("sigma2", s), unlist(inner))
}

# What is given for one component holds for all of its set.
tied_values <- function(terms, ties) {
  values <- in_order(list(tau2 = lapply(terms$core, `[[`, "tau2"), rho = lapply(terms$core, `[[`, "rho")))
  shared <- tied(values, ties)
  terms$core <- held_terms(terms$core, shared)
  fixed <- !is.na(shared)
  kinds <- component_kinds(terms)
  for (name in unique(kinds)) terms$fixed[[name]] <- fixed[kinds == name]
  terms
}

tied <- function(values, ties) {
  for (set in unique(ties[duplicated(ties)])) {
    own <- values[ties == set]
    if (any(!is.na(own))) values[ties == set] <- own[!is.na(own)][1L]
  }
  values
}

# tau2 and rho of each term in turn.
in_order <- function(theta) unlist(Map(function(t, r) c(t, r), theta$tau2, theta$rho), use.names = FALSE)

held_terms <- function(terms, at) {
  from <- 0L
  for (i in seq_along(terms)) {
    q <- length(terms[[i]]$tau2)
    m <- length(terms[[i]]$rho)
    own <- at[from + seq_len(q + m)]
    terms[[i]]$tau2 <- ifelse(is.na(own[seq_len(q)]), terms[[i]]$tau2, own[seq_len(q)])
    if (m) terms[[i]]$rho <- ifelse(is.na(own[q + seq_len(m)]), terms[[i]]$rho, own[q + seq_len(m)])
    from <- from + q + m
  }
  terms
}

# Coefficients given have no variance.
known_as_certain <- function(vb) replace(vb, is.na(vb), 0)

coefficient_variances <- function(x) {
  vb <- matrix(as.numeric(x$vb), nrow(x$vb))
  if (inherits(x, "metaparity_mv")) known_as_certain(vb) else vb
}
