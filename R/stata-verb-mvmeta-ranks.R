# pbest() of mvmeta: the probability of each rank of each outcome, by draws of the coefficients in the core.
# Source: White (2011) Stata J 11:255; Salanti, Ades & Ioannidis (2011) J Clin Epidemiol 64:163. Oracle: genuine logs,
# to
# the error of the simulation.

mvmeta_ranks <- function(view, call) {
  o <- mvmeta_rank_options(view$options$pbest, call)
  s <- view$studies
  if (!is.null(o$id)) {
    if (!o$id %in% names(s$data)) abort_input("pbest", sprintf("names %s, which is not a column of `data`", o$id), call)
    s <- mvmeta_relabelled(s, as.name(o$id), NULL, baseenv(), call)
  }
  p <- length(s$outcomes)
  if (any(s$names$eq == "Overall_mean")) abort_input("pbest", "needs `longparm` where there are no covariates", call)
  records <- which(s$rows %in% if (is.null(o$rows)) s$rows else o$rows)
  if (!length(records)) abort_input("pbest", "is for no observation", call)
  designs <- lapply(records, function(i) s$X[(i - 1L) * p + seq_len(p), , drop = FALSE])
  V <- mvmeta_variance(view$fit, list(nouncertainv = FALSE))
  spread <- if (o$predict) unname(view$fit$Sigma) else matrix(0, 0L, 0L)
  counts <- call_core(cpp_rank_counts(as.numeric(view$fit$beta), unname(V), designs, spread,
                                      list(reps = o$reps, seed = o$seed, smallest = o$smallest, zero = o$zero)), call)
  names <- c(if (o$zero) "zero", if (is.null(o$names)) s$outcomes else o$names)
  probability <- lapply(counts, function(m) matrix(t(m) / o$reps, ncol(m), dimnames = list(rank_words(ncol(m)), names)))
  list(probability = stats::setNames(probability, s$label[records]), options = o,
       id = if (nzchar(s$id)) s$id else "_id", values = s$label[records])
}

# "min in 2/5, zero reps(5000) seed(1)".
mvmeta_rank_options <- function(given, call) {
  text <- trimws(check_word(given, "pbest", call))
  comma <- regexpr(",", text, fixed = TRUE)
  head <- trimws(if (comma > 0L) substr(text, 1L, comma - 1L) else text)
  rest <- if (comma > 0L) trimws(substring(text, comma + 1L)) else ""
  known <- c("reps", "seed", "zero", "predict", "all", "mcse", "meanrank", "bestonly", "id", "gen", "saving", "replace",
             "format", "bar", "line", "cumulative", "tabdispoptions")
  o <- if (nzchar(rest)) mvmeta_suboptions(rest, known, "pbest", call) else list()
  parts <- regmatches(head, regexec("^(mini?m?u?m?|maxi?m?u?m?)(\\s+in\\s+([0-9]+)(/([0-9]+|l))?)?$", head))[[1L]]
  if (!length(parts)) abort_input("pbest", sprintf("must begin with min or max, not \"%s\"", head), call)
  for (idle in intersect(c("gen", "saving", "bar", "line", "cumulative"), names(o)))
    warn_input("pbest", sprintf("does nothing about %s() here", idle), call)
  number <- function(x, default, least) if (is.null(x)) default else
    check_number(suppressWarnings(as.numeric(x)), "pbest", least, .Machine$integer.max, call)
  list(smallest = startsWith(parts[1L], "min"), rows = rank_rows(parts), reps = as.integer(number(o$reps, 1000, 1)),
       seed = if (is.null(o$seed)) sample.int(.Machine$integer.max, 1L) else number(o$seed, 1, 0),
       zero = isTRUE(o$zero), predict = isTRUE(o$predict), mcse = isTRUE(o$mcse), meanrank = isTRUE(o$meanrank),
       bestonly = isTRUE(o$bestonly), format = o$format, id = if (is.character(o$id)) o$id)
}

rank_rows <- function(parts) {
  if (!nzchar(parts[3L])) return(NULL)
  from <- as.integer(parts[4L])
  if (!nzchar(parts[5L])) return(from)
  seq(from, if (parts[6L] == "l") 1e6L else as.integer(parts[6L]))
}

rank_words <- function(n) {
  end <- function(k) paste0(k, ifelse(k %% 10L == 1L & k != 11L, "st", ifelse(k %% 10L == 2L & k != 12L, "nd",
                                      ifelse(k %% 10L == 3L & k != 13L, "rd", "th"))))
  c("Best", if (n > 2L) end(2:(n - 1L)), if (n > 1L) "Worst")
}

# Mean rank, and its place between worst (0) and best (1).
rank_summary <- function(p) {
  n <- nrow(p)
  mean <- colSums(p * seq_len(n))
  rbind(`MEAN RANK` = mean, SUCRA = if (n > 1L) (n - mean) / (n - 1) else 1)
}

format_mvmeta_ranks <- function(t) {
  o <- t$options
  all <- do.call(rbind, t$probability)
  names <- colnames(all)
  width <- max(nchar(names), if (any(all > 0.9995)) 5L else 4L)
  inner <- length(names) * (width + 2L) - 1L
  bar <- rule(10L, inner)
  id <- paste(t$id, "and")
  head <- if (nchar(id) <= 9L) c(id, "Rank") else c(t$id, "and Rank")
  cells <- function(v) paste(justify(v, width), collapse = "  ")
  records <- Map(function(p, label) c(bar, paste0(justify(strtrim(label, 9L), 10L, TRUE), "|"),
                                      format_rank_rows(p, o, cells)), t$probability, t$values)
  c("", format_rank_title(o), strrep("-", 11L + inner), paste0(justify(head[1L], 10L, TRUE), "|",
                                                              centered("Treatment", inner)),
    paste0(justify(head[2L], 10L, TRUE), "| ", cells(names)), unlist(records, use.names = FALSE), strrep("-",
                                                                                                         11L + inner))
}

format_rank_title <- function(o) {
  c(if (o$bestonly) "Estimated probabilities (%) of each treatment being the best" else
      "Estimated probabilities (%) of each treatment having each rank",
    sprintf("- assuming the %s parameter is the best", if (o$smallest) "minimum" else "maximum"),
    sprintf("- using %d draws", o$reps),
    paste0("- allowing for parameter uncertainty", if (o$predict) " and between-studies variation"),
    if (o$mcse) "- figures are estimated probability (upper), Monte Carlo error (lower)")
}

format_rank_rows <- function(p, o, cells) {
  if (o$bestonly) p <- p[1L, , drop = FALSE]
  blank <- "          | "
  line <- function(name, v) paste0(justify(name, 9L), " | ", cells(v))
  out <- lapply(seq_len(nrow(p)), function(r) {
    c(line(rownames(p)[r], sprintf("%.1f", 100 * p[r, ])),
      if (o$mcse) line("", sprintf("%.1f", 100 * sqrt(p[r, ] * (1 - p[r, ]) / o$reps))),
      if (o$mcse && r < nrow(p)) blank)
  })
  summary <- if (o$meanrank && !o$bestonly) rank_summary(p)
  c(unlist(out), if (!is.null(summary)) c(blank, line("MEAN RANK", sprintf("%.1f", summary[1L, ])),
                                          line("SUCRA", sprintf("%.1f", summary[2L, ]))))
}
