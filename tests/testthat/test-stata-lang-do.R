test_that("a do-file of the whole family runs, with its echo", {
  skip_if_not_installed("haven")
  folder <- tempfile("do")
  dir.create(folder)
  d <- trials_data()
  haven::write_dta(d, file.path(folder, "trials.dta"))
  file <- file.path(folder, "paper.do")
  writeLines(c("* A review", "clear all", "set more off", "use trials, clear  // the data",
    "log using trials.log, replace text", "gen logor = ln((a*d)/(b*c))", "gen selogor = sqrt(1/a + 1/b + 1/c + 1/d)",
    "label define g 1 \"Europe\" 2 \"Asia\"", "label values region g", "metan a b c d, or random by(region) ///",
    "  label(namevar=id, yearvar=year) nograph", "metabias6 logor selogor", "metatrim logor selogor, reffect",
    "metainf logor selogor, random print id(id)", "metareg logor year, wsse(selogor)", "#delimit ;",
      "meta esize a b c d,", "  studylabel(id) esize(lnrratio);", "#delimit cr",
    "meta summarize, subgroup(region) eform", "meta bias, egger", "meta regress year", "predict fit, xb",
      "meta trimfill",
    "meta forestplot, eform", "graph export forest.svg, replace", "bysort region: summarize logor", "log close"), file)
  old <- setwd(folder)
  on.exit(setwd(old))
  out <- suppressWarnings(stata_do("paper.do", echo = FALSE))
  expect_equal(out$log[1:3], c(". * A review", ". clear all", ""))
  expect_true("> label(namevar=id, yearvar=year) nograph" %in% sub(">   ", "> ", out$log, fixed = TRUE))
  expect_true(all(c("_ES", "_LCI", "_WT", "_meta_es", "fit") %in% names(out$data)))
  d$part <- factor(d$region, 1:2, c("Europe", "Asia"))
  direct <- metan(a, b, c, d, data = d, or = TRUE, random = TRUE, by = part,
                  label = list(namevar = id, yearvar = year))
  expect_equal(out$results[[1L]]$r[c("ES", "ci_low", "tau2")], direct$r[c("ES", "ci_low", "tau2")])
  expect_true(all(format(direct) %in% out$log))
  expect_true(file.exists("forest.svg"))
  expect_gt(length(readLines("trials.log")), 100L)
})

test_that("what is not supported is refused by name and line, also under capture", {
  refuse <- function(...) tryCatch(do_file(..., data = trials_data()),
                                   metaparity_error_stata_unsupported = function(e) e)
  e <- refuse("gen x = 1", "", "melogit a b")
  expect_equal(e$line, 3L)
  expect_equal(e$command, "melogit a b")
  expect_match(e$what, "melogit")
  expect_equal(refuse("capture melogit a b")$line, 1L)
  expect_match(refuse("metan a b c d, nosuchoption(3)")$what, "nosuchoption")
  expect_match(refuse("gen x = autocode(a, 2, 1, 5)")$what, "autocode")
})

test_that("errors carry line, command and return code; capture keeps the code", {
  e <- tryCatch(do_file("gen x = nothere", data = trials_data()), metaparity_error_stata = function(e) e)
  expect_equal(c(e$line, e$rc), c(1L, 111L))
  out <- do_file("capture drop nothere", "display _rc", "capture confirm_not = 1", data = NULL) |>
    tryCatch(metaparity_error_stata = function(e) "refused")
  expect_equal(out, "refused")
  e <- tryCatch(do_file("metan a b c d, cc(7)", data = trials_data()), metaparity_error_input = function(e) e)
  expect_equal(e$line, 1L)
})

