# A package of version 2 as RevMan Web writes it: a mark at the beginning, superscripts in headings, "#N/A", names in
# HTML.
v2_settings <- c(
  paste("Analysis group,Analysis number,Analysis name,Analysis group name,Data type,Log-scale data,Experimental group label,Control group label",
        "Statistical method,Effect measure,Analysis model,Heterogeneity estimator,Tau\u00b2 CI,Prediction interval,CI method,CI/PI level",
        "Subgroup estimates,Overall estimates,Test for subgroup differences,Swap event and non-event,Graph label (left),Graph label (right),Graph scale",
        "Mean,CI start,CI end,PI start,PI end,Heterogeneity Tau\u00b2,Heterogeneity Tau\u00b2 CI start,Heterogeneity Tau\u00b2 CI end,Heterogeneity Chi\u00b2",
        "Heterogeneity df,Heterogeneity P,Heterogeneity I\u00b2,Effect Z,Effect T,Effect P", sep = ","))

# One row of settings with the results that are to be stored.
v2_row <- function(number, type, measure, method, model, estimator, interval, total, back, log = "false",
                   tau2 = c(NA, NA), name = "Pain") {
  word <- function(v) ifelse(is.na(v), "#N/A", sprintf("%.17g", v))
  adjusted <- interval == "HKSJ"
  paste(c(1, number, name, "A&nbsp;versus <i>B</i>", type, log, "A", "#N/A", method, measure, model, estimator, "true",
          "true", interval, "95%", "true", "true",
          "true", "false", "Favours A", "Favours B", "100", word(back(c(total$est, total$ci.lb, total$ci.ub,
                                                                        total$pi.lb, total$pi.ub))), word(total$tau2),
          word(tau2), word(c(total$Q, total$df, total$Qp, total$I2)),
            if (adjusted) c("#N/A", word(abs(total$est) / total$se)) else c(word(total$z), "#N/A"),
          word(total$p)), collapse = ",")
}

v2_package <- function(folder, settings, rows) {
  dir.create(file.path(folder, "CD0-analysis-data"), recursive = TRUE)
  put <- function(lines, part) {
    con <- file(file.path(folder, "CD0-analysis-data", sprintf("CD0-%s.csv", part)), "wb")
    on.exit(close(con))
    writeBin(as.raw(c(0xef, 0xbb, 0xbf)), con)
    writeLines(enc2utf8(lines), con, sep = "\r\n", useBytes = TRUE)
  }
  put(c(v2_settings, settings), "overall-estimates-and-settings")
  put(rows, "data-rows")
  folder
}

v2_rows_head <- paste("Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,Experimental mean,Experimental SD",
                      "Experimental cases,Experimental N,Control mean,Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes",
                      "Bias in one way (judgement),Bias in one way (support)", sep = ",")

made_package <- function(apart = FALSE) {
  d <- revman_tables[1:4, ]
  view <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR", method = "IV", model = "random",
                 estimator = "REML", interval = "HKSJ")
  e <- view$effects
  rows <- sprintf("1,1,Pain,#N/A,SUBGROUP_AND_OVERALL,%s,2001,#N/A,#N/A,#N/A,#N/A,%d,%d,#N/A,#N/A,%d,%d,#N/A,#N/A,%.17g,%.17g,%.17g,%.17g,%s,%s,%s",
                  c("\u738b&nbsp;2001", "Birch<sub>2</sub> 2004", "\"Cedar, 2009\"", "Dill 2011"), as.integer(d$e1),
                    as.integer(d$n1), as.integer(d$e2),
                  as.integer(d$n2), e$weight, exp(e$est), exp(e$ci.lb), exp(e$ci.ub), "note",
                    c("Low risk", "Some concerns", "High risk", "#N/A"),
                  "<p>Why &lt; not</p>")
  settings <- v2_row(1, "Dichotomous", "Risk Ratio", "IV", "Random effect", "REML", "HKSJ", view$total, exp,
                     tau2 = view$tau2_interval)
  list(folder = v2_package(tempfile("v2"), settings, c(v2_rows_head, rows)), view = view)
}

