fit <- rma(c(0.1, 0.5, 0.3, 0.9), c(0.01, 0.02, 0.03, 0.05), slab = c("b", "a", "d", "c"), method = "DL")

test_that("a fit gives its studies and the pooled row with its heterogeneity", {
  rows <- forest_rows(fit)
  expect_identical(names(rows), names(row_schema))
  expect_identical(rows$type, c(rep("study", 4L), "summary"))
  expect_identical(rows$label, c("b", "a", "d", "c", NA))
  expect_equal(rows$est, c(as.numeric(fit$yi), fit$beta[1L]))
  expect_equal(rows$lo[5L], fit$ci.lb)
  expect_equal(rows$hi[1L], 0.1 + qnorm(0.975) * 0.1)
  expect_equal(sum(rows$weight[1:4]), 100)
  expect_equal(unlist(rows[5L, c("Q", "df", "p", "I2")], use.names = FALSE), c(fit$QE, 3, fit$QEp, fit$I2))
  expect_true(attr(rows, "info")$random)
})

test_that("order, labels, columns and level are the caller's", {
  rows <- forest_rows(fit, forest_options(order = "obs", ilab = data.frame(n = 1:4), level = 80))
  expect_identical(rows$study[1:4], c(1L, 3L, 2L, 4L))
  expect_identical(attr(rows, "extra")[, "n"], c("1", "3", "2", "4", ""))
  expect_equal(rows$hi[1L], 0.1 + qnorm(0.9) * 0.1)
  expect_equal(rows$hi[5L], as.numeric(fit$beta) + qnorm(0.9) * fit$se)
  expect_identical(forest_rows(fit, forest_options(order = c(4, 3, 2, 1)))$study[1:4], 4:1)
  expect_identical(forest_rows(fit, forest_options(order = "alphabetic"))$label[1:4], c("a", "b", "c", "d"))
  expect_error(forest_rows(fit, forest_options(order = 1:2)), class = "metaparity_error_input")
  expect_error(forest_rows(fit, forest_options(slab = "one")), class = "metaparity_error_input")
  expect_error(forest_rows(fit, forest_options(ilab = 1:2)), class = "metaparity_error_input")
})

test_that("a prediction row follows the pooled row of a random-effects fit only", {
  rows <- forest_rows(fit, forest_options(addpred = TRUE))
  expect_identical(rows$type[5:6], c("summary", "prediction"))
  expect_equal(rows$lo[6L], as.numeric(predict(fit)$pi.lb))
  common <- rma(c(0.1, 0.5), c(0.01, 0.02), method = "EE")
  expect_false("prediction" %in% forest_rows(common, forest_options(addpred = TRUE))$type)
  expect_identical(forest_rows(common)$model[3L], "EE")
})

test_that("moderators give fitted values instead of a pooled row", {
  mods <- rma(c(0.1, 0.5, 0.3, 0.9), c(0.01, 0.02, 0.03, 0.05), mods = ~ c(1, 2, 3, 4))
  rows <- forest_rows(mods)
  expect_identical(rows$type, rep("study", 4L))
  expect_equal(rows$fit, predict(mods)$pred)
  expect_true(all(is.na(forest_rows(mods, forest_options(addfit = FALSE))$fit)))
})

test_that("rows that the fit left out keep their labels and columns, and take them with them", {
  part <- suppressWarnings(rma(c(0.1, NA, 0.3), c(0.1, 0.2, 0.3), slab = c("x", "y", "z"), method = "EE"))
  rows <- forest_rows(part, forest_options(ilab = 1:3))
  expect_identical(rows$type[1:3], c("study", "excluded", "study"))
  expect_identical(rows$label[1:3], c("x", "y", "z"))
  expect_identical(unname(attr(rows, "extra")[1:3, 1L]), c("1", "2", "3"))
  known <- without_excluded(rows, forest_options(excluded = FALSE))
  expect_identical(known$label[1:2], c("x", "z"))
  expect_identical(unname(attr(known, "extra")[1:2, 1L]), c("1", "3"))
})

