# For tools/audit-power: the errors that are seeded, by the check that should find them. Each makes the arguments of one
# call, spoils them, and says which verb looks at them.

# Checks whose findings are notes, a matter of plausibility.
noted_checks <- c("C4", "C5", "C6", "C7", "C8")

error_case <- function(check, error, make, spoil, audit = metaparity::audit) {
  list(check = check, error = error, make = make, spoil = spoil, audit = audit)
}

# One row of x, drawn; `change` gives it back spoilt.
in_row <- function(change, rows = function(x) seq_len(nrow(x))) {
  function(a) {
    i <- rows(a$x)
    if (!length(i)) return(NULL)
    i <- one_of(i)
    a$x[i, ] <- change(a$x[i, ], a)
    a
  }
}
in_pool <- function(change, row = 1L) {
  function(a) {
    a$pooled[row, ] <- change(a$pooled[row, ], a)
    a
  }
}
scale_of <- function(a) if (is_ratio(a$measure)) list(to = log, back = exp) else list(to = identity, back = identity)
width_of <- function(r, f) {
  lb <- number(r$ci.lb)
  f$to(number(r$ci.ub)) - f$to(if (identical(f$to, log)) pmax(lb, 0.005) else lb)
}

# Numbers of a row moved by a share of its interval, on the scale of the measure.
moved <- function(r, a, columns, share, sign = one_of(c(-1, 1))) {
  f <- scale_of(a)
  by <- sign * share * width_of(r, f)
  for (name in columns) r[[name]] <- two(f$back(f$to(number(r[[name]])) + by))
  r
}
positive <- function(x) which(number(x$ci.lb) > 0.005 | number(x$ci.lb) < 0)
# A digit of a number becomes another: that before the point, or the first after it.
other_digit <- function(text, at = 1L) {
  place <- gregexpr("[0-9]", text)[[1L]][at]
  substr(text, place, place) <- as.character((as.integer(substr(text, place, place)) + sample(2:8, 1L)) %% 10L)
  text
}
swapped_rows <- function(columns) {
  function(a) {
    i <- sample.int(nrow(a$x), 2L)
    if (identical(a$x[i[1L], columns], a$x[i[2L], columns])) return(NULL)
    a$x[i, columns] <- a$x[rev(i), columns]
    a
  }
}

plain <- function() made_plot()
with_data <- function(measure = one_of(c(table_measures, "MD", "SMD"))) made_plot(TRUE, measure)
counts <- function() made_plot(TRUE, one_of(table_measures))

zeros <- function() {
  a <- made_plot(TRUE, one_of(c("RR", "OR")))
  i <- 1L
  a$x$events1[i] <- 0
  es <- metafor::escalc(a$measure, ai = events1, n1i = n1, ci = events2, n2i = n2, data = a$x)
  half <- stats::qnorm(0.975) * sqrt(es$vi[i])
  a$x[i, c("est", "ci.lb", "ci.ub")] <- two(exp(es$yi[i] + c(0, -1, 1) * half))
  a
}
with_se <- function() {
  t <- made_rows(one_of(c("MD", "SMD")))
  list(x = cbind(t$rows[effect_columns], se = two(sqrt(t$es$vi), 3L)), measure = t$measure)
}
with_percent <- function() {
  a <- counts()
  a$x$pct1 <- two(100 * a$x$events1 / a$x$n1, 1L)
  a$x$pct2 <- two(100 * a$x$events2 / a$x$n2, 1L)
  a
}
with_p <- function() {
  t <- made_rows(one_of(c("RR", "OR", "MD", "SMD")))
  list(x = cbind(t$rows[effect_columns], p = two(2 * stats::pnorm(-abs(t$es$yi / sqrt(t$es$vi))), 3L)),
       measure = t$measure)
}
with_totals <- function() {
  a <- made_pooled(TRUE, measure = one_of(c("RR", "OR")))
  sums <- colSums(a$x[c("events1", "n1", "events2", "n2")])
  a$pooled <- cbind(a$pooled, t(sums))
  a
}

