# network_meta(): the consistency model and design-by-treatment inconsistency model of a network, fitted by mvmeta().
# Sources: White et al. (2012) Res Synth Methods 3:111; Higgins et al. (2012) 3:98. Oracle: genuine logs.

#' Consistency and inconsistency models of a network
#'
#' @param net a result of [network_setup()] or [network_import()].
#' @param model `"consistency"` or `"inconsistency"`, may be abbreviated.
#' @param fixed without heterogeneity.
#' @param force go on where the network has no source of heterogeneity, or several arms in the format of pairs.
#' @param ... options of [mvmeta()] (`ml`, `nouncertainv`, `print`, `i2`, `level`, ...), of [metareg()] for pairs.
#' @return An object of class `stata_network_meta` (see [stata_view]): `fit` the result of [mvmeta()] or [metareg()];
#'   `test` the Wald test of inconsistency: `chi2` (or `F`), `df`, `p`; `network` the network.
#' @details All treatments share one heterogeneity variance tau2: covariances between studies are tau2 on the diagonal
#'   and
#'   tau2/2 off it. The inconsistency model has one parameter for each contrast of each design that closes a loop of
#'   designs: `des_ACD` in the equation of C is the effect of C in the design ACD less that of the consistent part.
#'   Which
#'   parameters these are depends on the order of the treatments, the test does not.
#'
#'   Errors: `metaparity_error_input`, `metaparity_error_unsupported` for networks that are not connected.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_meta")`.
#' @section In other software: Stata `network meta consistency`, `network meta inconsistency`; \pkg{netmeta}
#'   `netmeta()` with
#'   `method.tau = "REML"`, whose standard errors are those of `nouncertainv`; \pkg{metafor} `rma.mv()` with `rho =
#'   1/2`.
#' @references White IR, Barrett JK, Jackson D, Higgins JPT (2012). Consistency and inconsistency in network
#'   meta-analysis.
#'   Research Synthesis Methods 3, 111-125.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
#'                 r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = t)
#' network_meta(net, "inconsistency")
#' @export
network_meta <- function(net, model, fixed = FALSE, force = FALSE, ...) {
  mc <- match.call()
  check_network(net, mc)
  check_given(model, call = mc)
  kind <- match_option(check_word(model, "model", mc), c(consistency = "c", inconsistency = "i"))
  if (is.na(kind)) abort_input("model", "must be \"consistency\" or \"inconsistency\"", mc)
  network_sound(net, kind, check_flag(fixed, "fixed", mc), check_flag(force, "force", mc), mc)
  extra <- if (kind == "inconsistency") network_inconsistency(net) else network_no_terms()
  if (kind == "inconsistency" && !nrow(extra)) abort_input("model", "has no possible inconsistency in this network", mc)
  options <- list(...)
  if (fixed) options$fixed <- TRUE
  fit <- if (net$format == "pairs") network_pairs_fit(net, extra, options, mc) else network_mv_fit(net, extra, options)
  test <- if (nrow(extra)) network_wald(fit$view, fit$tested)
  r <- c(list(model = kind), test)
  new_stata_view("network_meta", r, fit$view$table, fit$view, list(level = fit$view$options$level), network = net,
                 model = kind, stata_ran = fit$command, test = test, tested = fit$tested, call = mc)
}

# What is left to tell heterogeneity: contrasts beyond those of the designs, and in the consistency model those of the
# designs beyond those of the network.
network_left <- function(net, kind) {
  net$shape$df_heterogeneity + if (kind == "consistency") net$shape$df_inconsistency else 0L
}

network_sound <- function(net, kind, fixed, force, call) {
  if (max(net$shape$component) > 1L) {
    abort_capability("network_meta()", "needs a network whose treatments are all connected", call)
  }
  if (!fixed && !force && network_left(net, kind) == 0L) {
    abort_input("fixed", "is needed: the data have no source of heterogeneity (or say `force`)", call)
  }
  if (net$format == "pairs" && !force && any(vapply(net$studies, function(s) length(s$codes) > 2L, NA)))
    abort_input("force", "is needed: in the format of pairs studies of several arms count their arms twice", call)
}

network_no_terms <- function() data.frame(design = character(), code = character(), stringsAsFactors = FALSE)

