# After network_meta(): effects of all pairs of treatments, ranks, and direct against indirect evidence.
# Sources: White (2015) Stata J 15:951; Dias et al. (2010) Stat Med 29:932 for splitting sides. Oracle: genuine logs.

check_network_meta <- function(x, call) {
  check_given(x, "x", call)
  if (!inherits(x, "stata_network_meta")) abort_input("x", "must be a result of network_meta()", call)
}

# Where the coefficients of treatments stand, and those of treatments in designs.
network_index <- function(x) {
  net <- x$network
  other <- setdiff(net$treatments$code, net$ref)
  extra <- if (x$model == "inconsistency") network_inconsistency(net) else network_no_terms()
  f <- x$fit
  if (net$format == "pairs") {
    names <- rownames(f$fit$beta)
    at <- c(match(paste0("_trtdiff_", other), names), match(x$tested$term, names))
  } else {
    names <- paste(f$studies$names$eq, f$studies$names$term)
    first <- paste(net$stub[1L], "1", sep = "_")
    means <- if (net$format == "augmented") paste(paste(net$stub[1L], other, sep = "_"), "_cons") else
      paste(first, paste0("_trtdiff1_", other))
    at <- c(match(means, names), match(sprintf("%s %s", x$tested$eq, x$tested$term), names))
  }
  data.frame(code = c(other, extra$code), design = c(rep("", length(other)), extra$design), at = at,
             stringsAsFactors = FALSE)
}

# One row for each of `codes`: its effect against the reference, in a design or in the consistent part.
network_rows <- function(x, codes, design = "") {
  index <- network_index(x)
  b <- network_estimates(x)
  L <- matrix(0, length(codes), length(b$beta), dimnames = list(codes, NULL))
  for (i in seq_along(codes)) L[i, index$at[index$code == codes[i] & index$design %in% c("", design)]] <- 1
  L
}

network_estimates <- function(x) {
  f <- x$fit
  if (inherits(f, "stata_metareg")) return(list(beta = as.numeric(f$fit$beta), V = unname(f$fit$vb), df = f$r$df_r))
  list(beta = as.numeric(f$fit$beta), V = unname(mvmeta_variance(f$fit, f$options)), df = f$options$df)
}

# Estimate and standard error of each treatment against each other one.
network_pairwise <- function(x) {
  codes <- x$network$treatments$code
  L <- network_rows(x, codes)
  e <- network_estimates(x)
  grid <- expand.grid(comparator = seq_along(codes), treatment = seq_along(codes))
  grid <- grid[grid$comparator != grid$treatment, ]
  D <- L[grid$treatment, , drop = FALSE] - L[grid$comparator, , drop = FALSE]
  data.frame(comparator = codes[grid$comparator], treatment = codes[grid$treatment], est = as.numeric(D %*% e$beta),
             se = sqrt(rowSums((D %*% e$V) * D)), stringsAsFactors = FALSE)
}

#' Treatments of a network compared and ranked
#'
#' `network_compare()` makes the table of all treatments against each other, `network_rank()` the probabilities of their
#' ranks.
#'
#' @param x a result of [network_meta()].
#' @param eform show exponents with confidence intervals.
#' @param level confidence level in percent.
#' @param format how numbers are shown, as `"%6.3f"`.
#' @param best `"max"` or `"min"`: the treatment with the largest or the smallest effect is the best.
#' @param reps number of draws; `seed`: a whole number from 0 on that fixes them.
#' @param seed see `reps`.
#' @param predict rank the effects in a new study, which vary by the heterogeneity.
#' @param mcse show the error of the simulation; `meanrank`: mean ranks and SUCRA; `bestonly`: the probabilities of
#'   being the
#'   best alone.
#' @param meanrank,bestonly see `mcse`.
#' @return Objects of class `stata_network_compare` and `stata_network_rank` (see [stata_view]): `table` holds a row
#'   for each
#'   pair, or for each treatment and rank.
#' @details The draws are of the normal distribution of the coefficients, from a stream of our own: the same seed gives
#'   the
#'   same shares on every platform, and they agree with Stata's up to the error of the simulation. Errors:
#'   `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_compare")`.
#' @section In other software: Stata `network compare`, `network rank max`; \pkg{netmeta} `netleague()`, `rankogram()`.
#' @references Salanti G, Ades AE, Ioannidis JPA (2011). Graphical methods and numerical summaries for presenting
#'   results
#'   from multiple-treatment meta-analysis. Journal of Clinical Epidemiology 64, 163-171.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
#'                 r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
#' fit <- network_meta(network_setup(r, n, data = d, studyvar = study, trtvar = t), "consistency")
#' network_compare(fit)
#' network_rank(fit, "max", seed = 1, meanrank = TRUE)
#' @export
network_compare <- function(x, eform = FALSE, level = 95, format = NULL) {
  mc <- match.call()
  check_network_meta(x, mc)
  if (x$model != "consistency") abort_input("x", "must be of the consistency model", mc)
  o <- list(eform = check_flag(eform, "eform", mc), level = check_stata_level(level, "level", mc),
            format = if (is.null(format)) if (eform) "%6.3f" else "%6.3f" else check_word(format, "format", mc))
  table <- network_pairwise(x)
  df <- network_estimates(x)$df
  half <- critical_value(o$level, if (is.null(df)) NA_real_ else df) * table$se
  table$lo <- table$est - half
  table$hi <- table$est + half
  if (o$eform) table[c("est", "lo", "hi")] <- lapply(table[c("est", "lo", "hi")], exp)
  new_stata_view("network_compare", list(dim = nrow(x$network$treatments)), table, x, o, network = x$network, call = mc)
}

