d <- stata_fixture("example.csv")

test_that("rows of the plot are those of the log, on the scale of the analysis", {
  v <- metan(logor, selogor, data = d, by = type_study, label = c(namevar = "id", yearid = "year"))
  rows <- forest_rows(v)
  expect_identical(as.integer(table(rows$type)[c("heading", "study", "subtotal", "between", "summary")]),
                   c(2L, 20L, 2L, 1L, 1L))
  study <- rows[rows$type == "study", ]
  expect_equal(study$est, d$logor[study$study])
  expect_equal(rows$weight[rows$type == "summary"], 100)
  expect_equal(rows$p[rows$type == "between"], v$between$p)
  expect_equal(rows$I2[rows$type == "subtotal"], v$groups$i_sq[1:2])
  expect_identical(attr(rows, "info")$style, "stata")
})

test_that("ratios go back to logarithms, excluded studies stay, log stays log", {
  bcg <- stata_fixture("bcg.csv")
  v <- metan(tcases, tnoncases, ccases, cnoncases, data = bcg, fixedi = TRUE)
  rows <- forest_rows(v)
  expect_equal(rows$est[rows$type == "summary"], log(v$r$ES))
  expect_identical(attr(rows, "info")$natural, exp)
  l <- metan(tcases, tnoncases, ccases, cnoncases, data = bcg, fixedi = TRUE, log = TRUE)
  expect_equal(forest_rows(l)$est, rows$est)
  expect_null(attr(forest_rows(l), "info")$natural)
  e <- metan(logRR, selogRR, data = bcg, eform = TRUE)
  expect_equal(forest_rows(e)$est[1:11], bcg$logRR)
  expect_warning(x <- metan(tdeath_zero, tnodeath, cdeath_zero, cnodeath, data = d, fixedi = TRUE),
                 class = "metaparity_warning_dropped")
  expect_identical(sum(forest_rows(x)$type == "excluded"), 1L)
})

test_that("second models, predictive interval, counts and columns are in the plot", {
  v <- metan(tsample, tmean, tsd, csample, cmean, csd, data = d, second = "random", counts = TRUE,
             label = c(namevar = "id"))
  rows <- forest_rows(v)
  expect_match(rows$label[rows$type == "summary"], "^(I-V|D[+]L) Overall")
  right <- metan_right_columns(v)
  expect_identical(vapply(right, `[[`, "", "header"), c("N, mean\n(SD); Treatment", "N, mean\n(SD); Control"))
  expect_identical(right[[1L]]$value[1L], "110, 2.54 (3.6)")
  r <- metan(logor, selogor, data = d, random = TRUE, rfdist = TRUE)
  rows <- forest_rows(r)
  half <- qt(.975, 18) * sqrt(r$r$tau2 + r$r$seES^2)
  expect_equal(rows$hi[rows$type == "prediction"], r$r$ES + half)
  w <- metan(logor, selogor, data = d, lcols = c(id, year), rcols = "type_study")
  expect_identical(colnames(attr(forest_rows(w), "extra")), "year")
  expect_identical(vapply(metan_right_columns(w), `[[`, "", "header"), "type_study")
  s <- metan(logor, selogor, data = d, summaryonly = TRUE)
  expect_false("study" %in% forest_rows(s)$type)
})

test_that("metan's options of the graph reach the engine", {
  v <- metan(logor, selogor, data = d, xlabel = c(-2, 0, 2), force = TRUE, dp = 3, nowt = TRUE, nobox = TRUE,
             boxsca = 50,
             favours = "less # more", nulloff = TRUE, effect = "Log OR")
  own <- metan_forest_options(v)
  expect_identical(own$at, c(-2, 0, 2))
  expect_identical(own$alim, c(-2, 2))
  expect_identical(own$digits, 3)
  expect_identical(own$favours, c("less", "more"))
  expect_false("weight" %in% own$style$right)
  expect_true(is.na(own$refline))
  size <- forest_size(v)
  expect_true(all(size > 1))
  bcg <- stata_fixture("bcg.csv")
  expect_error(forest_size(metan(logRR, selogRR, data = bcg, eform = TRUE, xlabel = c(-1, 1))),
               class = "metaparity_error_input")
})

test_that("xtick() adds ticks without labels", {
  d <- stata_fixture("example.csv")
  v <- metan(logor, selogor, data = d, xlabel = c(-1, 0, 1), xtick = "-.5, .5")
  axis <- forest(v, plot = FALSE)$layout$axis
  expect_equal(axis$at, c(-1, -.5, 0, .5, 1))
  expect_identical(axis$label, c("-1", "", "0", "", "1"))
})

