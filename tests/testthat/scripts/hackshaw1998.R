# Environmental tobacco smoke and lung cancer (Hackshaw, 1998): small-study effects, bias and sensitivity.
dat <- dat.hackshaw1998
fit <- rma(yi, vi, data = dat, slab = paste(author, year, sep = ", "), method = "DL")
fit
predict(fit, transf = exp, digits = 2)
regtest(fit)
regtest(fit, model = "lm")
regtest(fit, predictor = "vi")
ranktest(fit)
tf <- trimfill(fit)
tf
predict(tf, transf = exp)
trimfill(fit, estimator = "R0")
trimfill(fit, estimator = "Q0")
fsn(fit)
tes(fit)
tes(yi, vi, data = dat, alternative = "greater")
hc(fit)
rma(yi, vi, mods = ~ design + country, data = dat)
robust(rma(yi, vi, mods = ~ design, data = dat), cluster = country)
loo <- leave1out(fit, transf = exp, digits = 3)
loo
as.data.frame(loo)[1:3, ]
