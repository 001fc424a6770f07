# The progress of long loops: one bar for all of them, with the time that is left, once a loop has taken 2 seconds.

# list(tick, close): tick(done) after each piece of work. The bar goes to stderr, so that captured output stays clean.
new_progress <- function(of, shown, after = 2, now = function() proc.time()[[3L]], say = progress_line) {
  started <- now()
  open <- FALSE
  last <- -Inf
  tick <- function(done) {
    if (!shown) return(invisible())
    spent <- now() - started
    if (!open && (spent < after || done >= of)) return(invisible())
    if (done < of && spent - last < 0.2) return(invisible())
    open <<- TRUE
    last <<- spent
    say(progress_text(done, of, spent))
  }
  list(tick = tick, close = function() {
    if (open) say("")
    open <<- FALSE
  })
}

progress_text <- function(done, of, spent, width = 30L) {
  share <- if (of > 0) done / of else 1
  full <- as.integer(share * width)
  left <- if (done > 0) translatef("%s left", duration_text(spent / done * (of - done))) else ""
  sprintf("|%s%s| %3.0f%%  %s", strrep("=", full), strrep(" ", width - full), 100 * share, left)
}

# "12 s", "3 min 20 s", "2 h 5 min".
duration_text <- function(seconds) {
  s <- as.integer(ceiling(seconds))
  if (s < 60L) return(sprintf("%d s", s))
  if (s < 3600L) return(sprintf("%d min %d s", s %/% 60L, s %% 60L))
  sprintf("%d h %d min", s %/% 3600L, s %% 3600L %/% 60L)
}

# Over the line before; an empty text ends it.
progress_line <- function(text) {
  cat(if (nzchar(text)) paste0("\r", formatC(text, width = -60L)) else "\n", file = stderr())
}

# lapply() with progress; bars are for people at the console.
lapply_progress <- function(x, work, progbar = FALSE) {
  bar <- new_progress(length(x), isTRUE(progbar) && interactive())
  on.exit(bar$close())
  lapply(seq_along(x), function(i) {
    out <- work(x[[i]])
    bar$tick(i)
    out
  })
}
