trend_data <- function() {
  set.seed(8)
  d <- data.frame(study = rep(1:4, each = 12), x = stats::rnorm(48), z = stats::rnorm(48))
  d$y <- d$x - d$z + stats::rnorm(48)
  d
}

test_that("mvmeta_make has the regression of each study, in both of its grammars", {
  d <- trend_data()
  old <- setwd(tempdir())
  on.exit(setwd(old))
  out <- stata(c("mvmeta_make regress y x z, by(study) saving(made) names(b V) replace", "use made, clear"), d)$data
  fits <- lapply(split(d, d$study), function(s) stats::lm(y ~ x + z, s))
  expect_named(out, c("study", "bx", "bz", "Vxx", "Vxz", "Vzz"))
  expect_equal(out$bx, unname(vapply(fits, function(f) stats::coef(f)[["x"]], 0)), tolerance = 1e-12)
  expect_equal(out$Vxz, unname(vapply(fits, function(f) stats::vcov(f)["x", "z"], 0)), tolerance = 1e-12)
  again <- stata("mvmeta_make, by(study) clear usevars(x) useconstant: regress y x z", d)$data
  expect_named(again, c("study", "bx", "bcons", "Vxx", "Vxcons", "Vconscons"))
  expect_equal(again$bx, out$bx)
  pooled <- stata(c("mvmeta_make regress y x z, by(study) saving(made) replace", "use made, clear", "mvmeta b V, mm",
                    "test bx bz"), d)
  expect_match(paste(pooled$log, collapse = "\n"), "chi2\\(\\s*2\\)")
})

test_that("mvmeta_make needs its groups and leaves the data as they were", {
  d <- trend_data()
  expect_error(stata("mvmeta_make regress y x", d), "by\\(\\) required")
  expect_error(stata("mvmeta_make regress y x, by(study) append clear", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("mvmeta_make regress y nothing, by(study) clear", d), "not found")
})
