# For tools/check-audit: rows as a plot prints them, errors to inject, and the tables of false alarms and power.

read_rows <- function(path) {
  d <- utils::read.csv(if (grepl("gz$", path)) gzfile(path) else path, check.names = TRUE, encoding = "UTF-8",
                       stringsAsFactors = FALSE)
  d <- d[d$measure_found %in% c("RR", "OR", "MD", "SMD") & d$ci_level %in% 95 & !is.na(d$Mean) & !is.na(d$CI.start) &
         !is.na(d$CI.end) & d$CI.end > d$CI.start, ]
  number <- function(x) suppressWarnings(as.numeric(x))
  # Six decimals were stored: where they end at a half of the second one, the digit that is printed is open.
  open <- Reduce(`|`, lapply(d[c("Mean", "CI.start", "CI.end")], function(x) abs(abs(100 * x) %% 1 - 0.5) < 2e-4))
  d <- d[!open, ]
  table <- d$type_found == "DICH"
  out <- data.frame(study = d$Study, analysis = paste(d$review, d$Analysis.group, d$Analysis.number),
                    group = d$Subgroup, kind = d$measure_found,
                    est = number(d$Mean), lb = number(d$CI.start), ub = number(d$CI.end), Weight = number(d$Weight),
                    n1 = number(d$Experimental.N), n2 = number(d$Control.N),
                    events1 = ifelse(table, number(d$Experimental.cases), NA),
                    events2 = ifelse(table, number(d$Control.cases), NA),
                    mean1 = ifelse(table, NA, number(d$Experimental.mean)),
                    sd1 = ifelse(table, NA, number(d$Experimental.SD)),
                    mean2 = ifelse(table, NA, number(d$Control.mean)), sd2 = ifelse(table, NA, number(d$Control.SD)),
                    weights_found = d$weights_found, stringsAsFactors = FALSE)
  out
}

two <- function(x) sprintf("%.2f", x)
printed_rows <- function(d, measure = TRUE) {
  out <- d[c("study", "analysis", "n1", "n2", "events1", "events2", "mean1", "sd1", "mean2", "sd2")]
  out$est <- two(d$est)
  out$ci.lb <- two(d$lb)
  out$ci.ub <- two(d$ub)
  if (measure) out$measure <- d$kind
  out
}

# One slip in every row; "" where it would change nothing that is printed.
change_digit <- function(text, pick) {
  vapply(seq_along(text), function(i) {
    at <- gregexpr("[0-9]", text[i])[[1L]]
    j <- at[1L + pick[i] %% length(at)]
    old <- as.integer(substr(text[i], j, j))
    substr(text[i], j, j) <- as.character((old + 1L + (pick[i] %/% 7L) %% 9L) %% 10L)
    text[i]
  }, "")
}
swap_last <- function(text) sub("([0-9])([.]?)([0-9])$", "\\3\\2\\1", text)
negate <- function(text) ifelse(startsWith(text, "-"), substring(text, 2L), paste0("-", text))
slips <- list(
  "digit of the estimate" = function(p, pick) transform(p, est = change_digit(est, pick)),
  "digit of the lower limit" = function(p, pick) transform(p, ci.lb = change_digit(ci.lb, pick)),
  "digit of the upper limit" = function(p, pick) transform(p, ci.ub = change_digit(ci.ub, pick)),
  "last digits of the estimate swapped" = function(p, pick) transform(p, est = swap_last(est)),
  "minus sign of the lower limit lost" = function(p, pick) transform(p, ci.lb = ifelse(startsWith(ci.lb, "-"),
                                                                                       negate(ci.lb), ci.lb)),
  "minus sign of the estimate lost" = function(p, pick) transform(p, est = ifelse(startsWith(est, "-"), negate(est),
                                                                                  est)),
  "reciprocal of the ratio" = function(p, pick) transform(p, est = ifelse(measure %in% c("RR", "OR") &
                                                                          as.numeric(est) > 0, two(1 / as.numeric(est)),
                                                                          est)),
  "interval of the neighbour" = function(p, pick) transform(p, ci.lb = c(ci.lb[-1L], ci.lb[1L]),
                                                            ci.ub = c(ci.ub[-1L], ci.ub[1L])),
  "upper limit times ten" = function(p, pick) transform(p, ci.ub = two(10 * as.numeric(ci.ub))))
