# stsplit: records of survival data cut at times; stjoin is not here.
# Source: Stata's Survival Analysis manual, stsplit. Oracle: survSplit() of the R package survival.

# stsplit new [if], at(numlist) | every(#) [after(time = exp)]; stsplit [if], at(failures) [strata()]
run_stsplit <- function(command, session, rows) {
  o <- command_options(command, c(at = "at", every = "e", after = "aft", trim = "trim", nopreserve = "nopre",
                                  strata = "st", riskset = "ri"))
  for (bad in intersect(names(o), c("trim", "riskset"))) abort_unsupported(sprintf("option %s of stsplit", bad))
  if (is.null(session$survival) || is.null(session$data[["_st"]])) abort_stata("data not st", 119L)
  if (!nzchar(session$survival$id)) {
    abort_stata("stsplit requires that you have previously stset an id() variable", 459L)
  }
  if (is.null(o$at) == is.null(o$every)) abort_stata("one of at() and every() required", 198L)
  chosen <- selected_rows(command, session, rows)
  chosen <- chosen[session$data[["_st"]][chosen] %in% 1]
  if (!is.null(o$at) && grepl("^\\s*f(a(i(l(u(r(e(s)?)?)?)?)?)?)?\\s*$", o$at)) {
    return(split_records(NULL, failure_cuts(chosen, o, session), chosen, session))
  }
  name <- command$rest$text
  if (length(name) != 1L) abort_stata("one new variable expected", 198L)
  name <- check_new_name(name, session)
  zero <- if (is.null(o$after)) rep(0, session$n) else split_origin(o$after, session)
  end <- session$data[["_t"]]
  values <- if (!is.null(o$at)) sort(unique(parse_numlist(o$at))) else {
    step <- number_word(o$every)
    if (!isTRUE(step > 0)) abort_stata("every() must be positive", 198L)
    low <- floor(min(session$data[["_t0"]][chosen] - zero[chosen], na.rm = TRUE) / step)
    high <- ceiling(max(end[chosen] - zero[chosen], na.rm = TRUE) / step)
    if (high - low > 1e5) abort_stata("every() makes too many intervals", 198L)
    seq(low, high) * step
  }
  split_records(name, lapply(seq_len(session$n), function(i) zero[i] + values), chosen, session, values)
}

# after(time = exp): where the clock of the new variable starts, in analysis time.
split_origin <- function(text, session) {
  if (!grepl("=", text, fixed = TRUE)) abort_stata("after(time = exp) expected", 198L)
  exp <- numeric_operand(evaluate_column(tokenize(sub("^[^=]*=", "", text)), session))
  if (grepl("^\\s*_t\\s*=", text)) return(rep_len(exp, session$n))
  (rep_len(exp, session$n) - st_origin(session)) / session$survival$scale
}

st_origin <- function(session) rep_len(st_time(session$survival$origin, "origin", session) %||% 0, session$n)

# Every time at which one of the records (of the stratum) fails.
failure_cuts <- function(chosen, o, session) {
  strata <- if (!is.null(o$strata)) expand_varlist(tokenize(o$strata), session, 1L)
  groups <- if (length(strata)) groups_of(strata, chosen, session) else list(chosen)
  cuts <- vector("list", session$n)
  for (g in groups) {
    times <- sort(unique(session$data[["_t"]][g][session$data[["_d"]][g] %in% 1]))
    cuts[g] <- list(times)
  }
  cuts
}

# A record becomes one for each piece between the cuts inside it; only the last keeps the failure.
split_records <- function(name, cuts, chosen, session, values = NULL) {
  t0 <- session$data[["_t0"]]
  t <- session$data[["_t"]]
  inner <- lapply(seq_len(session$n), function(i) if (i %in% chosen) cuts[[i]][cuts[[i]] > t0[i] & cuts[[i]] < t[i]])
  pieces <- lengths(inner) + 1L
  if (sum(pieces) > 5e7) abort_stata("no room to add more observations", 901L)
  at <- rep(seq_len(session$n), pieces)
  piece <- sequence(pieces)
  last <- piece == pieces[at]
  ends <- t[at]
  ends[!last] <- unlist(inner)
  starts <- t0[at]
  starts[piece > 1L] <- unlist(inner)
  origin <- st_origin(session)[at]
  zero <- if (!is.null(values)) vapply(seq_len(session$n), function(i) cuts[[i]][1L] - values[1L], 0)[at]
  kept <- session$survival
  more <- sum(pieces) - session$n
  types <- vapply(names(session$meta), function(v) session$meta[[v]]$type %||% "double", "")
  filter_rows(session, at)
  put <- function(v, value, type) {
    old <- session$meta[[v]]
    store_variable(session, v, value, type)
    for (f in c("label", "format", "labels")) if (!is.null(old[[f]])) session$meta[[v]][[f]] <- old[[f]]
  }
  put("_t0", starts, "double")
  put("_t", ends, "double")
  d <- session$data[["_d"]]
  d[!last] <- 0
  put("_d", d, "byte")
  time <- numeric_operand(session$data[[kept$time]])
  time[!last] <- (ends * kept$scale + origin)[!last]
  put(kept$time, time, if (all(time == trunc(time), na.rm = TRUE)) types[[kept$time]] else "double")
  event <- sub("\\s*(!=|==).*$", "", kept$failure)
  if (event %in% names(session$data) && is.numeric(session$data[[event]])) {
    value <- session$data[[event]]
    value[!last] <- NA_real_
    put(event, value, types[[event]])
  }
  if (!is.null(kept$time0) && nzchar(kept$time0)) {
    start <- numeric_operand(session$data[[kept$time0]])
    start[piece > 1L] <- (starts * kept$scale + origin)[piece > 1L]
    put(kept$time0, start, "double")
  }
  session$survival$keep <- kept$keep[at]
  session$survival$total <- session$n
  if (!is.null(name)) {
    clock <- starts - zero
    value <- c(0, values)[findInterval(clock + 1e-9 * pmax(1, abs(clock)), values) + 1L]
    value[!session$data[["_st"]] %in% 1] <- NA_real_
    store_variable(session, name, value, session$type)
  }
  session$sorted <- character()
  emit(session, sprintf("(%s created)", plural(more, "observation (episode)", "observations (episodes)")))
}
