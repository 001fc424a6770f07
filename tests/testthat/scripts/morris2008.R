# Pretest-posttest-control designs (Morris, 2008, Organizational Research Methods 11): standardised mean changes of
# two groups and their difference.
treated <- data.frame(m_pre = c(30.6, 23.5, 0.5, 53.4, 35.6), m_post = c(38.5, 26.8, 0.7, 75.9, 36.0),
                      sd_pre = c(15.0, 3.1, 0.1, 14.5, 4.7), sd_post = c(11.6, 4.1, 0.1, 4.4, 4.6),
                      ni = c(20, 50, 9, 10, 14), ri = c(.47, .64, .77, .89, .44))
control <- data.frame(m_pre = c(23.1, 24.9, 0.6, 55.7, 34.8), m_post = c(19.7, 25.3, 0.6, 60.7, 33.4),
                      sd_pre = c(13.8, 4.1, 0.2, 17.3, 3.1), sd_post = c(14.8, 3.3, 0.2, 17.9, 6.9),
                      ni = c(20, 42, 9, 11, 14), ri = c(.47, .64, .77, .89, .44))
a <- escalc(measure = "SMCR", m1i = m_post, m2i = m_pre, sd1i = sd_pre, ni = ni, ri = ri, data = treated)
b <- escalc(measure = "SMCR", m1i = m_post, m2i = m_pre, sd1i = sd_pre, ni = ni, ri = ri, data = control)
a
b
change <- data.frame(yi = a$yi - b$yi, vi = a$vi + b$vi)
round(change, 2)
rma(yi, vi, data = change, method = "EE", digits = 2)
rma(yi, vi, data = change, digits = 2)
escalc(measure = "SMCC", m1i = m_post, m2i = m_pre, sd1i = sd_pre, sd2i = sd_post, ni = ni, ri = ri, data = treated)
escalc(measure = "MC", m1i = m_post, m2i = m_pre, sd1i = sd_pre, sd2i = sd_post, ni = ni, ri = ri, data = treated)
escalc(measure = "ROMC", m1i = m_post, m2i = m_pre, sd1i = sd_pre, sd2i = sd_post, ni = ni, ri = ri, data = treated)
escalc(measure = "SMD", m1i = m_post, sd1i = sd_post, n1i = ni, m2i = m_pre, sd2i = sd_pre, n2i = ni, data = control)
escalc(measure = "VR", sd1i = sd_post, n1i = ni, sd2i = sd_pre, n2i = ni, data = control)
