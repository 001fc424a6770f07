# For tools/audit-power: errors of extraction and of what stands beside the plots (C1 to C16).

check_of <- function(...) {
  more <- list(...)
  function(x, ...) do.call(metaparity::check_data, c(list(x), list(...), more))
}
means <- function(k = sample(6:14, 1L), mean = 50) list(x = made_means(k, mean), measure = "MD")
two_outcomes <- function() {
  d <- made_means(sample(5:9, 1L))
  other <- d
  other[c("mean1", "mean2")] <- round(other[c("mean1", "mean2")] / 2 + stats::rnorm(2 * nrow(d)), 1)
  other[c("sd1", "sd2")] <- round(other[c("sd1", "sd2")] / 2 + 0.1, 1)
  list(x = rbind(cbind(analysis = "pain", d), cbind(analysis = "function", other)))
}
references <- function() {
  doi <- sprintf("10.%d/x%05d", sample(1000:9999, 40L), sample.int(99999L, 40L))
  list(x = data.frame(title = paste("A trial of treatment number", 1:20, "in patients with pain"), doi = doi[1:20]),
       retracted = data.frame(doi = doi[21:40]))
}
statements <- function() {
  n <- sample(300:2000, 1L)
  list(x = data.frame(quantity = "participants", where = c("abstract", "Table 1", "flow"), value = as.character(n)))
}
sentence <- function() {
  t <- made_rows(one_of(c("RR", "OR", "MD")))
  p <- made_pool(t)$pooled
  results <- data.frame(label = "Pain", est = number(p$est), lb = number(p$ci.lb), ub = number(p$ci.ub), k = p$df + 1L,
                        I2 = number(p$I2))
  list(x = sprintf("Pain fell (%s %s, 95%% CI %s to %s; %d studies; I2 = %s%%).", t$measure, p$est, p$ci.lb, p$ci.ub,
                   p$df + 1L, p$I2), results = results)
}

