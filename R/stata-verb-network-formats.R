# The three formats of a network's data, conversion between them, and the description that network setup prints.
# Source: White (2015) Stata J 15:951. Oracle: genuine logs.

network_view <- function(net, format, call) {
  net$format <- format
  net$designs <- vapply(net$studies, function(s) paste(s$codes, collapse = " "), "")
  net$shape <- network_shape(net)
  net$data <- switch(format, augmented = network_augmented(net), standard = network_standard(net),
                     pairs = network_pairs(net))
  r <- list(dim = nrow(net$treatments) - 1L, n_studies = length(net$ids), components = max(net$shape$component),
            df_inconsistency = net$shape$df_inconsistency, df_heterogeneity = net$shape$df_heterogeneity, ref = net$ref,
            format = format)
  out <- do.call(new_stata_view, c(list("network", r, net$data), net[setdiff(names(net), "format")]))
  out$format <- format
  out$call <- call
  out
}

# Components, degrees of freedom: parameters of the designs beyond those of a consistent network; studies beyond
# designs.
network_shape <- function(net) {
  codes <- net$treatments$code
  component <- seq_along(codes)
  for (s in net$studies) {
    at <- match(s$codes, codes)
    component[component %in% component[at]] <- min(component[at])
  }
  arms <- vapply(net$studies, function(s) length(s$codes), 0L)
  by_design <- sum(arms[!duplicated(net$designs)] - 1L)
  component <- match(component, unique(component))
  list(component = component, df_inconsistency = by_design - (length(codes) - max(component)),
       df_heterogeneity = sum(arms - 1L) - by_design)
}

# Of one study all contrasts against `base`, which it has.
network_against <- function(study, base) {
  at <- match(base, study$codes)
  y <- c(0, study$y)
  S <- rbind(0, cbind(0, study$S))
  L <- diag(length(y))
  L[, at] <- L[, at] - 1
  list(codes = study$codes[-at], y = as.numeric(L %*% y)[-at], S = (L %*% S %*% t(L))[-at, -at, drop = FALSE])
}

network_augmented <- function(net) {
  other <- setdiff(net$treatments$code, net$ref)
  y <- matrix(NA_real_, length(net$studies), length(other))
  S <- matrix(NA_real_, length(net$studies), length(other)^2)
  for (i in seq_along(net$studies)) {
    found <- network_augmented_study(net, net$studies[[i]])
    at <- match(found$codes, other)
    y[i, at] <- found$y
    S[i, as.vector(outer(at, (at - 1L) * length(other), `+`))] <- found$S
  }
  upper <- which(upper.tri(diag(length(other)), TRUE), arr.ind = TRUE)
  upper <- upper[order(upper[, 1L], upper[, 2L]), , drop = FALSE]
  colnames(y) <- paste(net$stub[1L], other, sep = "_")
  cells <- S[, (upper[, 2L] - 1L) * length(other) + upper[, 1L], drop = FALSE]
  colnames(cells) <- paste(net$stub[2L], other[upper[, 1L]], other[upper[, 2L]], sep = "_")
  stats <- network_augmented_stats(net, network_wide_stats(net, net$treatments$code))
  cbind(network_lead(net, stats), as.data.frame(y), as.data.frame(cells))
}

# The arms that augment studies stand in the data, too.
network_augmented_stats <- function(net, stats) {
  if (!is.null(net$large)) return(stats)
  for (i in seq_along(net$studies)) {
    s <- net$studies[[i]]
    if (net$ref %in% s$codes || is.null(s$arms)) next
    stats[i, paste0(net$rules$stats, net$ref)] <- network_extra_arm(net$rules, s$arms)[net$rules$stats]
  }
  stats
}

# A study without the reference arm gets one of almost no information.
network_augmented_study <- function(net, s) {
  if (net$ref %in% s$codes) return(network_against(s, net$ref))
  if (is.null(s$arms) || !is.null(net$large)) {
    large <- if (is.null(net$large)) 1e5 else net$large
    return(list(codes = s$codes, y = c(0, s$y), S = large + rbind(0, cbind(0, s$S))))
  }
  extra <- network_extra_arm(net$rules, s$arms)
  if (net$rules$measure == "smd") return(network_augmented_smd(s, net$rules))
  c(list(codes = s$codes), network_contrasts(rbind(extra, s$arms), net$rules))
}

network_extra_arm <- function(o, rows) {
  counts <- length(o$stats) == 2L
  n <- rows[[o$stats[length(o$stats)]]]
  mean <- if (!is.null(o$augmean)) o$augmean else if (counts) sum(rows[[o$stats[1L]]]) / sum(n) else
    sum(n * rows[[o$stats[1L]]]) / sum(n)
  extra <- rows[1L, ]
  extra[[o$stats[1L]]] <- if (counts) mean * o$augment else mean
  if (!counts) extra[[o$stats[2L]]] <- if (is.null(o$augsd)) sum(n * rows[[o$stats[2L]]]) / sum(n) else o$augsd
  extra[[o$stats[length(o$stats)]]] <- o$augment
  extra
}

