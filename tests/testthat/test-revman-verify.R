example_file <- function() system.file("extdata", "example.rm5", package = "metaparity")

test_that("every stored number of the example, computed by meta, is found again", {
  v <- verify_rm5(example_file())
  expect_identical(nrow(v), 120L)
  expect_setequal(v$verdict, "equal")
  expect_setequal(v$level, c("row", "subgroup", "outcome"))
  expect_match(format_verification(v, 5L), "120 stored numbers of 2 outcomes: 120 equal")
})

test_that("a changed number is found, noise about a statistic of 0 is not taken for an error", {
  x <- read_rm5(example_file())
  x$rows$effect_size[2L] <- x$rows$effect_size[2L] * (1 + 1e-6)
  v <- verify_rm5(x)
  bad <- v[v$verdict == "different", ]
  expect_identical(bad[c("outcome", "level", "field")],
                   data.frame(outcome = "1.1", level = "row", field = "effect_size"),
                   ignore_attr = TRUE)
  x <- read_rm5(example_file())
  x$outcomes[1L, c("q", "i2_q", "p_q")] <- c(4e-33, 100, 0)
  expect_identical(sum(verify_rm5(x)$verdict == "stored noise"), 3L)
})

test_that("totals that are switched off are fillers", {
  x <- read_rm5(example_file())
  x$outcomes$totals[1L] <- "NO"
  x$rows$weight[x$rows$outcome == "1.1"] <- 0
  x$outcomes[1L, c("effect_size", "weight", "chi2", "z", "estimable")] <- c(0, 0, 0, 0, 0)
  v <- verify_rm5(x)
  expect_false("different" %in% v$verdict)
  expect_true("not a result" %in% v$verdict)
})

revman_example <- function(measure, method, random = FALSE, totals = "YES", rows, subgroups = NULL) {
  rows$outcome <- "1.1"
  if (is.null(rows$study_id)) rows$study_id <- paste0("S", seq_len(nrow(rows)))
  groups <- data.frame(outcome = character(), subgroup = character())
  if (!is.null(subgroups)) {
    rows$subgroup <- subgroups
    groups <- data.frame(outcome = "1.1", subgroup = unique(subgroups))
  }
  type <- if (measure %in% c("MD", "SMD")) "CONT" else if (measure == "GIV") "IV" else "DICH"
  settings <- data.frame(outcome = "1.1", type = type, effect_measure = measure, method = method, random = random,
                         totals = totals, ci_study = 95, ci_total = 95, log_data = FALSE)
  revman_numbers(structure(list(settings = settings, subgroups = groups, rows = rows), class = "revman_outcome"))
}

tables <- data.frame(events_1 = c(0, 12, 30, 7), total_1 = c(40, 60, 150, 55), events_2 = c(4, 20, 41, 9),
                     total_2 = c(38, 61, 148, 54))

test_that("Mantel-Haenszel results are metafor's on corrected cells", {
  cells <- with(tables, data.frame(ai = events_1, bi = total_1 - events_1, ci = events_2, di = total_2 - events_2))
  cells[1L, ] <- cells[1L, ] + 0.5
  for (measure in c("OR", "RR")) {
    ours <- revman_example(measure, "MH", rows = tables)
    theirs <- metafor::rma.mh(measure = measure, ai = ai, bi = bi, ci = ci, di = di, data = cells, correct = FALSE)
    expect_equal(ours$total$est, as.numeric(theirs$beta), tolerance = 1e-12)
    expect_equal(ours$total$se, theirs$se, tolerance = 1e-12)
    effects <- metafor::escalc(measure, ai = ai, bi = bi, ci = ci, di = di, data = cells)
    Q <- sum((effects$yi - theirs$beta[1L])^2 / effects$vi)
    expect_equal(ours$total$Q, Q, tolerance = 1e-12)
    random <- revman_example(measure, "MH", TRUE, rows = tables)
    w <- 1 / effects$vi
    tau2 <- max(0, (Q - 3) / (sum(w) - sum(w^2) / sum(w)))
    expect_equal(random$total$tau2, tau2, tolerance = 1e-12)
  }
})