test_that("blocks are bound by the schema, and an unknown type is an error", {
  rows <- new_forest_rows(list(list(type = "heading", label = "A"), NULL, list(type = "study", est = 1:2)))
  expect_identical(rows$est, c(NA, 1, 2))
  expect_error(new_forest_rows(list(list(type = "banner"))), class = "metaparity_error_input")
})

test_that("a fit with a single study says that heterogeneity is unknown", {
  one <- suppressWarnings(rma(0.2, 0.1))
  expect_true(is.na(forest_rows(one)$Q[2L]))
})

test_that("Mantel-Haenszel and Peto fits, trim and fill, leave-one-out and cumulative results have rows", {
  ai <- c(4, 6, 3, 62, 33)
  bi <- c(119, 300, 228, 13536, 5036)
  ci <- c(11, 29, 11, 248, 47)
  di <- c(128, 274, 209, 12619, 5761)
  for (x in list(rma.mh(ai = ai, bi = bi, ci = ci, di = di), rma.peto(ai = ai, bi = bi, ci = ci, di = di))) {
    rows <- forest_rows(x)
    expect_identical(rows$type, c(rep("study", 5L), "summary"))
    expect_equal(sum(rows$weight[1:5]), 100)
    expect_false(attr(rows, "info")$random)
    expect_false("prediction" %in% forest_rows(x, forest_options(addpred = TRUE))$type)
  }
  skewed <- rma(c(0, 0.1, 0.2, 0.5, 1, 1.8), c(0.01, 0.02, 0.03, 0.1, 0.2, 0.4))
  filled <- trimfill(skewed)
  expect_gt(filled$k0, 0)
  expect_identical(sum(forest_rows(filled)$type == "filled"), as.integer(filled$k0))
  one <- leave1out(fit)
  rows <- forest_rows(one)
  expect_equal(rows$est, c(as.numeric(one$estimate), as.numeric(fit$beta)))
  expect_true(all(is.na(rows$weight)))
  expect_identical(forest_rows(cumul(fit))$type, c(rep("study", 4L), "summary"))
  expect_true(is.na(attr(forest_rows(leave1out(fit, transf = exp)), "info")$null))
})

test_that("a study that stands in several groups keeps its name", {
  by <- rbind(forest_rows(rma(1:4, rep(1, 4), slab = c("Han", "Li", "Han", "Wu"), by = c("a", "a", "b", "b"))))
  expect_identical(by$label[by$type == "study"], c("Han", "Li", "Han", "Wu"))
  expect_identical(plain_slab(c("x", "x.1"), c("a", "a")), c("x", "x.1"))
})

zero_tables <- data.frame(s = c("Ames", "Bell", "Cole", "Dunn", "Eck"), a = c(4, 0, 6, NA, 3),
                          n1 = c(123, 50, 306, 100, 231),
                          c = c(11, 0, 29, 4, 11), n2 = c(139, 52, 303, 100, 220), g = c("x", "z", "x", "y", "y"))

zero_fit <- function(f, ...) {
  suppressWarnings(f(ai = a, n1i = n1, ci = c, n2i = n2, data = zero_tables, slab = s, ...))
}

test_that("studies without an estimate keep their row, in the words of each style, unless they are left out", {
  fits <- list(zero_fit(rma, measure = "OR", drop00 = TRUE), zero_fit(rma.mh), zero_fit(rma.peto))
  words <- c(metafor = "Not estimable", stata = "(Excluded)", revman = "Not estimable")
  for (fit in fits) {
    rows <- forest_rows(fit)
    expect_identical(rows$type, c("study", "excluded", "study", "excluded", "study", "summary"))
    expect_identical(rows$label[1:5], zero_tables$s)
    expect_equal(sum(rows$weight[1:5], na.rm = TRUE), 100)
    for (style in names(words)) {
      expect_identical(sum(layout_of(fit, style = style)$texts$text == words[[style]]), 2L)
      expect_false("Bell" %in% layout_of(fit, style = style, excluded = FALSE)$texts$text)
    }
    named <- layout_of(fit, slab = c("A", "B", "C", "D", "E"), ilab = 1:5)$texts$text
    expect_true(all(c("A", "B", "C", "D", "E", "2") %in% named))
  }
  expect_error(layout_of(fits[[1L]], excluded = NA), class = "metaparity_error_input")
})

