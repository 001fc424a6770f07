# Owns what a check of an audit gives: findings and counts; and the table that an audit looks at.

# The checks by their numbers: what they look at.
audit_checks <- c(
  A1 = "the estimate lies between its limits", A2 = "the estimate is the centre of its interval",
  A3 = "raw data give the effect", A4 = "events, numbers and standard deviations are possible",
  A5 = "level and standard error of the interval", A6 = "percentages are events over numbers",
  A7 = "studies without events", B1 = "weights sum to 100", B2 = "weights follow from a model",
  B3 = "the pooled estimate and interval follow from the rows", B4 = "Q, its degrees of freedom, I2 and tau2",
  B5 = "P follows from its statistic", B6 = "interval and P agree", B7 = "tau2 follows from the rows",
  B8 = "subgroups and their test", B9 = "the prediction interval", B10 = "totals are the sums of the rows",
  B11 = "marks and labels stand where their numbers are", C1 = "standard errors taken for standard deviations",
  C2 = "units and other measures of spread", C3 = "signs", C4 = "arms exchanged", C5 = "changes and final values mixed",
  C6 = "spread that is equal in both arms", C7 = "one study in several rows", C8 = "two studies with the same numbers",
  C9 = "means of whole numbers (GRIM)", C10 = "standard deviations within the limits of the scale",
  C11 = "P values of a baseline table",
  C12 = "the flow of studies and totals of different places", C13 = "the text agrees with the tables",
  C14 = "tests of bias", C15 = "retracted studies", C16 = "the summary of findings follows from the analysis")

severities <- c("error", "warning", "note")

# One row per finding; what is not given is empty.
new_findings <- function(check, row, why, severity = "error", what = "", printed = "", expected = "", reading = "",
                         suggestion = "", part = "") {
  if (length(row) == 0L) return(NULL)
  data.frame(part = part, check = check, severity = severity, row = as.integer(row), what = what, printed = printed,
             expected = expected,
             reading = reading, suggestion = suggestion, why = why, stringsAsFactors = FALSE)
}

# What one check did: how many items it looked at, what it found, how many could not be decided and why.
new_check <- function(check, checked, findings = NULL, undecided = 0L, because = "") {
  list(check = check, checked = as.integer(checked), findings = findings, undecided = as.integer(undecided),
       because = because)
}

no_findings <- function() cbind(new_findings("", 1L, "")[0L, ],
                                data.frame(study = character(), stringsAsFactors = FALSE))

order_of_checks <- function(check) match(check, names(audit_checks))

check_table <- function(x, arg, call) {
  if (!is.data.frame(x) || !nrow(x)) abort_input(arg, sprintf("must be a data frame with rows, not %s", describe(x)),
                                                 call)
  x
}
