# Times, failures, groups; the display of stored numbers after stset.
survival_times <- function() {
  set.seed(4)
  data.frame(t = round(stats::rexp(40, 0.2), 1) + 0.1, d = stats::rbinom(40, 1, 0.7), g = rep(0:1, 20),
             x = round(stats::rnorm(40), 2))
}

survival_numbers <- function(lines, names, d = survival_times(), set = "quietly stset t, failure(d)") {
  as.numeric(utils::tail(stata(c(set, lines, sprintf("display %%21.17f %s", names)), d)$log, length(names)))
}

# Stanford's heart transplants (package survival): a record before and one after the transplant.
heart_records <- function() {
  d <- survival::heart
  d$transplant <- as.integer(as.character(d$transplant))
  d
}
heart_set <- "quietly stset stop, failure(event) id(id)"
