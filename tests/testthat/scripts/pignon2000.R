# Chemotherapy added to locoregional treatment of head and neck cancer (Pignon, Bourhis, Domenge & Designe, 2000):
# observed minus expected deaths and their variances, by timing of the chemotherapy.
dat <- dat.pignon2000
dat$yi <- with(dat, OmE / V)
dat$vi <- with(dat, 1 / V)
head(dat)
rma(yi, vi, data = dat, method = "EE", digits = 2)
for (i in 1:3) print(rma(yi, vi, data = dat, method = "EE", subset = grp == i, slab = trial))
fit <- rma(yi, vi, mods = ~ factor(grp), data = dat, method = "EE")
fit
predict(fit, newmods = rbind(c(0, 0), c(1, 0), c(0, 1)), transf = exp, digits = 2)
anova(fit)
anova(fit, X = c(0, 1, -1))
reml <- rma(yi, vi, data = dat)
reml
rstudent(reml, digits = 2)
pdf(NULL)
round(funnel(reml)[1:5, 1:2], 4)
invisible(forest(reml))
radial(reml)[1:4, ]
invisible(dev.off())
set.seed(42)
permutest(rma(yi, vi, mods = ~ id, data = dat[1:6, ]), exact = TRUE, progbar = FALSE)
