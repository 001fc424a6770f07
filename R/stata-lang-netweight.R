# netweight: how much each direct comparison contributes to each effect of the network and to the network as a whole.
# Source: Lu, Welton, Higgins, White & Ades (2011) Res Synth Methods 2:43; Krahn, Binder & Koenig (2013) BMC Med Res
# Methodol 13:35; Chaimani et al. (2013) PLoS ONE 8:e76654; help of netweight. Oracle: weights by hand in a
# triangle, lm().

netweight_options <- c(random = "random", fixed = "fixed", tau2 = "tau", bargraph = "bar", bylevels = "bylev",
  bycolors = "bycol", notable = "notab", scale = "sc", novalues = "noval", nostudies = "nost", color = "col",
  symbol = "symb", textsize = "text", noplot = "nopl", noymatrix = "noy", novmatrix = "nov", noxmatrix = "nox",
  nohmatrix = "noh", export = "exp", reference = "ref", treatexclude = "treatex", baroptions = "baropt",
  threshold = "thres")

# netweight es se t1 t2 [if] [in] [, random|fixed tau2(#) notable noplot novalues nostudies scale() color() export()
# ...]
run_netweight <- function(command, session, rows) {
  given <- figure_options(command, netweight_options)
  o <- given$o
  words <- given$words
  refuse_netgraph(o, c("bargraph", "bylevels", "bycolors", "reference", "treatexclude", "baroptions", "threshold"),
      command,
                  "use e(p), the contributions in percent, and graph bar")
  method <- c(random = "DL", fixed = "FE")[[only_one_of(o, c("random", "fixed"))]]
  tau2 <- if (!is.null(o$tau2)) number_word(o$tau2)
  if (!is.null(tau2) && !isTRUE(tau2 >= 0)) abort_stata("tau2() must be a number from 0 on", 198L)
  p <- netgraph_pairs(command, session, rows, c("es", "se", "t1", "t2"))
  d <- netgraph_direct(p, method, tau2)
  w <- network_contributions(d, p$codes)
  w$studies <- tabulate(d$of, length(d$a))
  if (is.null(o$notable)) emit(session, netweight_lines(w, o))
  session$e <- list(cmd = "netweight", y = as_stata_matrix(w$y), v = as_stata_matrix(w$v), x = as_stata_matrix(w$X),
                    h = as_stata_matrix(w$H), p = as_stata_matrix(w$P))
  session$regression <- session$estimates <- NULL
  if (nzchar(unquote(o$export %||% ""))) export_cells(cbind(Comparison = rownames(w$P), as.data.frame(w$P,
      check.names = FALSE)), o$export, session)
  if (is.null(o$noplot)) {
    figure <- netweight_figure(w, o)
    add_graph(restyled(figure_with_page(figure, words), words), list(name = words$name), session)
  }
}

# The network's estimates are linear in the direct ones: H = X (X'WX)^-1 X'W over all pairs; shares of the absolute
# values.
network_contributions <- function(d, codes) {
  n <- length(codes)
  design <- function(a, b) {
    X <- matrix(0, length(a), n)
    X[cbind(seq_along(b), b)] <- 1
    X[cbind(seq_along(a), a)] <- X[cbind(seq_along(a), a)] - 1
    X[, -1L, drop = FALSE]
  }
  X <- design(d$a, d$b)
  if (qr(X)$rank < n - 1L) abort_stata("the network is not connected", 459L)
  pairs <- utils::combn(n, 2L)
  direct <- paste(d$a, d$b)
  mixed <- paste(pairs[1L, ], pairs[2L, ]) %in% direct
  rest <- pairs[, !mixed, drop = FALSE]
  all <- rbind(X, design(rest[1L, ], rest[2L, ]))
  W <- 1 / d$v
  H <- all %*% solve(crossprod(X * sqrt(W)), t(X * W))
  name <- function(a, b) paste(codes[b], "vs", codes[a])
  columns <- name(d$a, d$b)
  dimnames(H) <- list(c(columns, if (ncol(rest)) name(rest[1L, ], rest[2L, ])), columns)
  P <- 100 * abs(H) / rowSums(abs(H))
  P <- rbind(P, `Entire network` = 100 * colSums(abs(H)) / sum(abs(H)))
  colnames(X) <- codes[-1L]
  rownames(X) <- columns
  list(y = matrix(d$est, dimnames = list(columns, "y")), v = matrix(diag(d$v, length(d$v)), length(d$v),
      dimnames = list(columns, columns)),
       X = X, H = H, P = P, direct = length(columns))
}

netweight_lines <- function(w, o) {
  table <- function(title, m, digits) {
    cells <- lapply(seq_len(ncol(m)), function(j) fixed_cells(m[, j], digits))
    c("", title, divided_table(c(list(` ` = rownames(m)), stats::setNames(cells, colnames(m)))))
  }
  c(if (is.null(o$noymatrix)) table("Direct relative effects:", w$y, 3L),
    if (is.null(o$novmatrix)) table("Variances of the direct relative effects:", cbind(variance = diag(w$v)), 3L),
    if (is.null(o$noxmatrix)) table("Design matrix:", w$X, 0L),
    if (is.null(o$nohmatrix)) table("Contribution of the direct to the network effects (hat matrix):", w$H, 3L),
    table("Percentage contribution of the direct comparisons:", w$P, 1L))
}

# Squares with the area of the share; mixed estimates above, indirect ones below, the whole network at the foot.
netweight_figure <- function(w, o) {
  style <- scatter_style_stata()
  text <- text_share(o$textsize)
  style[c("pt_tick", "pt_axis_title")] <- list(9 * text, 8 * text)
  style$frame <- "none"
  k <- ncol(w$P)
  n <- nrow(w$P)
  below <- c(rownames(w$P), if (is.null(o$nostudies)) "Included studies")
  at <- expand.grid(row = seq_len(n), column = seq_len(k))
  share <- as.vector(w$P)
  row <- at$row + 0.6 * (at$row > w$direct & w$direct < n - 1L) + 0.6 * (at$row == n)
  place <- c(row[seq_len(n)], if (is.null(o$nostudies)) row[n] + 1.2)
  # Long names of the columns stand upright.
  name <- 0.075 * text * max(display_width(colnames(w$P)))
  upright <- name > 1
  column <- if (upright) 0.6 else max(0.5, name)
  col <- stata_colour(o$color %||% "", "#C8C8C8")
  symbol <- stata_symbol(o$symbol %||% "", 15)
  cex <- 4 * sqrt(share / 100) * scale_option(o$scale, "scale")
  values <- if (is.null(o$novalues)) layer_words(at$column[share >= 0.05], row[share >= 0.05],
      fixed_cells(share[share >= 0.05], 1L))
  counts <- if (is.null(o$nostudies)) layer_words(seq_len(k), rep(place[n + 1L], k), as.character(w$studies))
  layers <- list(layer_points(at$column, row, symbol$pch, cex, col), values, counts)
  x <- new_axis(c(0.4, k + 0.6), seq_len(k), colnames(w$P), "Direct comparisons in the network", crowded = "shrink",
      ticks = FALSE, upright = upright)
  y <- new_axis(c(max(place) + 0.7, 0.3), place, below, "", crowded = "shrink", ticks = FALSE, horizontal = TRUE)
  left <- 0.085 * text * max(display_width(below))
  new_figure(layers, x, y, list(), NULL, style, data.frame(at, share = share), c(1 + left + k * column,
      1.4 + 0.32 * text * (max(place) + 1) + if (upright) min(name, 2.5) else 0))
}
