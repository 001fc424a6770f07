# Hospital stay of stroke patients under specialist and routine care (Normand, 1999, Statistics in Medicine 18).
dat <- dat.normand1999
es <- escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat)
es
summary(es)
sp2 <- with(dat, ((n1i - 1) * sd1i^2 + (n2i - 1) * sd2i^2) / (n1i + n2i - 2))
dat$yi <- with(dat, m1i - m2i)
dat$vi <- with(dat, sp2 * (1 / n1i + 1 / n2i))
rma(yi, vi, data = dat, method = "EE", digits = 2)
fit <- rma(yi, vi, data = dat, method = "REML", digits = 2)
fit
rma(yi, vi, data = dat, method = "DL", digits = 2)
confint(fit)
rma(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat, slab = source)
rma(measure = "ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat, slab = source)
leave1out(fit)
rstudent(fit)
weights(fit)
cumul(fit, order = study)
