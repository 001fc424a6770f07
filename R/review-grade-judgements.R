# Owns the judgements of certainty, which are the user's: their words -> steps, their reasons, and the certainty that
# is left (Guyatt et al. 2011, J Clin Epidemiol 64, 383: start high for trials, low for observational studies).

grade_down <- c(risk_of_bias = "Risk of bias", inconsistency = "Inconsistency", indirectness = "Indirectness",
                imprecision = "Imprecision", publication_bias = "Publication bias")
grade_up <- c(large_effect = "Large effect", dose_response = "Dose-response", confounding = "Plausible confounding")
grade_all <- c(grade_down, grade_up)

grade_domain_names <- list(
  risk_of_bias = c("riskofbias", "rob", "limitations", "\u504f\u501a\u98ce\u9669", "\u7814\u7a76\u5c40\u9650\u6027",
                   "\u5c40\u9650\u6027"),
  inconsistency = c("inconsistency", "\u4e0d\u4e00\u81f4\u6027"), indirectness = c("indirectness",
                                                                                  "\u95f4\u63a5\u6027"),
  imprecision = c("imprecision", "\u4e0d\u7cbe\u786e\u6027"),
  publication_bias = c("publicationbias", "other", "otherconsiderations", "\u53d1\u8868\u504f\u501a",
                       "\u5176\u4ed6\u8003\u8651", "\u5176\u4ed6"),
  large_effect = c("largeeffect", "largemagnitude", "\u6548\u5e94\u91cf\u5927", "\u5927\u6548\u5e94\u91cf"),
  dose_response = c("doseresponse", "doseresponsegradient", "\u5242\u91cf\u53cd\u5e94", "\u5242\u91cf\u6548\u5e94"),
  confounding = c("confounding", "plausibleconfounding", "residualconfounding", "\u6df7\u6742",
                  "\u6df7\u6742\u56e0\u7d20"))

grade_domain_of <- function(name) {
  key <- plain_name(name)
  hit <- vapply(key, function(one) {
    at <- which(vapply(grade_domain_names, function(own) one %in% own, NA))
    if (length(at)) names(grade_domain_names)[at] else NA_character_
  }, "")
  unname(hit)
}

# Steps of words: how many levels a domain takes (0 to 3), or gives; NA for what is no judgement.
grade_steps <- function(x, up = FALSE) {
  text <- trimws(tolower(ifelse(is.na(x), "", enc2utf8(as.character(x)))))
  number <- suppressWarnings(as.numeric(sub("\u2212", "-", text, fixed = TRUE)))
  extreme <- grepl("extreme|critical|\u6781", text)
  very <- grepl("very|\u975e\u5e38|\u5f88", text)
  some <- grepl("serious|suspect|detect|yes|large|present|would|\u4e25\u91cd|\u6000\u7591|\u6709|\u5927|\u662f", text)
  none <- text %in% c("", "none", "no", "-", "undetected", "\u65e0", "\u5426", "\u672a\u68c0\u51fa") |
    grepl("^(not|no) |^un(likely|detected)|\u4e0d\u4e25\u91cd|\u672a\u53d1\u73b0|\u6ca1\u6709|^\u65e0", text)
  out <- ifelse(none, 0L, ifelse(extreme, 3L, ifelse(very, 2L, ifelse(some, 1L, NA_integer_))))
  out <- ifelse(is.na(number), out, as.integer(abs(number)))
  most <- if (up) 2L else 3L
  ifelse(!is.na(number) & (number != round(number) | abs(number) > most | number * (if (up) -1 else 1) > 0), NA, out)
}

# The word of a judgement as tables show it.
grade_word <- function(steps, domain) {
  words <- switch(domain, publication_bias = c("undetected", "strongly suspected", rep("very strongly suspected", 2L)),
                  large_effect = c("no", "large", "very large"), dose_response = ,
                  confounding = c("no", "yes", "yes"),
                  c("not serious", "serious", "very serious", "extremely serious"))
  words[steps + 1L]
}

grade_levels_shown <- c("Very low", "Low", "Moderate", "High")

# Trials start high, observational studies low.
grade_start <- function(design) {
  observed <- paste0("observ|cohort|case|cross.?sect|non.?random|\u961f\u5217|\u75c5\u4f8b|\u89c2\u5bdf|",
                     "\u6a2a\u65ad|\u975e\u968f\u673a")
  ifelse(grepl(observed, tolower(design)), 2L, 4L)
}

grade_certainty <- function(start, down, up) pmin(pmax(start - down + up, 1L), 4L)

