test_that("to.wide() and contrmat() as in metafor", {
  expect_same_output({
    w <- to.wide(dat.senn2013, study = "study", grp = "treatment", ref = "placebo", grpvars = 4:6)
    w
    contrmat(w, "treatment.1", "treatment.2")
    contrmat(w, "treatment.1", "treatment.2", last = "metformin", append = FALSE)
    h <- to.wide(dat.hasselblad1998, study = "study", grp = "trt", ref = "no_contact", grpvars = 6:7)
    contrmat(h, grp1 = "trt.1", grp2 = "trt.2", shorten = TRUE, minlen = 3)
    to.wide(dat.senn2013, "study", "treatment", grpvars = c("mi", "sdi"), postfix = c("_a", "_b"),
            addid = FALSE, minlen = 4,
            var.names = c("i", "c", "d"))
    to.wide(dat.pagliaro1992, study = "study", grp = "trt", ref = "nonactive", grpvars = 5:6)
    to.wide(dat.obrien2003, study = "study", grp = "grp", grpvars = 5:9)
    x <- data.frame(id = c(1, 1, 1, 2, 2, 3, 3, 3, 4), g = c("b", "a", "c", "c", "b", "a", "c", "d", "a"), y = 1:9)
    to.wide(x, "id", "g", grpvars = "y")
    x$g <- factor(x$g, levels = c("d", "c", "b", "a"))
    to.wide(x, "id", "g", grpvars = 3, ref = "d")
    contrmat(data.frame(a = c("A b", "c"), b = c("c", "d")), 1, 2, check = FALSE)
  })
})

test_that("columns and groups that are not there are named", {
  x <- data.frame(id = c(1, 1), g = c("a", "b"), y = 1:2)
  expect_error(to.wide(x, "study", "g", grpvars = "y"), class = "metaparity_error_input")
  expect_error(to.wide(x, "id", "g", ref = "z", grpvars = "y"), class = "metaparity_error_input")
  expect_error(to.wide(x, "id", "g"), class = "metaparity_error_input")
  expect_error(contrmat(x, "g", "z"), class = "metaparity_error_input")
  x$g[1] <- NA
  expect_error(to.wide(x, "id", "g", grpvars = "y"), class = "metaparity_error_studies")
})

test_that("without a last group the columns of contrasts stand in sorted order", {
  skip_if_not_installed("metafor")
  d <- data.frame(ref = c("C", "C", "E", "A", "B"), trt = c("D", "E", "F", "B", "C"))
  ours <- contrmat(d, grp1 = "trt", grp2 = "ref", last = NA, append = FALSE)
  expect_identical(colnames(ours), c("A", "B", "C", "D", "E", "F"))
  expect_equal(ours, metafor::contrmat(d, grp1 = "trt", grp2 = "ref", last = NA, append = FALSE), ignore_attr = TRUE)
})
