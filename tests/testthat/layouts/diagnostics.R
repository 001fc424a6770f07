# Printed as under metafor, line by line.
inf <- influence(rdl)
inf
print(inf, infonly = TRUE)
print(inf, digits = 2)
influence(mdl)
influence(mod)
leave1out(rdl)
leave1out(rdl, transf = exp, digits = 2)
leave1out(mh)
leave1out(pt, transf = exp)
leave1out(ee)
leave1out(rdl, cluster = alloc)
cumul(rdl)
cumul(rdl, order = year, transf = exp)
cumul(mh, order = year)
cumul(ee)
cumul(rdl, order = alloc, collapse = TRUE)
rstandard(rdl)
rstudent(mdl)
rstandard(mh)
rstudent(pt)
residuals(mdl)
residuals(mdl, type = "pearson")
residuals(mdl, type = "cholesky")
cooks.distance(mdl)
dfbetas(mdl)
hatvalues(mdl)
weights(rdl)
weights(mh)
weights(mdl, type = "matrix")[1:2,1:3]
tail(rstandard(rdl), 2)
as.matrix(rstandard(rdl))
inf$inf[1:3,]
inf$dfbs[1:2,]
rma(yi, vi, weights = 1/vi, data = dat, method = "GENQ")
as.data.frame(leave1out(rdl))[1:2,]
leave1out(rdl)[order(tau2)[1:2],]
leave1out(rdl)[c("estimate","tau2")]
leave1out(rdl)$estimate[1:2]
head(cumul(rdl, order = year), 2)
tail(cumul(rdl, order = year), 2)
as.matrix(cumul(rdl))[1:2,1:3]
names(cumul(rdl))
names(rstandard(rdl))
rma(yi, sei = sqrt(vi), weights = rep(1:13), data = dat, method = "DL")
weights(rma(yi, sei = sqrt(vi), weights = rep(1:13), data = dat, method = "DL"))
rstudent(ee)
influence(ee)
cooks.distance(rdl)
