# Blocks in Stata's layout: format_*() return character vectors, print methods only cat() them.
# Source: the documented layouts of metan 9, metabias, sbe16 meta; oracle: the verified logs, line by line.

new_stata_view <- function(command, r, table, fit = NULL, options = list(), ...) {
  structure(list(r = r, table = table, fit = fit, options = options, ...),
            class = c(paste0("stata_", command), "stata_view"))
}

#' Stata views: log, table and saved results
#'
#' `metan()`, `metabias6()`, `metainf()`, `metaninf()`, `metatrim()`, `galbr()` and `metafunnel()` return a
#' view of a result: `r`, the unrounded saved results under Stata's `r()` names; `table`, the printed rows
#' as a data frame with unrounded numbers; `fit`, the underlying fits. `print()` writes Stata's log,
#' `format()` returns its lines, `summary()` returns the saved results, `as.data.frame()` returns `table`.
#'
#' @param x,object A Stata view.
#' @param row.names,optional Ignored.
#' @param ... Ignored.
#' @return `print()` returns `x` invisibly; `format()` a character vector, one element per line;
#'   `summary()` an object with the saved results; `as.data.frame()` a data frame.
#' @details There are no errors of its own: those of a command come from the command.
#' @section In other software: in Stata the saved results are listed by `return list`.
#' @examples
#' d <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15))
#' v <- metan(es, se, data = d, random = TRUE)
#' summary(v)
#' as.data.frame(v)
#' @name stata_view
NULL

#' @rdname stata_view
#' @export
print.stata_view <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

#' @rdname stata_view
#' @export
as.data.frame.stata_view <- function(x, row.names = NULL, optional = FALSE, ...) x$table

#' @rdname stata_view
#' @export
summary.stata_view <- function(object, ...) {
  structure(list(command = sub("^stata_", "", class(object)[1L]), r = object$r), class = "summary.stata_view")
}

#' @rdname stata_view
#' @export
print.summary.stata_view <- function(x, ...) {
  cat(format_return_list(x$r), sep = "\n")
  invisible(x)
}

# Stata's `return list` and `ereturn list`: scalars at %18.0g, macros in quotes, matrices by their size.
format_return_list <- function(r, class = "r") {
  scalar <- vapply(r, function(v) is.numeric(v) && length(v) == 1L && !is.matrix(v), NA)
  macro <- vapply(r, function(v) is.character(v) && length(v) == 1L, NA)
  table <- vapply(r, function(v) is.numeric(v) && is.matrix(v), NA)
  named <- function(name) justify(sprintf("%s(%s)", class, name), 22L)
  out <- character()
  if (any(scalar)) {
    out <- c("", "scalars:", paste(named(names(r)[scalar]), "=", trimws(stata_general(unlist(r[scalar]), 18L))))
  }
  if (any(macro)) out <- c(out, "", "macros:", sprintf("%s = \"%s\"", named(names(r)[macro]), unlist(r[macro])))
  if (!any(table)) return(out)
  size <- vapply(r[table], function(m) paste(nrow(m), "x", ncol(m)), "")
  c(out, "", "matrices:", paste(named(names(r)[table]), ": ", size))
}

# Text placed at a column, as _col() does: nothing is cut when the line is already longer.
at_column <- function(line, column, text) paste0(justify(line, column - 1L, left = TRUE), text)

rule <- function(...) {
  paste(strrep("-", c(...)), collapse = "+")
}

# "(d.f. = 9) p = 0.322" and the like never switch to "<0.001".
stata_p <- function(p, digits = 3L) stata_fixed(p, digits + 1L, digits)

ci_heading <- function(level) {
  sprintf("[%s%% Conf. Interval]", trimws(stata_general(100 * level, 9L)))
}

# The coefficient table of regress (78 columns); `coef`: data frame name, b, se, t, p, lo, hi.
format_coef_table <- function(coef, depvar, level = 0.95, statistic = "t", heading = "Coef.") {
  head <- sprintf("%s | %s   Std. Err.      %s    P>|%s|     %s", justify(abbreviate_name(depvar, 12L), 12L),
                  justify(heading, 10L), statistic, statistic, ci_heading(level))
  c(strrep("-", 78L), head, rule(13L, 64L), coef_lines(coef), strrep("-", 78L))
}

