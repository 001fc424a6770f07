# network_setup(), network_import(): arms or contrasts of many treatments made ready for network meta-analysis as
# Stata's
# network does. Sources: White et al. (2012) Res Synth Methods 3:111; White (2015) Stata J 15:951. Oracle: genuine logs.

#' Network meta-analysis as Stata's network
#'
#' `network_setup()` makes a network of arms (events and totals, or means, standard deviations and totals);
#' `network_import()` of contrasts between two treatments. [network_meta()] fits the models.
#'
#' @param ... `events, n` or `mean, sd, n`: columns of `data`, bare names or strings. Without `trtvar` they are stubs
#'   that
#'   the names of the treatments follow (`dA`, `nA`, `dB`, ...).
#' @param data a data frame with a row for each arm (with `trtvar`) or each study; of `network_import()` for each
#'   contrast.
#' @param studyvar column that names the studies; `study` in `network_import()`.
#' @param trtvar column that names the treatments.
#' @param format `"augmented"` (default), `"standard"` or `"pairs"`.
#' @param ref name of the reference treatment; the first one unless given.
#' @param or,rr,rd,hr measure of counts: log odds ratio (default), log risk ratio, risk difference, log hazard ratio
#'   (`n` is
#'   time at risk).
#' @param md,smd measure of means: mean difference (default) or standardised mean difference.
#' @param sdpool `"on"` or `"off"`: whether variances use a standard deviation pooled over the arms; the default is on
#'   for
#'   `smd` and off for `md`.
#' @param zeroadd added to events and non-events of all arms of a study that has a zero cell.
#' @param augment number of individuals of the reference arms that augmented studies get; `augmean`, `augsd`: their
#'   mean (or
#'   risk) and standard deviation, by default those of the study.
#' @param augmean,augsd see `augment`.
#' @param trtlist treatments to be used, in the order of their codes.
#' @param alpha codes in alphabetical order also where `trtvar` is a factor.
#' @param numcodes,nocodes codes 1, 2, 3 in place of letters; the names themselves.
#' @param treatments,effect,stderr,variance of `network_import()`: two columns of treatments, the effect of the second
#'   against the first, and its standard error or variance.
#' @param study see `studyvar`.
#' @param measure what the effect is, for texts.
#' @return An object of class `stata_network` (see [stata_view]): `data` as Stata would hold it in the format,
#'   `treatments`
#'   with codes and names, `studies` with the contrasts and their covariances.
#' @details A study with a zero cell gets `zeroadd` in every cell of every arm, so that `n` grows by twice that (by
#'   nothing
#'   for `hr`). In the augmented format a study without the reference arm gets one with 0.00001 individuals and the
#'   mean of
#'   the study: the estimates of the models do not depend on it, the restricted likelihood does, which is why it is not
#'   comparable between formats. The standardised mean difference is Hedges' unbiased one with its unbiased variance
#'   (White & Thomas, 2005).
#'
#'   Errors: `metaparity_error_input`, `metaparity_error_studies`; arms with missing values and studies with one arm
#'   are left
#'   out with a warning of class `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_setup")`.
#' @section In other software: Stata `network setup d n, studyvar(study) trtvar(trt)`, `network import`; \pkg{netmeta}
#'   `pairwise()`.
#' @references White IR (2015). Network meta-analysis. Stata Journal 15, 951-985. White IR, Barrett JK, Jackson D,
#'   Higgins
#'   JPT (2012). Consistency and inconsistency in network meta-analysis. Research Synthesis Methods 3, 111-125. White
#'   IR,
#'   Thomas J (2005). Standardized mean differences in individually-randomized and cluster-randomized trials. Clinical
#'   Trials 2, 141-151.
#' @examples
#' d <- data.frame(study = c(1, 1, 1, 2, 2, 3, 3, 4, 4), trt = c("A", "B", "C", "A", "B", "A",
#'                 "C", "B", "C"),
#'                 r = c(9, 23, 10, 11, 12, 29, 79, 77, 18), n = c(140, 140, 138, 78, 85, 170,
#'                 702, 694, 671))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = trt)
#' net
#' network_meta(net, "consistency")
#' @export
network_setup <- function(..., data = NULL, studyvar, trtvar = NULL, format = "augmented", ref = NULL, or = FALSE,
                          rr = FALSE, rd = FALSE, hr = FALSE, md = FALSE, smd = FALSE, sdpool = NULL, zeroadd = 0.5,
                          augment = 1e-5, augmean = NULL, augsd = NULL, trtlist = NULL, alpha = FALSE, numcodes = FALSE,
                          nocodes = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  check_given(studyvar, call = mc)
  words <- vapply(as.list(mc$...), mvmeta_name, "", call = mc)
  if (!length(words) %in% 2:3) abort_input("...",
                                           "must be events and totals, or means, standard deviations and totals", mc)
  flags <- list(or = or, rr = rr, rd = rd, hr = hr, md = md, smd = smd)
  for (name in names(flags)) flags[[name]] <- check_flag(flags[[name]], name, mc)
  measure <- network_measure(unlist(flags), length(words), mc)
  o <- list(measure = measure, sdpool = network_sdpool(sdpool, measure, mc),
            zeroadd = check_number(zeroadd, "zeroadd", 0, call = mc), augment = check_number(augment, "augment", 0,
                                                                                             call = mc),
            augmean = if (!is.null(augmean)) check_finite(augmean, "augmean", call = mc),
            augsd = if (!is.null(augsd)) check_number(augsd, "augsd", 0, call = mc), stats = words)
  arms <- network_arms(mc, resolve_data(data, mc), parent.frame(), words, mc)
  network_check_values(arms, measure, mc)
  codes <- network_codes(arms, trtlist, check_flag(alpha, "alpha", mc), check_flag(numcodes, "numcodes", mc),
                         check_flag(nocodes, "nocodes", mc), mc)
  net <- network_of_arms(arms, codes, o, mc)
  net$ref <- network_reference(ref, codes, mc)
  network_view(net, network_format(format, mc), mc)
}

