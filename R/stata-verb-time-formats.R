# Dates of Stata: days since 1 January 1960, and the display formats of %td, %tm, %tq, %tc and their details.
# Source: Stata's help files datetime and datetime display formats.

origin_days <- 3653

as_day <- function(days) as.POSIXlt(as.Date(ifelse(is.na(days), 0, floor(days)) - origin_days, origin = "1970-01-01"))

# NA where there is no such day.
day_of <- function(year, month, day) {
  n <- max(length(year), length(month), length(day))
  year <- rep_len(year, n)
  month <- rep_len(month, n)
  day <- rep_len(day, n)
  good <- !is.na(year) & !is.na(month) & !is.na(day) & month >= 1 & month <= 12 & day >= 1 & day <= 31 & year >= 100 &
    year <= 9999 & year == trunc(year) & month == trunc(month) & day == trunc(day)
  out <- rep(NA_real_, n)
  text <- sprintf("%04d-%02d-%02d", as.integer(year[good]), as.integer(month[good]), as.integer(day[good]))
  out[good] <- as.numeric(as.Date(text, format = "%Y-%m-%d")) + origin_days
  out
}

# The first day of a month, quarter or half-year.
first_day <- function(per_year) function(p) {
  day_of(1960 + floor(p / per_year), (p %% per_year) * (12 / per_year) + 1, rep(1, length(p)))
}

# A value in a date format: %td, %tdCCYY-NN-DD, %tm, %tq, %tc, %ty.
format_stata_time <- function(x, format) {
  kind <- sub("^%-?[0-9]*t?([a-zA-Z]).*$", "\\1", format)
  detail <- sub("^%-?[0-9]*(t[a-zA-Z]|d)", "", format)
  if (nzchar(detail)) return(format_time_detail(x, kind, detail))
  year <- 1960 + floor(x / switch(kind, m = 12, q = 4, h = 2, w = 52, 1))
  switch(kind, d = format_stata_date(x), m = sprintf("%.0fm%.0f", year, x %% 12 + 1),
         q = sprintf("%.0fq%.0f", year, x %% 4 + 1),
         h = sprintf("%.0fh%.0f", year, x %% 2 + 1), w = sprintf("%.0fw%.0f", year, x %% 52 + 1),
         y = sprintf("%.0f", x),
         c = , C = paste(format_stata_date(floor(x / 86400000)), clock_text(x, "HH:MM:SS")),
         abort_unsupported(sprintf("format %s", format)))
}

clock_text <- function(ms, shape) {
  part <- list(HH = sprintf("%02.0f", floor(ms / 3600000) %% 24),
               hh = sprintf("%.0f", (floor(ms / 3600000) - 1) %% 12 + 1),
               MM = sprintf("%02.0f", floor(ms / 60000) %% 60), SS = sprintf("%02.0f", floor(ms / 1000) %% 60),
               am = ifelse(floor(ms / 3600000) %% 24 < 12, "am", "pm"))
  replace_codes(shape, part, length(ms))
}

# The codes of a detailed format, the longer ones first.
format_time_detail <- function(x, kind, detail) {
  days <- switch(kind, d = x, c = , C = floor(x / 86400000), m = first_day(12L)(x), q = first_day(4L)(x),
                 h = first_day(2L)(x), y = day_of(x, 1, 1), abort_unsupported(sprintf("format %%t%s%s", kind, detail)))
  p <- as_day(days)
  year <- p$year + 1900
  month <- p$mon + 1
  part <- list(CCYY = sprintf("%04d", as.integer(year)), Month = month.name[month], Mon = month.abb[month],
               month = tolower(month.name[month]), mon = tolower(month.abb[month]),
               NN = sprintf("%02d", as.integer(month)),
               DD = sprintf("%02d", p$mday), YY = sprintf("%02d", as.integer(year %% 100)),
               CC = sprintf("%02d", as.integer(year %/% 100)), JJJ = sprintf("%03d", p$yday + 1L),
               Dayname = weekday_names[p$wday + 1L], Day = substr(weekday_names[p$wday + 1L], 1L, 3L),
               HH = sprintf("%02.0f", floor(x / 3600000) %% 24), MM = sprintf("%02.0f", floor(x / 60000) %% 60),
               SS = sprintf("%02.0f", floor(x / 1000) %% 60), n = as.character(month), d = as.character(p$mday),
               D = as.character(p$mday), q = as.character((month - 1) %/% 3 + 1), M = month.name[month],
               m = month.abb[month], Y = as.character(year), y = sprintf("%02d", as.integer(year %% 100)))
  replace_codes(detail, part, length(x))
}

weekday_names <- c("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

# Walks through the format once, so that what a code became is not read again.
replace_codes <- function(shape, part, n) {
  codes <- names(part)[order(-nchar(names(part)))]
  out <- rep("", n)
  while (nzchar(shape)) {
    hit <- codes[startsWith(shape, codes)][1L]
    if (startsWith(shape, "!")) {
      out <- paste0(out, substr(shape, 2L, 2L))
      shape <- substring(shape, 3L)
    } else if (is.na(hit)) {
      ch <- substr(shape, 1L, 1L)
      out <- paste0(out, switch(ch, "_" = " ", "." = ".", "," = ",", "+" = "", ch))
      shape <- substring(shape, 2L)
    } else {
      out <- paste0(out, part[[hit]])
      shape <- substring(shape, nchar(hit) + 1L)
    }
  }
  out
}
