# netleague: the effects of all pairs of treatments as a square of texts, treatments on its diagonal.
# Source: Chaimani et al. (2013) PLoS ONE 8:e76654; help of netleague. Oracle: network_compare().

netleague_options <- c(mvmetaresults = "mvmeta", nomvmeta = "nomv", labels = "lab", export = "exp", sort = "sort",
                       eform = "eform", nokeep = "nokeep")

# netleague [es se t1 t2, nomvmeta] [, labels() sort() eform export() nokeep]: cells hold the column against the row.
run_netleague <- function(command, session, rows) {
  o <- command_options(command, netleague_options)
  found <- if (is.null(o$nomvmeta)) league_of_model(command, o, session) else league_of_variables(command, o,
      session, rows)
  cells <- league_cells(found, !is.null(o$eform))
  emit(session, c(divided_table(stats::setNames(as.data.frame(cells), rep("", ncol(cells))))[-(3:4)],
                  "  Effects are of the treatment of the column against that of the row"))
  if (nzchar(unquote(o$export %||% ""))) export_cells(unname(cells), o$export, session)
  if (is.null(o$nokeep)) {
    names <- stata_names(paste0("_", found$codes))
    store_at_end(stats::setNames(lapply(seq_len(ncol(cells)), function(j) cells[, j]), names), session)
    emit(session, c("", " The league table has been stored at the end of the dataset"))
  }
}

# The reference stands at the end, the others above it.
league_of_model <- function(command, o, session) {
  if (nrow(command$rest)) abort_stata("option nomvmeta required with variables", 198L)
  e <- network_effects(command, session)
  names <- if (is.null(o$labels)) e$names else netgraph_labels(o$labels, e$codes, command)
  if (!is.null(o$sort) && is.null(o$labels) && nzchar(trimws(o$sort))) abort_stata("sort() requires labels()", 198L)
  order <- if (nzchar(trimws(o$sort %||% ""))) netgraph_order(o$sort, names, "sort") else rev(seq_along(names))
  pairs <- expand.grid(i = order, j = order)
  pairs <- network_pairs_of(e, pairs$i, pairs$j, session$level)
  list(codes = e$codes[order], names = names[order], order = order, pairs = pairs[pairs$i != pairs$j, ])
}

league_of_variables <- function(command, o, session, rows) {
  p <- netgraph_pairs(command, session, rows, c("es", "se", "t1", "t2"))
  names <- netgraph_labels(o$labels, p$codes, command)
  order <- if (nzchar(trimws(o$sort %||% ""))) netgraph_order(o$sort, p$codes, "sort") else rev(seq_along(names))
  if (anyDuplicated(paste(pmin(p$a, p$b), pmax(p$a,
      p$b)))) abort_stata("a comparison stands in several observations", 459L)
  half <- critical_value(session$level / 100) * p$se
  one <- data.frame(i = p$b, j = p$a, est = p$y, lo = p$y - half, hi = p$y + half)
  other <- data.frame(i = p$a, j = p$b, est = -p$y, lo = -p$y - half, hi = -p$y + half)
  list(codes = p$codes[order], names = names[order], order = order, pairs = rbind(one, other))
}

# Row i, column j: j against i, on the scale that is asked for.
league_cells <- function(found, eform) {
  t <- found$pairs
  show <- function(x) fixed_cells(if (eform) exp(x) else x, 2L)
  out <- matrix("", length(found$names), length(found$names))
  diag(out) <- found$names
  out[cbind(match(t$i, found$order), match(t$j, found$order))] <- sprintf("%s (%s,%s)", show(t$est), show(t$lo),
      show(t$hi))
  out
}
