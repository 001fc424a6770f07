# Teacher expectancy: 19 experiments on the pygmalion effect (Raudenbush & Bryk, 1985; Raudenbush, 2009, in the
# Handbook of Research Synthesis and Meta-Analysis, chapter 16).
dat <- dat.raudenbush1985
dat$weeks <- ifelse(dat$weeks > 3, 3, dat$weeks)
common <- rma(yi, vi, data = dat, method = "EE", digits = 3)
common
random <- rma(yi, vi, data = dat, digits = 3)
random
summary(random)
confint(random)
predict(random, digits = 3)
contact <- rma(yi, vi, mods = ~ weeks, data = dat, digits = 3)
contact
predict(contact, newmods = 0:3)
predict(random)$pi.lb
round(blup(random)$pred, 4)
ranef(random, digits = 2)
anova(contact, random, refit = TRUE)
fitstats(random, contact)
sapply(c("DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM"), function(m) round(rma(yi, vi, data = dat, method = m)$tau2, 4))
rma(yi, vi, mods = ~ weeks, data = dat, test = "knha")
rma(yi, vi, data = dat, level = 90, test = "t")