# Contrasts of designs against their base that join treatments already joined: each is a parameter of inconsistency.
network_inconsistency <- function(net) {
  codes <- net$treatments$code
  joined <- seq_along(codes)
  out <- list()
  for (design in sort(unique(net$designs), method = "radix")) {
    arms <- strsplit(design, " ", fixed = TRUE)[[1L]]
    base <- if (net$ref %in% arms) net$ref else arms[1L]
    for (code in setdiff(arms, base)) {
      at <- match(c(base, code), codes)
      if (joined[at[1L]] == joined[at[2L]]) out <- c(out, list(data.frame(design = design, code = code)))
      else joined[joined == joined[at[2L]]] <- joined[at[1L]]
    }
  }
  if (length(out)) do.call(rbind, out) else network_no_terms()
}

# Names of designs without the spaces; those that would be the same get a number.
network_design_name <- function(design, net) {
  all <- sort(unique(net$designs), method = "radix")
  sprintf("des_%s", make.unique(gsub(" ", "", all, fixed = TRUE), "_")[match(design, all)])
}

# ---- augmented and standard ---------------------------------------------------------------------

network_mv_fit <- function(net, extra, options) {
  plan <- if (net$format == "augmented") network_augmented_plan(net, extra) else network_standard_plan(net, extra)
  args <- c(list(net$stub[1L], net$stub[2L], data = plan$data, bscovariance = "exch 0.5", vars = plan$vars,
                 equations = plan$equations), plan$flags, options)
  if (isTRUE(options$fixed)) args$bscovariance <- NULL
  list(view = mvmeta_with(args), tested = plan$tested, command = network_command(net, plan, options))
}

# An equation for each treatment; des_ variables mark the designs.
network_augmented_plan <- function(net, extra) {
  data <- net$data
  name <- network_design_name(extra$design, net)
  for (d in unique(extra$design)) data[[network_design_name(d, net)]] <- as.numeric(net$designs == d)
  other <- setdiff(net$treatments$code, net$ref)
  vars <- paste(net$stub[1L], other, sep = "_")
  equations <- stats::setNames(lapply(other, function(code) sort(name[extra$code == code], method = "radix")), vars)
  tested <- data.frame(eq = sprintf("%s_%s", net$stub[1L], extra$code), term = name, stringsAsFactors = FALSE)
  list(data = data, vars = vars, equations = if (nrow(extra)) equations[lengths(equations) > 0L],
       flags = list(longparm = TRUE),
       tested = tested, words = "longparm")
}

# The same coefficients in all equations: _trtdiff1_B is 1 where the first contrast is of B, -1 where against B.
network_standard_plan <- function(net, extra) {
  data <- net$data
  most <- max(vapply(net$studies, function(s) length(s$y), 0L))
  other <- setdiff(net$treatments$code, net$ref)
  terms <- c(other, if (nrow(extra)) paste0(extra$code, "_", network_design_name(extra$design, net)))
  for (j in seq_len(most)) {
    for (code in other) data[[sprintf("_trtdiff%d_%s", j, code)]] <- network_difference(net, code, 1L, j + 1L)
    for (e in seq_len(nrow(extra))) {
      data[[sprintf("_trtdiff%d_%s", j, terms[length(other) + e])]] <-
        network_difference(net, extra$code[e], 1L, j + 1L) * (net$designs == extra$design[e])
    }
  }
  vars <- paste(net$stub[1L], seq_len(most), sep = "_")
  equations <- stats::setNames(lapply(seq_len(most), function(j) sprintf("_trtdiff%d_%s", j, terms)), vars)
  tested <- data.frame(eq = rep(vars[1L], nrow(extra)), term = equations[[1L]][-seq_along(other)],
                       stringsAsFactors = FALSE)
  list(data = data, vars = vars, equations = equations, flags = list(commonparm = TRUE, noconstant = TRUE),
       tested = tested,
       words = "commonparm noconstant")
}

network_difference <- function(net, code, from, to) {
  vapply(net$studies, function(s) if (to > length(s$codes)) 0 else (s$codes[to] == code) - (s$codes[from] == code), 0)
}

network_command <- function(net, plan, options) {
  equations <- if (length(plan$equations)) sprintf("eq(%s)", paste(sprintf("%s: %s", names(plan$equations),
    vapply(plan$equations, paste, "", collapse = " ")), collapse = ", "))
  given <- vapply(names(options), function(n) if (isTRUE(options[[n]])) n else
    sprintf("%s(%s)", n, paste(options[[n]], collapse = " ")), "")
  paste(sprintf("mvmeta %s %s  ,", net$stub[1L], net$stub[2L]), paste(c(given, if (!isTRUE(options$fixed))
    "bscovariance(exch 0.5)", plan$words, "suppress(uv mm)", if (is.null(equations)) "" else equations,
    sprintf("vars(%s)", paste(plan$vars, collapse = " "))), collapse = " "))
}

