# stset: survival data, of one record or several records a subject; the sample that the st commands read.
# Source: Stata's Survival Analysis manual, stset. Oracle: Surv() of the same records.

# stset time [, failure(var[==values]) id() time0() origin(time #) enter(time #) exit() scale(#)]
run_stset <- function(command, session, rows) {
  o <- command_options(command, c(failure = "f", id = "id", origin = "ori", enter = "ent", exit = "ex", scale = "sc",
                                  clear = "clear", time0 = "time0", noshow = "nosh", show = "sh"))
  if (!is.null(o$clear)) return(session$survival <- NULL)
  if (!nrow(command$rest)) {
    if (is.null(session$survival)) abort_stata("data not st", 119L)
    return(emit(session, stset_lines(session$survival, session)))
  }
  name <- expand_varlist(command$rest, session, 1L, 1L)
  spec <- list(time = numeric_operand(session$data[[name]]), time_name = name, died = failure_of(o$failure, session),
               rows = selected_rows(command, session, rows),
               scale = if (is.null(o$scale)) 1 else number_word(o$scale))
  if (!is.null(o$id)) {
    spec$id_name <- find_stata_variable(trimws(o$id), session)
    spec$id <- session$data[[spec$id_name]]
  }
  if (!is.null(o$time0)) spec$time0 <- numeric_operand(session$data[[find_stata_variable(trimws(o$time0), session)]])
  spec$origin <- st_time(o$origin, "origin", session) %||% rep(0, session$n)
  spec$enter <- st_time(o$enter, "enter", session)
  spec$exit <- st_exit(o$exit, session)
  found <- survival_records(spec, session$n)
  put <- function(name, value, type) store_variable(session, name, ifelse(found$keep, value, NA_real_), type)
  store_variable(session, "_st", as.numeric(found$keep), "byte")
  put("_d", as.numeric(found$d), "byte")
  put("_t", found$t, "double")
  put("_t0", found$t0, "double")
  session$survival <- c(found[c("keep", "lost")], list(
    time = name, failure = spec$died$text, total = session$n, id = spec$id_name %||% "", scale = spec$scale,
    time0 = trimws(o$time0 %||% ""), exit = trimws(o$exit %||% "failure"), origin = o$origin, enter = o$enter))
  session$r <- list()
  emit(session, stset_lines(session$survival, session))
}

# time exp, or an expression alone; a condition of an event is refused.
st_time <- function(text, option, session) {
  if (is.null(text)) return(NULL)
  if (grepl("==", text, fixed = TRUE)) abort_gap(sprintf("stset, %s() with an event", option), "generate the time")
  numeric_operand(evaluate_column(tokenize(sub("^\\s*time\\b", "", text)), session))
}

# failure: the first failure ends; time .: nothing ends, failures may follow; time #: nothing after that time.
st_exit <- function(text, session) {
  if (is.null(text) || grepl("^\\s*f(a(i(l(u(r(e)?)?)?)?)?)?\\s*$", text)) return(NULL)
  time <- st_time(text, "exit", session)
  ifelse(is.na(time), Inf, time)
}

# The records' times: each begins where the subject's last record ended, at time0(), or at the origin.
survival_records <- function(spec, n) {
  time <- spec$time
  died <- spec$died$value
  index <- seq_len(n)
  inside <- index %in% spec$rows
  id <- if (is.null(spec$id)) index else match(spec$id, unique(spec$id))
  lost <- list()
  alive <- inside & !is.na(time) & !is.na(spec$origin)
  if (anyNA(time[inside])) lost[[sprintf("event time missing (%s>=.)", spec$time_name)]] <- sum(is.na(time[inside]))
  if (!is.null(spec$id)) alive <- alive & !is_missing(spec$id)
  begin <- spec$time0
  if (is.null(begin)) {
    order <- order(id, time)
    order <- order[alive[order]]
    same <- c(FALSE, id[order][-1L] == id[order][-length(order)])[seq_along(order)]
    begin <- rep(-Inf, n)
    begin[order[same]] <- time[order[which(same) - 1L]]
    twin <- same & time[order] == begin[order]
    if (any(twin)) {
      lost[["multiple records at same instant"]] <- sum(twin)
      alive[order[twin]] <- FALSE
    }
  } else alive <- alive & !is.na(begin)
  start <- pmax(begin, spec$origin, if (is.null(spec$enter)) -Inf else spec$enter)
  d <- died %in% TRUE
  if (!is.null(spec$exit)) {
    d <- d & time <= spec$exit
    time <- pmin(time, spec$exit)
  }
  out <- alive & time <= start
  if (any(out)) lost[["observations end on or before enter()"]] <- sum(out)
  alive <- alive & !out
  if (is.null(spec$exit) && !is.null(spec$id)) {
    first <- as.vector(tapply(ifelse(alive & d, time, Inf), id, min))
    late <- alive & time > first[id]
    if (any(late)) lost[["observations begin on or after (first) failure"]] <- sum(late)
    alive <- alive & !late
  }
  list(keep = alive & !is.na(died), d = d, t = (time - spec$origin) / spec$scale,
       t0 = (start - spec$origin) / spec$scale, lost = unlist(lost))
}