test_that("a package of version 2 without subgroups", {
  made <- made_package()
  x <- read_revman_web(made$folder)
  expect_s3_class(x, "revman_review")
  expect_identical(x$review$package, 2L)
  expect_identical(x$studies$study, c("\u738b 2001", "Birch2 2004", "Cedar, 2009", "Dill 2011"))
  expect_identical(x$comparisons$name, "A versus B")
  expect_identical(x$risk_of_bias$judgement, c("low", "some concerns", "high"))
  expect_identical(x$risk_of_bias$support[1L], "Why < not")
  judged <- rob(x)
  expect_identical(judged$tool$name, "rob2")
  expect_identical(unname(judged$values[, 1L]), c("low", "some_concerns", "high"))
  expect_identical(nrow(x$subgroups), 0L)
  v <- verify_revman_web(x)
  expect_setequal(v$verdict, "equal")
  expect_true(all(c("t", "pi_start", "tau2_start", "i2") %in% v$field))
  ours <- revman(x, "1.1")
  expect_identical(ours$convention, "revman_web")
  expect_equal(ours$total$ci.lb, made$view$total$ci.lb, tolerance = 1e-12)
  expect_equal(as_rma(x, "1.1")$ci.lb, made$view$total$ci.lb, tolerance = 1e-8)
  x$rows$effect_size[2L] <- 9
  expect_identical(sum(verify_revman_web(x)$verdict == "different"), 1L)
})

test_that("zipped, in a folder within, and inner zip files; names that climb are harmless", {
  skip_if(!nzchar(Sys.which("zip")))
  made <- made_package()
  pack <- function(folder, file) {
    old <- setwd(folder)
    on.exit(setwd(old))
    utils::zip(file, list.files(recursive = TRUE), flags = "-rq9X")
  }
  zip <- tempfile(fileext = ".zip")
  pack(made$folder, zip)
  expect_equal(read_revman_web(zip)$rows, read_revman_web(made$folder)$rows)
  outer <- tempfile("outer")
  dir.create(file.path(outer, "CD0-files"), recursive = TRUE)
  file.copy(zip, file.path(outer, "CD0-files", "CD0-data.zip"))
  expect_identical(nrow(read_revman_web(outer)$rows), 4L)
  whole <- tempfile(fileext = ".zip")
  pack(outer, whole)
  expect_identical(nrow(read_revman_web(whole)$rows), 4L)
})