# ---- pairs --------------------------------------------------------------------------------------

network_pairs_fit <- function(net, extra, options, call) {
  data <- net$data
  other <- setdiff(net$treatments$code, net$ref)
  column <- function(code) (data[["_t2"]] == code) - (data[["_t1"]] == code)
  terms <- paste0("_trtdiff_", other)
  for (code in other) data[[paste0("_trtdiff_", code)]] <- as.numeric(column(code))
  for (e in seq_len(nrow(extra))) {
    name <- paste0("_trtdiff_", extra$code[e], "_", network_design_name(extra$design[e], net))
    data[[name]] <- column(extra$code[e]) * (data[["_design"]] == extra$design[e])
    terms <- c(terms, name)
  }
  stderr <- if (is.null(net$stderr)) "_stderr" else net$stderr
  method <- if (isTRUE(options$fixed)) abort_input("fixed", "does not go with the format of pairs", call)
  args <- c(lapply(c(net$stub[1L], terms), as.name), list(data = quote(data), wsse = as.name(stderr),
                                                          noconstant = TRUE),
            options[setdiff(names(options), c("print", "i2"))])
  view <- eval(as.call(c(quote(metareg), args)), list(data = data), asNamespace("metaparity"))
  given <- vapply(names(options), function(n) if (isTRUE(options[[n]])) n else sprintf("%s(%s)", n, options[[n]]), "")
  command <- sprintf("metareg %s  , %s", paste(c(net$stub[1L], terms), collapse = " "),
                     paste(c(given, sprintf("wsse(%s)", stderr), "noconstant"), collapse = " "))
  list(view = view, command = command,
       tested = data.frame(eq = rep("", nrow(extra)), term = terms[-seq_along(other)], stringsAsFactors = FALSE))
}

# Wald test that the parameters are 0, with the variance of the table.
network_wald <- function(view, tested) {
  pairs <- inherits(view, "stata_metareg")
  at <- if (pairs) match(tested$term, rownames(view$fit$beta)) else
    match(paste(tested$eq, tested$term), paste(view$studies$names$eq, view$studies$names$term))
  V <- if (pairs) view$fit$vb else mvmeta_variance(view$fit, view$options)
  b <- as.numeric(view$fit$beta)[at]
  chi2 <- sum(b * solve(V[at, at, drop = FALSE], b))
  df_r <- if (pairs && !is.null(view$r$df_r)) view$r$df_r else view$options$df
  if (is.null(df_r)) return(list(chi2 = chi2, df = length(at), p = upper_p(chi2, length(at))))
  list(F = chi2 / length(at), df = length(at), df_r = df_r, p = upper_p(chi2 / length(at), length(at), df_r))
}

#' @export
format.stata_network_meta <- function(x, ...) {
  wrong <- x$network$format == "pairs" && any(vapply(x$network$studies, function(s) length(s$codes) > 2L, NA))
  c(if (wrong) "The data contain multi-arm trials - this analysis in pairs format is wrong",
    paste("Command is:", x$stata_ran), format(x$fit), if (!is.null(x$test)) format_network_test(x))
}

format_network_test <- function(x) {
  t <- x$test
  name <- if (nzchar(x$tested$eq[1L])) sprintf("[%s]%s", x$tested$eq, x$tested$term) else x$tested$term
  value <- if (is.null(t$F)) c(sprintf("           chi2(%3d) =%8s", t$df, trimws(stata_fixed(t$chi2, 8L, 2L))),
                               sprintf("         Prob > chi2 =%10s", stata_p(t$p, 4L))) else
    c(sprintf("       F(%3d,%6s) =%8s", t$df, format(t$df_r), trimws(stata_fixed(t$F, 8L, 2L))),
      sprintf("            Prob > F =%10s", stata_p(t$p, 4L)))
  c("", "Testing for inconsistency:", sprintf(" (%2d)  %s = 0", seq_along(name), name), "", value)
}

#' @exportS3Method
saved_estimates.stata_network_meta <- function(view) {
  if (inherits(view$fit, "stata_mvmeta")) saved_estimates.stata_mvmeta(view$fit) else
    saved_estimates.stata_metareg(view$fit)
}
