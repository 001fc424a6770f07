# For tools/audit-power: made studies, what metafor computes from them, and how papers print it.

two <- function(x, digits = 2L) ifelse(is.na(x), "", sprintf("%.*f", digits, x))
number <- as.numeric
one_of <- function(x) x[sample.int(length(x), 1L)]
study_names <- function(k) paste(sample(LETTERS, k, k > 26L), 1980L + sample.int(40L, k, TRUE), seq_len(k))

made_counts <- function(k) {
  n1 <- round(stats::rlnorm(k, 4.6, 0.7)) + 25
  n2 <- pmax(20, round(n1 * stats::runif(k, 0.8, 1.2)))
  p <- stats::plogis(stats::rnorm(k, -1.1, 0.5))
  effect <- stats::rnorm(k, -0.4, 0.3)
  data.frame(study = study_names(k), events1 = pmax(2, stats::rbinom(k, n1, stats::plogis(stats::qlogis(p) + effect))),
             n1 = n1, events2 = pmax(3, stats::rbinom(k, n2, p)), n2 = n2)
}

# One scale in all studies; spreads differ by a fifth.
made_means <- function(k, mean = 50) {
  n1 <- round(stats::rlnorm(k, 3.9, 0.5)) + 15
  n2 <- pmax(12, round(n1 * stats::runif(k, 0.85, 1.15)))
  s <- stats::runif(1, 6, 12)
  data.frame(study = study_names(k), mean1 = round(stats::rnorm(k, mean, 3), 1),
             sd1 = round(s * exp(stats::rnorm(k, 0, 0.15)), 1), n1 = n1,
             mean2 = round(stats::rnorm(k, mean + 4, 3), 1), sd2 = round(s * exp(stats::rnorm(k, 0, 0.15)), 1), n2 = n2)
}

table_measures <- c("RR", "OR", "RD")
is_ratio <- function(measure) measure %in% c("RR", "OR")

# Effects of metafor, printed with two decimals; `back` to what is displayed.
made_rows <- function(measure = one_of(c(table_measures, "MD", "SMD")), k = sample(5:14, 1L), level = 0.95) {
  counts <- measure %in% table_measures
  d <- if (counts) made_counts(k) else made_means(k)
  es <- if (counts) metafor::escalc(measure, ai = events1, n1i = n1, ci = events2, n2i = n2, data = d) else
    metafor::escalc(measure, m1i = mean1, sd1i = sd1, n1i = n1, m2i = mean2, sd2i = sd2, n2i = n2, data = d)
  back <- if (is_ratio(measure)) exp else identity
  half <- stats::qnorm((1 + level) / 2) * sqrt(es$vi)
  printed <- cbind(d, est = two(back(es$yi)), ci.lb = two(back(es$yi - half)), ci.ub = two(back(es$yi + half)))
  list(rows = printed, es = es, measure = measure, back = back)
}

# Which models papers use, and what they print of them.
pool_methods <- c("EE", "DL", "REML", "PM")
made_pool <- function(t, method = one_of(pool_methods)) {
  fit <- metafor::rma.uni(t$es$yi, t$es$vi, method = method, control = list(maxiter = 1000))
  range <- if (method != "EE") metafor::predict.rma(fit)
  pooled <- data.frame(est = two(t$back(fit$beta[1L])), ci.lb = two(t$back(fit$ci.lb)), ci.ub = two(t$back(fit$ci.ub)),
                       Q = two(fit$QE), df = fit$k - 1L, I2 = two(fit$I2, 0L), pQ = two(fit$QEp, 3L),
                       z = two(fit$zval), p = two(fit$pval, 3L))
  if (method != "EE") {
    pooled$tau2 <- two(fit$tau2, 3L)
    pooled$pi.lb <- two(t$back(range$pi.lb))
    pooled$pi.ub <- two(t$back(range$pi.ub))
  }
  list(pooled = pooled, weight = two(stats::weights(fit), 1L), fit = fit,
       model = if (method == "EE") "fixed" else method)
}

effect_columns <- c("study", "est", "ci.lb", "ci.ub")
raw_columns <- c("events1", "n1", "events2", "n2", "mean1", "sd1", "mean2", "sd2")
data_columns <- function(t) intersect(raw_columns, names(t$rows))

# What audit() is given: rows with or without raw data; with a pooled result; the measure always stated, the model
# half of the time.
made_plot <- function(data = FALSE, measure = one_of(c(table_measures, "MD", "SMD")), ...) {
  t <- made_rows(measure, ...)
  list(x = t$rows[c(effect_columns, if (data) data_columns(t))], measure = t$measure)
}

made_pooled <- function(data = one_of(c(TRUE, FALSE)), method = one_of(pool_methods),
                        measure = one_of(c(table_measures, "MD", "SMD")), weight = TRUE) {
  t <- made_rows(measure)
  p <- made_pool(t, method)
  x <- t$rows[c(effect_columns, if (data) data_columns(t))]
  if (weight) x$weight <- p$weight
  list(x = x, pooled = p$pooled, measure = t$measure, model = if (stats::runif(1) < 0.5) p$model)
}

