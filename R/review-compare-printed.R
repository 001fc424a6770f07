# compare_printed(): a published number against its recomputation from published, hence rounded, inputs. The inputs
# before rounding lie in a box around the printed ones; what the analysis gives over that box decides.

#' Compare printed numbers with their recomputation from rounded inputs
#'
#' A paper prints its inputs (estimates, limits) and its results with few decimals. Recomputed from the inputs as
#' printed, a result may differ from the printed one only because of that. `compare_printed()` runs the analysis again
#' on inputs inside the box of half a unit of the last printed digit around each of them, and says of each
#' result whether it is equal, equal within the rounding of the inputs, different, or not decidable.
#'
#' @param printed named vector of the printed results. NA: not printed, gives no verdict.
#' @param fun the analysis: a function of `inputs` that returns a named vector with at least these names.
#' @param inputs a data frame or a list of vectors of the printed inputs. Numeric columns named in `input.digits` are
#'   varied; other columns and missing values are handed on as they are.
#' @param digits number of decimals of the printed results: one number, or a named vector (the unnamed element
#'   stands for the rest).
#' @param input.digits named vector: number of decimals of the inputs that were rounded. By default all numeric
#'   columns, each with the most decimals that occur in any of them.
#' @param range list of two numbers by name: the least and greatest possible value of a result, such as
#'   `list(p = c(0, 1))`.
#' @param draws number of points drawn inside and on the corners of the box, besides those that are chosen.
#' @param seed seed of the draws; the caller's random numbers are left as they were.
#'
#' @return A data frame of class `metaparity_comparison`: `quantity`, `printed`, `ours`, `low` and `high` (what was
#'   reached over the box), `digits` and the factor `verdict` with the levels `equal`, `equal within rounding`,
#'   `different`, `not decidable`.
#' @details Points of the box: the centre, each input moved alone, for each result the two corners to which these
#' moves point, and `draws` at random, half of them corners; a result that is still out of reach, but not far, is
#' approached one input at a time from the nearest points. `low` and `high` are reached, not bounded, so that
#'   `equal within rounding` is certain for results that vary continuously, while `different` may be a
#'   very narrow miss. `not decidable` means that the rounding leaves everything open: the result reaches 90 % or more
#'   of its `range`, or the result was not reached, but the analysis fails at points of the box. Errors:
#'   `metaparity_error_input`, when `fun` does not return all the names of `printed`.
#' @section In other software: there is no such command in Stata, RevMan or \pkg{metafor}.
#' @examples
#' d <- data.frame(est = c(-0.76, 11.01, -3.76), lb = c(-8.01, 2.23, -4.76),
#'                 ub = c(6.49, 19.79, -2.76))
#' pool <- function(d) {
#'   fit <- rma(d$est, sei = (d$ub - d$lb) / (2 * qnorm(.975)), method = "DL")
#'   c(est = fit$beta[1], lb = fit$ci.lb, ub = fit$ci.ub)
#' }
#' compare_printed(c(est = 1.24, lb = -6.65, ub = 9.13), pool, d, digits = 2, draws = 20)
#' @export
compare_printed <- function(printed, fun, inputs, digits = NULL, input.digits = NULL, draws = 200, seed = 1,
                            range = NULL) {
  check_given(printed)
  check_given(fun)
  check_given(inputs)
  call <- match.call()
  if (!is.numeric(printed) || is.null(names(printed))) abort_input("printed", "must be a named numeric vector", call)
  quantities <- names(printed)
  digits <- digits_of(printed, digits)
  draws <- check_number(draws, "draws", 0, 1e6, call)
  if (!is.function(fun)) abort_input("fun", sprintf("must be a function, not %s", describe(fun)), call)
  seed <- check_seed(seed, call)
  half <- rounding_box(inputs, input.digits, call)
  ours <- tryCatch(fun(inputs),
                   error = function(e) abort_input("fun", sprintf("failed: %s", conditionMessage(e)), call))
  if (!all(quantities %in% names(ours))) {
    abort_input("fun", sprintf("must return %s", paste(setdiff(quantities, names(ours)), collapse = ", ")), call)
  }
  at <- box_point(fun, inputs, half, quantities)
  reached <- box_results(at, half, quantities, ours[quantities], draws, seed)
  out <- new_comparison(printed, ours[quantities], reached$results, digits)
  gap <- pmax(out$low - printed, printed - out$high)
  width <- out$high - out$low
  far <- which(out$verdict %in% "different" & (gap <= 2 * width | width == 0))
  found <- lapply(far, function(q) {
    approach(at, reached, q, printed[q], 0.5 * 10^-digits[q], which(unlist(half, use.names = FALSE) > 0))
  })
  out <- new_comparison(printed, ours[quantities], do.call(rbind, c(list(reached$results), found)), digits)
  out$verdict[leaves_open(out, reached$results, check_ranges(range, quantities, call))] <- "not decidable"
  out
}

