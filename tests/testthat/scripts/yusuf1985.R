# Beta blockers during and after myocardial infarction (Yusuf, Peto, Lewis, Collins & Sleight, 1985).
dat <- dat.yusuf1985
dat$grp_ratios <- round(dat$n1i / dat$n2i, 2)
es <- escalc(measure = "PETO", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, subset = table == "6")
es
peto <- rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, subset = table == "6")
peto
predict(peto, transf = exp, digits = 2)
rma(yi, vi, data = es, method = "EE")
rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, subset = table == "6")
rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, subset = table == "6", measure = "RR", add = c(1/2, 0))
residuals(peto)
rstandard(peto)
leave1out(peto)
cumul(peto)
subset(summary(es), ci.ub < 0)