data_errors <- list(
  error_case("C1", "standard errors for standard deviations", means, in_row(function(r, a) {
    r[c("sd1", "sd2")] <- round(unlist(r[c("sd1", "sd2")]) / sqrt(unlist(r[c("n1", "n2")])), 2)
    r
  }), check_of()),
  error_case("C2", "means and spreads ten times the unit", means, in_row(function(r, a) {
    r[c("mean1", "sd1", "mean2", "sd2")] <- 10 * r[c("mean1", "sd1", "mean2", "sd2")]
    r
  }), check_of()),
  error_case("C2", "means and spreads a hundredth of the unit", means, in_row(function(r, a) {
    r[c("mean1", "sd1", "mean2", "sd2")] <- round(r[c("mean1", "sd1", "mean2", "sd2")] / 100, 3)
    r
  }), check_of()),
  error_case("C3", "signs of both means lost", function() means(mean = -25), in_row(function(r, a) {
    r[c("mean1", "mean2")] <- -r[c("mean1", "mean2")]
    r
  }, function(x) which(abs(x$mean1 - x$mean2) > 2)), check_of()),
  error_case("C3", "sign of one mean lost", function() means(mean = -25), in_row(function(r, a) {
    r$mean1 <- -r$mean1
    r
  }), check_of()),
  error_case("C4", "numbers of the arms exchanged in one analysis", two_outcomes, in_row(function(r, a) {
    r[c("n1", "n2")] <- r[c("n2", "n1")]
    r
  }, function(x) which(x$n1 != x$n2)), check_of()),
  error_case("C4", "both arms exchanged in one analysis", two_outcomes, in_row(function(r, a) {
    one <- c("n1", "mean1", "sd1")
    other <- c("n2", "mean2", "sd2")
    r[c(one, other)] <- r[c(other, one)]
    r
  }, function(x) which(x$n1 != x$n2)), check_of()),
  error_case("C5", "one study with changes among final values", function() {
    a <- means()
    a$measure <- "SMD"
    a
  }, in_row(function(r, a) {
    r[c("mean1", "mean2")] <- round(stats::rnorm(2, 2, 1), 1)
    r
  }), check_of()),
  error_case("C5", "one study with final values among changes", function() {
    a <- means(mean = 0)
    a$x[c("mean1", "mean2")] <- round(a$x[c("mean1", "mean2")] / 3, 1)
    a$measure <- "SMD"
    a
  }, in_row(function(r, a) {
    r[c("mean1", "mean2")] <- r[c("mean1", "mean2")] + 50
    r
  }), check_of()),
  error_case("C6", "spread of the other arm", function() {
    a <- means()
    a$x$sd2 <- ifelse(a$x$sd2 == a$x$sd1, a$x$sd2 + 0.3, a$x$sd2)
    a
  }, in_row(function(r, a) {
    r$sd2 <- r$sd1
    r
  }), check_of()),
  error_case("C7", "a study twice", means, function(a) {
    a$x$study[2L] <- a$x$study[1L]
    a
  }, check_of()),
  error_case("C7", "a control arm twice", means, function(a) {
    a$x$study[2L] <- a$x$study[1L]
    a$x[2L, c("mean2", "sd2", "n2")] <- a$x[1L, c("mean2", "sd2", "n2")]
    a
  }, check_of()),
  error_case("C8", "data of another study", means, function(a) {
    i <- sample.int(nrow(a$x), 2L)
    a$x[i[1L], -1L] <- a$x[i[2L], -1L]
    a
  }, check_of()),
  error_case("C9", "mean off in the last decimal (GRIM)", function() list(x = made_scale()), in_row(function(r, a) {
    r$mean1 <- two(number(r$mean1) + one_of(c(-1, 1)) * ifelse(r$n1 < 34, 0.02, 0.01))
    if (any(abs(0:5000 / r$n1 - number(r$mean1)) <= 0.005 + 1e-9)) r$mean1 <- two(number(r$mean1) + 0.01)
    r
  }, function(x) which(x$n1 < 34)), check_of(integer = TRUE)),
  error_case("C9", "standard deviation off (GRIMMER)", function() {
    list(x = made_scale(most = 4L, size = 8:19))
  }, in_row(function(r, a) {
    r$sd1 <- two(number(r$sd1) + one_of(c(-1, 1)) * 0.02)
    r
  }), check_of(integer = TRUE)),
  error_case("C9", "standard deviation of a share (DEBIT)", function() {
    d <- made_counts(6L)
    s <- function(x, n) two(sqrt(n / (n - 1) * x / n * (1 - x / n)))
    list(x = data.frame(study = d$study, n1 = d$n1, mean1 = two(d$events1 / d$n1), sd1 = s(d$events1, d$n1), n2 = d$n2,
                        mean2 = two(d$events2 / d$n2), sd2 = s(d$events2, d$n2)))
  }, in_row(function(r, a) {
    r$sd1 <- two(number(r$sd1) + 0.1)
    r
  }), check_of(binary = TRUE)),
  error_case("C10", "standard deviation beyond the scale", function() list(x = made_scale()), in_row(function(r, a) {
    r$sd1 <- two(12 + stats::runif(1, 0, 5))
    r
  }), check_of(scale = c(0, 20))),
  error_case("C10", "mean beyond the scale", function() list(x = made_scale()), in_row(function(r, a) {
    r$mean2 <- two(number(r$mean2) + 20.5)
    r
  }), check_of(scale = c(0, 20))),
  error_case("C11", "P of a baseline row", function() list(x = made_baseline()), in_row(function(r, a) {
    p <- number(r$p)
    r$p <- two(if (p < 0.5) p + 0.25 else p - 0.25, 3L)
    r
  })),
  error_case("C12", "a box of the flow off by 10", function() list(x = made_flow()), in_row(function(r, a) {
    r$n <- r$n + 10
    r
  }, function(x) which(!x$box %in% "not_retrieved"))),
  error_case("C13", "places that state another number", statements, function(a) {
    a$x$value[2L] <- as.character(number(a$x$value[2L]) + one_of(c(-10, 1, 9)))
    a
  }),
  error_case("C13", "a limit in a sentence", sentence, function(a) {
    was <- regmatches(a$x, regexpr("to -?[0-9.]+", a$x))
    value <- number(sub("to ", "", was))
    a$x <- sub(was, sprintf("to %.2f", value + 0.3 + abs(value)), a$x, fixed = TRUE)
    a
  }),
  error_case("C13", "the number of studies in a sentence", sentence, function(a) {
    k <- a$results$k
    a$x <- sub(sprintf("%d studies", k), sprintf("%d studies", k + 2L), a$x, fixed = TRUE)
    a
  }),
  error_case("C14", "sign of Begg's z", function() list(x = made_bias()), in_row(function(r, a) {
    r$z <- two(-number(r$z))
    r
  }, function(x) which(abs(number(x$z)) > 0.1))),
  error_case("C14", "Begg's P", function() list(x = made_bias()), in_row(function(r, a) {
    p <- number(r$p)
    r$p <- two(if (p < 0.5) p + 0.2 else p - 0.2, 3L)
    r
  })),
  error_case("C14", "Egger's P", function() list(x = made_bias()), in_row(function(r, a) {
    p <- number(r$egger_p)
    r$egger_p <- two(if (p < 0.5) p + 0.2 else p - 0.2, 3L)
    r
  })),
  error_case("C15", "a retracted paper", references, function(a) {
    a$retracted$doi[1L] <- toupper(a$x$doi[3L])
    a
  }),
  error_case("C16", "corresponding risk", function() list(x = made_sof()), in_row(function(r, a) {
    r$risk1 <- r$risk1 + one_of(c(-20, 20))
    r
  })),
  error_case("C16", "number needed to treat", function() list(x = made_sof()), in_row(function(r, a) {
    r$nnt <- 2 * r$nnt + 5
    r
  })),
  error_case("C16", "certainty one step off", function() list(x = made_sof()), in_row(function(r, a) {
    r$certainty <- if (r$certainty == "high") "moderate" else "high"
    r
  })))

error_cases <- c(row_errors, pool_errors, data_errors)
