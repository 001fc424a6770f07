results_set <- function(more = character()) {
  d <- data.frame(country = c("uk", "no", "se", "dk"), g = c(1, 1, 2, 2), es = c(0.1, 0.3, 0.5, 0.2),
                  se = c(0.1, 0.2, 0.2, 0.15))
  stata(c("metan es se, model(dl) study(country) by(g) clear nograph", more), d, metan = 4, graphs = FALSE)
}

test_that("forestplot draws a results set as metan draws the studies", {
  whole <- forest_layout(metan(es, se, data = data.frame(es = c(0.1, 0.3), se = c(0.1, 0.2), id = c("a", "b")),
                               study = id, version = 4))
  s <- stata(c("metan es se, study(id) clear nograph", "forestplot"),
             data.frame(es = c(0.1, 0.3), se = c(0.1, 0.2), id = c("a", "b")), metan = 4, graphs = FALSE)
  view <- s$graphs[[1]]$view
  own <- forest_layout(view)
  expect_equal(own$rows$est, whole$rows$est)
  expect_equal(own$rows$lo, whole$rows$lo)
  expect_equal(own$rows$weight, whole$rows$weight)
  expect_equal(own$rows$type, whole$rows$type)
})

test_that("columns, scale, ticks and looks are those of the options", {
  view <- function(command) results_set(c("gen n = 100 + _n", "label variable n \"{bf:Size}\"", command))$graphs[[1]]$view
  f <- forest_layout(view("forestplot, eform effect(OR) lcols(n) xlabel(.5 1 2, force) olineopts(lcolor(none))"))
  expect_true(all(c("Size", "102", "OR (95% CI)") %in% f$texts$text))
  expect_equal(f$axis$label, c(".5", "1", "2"))
  expect_equal(f$lim, log(c(0.5, 2)))
  expect_equal(sum(f$rows$type == "summary"), 1)
  expect_equal(sum(forest_layout(view("forestplot, nooverall nosubgroup"))$rows$type %in% c("summary", "subtotal")), 0)
  expect_false("100.00" %in% forest_layout(view("forestplot, nowt"))$texts$text)
  expect_equal(nrow(view("forestplot if _USE == 1")$table), 4L)
})

test_that("other data and unknown options are errors", {
  expect_error(stata("forestplot", data.frame(a = 1)), class = "metaparity_error_stata")
  expect_error(results_set("forestplot, wrongword"), class = "metaparity_error_stata_unsupported")
})

test_that("a do-file that uses the results set means metan 4", {
  file <- tempfile(fileext = ".do")
  run <- function(lines) {
    writeLines(lines, file)
    stata_do(file, data.frame(es = c(0.1, 0.3), se = c(0.1, 0.2)), graphs = FALSE, echo = FALSE)$results[[1]]
  }
  expect_s3_class(run(c("metan es se, nograph", "capture replace _LABELS = \"x\"")), "stata_metan4")
  expect_s3_class(run("quietly metan es se, model(reml) nograph"), "stata_metan4")
  expect_s3_class(run("metan es se, nograph"), "stata_metan")
})

test_that("forestplot(), eform() and scale() reach the plot", {
  d <- data.frame(es = c(0.1, 0.3), se = c(0.1, 0.2))
  s <- stata("metan es se, eform(Ratio) forestplot(xlabel(.5 1 2, force) boxopts(mcolor(red)) nowt)", d, metan = 4,
             graphs = FALSE)
  f <- forest_layout(s$graphs[[1]]$view)
  expect_equal(f$axis$label, c(".5", "1", "2"))
  expect_setequal(f$rects$fill[f$rects$role == "box"], "#FF0000")
  expect_true("Ratio (95% CI)" %in% f$texts$text)
  file <- tempfile(fileext = ".svg")
  g <- stata("metan es se, scale(2)", d, graphs = FALSE)$graphs[[1]]
  expect_equal(graph_arguments(g)$fontsize, 18)
  expect_equal(graph_arguments(stata("metan es se, scale(2) texts(50)", d, graphs = FALSE)$graphs[[1]])$fontsize, 9)
})

test_that("the null line stands at 0, at 1 with eform, or where null() puts it", {
  d <- data.frame(les = c(0.1, 0.3, -0.2), llo = c(-0.1, 0, -0.5), lhi = c(0.3, 0.6, 0.1))
  line <- function(options) {
    view <- stata(c("gen _USE = 1", paste("forestplot les llo lhi,", options)), d, graphs = FALSE)$graphs[[1]]$view
    f <- forest_layout(view)
    s <- f$segments[f$segments$role == "line" & f$segments$x0 == f$segments$x1 & f$segments$y1 == f$panel[["top"]], ]
    f$lim[1L] + (s$x0 - f$panel[["left"]]) / (f$panel[["right"]] - f$panel[["left"]]) * diff(f$lim)
  }
  expect_equal(line("nowt"), 0)
  expect_equal(line("eform"), 0)
  expect_equal(line("null(0.2)"), 0.2)
  expect_equal(line("eform null(1.2)"), log(1.2))
  expect_length(line("eform nulloff"), 0)
})

test_that("boxscale() is a percentage of the size of the boxes, however it is written", {
  size <- function(options) {
    f <- forest_layout(results_set(paste("forestplot,", options))$graphs[[1]]$view)
    max(f$rects$y1[f$rects$role == "box"] - f$rects$y0[f$rects$role == "box"])
  }
  usual <- size("nowt")
  for (option in c("boxscale(50)", "boxsca(50)", "boxscal(50)")) expect_equal(size(option), usual / 2)
  z <- data.frame(es = c(0.1, 0.3), se = c(0.1, 0.2))
  for (command in c("metan es se, boxscale(80)", "metan es se, forestplot(boxscale(80))")) {
    expect_equal(stata(command, z, metan = 4, graphs = FALSE)$graphs[[1]]$view$options$boxsca, 80)
  }
})