test_that("counts and rcols() stand right of effect and weight, lcols() left, also when studies have no row", {
  d <- data.frame(name = c("Ash", "Birch", "Cedar", "Dill"), a = c(2, 6, 3, 5), b = c(10, 30, 20, 10),
                  c = c(1, 9, 4, 3),
                  d = c(10, 30, 22, 10), g = c(1, 1, NA, 2), year = 2001:2004, place = c("N", "S", "E", "W"))
  v <- quiet_drops(metan(a, b, c, d, data = d, by = g, counts = TRUE, lcols = c(name, place), rcols = "year"))
  texts <- forest_layout(v)$texts
  left <- function(word) min(texts$left[texts$text == word])
  heads <- vapply(c("place", "Weight", "Treatment", "Control", "year"), left, 0)
  expect_false(is.unsorted(heads))
  expect_true("2/12" %in% texts$text)
  expect_false("2003" %in% texts$text)
  expect_false("4/14" %in% forest_layout(metan(a, b, c, d, data = d, counts = TRUE, summaryonly = TRUE))$texts$text)
})

test_that("ticks of Stata's looks have no zero before the point", {
  d <- stata_fixture("example.csv")
  v <- metan(logor, selogor, data = d, xlabel = c(-.5, 0, .5))
  expect_identical(forest_layout(v)$axis$label, c("-.5", "0", ".5"))
})

test_that("tick labels may be a text of numbers with commas, in quotes or not", {
  d <- data.frame(es = log(c(.8, 1.2, .9)), se = c(.1, .2, .15))
  ticks <- function(v) forest_layout(v)$axis
  for (version in c(9, 4)) {
    want <- ticks(metan(es, se, data = d, eform = TRUE, xlabel = c(.7, 1, 1.3), version = version))
    expect_identical(want$label[1:3], c(".7", "1", "1.3"))
    for (text in c("0.7, 1, 1.3", "\"0.7, 1, 1.3\"", "0.7,1,1.3")) {
      expect_identical(ticks(metan(es, se, data = d, eform = TRUE, xlabel = text, version = version)), want)
      typed <- stata(sprintf("metan es se, eform xlabel(%s)", text), d, metan = version, graphs = FALSE)
      expect_identical(ticks(typed$results[[1]]), want)
    }
    minor <- ticks(metan(es, se, data = d, eform = TRUE, xlabel = c(.7, 1, 1.3), xtick = c(.8, 1.1), version = version))
    for (text in c("0.8, 1.1", "\"0.8, 1.1\"")) {
      expect_identical(ticks(metan(es, se, data = d, eform = TRUE, xlabel = "0.7, 1, 1.3", xtick = text,
                                   version = version)), minor)
      typed <- stata(sprintf("metan es se, eform xlabel(\"0.7, 1, 1.3\") xtick(%s)", text), d, metan = version,
                     graphs = FALSE)
      expect_identical(ticks(typed$results[[1]]), minor)
    }
    expect_error(plot_nothing <- ticks(metan(es, se, data = d, eform = TRUE, xlabel = "a, b", version = version)),
                 class = "metaparity_error_input")
  }
  expect_length(stata("metafunnel es se, xlabel(\"-1, 0, 1\")", d, graphs = FALSE)$graphs[[1]]$words$xlabel, 3L)
})

test_that("ticks may have texts of their own", {
  d <- data.frame(es = log(c(0.5, 0.8, 1.2)), se = c(0.1, 0.2, 0.2))
  labels <- function(v) forest_layout(v)$axis$label
  for (version in c(9, 4)) {
    typed <- stata("metan es se, eform xlabel(0.5 \"half\" 1 2)", d, metan = version, graphs = FALSE)$graphs[[1L]]$view
    expect_identical(labels(typed), c("half", "1", "2"))
    expect_identical(labels(metan(es, se, data = d, eform = TRUE, xlabel = c(half = 0.5, 1, 2), version = version)),
                     c("half", "1", "2"))
    expect_identical(labels(metan(es, se, data = d, eform = TRUE, xlabel = "0.5 \"half\" 1 2", version = version)),
                     c("half", "1", "2"))
  }
})

test_that("the texts of favours() stand without the quotes that Stata's have", {
  drawn <- function(command, metan = 9) {
    z <- data.frame(a = c(10, 20, 15), b = c(90, 80, 95), c = c(12, 22, 30), d = c(88, 78, 70))
    forest_layout(suppressWarnings(stata(command, z, metan = metan, graphs = FALSE))$graphs[[1]]$view)$texts
  }
  for (command in c("metan a b c d, or favours(\"Treat\" # \"Control\")", "metan a b c d, or favours(Treat # Control)",
                    "metan a b c d, or favours(\"Treat # Control\")",
                    "metan a b c d, or forestplot(favours(\"Treat\" # \"Control\", fp(2)))")) {
    for (version in if (grepl("forestplot", command)) 4 else c(4, 9)) {
      texts <- drawn(command, version)
      expect_true(all(c("Treat", "Control") %in% texts$text), info = command)
      expect_no_match(texts$text, "\"")
    }
  }
  expect_equal(favours_texts("\"A # 1\" \"b\" # `\"C\"'"), c("A # 1\nb", "C"))
  expect_equal(favours_texts(c("a", "b")), c("a", "b"))
})