test_that("the rules of rows: double zeros, events in everybody, differences of raw counts, no spread", {
  odd <- data.frame(events_1 = c(0, 20, 0, 5), total_1 = c(20, 20, 20, 20), events_2 = c(0, 25, 3, 5),
                    total_2 = c(25, 25, 25, 25))
  or <- revman_example("OR", "MH", rows = odd)
  rr <- revman_example("RR", "MH", rows = odd)
  rd <- revman_example("RD", "MH", rows = odd)
  expect_identical(or$rows$estimable, c(FALSE, FALSE, TRUE, TRUE))
  expect_identical(rr$rows$estimable, c(FALSE, TRUE, TRUE, TRUE))
  expect_identical(rr$rows$est[2L], 0)
  expect_equal(rr$rows$se[2L], sqrt(1 / 20.5 - 1 / 21 + 1 / 25.5 - 1 / 26))
  expect_equal(rd$rows$est, odd$events_1 / 20 - odd$events_2 / 25)
  expect_equal(rd$rows$se[1L], sqrt(.5 * 20.5 / 21^3 + .5 * 25.5 / 26^3))
  means <- data.frame(mean_1 = 1:2, sd_1 = c(0, 1), total_1 = 10, mean_2 = 0, sd_2 = 1, total_2 = 12)
  md <- revman_example("MD", "IV", rows = means)
  expect_identical(md$rows$estimable, c(FALSE, TRUE))
  smd <- revman_example("SMD", "IV", rows = means)
  g <- (1 - 3 / (4 * 22 - 9)) * 2
  expect_equal(smd$rows$est[2L], g)
  expect_equal(smd$rows$se[2L], sqrt(22 / 120 + g^2 / (2 * (22 - 3.94))))
})

test_that("Peto's odds ratio, subgroups with their own tau2, weights within subgroups", {
  peto <- revman_example("PETO_OR", "PETO", rows = tables)
  theirs <- metafor::rma.peto(ai = events_1, n1i = total_1, ci = events_2, n2i = total_2, data = tables)
  expect_equal(c(peto$total$est, peto$total$se, peto$total$Q), unname(c(theirs$beta[1L], theirs$se, theirs$QE)),
               tolerance = 1e-12)
  d <- data.frame(estimate = c(-.6, .2, 1.1, .4, .5), se = c(.2, .3, .25, .1, .4))
  sub <- revman_example("GIV", "IV", TRUE, "SUB", d, c("1", "1", "2", "2", "2"))
  one <- metafor::rma(estimate, sei = se, data = d[1:2, ], method = "DL")
  two <- metafor::rma(estimate, sei = se, data = d[3:5, ], method = "DL")
  expect_equal(sub$groups$tau2, c(one$tau2, two$tau2), tolerance = 1e-12)
  w <- 1 / (d$se^2 + c(one$tau2, two$tau2)[c(1, 1, 2, 2, 2)])
  expect_equal(sub$total$est, sum(w * d$estimate) / sum(w), tolerance = 1e-12)
  expect_equal(sum(sub$rows$weight[1:2]), 100)
  expect_identical(sub$total$weight, 200)
  between <- metafor::rma(c(one$beta, two$beta), sei = c(one$se, two$se), method = "FE")
  expect_equal(sub$between$Q, between$QE, tolerance = 1e-12)
})

test_that("REML with Hartung-Knapp intervals as RevMan Web: Wald P, prediction interval of metafor", {
  rows <- data.frame(outcome = "1.1", estimate = c(-.6, .2, 1.1, .4, .5), se = c(.2, .3, .25, .1, .4), study_id = 1:5)
  settings <- data.frame(outcome = "1.1", type = "IV", effect_measure = "", method = NA, random = TRUE,
                         totals = "YES", ci_study = 95,
                         ci_total = 95, log_data = FALSE)
  o <- list(settings = settings, subgroups = rows[0, ], rows = rows)
  ours <- revman_numbers(o, list(tau2 = "REML", interval = "HKSJ"))$total
  theirs <- metafor::rma(estimate, sei = se, data = rows, test = "knha", control = list(threshold = 1e-12))
  wald <- metafor::rma(estimate, sei = se, data = rows, control = list(threshold = 1e-12))
  expect_equal(c(ours$est, ours$se, ours$ci.lb, ours$tau2, ours$I2),
               c(theirs$beta[1L], theirs$se, theirs$ci.lb, theirs$tau2, theirs$I2),
               tolerance = 1e-8)
  expect_equal(ours$p, wald$pval, tolerance = 1e-7)
  expect_equal(ours$pi.ub, predict(theirs)$pi.ub, tolerance = 1e-8)
})
