# update(): the user's call, changed and evaluated again where update() was called.

#' Fit again with changed arguments
#'
#' @param object a fit, or a subgroup analysis.
#' @param formula. changes to the moderators, as in [stats::update()]: `~ . + year`.
#' @param ... arguments of the call that change; `NULL` removes one.
#' @param evaluate whether the call is evaluated or returned.
#' @return The new fit, or the call.
#' @details The call is evaluated where `update()` is called from, with the verb of this package whatever other
#'   packages are attached. An object without a call, or with moderators that are no formula when `formula.` refers
#'   to them, gives an error of class `metaparity_error_input`.
#' @section In other software: \pkg{metafor}: `update()`.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2), v = c(0.33, 0.19, 0.41, 0.02, 0.05),
#'                 year = 1:5)
#' fit <- rma(est, v, data = d)
#' update(fit, ~ year, method = "DL")
#' @importFrom stats update
#' @export
update.metaparity <- function(object, formula., ..., evaluate = TRUE) {
  call <- object$call
  if (is.null(call)) abort_input("object", "has no call to be updated", sys.call())
  if (!missing(formula.)) call <- update_moderators(call, object, formula., sys.call())
  extras <- match.call(expand.dots = FALSE)$...
  for (name in names(extras)) call[[name]] <- extras[[name]]
  if (!check_flag(evaluate, "evaluate", sys.call())) return(call)
  eval(call, own_verbs(call, parent.frame()))
}

update_moderators <- function(call, object, formula, where) {
  if (!inherits(formula, "formula")) abort_input("formula.", sprintf("must be a formula, not %s", describe(formula)),
                                                 where)
  if (!is.null(object$formula.yi)) {
    call$yi <- stats::update.formula(object$formula.yi, formula)
    return(call)
  }
  # A dot on the left is the outcome, which stands in `yi`.
  if (length(formula) == 3L) {
    if (!identical(formula[[2L]], quote(.))) call$yi <- formula[[2L]]
    formula <- formula[-2L]
  }
  if (is.null(object$formula.mods) && !is.null(call$mods) && "." %in% all.vars(formula)) {
    abort_input("formula.", "refers to moderators that were not given as a formula", where)
  }
  if (identical(formula[[2L]], 1)) {
    call$mods <- NULL
    return(call)
  }
  old <- if (is.null(object$formula.mods)) ~1 else object$formula.mods
  call$mods <- stats::update.formula(old, formula)
  call
}

# Another package may have put a function of the same name in front of ours.
own_verbs <- function(call, env) {
  name <- call[[1L]]
  if (!is.symbol(name)) return(env)
  ours <- get0(as.character(name), envir = topenv(), mode = "function", inherits = FALSE)
  if (is.null(ours)) return(env)
  inner <- new.env(parent = env)
  assign(as.character(name), ours, envir = inner)
  inner
}
