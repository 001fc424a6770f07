# Random numbers: R's streams under Stata's names. The numbers differ from Stata's for the same seed, which the log
# says once.
# Source: Stata's functions manual, Random-number functions.

# The first random number of a session is told; R's own stream outside of Stata's words is left as it was.
note_random <- function(session) {
  if (isTRUE(session$random_told)) return(invisible())
  session$random_told <- TRUE
  emit(session, "(random numbers are R's streams: they differ from Stata's for the same seed)", always = TRUE)
}

# set seed #
set_seed <- function(text, session) {
  seed <- real_value(text)
  if (is.na(seed) || seed < 0 || seed > 2147483647) {
    if (grepl("^X", text)) abort_unsupported("set seed with a state of Stata's generator")
    abort_stata("set seed: a number between 0 and 2147483647 expected", 198L)
  }
  set.seed(as.integer(seed))
  note_random(session)
}

bad_to_missing <- function(x) ifelse(is.nan(x), NA_real_, x)

# n: how many values; the arguments have one value or n.
random_functions <- list(
  runiform = function(n, a = 0, b = 1) stats::runif(n, a, b), uniform = function(n) stats::runif(n),
  runiformint = function(n, a, b) floor(stats::runif(n, a, b + 1)),
  rnormal = function(n, m = 0, s = 1) stats::rnorm(n, m, s),
  invnorm_uniform = function(n) stats::rnorm(n), rbinomial = function(n, k, p) stats::rbinom(n, k, p),
  rpoisson = function(n, m) stats::rpois(n, m), rchi2 = function(n, df) stats::rchisq(n, df),
  rt = function(n, df) stats::rt(n, df), rbeta = function(n, a, b) stats::rbeta(n, a, b),
  rgamma = function(n, a, b) stats::rgamma(n, a, scale = b), rexponential = function(n, b) stats::rexp(n, 1 / b),
  rhypergeometric = function(n, N, K, k) stats::rhyper(n, K, N - K, k),
  rnbinomial = function(n, r, p) stats::rnbinom(n, r, p), rlogistic = function(n, m = 0, s = 1) stats::rlogis(n, m, s),
  rweibull = function(n, a, b) stats::rweibull(n, a, b))

evaluate_random <- function(tree, ctx) {
  f <- random_functions[[tree$name]]
  args <- lapply(tree$args, function(a) numeric_operand(evaluate(a, ctx)))
  takes <- formals(f)[-1L]
  least <- sum(vapply(takes, function(a) is.symbol(a), NA))
  if (length(args) < least || length(args) > length(takes)) {
    abort_stata(sprintf("invalid syntax: %s() has %d arguments", tree$name, length(args)), 198L)
  }
  note_random(ctx$session)
  n <- if (isTRUE(ctx$single)) 1L else max(length(ctx$rows), 1L)
  stata_number(suppressWarnings(bad_to_missing(do.call(f, c(list(n), unname(args))))))
}
