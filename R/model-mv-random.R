# The random part of rma.mv(): formulas to terms that the core understands, with metafor's fields of them. A term is a
# list:
# struct, inner and outer (codes of each row), levels, design, distance, known, tau2 and rho (NA: free).

random_formulas <- function(random, method, call) {
  if (is.null(random)) return(list())
  out <- if (is.list(random)) random else list(random)
  for (f in out) {
    if (!inherits(f, "formula") || length(f) != 2L || !is.call(f[[2L]]) || !identical(f[[2L]][[1L]], quote(`|`)))
      abort_input("random", "must be a formula such as ~ 1 | study, or a list of these", call)
    check_grouping(f, call)
  }
  if (method %in% common_methods) {
    warn_input("random", sprintf("is not used in a model of method \"%s\"", method), call)
    return(list())
  }
  out
}

check_grouping <- function(f, call) {
  bare <- !is.call(f[[2L]][[3L]]) && !is.call(f[[2L]][[2L]])
  if (bare) return(invisible())
  for (bad in intersect(all.names(f), c(":", "%in%", "$")))
    abort_input("random", sprintf("must not use \"%s\": use interaction() of columns of `data`", bad), call)
  for (bad in intersect(all.names(f[[2L]][[3L]]), c("+", "-", "*", "^")))
    abort_input("random", sprintf("must not use \"%s\" among grouping variables: give a list of formulas", bad), call)
  if (!is_one(f[[2L]][[2L]]) && "/" %in% all.names(f[[2L]][[3L]]))
    abort_input("random", "must not nest groups in a term with an inner part: use ~ inner | outer", call)
}

is_one <- function(expr) is.numeric(expr) && identical(as.numeric(expr), 1)

check_known <- function(R, call) {
  if (is.null(R) || is.list(R) && (!length(R) || !is.null(names(R)))) return(invisible())
  abort_input("R", sprintf("must be a list of matrices named by grouping variables, not %s", describe(R)), call)
}

# list(core: terms for the core; and what the fields tell of them).
mv_terms <- function(input, formulas, options, spec, call) {
  plain <- vapply(formulas, function(f) is_one(f[[2L]][[2L]]), NA)
  structured <- formulas[!plain]
  if (length(structured) > 2L) abort_input("random", "must have at most two terms with an inner part", call)
  struct <- mv_structs(options$struct, length(structured), call)
  check_known(options$R, call)
  groups <- unlist(lapply(formulas[plain], grouping_factors, input = input, call = call), recursive = FALSE)
  sigma <- lapply(groups, factor_term, input = input, options = options, call = call)
  if (length(groups)) names(groups) <- vapply(groups, `[[`, "", "name")
  if (length(options$R) && !all(names(options$R) %in% names(groups)))
    warn_input("R", "has matrices of no grouping variable", call)
  inner <- lapply(seq_along(structured), function(i) inner_term(structured[[i]], struct[i], i, input, options, call))
  given <- options$given
  sigma <- fixed_sigma(sigma, groups, given$sigma2, call)
  if (length(inner) > 0L) inner[[1L]] <- fixed_inner(inner[[1L]], given$tau2, given$rho, c("tau2", "rho"), call)
  if (length(inner) > 1L) inner[[2L]] <- fixed_inner(inner[[2L]], given$gamma2, given$phi, c("gamma2", "phi"), call)
  if (length(spec$init)) inner <- Map(own_starts, inner, list(c("tau2", "rho"), c("gamma2", "phi"))[seq_along(inner)],
                                      MoreArgs = list(init = spec$init))
  core <- if (length(inner)) c(sigma, lapply(inner, `[[`, "core")) else sigma
  if (!is.null(spec$init$sigma2)) for (j in seq_along(sigma)) core[[j]]$tau2.init <- spec$init$sigma2[min(
    j, length(spec$init$sigma2))]
  is_free <- function(value) if (is.null(value)) NA else !is.na(value)
  part <- function(i, what) if (length(inner) >= i) inner[[i]]$core[[what]]
  list(core = core, groups = groups, inner = inner, formulas = formulas, struct = struct, structured = structured,
       fixed = list(sigma2 = if (length(sigma)) !is.na(vapply(sigma, `[[`, 0, "tau2")) else NA,
                    tau2 = is_free(part(1L, "tau2")), rho = inner_fixed(inner, 1L),
                    gamma2 = is_free(part(2L, "tau2")), phi = inner_fixed(inner, 2L)))
}

