probiotics <- function(file) {
  utils::read.csv(system.file("extdata", "probiotics", file, package = "metaparity"), colClasses = "character",
                  na.strings = character(), encoding = "UTF-8")
}
rename <- function(x, ...) {
  new <- c(...)
  names(x)[match(names(new), names(x))] <- new
  x
}

test_that("the worked example's plots: what is wrong is found and nothing else", {
  effects <- rename(probiotics("effects.csv"), site = "group")
  pooled <- rename(probiotics("pooled.csv"), site = "group", p_het = "pQ")
  effects <- effects[nzchar(effects$est) & effects$est != "NA", ]
  x <- audit(effects, pooled = pooled[pooled$outcome != "ALP", ], model = "random")
  errors <- x[x$severity == "error", ]
  expect_identical(errors$check, c("A2", "B3", "A2"))
  expect_identical(errors$part, c("BMD, vertebral column", "BMD, vertebral column", "osteocalcin"))
  expect_match(errors$suggestion[3L], "0.05 instead of -0.05")
  expect_false("warning" %in% x$severity)
})

test_that("its tables: the sign of z, and a certainty that nothing explains", {
  x <- audit(list(bias = audit(probiotics("bias.csv")), grade = audit(probiotics("grade.csv")),
                  flow = audit(probiotics("prisma.csv"))))
  own <- x[x$severity != "note", ]
  expect_identical(own$check, c("C14", "C16"))
  expect_match(own$part, "BMD")
})

test_that("columns are found by many names, or told", {
  wide <- data.frame(Study = "A", RR = "2.00", CI = "1.00 to 4.00")
  expect_identical(nrow(audit(wide)), 0L)
  odd <- data.frame(x = "2.00", u = "1.00", v = "3.50")
  expect_identical(audit(odd, columns = c(est = "x", lb = "u", ub = "v"), measure = "RR")$check, "A2")
  expect_identical(nrow(audit(data.frame(est = c(-0.5, 1), ci.lb = c(-1, 0), ci.ub = c(0, 2)), digits = 1)), 0L)
})

test_that("a table of many analyses is audited at once", {
  set.seed(4)
  k <- 4000
  se <- runif(k, 0.1, 0.5)
  y <- rnorm(k)
  d <- data.frame(analysis = rep(seq_len(k / 5), each = 5), study = seq_len(k), est = sprintf("%.2f", exp(y)),
                  ci.lb = sprintf("%.2f", exp(y - 1.959964 * se)), ci.ub = sprintf("%.2f", exp(y + 1.959964 * se)),
                  measure = "RR")
  expect_false("error" %in% audit(d)$severity)
})

test_that("what cannot be audited is told", {
  expect_error(audit(1), class = "metaparity_error_input")
  expect_error(audit(data.frame(a = 1)), class = "metaparity_error_input")
  expect_error(audit(data.frame(est = "1")[0L, , drop = FALSE]), class = "metaparity_error_input")
  expect_error(audit(list()), class = "metaparity_error_input")
  good <- data.frame(est = "1", ci.lb = "0", ci.ub = "2")
  expect_error(audit(good, columns = "x"), class = "metaparity_error_input")
  expect_error(audit(good, columns = c(foo = "est")), class = "metaparity_error_input")
  expect_error(audit(good, pooled = 1), class = "metaparity_error_input")
  expect_error(audit(good, measure = 1), class = "metaparity_error_input")
  expect_error(audit(good, level = "a"), class = "metaparity_error_input")
  expect_warning(audit(good, wrong = 1), class = "metaparity_warning_unknown")
})
