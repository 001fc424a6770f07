# Methods are called as a user's script calls them: from an environment that does not see the namespace.
as_user <- function(code, ...) eval(substitute(code), list2env(list(...), parent = globalenv()))

trials <- function(slab = LETTERS[1:4]) {
  escalc("OR", ai = c(4, 6, 3, 62), bi = c(119, 300, 228, 13536), ci = c(11, 29, 11, 248), di = c(128, 274, 209, 12619),
         slab = slab, data = data.frame(g = c("x", "y", "x", "y"), z = 4:1))
}

expect_rows <- function(data, rows, warn = NA) {
  e <- trials()
  expect_warning(fit <- rma(yi, vi, data = data), warn)
  expect_identical(as.character(fit$slab), LETTERS[rows])
  expect_equal(as.numeric(fit$ni), as.numeric(attr(e$yi, "ni"))[rows])
  bare <- data
  attr(bare$yi, "slab") <- NULL
  expect_equal(as.numeric(rma(yi, vi, data = bare)$ni), as.numeric(attr(e$yi, "ni"))[rows])
}

expect_dropped <- function(data) {
  expect_warning(fit <- rma(yi, vi, data = data), class = "metaparity_warning_notes")
  expect_true(fit$slab.null)
  expect_null(fit$ni)
}

test_that("base verbs keep notes with their rows", {
  e <- trials()
  expect_rows(as_user(e[order(e$z), ], e = e), 4:1)
  expect_rows(as_user(subset(e, g == "y"), e = e), c(2, 4))
  expect_rows(as_user(merge(e, data.frame(z = 1:3, q = 1)), e = e), 4:2)
  expect_rows(as_user(rbind(e[3:4, ], e[1:2, ]), e = e), c(3, 4, 1, 2))
  expect_rows(as_user(split(e, e$g)$y, e = e), c(2, 4))
  expect_rows(as_user(head(e, 2), e = e), 1:2)
  expect_rows(as_user(na.omit(transform(e, q = c(1, NA, 2, NA))), e = e), c(1, 3))
  expect_rows(as_user(as.data.frame(e), e = e), 1:4)
})

test_that("effects changed where they stand keep their notes, effects moved do not", {
  e <- trials()
  expect_rows(as_user(transform(e, yi = -yi), e = e), 1:4)
  expect_rows(as_user(within(e, yi <- -yi), e = e), 1:4)
  expect_rows(as_user({
    e$yi[2] <- 0.3
    e[3, "yi"] <- 0.2
    e[["yi"]] <- 2 * e$yi
    e
  }, e = e), 1:4)
  moved <- e$yi
  moved[] <- as.numeric(moved)[c(2, 1, 3, 4)]
  e$yi <- moved
  expect_rows(e, c(2, 1, 3, 4))
})

test_that("a renamed effect is still the effect", {
  e <- trials()
  renamed <- as_user({
    names(e)[3] <- "effect"
    e
  }, e = e)
  expect_identical(attr(renamed, "yi.names"), "effect")
  expect_equal(coef(rma(data = renamed)), coef(rma(yi, vi, data = e)))
})

test_that("dplyr's verbs keep notes with their rows or drop them with a warning", {
  skip_if_not_installed("dplyr")
  e <- trials()
  d <- function(expr) eval(substitute(expr), list2env(list(e = e), parent = asNamespace("dplyr")))
  expect_rows(d(filter(e, g == "y")), c(2, 4))
  expect_rows(d(arrange(e, z)), 4:1)
  expect_rows(d(left_join(arrange(e, z), tibble(g = c("y", "x"), q = 1:2), by = "g")), 4:1)
  expect_rows(d(right_join(e, tibble(z = c(1, 4)), by = "z")), c(1, 4))
  expect_rows(d(mutate(e, yi = -yi, q = 1)), 1:4)
  expect_rows(d(select(e, vi, yi)), 1:4)
  expect_rows(d(ungroup(slice(group_by(e, g), 1))), 1:2)
  expect_rows(d(filter(as_tibble(e), g == "y")), c(2, 4))
  repeated <- rma(yi, vi, data = d(slice(e, c(1, 1, 3))))
  expect_identical(repeated$slab, c("A.1", "A.2", "C"))
  expect_warning(both <- d(bind_rows(e, mutate(e, yi = yi + 1))), class = "metaparity_warning_notes")
  expect_true(rma(yi, vi, data = both)$slab.null)
  expect_dropped(d(mutate(as_tibble(e), yi = yi + 1)))
  expect_identical(attr(d(rename(e, effect = yi)), "yi.names"), "effect")
})

