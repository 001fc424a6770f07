# Passes a core result through; re-signals a failure of the core as a classed R condition with
# the user's call. `rows` are the rows of the user's data that the core saw. What C++ throws beyond the core's own
# exceptions (Boost's, Eigen's, of conversions) has a class too.

call_core <- function(out, call = NULL, rows = NULL) {
  core_result(tryCatch(out, "C++Error" = function(e) list_unexpected(conditionMessage(e))), call, rows)
}

# The same of a function whose arguments C++ takes as they are, which spares the hot path the handler.
core_result <- function(out, call = NULL, rows = NULL) {
  if (!inherits(out, "metaparity_core_error")) return(out)
  switch(out$type,
    input = abort_input(out$arg, out$message, call),
    studies = abort_studies(out$arg, if (is.null(rows)) out$rows else rows[out$rows], out$message, call),
    unexpected = abort_core(out$message, call),
    abort_not_converged(out$message, call))
}

list_unexpected <- function(message) structure(list(type = "unexpected", message = message),
                                               class = "metaparity_core_error")
