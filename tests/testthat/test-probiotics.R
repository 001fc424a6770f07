# The worked example: the numbers that its report must reproduce, the mistakes that it must find, the files it writes.
helpers <- new.env()
for (file in c("analysis.R", "figures.R", "checks.R", "statements.R", "reporting.R", "report.R")) {
  sys.source(system.file("probiotics", file, package = "metaparity"), helpers, keep.source = FALSE)
}
review <- helpers$read_review()
analyses <- c(helpers$continuous_analyses(review), helpers$adverse_analyses(review))
numbers <- function(key) helpers$numbers_of(analyses[[key]]$data)
at_print <- function(x, names, digits) unname(round(x[names], digits))

test_that("the tables are read in full", {
  expect_identical(vapply(review[c("effects", "pooled", "bias", "adverse", "studies", "prisma", "grade")], nrow, 0L),
                   c(effects = 36L, pooled = 11L, bias = 7L, adverse = 12L, studies = 8L, prisma = 14L, grade = 12L))
  expect_true(all(c("bmd", "bmd-hip", "calcium", "vitamin-d", "osteocalcin", "osteocalcin-as-printed", "pth", "alp",
                    "alp-three-rows", "nausea", "diarrhoea", "vomiting") %in% names(analyses)))
})

test_that("vitamin D and PTH come back", {
  x <- numbers("vitamin-d")
  expect_equal(at_print(x, c("est", "ci_lb", "ci_ub"), 2), c(-3.71, -7.79, 0.38))
  expect_equal(at_print(x, "i2", 1), 88.3)
  x <- numbers("pth")
  expect_equal(at_print(x, c("est", "ci_lb", "ci_ub"), 2), c(1.24, -6.65, 9.13))
  expect_equal(at_print(x, "i2", 1), 82.3)
  expect_equal(at_print(x, paste("weight", 1:3), 2), c(30.90, 27.55, 41.54), tolerance = 0.01 / 30)
})

test_that("Begg and Egger of PTH, vitamin D and osteocalcin are those of Table 4", {
  for (key in c("pth", "vitamin-d", "osteocalcin")) {
    x <- numbers(key)
    row <- review$bias[helpers$file_key(review$bias$outcome) == key, ]
    expect_equal(unname(x[["begg_score"]]), row$begg_score)
    expect_equal(at_print(x, "begg_sd", 3), row$begg_sd)
    expect_equal(at_print(x, "begg_z", 2), row$begg_z)
    expect_equal(at_print(x, "begg_p", 3), row$begg_p)
    expect_equal(at_print(x, "egger_bias", 2), row$egger_bias)
    expect_lt(abs(x[["egger_p"]] - row$egger_p), 0.0015)
  }
  expect_equal(at_print(numbers("osteocalcin-as-printed"), "egger_bias", 2), 8.27)
})

test_that("Stata's view gives the numbers that are compared", {
  d <- analyses$pth$data
  view <- metan(est, ci_lb, ci_ub, data = d, random = TRUE)
  x <- numbers("pth")
  expect_gate(unlist(view$r[c("ES", "ci_low", "ci_upp", "i_sq", "p_het")]),
              x[c("est", "ci_lb", "ci_ub", "i2", "p_het")], "closed_form")
  expect_gate(view$table$weight[1:3], x[paste("weight", 1:3)], "closed_form")
})

test_that("the missing row of ALP is reconstructed near 0.13 and gives the pooled row", {
  made <- attr(analyses$alp$data, "reconstructed")
  expect_true(made$range[1] <= 0.13 + 1e-9 && made$range[2] >= 0.13 - 1e-9)
  expect_equal(made$n, c(46, 46))
  expect_match(analyses$alp$data$study[4], "[", fixed = TRUE)
})

