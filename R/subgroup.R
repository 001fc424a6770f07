# Subgroup analysis: a fit per group, a fit of all studies, and the test between the groups.

fit_subgroups <- function(input, spec, options, call) {
  abort_input("by", "is not available yet", call)
}