coef_lines <- function(coef) {
  paste0(justify(abbreviate_together(coef$name), 12L), " |  ",
         stata_general(coef$b, 9L), "  ", stata_general(coef$se, 9L), " ",
         stata_fixed(coef$t, 8L, 2L), " ", stata_fixed(coef$p, 7L, 3L), "    ",
         stata_general(coef$lo, 9L), "   ", stata_general(coef$hi, 9L))
}

# Names longer than `width` lose their middle: ab~z.
abbreviate_name <- function(name, width) {
  long <- nchar(name) > width
  n <- nchar(name)
  name[long] <- paste0(substr(name[long], 1L, width - 2L), "~", substr(name[long], n[long], n[long]))
  name
}

# Long names of one table stay different: as many of the last letters as that needs.
abbreviate_together <- function(names, width = 12L) {
  out <- names
  long <- which(nchar(names) > width & !duplicated(names))
  open <- long
  for (tail in seq_len(width - 2L)) {
    if (!length(open)) break
    n <- nchar(names[open])
    out[open] <- paste0(substr(names[open], 1L, width - 1L - tail), "~", substring(names[open], n - tail + 1L))
    open <- open[duplicated(out[open]) | duplicated(out[open], fromLast = TRUE)]
  }
  out[match(names, names[long], 0L) > 0L] <- out[long][match(names, names[long], 0L)]
  out
}

# Text in the middle of `width` columns; an odd space goes to the left.
centered <- function(text, width) {
  left <- max(0L, (width - nchar(text) + 1L) %/% 2L)
  justify(paste0(strrep(" ", left), text), width, TRUE)
}

# The Begg block that metabias 6 and metabias print alike.
format_begg_block <- function(begg) {
  c(" ",
    sprintf("  adj. Kendall's Score (P-Q) = %s", stata_integer(begg$score, 7L)),
    sprintf("          Std. Dev. of Score = %s %s", stata_fixed(begg$sd, 7L, 2L),
            if (begg$ties) "(corrected for ties)" else ""),
    sprintf("           Number of Studies = %s", stata_integer(begg$k, 7L)),
    sprintf("                          z  = %s", stata_fixed(begg$z, 7L, 2L)),
    sprintf("                    Pr > |z| = %s", stata_fixed(begg$p, 7L, 3L)),
    sprintf("                          z  = %s (continuity corrected)", stata_fixed(begg$z_cc, 7L, 2L)),
    sprintf("                    Pr > |z| = %s (continuity corrected)", stata_fixed(begg$p_cc, 7L, 3L)))
}

# The output of sbe16 meta; `pooled`: data frame with rows Fixed and Random.
format_sbe16 <- function(pooled, q, k, tau2, eform = FALSE) {
  line <- paste0(justify(pooled$method, 7L, left = TRUE), "|", stata_fixed(pooled$est, 8L, 3L),
                 stata_fixed(pooled$lci, 8L, 3L), stata_fixed(pooled$uci, 8L, 3L),
                 stata_fixed(pooled$z, 9L, 3L), stata_fixed(pooled$p, 9L, 3L))
  line[1L] <- paste0(line[1L], stata_integer(k, 7L))
  c("", paste0("Meta-analysis ", if (eform) "(exponential form)" else ""), "",
    "       |  Pooled      95% CI         Asymptotic      No. of",
    "Method |     Est   Lower   Upper  z_value  p_value   studies",
    rule(7L, 52L), line, "",
    sprintf("Test for heterogeneity: Q= %s on %s degrees of freedom (p= %s)", stata_fixed(q$stat, 6L, 3L),
            format(q$df), stata_p(q$p)),
    sprintf("Moment-based estimate of between studies variance = %s", stata_fixed(tau2, 6L, 3L)))
}

# r(table) and r(level) of a command of the language. table: as it is shown, base levels without b; eform: exponents?
coefficient_results <- function(table, names, level, eform = FALSE, df = NULL) {
  table$b[is.na(table$b)] <- as.numeric(eform)
  out <- rbind(b = table$b, se = table$se, t = table$t, pvalue = table$p, ll = table$lo, ul = table$hi,
               df = df %||% NA_real_,
               crit = critical_value(level / 100, df %||% NA_real_), eform = as.numeric(eform))
  if (is.null(df)) rownames(out)[3L] <- "z"
  colnames(out) <- names
  list(table = out, level = level)
}