test_that("single arms come back, with the standard error that the weight betrays", {
  x <- helpers$adverse_numbers(review$adverse[review$adverse$outcome == "diarrhoea", ])
  expect_equal(at_print(x, paste("weight", 1:4), 2), c(48.85, 19.56, 24.77, 6.82))
  expect_equal(at_print(x, "p_between", 3), 0.339)
  rows <- analyses$nausea$data
  expect_lt(rows$se[2], 0.002)
  expect_equal(round(100 / rows$se[2]^2 / sum(1 / rows$se^2), 2), 97.44)
})

test_that("every number printed in the figures of adverse events comes back, pooled rows included", {
  for (key in c("nausea", "diarrhoea", "vomiting")) {
    a <- analyses[[key]]
    expect_true(all(c("probiotic est", "control weight", "overall i2", "p_between") %in% names(a$printed)))
    ours <- helpers$adverse_numbers(a$data)[names(a$printed)]
    expect_true(all(abs(ours - a$printed) <= 0.5 * 10^-helpers$adverse_decimals(names(a$printed)) + 1e-9), info = key)
  }
})

test_that("the entry behind an arm without events is found from what its figure prints", {
  entry <- attr(analyses$nausea$data, "entry")
  expect_equal(entry$p, 0.00012, tolerance = 0.05)
  expect_equal(signif(entry$se, 2), 0.0016)
  expect_null(attr(analyses$vomiting$data, "entry"))
})

test_that("figures show what their captions say", {
  plan <- helpers$figure_plan()
  shows <- stats::setNames(paste(plan$kind, plan$analysis), plan$number)
  expect_identical(unname(shows[c("16", "21", "22", "23", "24", "25", "26", "27", "28", "29")]),
                   c("forest vomiting", "metainf osteocalcin", "galbr osteocalcin", "metainf pth", "galbr pth",
                     "metainf alp",
                     "metainf vitamin-d", "galbr vitamin-d", "metainf calcium", "galbr calcium"))
})

test_that("the audit finds each mistake of the paper", {
  found <- helpers$audit_review(review)
  has <- function(table, check, where, message = "") {
    any(found$table == table & found$check == check & grepl(where, found$where, fixed = TRUE) &
        grepl(message, found$message, fixed = TRUE))
  }
  expect_true(has("effects", "off_centre", "osteocalcin", "with the other sign"))
  expect_true(has("bias", "sign", "BMD"))
  expect_true(has("adverse", "dominant", "nausea", "97.44"))
  expect_true(has("adverse", "no_width", "nausea"))
  expect_true(has("claims", "same_values", "hip", "femur"))
  expect_true(has("claims", "heterogeneity", "text 2.4.7", "24.1"))
  expect_true(has("claims", "heterogeneity", "text 2.4.9", "44.1 is that of the probiotic arm"))
  expect_true(has("claims", "figures", "text 2.5", "Figures 15 and 16 are forest plots"))
  expect_true(has("claims", "untested", "text 2.5", "n = 2"))
  expect_true(has("claims", "words", "abstract", "5 August 2023"))
  expect_true(has("claims", "words", "caption of Figure 8", "vitamin D"))
  expect_true(has("claims", "words", "text 1.4", "7"))
  expect_true(has("effects", "missing", "ALP"))
  expect_true(has("adverse", "entry", "nausea", "standard error 0.0016"))
  expect_true(has("adverse", "single_arm", "nausea"))
  expect_true(has("adverse", "single_arm", "diarrhoea"))
  expect_true(has("pooled", "off_centre", "vertebral column"))
  expect_true(has("grade", "sum", "vitamin D control", "174"))
  expect_true(has("bias", "coverage", "phosphorus"))
  expect_false(any(found$table == "prisma"))
  expect_false(any(grepl("PTH|vitamin D:|calcium", found$where[found$table %in% c("effects", "pooled", "bias")])))
})

test_that("boxes and participants are summed", {
  expect_true(all(helpers$prisma_checks(review)$verdict == "equal"))
  grade <- helpers$grade_checks(review)
  expect_identical(grade$quantity[grade$verdict == "different"], c("femoral neck BMD control", "vitamin D control"))
})

