test_that("what to replace: a flag or a word, also abbreviated", {
  expect_identical(conversion_replace(TRUE), "all")
  expect_identical(conversion_replace(FALSE), "ifna")
  for (word in c("ifna", "all", "complete")) {
    expect_identical(conversion_replace(word), word)
    expect_identical(conversion_replace(substr(word, 1, 2)), word)
  }
  for (bad in list("some", NA, 1, c("all", "ifna"), NULL))
    expect_error(conversion_replace(bad, NULL), class = "metaparity_error_input")
})

test_that("rows of an old column that take the new value: a truth table", {
  old <- c(1, NA, 3, NA)
  new <- c(9, 8, NA, NA)
  expect_identical(fill_column(old, new, "ifna"), c(1, 8, 3, NA))
  expect_identical(fill_column(old, new, "all"), c(9, 8, 3, NA))
  expect_identical(fill_column(old, new, "complete"), new)
  for (how in c("ifna", "all", "complete")) expect_identical(fill_column(NULL, new, how), new)
})

test_that("columns of the data, recycled where one value may stand for all, wrong lengths named", {
  found <- function(...) {
    mc <- as.call(c(quote(f), list(...)))
    conversion_columns(c("a", "b", "c"), mc, environment(), single = "b")
  }
  out <- found(a = c(1, 2, 3), b = 5)
  expect_identical(out$k, 3L)
  expect_identical(out$columns, list(a = c(1, 2, 3), b = c(5, 5, 5), c = rep(NA_real_, 3)))
  expect_identical(found(a = c(1, 2, 3), include = quote(c(TRUE, FALSE, TRUE)))$columns$a, c(1, NA, 3))
  expect_identical(expect_error(found(a = 1:3, c = 1), class = "metaparity_error_input")$arg, "c")
  expect_identical(expect_error(found(), class = "metaparity_error_input")$arg, "a")
  expect_error(found(a = "x"), class = "metaparity_error_input")
})

test_that("names of new columns are made valid, as many as there are columns", {
  expect_identical(check_conv_names(c("a b", "vi"), 2L, NULL), c("a.b", "vi"))
  for (bad in list("a", c("a", NA), 1:2, c("a", "b", "c"), c("a", "\xff")))
    expect_error(check_conv_names(bad, 2L, NULL), class = "metaparity_error_input")
  expect_identical(effect_names(NULL, NULL, NULL), c("yi", "vi"))
  d <- escalc("GEN", yi = 1:2, vi = 1:2, var.names = c("effect", "v"))
  expect_identical(effect_names(NULL, d, NULL), c("effect", "v"))
  expect_identical(effect_names(c("p", "q"), d, NULL), c("p", "q"))
})

test_that("placed effects: infinite and negative ones become missing with a warning that names them, old ones stay", {
  found <- list(data = data.frame(yi = c(0.5, NA, NA), vi = c(0.1, NA, NA), g = letters[1:3]), k = 3L)
  form <- list(var.names = c("yi", "vi"), append = TRUE, replace = "ifna", measure = "SMD")
  out <- place_effects(found, c(9, 0.2, 0.3), c(9, 0.04, 0.05), NULL, form, NULL)
  expect_s3_class(out, "escalc")
  expect_identical(as.numeric(out$yi), c(0.5, 0.2, 0.3))
  expect_identical(out$vi, c(0.1, 0.04, 0.05))
  expect_identical(names(out), c("yi", "vi", "g"))
  form$append <- FALSE
  w <- capture_warnings_of(out <- place_effects(found, c(1, Inf, 0.3), c(1, 1, -0.1), NULL, form, NULL))
  expect_identical(lapply(w, `[[`, "rows"), list(2L, 3L))
  expect_identical(names(out), c("yi", "vi"))
  expect_true(is.na(out$yi[2]) && is.na(out$vi[2]) && is.na(out$vi[3]))
  found$data <- found$data[1:2, ]
  expect_error(place_effects(found, 1:3, 1:3, NULL, form, NULL), class = "metaparity_error_input")
})
