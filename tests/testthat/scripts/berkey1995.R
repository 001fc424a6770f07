# BCG vaccine and tuberculosis: random-effects regression on latitude (Berkey, Hoaglin, Mosteller & Colditz, 1995,
# Statistics in Medicine 14).
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg, slab = paste(author, year))
dat
rma(yi, vi, data = dat, method = "EE")
eb <- rma(yi, vi, data = dat, method = "EB")
eb
mods <- rma(yi, vi, mods = ~ I(ablat - 33.46), data = dat, method = "EB")
mods
rma(yi, vi, mods = ~ I(ablat - 33.46), data = dat, method = "FE")
predict(mods, newmods = c(33.46, 42) - 33.46, transf = exp, digits = 2)
full <- rma(yi, vi, mods = ~ ablat + year + factor(alloc), data = dat, test = "knha")
full
anova(full, btt = 4:5)
anova(full, X = rbind(c(1, 10, 1970, 0, 0), c(1, 50, 1970, 0, 1)))
vif(full)
regtest(eb)
ranktest(eb)
trimfill(eb)
influence(eb)
predict(eb, transf = exp)
residuals(mods)
rstandard(mods)
hatvalues(mods)
cooks.distance(mods)
dfbetas(mods)
fsn(yi, vi, data = dat)
fsn(yi, vi, data = dat, type = "Orwin")
fsn(yi, vi, data = dat, type = "Rosenberg")