# failure(died), failure(status == 1 2): values that are failures; without it every end is one.
failure_of <- function(text, session) {
  if (is.null(text) || !nzchar(text)) return(list(value = rep(TRUE, session$n), text = "(meaning all fail)"))
  part <- strsplit(gsub("==", "=", text, fixed = TRUE), "=", fixed = TRUE)[[1L]]
  name <- find_stata_variable(trimws(part[1L]), session)
  x <- numeric_operand(session$data[[name]])
  if (length(part) == 1L) return(list(value = ifelse(is.na(x), FALSE, x != 0), text = sprintf("%s != 0 & %s < .",
    name, name)))
  list(value = x %in% parse_numlist(part[2L]), text = sprintf("%s == %s", name, trimws(part[2L])))
}

# Subjects, whether one has several records, whether one fails several times.
survival_counts <- function(session, rows) {
  d <- session$data[["_d"]][rows]
  id <- survival_subjects(session, rows)
  list(subjects = length(unique(id)), several = anyDuplicated(id) > 0L, failures = sum(d),
       repeated = anyDuplicated(id[d %in% 1]) > 0L)
}

# The subjects of rows: their id, or themselves.
survival_subjects <- function(session, rows) {
  name <- session$survival$id
  if (nzchar(name)) session$data[[name]][rows] else rows
}

stset_lines <- function(s, session) {
  rows <- which(s$keep)
  t <- session$data[["_t"]][rows]
  risk <- sum(t - session$data[["_t0"]][rows])
  n <- survival_counts(session, rows)
  number <- function(x) justify(format(x, big.mark = ","), 11L)
  value <- function(x) justify(thousands(trimws(stata_general(x, 10L))), 11L)
  edge <- function(name, x) paste0(justify(name, 62L), " = ", justify(trimws(stata_general(x, 9L)), 9L))
  span <- if (nzchar(s$time0)) sprintf("(%s, %s]", s$time0, s$time) else if (nzchar(s$id))
    sprintf("(%s[_n-1], %s]", s$time, s$time) else sprintf("(0, %s]", s$time)
  kind <- sprintf("%s-failure%s", if (n$repeated) "multiple" else "single", if (nzchar(s$id)) "-per-subject" else "")
  if (!nzchar(s$id) || !n$several) kind <- sprintf("single-record/%s-failure", if (n$repeated) "multiple" else "single")
  exclusions <- s$total - length(rows) - sum(s$lost)
  event <- function(head, text) if (!is.null(text)) sprintf("%18s:  %s", head, trimws(text))
  c("", if (nzchar(s$id)) sprintf("                id:  %s", s$id), paste("     failure event: ", s$failure),
    paste("obs. time interval: ", span), event("enter on or after", s$enter), paste(" exit on or before: ", s$exit),
    if (s$scale != 1 || !is.null(s$origin)) {
      sprintf("    t for analysis:  %s%s", if (is.null(s$origin)) "time" else "(time-origin)",
              if (s$scale != 1) paste0("/", macro_text(s$scale)) else "")
    },
    event("origin", s$origin), "", strrep("-", 78L), paste0(number(s$total), "  total observations"),
    vapply(names(s$lost), function(w) lost_line(number(s$lost[[w]]), w), "", USE.NAMES = FALSE),
    if (exclusions > 0L || !length(s$lost)) paste0(number(exclusions), "  exclusions"), strrep("-", 78L),
    paste0(number(length(rows)), "  observations remaining, representing"),
    if (nzchar(s$id)) paste0(number(n$subjects), "  subjects"),
    paste0(number(as.integer(n$failures)), sprintf("  failures in %s data", kind)),
    paste0(value(risk), "  total analysis time at risk and under observation"),
    edge("at risk from t", 0),
    edge("earliest observed entry t", min(session$data[["_t0"]][rows])),
    edge("last observed exit t", max(t)))
}

# What says that the data are wrong is marked at the right edge.
lost_line <- function(number, text) {
  wrong <- grepl("^(event time missing|multiple records|entry time missing)", text)
  if (wrong) to_right(paste0(number, "  ", text), "PROBABLE ERROR", 78L) else paste0(number, "  ", text)
}

# 51613.792 as 51,613.792.
thousands <- function(text) {
  whole <- sub("\\..*$", "", text)
  long <- grepl("^-?[0-9]{4,}$", whole)
  ifelse(long, paste0(prettyNum(whole, big.mark = ","), substring(text, nchar(whole) + 1L)), text)
}

# The rows that are under observation: times, failures, group.
survival_sample <- function(command, session, rows, by = NULL) {
  if (is.null(session$survival) || is.null(session$data[["_st"]])) abort_stata("data not st", 119L)
  rows <- selected_rows(command, session, rows)
  rows <- rows[session$data[["_st"]][rows] %in% 1]
  for (v in by) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  group <- if (!is.null(by)) groups_of(by, rows, session)
  list(rows = rows, t = session$data[["_t"]], t0 = session$data[["_t0"]], d = session$data[["_d"]],
       groups = if (is.null(by)) list(rows) else group,
       names = if (is.null(by)) "" else vapply(group, function(g) {
         paste(vapply(by, function(v) shown_value(v, session, g[1L]), ""), collapse = " ")
       }, ""))
}

st_heading <- function(session) {
  s <- session$survival
  c("", sprintf("         failure _d:  %s", sub(" != 0 & .*$", "", s$failure)),
    sprintf("   analysis time _t:  %s", s$time), if (nzchar(s$id)) sprintf("                 id:  %s", s$id), "")
}