# The pooled standard deviation is that of the arms that there are.
network_augmented_smd <- function(s, o) {
  large <- 1 / o$augment
  list(codes = s$codes, y = c(0, s$y), S = large + rbind(0, cbind(0, s$S)))
}

network_lead <- function(net, stats) {
  lead <- stats::setNames(data.frame(net$ids, stringsAsFactors = FALSE), net$studyvar)
  out <- if (ncol(stats)) cbind(lead, stats) else lead
  out[["_design"]] <- net$designs
  out
}

# Statistics of the arms, a column for each treatment.
network_wide_stats <- function(net, codes) {
  stats <- net$rules$stats
  if (!length(stats)) return(data.frame(row.names = seq_along(net$studies)))
  columns <- lapply(codes, function(code) {
    out <- lapply(stats, function(w) vapply(net$studies, function(s) {
      at <- match(code, s$codes)
      if (is.na(at)) NA_real_ else s$arms[[w]][at]
    }, 0))
    stats::setNames(as.data.frame(out), paste0(stats, code))
  })
  do.call(cbind, columns)
}

network_standard <- function(net) {
  most <- max(vapply(net$studies, function(s) length(s$y), 0L))
  pad <- function(x, n) c(x, rep(NA, n - length(x)))
  y <- t(vapply(net$studies, function(s) as.numeric(pad(s$y, most)), numeric(most)))
  y <- matrix(y, length(net$studies))
  upper <- which(upper.tri(diag(most), TRUE), arr.ind = TRUE)
  upper <- upper[order(upper[, 1L], upper[, 2L]), , drop = FALSE]
  cell <- function(s, a, b) if (max(a, b) > length(s$y)) NA_real_ else s$S[a, b]
  S <- apply(upper, 1L, function(at) vapply(net$studies, cell, 0, a = at[1L], b = at[2L]))
  contrast <- vapply(seq_len(most), function(j) vapply(net$studies, function(s)
    if (j > length(s$y)) "" else paste(s$codes[j + 1L], "-", s$codes[1L]), ""), character(length(net$studies)))
  contrast <- matrix(contrast, length(net$studies))
  colnames(y) <- paste(net$stub[1L], seq_len(most), sep = "_")
  S <- matrix(S, length(net$studies))
  colnames(S) <- paste(net$stub[2L], upper[, 1L], upper[, 2L], sep = "_")
  colnames(contrast) <- paste0("_contrast_", seq_len(most))
  cbind(network_lead(net, network_ordered_stats(net, most)), as.data.frame(y), as.data.frame(S),
        as.data.frame(contrast, stringsAsFactors = FALSE))
}

network_ordered_stats <- function(net, most) {
  stats <- net$rules$stats
  if (!length(stats)) return(data.frame(row.names = seq_along(net$studies)))
  columns <- lapply(0:most, function(j) stats::setNames(as.data.frame(lapply(stats, function(w)
    vapply(net$studies, function(s) if (j >= length(s$codes)) NA_real_ else s$arms[[w]][j + 1L], 0))), paste0(stats,
                                                                                                              j)))
  do.call(cbind, columns)
}

# A row for each pair of arms of each study.
network_pairs <- function(net) {
  rows <- Map(function(s, id, design) {
    pair <- utils::combn(length(s$codes), 2L)
    y <- c(0, s$y)
    S <- rbind(0, cbind(0, s$S))
    a <- pair[1L, ]
    b <- pair[2L, ]
    out <- data.frame(id = id, design = design, t1 = s$codes[a], t2 = s$codes[b], y = y[b] - y[a],
                      stderr = sqrt(S[cbind(a, a)] + S[cbind(b, b)] - 2 * S[cbind(a, b)]), stringsAsFactors = FALSE)
    for (w in net$rules$stats) out[paste0(w, 1:2)] <- list(s$arms[[w]][a], s$arms[[w]][b])
    out$contrast <- paste(out$t2, "-", out$t1)
    out
  }, net$studies, net$ids, net$designs)
  out <- do.call(rbind, rows)
  stats <- if (length(net$rules$stats)) as.vector(t(outer(net$rules$stats, 1:2, paste0)))
  stats <- if (length(stats)) as.vector(outer(net$rules$stats, 1:2, paste0))
  out <- out[c("id", stats, "design", "t1", "t2", "y", "stderr", "contrast")]
  names(out) <- c(net$studyvar, stats, "_design", "_t1", "_t2", net$stub[1L],
                  if (is.null(net$stderr)) "_stderr" else net$stderr,
                  "_contrast")
  out
}

