# Passes a core result through; re-signals a failure of the core as a classed R condition with
# the user's call. `rows` are the rows of the user's data that the core saw.

call_core <- function(out, call = NULL, rows = NULL) {
  if (!inherits(out, "metaparity_core_error")) return(out)
  switch(out$type,
    input = abort_input(out$arg, out$message, call),
    studies = abort_studies(out$arg, if (is.null(rows)) out$rows else rows[out$rows], out$message, call),
    abort_not_converged(out$message, call))
}