told <- c("digit of the estimate" = "93", "digit of the lower limit" = "93", "digit of the upper limit" = "75",
          "last digits of the estimate swapped" = "99.7",
          "minus sign of the lower limit lost" = "99.6", "minus sign of the estimate lost" = "100",
          "reciprocal of the ratio" = "99.6", "interval of the neighbour" = "97.5",
          "upper limit times ten" = "99")

flagged <- function(a, checks, severity = c("error", "warning")) unique(a$row[a$check %in% checks &
                                                                              a$severity %in% severity])

measure_rows <- function(path, seed) {
  set.seed(seed)
  d <- read_rows(path)
  p <- printed_rows(d)
  cat(sprintf("%d rows of %d analyses\n\n", nrow(d), length(unique(d$analysis))))
  time <- system.time(a <- audit(p))[3L]
  print(summary(a))
  cat(sprintf("\n%.1f seconds. False alarms of rows, errors and warnings (noted: 0 of 71,734 for symmetry and for raw data):\n", time))
  for (check in c("A1", "A2", "A3", "A4", "A7")) {
    cat(sprintf("  %-3s errors %d, warnings %d\n", check, length(flagged(a, check, "error")),
                length(flagged(a, check, "warning"))))
  }
  print(utils::head(as.data.frame(a[a$check %in% c("A1", "A2", "A3", "A7") & a$severity != "note",
                                    c("part", "row", "check", "severity", "printed", "expected", "reading", "why")]),
                                    20L))
  plain <- audit(printed_rows(d, FALSE))
  cat(sprintf("the measure not stated: A2 %d, A3 and A7 %d errors\n", length(flagged(plain, "A2", "error")),
              length(flagged(plain, c("A3", "A7"), "error"))))
  cat("\nInjected errors found, % of the rows that the slip changes (one row in four is hit, the others are as printed)\n")
  cat(sprintf("%-38s %8s %10s %10s %8s\n", "", "noted", "A1, A2", "with data", "rows"))
  symmetric <- p[c("study", "analysis", "est", "ci.lb", "ci.ub", "measure")]
  for (name in names(slips)) {
    pick <- sample.int(1000L, nrow(p), TRUE)
    changed <- slips[[name]](p, pick)
    hit <- sample.int(4L, nrow(p), TRUE) == 1L &
      rowSums(changed[c("est", "ci.lb", "ci.ub")] != p[c("est", "ci.lb", "ci.ub")]) > 0
    q <- p
    q[hit, c("est", "ci.lb", "ci.ub")] <- changed[hit, c("est", "ci.lb", "ci.ub")]
    one <- flagged(audit(q[names(symmetric)]), c("A1", "A2"), "error")
    all <- flagged(audit(q), c("A1", "A2", "A3", "A7"))
    cat(sprintf("%-38s %8s %10.1f %10.1f %8d\n", name, told[[name]], 100 * mean(which(hit) %in% one),
                100 * mean(which(hit) %in% all), sum(hit)))
  }
  measure_weights(d)
  measure_pools(d)
  measure_spread(d)
  measure_baseline(d)
  measure_needed(d)
  measure_positions(d)
}

