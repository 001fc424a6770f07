# The example of the manual, [D] reshape.
wide <- data.frame(id = 1:3, sex = c(0, 1, 0), inc80 = c(5000, 2000, 3000), inc81 = c(5500, 2200, 2000),
                   inc82 = c(6000, 3300, 1000),
                   ue80 = c(0, 1, 0), ue81 = c(1, 0, 0), ue82 = c(0, 0, 1))

test_that("reshape long and back gives the manual's data", {
  out <- stata("reshape long inc ue, i(id) j(year)", wide)
  expect_equal(out$data[1:4, ], data.frame(id = c(1, 1, 1, 2), year = c(80, 81, 82, 80),
                                           inc = c(5000, 5500, 6000, 2000),
                                           ue = c(0, 1, 0, 1), sex = c(0, 0, 0, 1)), ignore_attr = TRUE)
  expect_equal(out$log[1:3], c("(note: j = 80 81 82)", "", "Data                               wide   ->   long"))
  expect_true("Number of obs.                        3   ->       9" %in% out$log)
  back <- stata("reshape wide")$data
  expect_equal(back[names(wide)], wide, ignore_attr = TRUE)
})

test_that("strings, @ and what cannot be reshaped", {
  d <- data.frame(t = c("A", "A", "B"), arm = c("x", "y", "x"), n = 1:3)
  out <- stata("reshape wide n, i(t) j(arm) string", d)$data
  expect_equal(out, data.frame(t = c("A", "B"), nx = c(1, 3), ny = c(2, NA)), ignore_attr = TRUE)
  out <- stata("reshape long a@_v, i(id) j(k)", data.frame(id = 1:2, a1_v = 3:4, a2_v = 5:6))$data
  expect_equal(out$a_v, c(3, 5, 4, 6))
  rc <- function(text, d) tryCatch(stata(text, d), metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("reshape wide n, i(t) j(arm)", rbind(d, d)), 9L)
  expect_equal(rc("reshape long zz, i(t) j(k)", d), 9L)
  expect_equal(rc("reshape long zz, i(n) j(k)", d), 111L)
})

test_that("expand, fillin and xpose", {
  d <- data.frame(a = c(1, 1, 2), b = c(1, 2, 2), n = c(2, 0, 3))
  out <- stata("expand n, generate(new)", d)
  expect_equal(out$data$new, c(0, 0, 0, 1, 1, 1))
  expect_equal(out$log, "(3 observations created)")
  out <- stata("fillin a b", d)$data
  expect_equal(out$`_fillin`, c(0, 0, 1, 0))
  out <- stata("xpose, clear varname", data.frame(x = 1:2, y = 3:4))$data
  expect_equal(out, data.frame(v1 = c(1, 3), v2 = c(2, 4), `_varname` = c("x", "y"), check.names = FALSE),
               ignore_attr = TRUE)
})

test_that("stack puts blocks of variables one below the other", {
  d <- data.frame(a = 1:2, b = 3:4, c = 5:6, e = 7:8)
  out <- as.data.frame(stata("stack a b c e, into(x y) clear", d))
  expect_equal(as.numeric(out$`_stack`), c(1, 1, 2, 2))
  expect_equal(as.numeric(out$x), c(1, 2, 5, 6))
  expect_equal(as.numeric(out$y), c(3, 4, 7, 8))
  expect_equal(as.numeric(as.data.frame(stata("stack a b c e if a == 1, group(2) clear", d))$a), c(1, 5))
  expect_error(stata("stack a b c, into(x y) clear", d), class = "metaparity_error_stata")
  expect_error(stata("stack a b c e, into(x y) clear wide", d), class = "metaparity_error_stata_unsupported")
})
