# Estimators of the amount of heterogeneity compared (Viechtbauer, 2005, Journal of Educational and Behavioral
# Statistics 30), on the effects of writing-to-learn interventions.
dat <- dat.bangertdrowns2004
methods <- c("HS", "HE", "DL", "ML", "REML", "EB", "SJ", "PM", "HSk", "DLIT", "SJIT", "PMM")
fits <- lapply(methods, function(m) rma(yi, vi, data = dat, method = m))
for (fit in fits) print(fit)
table <- data.frame(method = methods, tau2 = sapply(fits, function(f) f$tau2), se = sapply(fits, function(f) f$se.tau2),
                    est = sapply(fits, coef), I2 = sapply(fits, function(f) f$I2))
dfround(table, 4)
confint(fits[[5]])
confint(fits[[5]], type = "PL")
confint(fits[[4]], type = "PL")
logLik(fits[[5]])
AIC(fits[[4]], fits[[5]])
profile <- profile(fits[[5]], xlim = c(0, 0.2), plot = FALSE, progbar = FALSE)
round(head(profile$ll), 4)
hc(fits[[3]])
set.seed(1)
dim(simulate(fits[[5]], nsim = 3))
