# Owns why_differs(): the choices that make two conventions or two fits differ, switched one at a time.
# Source: the conventions table; each difference is a refit with one choice changed.

#' Why two results differ
#'
#' Takes each choice that two conventions make differently, or each part in which two fits differ, switches it alone,
#' and shows by how much the result moves.
#'
#' @param a,b two names of conventions (see [conventions()]), or two results: fits of [rma()] or Stata views that hold
#'   one.
#' @param data,...,measure,model,method,level for conventions: the studies, as in [compare_software()].
#' @param x a result.
#' @param digits decimals printed.
#' @param row.names,optional ignored.
#' @return An object of class `metaparity_differences`: `table`, a data frame with one row per choice: `choice`, `a`,
#'   `b` (the two values), `estimate`, `ci.lb`, `ci.ub`, `tau2`, `I2`, `Q` (the change from `a` when this choice alone
#'   is that of `b`), and `moves`, is any of them not 0; `from`, `to`: the two results; `all`: their full difference.
#'   Choices act together, so that the single changes need not add up to it.
#' @details Errors: `metaparity_error_input`.
#' @section In other software: none has it.
#' @references The sources of the conventions are named in [conventions()].
#' @examples
#' trials <- data.frame(e1 = c(4, 6, 0), n1 = c(123, 306, 231),
#'                      e2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' why_differs("stata14", "metafor", trials, ai = e1, n1i = n1, ci = e2, n2i = n2,
#'             measure = "RR", model = "common")
#' why_differs(rma(c(.1, .5, .9), c(.1, .1, .2), method = "DL"),
#'             rma(c(.1, .5, .9), c(.1, .1, .2), test = "knha"))
#' @export
why_differs <- function(a, b, data = NULL, ..., measure = NULL, model = c("random", "common"), method = NULL,
                        level = 95) {
  check_given(a)
  check_given(b)
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  if (is.character(a) && is.character(b)) {
    rules <- list(convention_spec(a, call), convention_spec(b, call))
    s <- compared_studies(mc, data, parent.frame(), measure, model, method, level, call)
    return(new_differences(switched_rules(rules[[1L]], rules[[2L]]), function(choices) {
      convention_fit(s, choices)$row[difference_fields]
    }, c(a, b), s$measure, call))
  }
  fits <- list(result_fit(a, "a", call), result_fit(b, "b", call))
  parts <- lapply(fits, fit_choices)
  new_differences(list(a = parts[[1L]], b = parts[[2L]], names = differing(parts[[1L]], parts[[2L]])), refit_choices,
                  c("a", "b"), fits[[1L]]$measure, call)
}

difference_fields <- c("estimate", "ci.lb", "ci.ub", "tau2", "I2", "Q")

differing <- function(a, b) Filter(function(n) !identical(a[[n]], b[[n]]), intersect(names(a), names(b)))

switched_rules <- function(a, b) list(a = a, b = b, names = setdiff(differing(a, b), c("name", "software")))

# from: list(a, b, names); fit: choices -> one row of numbers.
new_differences <- function(from, fit, titles, measure, call) {
  start <- fit(from$a)
  end <- fit(from$b)
  rows <- lapply(from$names, function(name) {
    changed <- from$a
    changed[name] <- from$b[name]
    value <- tryCatch(fit(changed), metaparity_error = function(e) NULL)
    step <- if (is.null(value)) start * NA else value - start
    cbind(choice = name, a = choice_text(from$a[[name]]), b = choice_text(from$b[[name]]), step,
          stringsAsFactors = FALSE)
  })
  table <- do.call(rbind, rows)
  if (is.null(table)) table <- cbind(choice = character(), a = character(), b = character(), start[0L, ])
  rownames(table) <- NULL
  size <- pmax(abs(unlist(start)), 1e-8)
  moved <- function(i) any(abs(unlist(table[i, difference_fields])) > 1e-10 * size, na.rm = TRUE)
  table$moves <- vapply(seq_len(nrow(table)), moved, NA)
  structure(list(table = table, from = start, to = end, all = end - start, titles = titles, measure = measure,
                 call = call),
            class = "metaparity_differences")
}

choice_text <- function(x) {
  if (is.null(x) || length(x) == 1L && is.na(x)) return("none")
  if (length(x) > 3L) return(sprintf("%d values", length(x)))
  if (is.numeric(x)) x <- format(x, digits = 6)
  paste(x, collapse = ", ")
}

