# Figures 1 to 3 and Tables 1 to 3 of the worked example: flow, risk of bias, certainty, and the review as RevMan's
# file. The judgements of Figures 2 and 3 are not in the paper's text: an example set stands for them, and says so.

example_note <- "example judgements, not those of the paper"

study_label <- function(study, year) sprintf("%s (%s)", study, year)

example_rob <- function(review) {
  file <- system.file("extdata", "probiotics", "rob_example.csv", package = "metaparity")
  d <- utils::read.csv(file, encoding = "UTF-8", fileEncoding = "UTF-8", check.names = FALSE, colClasses = "character")
  d$study <- study_label(enc2utf8(d$study), d$year)
  rob(d[names(d) != "year"], tool = "rob1")
}

# Figure 1, from the boxes that the paper prints.
review_flow <- function(review, draw = FALSE, lang = NULL) {
  flow <- review$prisma
  named <- grepl("^reviews|title and abstract", flow$box) | flow$stage == "identification" & flow$box != "total"
  flow$box[named] <- shown(flow$box[named])
  prisma_flow(flow, draw = draw, lang = lang)
}

# Figures 1 to 3 as rows of the plan of figures, written in all formats.
write_reporting_figures <- function(review, folder, formats, dpi) {
  x <- example_rob(review)
  note <- say(example_note)
  figures <- list(review_flow(review), rob_graph(x, draw = FALSE, title = note),
                  rob_summary(x, draw = FALSE, title = note))
  captions <- c(say("Fig. 1. Study flow"), say("Fig. 2. Risk of bias graph (%s)", note),
                say("Fig. 3. Risk of bias summary (%s)", note))
  file <- c("figure-01-prisma-flow", "figure-02-rob-graph", "figure-03-rob-summary")
  for (i in seq_along(figures)) {
    for (format in formats) save_figure(figures[[i]], file.path(folder, paste0(file[i], ".", format)), dpi = dpi)
  }
  data.frame(number = 1:3, kind = c("prisma", "rob_graph", "rob_summary"), analysis = "", file = file,
             mapping = c("printed", "example", "example"),
             width = vapply(figures, function(f) figure_size(f)[["width"]], 0),
             caption = captions, png = file.path(folder, paste0(file, ".png")), stringsAsFactors = FALSE)
}

# ---- Table 2 -------------------------------------------------------------------------------------

# The fit of an outcome of Table 2: mean differences of its rows, or the two arms of an adverse event.
graded_fit <- function(result, outcome) {
  a <- result$analyses[[file_key(if (grepl(" BMD$", outcome)) paste("BMD", sub(" BMD$", "", outcome)) else outcome)]]
  if (is.null(a)) return(NULL)
  if ("events" %in% names(a$data)) {
    two <- arm_comparison(a$data)
    return(revman(two, ai = events1, n1i = total1, ci = events2, n2i = total2, study = study, measure = "RR"))
  }
  d <- a$data
  rma(d$est, sei = (d$ci_ub - d$ci_lb) / (2 * z95), measure = "GEN", method = "DL", slab = make.unique(d$study))
}

graded_measures <- function(result, outcomes) {
  e <- result$review$effects
  measure <- vapply(outcomes, function(o) {
    own <- if (grepl(" BMD$", o)) e$measure[e$outcome == "BMD"] else e$measure[e$outcome == o]
    if (length(own)) own[1L] else "RR"
  }, "")
  ifelse(measure == "WMD", "MD", measure)
}

# Table 2 as an evidence profile: the judgements are the paper's, what stands beside them is computed. The paper gives
# no reasons; what it states against its own judgements is returned beside it.
table_2 <- function(result, lang = NULL) {
  grade <- result$review$grade
  fits <- stats::setNames(lapply(grade$outcome, graded_fit, result = result), grade$outcome)
  fits <- Filter(Negate(is.null), fits)
  measures <- graded_measures(result, names(fits))
  names(measures) <- outcome_words(names(fits))
  names(fits) <- names(measures)
  grade$outcome <- outcome_words(grade$outcome)
  said <- character()
  profile <- withCallingHandlers(
    grade_profile(fits, grade, measure = measures, intervention = say("probiotics"),
                  comparison = say("standard treatment"), lang = lang),
    metaparity_warning = function(w) {
      said <<- c(said, conditionMessage(w))
      invokeRestart("muffleWarning")
    })
  list(profile = profile, sof = sof_table(profile), said = said)
}

write_table_2 <- function(table, tables, figures, formats, dpi) {
  write_utf8(c("<!DOCTYPE html>", "<meta charset=\"utf-8\">", format(table$profile, "html")),
             file.path(tables, "table-2-profile.html"))
  write_utf8(c("<!DOCTYPE html>", "<meta charset=\"utf-8\">", format(table$sof, "html")),
             file.path(tables, "table-2-summary-of-findings.html"))
  write_table(as.data.frame(table$sof, shape = "printed"), file.path(tables, "table-2.csv"))
  for (name in c("profile", "sof")) {
    figure <- plot(table[[name]], draw = FALSE)
    for (format in formats) save_figure(figure, file.path(figures, sprintf("table-2-%s.%s", name, format)), dpi = dpi)
  }
}

# ---- Tables 1 and 3 ------------------------------------------------------------------------------