test_that("metafor's heights: all studies as under na.pass, those with an estimate as under na.omit", {
  fit <- zero_fit(rma, measure = "OR", drop00 = TRUE)
  drawn <- on_page(forest(fit))
  expect_equal(drawn$rows, 1:5)
  expect_equal(drawn$ylim, c(-2, 8))
  drawn <- on_page(forest(fit, rows = 3:1))
  expect_equal(drawn$rows, 1:3)
  expect_equal(drawn$ylim, c(-2, 6))
})

test_that("totals of the arms count studies that are not estimable, but none whose data are missing", {
  for (fit in list(zero_fit(rma, measure = "OR", drop00 = TRUE), zero_fit(rma.mh), zero_fit(rma.peto))) {
    text <- layout_of(fit, style = "revman")$texts$text
    expect_true(all(c("710", "714", "13", "51") %in% text))
    expect_true(all(c("660", "662") %in% layout_of(fit, style = "revman", excluded = FALSE)$texts$text))
  }
})

test_that("groups of excluded studies keep heading and rows, and their subtotal says so", {
  fit <- zero_fit(rma, measure = "OR", drop00 = TRUE, by = g)
  rows <- forest_rows(fit)
  expect_identical(rows$type[rows$group %in% "z"], c("heading", "excluded", "subtotal"))
  text <- layout_of(fit, style = "revman")$texts$text
  expect_identical(sum(text == "Not estimable"), 3L)
  expect_identical(sum(text == "Heterogeneity: Not applicable"), 2L)
  expect_identical(sum(text == "Test for overall effect: Not applicable"), 1L)
  expect_false("z" %in% layout_of(fit, excluded = FALSE)$texts$text)
})

test_that("the overall estimate and those of groups are switched off each on its own, in every style", {
  x <- rma(c(-.6, -.2, .1, .3, .2), c(.12, .04, .02, .09, .1), by = c("a", "b", "a", "b", "b"))
  types <- function(x, ...) suppressMessages(forest_layout(x, addpred = TRUE, ...))$rows$type
  count <- function(type, ...) unname(table(factor(types(...), type)))
  kinds <- c("study", "heading", "subtotal", "summary")
  for (style in names(styles())) {
    expect_equal(count(kinds, x, style = style), c(5L, 2L, 2L, 1L), ignore_attr = TRUE)
    expect_equal(count(kinds, x, style = style, overall = FALSE), c(5L, 2L, 2L, 0L), ignore_attr = TRUE)
    expect_equal(count(kinds, x, style = style, subgroup = FALSE), c(5L, 2L, 0L, 1L), ignore_attr = TRUE)
    expect_equal(count(kinds, x, style = style, subgroup = c(FALSE, TRUE)), c(5L, 2L, 1L, 1L), ignore_attr = TRUE)
    expect_equal(count(kinds, x, style = style, addfit = FALSE), c(5L, 2L, 0L, 0L), ignore_attr = TRUE)
    layout <- forest_layout(x, style = style, overall = FALSE, addpred = TRUE)
    expect_identical(sum(!duplicated(layout$polygons$id[layout$polygons$role == "diamond"])), 2L, info = style)
    expect_sound_layout(layout)
    # Predictions follow their estimates.
    expect_true(all(!is.na(layout$rows$group[layout$rows$type == "prediction"])))
    # The test between groups compares what is still shown; what is told of the whole is gone.
    words <- layout$texts$text
    expect_true(any(grepl(format(round(x$between$Q, 2L), nsmall = 2L), chartr("\u00b7", ".", words), fixed = TRUE) |
                      grepl("interaction|between groups", words)), info = style)
    footer <- paste(layout$texts$text[layout$texts$role == "footer"], collapse = " ")
    expect_false(grepl("Heterogeneity|Overall|overall", sub("^Heterogeneity between", "", footer)), info = style)
  }
  expect_identical(types(x, subgroup = FALSE, overall = FALSE), types(x, overall = FALSE, subgroup = FALSE))
  expect_error(forest_layout(x, subgroup = c(TRUE, FALSE, TRUE)), class = "metaparity_error_input")
  expect_error(forest_layout(x, overall = NA), class = "metaparity_error_input")
})

