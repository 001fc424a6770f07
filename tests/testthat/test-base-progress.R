# A clock that goes on by a second at each look.
clock <- function() {
  time <- -1
  function() time <<- time + 1
}

test_that("a bar comes after two seconds, tells the time left, and ends its line", {
  said <- character()
  bar <- new_progress(10, TRUE, now = clock(), say = function(text) said <<- c(said, text))
  for (i in 1:10) bar$tick(i)
  bar$close()
  expect_match(said[1L], "20%.*8 s left")
  expect_match(said[9L], "100%")
  expect_identical(said[length(said)], "")
  expect_length(said, 10L)
})

test_that("short loops and loops that are not watched say nothing", {
  said <- character()
  quick <- new_progress(3, TRUE, now = function() 0, say = function(text) said <<- c(said, text))
  for (i in 1:3) quick$tick(i)
  quick$close()
  silent <- new_progress(3, FALSE, now = clock(), say = function(text) said <<- c(said, text))
  for (i in 1:3) silent$tick(i)
  silent$close()
  expect_identical(said, character())
  expect_identical(lapply_progress(list(1, 2), function(x) x + 1, TRUE), list(2, 3))
})

test_that("durations are in units that a person waits in", {
  expect_identical(duration_text(0.4), "1 s")
  expect_identical(duration_text(200), "3 min 20 s")
  expect_identical(duration_text(7500), "2 h 5 min")
})
