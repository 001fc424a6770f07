# Stratified tables of modern epidemiology (Rothman, Greenland & Lash, 2008, chapter 15): diabetes trial by age;
# coronary deaths among smoking doctors, by age.
trial <- data.frame(age = c("Age <55", "Age 55+"), ai = c(8, 22), bi = c(98, 76), ci = c(5, 16), di = c(115, 69))
rma.mh(ai = ai, bi = bi, ci = ci, di = di, data = trial, measure = "RD", digits = 3, level = 90)
rma.mh(ai = ai, bi = bi, ci = ci, di = di, data = trial, measure = "RR", digits = 2, level = 90)
mh <- rma.mh(ai = ai, bi = bi, ci = ci, di = di, data = trial, measure = "OR", digits = 2, level = 90)
mh
predict(mh, transf = exp)
confint(mh, transf = exp)
summary(escalc(measure = "OR", ai = ai, bi = bi, ci = ci, di = di, data = trial), transf = exp, digits = 2)
rma.mh(ai = ai, bi = bi, ci = ci, di = di, data = trial, measure = "OR", correct = FALSE)
rma.peto(ai = ai, bi = bi, ci = ci, di = di, data = trial)
to.table("OR", ai = ai, bi = bi, ci = ci, di = di, data = trial, slab = age)
to.long("OR", ai = ai, bi = bi, ci = ci, di = di, data = trial, slab = age)
doctors <- data.frame(age = c("35-44", "45-54", "55-64", "65-74", "75-84"), x1i = c(32, 104, 206, 186, 102),
                      t1i = c(52407, 43248, 28612, 12663, 5317) / 10000, x2i = c(2, 12, 28, 28, 31),
                      t2i = c(18790, 10673, 5710, 2585, 1462) / 10000)
rma.mh(x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = doctors, measure = "IRD", digits = 2, level = 90)
irr <- rma.mh(x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = doctors, measure = "IRR", digits = 3, level = 90)
irr
rma(measure = "IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = doctors, slab = age, method = "EE")
leave1out(irr)
cumul(irr)
weights(irr)