# C11: rows as a baseline table, with P of one of the usual tests; and with a digit of P changed.
measure_baseline <- function(d, most = 4000L) {
  means <- which(!is.na(d$mean1) & d$sd1 > 0 & d$sd2 > 0 & d$n1 > 2 & d$n2 > 2)
  counts <- which(!is.na(d$events1) & d$events1 + d$events2 > 0 & d$events1 + d$events2 < d$n1 + d$n2)
  pick <- c(sample(means, min(most, length(means))), sample(counts, min(most, length(counts))))
  p <- vapply(seq_along(pick), function(i) {
    r <- d[pick[i], ]
    if (!is.na(r$mean1)) {
      pooled <- i %% 2L == 0L
      v <- c(r$sd1^2 / r$n1, r$sd2^2 / r$n2)
      if (pooled) {
        v <- ((r$n1 - 1) * r$sd1^2 + (r$n2 - 1) * r$sd2^2) / (r$n1 + r$n2 - 2) * c(1 / r$n1, 1 / r$n2)
        df <- r$n1 + r$n2 - 2
      } else df <- sum(v)^2 / (v[1L]^2 / (r$n1 - 1) + v[2L]^2 / (r$n2 - 1))
      return(2 * stats::pt(-abs(r$mean1 - r$mean2) / sqrt(sum(v)), df))
    }
    m <- rbind(c(r$events1, r$n1 - r$events1), c(r$events2, r$n2 - r$events2))
    suppressWarnings(switch(1L + i %% 3L, stats::fisher.test(m)$p.value, stats::chisq.test(m)$p.value,
                            stats::chisq.test(m, correct = FALSE)$p.value))
  }, 0)
  r <- d[pick, ]
  table <- data.frame(variable = r$study, r[c("n1", "n2", "events1", "events2")],
                      lapply(r[c("mean1", "sd1", "mean2", "sd2")], function(v) ifelse(is.na(v), NA, two(v))), p = two(p))
  table <- table[is.na(r$sd1) | r$sd1 >= 0.01 & r$sd2 >= 0.01, ]
  a <- audit(table)
  changed <- table
  changed$p <- change_digit(sub("^1[.]00$", "0.10", table$p), sample.int(1000L, nrow(table), TRUE))
  b <- audit(changed)
  cat(sprintf("\nC11: %d rows as a baseline table, %d errors, %d warnings; with a digit of P changed found %.1f %%\n",
              nrow(table), length(flagged(a, "C11", "error")), length(flagged(a, "C11", "warning")),
              100 * length(flagged(b, "C11")) / nrow(table)))
}

# NNT of C16: risks per 1000, their ratio and the number needed to treat, rounded or rounded up.
measure_needed <- function(d, most = 4000L) {
  r <- d[d$kind == "RR" & d$events1 > 0 & d$events2 > 0, ]
  r <- r[sample.int(nrow(r), min(most, nrow(r))), ]
  risk <- r$events2 / r$n2
  own <- pmin(risk * r$est, 1)
  nnt <- 1 / abs(risk - own)
  keep <- is.finite(nnt) & nnt < 1e4
  up <- seq_along(nnt) %% 2L == 0L
  table <- data.frame(outcome = r$study, measure = "RR", risk0 = sprintf("%.0f", 1000 * risk),
                      risk1 = sprintf("%.0f", 1000 * own), est = two(r$est),
                      nnt = sprintf("%.0f", ifelse(up, ceiling(nnt), round(nnt))))[keep, ]
  a <- audit(table)
  moved <- table
  moved$nnt <- sprintf("%.0f", 10 * as.numeric(moved$nnt))
  b <- audit(moved)
  cat(sprintf("NNT: %d rows, %d errors; times ten found %.1f %%\n", nrow(table), length(flagged(a, "C16", "error")),
              100 * length(flagged(b, "C16")) / nrow(table)))
}

# B11: positions of the unrounded numbers to the whole pixel on an axis of 200 pixels; and those of the row below.
measure_positions <- function(d, most = 4000L) {
  r <- d[d$kind %in% c("RR", "OR") & d$lb > 0, ]
  r <- r[sample.int(nrow(r), min(most, nrow(r))), ]
  at <- function(v) round(200 + 50 * log10(pmax(v, 1e-6)))
  p <- printed_rows(r)[c("study", "analysis", "est", "ci.lb", "ci.ub", "measure")]
  q <- cbind(p, est.px = at(r$est), ci.lb.px = at(r$lb), ci.ub.px = at(r$ub))
  axis <- data.frame(value = c(0.01, 0.1, 1, 10, 100), px = c(100, 150, 200, 250, 300))
  a <- audit(q, axis = axis)
  moved <- q
  moved$est.px <- c(q$est.px[-1L], q$est.px[1L])
  b <- audit(moved, axis = axis)
  cat(sprintf("B11: %d rows, %d errors; marks of the row below found %.1f %%\n", nrow(q),
              length(flagged(a, "B11", "error")), 100 * length(flagged(b, "B11")) / nrow(q)))
}

measure_weights <- function(d) {
  d <- d[!grepl("within", d$weights_found) & !is.na(d$Weight), ]
  whole <- stats::ave(d$Weight, d$analysis, FUN = sum)
  d <- d[abs(whole - 100) < 1e-3, ]
  p <- cbind(printed_rows(d), weight = sprintf("%.1f", d$Weight))
  a <- audit(p[c("study", "analysis", "weight")])
  cat(sprintf("\nB1: %d analyses whose weights sum to 100, found %d (noted: 0 of 11,756)\n",
              length(unique(d$analysis)), sum(a$check == "B1")))
}