network_measures <- c(or = "Log odds ratio", rr = "Log risk ratio", rd = "Risk difference", hr = "Log hazard ratio",
                      md = "Mean difference", smd = "Standardised mean difference")

network_measure <- function(flags, size, call) {
  allowed <- if (size == 2L) c("or", "rr", "rd", "hr") else c("md", "smd")
  given <- names(flags)[flags]
  if (length(given) > 1L) abort_input(given[2L], sprintf("cannot go with `%s`: give one measure", given[1L]), call)
  bad <- setdiff(given, allowed)
  if (length(bad)) abort_input(bad, sprintf("does not go with %d columns", size), call)
  if (length(given)) given else allowed[1L]
}

network_sdpool <- function(given, measure, call) {
  if (is.null(given)) return(measure == "smd")
  check_choice(given, c("on", "off"), "sdpool", call) == "on"
}

network_format <- function(format, call) {
  word <- check_word(format, "format", call)
  found <- match_option(word, c(augmented = "a", standard = "s", pairs = "p"))
  if (is.na(found)) abort_input("format", "must be \"augmented\", \"standard\" or \"pairs\"", call)
  found
}

# Long: a row for each arm, columns study, treatment and the statistics.
network_arms <- function(mc, data, env, words, call) {
  if (is.null(data)) abort_input("data", "is missing", call)
  id <- stata_option_column(mc$studyvar, data, env, "studyvar", nrow(data), call)
  out <- if (is.null(mc$trtvar)) network_wide_arms(data, id, words, call) else {
    trt <- stata_option_column(mc$trtvar, data, env, "trtvar", nrow(data), call)
    stats <- lapply(words, function(w) check_numeric_vector(stata_column(as.name(w), data, env, w, call), w, call))
    list(id = id, trt = trt, stats = stats, rows = seq_along(id))
  }
  names(out$stats) <- words
  out$studyvar <- if (is.symbol(mc$studyvar)) as.character(mc$studyvar) else "study"
  network_checked_arms(out, call)
}