test_that("tidyr and data.table hand on rows whose notes are found again", {
  skip_if_not_installed("tidyr")
  skip_if_not_installed("data.table")
  e <- trials()
  expect_rows(tidyr::drop_na(transform(e, q = c(1, NA, 2, NA))), c(1, 3))
  table <- data.table::as.data.table(e)
  expect_rows(data.table::setorderv(data.table::copy(table), "z"), 4:1)
  two <- as_user(table[g == "y"], table = table)
  expect_rows(two, c(2, 4))
  expect_dropped(as_user(table[, yi := yi + 1][g == "y"], table = data.table::copy(table)))
})

test_that("tied effects are told apart by the other columns, or lose their notes", {
  skip_if_not_installed("data.table")
  tied <- escalc("RD", ai = c(1, 1, 2, 0), n1i = rep(10, 4), ci = c(0, 0, 1, 3), n2i = rep(10, 4), slab = LETTERS[1:4],
                 data = data.frame(id = 1:4))
  expect_identical(rma(yi, vi, data = tied)$slab, LETTERS[1:4])
  table <- data.table::as.data.table(tied)
  expect_identical(rma(yi, vi, data = data.table::setorderv(table, "id", -1))$slab, LETTERS[4:1])
  expect_identical(rma(yi, vi, data = as_user(table[id != 1], table = table))$slab, LETTERS[4:2])
  expect_dropped(as_user(table[id != 1, list(yi, vi)], table = table))
  expect_warning(rma(table$yi, table$vi), class = "metaparity_warning_notes")
})

test_that("analyses of some rows name and pair these rows", {
  skip_if_not_installed("dplyr")
  e <- trials()
  part <- dplyr::filter(e, z < 4)
  fit <- rma(yi, vi, data = part)
  expect_identical(leave1out(fit)$slab, c("-B", "-C", "-D"))
  shuffled <- dplyr::arrange(e, z)
  expect_equal(regtest(rma(yi, vi, data = shuffled), predictor = "ni")$zval,
               regtest(rma(yi, vi, data = e), predictor = "ni")$zval)
  tibble <- dplyr::arrange(dplyr::as_tibble(e), z)
  expect_equal(regtest(tibble$yi, tibble$vi, predictor = "ni")$zval, regtest(e$yi, e$vi, predictor = "ni")$zval)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_no_error(forest(fit))
  expect_no_error(forest(part))
  expect_no_error(funnel(tibble$yi, tibble$vi, yaxis = "ni"))
})

test_that("notes of others are believed while their number is that of the effects", {
  e <- trials()
  attr(e$yi, "rows") <- NULL
  expect_identical(rma(yi, vi, data = e)$slab, LETTERS[1:4])
  class(e) <- "data.frame"
  e$yi <- structure(as.numeric(e$yi), ni = 1:5, measure = "OR")
  expect_warning(fit <- rma(yi, vi, data = e), class = "metaparity_warning_notes")
  expect_null(fit$ni)
})

test_that("effects set to missing leave the notes of the others", {
  e <- trials()
  e$yi[2] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = e), classes = "metaparity_warning_dropped")
  expect_warning(rma(yi, vi, data = e), class = "metaparity_warning_dropped")
  expect_identical(as.character(fit$slab), LETTERS[1:4])
  expect_identical(as.numeric(fit$ni), as.numeric(attr(trials()$yi, "ni"))[-2])
})
