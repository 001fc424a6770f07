# Owns prisma_flow(): numbers of a study flow -> boxes, balances and a figure. Source: Moher et al. (2009), Page et
# al. (2021).

#' PRISMA flow diagram
#'
#' Draws the flow of records through a review after the templates of PRISMA 2009 or 2020, and checks that the numbers
#' add up.
#'
#' @param data where the numbers come from: a data frame or the path of a .csv with the columns `box` and `n`, and
#'   best `stage`; what [read_rm5()] returns, its table `flowchart`, or the path of an .rm5 with an editable chart; or
#'   nothing. The template file of the package PRISMA2020 is understood, too.
#' @param ... numbers by name, which go before those of `data`. Those of sources and exclusions may have several parts
#'   with names (`databases = c(PubMed = 213, Embase = 277)`, `excluded_reports = c("wrong design" = 3, "no data" =
#'   1)`); beside named parts one without a name is their total.
#'   * Identification: `databases`, `registers`, `other` (other sources, other methods), `identified` (the total),
#'     `duplicates`, `automation`, `removed` (for other reasons), `after_duplicates`.
#'   * Screening: `screened`, `excluded`, `sought`, `not_retrieved`, `assessed`, `excluded_reports` (full texts);
#'     `other_sought`, `other_not_retrieved`, `other_assessed`, `other_excluded` of other methods.
#'   * Included: `included`, `previous` and `total` are `c(studies =, reports =)` or studies only; `qualitative`,
#'   `quantitative`.
#'   * `after`: boxes after inclusion, named by their texts.
#' @param template `"2020"` or `"2009"`; by default 2009 for numbers that only that template has (`after_duplicates`,
#'   `qualitative`, `quantitative`).
#' @param boxes boxes and lines that are switched on or off, by name: `c(automation = FALSE, registers = TRUE)`. One
#'   that is on without a number is left open for it. `stages` and `heads` are the bars at the left and above.
#' @param labels other texts for boxes, by name: `c(screened = "Titles and abstracts screened")`.
#' @param fill complete numbers that follow from the others (records screened, full texts assessed)?
#' @param check check the balances, and warn of those that do not add up?
#' @param title a title, by default none.
#' @param fontsize size of the text in points, by default 9; boxes follow it.
#' @param draw draw the figure?
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @return A figure of class `metaparity_prisma`, invisibly, which [save_figure()] writes to a file; `print()` tells
#'   its balances, `plot()` draws it. `as.data.frame()` gives a row per number: `box`, `part`, `n`, `derived`; its
#'   element `balance` is a data frame of the checks: `check`, `formula`, `expected`, `relation`, `stated`,
#'   `difference`, `balanced`.
#' @details Checked are: sources against their total, records against what was removed, excluded and not retrieved at
#' each step, parts against their totals, reports assessed less those excluded against reports included (or studies,
#' where reports are not given; under PRISMA 2020 several reports may be of one study), new and previous studies
#' against the total, syntheses against what is included. Of a RevMan chart: each step against the one before it less
#' the box beside it, and reasons against their total.
#'
#' What does not balance gives one warning of class `metaparity_warning_balance` (field `balance`). Errors of class
#' `metaparity_error_input`: names that are no boxes, numbers that are not whole or negative, files without boxes;
#' `metaparity_error_studies` names rows of `data` whose `n` is no number.
#' @section In other software: RevMan 5: Figures, Study flow diagram; \pkg{PRISMA2020}: `PRISMA_flowdiagram()`; no
#'   arithmetic in either.
#' @references Moher D, Liberati A, Tetzlaff J, Altman DG (2009). *BMJ*, 339, b2535. Page MJ, McKenzie JE, Bossuyt PM,
#'   et al. (2021). *BMJ*, 372, n71.
#' @examples
#' x <- prisma_flow(databases = c(PubMed = 213, Embase = 277), registers = 20, duplicates = 110,
#'                  excluded = 350, not_retrieved = 3,
#'                  excluded_reports = c("wrong design" = 30, "no data" = 7),
#'                  included = c(studies = 9, reports = 10))
#' x
#' x$balance
#' prisma_flow(databases = 510, other = 12, after_duplicates = 400, excluded = 350,
#'             excluded_reports = 41, qualitative = 9, quantitative = 7)
#' @export
prisma_flow <- function(data = NULL, ..., template = NULL, boxes = NULL, labels = NULL, fill = TRUE, check = TRUE,
                        title = NULL,
                        fontsize = NULL, draw = TRUE, lang = NULL) {
  call <- sys.call()
  lang <- if (is.null(lang)) getOption("metaparity.lang", "en") else check_language(lang, call = call)
  style <- page_style(fontsize, call = call)
  title <- rob_title(title, "title", call)
  fill <- check_flag(fill, "fill", call)
  check_flag(draw, "draw", call)
  if (!is.null(template)) template <- check_choice(as_year(template), c("2020", "2009"), "template", call)
  read <- prisma_data(data, call)
  if (!is.null(read$chart)) {
    if (...length()) abort_input("...", "cannot be joined with the boxes of a RevMan chart", call)
    flow <- list(chart = read$chart, balance = chart_balance(read$chart), numbers = read$numbers)
  } else {
    flow <- template_flow(c(read$flow, NULL), prisma_numbers(list(...), call), template, boxes, labels, fill, lang,
                          call)
  }
  if (check_flag(check, "check", call)) warn_balance(flow[["balance"]],
                                                     call) else flow[["balance"]] <- flow[["balance"]][0L, ]
  content <- c(flow[["chart"]], list(title = title))
  figure <- with_language(lang, new_page_figure("metaparity_prisma", content, style))
  figure[c("numbers", "balance", "template", "lang", "checked")] <- list(flow[["numbers"]], flow[["balance"]],
                                                                         flow[["template"]], lang, check)
  if (draw) with_language(lang, draw_figure(figure))
  invisible(figure)
}

