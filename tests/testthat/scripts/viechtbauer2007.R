# Confidence intervals for the amount of heterogeneity (Viechtbauer, 2007, Statistics in Medicine 26): collins 1985,
# diuretics in pregnancy.
dat <- dat.collins1985b[1:7]
dat <- escalc(measure = "OR", n1i = pre.nti, ai = pre.xti, n2i = pre.nci, ci = pre.xci, data = dat)
dat
ml <- rma(yi, vi, data = dat, method = "ML")
reml <- rma(yi, vi, data = dat, method = "REML")
dl <- rma(yi, vi, data = dat, method = "DL")
ml
reml
dl
confint(ml, type = "PL")
confint(reml, type = "PL")
confint(reml)
rma(yi, vi, data = dat, method = "GENQ", weights = 1 / vi)
confint(dl, digits = 3, level = 90)
confint(reml, fixed = TRUE)
predict(dl, transf = exp, digits = 2)
rma(yi, vi, data = dat, weights = 1 / (vi + .1))
rma(yi, vi, data = dat, tau2 = 0.1)
rma(yi, vi, data = dat, weighted = FALSE)
rma.peto(ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci, data = dat)
rma.mh(ai = pre.xti, n1i = pre.nti, ci = pre.xci, n2i = pre.nci, data = dat)