# A row per outcome and domain: steps and reason. table: the user's, a row per outcome, or a row per judgement.
read_judgements <- function(table, outcome, call) {
  out <- data.frame(outcome = rep(outcome, each = length(grade_all)), domain = rep(names(grade_all), length(outcome)),
                    steps = 0L, judged = FALSE, reason = "", stringsAsFactors = FALSE)
  if (is.null(table)) return(out)
  long <- c("domain", "judgement") %in% plain_name(names(table))
  own <- if (all(long)) long_judgements(table, call) else wide_judgements(table)
  at <- match(paste(own$outcome, own$domain, sep = "\r"), paste(out$outcome, out$domain, sep = "\r"))
  own <- own[!is.na(at), ]
  at <- at[!is.na(at)]
  steps <- ifelse(own$domain %in% names(grade_up), grade_steps(own$word, TRUE), grade_steps(own$word))
  if (anyNA(steps)) {
    abort_studies("outcomes", sort(unique(own$row[is.na(steps)])),
                  sprintf("must hold judgements such as \"not serious\", \"serious\" or \"very serious\"; %s is none",
                          paste(unique(dQuote(own$word[is.na(steps)], FALSE)), collapse = ", ")), call)
  }
  out$steps[at] <- steps
  out$judged[at] <- !is.na(own$word) & nzchar(trimws(own$word))
  out$reason[at] <- own$reason
  out
}

reason_text <- function(x) ifelse(is.na(x), "", trimws(enc2utf8(as.character(x))))

long_judgements <- function(table, call) {
  column <- function(name) {
    at <- match(name, plain_name(names(table)))
    if (is.na(at)) NULL else as.character(table[[at]])
  }
  domain <- grade_domain_of(column("domain"))
  if (anyNA(domain)) {
    abort_studies("judgements", which(is.na(domain)), sprintf("must be of the domains %s",
                                                               paste(names(grade_all), collapse = ", ")), call)
  }
  outcome <- column("outcome")
  if (is.null(outcome)) abort_input("judgements", "must have a column \"outcome\"", call)
  data.frame(outcome = outcome, domain = domain, word = column("judgement"),
             reason = reason_text(column("reason") %||% rep("", nrow(table))), row = seq_len(nrow(table)),
             stringsAsFactors = FALSE)
}

# Columns named by domains, and beside them their reasons: "imprecision_reason", or the reason of the row.
wide_judgements <- function(table) {
  domain <- grade_domain_of(names(table))
  reason_of <- sub("(reason|footnote|\u7406\u7531)$", "", plain_name(names(table)))
  reason_of[reason_of == plain_name(names(table))] <- NA
  reasons <- grade_domain_of(ifelse(is.na(reason_of), "", reason_of))
  at <- match("outcome", plain_name(names(table)))
  parts <- lapply(unique(domain[!is.na(domain)]), function(one) {
    column <- which(domain %in% one)[1L]
    reason <- which(reasons %in% one)
    data.frame(outcome = as.character(table[[at]]), domain = one, word = as.character(table[[column]]),
               reason = if (length(reason)) reason_text(table[[reason[1L]]]) else "", row = seq_len(nrow(table)),
               stringsAsFactors = FALSE)
  })
  empty <- data.frame(outcome = character(), domain = character(), word = character(), reason = character(),
                      row = integer(), stringsAsFactors = FALSE)
  do.call(rbind, c(list(empty), parts))
}

# In R's language, as messages are.
domain_words <- function() {
  words <- c(gettext("Risk of bias", domain = "R-metaparity"), gettext("Inconsistency", domain = "R-metaparity"),
             gettext("Indirectness", domain = "R-metaparity"), gettext("Imprecision", domain = "R-metaparity"),
             gettext("Publication bias", domain = "R-metaparity"),
             gettext("Large effect", domain = "R-metaparity"), gettext("Dose-response", domain = "R-metaparity"),
             gettext("Plausible confounding", domain = "R-metaparity"))
  stats::setNames(words, names(grade_all))
}

# A level that is taken or given without a reason is told: the footnote is missing.
warn_reasons <- function(judgements, call) {
  bare <- judgements[judgements$steps > 0L & !nzchar(judgements$reason), ]
  if (!nrow(bare)) return(invisible())
  shown <- unique(gettextf("%s of %s", domain_words()[bare$domain], dQuote(bare$outcome, FALSE),
                           domain = "R-metaparity"))
  warning(warningCondition(gettextf("judgements change the certainty without a reason: %s", some_of(shown, 6L),
                                    domain = "R-metaparity"), judgements = bare,
                           class = c("metaparity_warning_reason", "metaparity_warning"), call = call))
}
