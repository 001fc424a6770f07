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

test_that("each type has its measure, kind and columns", {
  expect_identical(revman_measure_of(list(type = "DICH", effect_measure = "RR")), "RR")
  expect_identical(revman_measure_of(list(type = "IV", effect_measure = "x")), "GIV")
  expect_identical(revman_measure_of(list(type = "IPD")), "OE")
  expect_identical(revman_measure_of(list(type = "OTHER")), NA_character_)
  for (measure in c("OR", "RR", "RD", "PETO_OR", "MD", "SMD", "GIV", "OE"))
    expect_true(revman_kind(measure) %in% names(revman_columns), label = measure)
  for (ratio in c("OR", "RR", "PETO_OR", "OE")) expect_true(is_revman_ratio(ratio, FALSE))
  for (plain in c("RD", "MD", "SMD")) expect_false(is_revman_ratio(plain, TRUE))
  expect_true(is_revman_ratio("GIV", TRUE))
  expect_false(is_revman_ratio("GIV", NA))
})

test_that("settings of the core: what the file says, RevMan 5's rules where it says nothing", {
  s <- list(type = "DICH", effect_measure = "OR", method = NA, random = TRUE, totals = NA, ci_study = 90)
  spec <- revman_spec(s)
  expect_identical(spec$method, "MH")
  expect_identical(spec$totals, "YES")
  expect_identical(spec$tau2, "DL")
  expect_false(spec$hksj)
  expect_equal(c(spec$level_study, spec$level_total), c(0.9, 0.95))
  web <- revman_spec(s, list(tau2 = "REML", interval = "HKSJ"))
  expect_identical(web$tau2, "REML")
  expect_true(web$hksj && web$i2_from_tau2)
  expect_identical(revman_spec(list(type = "DICH", effect_measure = "PETO_OR", method = "IV"))$method, "PETO")
  expect_null(web_rules(list(estimator = NA)))
})

test_that("inverse-variance pooling by hand, within and between subgroups", {
  d <- data.frame(y = c(-0.5, 0.1, 0.6, 0.2), s = c(0.2, 0.3, 0.25, 0.1), g = c("a", "a", "b", "b"))
  n <- revman(d, yi = y, sei = s, by = g)
  w <- 1 / d$s^2
  pool <- function(i) sum(w[i] * d$y[i]) / sum(w[i])
  expect_gate(n$total$est, pool(1:4), "closed_form")
  expect_gate(n$groups$est, c(pool(1:2), pool(3:4)), "closed_form")
  expect_gate(n$effects$weight, 100 * w / sum(w), "closed_form")
  within <- sum(w[1:2] * (d$y[1:2] - pool(1:2))^2) + sum(w[3:4] * (d$y[3:4] - pool(3:4))^2)
  expect_gate(n$between$Q, sum(w * (d$y - pool(1:4))^2) - within, "exact_solution")
})

test_that("an outcome without rows, or of a kind that is not analysed, has no numbers", {
  o <- outcome(example_review(), "1.1")
  empty <- o
  empty$rows <- o$rows[0L, ]
  expect_null(revman_numbers(empty))
  other <- o
  other$settings$type <- "OTHER"
  expect_null(revman_numbers(other))
  for (bad in list("9.9", NA, c("1.1", "1.2"), TRUE))
    expect_error(outcome(example_review(), bad), class = "metaparity_error_input")
})

test_that("judgements of a group without outcomes are of every outcome that no other group names", {
  x <- example_review()
  bias <- data.frame(item_id = c("Q1", "Q2", "Q3", "Q3"), item = c("Concealment", "Attrition", "Blinding", "Blinding"),
                     level = c("study", "group", "group", "group"), core = TRUE,
                     group = c(NA, "All outcomes", "Pain", "All outcomes"),
                     outcomes = c(NA, NA, x$outcomes$id[1L], NA), study_id = x$studies$study_id[1L],
                     study = x$studies$study[1L], judgement = "low", support = "")
  x$risk_of_bias <- bias
  expect_identical(outcome(x, x$outcomes$outcome[1L])$risk_of_bias$group, c(NA, "All outcomes", "Pain"))
  expect_identical(outcome(x, x$outcomes$outcome[2L])$risk_of_bias$group, c(NA, "All outcomes", "All outcomes"))
  expect_length(rob(outcome(x, x$outcomes$outcome[1L])$risk_of_bias)$domains$id, 3L)
})

test_that("an outcome must be named", {
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  expect_error(outcome(review), class = "metaparity_error_input")
})
