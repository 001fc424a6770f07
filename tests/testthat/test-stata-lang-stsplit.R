split_trials <- function() {
  d <- survival_times()
  d$id <- seq_len(nrow(d))
  d
}

test_that("stsplit cuts records as survSplit does", {
  skip_if_not_installed("survival")
  d <- split_trials()
  set <- "quietly stset t, failure(d) id(id)"
  out <- stata(c(set, "stsplit per, at(1 2 4)"), d)
  Surv <- survival::Surv
  s <- survival::survSplit(Surv(t, d) ~ ., d, cut = c(1, 2, 4), start = "t0")
  found <- lapply(out$data, as.numeric)
  expect_equal(found$`_t0`, s$t0)
  expect_equal(found$`_t`, s$t)
  expect_equal(found$`_d`, as.numeric(s$d))
  expect_equal(found$per, c(0, 1, 2, 4)[match(s$t0, c(0, 1, 2, 4))])
  # Only the last piece knows whether its subject failed.
  expect_equal(sum(is.na(found$d)), nrow(s) - nrow(d))
  expect_true(sprintf("(%d observations (episodes) created)", nrow(s) - nrow(d)) %in% out$log)
  every <- stata(c(set, "stsplit per, every(2)"), d)$data
  expect_true(all(as.numeric(every$per) %% 2 == 0 & as.numeric(every$`_t0`) >= as.numeric(every$per)))
})

test_that("splits at failures leave Cox's fit as it is and carry effects that change with time", {
  skip_if_not_installed("survival")
  d <- split_trials()
  set <- "quietly stset t, failure(d) id(id)"
  whole <- stata(c(set, "quietly stcox x", "display %21.16f _b[x]"), d)$log
  lines <- c(set, "quietly stsplit, at(failures)", "quietly stcox x", "display %21.16f _b[x]",
             "quietly gen double xt = x*ln(_t)",
             "quietly stcox x xt", "display %21.16f _b[xt]")
  found <- stata(lines, d)$log
  expect_equal(as.numeric(found[1L]), as.numeric(whole), tolerance = 1e-8)
  fit <- survival::coxph(survival::Surv(t, d) ~ x + tt(x), d, tt = function(x, t, ...) x * log(t), ties = "breslow")
  expect_equal(as.numeric(found[2L]), stats::coef(fit)[["tt(x)"]], tolerance = 1e-5)
})

test_that("after() counts from another time; what all at risk share is omitted by stcox", {
  d <- split_trials()
  d$born <- -2 * d$id
  out <- stata(c("quietly stset t, failure(d) id(id)", "quietly stsplit age, at(10(10)60) after(time = born)"), d)$data
  age <- as.numeric(out$`_t0`) + 2 * as.numeric(out$id)
  expect_equal(as.numeric(out$age), c(0, 10, 20, 30, 40, 50, 60)[findInterval(age, c(0, 10, 20, 30, 40, 50, 60))])
  log <- stata(c("quietly stset t, failure(d) id(id)", "quietly stsplit per, at(2)", "stcox x i.per"), d)$log
  expect_true(any(grepl("LR chi2\\(1\\)", log)))
  expect_true(any(grepl("(omitted)", log, fixed = TRUE)))
  expect_error(stata(c("quietly stset t, failure(d)", "stsplit p, at(2)"), d), class = "metaparity_error_stata")
})