# Two or three subgroups, each pooled under a fixed effect, and the test between them.
made_groups <- function() {
  measure <- one_of(c("RR", "MD"))
  t <- made_rows(measure, sample(9:15, 1L))
  group <- rep_len(c("acute", "chronic", "mixed")[seq_len(sample(2:3, 1L))], nrow(t$rows))
  fits <- lapply(split(seq_along(group), group), function(i) metafor::rma.uni(t$es$yi[i], t$es$vi[i], method = "EE"))
  whole <- metafor::rma.uni(t$es$yi, t$es$vi, method = "EE")
  show <- function(fit, group) {
    data.frame(group = group, est = two(t$back(fit$beta[1L])), ci.lb = two(t$back(fit$ci.lb)),
               ci.ub = two(t$back(fit$ci.ub)), Q = two(fit$QE), df = fit$k - 1L, pQ = two(fit$QEp, 3L))
  }
  between <- whole$QE - sum(vapply(fits, function(fit) fit$QE, 0))
  df <- length(fits) - 1L
  last <- data.frame(group = "between groups", est = NA, ci.lb = NA, ci.ub = NA, Q = two(between), df = df,
                     pQ = two(stats::pchisq(between, df, lower.tail = FALSE), 3L))
  list(x = cbind(t$rows[effect_columns], group = group), measure = measure,
       pooled = rbind(do.call(rbind, Map(show, fits, names(fits))), show(whole, "overall"), last))
}

# Means of whole numbers: samples are drawn, so that GRIM and GRIMMER hold.
made_scale <- function(k = sample(4:10, 1L), most = 20L, size = 15:60) {
  arm <- function() {
    n <- sample(size, k, TRUE)
    x <- lapply(n, function(m) round(stats::rbeta(m, 2, 3) * most))
    list(n = n, mean = two(vapply(x, mean, 0)), sd = two(vapply(x, stats::sd, 0)))
  }
  one <- arm()
  other <- arm()
  data.frame(study = study_names(k), n1 = one$n, mean1 = one$mean, sd1 = one$sd, n2 = other$n, mean2 = other$mean,
             sd2 = other$sd)
}

# A table of tests of bias, from tests of metafor and Kendall's score.
made_bias <- function() {
  rows <- lapply(seq_len(3L), function(i) {
    t <- made_rows(one_of(c("MD", "SMD", "RR")), sample(10:25, 1L))
    yi <- as.numeric(t$es$yi)
    vi <- as.numeric(t$es$vi)
    k <- length(yi)
    wls <- stats::lm(I(yi / sqrt(vi)) ~ I(1 / sqrt(vi)))
    egger <- summary(wls)$coefficients[1L, ]
    w <- 1 / vi
    adjusted <- (yi - sum(w * yi) / sum(w)) / sqrt(vi - 1 / sum(w))
    score <- sum(vapply(2:k, function(a) sum(sign(adjusted[a] - adjusted[1:(a - 1)]) * sign(vi[a] - vi[1:(a - 1)])), 0))
    sd <- sqrt(k * (k - 1) * (2 * k + 5) / 18)
    data.frame(outcome = LETTERS[i], n = k, score = two(score, 0L), sd = two(sd), z = two(score / sd),
               p = two(2 * stats::pnorm(-abs(score / sd)), 3L), egger = two(egger[1L]), egger_se = two(egger[2L], 3L),
               egger_p = two(egger[4L], 3L))
  })
  do.call(rbind, rows)
}

made_flow <- function() {
  d <- sample(200:2000, 1L)
  duplicates <- round(d * stats::runif(1, 0.1, 0.3))
  screened <- d - duplicates
  excluded <- round(screened * stats::runif(1, 0.7, 0.9))
  sought <- screened - excluded
  lost <- sample(0:5, 1L)
  assessed <- sought - lost
  included <- sample(3:15, 1L)
  data.frame(box = c("identified", "duplicates", "screened", "excluded", "sought", "not_retrieved", "assessed",
                     "excluded_reports", "included"),
             n = c(d, duplicates, screened, excluded, sought, lost, assessed, assessed - included, included))
}

made_sof <- function(k = 4L) {
  rr <- exp(stats::rnorm(k, -0.3, 0.3))
  se <- stats::runif(k, 0.08, 0.25)
  lb <- rr * exp(-1.96 * se)
  ub <- rr * exp(1.96 * se)
  risk <- round(stats::runif(k, 80, 400))
  steps <- sample(0:2, k, TRUE)
  rr <- ifelse(abs(rr - 1) < 0.08, 0.8, rr)
  own <- number(two(rr))
  data.frame(outcome = paste("Outcome", LETTERS[seq_len(k)]), measure = "RR", risk0 = risk,
             risk1 = round(risk * own), risk1.lb = round(risk * number(two(lb))),
             risk1.ub = round(risk * number(two(ub))),
             est = two(own), lb = two(lb), ub = two(ub), n = sample(200:3000, k), k = sample(3:12, k, TRUE),
             nnt = round(1000 / abs(risk - risk * own)), design = "randomised trials",
             risk_of_bias = c("not serious", "serious", "very serious")[steps + 1L], inconsistency = "not serious",
             certainty = c("high", "moderate", "low")[steps + 1L])
}

made_baseline <- function(k = 8L) {
  d <- made_means(k)
  d$mean2 <- round(d$mean1 + stats::rnorm(k, 0, d$sd1 * sqrt(1 / d$n1 + 1 / d$n2)), 1)
  pooled <- ((d$n1 - 1) * d$sd1^2 + (d$n2 - 1) * d$sd2^2) / (d$n1 + d$n2 - 2)
  t <- abs(d$mean1 - d$mean2) / sqrt(pooled * (1 / d$n1 + 1 / d$n2))
  names(d)[1L] <- "variable"
  cbind(d, p = two(2 * stats::pt(-t, d$n1 + d$n2 - 2), 3L))
}