network_wide_arms <- function(data, id, words, call) {
  first <- names(data)[startsWith(names(data), words[1L]) & nchar(names(data)) > nchar(words[1L])]
  suffix <- substring(first, nchar(words[1L]) + 1L)
  suffix <- suffix[vapply(suffix, function(s) all(paste0(words, s) %in% names(data)), NA)]
  if (length(suffix) < 2L) abort_input("trtvar", "is missing, and there are no columns of several treatments", call)
  stats <- lapply(words, function(w) as.numeric(unlist(lapply(suffix, function(s) data[[paste0(w, s)]]))))
  seen <- Reduce(`|`, lapply(stats, is.finite))
  list(id = rep(id, length(suffix))[seen], trt = rep(suffix, each = nrow(data))[seen],
       stats = lapply(stats, function(x) x[seen]), rows = rep(seq_len(nrow(data)), length(suffix))[seen])
}

network_checked_arms <- function(arms, call) {
  all <- do.call(cbind, arms$stats)
  lost <- which(rowSums(!is.finite(all)) > 0L | is.na(arms$id) | network_unnamed(arms$trt))
  if (length(lost)) warn_dropped(arms$rows[lost], "a value is missing", call)
  keep <- setdiff(seq_along(arms$id), lost)
  alone <- keep[arms$id[keep] %in% names(which(table(arms$id[keep]) < 2L))]
  if (length(alone)) warn_dropped(arms$rows[alone], "the study has one arm", call)
  keep <- setdiff(keep, alone)
  if (!length(keep)) abort_input("studyvar", "leaves no study with two arms", call)
  arms[c("id", "trt", "rows")] <- list(arms$id[keep], arms$trt[keep], arms$rows[keep])
  arms$stats <- lapply(arms$stats, `[`, keep)
  twice <- which(duplicated(data.frame(arms$id, as.character(arms$trt))))
  if (length(twice)) abort_studies("trtvar", arms$rows[twice], "names a treatment twice in a study", call)
  arms
}

network_unnamed <- function(x) is.na(x) | !nzchar(trimws(as.character(x)))

# Events are among the persons; of a hazard `n` is time.
network_check_values <- function(arms, measure, call) {
  s <- arms$stats
  n <- s[[length(s)]]
  bad <- which(n <= 0 | (if (length(s) == 3L) s[[2L]] <= 0 else s[[1L]] < 0 | (measure != "hr" & s[[1L]] > n)))
  if (length(bad)) abort_studies(names(s)[length(s)], arms$rows[bad],
                                 "must hold totals and statistics that an arm can have", call)
}

# Treatments by code: letters, numbers or the names.
network_codes <- function(arms, trtlist, alpha, numcodes, nocodes, call) {
  names <- as.character(arms$trt)
  order <- if (is.factor(arms$trt) && !alpha) levels(arms$trt)[levels(arms$trt) %in% names] else
    if (is.numeric(arms$trt) && !alpha) as.character(sort(unique(arms$trt))) else sort(unique(names), method = "radix")
  if (!is.null(trtlist)) {
    order <- check_vector_of_words(trtlist, "trtlist", call)
    bad <- setdiff(order, names)
    if (length(bad)) abort_input("trtlist", sprintf("%s is not a treatment of the data", bad[1L]), call)
  }
  if (length(order) < 2L) abort_input("trtvar", "must name two treatments or more", call)
  size <- length(order)
  code <- if (nocodes) network_plain_codes(order) else
    if (numcodes) formatC(seq_len(size), width = nchar(size), flag = "0") else network_letters(size)
  data.frame(code = code, name = order, stringsAsFactors = FALSE)
}

# Names as codes: without spaces, and such that no two pairs of them join to the same word; letters where that fails.
network_plain_codes <- function(names) {
  code <- gsub("[^[:alnum:]_]", "_", names)
  joined <- as.vector(outer(code, code, paste, sep = "_"))
  if (anyDuplicated(joined)) network_letters(length(names)) else code
}

network_letters <- function(n) {
  if (n <= 26L) return(LETTERS[seq_len(n)])
  at <- seq_len(n) - 1L
  paste0(LETTERS[at %/% 26L + 1L], LETTERS[at %% 26L + 1L])
}