# Pooled rows computed here from the rows as they are, printed, and audited from the printed rows.
measure_pools <- function(d, most = 150L) {
  sets <- split(seq_len(nrow(d)), d$analysis)
  sets <- sets[lengths(sets) >= 2L & lengths(sets) <= 60L]
  sets <- sets[sample.int(length(sets), min(most, length(sets)))]
  z <- stats::qnorm(0.975)
  result <- do.call(rbind, lapply(sets, function(i) {
    ratio <- d$kind[i[1L]] %in% c("RR", "OR")
    if (length(unique(d$kind[i])) > 1L || ratio && any(d$lb[i] <= 0)) return(NULL)
    f <- if (ratio) log else identity
    back <- if (ratio) exp else identity
    do.call(rbind, lapply(c("EE", "DL", "REML"), function(method) {
      fit <- tryCatch(rma(f(d$est[i]), sei = (f(d$ub[i]) - f(d$lb[i])) / (2 * z), method = method),
                      error = function(e) NULL)
      if (is.null(fit)) return(NULL)
      pooled <- data.frame(est = two(back(fit$beta[1L])), ci.lb = two(back(fit$ci.lb)), ci.ub = two(back(fit$ci.ub)),
                           Q = two(fit$QE), df = fit$k - 1L, I2 = sprintf("%.0f", fit$I2),
                           pQ = two(fit$QEp), z = two(abs(fit$zval)), p = two(fit$pval), tau2 = two(fit$tau2))
      rows <- cbind(printed_rows(d[i, ])[c("study", "est", "ci.lb", "ci.ub", "measure")],
                    weight = sprintf("%.1f", stats::weights(fit)))
      a <- audit(rows, pooled = pooled, model = if (method == "EE") "fixed" else method)
      own <- a[a$severity == "error" & grepl("^[AB]", a$check), ]
      moved <- pooled
      moved$est <- two(back(fit$beta[1L] + 0.5 * fit$se))
      moved$ci.lb <- two(back(fit$ci.lb + 0.5 * fit$se))
      moved$ci.ub <- two(back(fit$ci.ub + 0.5 * fit$se))
      b <- audit(rows, pooled = moved, model = if (method == "EE") "fixed" else method)
      c_ <- audit(rows, pooled = pooled)
      data.frame(method = method, k = length(i), alarms = nrow(own),
                 warned = sum(a$severity == "warning" & grepl("^[AB]", a$check)),
                 found = any(b$severity != "note" & b$check %in% c("B3", "B6")),
                 undecided = any(summary(a)$undecided[summary(a)$check == "B3"] > 0),
                 silent = sum(c_$severity != "note"), checks = paste(own$check, collapse = " "))
    }))
  }))
  cat(sprintf("\nPooled rows, %d analyses, printed numbers only:\n", length(sets)))
  for (method in unique(result$method)) {
    r <- result[result$method == method, ]
    cat(sprintf("  %-5s false errors in %.2f %% of the analyses (%s), warnings %.2f %%; model not stated %.2f %%; shift by half a standard error found %.1f %%; not decidable %.1f %%\n", method,
                100 * mean(r$alarms > 0), paste(unique(r$checks[r$alarms > 0]), collapse = ", "),
                100 * mean(r$warned > 0), 100 * mean(r$silent > 0), 100 * mean(r$found[!r$undecided]),
                100 * mean(r$undecided)))
  }
}