# Table 1, the search, as text: its words are not in the data, what it found is.
table_1 <- function(review) {
  found <- review$prisma[review$prisma$stage == "identification" & review$prisma$box != "total", ]
  found <- found[!grepl("duplicate", found$box), ]
  c(say(paste("Table 1. Search of the review. The words of the search are not in the data of this example; what was",
              "searched is:")), "",
    say("- %s: %d records", shown(found$box), as.integer(found$n)))
}

table_3 <- function(review) {
  s <- review$studies
  out <- data.frame(study = study_label(s$study, s$year), country = shown(s$country), `age, probiotics` = s$age_exp,
                    `age, control` = s$age_ctrl, `BMI, probiotics` = s$bmi_exp, `BMI, control` = s$bmi_ctrl,
                    `n, probiotics` = s$n_exp, `n, control` = s$n_ctrl, intervention = s$intervention,
                    months = s$months, check.names = FALSE)
  stats::setNames(out, shown(names(out)))
}

# ---- RevMan's file -------------------------------------------------------------------------------

plain_study <- function(label) sub("\\) [ab]$", ")", label)

all_outcomes <- function(review) c(unique(review$effects$outcome), unique(review$adverse$outcome))

# One view per outcome: mean differences by inverse variance, adverse events as two arms.
revman_views <- function(result) {
  keys <- vapply(unique(result$review$effects$outcome), file_key, "")
  # Whether more or less of a marker is better differs.
  arms <- shown(c("Probiotics", "Control", "Lower with probiotics", "Higher with probiotics"))
  continuous <- lapply(keys, function(key) {
    d <- result$analyses[[key]]$data
    d$se <- (d$ci_ub - d$ci_lb) / (2 * z95)
    d$label <- plain_study(d$study)
    d$site <- ifelse(nzchar(d$site), shown(d$site), "")
    name <- if (d$measure[1L] == "SMD") "Std. Mean Difference" else "Mean Difference"
    if (any(nzchar(d$site))) {
      revman(d, yi = est, sei = se, by = site, study = label, measure = name, model = "random", labels = arms)
    } else {
      revman(d, yi = est, sei = se, study = label, measure = name, model = "random", labels = arms)
    }
  })
  adverse <- lapply(unique(result$review$adverse$outcome), function(outcome) {
    two <- arm_comparison(result$analyses[[file_key(outcome)]]$data)
    revman(two, ai = events1, n1i = total1, ci = events2, n2i = total2, study = study, measure = "RR",
           labels = c(arms[1:2], say("Favours probiotics"), say("Favours control")))
  })
  stats::setNames(c(continuous, adverse), shown(all_outcomes(result$review)))
}

# The review as tables of read_rm5(): analyses, years, characteristics, and the example judgements, marked as such.
review_tables <- function(result, file) {
  views <- stats::setNames(list(revman_views(result)),
                           say("Probiotics and standard treatment compared with standard treatment"))
  write_rm5(views, file, title = say("Probiotics added to the standard treatment of osteoporosis"), overwrite = TRUE)
  x <- read_rm5(file)
  dated <- grepl("[(][0-9]{4}[)]", x$studies$study)
  x$studies$year[dated] <- sub("^.*[(]([0-9]{4})[)].*$", "\\1", x$studies$study[dated])
  judged <- as.data.frame(example_rob(result$review))
  id <- x$studies$study_id[match(judged$study, x$studies$study)]
  items <- unique(judged$label)
  number <- match(judged$label, items)
  x$risk_of_bias <- data.frame(item_id = sprintf("QIT-%02d", number), item = judged$label, level = "study", core = TRUE,
                               group = NA, outcomes = NA_character_, study_id = id, study = judged$study,
                               judgement = judged$judgement, support = say("Example, not the judgement of the paper"),
                               stringsAsFactors = FALSE)[!is.na(id), ]
  x
}

write_review_rm5 <- function(result, folder) {
  file <- file.path(folder, "probiotics.rm5")
  x <- review_tables(result, file)
  said <- character()
  withCallingHandlers(write_rm5(x, file, results = "computed", overwrite = TRUE), metaparity_warning = function(w) {
    said <<- c(said, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  back <- read_rm5(file)
  again <- tempfile(fileext = ".rm5")
  on.exit(unlink(again))
  write_rm5(back, again)
  list(file = file, review = back, verified = verify_rm5(file), equal = isTRUE(all.equal(read_rm5(again), back)),
       same = isTRUE(all.equal(back$rows[c("study", "estimate", "se", "events_1", "total_1", "events_2", "total_2")],
                               x$rows[c("study", "estimate", "se", "events_1", "total_1", "events_2", "total_2")])),
       said = said)
}

# RevMan's forest plots of the file, with the lights of its judgements.
write_revman_forests <- function(rm5, folder, formats, dpi, outcomes) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  number <- rm5$review$outcomes$outcome
  unlist(lapply(number, function(one) {
    name <- outcomes[match(rm5$review$outcomes$name[rm5$review$outcomes$outcome == one], shown(outcomes))]
    vapply(formats, function(format) {
      file <- file.path(folder, sprintf("%s-%s.%s", gsub(".", "-", one, fixed = TRUE), file_key(name), format))
      withCallingHandlers(save_forest(revman(rm5$review, one), file, rob = TRUE, dpi = dpi,
                                      note = say("Risk of bias: %s.", say(example_note))),
                          metaparity_warning_studies = function(w) invokeRestart("muffleWarning"))
      file
    }, "")
  }))
}