# A row of least and greatest value for each result.
check_ranges <- function(range, quantities, call) {
  out <- matrix(c(-Inf, Inf), length(quantities), 2L, byrow = TRUE, dimnames = list(quantities, NULL))
  fine <- is.null(range) || (is.list(range) && all(names(range) %in% quantities) &&
                             length(names(range)) == length(range))
  if (!fine) abort_input("range", "must be a list with names of `printed`", call)
  for (name in names(range)) {
    ends <- check_numeric_vector(range[[name]], "range", call)
    if (length(ends) != 2L || !isTRUE(ends[1L] < ends[2L]))
      abort_input("range", "must hold two ascending numbers each", call)
    out[name, ] <- ends
  }
  out
}

# Where agreement says nothing, since nearly every value is reached, and where disagreement cannot be told.
leaves_open <- function(x, results, range) {
  covered <- (x$high - x$low) / (range[, 2L] - range[, 1L]) >= 0.9
  failed <- apply(results, 2L, anyNA)
  which((x$verdict %in% "equal within rounding" & covered %in% TRUE) | (x$verdict %in% "different" & failed))
}

digits_of <- function(printed, digits) {
  if (is.null(digits)) return(rep(printed_digits(printed), length(printed)))
  check_decimals(digits)
  if (is.null(names(digits))) return(rep_len(digits, length(printed)))
  out <- digits[names(printed)]
  if (any(names(digits) == "")) out[is.na(out)] <- digits[names(digits) == ""][1L]
  if (anyNA(out)) abort_input("digits", sprintf("must have a number for `%s`", names(printed)[is.na(out)][1L]))
  unname(out)
}

# Half a unit of the last printed digit of each input that was rounded.
rounding_box <- function(inputs, input.digits, call) {
  if (is.null(input.digits)) {
    numeric <- names(inputs)[vapply(inputs, is.numeric, NA)]
    input.digits <- stats::setNames(rep(printed_digits(unlist(inputs[numeric])), length(numeric)), numeric)
  }
  bad <- setdiff(names(input.digits), names(inputs))
  if (is.null(names(input.digits)) || length(bad)) {
    abort_input("input.digits", "must carry names of `inputs`", call)
  }
  out <- lapply(names(input.digits), function(name) {
    ifelse(is.na(inputs[[name]]), 0, 0.5 * 10^-input.digits[[name]])
  })
  stats::setNames(out, names(input.digits))
}

# The results at a point of the box, given by shifts from -1 to 1 of all inputs; NA where the analysis fails.
box_point <- function(fun, inputs, half, quantities) {
  size <- unlist(half, use.names = FALSE)
  function(shift) {
    moved <- utils::relist(shift * size, half)
    for (name in names(half)) inputs[[name]] <- inputs[[name]] + moved[[name]]
    tryCatch(suppressWarnings(as.numeric(fun(inputs)[quantities])),
             error = function(e) rep(NA_real_, length(quantities)))
  }
}

# Points and their results, one row each: the centre, each input alone, two corners per result, random points.
box_results <- function(at, half, quantities, centre, draws, seed) {
  size <- unlist(half, use.names = FALSE)
  free <- which(size > 0)
  alone <- lapply(free, function(j) replace(numeric(length(size)), j, 1))
  first <- c(list(numeric(length(size))), alone)
  results <- do.call(rbind, lapply(first, at))
  slopes <- sign(sweep(results[-1L, , drop = FALSE], 2L, as.numeric(centre)))
  corners <- lapply(seq_along(quantities), function(q) {
    shift <- replace(numeric(length(size)), free, slopes[, q])
    shift[is.na(shift)] <- 0
    list(shift, -shift)
  })
  more <- c(unlist(corners, recursive = FALSE), draw_shifts(length(size), draws, seed))
  list(points = c(first, more), results = rbind(results, do.call(rbind, lapply(more, at))))
}

