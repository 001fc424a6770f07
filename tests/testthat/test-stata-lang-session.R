test_that("a buffer gives back what it took, in order, whatever its length", {
  for (n in c(0L, 1L, 63L, 64L, 65L, 200L)) {
    buffer <- new_buffer()
    for (i in seq_len(n)) add_item(buffer, i)
    expect_identical(as.integer(unlist(buffer_items(buffer))), seq_len(n))
  }
})

test_that("the log holds what was emitted unless it is quiet, and pieces are runs of one kind", {
  s <- new_session()
  emit_echo(s, ". a", "a")
  emit(s, c("1", "2"))
  s$quiet <- 1L
  emit(s, "hidden")
  emit(s, "shown", always = TRUE)
  expect_identical(log_lines(s), c(". a", "1", "2", "shown"))
  expect_identical(log_pieces(s), list(list(kind = "source", lines = "a"),
                                       list(kind = "output", lines = c("1", "2", "shown"))))
})

test_that("a variable has the smallest type that holds it", {
  cases <- list(list(c(0, 100), "byte"), list(-101, "int"), list(32741, "long"), list(2147483621, "double"),
                list(0.5, "float"), list(0.1, "double"), list(NA_real_, "byte"), list("\u00e9a", "str3"), list("", "str1"))
  for (case in cases) expect_identical(smallest_type(case[[1L]]), case[[2L]], label = toString(case[[1L]]))
  expect_identical(default_format("str12"), "%12s")
  expect_identical(default_format("double"), "%10.0g")
})

test_that("single precision keeps the letters of missing values, and what is beyond it is missing", {
  x <- as_single_missing(c(0.1, missing_value("c"), 1e300))
  expect_equal(missing_rank(x[2L]), 3)
  expect_true(is.na(x[3L]))
  expect_equal(x[1L], 0.1, tolerance = 1e-7)
  expect_false(identical(x[1L], 0.1))
})

test_that("data frames go in and come out, with labels, dates and names that Stata takes", {
  d <- data.frame(g = factor(c("b", "a")), day = as.Date(c("1960-01-02", NA)), s = c("x", NA), `1 x` = 1:2,
                  check.names = FALSE)
  attr(d$g, "label") <- "the group"
  expect_warning(s <- new_session(d), "_1_x", class = "metaparity_warning_input")
  expect_identical(s$data$day, c(1, NA))
  expect_identical(s$data$s, c("x", ""))
  out <- session_data(s)
  expect_identical(as.character(out$g), c("b", "a"))
  expect_identical(attr(out$g, "label"), "the group")
  expect_error(new_session(data.frame(z = 1i)), class = "metaparity_error_input")
})

test_that("dropping a variable forgets what the data were sorted by from it on", {
  s <- new_session(data.frame(a = 1, b = 2, c = 3))
  s$sorted <- c("a", "b", "c")
  drop_variables(s, "b")
  expect_identical(s$sorted, "a")
  drop_variables(s, c("a", "c"))
  expect_identical(s$n, 0L)
})
