test_that("words, abbreviations and options of models", {
  model <- function(text, nvars = 2L) metaparity:::parse_models(text, nvars)[[1L]]
  expect_identical(model("dlaird")$name, "dl")
  expect_identical(model("re")$name, "dl")
  expect_identical(model("fixed", 4L)$name, "mh")
  expect_identical(model("pm")$label, "MP")
  expect_identical(model("reml, hksj")$label, "REML+HKSJ")
  expect_identical(model("hksj")$test, "t")
  expect_identical(model("pl, bart")$label, "PL+Bart.")
  expect_identical(model("pl, skov z")$test, "z")
  expect_identical(model("0.9 0.7 1.1, label(Bayes)")$label, "Bayes")
  expect_length(metaparity:::parse_models("fe \\ dl \\ pl", 2L), 3L)
})

test_that("options that do not go with a model are named", {
  arg_of <- function(text, nvars = 2L) {
    tryCatch(metaparity:::parse_models(text, nvars), metaparity_error_input = function(e) e$arg)
  }
  expect_identical(arg_of("mh"), "mh")
  expect_identical(arg_of("fe, hksj"), "hksj")
  expect_identical(arg_of("dl, bartlett"), "bartlett")
  expect_identical(arg_of("dl, init(he)"), "init")
  expect_identical(arg_of("ml, hetpooled"), "hetpooled")
  expect_identical(arg_of("dl, truncate(two)"), "truncate")
  expect_identical(arg_of("dl, nosuch"), "model")
})

test_that("options of a model may stand among those of the command", {
  d <- metan4_fixture("validation")
  same <- function(a, b) expect_identical(a$r[c("eff", "se_eff")], b$r[c("eff", "se_eff")])
  same(metan(logor, selogor, data = d, random = TRUE, robust = TRUE, version = 4),
       metan(logor, selogor, data = d, model = "dl, robust", version = 4))
  same(metan(logor, selogor, data = d, dk2s = TRUE, init = "he", version = 4),
       metan(logor, selogor, data = d, model = "dk2s, init(he)", version = 4))
  same(metan(logor, selogor, data = d, sa = TRUE, isq = 60, version = 4),
       metan(logor, selogor, data = d, model = "sa, isq(60)", version = 4))
  same(metan(logor, selogor, data = d, qe = TRUE, qwt = ntotal, version = 4),
       metan(logor, selogor, data = d, model = "qe, qwt(ntotal)", version = 4))
})

test_that("a first or second result of the user stands beside the models", {
  d <- metan4_fixture("validation")
  v <- metan(logor, selogor, data = d, random = TRUE, second = list(.1, -.1, .3, "Bayes"), version = 4)
  expect_identical(v$table$model[22], "Bayes")
  expect_equal(v$table$es[22], .1)
  expect_error(metan(logor, selogor, data = d, second = list(.1, "x"), version = 4), class = "metaparity_error_input")
})

test_that("a list of models may be typed over several lines and hold macros", {
  d <- data.frame(es = c(.2, .5, .1, .4, -.1), se = c(.1, .2, .15, .3, .12))
  want <- metan(es, se, data = d, model = "fe \\ dl, hksj \\ reml, hksj truncate(one) \\ 0.2 0.1 0.3, label(Bayesian)",
                version = 4)
  file <- tempfile(fileext = ".do")
  writeLines(c("local second \"dl, hksj\"", "local word reml", "metan es se, nograph ///",
               "    model(fe \\ ///  the first",
               "          `second' \\ ///", "          `word', hksj truncate(one) \\ /// and a result from elsewhere",
               "          0.2 0.1 0.3, label(Bayesian))"), file)
  out <- stata_do(file, d, metan = 4, echo = FALSE)
  expect_identical(out$results[[1]]$table, want$table)
  typed <- stata(readLines(file), d, metan = 4)
  expect_identical(typed$results[[1]]$table, want$table)
  all <- c("local models fe \\ dl \\ reml, hksj", "#delimit ;", "metan es se,", "  nograph", "  model(`models')", ";")
  expect_identical(stata(all, d, metan = 4)$results[[1]]$table,
                   metan(es, se, data = d, model = "fe \\ dl \\ reml, hksj", version = 4)$table)
})

test_that("labels in quotes may hold commas, brackets and backslashes", {
  d <- data.frame(es = c(.2, .5, .1, .4, -.1), se = c(.1, .2, .15, .3, .12))
  labels <- function(v) v$table$label[v$table$type == "overall"]
  model <- "dl, label(\"DL (1986), random\") \\ fe, label(\"a \\ b\") \\ reml, hksj"
  want <- c("Overall, DL (1986), random", "Overall, a \\ b", "Overall, REML+HKSJ")
  expect_identical(labels(metan(es, se, data = d, model = model, version = 4)), want)
  typed <- stata(c("local first dl, label(\"DL (1986), random\")",
                   "metan es se, nograph model(`first' \\ fe, label(\"a \\ b\") ///",
                   " \\ reml, hksj)"), d, metan = 4)
  expect_identical(labels(typed$results[[1]]), want)
  expect_identical(labels(stata("metan es se, nograph random second(.1 .05 .2 \"By hand\")", d,
                                metan = 4)$results[[1]])[2],
                   "Overall, By hand")
})