test_that("what the rows apply to: the subgroup, the whole, or both", {
  d <- revman_tables[1:4, ]
  kind <- c("SUBGROUP_ONLY", "OVERALL_ONLY", "SUBGROUP_AND_OVERALL", "SUBGROUP_AND_OVERALL")
  group <- c("x", "#N/A", "x", "y")
  rows <- sprintf("1,1,Pain,%s,%s,%s,2001,0,0,0,0,%d,%d,0,0,%d,%d,0,0,#N/A,#N/A,#N/A,#N/A,,,", group, kind, d$study,
                  as.integer(d$e1), as.integer(d$n1),
                  as.integer(d$e2), as.integer(d$n2))
  whole <- revman(d[2:4, ], ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR")
  parts <- revman(cbind(d, part = c("x", NA, "x", "y"))[-2L, ], ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR",
                  by = part)
  folder <- v2_package(tempfile("v2"), v2_row(1, "Dichotomous", "Risk Ratio", "MH", "Fixed effect", "#N/A", "Wald",
                                              whole$total, exp), c(v2_rows_head, rows))
  x <- read_revman_web(folder)
  v <- revman(x, "1.1")
  expect_equal(v$total$est, whole$total$est, tolerance = 1e-12)
  expect_equal(v$groups$est, parts$groups$est, tolerance = 1e-12)
  expect_equal(v$between$Q, parts$between$Q, tolerance = 1e-12)
  expect_equal(v$effects$weight, c(0, whole$effects$weight), tolerance = 1e-12)
  expect_setequal(verify_revman_web(x)$verdict, "equal")
  expect_match(format(v), "^ +Birch 2004", all = FALSE)
})

test_that("rows that hold a contrast in place of arms", {
  rows <- c("1,1,Pain,#N/A,SUBGROUP_AND_OVERALL,A,2001,#N/A,#N/A,#N/A,#N/A,12,60,#N/A,#N/A,20,61,#N/A,#N/A,#N/A,#N/A,#N/A,#N/A,,,",
            "1,1,Pain,#N/A,SUBGROUP_AND_OVERALL,B,2002,-0.4,0.25,#N/A,#N/A,#N/A,0,#N/A,#N/A,#N/A,0,#N/A,#N/A,#N/A,#N/A,#N/A,#N/A,,,")
  a <- escalc("RR", ai = 12, n1i = 60, ci = 20, n2i = 61)
  fit <- rma(c(a$yi, -0.4), c(a$vi, 0.0625), method = "EE")
  total <- data.frame(est = fit$beta[1L], ci.lb = fit$ci.lb, ci.ub = fit$ci.ub, pi.lb = NA, pi.ub = NA, tau2 = NA,
                      Q = fit$QE, df = 1, Qp = fit$QEp, I2 = fit$I2,
                      z = abs(fit$zval), p = fit$pval, se = fit$se)
  x <- read_revman_web(v2_package(tempfile("v2"), v2_row(1, "Dichotomous", "Risk Ratio", "IV", "Fixed effect", "#N/A",
                                                         "Wald", total, exp), c(v2_rows_head, rows)))
  expect_setequal(verify_revman_web(x)$verdict, "equal")
})

test_that("a package that is written from a review of RevMan 5 says the same", {
  x <- example_review()
  folder <- tempfile("package")
  write_revman_csv(x, folder, what = "analyses")
  web <- read_revman_web(folder)
  expect_identical(web$outcomes$outcome, x$outcomes$outcome)
  expect_equal(web$rows[c("study", "events_1", "total_2", "mean_1", "sd_2", "subgroup")],
               x$rows[c("study", "events_1", "total_2", "mean_1", "sd_2", "subgroup")])
  expect_setequal(verify_revman_web(folder)$verdict, "equal")
  expect_error(verify_revman_web(x), class = "metaparity_error_input")
})

test_that("the templates of RevMan Web's import", {
  x <- example_review()
  x$studies$study[1L] <- x$rows$study[x$rows$study_id == x$studies$study_id[1L]] <- "\u738b, \"A\" 2001"
  folder <- tempfile("import")
  paths <- write_revman_csv(x, folder)
  expect_identical(basename(paths), sprintf("review-%s.csv",
                                            c("study-information", "study-arms", "study-results", "risk-of-bias-1")))
  expect_identical(readBin(paths[1L], "raw", 3L), as.raw(c(0xef, 0xbb, 0xbf)))
  table <- function(i) utils::read.csv(paths[i], fileEncoding = "UTF-8-BOM", check.names = FALSE, encoding = "UTF-8")
  expect_identical(names(table(1L))[1:4], c("Study", "Year", "Data source", "Char: Methods"))
  expect_identical(names(table(2L)), c("Study", "Arm", "Description", "Intervention"))
  results <- table(3L)
  expect_identical(nrow(results), 16L)
  expect_identical(results$Cases[1:2], c(0L, 4L))
  expect_identical(table(4L)[[2L]][1:3], c("Low risk", "Unclear risk", "High risk"))
  expect_identical(enc2utf8(table(1L)$Study[1L]), "\u738b, \"A\" 2001")
  expect_error(write_revman_csv(x, folder), class = "metaparity_error_input")
  expect_error(write_revman_csv(x, "http://a/b"), class = "metaparity_error_input")
})

test_that("what is no package says so", {
  expect_error(read_revman_web(tempfile()), class = "metaparity_error_input")
  empty <- tempfile("empty")
  dir.create(empty)
  expect_error(read_revman_web(empty), class = "metaparity_error_input")
  for (name in c("a", "b")) write_revman_csv(example_review(), file.path(empty, name), what = "analyses")
  expect_error(read_revman_web(empty), "2 packages", class = "metaparity_error_input")
  expect_error(read_revman_web(1), class = "metaparity_error_input")
  file <- tempfile(fileext = ".zip")
  writeLines("no zip", file)
  expect_error(read_revman_web(file), class = "metaparity_error_input")
  tests <- tempfile("tests")
  dir.create(tests)
  writeLines("a", file.path(tests, "CD1-parameters.csv"))
  expect_error(read_revman_web(tests), "diagnostic", class = "metaparity_error_input")
})

test_that("text of HTML", {
  expect_identical(html_text(c("a&nbsp;b", "x<sub>2</sub> &lt; 3", "&#8805; 4", "p < 0.05 and > 3", NA, "&amp;lt;")),
                   c("a b", "x2 < 3", "\u2265 4", "p < 0.05 and > 3", NA, "&lt;"))
})