# Correlations that the core holds because a variance is 0 are not called fixed.
inner_fixed <- function(inner, i) {
  if (length(inner) < i) return(NA)
  if (!length(inner[[i]]$core$rho)) return(TRUE)
  inner[[i]]$rho.fixed
}

mv_structs <- function(struct, n, call) {
  known <- c("CS", "HCS", "UN", "ID", "DIAG", "AR", "HAR", "CAR", "SPEXP", "SPGAU", "SPLIN", "SPRAT", "SPSPH", "GEN",
             "GDIAG")
  if (!is.character(struct) || !length(struct)) abort_input("struct",
                                                            sprintf("must be words, not %s", describe(struct)),
                                                            call)
  if (all(struct %in% known)) return(rep_len(struct, 2L))
  vapply(rep_len(struct, 2L), check_choice, "", choices = known, arg = "struct", call = call, USE.NAMES = FALSE)
}

# Of ~ 1 | a/b: the factors a and a/b.
grouping_factors <- function(f, input, call) {
  parts <- nested_parts(f[[2L]][[3L]])
  names <- vapply(parts, deparsed, "")
  values <- lapply(parts, random_variable, f = f, input = input, call = call)
  groups <- lapply(values, as_group)
  lapply(seq_along(parts), function(i) {
    full <- if (i == 1L) groups[[1L]] else nested_levels(groups[seq_len(i)])
    list(name = paste(names[seq_len(i)], collapse = "/"), full = full, codes = used_codes(full, input$not.na),
         values = values, parts = names)
  })
}

deparsed <- function(expr) {
  if (is.symbol(expr)) as.character(expr) else paste(deparse(expr, width.cutoff = 500L), collapse = "")
}

nested_parts <- function(expr) {
  if (is.call(expr) && identical(expr[[1L]], quote(`/`))) return(c(nested_parts(expr[[2L]]), list(expr[[3L]])))
  if (is.call(expr) && identical(expr[[1L]], quote(`(`))) return(nested_parts(expr[[2L]]))
  list(expr)
}

# A variable of the formula at the rows of the subset.
random_variable <- function(expr, f, input, call) {
  value <- if (is.symbol(expr) && !is.null(input$data)) .subset2(input$data, as.character(expr))
  if (is.null(value)) value <- tryCatch(eval(expr, input$data, environment(f)), error = function(e) {
    abort_input("random", sprintf("could not be evaluated: %s", conditionMessage(e)), call)
  })
  if (!is.atomic(value))
    abort_input("random", sprintf("must have columns of the data or variables: %s is %s", deparsed(expr),
                                  describe(value)),
                call)
  if (length(value) == 1L && input$all > 1L) value <- rep(value, input$all)
  if (length(value) != input$all) {
    abort_input("random", sprintf("must have variables with one value for each of the %d rows: %s has %d", input$all,
                                  deparsed(expr), length(value)), call)
  }
  if (!is.null(input$keep)) value <- value[input$keep]
  if (anyNA(value)) abort_studies("random", input$ids[is.na(value)], "must have no missing values in its variables",
                                  call)
  value
}

# list(code, levels): levels in the order of factor().
as_group <- function(x) {
  if (is.factor(x)) {
    code <- as.integer(x)
    present <- ordered_values(code)
    return(list(code = match(code, present), levels = levels(x)[present]))
  }
  levels <- ordered_values(x)
  list(code = match(x, levels), levels = as.character(levels))
}

# sort(unique(x)) without its detours; text in the order of the language, as factor() has it.
ordered_values <- function(x) {
  x <- unique(x)
  x[if (is.numeric(x)) order(x, method = "radix") else order(x)]
}