#' @export
format.stata_network_compare <- function(x, ...) {
  o <- x$options
  codes <- x$network$treatments$code
  number <- function(v) trimws(apply_number_format(v, o$format))
  t <- x$table
  first <- number(t$est)
  second <- if (o$eform) sprintf("(%s,%s)", number(t$lo), number(t$hi)) else number(t$se)
  width <- max(nchar(c(first, second, codes)))
  if (!o$eform) width <- max(width, 6L)
  inner <- length(codes) * (width + 2L) - 1L
  line <- function(head, cells) paste0(justify(head, 10L), " | ", paste(justify(cells, width), collapse = "  "))
  body <- lapply(codes, function(c1) {
    at <- match(paste(c1, codes), paste(t$comparator, t$treatment))
    show <- function(v) ifelse(is.na(at), "", v[at])
    c(line(c1, show(first)), line("", show(second)), if (c1 != codes[length(codes)]) "           | ")
  })
  measure <- x$network$measure
  named <- if (measure %in% network_measures) paste0(tolower(substr(measure, 1L, 1L)), substring(measure,
                                                                                                 2L)) else measure
  what <- if (o$eform) sprintf("exponentiated %s (and its %s%% CI)", named, trimws(stata_general(100 * o$level,
                                                                                                 9L))) else
    paste(named, "and its standard error")
  bar <- strrep("-", 12L + inner)
  c(sprintf("Table of %s for Treatment vs. Comparator:", what), bar,
    paste0("           |", centered("Treatment", inner)), line("Comparator", codes), rule(11L,
                                                                                          inner), unlist(body), bar)
}

#' @rdname network_compare
#' @export
network_rank <- function(x, best, reps = 1000, seed = NULL, predict = FALSE, mcse = FALSE, meanrank = FALSE,
                         bestonly = FALSE) {
  mc <- match.call()
  check_network_meta(x, mc)
  check_given(best, call = mc)
  if (x$network$format != "augmented") abort_input("x", "must be of the augmented format", mc)
  o <- list(smallest = check_choice(best, c("min", "max"), "best", mc) == "min",
            reps = as.integer(check_number(reps, "reps", 1, 1e8, mc)), predict = check_flag(predict, "predict", mc),
            mcse = check_flag(mcse, "mcse", mc), meanrank = check_flag(meanrank, "meanrank", mc),
            bestonly = check_flag(bestonly, "bestonly", mc),
            seed = if (is.null(seed)) sample.int(.Machine$integer.max, 1L) else check_number(seed, "seed", 0, 2^53, mc))
  net <- x$network
  first <- if (x$model == "consistency") 1L else seq_along(net$studies)
  codes <- net$treatments$code
  designs <- lapply(first, function(i) network_rows(x, codes, net$designs[i]))
  e <- network_estimates(x)
  spread <- if (o$predict) network_spread(x, codes) else matrix(0, 0L, 0L)
  counts <- call_core(cpp_rank_counts(e$beta, e$V, lapply(designs, unname), spread,
                                      list(reps = o$reps, seed = o$seed, smallest = o$smallest, zero = FALSE)), mc)
  p <- lapply(counts, function(m) matrix(t(m) / o$reps, ncol(m), dimnames = list(rank_words(ncol(m)),
                                                                                 net$treatments$name)))
  ranks <- list(probability = stats::setNames(p, net$ids[first]), options = o, id = net$studyvar,
                values = as.character(net$ids[first]))
  table <- do.call(rbind, Map(function(m, id) data.frame(study = id, treatment = rep(colnames(m), each = nrow(m)),
                                                         rank = rep(seq_len(nrow(m)), ncol(m)), p = as.vector(m)),
                              p, net$ids[first]))
  rownames(table) <- NULL
  new_stata_view("network_rank", list(reps = o$reps, seed = o$seed), table, x, o, ranks = ranks, call = mc)
}

