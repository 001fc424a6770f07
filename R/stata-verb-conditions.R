# Errors of the do-file interpreter: Stata's message and return code; the runner adds line and command.

abort_stata <- function(message, rc = 198L, class = NULL, ...) {
  stop(errorCondition(message, rc = rc, ..., call = NULL,
                      class = c(class, "metaparity_error_stata", "metaparity_error")))
}

# What the interpreter does not know is refused by name, also under `capture`: skipping it would be a guess.
abort_unsupported <- function(what) {
  abort_stata(sprintf("%s: not supported here", what), 199L, "metaparity_error_stata_unsupported", what = what)
}

# The same condition with the place where it happened; errors of the verbs keep their own classes and fields.
locate_error <- function(e, statement) {
  if (!is.null(e$line)) return(e)
  e$message <- sprintf("line %d: %s\n  command: %s", statement$line, conditionMessage(e), statement$text)
  e$line <- statement$line
  e$command <- statement$text
  if (is.null(e$rc)) e$rc <- 198L
  if (!inherits(e, "metaparity_error_stata")) {
    # What no verb refused is a fault of the interpreter.
    inner <- if (!inherits(e, "metaparity_error")) "metaparity_error_stata_internal"
    family <- c(inner, "metaparity_error_stata", "metaparity_error")
    class(e) <- unique(c(setdiff(class(e), c("metaparity_error", "error", "condition", "simpleError")), family, "error",
                         "condition"))
  }
  e$call <- NULL
  e
}