#' Another format of a network's data
#'
#' @param net a result of [network_setup()] or [network_import()].
#' @param format `"augmented"`, `"standard"` or `"pairs"`.
#' @param large variance that augmented studies get for their missing reference arm.
#' @param ref another reference treatment.
#' @return The network in that format.
#' @details Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_convert")`.
#' @section In other software: Stata `network convert`.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3), t = c("A", "B", "A", "C", "B", "C"), r = c(9, 23,
#'                 11, 12, 29, 79),
#'                 n = c(140, 140, 78, 85, 170, 702))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = t)
#' network_convert(net, "pairs")$data
#' @export
network_convert <- function(net, format, large = NULL, ref = NULL) {
  mc <- match.call()
  check_network(net, mc)
  check_given(format, call = mc)
  if (!is.null(large)) large <- check_number(large, "large", 0, call = mc)
  parts <- unclass(net)
  parts <- parts[setdiff(names(parts), c("r", "table", "fit", "options", "call", "format", "data", "shape", "designs"))]
  parts$large <- if (!is.null(large)) large else if (net$format == "augmented" && is.null(net$large)) NULL else 1e5
  if (!is.null(ref)) parts$ref <- network_reference(ref, net$treatments, mc)
  parts$converted <- c(net$format, network_format(format, mc))
  network_view(parts, parts$converted[2L], mc)
}

check_network <- function(net, call) {
  check_given(net, "net", call)
  if (!inherits(net, "stata_network")) abort_input("net", "must be a result of network_setup() or network_import()",
                                                   call)
}

# ---- log ----------------------------------------------------------------------------------------

#' @export
format.stata_network <- function(x, ...) {
  if (!is.null(x$converted)) return(sprintf("Converting %s to %s ...", x$converted[1L], x$converted[2L]))
  if (isTRUE(x$imported)) {
    return(c("Importing from pairs format", paste("Reference treatment:", x$ref),
             paste("All treatments:", paste(network_code_words(x$treatments), collapse = " "))))
  }
  line <- function(name, value) paste0(justify(paste0("   ", name), 39L, TRUE), value)
  mark <- ifelse(x$treatments$code == x$ref, " (reference)", "")
  pooled <- if (length(x$rules$stats) == 3L) line("Standard deviation pooling:", if (x$rules$sdpool) "on" else "off")
  c("Treatments used", line(paste0(x$treatments$code, mark, ":"), x$treatments$name), "",
    paste0(justify("Measure", 39L, TRUE), x$measure), pooled, "", "Studies", line("ID variable:", x$studyvar),
    line("Number used:", length(x$ids)), network_zero_lines(x, line), network_augmented_lines(x, line), "",
    justify("Network information", 39L, TRUE), network_component_line(x, line),
    line("D.f. for inconsistency:", x$shape$df_inconsistency), line("D.f. for heterogeneity:",
                                                                    x$shape$df_heterogeneity), "",
    "Current data", network_data_lines(x, line))
}

network_code_words <- function(t) ifelse(t$code == t$name, t$code, sprintf("%s (%s)", t$code, t$name))

network_component_line <- function(x, line) {
  n <- max(x$shape$component)
  line("Components:", if (n == 1L) "1 (connected)" else sprintf("%d (disconnected)", n))
}

network_zero_lines <- function(x, line) {
  if (x$outcome != "count") return(NULL)
  ids <- if (length(x$zero)) paste(x$zero, collapse = " ") else "[none]"
  c(line("IDs with zero cells:", ids),
    if (length(x$zero)) line("- count added to all their cells:", trimws(stata_general(x$rules$zeroadd, 9L))))
}

network_augmented_lines <- function(x, line) {
  if (x$format != "augmented") return(NULL)
  lacks <- x$ids[!vapply(x$studies, function(s) x$ref %in% s$codes, NA)]
  if (!length(lacks)) return(if (x$outcome == "count") line("IDs with augmented reference arm:", "[none]"))
  c(line("IDs with augmented reference arm:", paste(lacks, collapse = " ")),
    line("- observations added:", format(x$rules$augment, scientific = FALSE)),
    line("- mean in augmented observations:",
         if (is.null(x$rules$augmean)) "study-specific mean" else format(x$rules$augmean)))
}

network_data_lines <- function(x, line) {
  list <- switch(x$format, augmented = "_y* _S*", standard = "_design _contrast* _y* _S*",
                 pairs = "_design _contrast _y* _stderr*")
  c(line("Data format:", x$format), line("Design variable:", "_design"),
    if (x$format == "pairs") c(line("Estimate variable:", "_y"), line("Standard error variable:", "_stderr"),
                               line("Contrast variable:", "_contrast")) else
      c(line("Estimate variables:", "_y*"), line("Variance variables:", "_S*")),
    if (x$format == "standard") line("Contrast variables:", "_contrast*"),
    line("Command to list the data:", sprintf("list %s %s, noo sepby(_design)", x$studyvar, list)))
}
