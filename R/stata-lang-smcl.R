# SMCL, Stata's markup of logs: {txt}, {res}, {c |}, {hline 9}, {col 20}, {space 3}, {ralign 9:text} become plain text.
# Source: Stata's Programming manual, smcl.

smcl_characters <- c("|" = "|", "-" = "-", "+" = "+", TT = "+", BT = "+", LT = "+", RT = "+", TLC = "+", TRC = "+",
                     BLC = "+",
                     BRC = "+", "-(" = "{", ")-" = "}", S_ = "$", "'g" = "`", "a'" = "\u00e1", "e'" = "\u00e9",
                     "i'" = "\u00ed",
                     "o'" = "\u00f3", "u'" = "\u00fa", "a:" = "\u00e4", "o:" = "\u00f6", "u:" = "\u00fc", ss = "\u00df")

# One line: directives are worked off from the left; what they hold may hold others.
smcl_line <- function(line, width = 79L) {
  out <- ""
  while (nzchar(line)) {
    open <- regexpr("{", line, fixed = TRUE)
    if (open < 1L) return(paste0(out, line))
    out <- paste0(out, substr(line, 1L, open - 1L))
    close <- closing_brace(line, open)
    if (is.na(close)) return(paste0(out, substring(line, open)))
    out <- smcl_directive(out, substr(line, open + 1L, close - 1L), width)
    line <- substring(line, close + 1L)
  }
  out
}

closing_brace <- function(line, open) {
  ch <- strsplit(line, "")[[1L]]
  depth <- cumsum(ch == "{") - cumsum(ch == "}")
  hit <- which(seq_along(ch) > open & ch == "}" & depth == depth[open] - 1L)
  if (length(hit)) hit[1L] else NA_integer_
}

smcl_directive <- function(out, text, width) {
  at <- regexpr(":", text, fixed = TRUE)
  head <- if (at > 0L) substr(text, 1L, at - 1L) else text
  body <- if (at > 0L) smcl_line(substring(text, at + 1L), width)
  words <- strsplit(trimws(head), "\\s+")[[1L]]
  number <- suppressWarnings(as.integer(words[2L]))
  switch(words[1L],
    hline = paste0(out, strrep("-", if (is.na(number)) max(width - display_width(out), 0L) else number)),
    col = , column = paste0(out, strrep(" ", max(0L, number - 1L - display_width(out)))),
    space = paste0(out, strrep(" ", if (is.na(number)) 1L else number)),
    dup = paste0(out, strrep(c(body, "")[1L], if (is.na(number)) 1L else number)),
    c = , char = paste0(out, smcl_character(words[2L])),
    ralign = paste0(out, justify(c(body, "")[1L], number)),
    lalign = paste0(out, justify(c(body, "")[1L], number, TRUE)),
    center = , centre = paste0(out, smcl_centred(c(body, "")[1L], if (is.na(number)) width else number)),
    right = paste0(out, justify(c(body, "")[1L], width - display_width(out))),
    bind = paste0(out, c(body, "")[1L]), p_end = , smcl = , com = , txt = , text = , res = , result = , err = ,
    error = ,
    inp = , input = , bf = , it = , sf = , ul = , hi = , hilite = , cmd = , p = , p2 = , pstd = , break. = , reset = ,
    s6hlp = , asis = paste0(out, c(body, "")[1L]), paste0(out, smcl_other(words[1L], text, body)))
}

smcl_character <- function(code) {
  if (is.na(code)) return("")
  if (code %in% names(smcl_characters)) return(smcl_characters[[code]])
  number <- if (grepl("^0x", code)) strtoi(code, 16L) else suppressWarnings(as.integer(code))
  if (is.na(number)) "" else character_of(number)
}

smcl_centred <- function(text, width) {
  gap <- max(0L, width - display_width(text))
  paste0(strrep(" ", gap %/% 2L), text, strrep(" ", gap - gap %/% 2L))
}

# Links and commands show their text; braces that hold no directive stay.
smcl_other <- function(word, text, body) {
  links <- c("stata", "help", "helpb", "browse", "search", "view", "net", "manhelp", "opt", "cmdab", "synopt", "dialog",
             "ccl", "ralign", "bind", "title", "err", "phang", "marker", "findalias", "mansection", "n", "s")
  if (word %in% links || grepl("^(com|txt|res|err|inp)$", word)) {
    return(if (is.null(body)) gsub("\"", "", trimws(sub("^\\S+", "", text)), fixed = TRUE) else body)
  }
  paste0("{", text, "}")
}

# A log of SMCL: the head, the lines {smcl} and {com}{sf}{ul off} and formatting go.
smcl_lines <- function(lines) {
  if (!length(lines) || !any(grepl("^[{](smcl|txt|res|com)[}]", utils::head(lines, 20L)))) return(lines)
  lines <- lines[!grepl("^[{]smcl[}]$", lines)]
  lines <- gsub("{p_end}", "", lines, fixed = TRUE)
  sub("\\s+$", "", vapply(lines, smcl_line, "", USE.NAMES = FALSE))
}
