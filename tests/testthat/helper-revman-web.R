# A package of version 2 as RevMan Web writes it: a mark at the beginning, superscripts in headings, "#N/A", names in
# HTML.
v2_settings <- c(
  paste("Analysis group,Analysis number,Analysis name,Analysis group name,Data type,Log-scale data,Experimental group label,Control group label",
        "Statistical method,Effect measure,Analysis model,Heterogeneity estimator,Tau\u00b2 CI,Prediction interval,CI method,CI/PI level",
        "Subgroup estimates,Overall estimates,Test for subgroup differences,Swap event and non-event,Graph label (left),Graph label (right),Graph scale",
        "Mean,CI start,CI end,PI start,PI end,Heterogeneity Tau\u00b2,Heterogeneity Tau\u00b2 CI start,Heterogeneity Tau\u00b2 CI end,Heterogeneity Chi\u00b2",
        "Heterogeneity df,Heterogeneity P,Heterogeneity I\u00b2,Effect Z,Effect T,Effect P", sep = ","))

# One row of settings with the results that are to be stored.
v2_row <- function(number, type, measure, method, model, estimator, interval, total, back, log = "false",
                   tau2 = c(NA, NA), name = "Pain") {
  word <- function(v) ifelse(is.na(v), "#N/A", sprintf("%.17g", v))
  adjusted <- interval == "HKSJ"
  paste(c(1, number, name, "A&nbsp;versus <i>B</i>", type, log, "A", "#N/A", method, measure, model, estimator, "true",
          "true", interval, "95%", "true", "true",
          "true", "false", "Favours A", "Favours B", "100", word(back(c(total$est, total$ci.lb, total$ci.ub,
                                                                        total$pi.lb, total$pi.ub))), word(total$tau2),
          word(tau2), word(c(total$Q, total$df, total$Qp, total$I2)),
            if (adjusted) c("#N/A", word(abs(total$est) / total$se)) else c(word(total$z), "#N/A"),
          word(total$p)), collapse = ",")
}

v2_package <- function(folder, settings, rows) {
  dir.create(file.path(folder, "CD0-analysis-data"), recursive = TRUE)
  put <- function(lines, part) {
    con <- file(file.path(folder, "CD0-analysis-data", sprintf("CD0-%s.csv", part)), "wb")
    on.exit(close(con))
    writeBin(as.raw(c(0xef, 0xbb, 0xbf)), con)
    writeLines(enc2utf8(lines), con, sep = "\r\n", useBytes = TRUE)
  }
  put(c(v2_settings, settings), "overall-estimates-and-settings")
  put(rows, "data-rows")
  folder
}

v2_rows_head <- paste("Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,Experimental mean,Experimental SD",
                      "Experimental cases,Experimental N,Control mean,Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes",
                      "Bias in one way (judgement),Bias in one way (support)", sep = ",")

made_package <- function(apart = FALSE) {
  d <- revman_tables[1:4, ]
  view <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR", method = "IV", model = "random",
                 estimator = "REML", interval = "HKSJ")
  e <- view$effects
  rows <- sprintf("1,1,Pain,#N/A,SUBGROUP_AND_OVERALL,%s,2001,#N/A,#N/A,#N/A,#N/A,%d,%d,#N/A,#N/A,%d,%d,#N/A,#N/A,%.17g,%.17g,%.17g,%.17g,%s,%s,%s",
                  c("\u738b&nbsp;2001", "Birch<sub>2</sub> 2004", "\"Cedar, 2009\"", "Dill 2011"), as.integer(d$e1),
                    as.integer(d$n1), as.integer(d$e2),
                  as.integer(d$n2), e$weight, exp(e$est), exp(e$ci.lb), exp(e$ci.ub), "note",
                    c("Low risk", "Some concerns", "High risk", "#N/A"),
                  "<p>Why &lt; not</p>")
  settings <- v2_row(1, "Dichotomous", "Risk Ratio", "IV", "Random effect", "REML", "HKSJ", view$total, exp,
                     tau2 = view$tau2_interval)
  list(folder = v2_package(tempfile("v2"), settings, c(v2_rows_head, rows)), view = view)
}
