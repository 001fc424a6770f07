# What the paper says in words, against the numbers of its own figures and tables. One function per kind of statement:
# it returns what is found elsewhere, written as the statement writes it, and where that stands.

statement_rules <- list(
  heterogeneity = function(review, s) {
    rows <- review$adverse_pooled[review$adverse_pooled$outcome == s$about, ]
    arms <- rows$arm[rows$arm != "overall" & rows$i2 %in% as.numeric(s$value)]
    list(found = sprintf("%.1f", rows$i2[rows$arm == "overall"]), where = say("the figure's overall row"),
         why = if (length(arms)) {
           say("%s is that of the %s arm", s$value, paste(shown(arms), collapse = say(" and the ")))
         })
  },
  rates = function(review, s) {
    rows <- review$adverse_pooled[review$adverse_pooled$outcome == s$about, ]
    rate <- 100 * rows$es[match(c("probiotic", "control"), rows$arm)]
    list(found = paste(sprintf("%.0f", rate), collapse = " "), where = say("the figure's arms"))
  },
  events = function(review, s) {
    sums <- adverse_sums(review, s$about)
    list(found = paste(sums$exp, sums$ctrl), where = say("the figure's studies"))
  },
  figures = function(review, s) {
    ends <- as.integer(strsplit(s$value, " ", fixed = TRUE)[[1L]])
    kinds <- read_table(here_probiotics("figures.csv"))
    number <- suppressWarnings(as.integer(kinds$number))
    other <- number[number %in% seq(ends[1L], ends[2L]) & kinds$kind == s$about]
    first <- min(setdiff(seq(ends[1L], ends[2L]), other))
    list(found = paste(first, ends[2L]), where = say("the captions"),
         why = if (length(other)) say(if (length(other) > 1L) "%s are %s plots" else "%s is %s plots",
                                      plural_figures(other), shown(s$about)))
  },
  untested = function(review, s) {
    row <- review$bias[review$bias$outcome == s$about, ]
    if (!nrow(row)) return(list(found = "", where = say("Table 4")))
    list(found = sprintf("z = %.2f, p = %.3f", row$begg_z, row$begg_p), where = say("Table 4"),
         why = say("Table 4 prints Begg's test of %s with n = %d", shown(s$about), row$n))
  },
  words = function(review, s) {
    where <- shown(s$other_where)
    list(found = s$other, where = where, why = say("%s: %s", where, shown(s$other)))
  },
  flow = function(review, s) {
    n <- stats::setNames(review$prisma$n, review$prisma$box)
    out <- grepl("excluded|removed$", names(n)) & !grepl("^records after", names(n))
    list(found = paste(sum(n[out]), n[["total"]], n[["studies included"]]), where = say("Figure 1"))
  },
  patients = function(review, s) {
    arms <- c(sum(review$studies$n_exp), sum(review$studies$n_ctrl))
    list(found = paste(c(sum(arms), arms), collapse = " "), where = say("Table 3"))
  })

plural_figures <- function(numbers) {
  say(if (length(numbers) > 1L) "Figures %s" else "Figure %s", paste(numbers, collapse = say(" and ")))
}

# As the other checks of sums: quantity, printed, ours, verdict, why.
statement_checks <- function(review) {
  rows <- lapply(seq_len(nrow(review$statements)), function(i) {
    s <- review$statements[i, ]
    s$value <- as.character(s$value)
    other <- statement_rules[[s$check]](review, s)
    same <- identical(s$value, as.character(other$found))
    why <- if (length(other$why)) other$why else say("%s has %s", other$where, other$found)
    data.frame(quantity = say("%s: %s", shown(s$where), shown(s$claim)), printed = shown(s$value),
               ours = shown(as.character(other$found)),
               verdict = factor(if (same) "equal" else "different", verdict_names),
               why = if (same) "" else why,
               stringsAsFactors = FALSE)
  })
  do.call(rbind, rows)
}

statement_findings <- function(review) {
  checks <- statement_checks(review)
  wrong <- which(checks$verdict == "different")
  s <- review$statements[wrong, ]
  figure <- ifelse(s$check == "heterogeneity", say("the figure's overall row has %s; ", checks$ours[wrong]), "")
  data.frame(table = rep("claims", length(wrong)), where = s$where, check = s$check,
             message = paste0(shown(s$claim), say(": "), figure, checks$why[wrong]), stringsAsFactors = FALSE)
}