# A result that no point has reached yet is approached from the nearest ones, one input at a time, until it is
# within `enough` of the target. Returns the results on the way.
approach <- function(at, reached, q, target, enough, free, starts = 3L) {
  distance <- abs(reached$results[, q] - target)
  found <- NULL
  for (i in utils::head(which_nearest(distance), starts)) {
    way <- descend(at, reached$points[[i]], distance[i], function(result) abs(result[q] - target), enough, free)
    found <- rbind(found, way)
    if (isTRUE(any(abs(way[, q] - target) <= enough))) break
  }
  found
}

# Points in the order of their distance, one for each distance.
which_nearest <- function(distance) {
  i <- order(distance, na.last = NA)
  i[!duplicated(distance[i])]
}

# Moves single inputs to the ends, quarters and middle of their range while the result comes closer. A step that leaves
# the distance as it is is taken too: results may be steps themselves.
descend <- function(at, best, nearest, distance, enough, free, sweeps = 4L) {
  found <- NULL
  for (sweep in seq_len(sweeps)) {
    before <- nearest
    for (j in free) for (shift in setdiff(c(-1, -0.5, 0, 0.5, 1), best[j])) {
      result <- at(replace(best, j, shift))
      now <- distance(result)
      if (!isTRUE(now <= nearest)) next
      best[j] <- shift
      if (now < nearest) found <- rbind(found, result)
      nearest <- now
      if (nearest <= enough) return(found)
    }
    if (nearest == before && sweep > 1L) break
  }
  found
}

# Points of the cube from -1 to 1, every second one a corner.
draw_shifts <- function(m, draws, seed) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(if (is.null(old)) rm(".Random.seed", envir = globalenv()) else assign(".Random.seed", old, globalenv()))
  set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
  lapply(seq_len(draws), function(i) {
    u <- stats::runif(m, -1, 1)
    if (i %% 2) sign(u) else u
  })
}

verdict_levels <- c("equal", "equal within rounding", "different", "not decidable")

new_comparison <- function(printed, ours, reached, digits) {
  extreme <- function(f) apply(reached, 2L, function(x) if (all(is.na(x))) NA_real_ else f(x, na.rm = TRUE))
  low <- extreme(min)
  high <- extreme(max)
  half <- 0.5 * 10^-digits + 1e-9
  equal <- abs(ours - printed) <= half
  within <- low <= printed + half & high >= printed - half
  verdict <- ifelse(equal %in% TRUE, 1L, ifelse(within %in% TRUE, 2L, 3L))
  verdict[is.na(printed)] <- NA
  out <- data.frame(quantity = names(printed), printed = unname(printed), ours = unname(ours), low = low, high = high,
                    digits = digits, verdict = factor(verdict_levels[verdict], verdict_levels),
                    stringsAsFactors = FALSE, row.names = NULL)
  class(out) <- c("metaparity_comparison", "data.frame")
  out
}

#' @export
print.metaparity_comparison <- function(x, ...) {
  cat(format_comparison(x), sep = "\n")
  invisible(x)
}

format_comparison <- function(x) {
  show <- function(value) ifelse(is.na(value), ".", sprintf("%.*f", x$digits, value))
  verdict <- ifelse(is.na(x$verdict), "", translate(as.character(x$verdict)))
  columns <- list(quantity = x$quantity, printed = show(x$printed), ours = show(x$ours), lowest = show(x$low),
                  highest = show(x$high), verdict = verdict)
  cells <- Map(function(head, text) {
    text <- c(translate(head), text)
    if (head %in% c("quantity", "verdict")) pad_right(text) else pad_left(text)
  }, names(columns), columns)
  sub(" +$", "", do.call(paste, c(unname(cells), sep = "  ")))
}