as_year <- function(template) if (is.numeric(template) && length(template) == 1L) format(template) else template

template_flow <- function(read, given, template, boxes, labels, fill, lang, call) {
  flow <- utils::modifyList(as.list(read), given)
  if (is.null(template)) {
    template <- if (any(c("after_duplicates", "qualitative", "quantitative") %in% names(flow))) "2009" else "2020"
  }
  boxes <- prisma_switches(boxes, call)
  labels <- prisma_labels(labels, call)
  balance <- prisma_balance(flow, template)
  whole <- if (fill) prisma_filled(flow, template) else flow
  chart <- with_language(lang, prisma_chart(whole, template, boxes, labels, open = !length(flow)))
  list(chart = chart, balance = balance, numbers = prisma_table(whole, names(flow)), template = template)
}

prisma_switches <- function(boxes, call) {
  if (is.null(boxes)) return(logical())
  known <- c(names(prisma_fields), "stages", "heads")
  if (is.character(boxes) && all(boxes %in% known)) boxes <- stats::setNames(rep(TRUE, length(boxes)), boxes)
  if (!is.logical(boxes) || anyNA(boxes) || is.null(names(boxes)) || !all(names(boxes) %in% known)) {
    abort_input("boxes", sprintf("must be TRUE or FALSE with names of boxes: %s", paste(known, collapse = ", ")), call)
  }
  boxes
}

prisma_labels <- function(labels, call) {
  if (is.null(labels)) return(NULL)
  if (!is.character(labels) || anyNA(labels) || !all(validUTF8(labels)) || is.null(names(labels)) ||
        !all(names(labels) %in% names(prisma_fields))) {
    abort_input("labels", sprintf("must be texts with names of boxes: %s",
                                  paste(names(prisma_fields), collapse = ", ")), call)
  }
  labels
}

# A row per number.
prisma_table <- function(flow, given) {
  rows <- lapply(names(flow), function(name) {
    part <- names(flow[[name]])
    data.frame(box = name, part = if (is.null(part)) "" else part, n = unname(flow[[name]]), derived = !name %in% given,
               stringsAsFactors = FALSE)
  })
  empty <- data.frame(box = character(), part = character(), n = numeric(), derived = logical(),
                      stringsAsFactors = FALSE)
  do.call(rbind, c(list(empty), rows[order(match(names(flow), names(prisma_fields)))]))
}

warn_balance <- function(balance, call) {
  off <- balance[!balance$balanced, ]
  if (!nrow(off)) return(invisible())
  told <- paste(with_language("en", format_balance(off)), collapse = "; ")
  warning(warningCondition(gettextf("the numbers of the flow do not balance: %s", told), balance = off,
                           class = c("metaparity_warning_balance", "metaparity_warning"), call = call))
}

# "Records screened: 774 - 163 - 599 = 12, stated 10 (-2)".
format_balance <- function(balance) {
  stated <- ifelse(balance$relation == "=", translate("stated"), translate("at most that, stated"))
  sprintf("%s: %s = %s, %s %s%s", translate(balance$check), balance$formula, count_digits(balance$expected), stated,
          count_digits(balance$stated), ifelse(balance$balanced, "", sprintf(" (%+.0f)", balance$difference)))
}

count_digits <- function(n) ifelse(is.na(n), "", formatC(n, digits = 0L, format = "f"))

#' @export
print.metaparity_prisma <- function(x, ...) {
  with_language(x$lang, cat(format_prisma(x), sep = "\n"))
  invisible(x)
}

prisma_reports <- c(previous = "Reports of studies included in previous version of review",
                    included = "Reports of included studies",
                    total = "Reports of total included studies")

format_prisma <- function(x) {
  head <- if (is.null(x$template)) translate("Study flow diagram of RevMan") else translatef("PRISMA %s flow diagram",
                                                                                             x$template)
  numbers <- x$numbers
  label <- ifelse(numbers$box %in% names(prisma_fields), translate(unname(prisma_fields[numbers$box])), numbers$box)
  pair <- numbers$box %in% prisma_pairs & numbers$part == "reports"
  label[pair] <- translate(prisma_reports[numbers$box[pair]])
  part <- nzchar(numbers$part) & !(numbers$box %in% prisma_pairs)
  label <- paste0(label, ifelse(part, paste0(": ", translate(numbers$part)), ""), ifelse(numbers$derived, " *", ""))
  body <- if (nrow(numbers)) paste0("  ", pad_right(label), "  ", formatC(count_digits(numbers$n), width = 6L))
  note <- if (any(numbers$derived)) translate("* follows from the other numbers")
  off <- !x$balance$balanced
  verdict <- if (!nrow(x$balance)) translate("Balances: none checked") else if (any(off)) {
    c(translatef(if (sum(off) == 1L) "Balances: %d checked, %d does not add up" else
                   "Balances: %d checked, %d do not add up", nrow(x$balance), sum(off)),
      paste0("  ", format_balance(x$balance[off, ])))
  } else translatef("Balances: %d checked, all add up", nrow(x$balance))
  c(head, body, note, verdict)
}

#' @rdname prisma_flow
#' @param x what `prisma_flow()` returned.
#' @param row.names,optional not used.
#' @export
as.data.frame.metaparity_prisma <- function(x, row.names = NULL, optional = FALSE, ...) x$numbers