test_that("files before Stata 14 with Chinese text are read", {
  skip_if_not_installed("haven")
  name <- "\u674e\u660e\u534e 2010"
  bytes <- iconv(c(name, "ABC"), "UTF-8", "GB18030")
  expect_equal(metaparity:::guess_encoding(iconv(bytes, "ISO-8859-1", "UTF-8")), "GB18030")
  expect_equal(metaparity:::guess_encoding("M\u00fcller"), "windows-1252")
  frame <- metaparity:::recode_dta(data.frame(id = iconv(bytes, "ISO-8859-1", "UTF-8")))
  expect_equal(frame$id[1L], name)
})

test_that("csv files are imported with names in small letters", {
  file <- tempfile(fileext = ".csv")
  writeLines(c("Study,ES,Se", "A,.2,.1", "B,.5,"), file)
  out <- stata(sprintf("import delimited using \"%s\", clear", file), data.frame(x = 1))
  expect_named(out$data, c("study", "es", "se"))
  expect_equal(out$log, "(3 vars, 2 obs)")
})

test_that("bad arguments of stata() are named", {
  expect_error(stata(1), class = "metaparity_error_input")
  expect_error(stata("di 1", 3), class = "metaparity_error_input")
  expect_error(stata_do("nothere.do"), class = "metaparity_error_input")
})

test_that("metan's logs come out of Stata's syntax as from R's", {
  d <- stata_fixture("example.csv")
  log <- stata("metan9 tdeath tnodeath cdeath cnodeath, or second(0.924 0.753 1.095 Bayesian) nograph", d)$log
  view <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, second = list(0.924, 0.753, 1.095, "Bayesian"))
  expect_equal(log, format(view))
  expect_error(stata("metan tdeath tnodeath, sgweigh wgt(", d), class = "metaparity_error_stata")
})

test_that("a paper's do-file of thirty lines runs to its end", {
  skip_if_not_installed("haven")
  old <- setwd(paper_folder())
  on.exit(setwd(old))
  expect_gte(length(readLines("paper.do")), 30L)
  out <- suppressWarnings(stata_do("paper.do", echo = FALSE))
  kinds <- vapply(out$results, function(view) class(view)[1L], "")
  expect_identical(kinds, paste0("stata_", c("metan", "metan", "metabias", "metabias", "metatrim", "metainf", "metareg",
                                             "meta_data", "meta_summarize", "meta_forestplot", "meta_bias",
                                             "meta_regress")))
  expect_length(out$graphs, 6L)
  expect_true(file.exists("forest.svg"))
  r <- out$results[[2L]]$r
  expect_true(sprintf("pooled %.3f, I-squared %4.1f", r$ES, r$i_sq) %in% out$log)
  expect_true(all(c("fitted", "_meta_es", "logor") %in% names(out$data)))
  expect_false(any(grepl("Error", out$log)))
})

test_that("the sort order of a data file is known after use", {
  skip_if_not_installed("haven")
  file <- tempfile(fileext = ".dta")
  haven::write_dta(data.frame(es = c(.2, .5, .1, .4), g = c(1, 1, 2, 2), year = c(2, 1, 4, 3)), file)
  bytes <- readBin(file, "raw", file.size(file))
  at <- regexpr("<sortlist>", rawToChar(replace(bytes, bytes == 0, as.raw(32))), fixed = TRUE, useBytes = TRUE) + 10L
  expect_error(stata(sprintf("use \"%s\", clear\nby g: summarize es", file)), class = "metaparity_error_stata")
  bytes[at] <- as.raw(2)
  writeBin(bytes, file)
  out <- stata(sprintf("use \"%s\", clear\nby g: summarize es", file))
  expect_identical(sum(grepl("^-> g = ", out$log)), 2L)
})

test_that("metan, proportion is a command of metan 4", {
  expect_identical(metan_of_texts("metan events total, proportion nograph"), 4)
  expect_identical(metan_of_texts("qui metan a b, random pr lcols(study) proportion"), 4)
  expect_identical(metan_of_texts("metan proportion se, random"), 9)
  expect_identical(metan_of_texts("meta set proportion se"), 9)
})
