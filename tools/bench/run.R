# Ratios metafor / metaparity, both timed in this run: the median of repeated calls for what is fast, one call
# in a child process with a time limit for what is slow. Every row also compares the two results.
suppressPackageStartupMessages({
  requireNamespace("metafor")
  requireNamespace("metaparity")
})
limit <- as.numeric(Sys.getenv("LIMIT", "60"))

now <- function() as.numeric(Sys.time())
seconds_of <- function(call, times = 1) {
  begin <- now()
  for (i in seq_len(times)) call()
  (now() - begin) / times
}

# Seconds of each call, when R's heap has grown to it: batches of at least 5 ms in turns, so that whatever else
# the machine does meets all of them; the medians over `budget` seconds.
repeated <- function(calls, budget = 1) {
  warm_up <- now()
  while (now() - warm_up < budget / 2) for (call in calls) call()
  once <- vapply(calls, seconds_of, 0)
  times <- pmax(1, ceiling(0.005 / pmax(once, 1e-7)))
  batch <- function(i) seconds_of(calls[[i]], times[i])
  samples <- NULL
  begin <- now()
  while (NROW(samples) < 5L || (now() - begin < budget * length(calls) && NROW(samples) < 200L)) {
    samples <- rbind(samples, vapply(seq_along(calls), batch, 0))
  }
  apply(samples, 2L, stats::median)
}

# list(seconds, value, capped): in a child, so that code which ignores interrupts can be stopped too.
limited <- function(call, value) {
  child <- parallel::mcparallel({
    force(call)
    begin <- now()
    result <- call()
    once <- now() - begin
    list(seconds = once, value = value(result), capped = FALSE)
  }, silent = TRUE)
  got <- parallel::mccollect(child, wait = FALSE, timeout = limit)
  if (is.null(got)) {
    tools::pskill(child$pid, tools::SIGKILL)
    suppressWarnings(parallel::mccollect(child, wait = TRUE))
    return(list(seconds = limit, value = NULL, capped = TRUE))
  }
  if (inherits(got[[1L]], "try-error")) stop(got[[1L]], call. = FALSE)
  got[[1L]]
}

studies <- function(k) {
  set.seed(k)
  vi <- stats::runif(k, 0.02, 0.5)
  x <- stats::rnorm(k)
  n1 <- sample(30:200, k, TRUE)
  n2 <- sample(30:200, k, TRUE)
  data.frame(yi = 0.3 + 0.2 * x + stats::rnorm(k, 0, 0.3) + stats::rnorm(k, 0, sqrt(vi)), vi = vi, x = x,
             ai = stats::rbinom(k, n1, 0.2), n1i = n1, ci = stats::rbinom(k, n2, 0.3), n2i = n2,
             m1i = stats::rnorm(k, 10), sd1i = stats::runif(k, 1, 3), m2i = stats::rnorm(k, 9), sd2i = stats::runif(k, 1, 3))
}

both <- function(verb) list(metafor = getExportedValue("metafor", verb), metaparity = getExportedValue("metaparity", verb))
fit_values <- function(fit) c(fit$beta, fit$se, fit$tau2)
field_values <- function(...) function(result) unlist(unclass(result)[c(...)], use.names = FALSE)
list_values <- field_values("estimate", "se")
interval_values <- function(result) result$random[1L, ]