# Heterogeneity of the effects against the reference, which has none.
network_spread <- function(x, codes) {
  Sigma <- x$fit$fit$Sigma
  at <- match(codes, setdiff(codes, x$network$ref))
  out <- matrix(0, length(codes), length(codes))
  seen <- !is.na(at)
  out[seen, seen] <- Sigma[at[seen], at[seen]]
  out
}

#' @export
format.stata_network_rank <- function(x, ...) format_mvmeta_ranks(x$ranks)

# ---- direct against indirect --------------------------------------------------------------------

#' Direct and indirect evidence of a network
#'
#' Splits the evidence on a comparison of two treatments into that of the studies which compare them and that of the
#' rest.
#'
#' @param net a result of [network_setup()] or [network_import()]; it is brought to the augmented format.
#' @param side `"all"`, or two treatments (codes or names).
#' @param tau show the heterogeneity of each split model.
#' @param nosymm in studies of several arms the difference is with the second treatment alone, not shared by both.
#' @param ... options of [mvmeta()].
#' @return An object of class `stata_network_sidesplit` (see [stata_view]): `table` has a row for each side with
#'   `direct`,
#'   `indirect`, `difference`, their standard errors, `p` and `tau`. Sides without direct or without indirect evidence
#'   are
#'   not in it or have missing values.
#' @details Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_sidesplit")`.
#' @section In other software: Stata `network sidesplit all`; \pkg{netmeta} `netsplit()`, which splits by
#'   back-calculation.
#' @references Dias S, Welton NJ, Caldwell DM, Ades AE (2010). Checking consistency in mixed treatment comparison
#'   meta-analysis. Statistics in Medicine 29, 932-944.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
#'                 r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = t)
#' network_sidesplit(net, "all", tau = TRUE)
#' @export
network_sidesplit <- function(net, side, tau = FALSE, nosymm = FALSE, ...) {
  mc <- match.call()
  check_network(net, mc)
  check_given(side, call = mc)
  if (net$format != "augmented") net <- network_convert(net, "augmented")
  symmetric <- !check_flag(nosymm, "nosymm", mc)
  pairs <- network_sides(net, side, mc)
  rows <- lapply(pairs, function(p) network_split(net, p, symmetric, list(...)))
  table <- do.call(rbind, rows)
  new_stata_view("network_sidesplit", list(n_sides = nrow(table)), table, NULL,
                 list(tau = check_flag(tau, "tau", mc), level = 0.95), network = net, call = mc)
}

# Pairs of codes that a study compares.
network_sides <- function(net, side, call) {
  codes <- net$treatments$code
  all <- utils::combn(codes, 2L, simplify = FALSE)
  direct <- vapply(all, function(p) any(vapply(net$studies, function(s) all(p %in% s$codes), NA)), NA)
  if (identical(side, "all")) return(all[direct])
  words <- check_vector_of_words(side, "side", call)
  if (length(words) == 1L) words <- network_two_words(words, net$treatments)
  at <- match(words, net$treatments$name)
  at[is.na(at)] <- match(words, codes)[is.na(at)]
  if (length(at) != 2L || anyNA(at) || at[1L] == at[2L]) abort_input("side", "must be \"all\" or two treatments", call)
  chosen <- codes[sort(at)]
  if (!any(vapply(all[direct], identical, NA, chosen))) abort_input("side", "is compared by no study", call)
  list(chosen)
}

# One text of two treatments, whose names may have spaces.
network_two_words <- function(text, treatments) {
  known <- c(treatments$name, treatments$code)
  joined <- outer(known, known, paste)
  at <- which(joined == gsub("\\s+", " ", trimws(text)), arr.ind = TRUE)
  if (nrow(at)) known[at[1L, ]] else strsplit(trimws(text), "\\s+")[[1L]]
}