# The fit behind a result.
result_fit <- function(x, arg, call) {
  if (inherits(x, "stata_view")) {
    parts <- c(list(x$fit), if (is.list(x$fit) && !inherits(x$fit, "rma")) x$fit)
    hit <- Filter(function(f) inherits(f, "rma"), parts)
    if (length(hit)) x <- hit[[1L]]
  }
  if (!inherits(x, "metaparity")) {
    abort_input(arg, sprintf("must be the name of a convention, or a result that holds a fit, not %s", describe(x)),
                call)
  }
  x
}

# What a fit was made of: the studies' numbers and the choices of the model.
fit_choices <- function(f) {
  pooled <- inherits(f, c("rma.mh", "rma.peto"))
  spec <- if (pooled) list(method = if (inherits(f, "rma.mh")) "MH" else "Peto", test = "z",
                           level = f$spec$level %||% (1 - f$level)) else f$spec
  list(yi = as.numeric(f$yi), vi = as.numeric(f$vi), X = if (!pooled && !isTRUE(f$int.only)) unname(f$X),
       weights = if (!pooled) f$weights, method = spec$method, test = spec$test, level = spec$level,
       tau2 = if (is.null(spec$tau2)) NA_real_ else spec$tau2, q_centre = if (is.null(spec$q_centre))
         NA_real_ else spec$q_centre,
       I2_from = if (isTRUE(spec$i2_from_q) || spec$method %in% c(common_methods, "MH", "Peto")) "Q" else "tau2",
       pooled = if (pooled) list(est = as.numeric(f$beta)[1L], se = f$se[1L]))
}

refit_choices <- function(ch) {
  if (ch$method %in% c("MH", "Peto") && !is.null(ch$pooled)) return(refit_pooled(ch))
  if (length(ch$yi) != length(ch$vi)) abort_input("yi", "and `vi` cannot be switched one without the other")
  method <- if (ch$method %in% c("MH", "Peto")) "EE" else ch$method
  X <- if (!is.null(ch$X)) `colnames<-`(ch$X, c("intrcpt", sprintf("x%d", seq_len(ncol(ch$X) - 1L))))
  input <- new_input(ch$yi, ch$vi, X, ch$weights)
  f <- fit_uni(input, model_spec(method, test = ch$test, level = ch$level, tau2 = ch$tau2, q_centre = ch$q_centre,
                                i2_from_q = ch$I2_from == "Q"))
  data.frame(estimate = f$beta[1L], ci.lb = f$ci.lb[1L], ci.ub = f$ci.ub[1L], tau2 = f$tau2, I2 = f$I2, Q = f$QE)
}

refit_pooled <- function(ch) {
  half <- critical_value(ch$level) * ch$pooled$se
  q <- call_core(cpp_q_around(ch$yi, ch$vi, ch$pooled$est))
  data.frame(estimate = ch$pooled$est, ci.lb = ch$pooled$est - half, ci.ub = ch$pooled$est + half, tau2 = 0,
             I2 = i2_from_q(q, length(ch$yi) - 1), Q = q)
}

#' @rdname why_differs
#' @export
as.data.frame.metaparity_differences <- function(x, row.names = NULL, optional = FALSE, ...) x$table

#' @rdname why_differs
#' @export
print.metaparity_differences <- function(x, digits = 5, ...) {
  cat(translate(format_differences(x, digits)), sep = "\n")
  invisible(x)
}

format_differences <- function(x, digits) {
  number <- function(v, sign = "")
    ifelse(is.na(v), ".", formatC(as.numeric(v), digits = digits, format = "f", flag = sign))
  moving <- x$table[x$table$moves, ]
  idle <- x$table[!x$table$moves, ]
  total <- function(label, values, sign) c(label, "", "", vapply(unlist(values[difference_fields]), number, "", sign))
  cells <- rbind(c(translate("choice"), x$titles, difference_fields), total(x$titles[1L], x$from, ""),
                 if (nrow(moving)) as.matrix(cbind(moving[1:3], lapply(moving[difference_fields], number, sign = "+"))),
                 total(translate("all together"), x$all, "+"), total(x$titles[2L], x$to, ""))
  wide <- apply(cells, 2L, function(column) max(display_width(column)))
  line <- vapply(seq_len(nrow(cells)), function(i) {
    paste(c(justify(cells[i, 1:3], wide[1:3], left = TRUE), justify(cells[i, -(1:3)], wide[-(1:3)])), collapse = "  ")
  }, "")
  c(sprintf("Why %s and %s differ: each choice of the latter alone", x$titles[1L], x$titles[2L]), "",
    sub("\\s+$", "", line[1L]),
    strrep("-", display_width(line[1L])), sub("\\s+$", "", line[-1L]),
    if (nrow(idle)) c("", paste("Differ without effect on these numbers:", toString(idle$choice))))
}