network_reference <- function(ref, codes, call) {
  if (is.null(ref)) return(codes$code[1L])
  at <- match(check_word(ref, "ref", call), codes$name)
  if (is.na(at)) at <- match(ref, codes$code)
  if (is.na(at)) abort_input("ref", sprintf("%s is not a treatment of the network", ref), call)
  codes$code[at]
}

# ---- zero cells and studies ---------------------------------------------------------------------

network_of_arms <- function(arms, codes, o, call) {
  keep <- as.character(arms$trt) %in% codes$name
  long <- data.frame(id = arms$id[keep], code = codes$code[match(as.character(arms$trt)[keep], codes$name)],
                     lapply(arms$stats, `[`, keep), check.names = FALSE, stringsAsFactors = FALSE)
  long <- long[order(long$id, match(long$code, codes$code)), ]
  long <- long[long$id %in% names(which(table(long$id) > 1L)), ]
  zero <- if (length(o$stats) == 2L) network_zero_studies(long, o) else NULL
  at <- long$id %in% zero
  long[at, o$stats[1L]] <- long[at, o$stats[1L]] + o$zeroadd
  if (o$measure != "hr") long[at, o$stats[2L]] <- long[at, o$stats[2L]] + 2 * o$zeroadd
  studies <- lapply(split(long, factor(long$id, unique(long$id))), network_study, o = o)
  list(treatments = codes, studyvar = arms$studyvar, ids = unique(long$id), studies = unname(studies), zero = zero,
       rules = o,
       outcome = if (length(o$stats) == 2L) "count" else "quantitative", measure = network_measures[[o$measure]],
       stub = c("_y", "_S"))
}

network_zero_studies <- function(long, o) {
  d <- long[[o$stats[1L]]]
  none <- d == 0 | (o$measure != "hr" & d == long[[o$stats[2L]]])
  if (o$measure == "rd") none <- none & TRUE
  unique(long$id[none])
}

network_study <- function(rows, o) {
  found <- network_contrasts(rows, o)
  list(codes = rows$code, y = found$y, S = found$S, arms = rows)
}

# Effects against the first row, and their covariances.
network_contrasts <- function(rows, o) {
  s <- lapply(o$stats, function(w) rows[[w]])
  if (o$measure == "smd") return(network_smd(s[[1L]], s[[2L]], s[[3L]], o$sdpool))
  arm <- network_arm_estimates(s, o)
  list(y = arm$est[-1L] - arm$est[1L], S = arm$v[1L] + diag(arm$v[-1L], length(arm$v) - 1L))
}

network_arm_estimates <- function(s, o) {
  d <- s[[1L]]
  n <- s[[length(s)]]
  switch(o$measure, or = list(est = log(d / (n - d)), v = 1 / d + 1 / (n - d)), rr = list(est = log(d / n),
                                                                                          v = 1 / d - 1 / n),
         rd = list(est = d / n, v = d * (n - d) / n^3), hr = list(est = log(d / n), v = 1 / d),
         md = list(est = d, v = if (o$sdpool) network_pooled(s[[2L]], n)$v / n else s[[2L]]^2 / n))
}

network_pooled <- function(sd, n) {
  df <- sum(n - 1)
  list(v = sum((n - 1) * sd^2) / df, df = df)
}

# Hedges' g against the first arm with the pooled standard deviation: exact correction, unbiased variance.
network_smd <- function(mean, sd, n, pooled) {
  p <- network_pooled(sd, n)
  correct <- exp(lgamma(p$df / 2) - lgamma((p$df - 1) / 2)) * sqrt(2 / p$df)
  g <- correct * (mean[-1L] - mean[1L]) / sqrt(p$v)
  excess <- 1 - (p$df - 2) / (p$df * correct^2)
  size <- if (pooled) 1 / n else sd^2 / (n * p$v)
  list(y = g, S = size[1L] + diag(size[-1L], length(g)) + excess * tcrossprod(g))
}

