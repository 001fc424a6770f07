# Ticks of a typed graph: those beyond the data widen the axis, texts in quotes are their labels; what fails under
# capture noisily is said.

d <- data.frame(y = c(.1, .5, .3), se = c(.1, .2, .3))

ticks_of <- function(option) {
  words <- graph_word("xlabel", option, list(), list(word = "meta forestplot"))
  words$xlabel
}

test_that("quoted texts are the labels of their ticks", {
  expect_identical(ticks_of('.1 "a tenth" 1 "one" 10'), c(`a tenth` = .1, one = 1, `10` = 10))
  expect_identical(ticks_of(".1 `\"a tenth\"' 1"), c(`a tenth` = .1, `1` = 1))
  expect_identical(ticks_of("0 2 4"), c(0, 2, 4))
})

test_that("every tick asked for stands on the axis", {
  m <- meta_summarize(meta_set(y, se, data = d))
  out <- forest(m, at = c(-5, 0, 5), plot = FALSE)
  ticks <- out$layout$texts$text[out$layout$texts$role == "tick"]
  expect_length(ticks, 3L)
})

test_that("capture noisily says what failed", {
  expect_identical(stata("capture noisily metan y nope", data = d)$log, "variable nope not found")
  expect_length(stata("capture metan y nope", data = d)$log, 0L)
  expect_error(stata("summarize y in 2/", data = d), class = "metaparity_error_stata")
})

test_that("plot() of a run draws the graphs that it kept", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  run <- stata("metan y se", data = d, graphs = FALSE)
  expect_length(run$graphs, 1L)
  expect_silent(suppressMessages(plot(run)))
  expect_error(plot(run, which = 2), class = "metaparity_error_input")
  expect_error(plot(stata("summarize y", data = d)), class = "metaparity_error_input")
})