# C1 on the mean differences: what is flagged as it is, and of injected errors.
measure_spread <- function(d) {
  d <- d[which(d$kind == "MD" & d$sd1 > 0 & d$sd2 > 0), ]
  columns <- c("study", "analysis", "n1", "n2", "mean1", "sd1", "mean2", "sd2")
  se_like <- function(x) which(x$check == "C1" & x$reading == "standard errors")
  a <- check_data(d[columns], measure = "MD")
  size <- table(d$analysis)
  usable <- as.vector(size[d$analysis]) >= 4L
  own <- a$row[se_like(a)]
  # One row of each analysis gets the standard errors instead.
  hit <- unlist(lapply(split(which(usable & !seq_len(nrow(d)) %in% own),
                             d$analysis[usable & !seq_len(nrow(d)) %in% own]),
                             function(i) i[sample.int(length(i), 1L)]))
  e <- d
  e$sd1[hit] <- e$sd1[hit] / sqrt(e$n1[hit])
  e$sd2[hit] <- e$sd2[hit] / sqrt(e$n2[hit])
  b <- check_data(e[columns], measure = "MD")
  cat(sprintf("\nC1: flags %.1f %% of %d rows (noted 2.6), in %.0f %% of %d analyses (21); finds %.0f %% of injected errors (70)\n", 100 * length(own) / sum(usable), sum(usable),
              100 * length(unique(d$analysis[own])) / length(unique(d$analysis[usable])),
              length(unique(d$analysis[usable])), 100 * mean(hit %in% b$row[se_like(b)])))
}

audit_folder <- function(path) {
  for (file in list.files(path, "[.]rm5$", full.names = TRUE)) {
    a <- audit(read_rm5(file))
    cat(sprintf("%s: ", basename(file)))
    print(a[a$severity == "error", ])
    cat("\n")
  }
}

# The tables of the worked example, and what its text says of them: claims.csv holds the sentences, figures and tables
# the rest.
audit_example <- function(path) {
  read <- function(name) utils::read.csv(file.path(path, name), colClasses = "character", na.strings = character(),
                                         encoding = "UTF-8")
  rename <- function(x, ...) {
    new <- c(...)
    names(x)[match(names(new), names(x))] <- new
    x
  }
  effects <- rename(read("effects.csv"), site = "group")
  effects <- effects[nzchar(effects$est), ]
  pooled <- rename(read("pooled.csv"), site = "group", p_het = "pQ")
  single <- rename(read("adverse.csv"), arm = "group", es_printed = "est", ci_lb_printed = "ci.lb",
                   ci_ub_printed = "ci.ub", weight_printed = "weight")
  single_pooled <- rename(read("adverse_pooled.csv"), row = "group", p_het = "pQ")
  parts <- list("Figs 4 to 12" = audit(effects, pooled = pooled[pooled$outcome != "ALP", ], model = "random"),
                "Figs 14 to 16" = audit(single, pooled = single_pooled, measure = "PR"),
                "Table 4" = audit(read("bias.csv"), effects = effects),
                "Fig 1" = audit(read("prisma.csv")), "Table 2" = audit(read("grade.csv")),
                "text" = audit(example_statements(read("claims.csv"), read("pooled.csv"), single_pooled, single,
                                                  read("bias.csv"), read("figures.csv"), read("studies.csv"))))
  a <- audit(parts)
  print(a[a$severity != "note", ])
  cat("\n")
  print(summary(a))
}

