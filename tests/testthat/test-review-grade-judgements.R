test_that("domains are found by their names, English and Chinese", {
  expect_identical(grade_domain_of(c("Risk of bias", "RoB", "\u4e0d\u7cbe\u786e\u6027", "other", "colour")),
                   c("risk_of_bias", "risk_of_bias", "imprecision", "publication_bias", NA))
  expect_identical(grade_domain_of(names(grade_all)), names(grade_all))
})

test_that("words are steps, down and up, and each step's word is read back", {
  expect_identical(grade_steps(c("not serious", "serious", "very serious", "extremely serious", "3", "-1", "4", "1.5",
                                 "", "odd")), c(0L, 1L, 2L, 3L, NA, 1L, NA, NA, 0L, NA))
  expect_identical(grade_steps(c("2", "-1", "3", "very large", "would", "no"), up = TRUE), c(2L, NA, NA, 2L, 1L, 0L))
  for (domain in names(grade_down)[1:4]) expect_identical(grade_steps(grade_word(0:3, domain)), 0:3, label = domain)
  expect_identical(grade_steps(grade_word(0:2, "publication_bias")), 0:2)
  expect_identical(grade_steps(grade_word(0:2, "large_effect"), up = TRUE), 0:2)
})

test_that("certainty is where the design starts less what is taken, between very low and high", {
  expect_identical(grade_start(c("randomised trials", "Cohort", "case-control", "non-randomised", "\u961f\u5217\u7814\u7a76")),
                   c(4L, 2L, 2L, 2L, 2L))
  brute <- expand.grid(start = c(2L, 4L), down = 0:6, up = 0:2)
  found <- grade_certainty(brute$start, brute$down, brute$up)
  expect_identical(found, as.integer(apply(brute, 1L, function(b) max(1, min(4, b[1L] - b[2L] + b[3L])))))
})

test_that("wide and long tables of judgements give the same, and unknown outcomes are left out", {
  wide <- data.frame(outcome = c("a", "b"), imprecision = c("serious", ""), imprecision_reason = c(" few ", NA),
                     large_effect = c("no", "large"))
  long <- data.frame(Outcome = c("a", "b", "z"), Domain = c("Imprecision", "large effect", "imprecision"),
                     Judgement = c("serious", "large", "serious"), Reason = c("few", NA, "x"))
  read <- function(table) read_judgements(table, c("a", "b"), NULL)
  w <- read(wide)
  l <- read(long)
  expect_identical(w$steps, l$steps)
  expect_identical(w$reason, l$reason)
  expect_identical(w[w$steps > 0L, c("outcome", "domain")], l[l$steps > 0L, c("outcome", "domain")])
  expect_identical(sum(w$judged), 3L)
  expect_identical(nrow(read(NULL)), 2L * length(grade_all))
})

test_that("what is no judgement or no domain is told with its rows", {
  wide <- data.frame(outcome = c("a", "b"), imprecision = c("serious", "perhaps"))
  expect_identical(expect_error(read_judgements(wide, c("a", "b"), NULL), "perhaps",
                                class = "metaparity_error_studies")$rows, 2L)
  long <- data.frame(outcome = "a", domain = c("imprecision", "colour"), judgement = "serious")
  expect_identical(expect_error(read_judgements(long, "a", NULL), class = "metaparity_error_studies")$rows, 2L)
  w <- expect_warning(warn_reasons(read_judgements(wide[1L, ], "a", NULL), NULL), class = "metaparity_warning_reason")
  expect_identical(w$judgements$domain, "imprecision")
})