test_that("the text's value of the hip is its neighbour's", {
  claims <- helpers$claim_checks(review)
  expect_identical(as.character(claims$verdict), rep("different", 3))
  expect_match(claims$why, "femur")
})

test_that("statements that the paper's own numbers bear out are equal", {
  checks <- helpers$statement_checks(review)
  fine <- grepl("diarrhoea|rates|1303|744|Table 2", checks$quantity)
  expect_identical(sum(fine), 5L)
  expect_identical(checks$verdict == "equal", fine)
})

test_that("verdicts of the main analyses", {
  pth <- helpers$compare_analysis(analyses$pth, 10)
  expect_false(any(pth$verdict == "different"))
  expect_identical(as.character(pth$verdict[pth$quantity %in% c("est", "ci_lb", "ci_ub", "i2")]), rep("equal", 4))
  column <- helpers$compare_analysis(analyses[["bmd-vertebral-column"]], 10)
  expect_identical(column$quantity[column$verdict == "different"], "ci_ub")
  three <- helpers$compare_analysis(analyses[["alp-three-rows"]], 0)
  expect_identical(as.character(three$verdict[three$quantity == "est"]), "different")
})

test_that("every log, table and figure is written", {
  skip_on_cran()
  folder <- tempfile("probiotics")
  out <- helpers$run_review(folder, formats = "png", dpi = 40, draws = 0)
  expect_setequal(list.files(file.path(folder, "logs")),
                  c(paste0(names(analyses), ".log"), "table-4.log", "complete.log"))
  figures <- list.files(file.path(folder, "figures"))
  numbered <- as.integer(sub("figure-([0-9]+)-.*", "\\1", grep("^figure-", figures, value = TRUE)))
  expect_setequal(numbered, 1:30)
  expect_true(out$rm5$equal)
  expect_true(out$rm5$same)
  expect_setequal(as.character(out$rm5$verified$verdict), "equal")
  expect_identical(nrow(out$rm5$review$outcomes), 9L)
  expect_identical(nrow(out$rm5$review$risk_of_bias), 48L)
  expect_length(list.files(file.path(folder, "figures", "revman")), 9L)
  expect_true(all(file.size(file.path(folder, "figures", figures)) > 1000))
  log <- readLines(file.path(folder, "logs", "vitamin-d.log"), encoding = "UTF-8")
  expect_true(any(grepl("D+L pooled ES        | -3.707", log, fixed = TRUE)))
  expect_true(any(grepl("\u5b8b\u6c38\u5761", log)))
  expect_true(all(c("comparison.csv", "audit.csv", "table-1.txt", "table-2.csv", "table-2-profile.html", "table-3.csv",
                    "table-4.csv") %in% list.files(file.path(folder, "tables"))))
  unlink(folder, recursive = TRUE)
})

test_that("Table 2 has the paper's judgements, and what it states against them is told", {
  table <- helpers$table_2(list(review = review, analyses = analyses))
  o <- table$profile$outcomes
  expect_identical(o$outcome, review$grade$outcome)
  off <- o$outcome[o$certainty != review$grade$certainty]
  expect_identical(off, "femoral neck BMD")
  expect_true(any(grepl("femoral neck BMD", table$said)))
  expect_identical(o$n_exp[o$outcome == "PTH"], 79)
  expect_equal(round(o$est[o$outcome == "vitamin D"], 2), -3.71)
  expect_identical(o$events_ctrl[o$outcome == "nausea"], 3)
  expect_identical(nrow(audit(table$sof)), 0L)
})

test_that("the example judgements are of the studies of Table 3, and say that they are an example", {
  x <- helpers$example_rob(review)
  expect_setequal(x$study, helpers$study_label(review$studies$study, review$studies$year))
  expect_identical(ncol(x$values), 6L)
  expect_match(helpers$example_note, "not those of the paper")
})

test_that("the flow of Figure 1 balances", {
  expect_true(all(helpers$review_flow(review)$balance$balanced))
})
