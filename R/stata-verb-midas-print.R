# The log of midas. Oracle: genuine logs, line by line.

#' @export
format.stata_midas <- function(x, ...) {
  res <- x$options$res
  c(if (is.null(x$reg)) rep("", 6L) else format_midas_regression(x$reg),
    if (!is.null(res)) c(format_midas_head(x$r), if (res != "sum") format_midas_heterogeneity(x$r, res == "all"),
                         if (res != "het") format_midas_estimates(x)),
    if (!is.null(x$options$table)) format_midas_table(x))
}

format_midas_head <- function(r) {
  c("SUMMARY DATA AND PERFORMANCE ESTIMATES", "", " ", sprintf("Number of studies =  %d", as.integer(r$k)), " ",
    paste0("Reference-positive Units =", stata_fixed(r$ref_pos, 5L, 0L)), " ",
    paste0("Reference-negative Units =", stata_fixed(r$ref_neg, 5L, 0L)), " ",
    paste0("Pretest Prob of Disease =", stata_fixed(r$pretest, 5L, 2L)), " ", "")
}

format_midas_heterogeneity <- function(r, all) {
  share <- function(side, name, v, tail) {
    n <- stata_fixed(v, 5L, 2L)
    c(sprintf("Interstudy variation in %s: %s = %s, 95%% CI = [%s-%s]", side, name, n[1L], n[2L], n[3L]), tail)
  }
  auc <- stata_fixed(r$auc, 4L, 2L)
  I2 <- c(stata_fixed(r$I2[1L], 4L, 0L), stata_fixed(r$I2[2:3], 3L, 0L))
  c(paste("Deviance =", stata_fixed(r$deviance, 5L, 1L)), " ", paste("AIC =", stata_fixed(r$aic, 5L, 1L)), " ",
    paste("BIC =", stata_fixed(r$bic, 5L, 1L)), "", "", paste("BICdiff =", stata_fixed(r$bicdiff, 5L, 1L)), " ", " ",
    paste("Correlation (Mixed Model)=", stata_fixed(r$rho, 5L, 2L)), " ",
    paste0("Proportion of heterogeneity likely due to threshold effect =", stata_fixed(r$threshold, 5L, 2L)), "", "",
    share("Sensitivity", "ICC_SEN", r$icc_sens, c("", "", "")),
    share("Sensitivity", "MED_SEN", r$med_sens, c("", " ")),
    share("Specificity", "ICC_SPE", r$icc_spec, c("", " ", " ")),
    share("Specificity", "MED_SPE", r$med_spec, c("", " ", " ")),
    sprintf("ROC Area, AUROC = %s [%s - %s]", auc[1L], auc[2L], auc[3L]), "", "",
    sprintf("Heterogeneity (Chi-square): LRT_Q = %s, df =2.00, LRT_p =%s", stata_fixed(r$Q, 6L, 3L),
            stata_fixed(r$Q_p, 5L, 3L)), "",
    sprintf("Inconsistency (I-square): LRT_I2 =%s, 95%% CI = [%s-%s]", I2[1L], I2[2L], I2[3L]), "", "", "")
}

format_midas_estimates <- function(x) {
  decimals <- c(2L, 2L, 1L, 2L, 0L)
  rows <- vapply(seq_along(decimals), function(i) {
    n <- vapply(x$table[i, c("estimate", "ci_low", "ci_upp")], stata_fixed, "", width = 8L, digits = decimals[i])
    paste0(formatC(x$table$parameter[i], width = -28L), n[1L], " [", n[2L], ",", n[3L], "]")
  }, "")
  level <- trimws(stata_general(100 * x$options$level, 5L))
  c(sprintf("Parameter                   Estimate          %s%% CI", level), "", as.vector(rbind(rows, "")), "")
}

format_midas_regression <- function(reg) {
  range <- function(v) apply(v, 2L, function(p) {
    n <- stata_fixed(p, 4L, 2L)
    sprintf("%s [%s - %s]", n[1L], n[2L], n[3L])
  })
  first <- function(text) c(text, ".")
  whole <- function(v) trimws(stata_fixed(v, 6L, 0L))
  c(rep("", 4L), " ", " ", paste("Estimating Covariate Effect Of: ", reg$name), " ", "", "",
    "Sensitivity and Specificity", "", "",
    stata_list_box(list(Parameter = c(reg$name, ""), category = c("Yes", "No"), nstudies = reg$n,
                        Sensitivity = range(reg$sens), p1 = first(stata_fixed(reg$p[1L], 4L, 2L)),
                        Specificity = range(reg$spec), p2 = first(stata_fixed(reg$p[2L], 4L, 2L)))),
    "", "", "Joint Model", "", "",
    stata_list_box(list(Parameter = c(reg$name, ""), category = c("Yes", "No"),
                        LRTChi2 = first(stata_fixed(reg$Q, 4L, 2L)), Pvalue = first(stata_fixed(reg$Q_p, 4L, 2L)),
                        I2 = first(whole(reg$I2[1L])), I2lo = first(whole(reg$I2[2L])),
                        I2hi = first(whole(reg$I2[3L])))), "", "")
}

# A table as list draws it: text to the left, numbers to the right.
stata_list_box <- function(columns) {
  cells <- lapply(names(columns), function(name) {
    value <- columns[[name]]
    right <- is.numeric(value)
    text <- c(name, if (right) format(value, trim = TRUE) else value)
    formatC(text, width = (if (right) 1L else -1L) * max(nchar(text, "width")))
  })
  lines <- do.call(paste, c(cells, sep = "   "))
  bar <- strrep("-", nchar(lines[1L], "width") + 2L)
  c(paste0("  +", bar, "+"), paste0("  | ", lines[1L], " |"), paste0("  |", bar, "|"), paste0("  | ", lines[-1L], " |"),
    paste0("  +", bar, "+"))
}

midas_tables <- list(dss = c(Sensitivity = "sens", Specificity = "spec"),
                     dlr = c(DLR_Positive = "LR+", DLR_Negative = "LR-"),
                     dlor = c(Diagnostic_Score = "log.DOR", Odds_Ratio = "DOR"))

# The studies' own estimates above their summary.
format_midas_table <- function(x) {
  rows <- midas_tables[[x$options$table]]
  own <- dta_study_estimates(x$fit, x$options$level)
  total <- x$fit$summary
  total <- rbind(total, log.DOR = log_row(total["DOR", ]))
  text <- lapply(rows, function(row) {
    v <- rbind(own[[row]], total[row, c("estimate", "ci.lb", "ci.ub")])
    n <- matrix(mark_missing(sprintf("%.2f", v), v), nrow(v))
    sprintf("%s [%s - %s]", n[, 1L], n[, 2L], n[, 3L])
  })
  c(stata_list_box(c(list(StudyId = c(as.character(used_slab(x$fit)), "Summary")), text)), "")
}

log_row <- function(v) c(estimate = log(v[["estimate"]]), se = v[["se"]] / v[["estimate"]], ci.lb = log(v[["ci.lb"]]),
                         ci.ub = log(v[["ci.ub"]]))