example_statements <- function(claims, pooled, single_pooled, single, bias, figures, studies) {
  said <- function(pattern) grep(pattern, claims$claim, value = TRUE)[1L]
  place <- function(pattern) claims$where[grep(pattern, claims$claim)[1L]]
  result <- function(site) with(pooled[pooled$outcome == "BMD" & pooled$site == site, ],
                                sprintf("%s (%s, %s)", est, ci_lb, ci_ub))
  i2 <- function(outcome, group) single_pooled$i2[single_pooled$outcome == outcome & single_pooled$group == group]
  share <- function(outcome, arm) with(single[single$outcome == outcome & single$group == arm, ],
                                       sprintf("%d/%d", sum(as.integer(events)), sum(as.integer(total))))
  rate <- function(outcome, arm) 100 * as.numeric(single_pooled$est[single_pooled$outcome == outcome &
                                                                    single_pooled$group == arm])
  numbers <- as.integer(figures$number)
  forest <- numbers[numbers >= 15 & numbers <= 29 & grepl("forest", figures$kind)]
  begg <- bias[bias$outcome == "phosphorus", ]
  n <- function(column) sum(as.integer(studies[[column]]))
  row <- function(quantity, where, value) data.frame(quantity = quantity, where = where, value = as.character(value),
                                                     stringsAsFactors = FALSE)
  adverse <- lapply(c("nausea", "diarrhoea", "vomiting"), function(outcome) {
    one <- sprintf("%s: heterogeneity", outcome)
    rbind(row(sprintf("%s I2", outcome), place(one), sub("^.* ([0-9.]+) %.*$", "\\1", said(one))),
          row(sprintf("%s I2", outcome), "its figure, overall", i2(outcome, "overall")),
          row(sprintf("%s I2 of the probiotic arm", outcome), "its figure", i2(outcome, "probiotic")),
          row(sprintf("%s I2 of the control arm", outcome), "its figure", i2(outcome, "control")))
  })
  rbind(row("hip BMD", place("^hip BMD"), sub("^hip BMD ", "", said("^hip BMD"))),
        row("hip BMD", "Fig 4", result("hip")), row("femur BMD", "Fig 4", result("femur")),
        do.call(rbind, adverse),
        row("vomiting, event rates", place("event rates"), sub("^event rates ", "", said("event rates"))),
        row("vomiting, event rates", "Fig 16", sprintf("%.0f %% and %.0f %%", rate("vomiting", "probiotic"),
                                                       rate("vomiting", "control"))),
        row("figures of the sensitivity analyses", place("sensitivity"), sub("^.*Figs ", "", said("sensitivity"))),
        row("figures of the sensitivity analyses", "captions", sprintf("%d-29", max(forest) + 1L)),
        row("Begg's test of phosphorus", place("^phosphorus"), "not done"),
        row("Begg's test of phosphorus", "Table 4", sprintf("z = %s, p = %s", begg$begg_z, begg$begg_p)),
        row("end of the search", "abstract", sub("search up to ", "", said("search up to"))),
        row("end of the search", "text 1.2", sub("^text 1.2 says ", "",
                                                 claims$contradicted_by[grep("search up to", claims$claim)])),
        row("outcome of Fig 8", "caption", "calcium"), row("outcome of Fig 8", "text and axis",
                                                           sub("^text and axis say ", "",
                                                               claims$contradicted_by[claims$where == "caption of Fig 8"])),
        row("criteria of risk of bias", place("six criteria"), 6), row("criteria of risk of bias", "Fig 3", 7),
        row("patients", place("744"), said("744")),
        row("patients", "Table 3", sprintf("%d patients, %d and %d", n("n_exp") + n("n_ctrl"), n("n_exp"),
                                           n("n_ctrl"))),
        row("vomiting events", "Table 2", "4/118 and 2/118"),
        row("vomiting events", "Fig 16", paste(share("vomiting", "probiotic"), "and", share("vomiting", "control"))))
}

# Analyses of RevMan Web: rows and overall results as printed, with raw data.
audit_web <- function(path) {
  rows <- utils::read.csv(file.path(path, "web-rows.csv"))
  overall <- utils::read.csv(file.path(path, "web-overall.csv"))
  show <- function(x, digits = 2) ifelse(is.na(x), "", sprintf("%.*f", digits, x))
  for (i in which(!is.na(overall$mean))) {
    o <- overall[i, ]
    r <- rows[rows$review == o$review & rows$group == o$group & rows$number == o$number, ]
    plot <- data.frame(study = r$study, group = r$subgroup, est = show(r$mean), ci.lb = show(r$ci_start),
                       ci.ub = show(r$ci_end), weight = show(r$weight, 1), events1 = r$e1, n1 = r$n1, events2 = r$e2,
                       n2 = r$n2, mean1 = r$m1, sd1 = r$sd1, mean2 = r$m2, sd2 = r$sd2, entry = r$y, entry_se = r$se)
    pooled <- data.frame(est = show(o$mean), ci.lb = show(o$ci_start), ci.ub = show(o$ci_end), Q = show(o$chi2),
                         df = o$df,
                         pQ = show(o$p), I2 = show(o$I2, 0), tau2 = show(o$tau2), p = show(o$P),
                         z = show(abs(as.numeric(o$Z))),
                         pi.lb = show(o$pi_start), pi.ub = show(o$pi_end))
    a <- audit(plot, pooled = pooled)
    count <- table(factor(a$severity, c("error", "warning", "note")))
    cat(sprintf("%s %d.%d, %s %s %s %s: %d errors, %d warnings, %d notes; read as %s\n", o$review, o$group, o$number,
                o$method,
                o$model, o$estimator, o$ci_method, count[[1L]], count[[2L]], count[[3L]],
                utils::tail(attr(a, "readings")$reading, 1L)))
  }
}