# In studies of both treatments their difference is the indirect one plus a parameter, half of which either arm carries.
network_split <- function(net, pair, symmetric, options) {
  other <- setdiff(net$treatments$code, net$ref)
  share <- if (symmetric) c(-0.5, 0.5) else c(0, 1)
  both <- vapply(net$studies, function(s) all(pair %in% s$codes), NA)
  part <- function(code) if (code %in% pair) share[match(code, pair)] else 0
  data <- net$data
  vars <- paste(net$stub[1L], other, sep = "_")
  for (j in seq_along(other)) {
    for (m in seq_along(other)) data[[sprintf("_side%d_%s", j, other[m])]] <- as.numeric(j == m)
    data[[sprintf("_side%d_inco", j)]] <- both * (part(other[j]) - part(net$ref))
  }
  equations <- stats::setNames(lapply(seq_along(other), function(j) sprintf("_side%d_%s", j, c(other, "inco"))), vars)
  if (!network_identified(net, data, equations, vars)) return(network_no_split(pair))
  args <- c(list(net$stub[1L], net$stub[2L], data = data, bscovariance = "exch 0.5", vars = vars, equations = equations,
                 commonparm = TRUE, noconstant = TRUE), options)
  fit <- mvmeta_with(args)
  network_split_row(pair, fit, other)
}

network_split_row <- function(pair, fit, other) {
  b <- as.numeric(fit$fit$beta)
  V <- unname(mvmeta_variance(fit$fit, fit$options))
  indirect <- c((other == pair[2L]) - (other == pair[1L]), 0)
  difference <- c(rep(0, length(other)), 1)
  L <- rbind(indirect + difference, indirect, difference)
  est <- as.numeric(L %*% b)
  se <- sqrt(rowSums((L %*% V) * L))
  data.frame(side = paste(pair, collapse = " "), direct = est[1L], se_direct = se[1L], indirect = est[2L],
             se_indirect = se[2L], difference = est[3L], se_difference = se[3L], p = two_sided_p(est[3L] / se[3L]),
             tau = sqrt(fit$fit$Sigma[1L, 1L]), stringsAsFactors = FALSE)
}

network_no_split <- function(pair) {
  out <- data.frame(side = paste(pair, collapse = " "), stringsAsFactors = FALSE)
  out[c("direct", "se_direct", "indirect", "se_indirect", "difference", "se_difference", "p", "tau")] <- NA_real_
  out
}

# Augmented arms carry no information: contrasts within the studies alone must tell the parameters apart.
network_identified <- function(net, data, equations, vars) {
  X <- lapply(seq_along(vars), function(j) as.matrix(data[equations[[j]]]))
  other <- setdiff(net$treatments$code, net$ref)
  rows <- lapply(seq_along(net$studies), function(i) {
    codes <- net$studies[[i]]$codes
    own <- t(vapply(codes, function(code) if (code == net$ref) 0 * X[[1L]][i, ] else X[[match(code, other)]][i, ],
                    numeric(length(other) + 1L)))
    sweep(own[-1L, , drop = FALSE], 2L, own[1L, ])
  })
  all <- do.call(rbind, rows)
  qr(all)$rank == ncol(all)
}

#' @export
format.stata_network_sidesplit <- function(x, ...) {
  t <- x$table
  if (nrow(t) == 1L) return(format_one_split(x, t))
  number <- function(v) stata_general(v, 9L)
  side <- max(8L, nchar(t$side) + 2L)
  lead <- justify(t$side, side, TRUE)
  head <- sprintf("%s%-22s%-22s%-24s", justify("Side", side, TRUE), "Direct", "Indirect", "Difference")
  second <- paste0(strrep(" ", side), strrep("Coef.      Std. Err.  ", 3L), "P>|z|")
  cells <- paste(number(t$direct), number(t$se_direct), number(t$indirect), number(t$se_indirect), number(t$difference),
                 number(t$se_difference), stata_fixed(t$p, 5L, 3L), sep = "  ")
  tau <- if (x$options$tau) paste0("   ", number(t$tau)) else rep("", nrow(t))
  c("", paste0(head, if (x$options$tau) "      tau"), second, paste0(lead, cells, tau),
    if (anyNA(t$direct)) "Sides without indirect evidence cannot be split")
}

format_one_split <- function(x, t) {
  b <- c(t$direct, t$indirect, t$difference)
  se <- c(t$se_direct, t$se_indirect, t$se_difference)
  half <- critical_value(x$options$level) * se
  table <- data.frame(name = c("direct", "indirect", "difference"), b = b, se = se, t = b / se, p = two_sided_p(b / se),
                      lo = b - half, hi = b + half)
  c("", sprintf("Results splitting %s:", t$side), format_coef_table(table, "", x$options$level, "z"))
}