test_that("without groups the overall estimate is the only one; outcomes and fitted values are none", {
  fit <- rma(c(-.6, -.2, .1), c(.12, .04, .02))
  expect_identical(forest_layout(fit, overall = FALSE)$rows$type, rep("study", 3L))
  expect_identical(forest_layout(fit, subgroup = FALSE)$rows$type, c(rep("study", 3L), "summary"))
  expect_identical(sum(forest_layout(list(A = fit, B = fit), overall = FALSE)$rows$type == "subtotal"), 2L)
  meta <- rma(c(-.6, -.2, .1, .4), c(.12, .04, .02, .1), mods = c(1, 2, 4, 3))
  expect_equal(forest_layout(meta, overall = FALSE)$rows$fit, forest_layout(meta)$rows$fit)
})

test_that("Stata views have the same switches", {
  d <- data.frame(a = c(4, 6, 3, 62), b = c(119, 300, 228, 1536), c = c(11, 29, 11, 248), d = c(128, 274, 209, 1261),
                  g = c("x", "x", "y", "y"))
  view <- metan(a, b, c, d, data = d, by = g)
  kept <- function(...) unique(forest_layout(view, ...)$rows$type)
  expect_true("subtotal" %in% kept(overall = FALSE))
  expect_false("summary" %in% kept(overall = FALSE))
  expect_false("subtotal" %in% kept(subgroup = FALSE))
  expect_true("summary" %in% kept(subgroup = FALSE))
})

test_that("steps of cumulative and leave-one-out results bear metafor's signs, and the estimate of all studies stands below", {
  skip_if_not_installed("metafor")
  d <- data.frame(yi = c(-.9, -1.6, -1.3, -1.4, -.2), vi = c(.33, .19, .41, .02, .05), g = c(1, 1, 2, 3, 3))
  theirs <- metafor::rma(yi, vi, data = d, slab = LETTERS[1:5])
  named <- rma(yi, vi, data = d, slab = LETTERS[1:5])
  labels <- function(x, ...) {
    rows <- forest_layout(x, ...)$rows
    rows$label[rows$type == "study"]
  }
  # What metafor's forest() writes beside the steps.
  expect_identical(labels(cumul(named)), c("A", paste("+", LETTERS[2:5])))
  expect_identical(labels(cumul(rma(yi, vi, data = d))), c("Study 1", paste("+ Study", 2:5)))
  expect_identical(labels(cumul(named, order = c(5:1))), c("E", paste("+", LETTERS[4:1])))
  expect_identical(labels(cumul(named, order = g, collapse = TRUE)), c("1", "+ 2", "+ 3"))
  expect_identical(labels(leave1out(named)), metafor::leave1out(theirs)$slab)
  expect_identical(labels(leave1out(rma(yi, vi, data = d))), paste0("-Study ", 1:5))
  expect_identical(labels(cumul(named), slab = letters[1:5]), letters[1:5])
  for (result in list(cumul(named), leave1out(named), cumul(rma(yi, vi, data = d, method = "EE")),
                      leave1out(rma(yi, vi, data = d, method = "EE", test = "t")))) {
    fit <- if (is.null(result$tau2)) rma(yi, vi, data = d, method = "EE") else named
    for (style in names(styles())) {
      layout <- forest_layout(result, style = style)
      expect_sound_layout(layout)
      whole <- layout$rows[layout$rows$type == "summary", ]
      expect_identical(nrow(whole), 1L)
      expect_equal(c(whole$est, whole$Q, whole$p, whole$I2), c(fit$beta, fit$QE, fit$QEp, fit$I2), tolerance = 1e-8)
      expect_identical(sum(layout$polygons$role == "diamond"), 4L)
    }
    expect_false("summary" %in% forest_layout(result, addfit = FALSE)$rows$type)
    expect_false("summary" %in% forest_layout(result, overall = FALSE)$rows$type)
  }
})

