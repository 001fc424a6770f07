# Dates: days since 1 January 1960, months, quarters, weeks, half-years and years, and milliseconds of %tc.
# Source: Stata's functions manual, Date and time functions; help datetime and datetime display formats.

part_of_day <- function(part) {
  function(d) {
    p <- as_day(d)
    out <- switch(part, day = p$mday, month = p$mon + 1, year = p$year + 1900, dow = p$wday, doy = p$yday + 1,
                  quarter = p$mon %/% 3 + 1, halfyear = p$mon %/% 6 + 1, week = pmin(p$yday %/% 7 + 1, 52))
    ifelse(is.na(d), NA_real_, out)
  }
}

year_of <- part_of_day("year")
month_of <- part_of_day("month")

month_names <- c("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

month_number <- function(text) {
  number <- suppressWarnings(as.numeric(text))
  word <- match(substr(tolower(text), 1L, 3L), month_names)
  ifelse(is.na(number), word, number)
}

# Two-digit years need 19Y or 20Y in the mask, or the last year that is allowed.
full_year <- function(text, mask, top) {
  year <- suppressWarnings(as.numeric(text))
  short <- nchar(text) <= 2L & !is.na(year)
  century <- regmatches(mask, regexec("([0-9]{2})Y", mask))[[1L]]
  if (length(century)) year[short] <- 100 * as.numeric(century[2L]) + year[short]
  else if (!is.null(top)) year[short] <- year[short] + 100 * ((top - year[short]) %/% 100)
  else year[short] <- NA
  year
}

# date("12mar2014", "DMY"): the parts in the order of the mask, whatever stands between them.
date_value <- function(s, mask, top = NULL) {
  n <- max(length(s), length(mask))
  mapply(function(text, m, y) date_one(text, m, if (is.null(top)) NULL else y), rep_len(s, n), rep_len(mask, n),
         rep_len(c(top, NA)[1L], n), USE.NAMES = FALSE)
}

date_one <- function(text, mask, top) {
  parts <- date_parts(text, mask)
  if (is.null(parts)) return(NA_real_)
  day_of(full_year(parts[["Y"]], mask, top), month_number(parts[["M"]]), suppressWarnings(as.numeric(parts[["D"]])))
}

# The words of a date by the letters of the mask; a date without separators is cut 4-2-2 or 2-2-4.
date_parts <- function(text, mask) {
  order <- strsplit(gsub("[^DMYhms#]", "", sub("[0-9]{2}Y", "Y", mask)), "")[[1L]]
  words <- regmatches(text, gregexpr("[[:alpha:]]+|[0-9]+", text))[[1L]]
  days <- c("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
  low <- tolower(words)
  day_name <- vapply(low, function(w) nchar(w) >= 3L && any(startsWith(days, w)), NA)
  words <- words[!(day_name | low %in% c("am", "pm", "a", "p", "st", "nd", "rd", "th", "t", "z"))]
  if (length(words) == 1L && nchar(words) %in% c(6L, 8L) && length(order) == 3L) {
    wide <- ifelse(order == "Y", nchar(words) - 4L, 2L)
    stop <- cumsum(wide)
    words <- substring(words, stop - wide + 1L, stop)
  }
  if (length(words) < length(order)) return(NULL)
  parts <- stats::setNames(words[seq_along(order)], order)
  for (missing in setdiff(c("D", "M"), order)) parts[[missing]] <- "1"
  if (!"Y" %in% order) return(NULL)
  parts
}

clock_value <- function(s, mask, top = NULL) {
  n <- max(length(s), length(mask))
  mapply(function(text, m) {
    parts <- date_parts(text, m)
    if (is.null(parts)) return(NA_real_)
    part <- function(k) if (k %in% names(parts)) suppressWarnings(as.numeric(parts[[k]])) else 0
    day <- day_of(full_year(parts[["Y"]], m, top), month_number(parts[["M"]]), as.numeric(parts[["D"]]))
    hour <- part("h")
    if (grepl("\\bp\\.?m|[0-9]pm", tolower(text)) && hour < 12) hour <- hour + 12
    if (grepl("\\ba\\.?m|[0-9]am", tolower(text)) && hour == 12) hour <- 0
    ms <- regmatches(text, regexec(":[0-9]+(\\.[0-9]+)", text))[[1L]]
    fraction <- if (length(ms) && "s" %in% names(parts)) as.numeric(ms[2L]) else 0
    if (is.na(day) || hour > 24 || part("m") > 59 || part("s") > 60) return(NA_real_)
    1000 * (86400 * day + 3600 * hour + 60 * part("m") + part("s") + fraction)
  }, rep_len(s, n), rep_len(mask, n), USE.NAMES = FALSE)
}

# monthly("2014m3", "YM"), quarterly("2014q1", "YQ").
period_value <- function(per_year) {
  function(s, mask, top = NULL) {
    mapply(function(text, m) {
      words <- regmatches(text, gregexpr("[0-9]+|[[:alpha:]]{3,}", text))[[1L]]
      order <- strsplit(gsub("[^MYQWH]", "", m), "")[[1L]]
      if (length(words) < length(order)) return(NA_real_)
      parts <- stats::setNames(words[seq_along(order)], order)
      year <- full_year(parts[["Y"]], m, top)
      if (per_year == 1L) return(year)
      within <- month_number(parts[[setdiff(order, "Y")[1L]]])
      if (is.na(within) || within < 1 || within > per_year) NA_real_ else (year - 1960) * per_year + within - 1
    }, s, mask, USE.NAMES = FALSE)
  }
}

period <- function(per_year) function(y, p) {
  ifelse(p >= 1 & p <= per_year & p == trunc(p), (y - 1960) * per_year + p - 1, NA_real_)
}

of_day <- function(per_year) function(d) (year_of(d) - 1960) * per_year + (month_of(d) - 1) %/% (12 / per_year)

age_years <- function(b, d) {
  p <- as_day(b)
  q <- as_day(d)
  out <- q$year - p$year - (q$mon < p$mon | q$mon == p$mon & q$mday < p$mday)
  ifelse(is.na(b) | is.na(d), NA_real_, out)
}

# datediff(from, to, "year"): whole years, months or days between two dates.
date_difference <- function(b, d, unit) {
  unit <- sub("s$", "", tolower(unit[1L]))
  unit <- c(y = "year", m = "month", d = "day", year = "year", month = "month", day = "day")[unit]
  if (is.na(unit)) abort_stata("datediff(): unit invalid", 198L)
  if (unit == "day") return(d - b)
  if (unit == "year") return(age_years(b, d))
  p <- as_day(b)
  q <- as_day(d)
  ifelse(is.na(b) | is.na(d), NA_real_, 12 * (q$year - p$year) + q$mon - p$mon - (q$mday < p$mday))
}

date_functions <- list(
  date = date_value, daily = date_value, clock = clock_value, Clock = clock_value, monthly = period_value(12L),
  quarterly = period_value(4L), halfyearly = period_value(2L), yearly = period_value(1L),
  mdy = function(m, d, y) day_of(y, m, d), dmy = function(d, m, y) day_of(y, m, d), day = part_of_day("day"),
  month = part_of_day("month"), year = part_of_day("year"), dow = part_of_day("dow"), doy = part_of_day("doy"),
  quarter = part_of_day("quarter"), halfyear = part_of_day("halfyear"), week = part_of_day("week"), ym = period(12L),
  yq = period(4L), yh = period(2L), yw = period(52L), mofd = of_day(12L), qofd = of_day(4L), hofd = of_day(2L),
  yofd = part_of_day("year"), wofd = function(d) (year_of(d) - 1960) * 52 + part_of_day("week")(d) - 1,
  dofm = first_day(12L), dofq = first_day(4L), dofh = first_day(2L), dofy = function(y) day_of(y, 1, 1),
  dofw = function(w) day_of(1960 + floor(w / 52), 1, 1) + 7 * (w %% 52), dofc = function(ms) floor(ms / 86400000),
  cofd = function(d) d * 86400000, mdyhms = function(m, d, y, h, mi, s)
    1000 * (86400 * day_of(y, m, d) + 3600 * h + 60 * mi + s), dhms = function(d, h, m, s)
    1000 * (86400 * d + 3600 * h + 60 * m + s), hms = function(h, m, s) 1000 * (3600 * h + 60 * m + s),
  hh = function(ms) floor(ms / 3600000) %% 24, mm = function(ms) floor(ms / 60000) %% 60,
  ss = function(ms) (ms / 1000) %% 60, hours = function(ms) ms / 3600000, minutes = function(ms) ms / 60000,
  seconds = function(ms) ms / 1000, msofhours = function(h) h * 3600000, msofminutes = function(m) m * 60000,
  msofseconds = function(s) s * 1000, age = age_years,
  datediff = function(b, d, unit) date_difference(b, d, unit), datediff_frac = function(b, d, unit)
    (d - b) / c(year = 365.25, month = 365.25 / 12, day = 1)[sub("s$", "", unit[1L])], age_frac = function(b,
      d) (d - b) / 365.25)

# ---- literals ---------------------------------------------------------------------------------

# td(15jan2020), tm(2014m1), tq(2014q1), tc(...): what stands in the parentheses is a date, not an expression.
date_literal <- function(kind, text) {
  value <- switch(kind, td = date_value(text, if (grepl("^[0-9]{4}", text)) "YMD" else "DMY"),
                  tm = period_value(12L)(text, "YM"), tq = period_value(4L)(text, "YQ"),
                  th = period_value(2L)(text, "YH"),
                  tw = period_value(52L)(text, "YW"), ty = real_value(text), tc = , tC = clock_value(text, "DMYhms"))
  if (is.na(value)) abort_stata(sprintf("%s(%s): invalid date", kind, text), 198L)
  value
}

date_literals <- c("td", "tm", "tq", "th", "tw", "ty", "tc", "tC", "d", "m", "q", "h", "w", "y")