# A case: name, k, `call(verb, fit, data)` with the package's own verb and fit, and what to compare.
on_data <- function(name, verb, call, value) list(name = name, verb = verb, call = call, value = value, fit = NULL)
on_fit <- function(name, verb, call, value, method = "REML") {
  list(name = name, verb = verb, call = call, value = value, fit = method)
}
operations <- list(
  reml = on_data("rma, REML", "rma", function(f, d) f(yi, vi, data = d, method = "REML"), fit_values),
  dl = on_data("rma, DL", "rma", function(f, d) f(yi, vi, data = d, method = "DL"), fit_values),
  fe = on_data("rma, FE", "rma", function(f, d) f(yi, vi, data = d, method = "FE"), fit_values),
  mods = on_data("rma, REML, one moderator", "rma", function(f, d) f(yi, vi, mods = ~ x, data = d), fit_values),
  mh = on_data("rma.mh, OR", "rma.mh",
               function(f, d) f(ai = ai, n1i = n1i, ci = ci, n2i = n2i, measure = "OR", data = d), fit_values),
  or = on_data("escalc, OR", "escalc",
               function(f, d) f("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d), function(e) c(e$yi, e$vi)),
  smd = on_data("escalc, SMD", "escalc",
                function(f, d) f("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d),
                function(e) c(e$yi, e$vi)),
  egger = on_fit("regtest, random effects", "regtest", function(f, x) f(x), field_values("zval", "pval")),
  egger_lm = on_fit("regtest, lm", "regtest", function(f, x) f(x, model = "lm"), field_values("zval", "pval")),
  begg = on_fit("ranktest", "ranktest", function(f, x) f(x), field_values("tau", "pval")),
  fill = on_fit("trimfill, REML", "trimfill", function(f, x) f(x), fit_values),
  fill_dl = on_fit("trimfill, DL", "trimfill", function(f, x) f(x), fit_values, "DL"),
  drop = on_fit("leave1out, REML", "leave1out", function(f, x) f(x), list_values),
  drop_dl = on_fit("leave1out, DL", "leave1out", function(f, x) f(x), list_values, "DL"),
  add = on_fit("cumul, REML", "cumul", function(f, x) f(x), list_values),
  cases = on_fit("influence, REML", "influence", function(f, x) f(x), function(r) unlist(r$inf[c("rstudent", "cook.d")])),
  permute = on_fit("permutest, 1,000 REML fits", "permutest", function(f, x) f(x, iter = 1000, progbar = FALSE),
                   field_values("beta", "zval")),
  subsets = on_fit("gosh, 1,000 REML subsets", "gosh", function(f, x) f(x, subsets = 1000, progbar = FALSE),
                   function(r) ncol(r$incl)),
  profile = on_fit("confint (Q-profile)", "confint", function(f, x) f(x), interval_values)
)
for (name in c("profile", "cases")) {
  operations[[name]]$generic <- getExportedValue("stats", operations[[name]]$verb)
  operations[[name]]["verb"] <- list(NULL)
}
at <- function(...) c(...)
sizes <- list(reml = at(8, 20, 100, 1000, 1e5), dl = at(8, 20, 100, 1000, 1e5), fe = at(20, 1000), mods = at(20, 1000),
              mh = at(20, 1000, 1e5), or = at(20, 1e5), smd = at(20, 1e5), egger = at(20, 1000), egger_lm = at(20, 1000),
              begg = at(20, 150, 1000), fill = at(20, 1000), fill_dl = at(20), drop = at(20, 100, 1000), drop_dl = at(20, 1000),
              add = at(20, 100, 1000), cases = at(20, 1000), permute = at(20), subsets = at(20), profile = at(20, 1000))
ours_alone <- function(name, k) k >= 1e5 && name %in% c("reml", "dl")

prepare <- function(operation, package, data) {
  verb <- if (is.null(operation$verb)) operation$generic else both(operation$verb)[[package]]
  if (is.null(operation$fit)) return(function() operation$call(verb, data))
  fit <- both("rma")[[package]](yi, vi, data = data, method = operation$fit)
  function() operation$call(verb, fit)
}

agreement <- function(a, b) {
  if (is.null(a)) return(NA_real_)
  a <- as.numeric(a)
  b <- as.numeric(b)
  if (length(a) != length(b)) return(Inf)
  max(0, abs(a - b) / pmax(abs(a), 1e-3), na.rm = TRUE)
}

measure <- function(name, k) {
  operation <- operations[[name]]
  data <- studies(k)
  ours <- prepare(operation, "metaparity", data)
  row <- data.frame(operation = operation$name, k = k, metafor = NA_real_, metaparity = NA_real_, capped = FALSE,
                    difference = NA_real_)
  if (!ours_alone(name, k)) {
    # The fit that metafor's operation starts from is made in the child as well: at k = 1,000 it takes seconds.
    theirs <- limited(prepare(operation, "metafor", data), operation$value)
    row[c("metafor", "capped")] <- theirs[c("seconds", "capped")]
    row$difference <- agreement(theirs$value, operation$value(ours()))
  }
  if (!is.na(row$metafor) && row$metafor < 1) {
    row[c("metaparity", "metafor")] <- repeated(list(ours, prepare(operation, "metafor", data)))
  } else {
    row$metaparity <- repeated(list(ours))
  }
  cat(sprintf("%-28s k = %6g  %s\n", row$operation, k, format_ratio(row)))
  row
}

format_time <- function(seconds) {
  if (is.na(seconds)) return("-")
  unit <- if (seconds >= 1) 1 else if (seconds >= 1e-3) 1e3 else 1e6
  paste(format(signif(seconds * unit, 3), scientific = FALSE, drop0trailing = TRUE), c(`1` = "s", `1000` = "ms", `1e+06` = "us")[[as.character(unit)]])
}
format_ratio <- function(row) {
  if (is.na(row$metafor)) return("-")
  paste0(if (row$capped) "> " else "", format(signif(row$metafor / row$metaparity, 3), scientific = FALSE, big.mark = ","))
}

report <- function(rows) {
  cells <- vapply(seq_len(nrow(rows)), function(i) {
    row <- rows[i, ]
    sprintf("| %s | %s | %s%s | %s | %s | %s |", row$operation, format(row$k, big.mark = ",", scientific = FALSE),
            if (row$capped) "> " else "", format_time(row$metafor), format_time(row$metaparity), format_ratio(row),
            if (is.na(row$difference)) "-" else format(signif(row$difference, 1)))
  }, "")
  c("# metafor against metaparity, timed in one run", "",
    sprintf("R %s, metafor %s, metaparity %s. Medians of repeated calls; what takes metafor longer than a second is called once, and stopped after %g s (`>`).",
            getRversion(), utils::packageVersion("metafor"), utils::packageVersion("metaparity"), limit),
    "The last column is the largest relative difference between the two results (metafor's own tolerances are 1e-4 to 1e-5 absolute).", "",
    "| operation | k | metafor | metaparity | ratio | difference |", "|---|---:|---:|---:|---:|---:|", cells)
}

only <- Sys.getenv("ONLY")
sizes <- sizes[grepl(only, vapply(names(sizes), function(name) operations[[name]]$name, ""))]
rows <- do.call(rbind, unlist(lapply(names(sizes), function(name) lapply(sizes[[name]], measure, name = name)), FALSE))
text <- report(rows)
writeLines(text)
if (!nzchar(only)) writeLines(text, "tools/bench/results.md")
