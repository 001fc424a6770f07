# Printed as under metafor, line by line.
mhrr <- rma.mh(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
mhrd <- rma.mh(measure = "RD", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
irr <- rma.mh(measure = "IRR", x1i = tpos, x2i = cpos, t1i = tneg, t2i = cneg, data = dat.bcg)
g <- gosh(small, progbar = FALSE)
dat2 <- dat
x <- blup(rdl)
mh
mhrr
mhrd
irr
ird
pt
print(mh, digits = 2)
print(irr, showfit = TRUE)
summary(mh)
summary(pt)
summary(ird)
coef(summary(mdl))
coef(mdl)
vcov(mdl)
vcov(rdl, type = "resid")[1:2,1:2]
nobs(mdl)
simulate(rdl, nsim = 2, seed = 1)
se(mdl)
print(mdl, digits = c(est = 2,pval = 6))
print(mdl, signif.legend = FALSE)
summary(mdl)
summary(mdl, digits = 2)
print(summary(res), showfit = FALSE)
noint
summary(noint)
ee
summary(ee)
rma(yi, vi, data = dat, method = "FE", weighted = FALSE)
rma(yi, vi, data = dat, tau2 = 0.1)
rma(yi, vi, mods = ~ablat, data = dat, method = "EE", test = "t")
rma(yi, vi, mods = ~ablat, data = dat, method = "HE", test = "adhoc", btt = 1:2)
rma(yi, vi, data = dat, method = "SJ", level = 80, test = "t")
g
print(g, digits = 2)
aggregate(dat, cluster = alloc, struct = "ID")
aggregate(dat2, cluster = alloc, struct = "CS", rho = 0.5)
to.long(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg[1:2,])
to.table(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg[1:2,], slab = author)
conv.fivenum(min = 1, q1 = 2, median = 3, q3 = 5, max = 9, n = 50)
conv.wald(out = 0.5, ci.lb = 0.1, ci.ub = 0.9)
conv.2x2(ori = 2, ni = 100, n1i = 50, n2i = 30)
conv.delta(yi, vi, data = dat[1:3,], transf = exp)
vec2mat(c(0.1,0.2,0.3))
vec2mat(1:6, diag = TRUE)
replmiss(c(1,NA,3), 9)
dfround(data.frame(a = c(1.234,2.345),b = c("x","y"),c = c(0.12345,0.2)), 2)
dfround(data.frame(a = c(1.234,2.345),c = c(0.12345,0.2)), c(1,3))
fmtp(c(0.1,0.00001,NA))
fmtp(0.0234, digits = 3, pname = "p", equal = TRUE, sep = TRUE)
fmtp2(c(0.0234,0.00001,0.5))
fmtx(c(1.23456,NA,-2), digits = 2)
fmtx(c(1.23456,NA,-2), digits = 2, flag = " ")
fmtt(2.3456, "t", df = 12, pval = 0.03)
fmtt(2.3456, "z", pval = 0.03, format = 2)
x$new <- 1:13
head(x,2)
update(mdl, method = "EE")
update(rdl, subset = alloc=="random")
coef(summary(kn))
summary(dat)[1:3,c("yi","vi","zi","pval")]
print(dat[1:2,], digits = 2)
summary(dat, transf = exp, digits = 2)[1:2,]
dat[order(dat$yi)[1:2],]
head(dat[c("trial","yi","vi")],2)
rbind(dat[1,],dat[3,])
escalc(measure = "MC", m1i = c(1,2), m2i = c(2,3), sd1i = 1:2, sd2i = 2:3, ni = c(10,20), ri = c(0.5,0.5))
rma(yi, vi, data = dat, method = "DL", subset = c(TRUE,FALSE,TRUE,TRUE,FALSE,TRUE,TRUE,TRUE,TRUE,TRUE,TRUE,TRUE,TRUE))
rma(yi ~ ablat + year, vi, data = dat, method = "HE")
rma(yi, vi, mods = cbind(ablat, year), data = dat, method = "HE")
rma(yi, vi, mods = ~ablat*alloc, data = dat, method = "HE", btt = "ablat")
rma(yi, vi, mods = ~ablat, data = dat, method = "HS", digits = 2)
rma(yi, vi, data = dat, method = "PM")
rma(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg, measure = "OR", method = "DL")