#' @rdname network_setup
#' @export
network_import <- function(data = NULL, treatments, effect, stderr = NULL, variance = NULL, study, ref = NULL,
                           measure = "(unidentified measure)") {
  mc <- match.call()
  check_given(treatments, call = mc)
  check_given(effect, call = mc)
  check_given(study, call = mc)
  data <- resolve_data(data, mc)
  names <- network_two_names(mc$treatments, mc)
  k <- if (is.null(data)) length(resolve_column(mc$effect, NULL, parent.frame(), "effect", mc)) else nrow(data)
  column <- function(expr, arg) stata_option_column(expr, data, parent.frame(), arg, k, mc)
  t <- lapply(names, function(n) as.character(column(as.name(n), "treatments")))
  y <- check_numeric_vector(column(mc$effect, "effect"), "effect", mc)
  if (is.null(mc$stderr) == is.null(mc$variance)) abort_input("stderr", "or `variance`: one of the two is required", mc)
  arg <- if (is.null(mc$stderr)) "variance" else "stderr"
  v <- check_numeric_vector(column(mc[[arg]], arg), arg, mc)
  bad <- which(is.finite(v) & v <= 0)
  if (length(bad)) abort_studies(arg, bad, "must be greater than zero", mc)
  if (arg == "stderr") v <- v^2
  id <- column(mc$study, "study")
  if (is.raw(id)) abort_input("study", sprintf("must name the studies, not %s", describe(id)), mc)
  lost <- which(!is.finite(y) | !is.finite(v) | is.na(id) | network_unnamed(t[[1L]]) | network_unnamed(t[[2L]]))
  if (length(lost)) warn_dropped(lost, "a value is missing", mc)
  keep <- setdiff(seq_len(k), lost)
  net <- network_of_pairs(lapply(t, `[`, keep), y[keep], v[keep], id[keep], keep, mc)
  net$measure <- check_word(measure, "measure", mc)
  net$studyvar <- if (is.symbol(mc$study)) as.character(mc$study) else "study"
  net$stub <- c(if (is.symbol(mc$effect)) as.character(mc$effect) else "_y", "_S")
  net$stderr <- if (arg == "stderr" && is.symbol(mc$stderr)) as.character(mc$stderr) else "_stderr"
  net$imported <- TRUE
  net$ref <- network_reference(ref, net$treatments, mc)
  network_view(net, "pairs", mc)
}

network_two_names <- function(expr, call) {
  out <- if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) vapply(as.list(expr)[-1L],
                                                                                       mvmeta_name, "",
                                                                                     call = call) else
    strsplit(trimws(mvmeta_name(expr, call)), "\\s+")[[1L]]
  if (length(out) != 2L) abort_input("treatments", "must name two columns, as c(t1, t2)", call)
  out
}

# Studies of contrasts: one row is a study of two arms; three rows of one study give its covariance.
network_of_pairs <- function(t, y, v, id, rows, call) {
  same <- which(t[[1L]] == t[[2L]])
  if (length(same)) abort_studies("treatments", rows[same], "must differ within a row", call)
  names <- sort(unique(c(t[[1L]], t[[2L]])), method = "radix")
  codes <- network_plain_codes(names)
  t <- lapply(t, function(x) codes[match(x, names)])
  order <- sort(unique(id))
  studies <- lapply(order, function(i) network_pair_study(i, t, y, v, id, codes, rows, call))
  list(treatments = data.frame(code = codes, name = names, stringsAsFactors = FALSE), ids = order, studies = studies,
       zero = NULL, outcome = "imported", rules = list(stats = character()))
}

network_pair_study <- function(i, t, y, v, id, codes, rows, call) {
  at <- which(id == i)
  arms <- codes[codes %in% c(t[[1L]][at], t[[2L]][at])]
  m <- length(arms)
  if (length(at) != m * (m - 1) / 2) abort_studies("study", rows[at], "needs a row for each pair of its treatments",
                                                   call)
  effect <- spread <- matrix(0, m, m)
  for (r in at) {
    a <- match(t[[1L]][r], arms)
    b <- match(t[[2L]][r], arms)
    effect[a, b] <- y[r]
    effect[b, a] <- -y[r]
    spread[a, b] <- spread[b, a] <- v[r]
  }
  S <- outer(2:m, 2:m, Vectorize(function(a, b) (spread[1L, a] + spread[1L, b] - spread[a, b]) / 2))
  list(codes = arms, y = effect[1L, -1L], S = S, arms = NULL)
}
