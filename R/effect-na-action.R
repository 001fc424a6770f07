# What the option na.action makes of rows with missing values: left out ("na.omit"), shown as NA ("na.exclude"), shown
# with what is known of them ("na.pass"), or an error ("na.fail").

# Rows that a fit could not use are shown as NA under na.action = "na.pass" or "na.exclude".
keeps_missing <- function() {
  isTRUE(getOption("na.action") %in% c("na.pass", "na.exclude"))
}

expand_missing <- function(rows, used, slab) {
  at <- rep(NA_integer_, length(used))
  at[used] <- seq_len(sum(used))
  out <- lapply(rows, function(v) if (is.matrix(v)) v[at, , drop = FALSE] else v[at])
  out$slab <- slab
  out
}

fills_missing <- function() identical(getOption("na.action"), "na.pass")

# A fit leaves rows out: with a warning, or not at all.
leave_out <- function(rows, reason, call) {
  if (identical(getOption("na.action"), "na.fail")) abort_studies("data", rows, sprintf("has %s", reason), call)
  warn_dropped(rows, reason, call)
}

check_na_fail <- function(object) {
  if (identical(getOption("na.action"), "na.fail") && !all(object$not.na)) {
    abort_studies("object", which(!object$not.na), "has studies left out, and na.action is \"na.fail\"", sys.call(-2L))
  }
}

# What the methods of a fit give for the studies used alone, whatever the option.
of_used <- function(code) {
  old <- options(na.action = "na.omit")
  on.exit(options(old))
  code
}
