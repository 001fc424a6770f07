# Objects changed by hand: a classed error that names the field, or a result; never an error from the inside or a crash.

test_that("models of rma.mv() with rows, levels or components that are not there never reach the core", {
  d <- data.frame(yi = c(.1, .5, .3, .9, .2, .4), vi = rep(.1, 6), s = c(1, 1, 2, 2, 3, 3), o = c(1, 2, 1, 2, 1, 2))
  fit <- suppressWarnings(rma.mv(yi, vi, random = ~ o | s, struct = "UN", data = d))
  refuses <- function(change, verb = function(x) as.matrix(vcov(x, type = "obs"))) {
    broken <- fit
    broken$mv$model <- change(broken$mv$model)
    expect_error(verb(broken), class = "metaparity_error_input")
    expect_error(ranef(broken), class = "metaparity_error_input")
  }
  term <- function(slot, value) function(model) {
    model$terms[[1L]][[slot]] <- value
    model
  }
  refuses(term("outer", c(1L, 1L, 2L, 2L, 3L, NA)))
  refuses(term("outer", 1L))
  refuses(term("inner", c(1L, 2L, 1L, 2L, 1L, 9L)))
  refuses(term("levels", -5L))
  refuses(term("tau2", numeric()))
  refuses(function(model) { model$blocks <- list(diag(2)); model$rows <- list(c(1L, 99L)); model })
  refuses(function(model) { model$vi <- model$vi[-1]; model })
  refuses(function(model) { model$terms <- "a"; model })
})

test_that("damaged results lead to a result or to a classed condition", {
  skip_on_cran()
  folder <- tempfile("damages")
  dir.create(folder)
  old <- setwd(folder)
  Sys.setenv(METAPARITY_TESTS = old)
  on.exit({
    setwd(old)
    Sys.unsetenv("METAPARITY_TESTS")
  })
  world <- mutation_world()
  objects <- damaged_objects()[c(1, 2, 4, 7, 9, 10, 13)]
  rows <- all_damages(objects, world)
  rows <- rows[!grepl("^(reporter|plot|forest|gosh|permutest)", rows$verb), ]
  set.seed(31)
  rows <- rows[sample(nrow(rows), 60L), ]
  rows[c("kind", "message")] <- NA_character_
  found <- run_damages(rows, objects, world)
  bad <- found[!found$kind %in% c("value", "classed", "user", "impossible"), ]
  expect_identical(sprintf("%d %s %s %s: %s", bad$object, bad$arg, bad$value, bad$verb, bad$message), character())
})