# Levels "a/b": in the order of a, and of b within it. groups: of as_group().
nested_levels <- function(groups) {
  code <- groups[[1L]]$code
  for (g in groups[-1L]) code <- (code - 1) * length(g$levels) + g$code
  present <- ordered_values(code)
  first <- match(present, code)
  text <- lapply(groups, function(g) g$levels[g$code[first]])
  list(code = match(code, present), levels = do.call(paste, c(text, sep = "/")))
}

# The levels that rows of the fit have.
used_codes <- function(group, keep) {
  if (all(keep)) return(group)
  code <- group$code[keep]
  present <- ordered_values(code)
  list(code = match(code, present), levels = group$levels[present])
}

factor_term <- function(group, input, options, call) {
  code <- group$codes$code
  n <- length(code)
  known <- options$R[[group$name]]
  if (is.null(known)) {
    return(list(struct = "known", inner = rep.int(1L, n), outer = code, levels = 1L, tau2 = NA_real_, rho = numeric()))
  }
  known <- known_matrix(known, group, options$Rscale, call)
  list(struct = "known", inner = code, outer = rep.int(1L, n), levels = length(group$codes$levels), known = known,
       tau2 = NA_real_, rho = numeric())
}

# R among the levels of the fit, scaled.
known_matrix <- function(R, group, scale, call) {
  if (isS4(R) && inherits(R, "Matrix")) R <- as.matrix(R)
  if (is.data.frame(R)) R <- as.matrix(R)
  if (!is.matrix(R) || !is.numeric(R) || nrow(R) != ncol(R)) abort_input("R", "must be a list of square matrices", call)
  check_symmetric(R, "R", call)
  names <- rownames(R) %||% colnames(R)
  if (is.null(names)) abort_input("R", "must have matrices with row names that are levels", call)
  at <- match(group$codes$levels, names)
  if (anyNA(at)) {
    abort_input("R", sprintf("has no row for the level \"%s\" of %s", group$codes$levels[is.na(at)][1L], group$name),
                call)
  }
  if (anyNA(R[at, at])) abort_input("R", "must have no missing values", call)
  if (is.logical(scale)) scale <- if (isTRUE(scale)) "cor" else "none"
  if (is.numeric(scale) && length(scale) == 1L && scale %in% 0:3) scale <- c("none", "cor", "cor0", "cov0")[scale + 1L]
  scale <- check_choice(scale, c("none", "cor", "cor0", "cov0"), "Rscale", call)
  R <- R[at, at, drop = FALSE]
  R <- switch(scale, none = R, cor = stats::cov2cor(R), cor0 = {
    R <- stats::cov2cor(R)
    (R - min(R)) / (1 - min(R))
  }, cov0 = R - min(R))
  dimnames(R) <- list(group$codes$levels, group$codes$levels)
  R
}

fixed_sigma <- function(sigma, groups, given, call) {
  if (!length(sigma)) {
    if (!is.null(given)) warn_input("sigma2", "is not used: there is no term ~ 1 | group", call)
    return(sigma)
  }
  if (!is.null(given)) {
    given <- fixed_values(given, "sigma2", length(sigma), 0, Inf, call)
    for (j in seq_along(sigma)) sigma[[j]]$tau2 <- given[j]
  }
  single <- vapply(groups, function(g) length(g$codes$levels), 0L) == 1L & vapply(sigma, function(t) is.na(t$tau2), NA)
  if (any(single)) {
    warn_input("random", sprintf("has grouping variables with a single level, whose component is fixed to 0: %s",
                                 paste(vapply(groups[single], `[[`, "", "name"), collapse = ", ")), call)
    for (j in which(single)) sigma[[j]]$tau2 <- 0
  }
  sigma
}

# One value for each component, NA where it is free.
fixed_values <- function(x, arg, n, lower, upper, call) {
  if (is.logical(x)) x <- as.numeric(x)
  x <- check_numeric_vector(x, arg, call)
  if (length(x) == 1L) x <- rep(x, n)
  if (length(x) != n) abort_input(arg, sprintf("must have %d elements, not %d", n, length(x)), call)
  if (any(x < lower | x > upper, na.rm = TRUE))
    abort_input(arg, sprintf("must be from %s to %s", format(lower), format(upper)), call)
  x
}
