# The conditions of all warnings that an expression gives, in their order.
capture_warnings_of <- function(code) {
  seen <- list()
  withCallingHandlers(code, warning = function(w) {
    seen[[length(seen) + 1L]] <<- w
    invokeRestart("muffleWarning")
  })
  seen
}
