# network_table(), network_pattern(): the arms of a network by study, and its designs. Oracle: genuine logs.

#' The data of a network as tables
#'
#' `network_table()` shows the arms of the studies, `network_pattern()` the designs and how many studies have them.
#'
#' @param net a result of [network_setup()] (for the designs of [network_import()], too).
#' @return Objects of class `stata_network_table` and `stata_network_pattern` (see [stata_view]).
#' @details Errors: `metaparity_error_input`.
#' @section In other software: Stata `network table`, `network pattern`, which draws its patterns.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3), t = c("A", "B", "A", "C", "B", "C"), r = c(9, 23,
#'                 11, 12, 29, 79),
#'                 n = c(140, 140, 78, 85, 170, 302))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = t)
#' network_table(net)
#' network_pattern(net)
#' @export
network_table <- function(net) {
  mc <- match.call()
  check_network(net, mc)
  if (!length(net$rules$stats)) abort_input("net", "has no arms: it was imported as contrasts", mc)
  order <- c(net$ref, setdiff(net$treatments$code, net$ref))
  table <- cbind(stats::setNames(data.frame(net$ids), net$studyvar), network_wide_stats(net, order))
  new_stata_view("network_table", list(n_studies = length(net$ids)), table, NULL, list(), network = net, order = order,
                 call = mc)
}

#' @export
format.stata_network_table <- function(x, ...) {
  net <- x$network
  stats <- net$rules$stats
  cell <- lapply(x$table[-1L], function(v) ifelse(is.na(v), "", trimws(stata_general(v, 9L))))
  width <- max(nchar(c(unlist(cell), stats)))
  names <- net$treatments$name[match(x$order, net$treatments$code)]
  group <- max(length(stats) * (width + 2L) - 2L, network_telling_width(names) + 4L)
  inner <- length(names) * (group + 4L) - 4L
  head <- vapply(names, network_group_head, "", width = group)
  glue <- function(cells) paste(vapply(split(cells, rep(seq_along(names), each = length(stats))), function(g)
    justify(paste(justify(g, width), collapse = "  "), group), ""), collapse = "    ")
  id <- justify(abbreviate_name(as.character(x$table[[1L]]), 9L), 9L)
  body <- vapply(seq_len(nrow(x$table)), function(i) paste0(id[i], " | ", glue(vapply(cell, `[`, "", i))), "")
  bar <- strrep("-", 12L + inner)
  c("", bar, paste0("          |", centered("Treatment and Statistic", inner + 1L)),
    paste0("          | ", paste(head, collapse = "    ")),
    paste0(justify(net$studyvar, 9L), " | ", glue(rep(stats, length(names)))), rule(10L, inner + 1L), body, bar)
}

# How many columns it takes to tell the names apart, when the room of the numbers does not do.
network_telling_width <- function(names) {
  width <- 4L
  while (anyDuplicated(strtrim(names, width)) && width < max(display_width(names))) width <- width + 1L
  width
}

# A name between dashes.
network_group_head <- function(name, width) {
  name <- strtrim(name, max(width - 4L, 1L))
  left <- width - display_width(name) - 2L
  paste0(strrep("-", left %/% 2L), " ", name, " ", strrep("-", left - left %/% 2L))
}

#' @rdname network_table
#' @export
network_pattern <- function(net) {
  mc <- match.call()
  check_network(net, mc)
  n <- table(net$designs)
  table <- data.frame(design = names(n), studies = as.integer(n), stringsAsFactors = FALSE)
  table <- table[order(-table$studies, table$design), ]
  rownames(table) <- NULL
  new_stata_view("network_pattern", list(n_designs = nrow(table)), table, NULL, list(), network = net, call = mc)
}

#' @export
format.stata_network_pattern <- function(x, ...) {
  codes <- x$network$treatments$code
  width <- max(nchar(codes))
  marks <- vapply(strsplit(x$table$design, " ", fixed = TRUE), function(arms)
    paste(justify(ifelse(codes %in% arms, "+", "."), width), collapse = " "), "")
  c("Designs (+ arm present)", paste0("  Studies   ", paste(justify(codes, width), collapse = " ")),
    paste0(stata_integer(x$table$studies, 9L), "   ", marks))
}