test_that("columns of p and heterogeneity are the fields of cumulative and leave-one-out results, transformed ones too",
          {
  fit <- rma(c(-.9, -1.6, -1.3, -1.4, -.2), c(.33, .19, .41, .02, .05), slab = LETTERS[1:5])
  for (result in list(cumul(fit), leave1out(fit), cumul(fit, transf = exp), leave1out(fit, transf = exp))) {
    layout <- forest_layout(result, columns = lapply(c("p", "tau2", "I2", "Q", "H2"), forest_column, side = "right"))
    expect_sound_layout(layout)
    study <- layout$rows$type == "study"
    for (pair in list(c("pz", "pval"), c("tau2", "tau2"), c("I2", "I2"), c("Q", "Q"), c("H2", "H2"), c("p", "Qp"))) {
      expect_equal(layout$rows[[pair[1L]]][study], as.numeric(result[[pair[2L]]]), info = pair[1L])
    }
    cells <- layout$texts$text[layout$texts$role == "cell"]
    expect_true(all(sprintf("%.4f", result$tau2) %in% cells))
    expect_true(all(sprintf("%.1f%%", result$I2) %in% cells))
    expect_true(all(sprintf("%.4f", fit$tau2) %in% cells))
  }
  expect_equal(forest_layout(cumul(fit, transf = exp))$rows$est[6L], exp(as.numeric(fit$beta)))
  tables <- rma.mh(ai = c(4, 6, 3), bi = c(119, 300, 228), ci = c(11, 29, 11), di = c(128, 274, 209))
  for (result in list(cumul(tables), leave1out(tables))) {
    rows <- forest_layout(result)$rows
    expect_equal(unlist(rows[4L, c("est", "lo", "hi", "Q", "df")], use.names = FALSE),
                 unname(c(tables$beta, tables$ci.lb, tables$ci.ub, tables$QE, tables$k.yi - 1)))
  }
})

test_that("intervals of such results are at their own level, which a request for another one is told", {
  result <- cumul(rma(c(-.9, -1.6, -1.3), c(.33, .19, .41), level = 90))
  expect_warning(layout <- forest_layout(result, level = 95), class = "metaparity_warning_input")
  expect_equal(layout$rows$lo[1:3], as.numeric(result$ci.lb))
  expect_true(any(grepl("90% CI", layout$texts$text, fixed = TRUE)))
})

test_that("columns of heterogeneity stand in pooled rows of fits with groups", {
  x <- rma(c(-.6, -.2, .1, .3, .2), c(.12, .04, .02, .09, .1), by = c("a", "b", "a", "b", "b"))
  cells <- forest_layout(x, columns = list("label", "panel", "I2", "tau2"), digits = 3L)$texts
  cells <- cells$text[cells$role == "cell"]
  for (one in c(x$groups, list(x$overall))) {
    expect_true(all(c(sprintf("%.1f%%", one$I2), sprintf("%.4f", one$tau2)) %in% cells))
  }
  expect_identical(length(cells), 6L)
})