row_errors <- list(
  error_case("A1", "limits exchanged", plain, in_row(function(r, a) {
    r[c("ci.lb", "ci.ub")] <- r[c("ci.ub", "ci.lb")]
    r
  })),
  error_case("A1", "estimate beyond its interval", plain, in_row(function(r, a) moved(r, a, "est", 0.8), positive)),
  error_case("A2", "estimate off by a quarter of the interval", plain,
             in_row(function(r, a) moved(r, a, "est", 0.25), positive)),
  error_case("A2", "one limit off by half the interval", plain,
             in_row(function(r, a) moved(r, a, one_of(c("ci.lb", "ci.ub")), 0.5), positive)),
  error_case("A2", "minus sign lost", function() made_plot(measure = one_of(c("MD", "SMD"))),
             in_row(function(r, a) {
               r$est <- sub("-", "", r$est)
               r
             }, function(x) which(number(x$est) < -0.2))),
  error_case("A3", "estimate and interval of another row", with_data, swapped_rows(c("est", "ci.lb", "ci.ub"))),
  error_case("A3", "events or mean of the first arm wrong", with_data, in_row(function(r, a) {
    if ("events1" %in% names(r)) r$events1 <- r$events1 + max(2, round(0.2 * r$events1)) else
      r$mean1 <- r$mean1 + 0.4 * r$sd1
    r
  })),
  error_case("A3", "numbers of the arms exchanged", with_data, in_row(function(r, a) {
    r[c("n1", "n2")] <- r[c("n2", "n1")]
    r
  }, function(x) {
    possible <- if (is.null(x$events1)) TRUE else x$events1 < x$n2 & x$events2 < x$n1
    which(abs(log(x$n1 / x$n2)) > 0.1 & possible)
  })),
  error_case("A3", "an odds ratio among risk ratios", function() with_data("RR"), in_row(function(r, a) {
    es <- metafor::escalc("OR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = r)
    r[c("est", "ci.lb", "ci.ub")] <- two(exp(es$yi + c(0, -1, 1) * 1.959964 * sqrt(es$vi)))
    r
  })),
  error_case("A4", "more events than participants", counts, in_row(function(r, a) {
    r$events1 <- r$n1 + sample.int(20L, 1L)
    r
  })),
  error_case("A4", "a number with a fraction", counts, in_row(function(r, a) {
    r$n2 <- r$n2 + 0.5
    r
  })),
  error_case("A5", "one row with an interval of 99 %", with_se, in_row(function(r, a) {
    r[c("ci.lb", "ci.ub")] <- two(number(r$est) + c(-1, 1) * 2.575829 * number(r$se))
    r
  })),
  error_case("A5", "one standard error of another row", with_se, swapped_rows("se")),
  error_case("A6", "a digit of a percentage", with_percent, in_row(function(r, a) {
    r$pct1 <- other_digit(r$pct1)
    r
  })),
  error_case("A7", "estimate of a study without events", zeros, in_row(function(r, a) {
    r[c("est", "ci.lb", "ci.ub")] <- two(1.5 * number(unlist(r[c("est", "ci.lb", "ci.ub")])))
    r
  }, function(x) 1L)))

# ---- pooled results --------------------------------------------------------------------------------

random <- c("DL", "REML", "PM")
pool_errors <- list(
  error_case("B1", "one weight 5 points too large", made_pooled, in_row(function(r, a) {
    r$weight <- two(number(r$weight) + 5, 1L)
    r
  })),
  error_case("B2", "two weights exchanged", made_pooled, function(a) {
    w <- number(a$x$weight)
    i <- c(which.min(w), which.max(w))
    if (diff(w[i]) < 6) return(NULL)
    a$x$weight[i] <- a$x$weight[rev(i)]
    a
  }),
  error_case("B3", "pooled estimate off by a quarter of the interval", made_pooled,
             in_pool(function(r, a) moved(r, a, "est", 0.25))),
  error_case("B3", "estimate and interval moved by a quarter of it", made_pooled,
             in_pool(function(r, a) moved(r, a, c("est", "ci.lb", "ci.ub"), 0.25))),
  error_case("B3", "interval half as wide again", made_pooled, in_pool(function(r, a) {
    moved(moved(r, a, "ci.lb", 0.25, -1), a, "ci.ub", 0.2, 1)
  })),
  error_case("B4", "first digit of Q", made_pooled, in_pool(function(r, a) {
    r$Q <- other_digit(r$Q)
    r
  })),
  error_case("B4", "Q half as large again, P and I2 with it", made_pooled, in_pool(function(r, a) {
    q <- 1.5 * number(r$Q) + 1
    r$Q <- two(q)
    r$pQ <- two(stats::pchisq(q, r$df, lower.tail = FALSE), 3L)
    r$I2 <- two(100 * max(0, (q - r$df) / q), 0L)
    r
  })),
  error_case("B4", "degrees of freedom one off", made_pooled, in_pool(function(r, a) {
    r$df <- r$df + one_of(c(-1L, 1L))
    r
  })),
  error_case("B4", "I2 off by 15 points", made_pooled, in_pool(function(r, a) {
    i2 <- number(r$I2)
    r$I2 <- two(if (i2 > 50) i2 - 15 else i2 + 15, 0L)
    r
  })),
  error_case("B4", "I2 off by 15 points, fixed effect", function() made_pooled(method = "EE"), in_pool(function(r, a) {
    i2 <- number(r$I2)
    r$I2 <- two(if (i2 > 50) i2 - 15 else i2 + 15, 0L)
    r
  })),
  error_case("B5", "P of Q with another first decimal", made_pooled, in_pool(function(r, a) {
    r$pQ <- other_digit(r$pQ, 2L)
    r
  })),
  error_case("B5", "z off by a half", made_pooled, in_pool(function(r, a) {
    r$z <- two(number(r$z) * 1.5 + sign(number(r$z)) * 0.3)
    r
  })),
  error_case("B6", "P of a row ten times as large", with_p, in_row(function(r, a) {
    r$p <- two(min(1, 10 * number(r$p) + 0.05), 3L)
    r
  }, function(x) which(number(x$p) < 0.3))),
  error_case("B6", "P of the pooled row", made_pooled, in_pool(function(r, a) {
    r$p <- two(if (number(r$p) < 0.5) number(r$p) + 0.2 else number(r$p) - 0.3, 3L)
    r
  })),
  error_case("B7", "tau2 doubled", function() made_pooled(method = one_of(random)), function(a) {
    if (number(a$pooled$tau2) < 0.02) return(NULL)
    a$pooled$tau2 <- two(2 * number(a$pooled$tau2) + 0.01, 3L)
    a
  }),
  error_case("B8", "Q between off by 3", made_groups, function(a) {
    i <- nrow(a$pooled)
    a$pooled$Q[i] <- two(number(a$pooled$Q[i]) + 3)
    a
  }),
  error_case("B8", "degrees of freedom between groups", made_groups, function(a) {
    i <- nrow(a$pooled)
    a$pooled$df[i] <- a$pooled$df[i] + 1L
    a
  }),
  error_case("B8", "P between groups", made_groups, function(a) {
    i <- nrow(a$pooled)
    p <- number(a$pooled$pQ[i])
    a$pooled$pQ[i] <- two(if (p < 0.5) p + 0.3 else p - 0.3, 3L)
    a
  }),
  error_case("B9", "prediction interval inside the interval", function() made_pooled(method = one_of(random)),
             in_pool(function(r, a) {
               r$pi.lb <- moved(r, a, "ci.lb", 0.15, 1)$ci.lb
               r$pi.ub <- moved(r, a, "ci.ub", 0.15, -1)$ci.ub
               r
             })),
  error_case("B9", "prediction interval moved by its width", function() made_pooled(method = one_of(random)),
             in_pool(function(r, a) moved(r, a, c("pi.lb", "pi.ub"), 0.8))),
  error_case("B10", "total of participants with a wrong digit", with_totals, in_pool(function(r, a) {
    r$n1 <- r$n1 + one_of(c(-10, 1, 10, 100))
    r
  })),
  error_case("B10", "total of events", with_totals, in_pool(function(r, a) {
    r$events2 <- r$events2 + one_of(c(-1, 1, 9))
    r
  })),
  error_case("B11", "mark of another row", function() {
    t <- made_rows("RR", sample(8:14, 1L))
    at <- function(v) round(200 + 50 * log10(pmax(number(v), 1e-6)))
    x <- cbind(t$rows[effect_columns], est.px = at(t$rows$est), ci.lb.px = at(t$rows$ci.lb),
               ci.ub.px = at(t$rows$ci.ub))
    list(x = x, measure = "RR", axis = data.frame(value = c(0.01, 0.1, 1, 10, 100), px = c(100, 150, 200, 250, 300)))
  }, function(a) {
    i <- c(which.min(a$x$est.px), which.max(a$x$est.px))
    if (diff(a$x$est.px[i]) < 8) return(NULL)
    a$x$est.px[i] <- a$x$est.px[rev(i)]
    a
  }),
  error_case("B11", "labels of the sides exchanged", function() {
    c(made_plot(TRUE, one_of(c("RR", "OR"))), list(favours = c("Favours treatment", "Favours control"), harmful = TRUE))
  }, function(a) {
    a$favours <- rev(a$favours)
    a
  }))
