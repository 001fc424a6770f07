test_that("labels are text or marked plotmath, whatever they come as", {
  expect_identical(as_label("a"), "a")
  expect_null(as_label(NULL))
  expect_identical(as_label(factor("a")), "a")
  marked <- as_label(list("plain", quote(x^2), expression(tau), bquote(I^2 == .(5))))
  expect_identical(is_math(marked), c(FALSE, TRUE, TRUE, TRUE))
  expect_identical(as_math(marked[2:4]), expression(x^2, tau, I^2 == 5))
  expect_identical(is_math(character()), logical())
  expect_identical(is_math(NA_character_), FALSE)
})

test_that("objects inside a call lose their class, not their value", {
  text <- as_label(bquote(paste("Q = ", .(noquote("12.3")), .(structure(2, class = "number")))))
  expect_identical(as_math(text), expression(paste("Q = ", "12.3", 2)))
})

test_that("an expression is drawn where a text could stand, and measured", {
  fit <- rma(c(-0.6, -0.2, 0.1), c(0.12, 0.04, 0.02))
  slab <- expression(Ames^a, "Bell", "Cole" ~ (n == 3))
  layout <- layout_of(fit, slab = slab, main = expression(hat(theta)), xlab = expression(log(OR)), note = quote(x[1]),
                      mlab = bquote(paste("All (", I^2, " = ", .(12), "%)")), header = expression(Study^1, theta),
                      favours = expression(A %->% B, B %->% A), ilab = 1:3, ilab.lab = expression(n[i]))
  expect_sound_layout(layout)
  expect_gte(sum(is_math(layout$texts$text)), 10L)
  on_page(draw_forest(layout, c(7, 7)))
})

test_that("higher plotmath has a higher box, and reaches below the baseline", {
  on_page({
    high <- as_label(quote(frac(x, y)))
    expect_gt(label_height(high, 9, 1L), label_height("x", 9, 1L))
    expect_gt(math_depth(high, 1, 1L), 0)
    expect_equal(math_depth(as_label(quote(x)), 1, 1L), 0, tolerance = 0.02)
  })
})
