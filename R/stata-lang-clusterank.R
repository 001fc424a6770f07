# clusterank: treatments grouped by their ranks in two outcomes. Source: Chaimani et al. (2013) PLoS ONE 8:e76654;
# Handl, Knowles & Kell (2005) Bioinformatics 21:3201 for the cophenetic correlation; Jung, Park, Du & Drake (2003)
# J Glob Optim 25:91 for the clustering gain; help of clusterank. Oracle: stats::hclust(), the gain by hand.

clusterank_options <- c(best = "best", method = "meth", clusters = "cl", scatteroptions = "scat", dendrogram = "den")

clusterank_linkages <- c(single = "single", average = "average", complete = "complete", weighted = "mcquitty",
                         wards = "ward.D", centroid = "centroid", median = "median")

clusterank_metrics <- c(euclidean = "euclidean", l2 = "euclidean", l2squared = "squared", squared = "squared",
                        absolute = "manhattan", cityblock = "manhattan", manhattan = "manhattan", l1 = "manhattan",
                        maximum = "maximum", linfinity = "maximum", canberra = "canberra")

# clusterank outcome1 outcome2 [treatment] [if] [in] [, best(min|max) method(linkage metric) clusters(#) dendrogram]
run_clusterank <- function(command, session, rows) {
  given <- figure_options(command, clusterank_options)
  o <- given$o
  words <- given$words
  vars <- expand_varlist(command$rest, session, 2L, 3L)
  rows <- selected_rows(command, session, rows)
  x <- vapply(vars[1:2], numbers_of, numeric(length(rows)), rows = rows, session = session)
  x <- matrix(x, length(rows), 2L)
  use <- stats::complete.cases(x)
  if (sum(use) < 3L) abort_stata("insufficient observations", 2001L)
  names <- if (length(vars) == 3L) shown_value(vars[3L], session, rows) else as.character(rows)
  x <- x[use, , drop = FALSE]
  names <- names[use]
  tree <- clusterank_tree(x, o$method)
  found <- clusterank_groups(x, tree, o$clusters)
  session$r <- list(clusters = found$k, cophenetic = tree$r, gain = found$gain)
  emit(session, clusterank_lines(tree, found, names))
  axis <- vapply(vars[1:2], series_title, "", session = session)
  smallest <- clusterank_best(o$best)
  figure <- if (is.null(o$dendrogram)) clusterank_figure(x, names, found$group, axis, smallest, o) else
    dendrogram_figure(tree, names)
  add_graph(restyled(figure_with_page(figure, words), words), list(name = words$name), session)
}

clusterank_best <- function(text) {
  word <- trimws(text %||% "max")
  if (!word %in% c("min", "max")) abort_stata("best() must be min or max", 198L)
  word == "min"
}

cluster_distance <- function(x, metric) {
  if (metric == "squared") return(stats::dist(x)^2)
  stats::dist(x, metric)
}

# The tree of the linkage and metric that are asked for, else of those whose heights agree best with the distances.
clusterank_tree <- function(x, text) {
  linkage <- unique(clusterank_linkages)
  metric <- unique(clusterank_metrics)
  words <- tolower(plain_words(text %||% ""))
  if (length(words) > 2L) abort_stata("method() takes a linkage and a metric", 198L)
  if (length(words)) linkage <- known_word(sub("linkage$", "", words[1L]), clusterank_linkages, words[1L])
  if (length(words) == 2L) metric <- known_word(words[2L], clusterank_metrics, words[2L])
  grid <- expand.grid(linkage = linkage, metric = metric, stringsAsFactors = FALSE)
  trees <- lapply(seq_len(nrow(grid)), function(i) {
    d <- cluster_distance(x, grid$metric[i])
    h <- stats::hclust(d, grid$linkage[i])
    both <- cbind(as.vector(d), as.vector(stats::cophenetic(h)))
    r <- if (min(apply(both, 2L, stats::var)) > 0) stats::cor(both)[1L, 2L] else -1
    list(h = h, r = r, linkage = names(clusterank_linkages)[match(grid$linkage[i], clusterank_linkages)],
         metric = names(clusterank_metrics)[match(grid$metric[i], clusterank_metrics)])
  })
  trees[[which.max(vapply(trees, `[[`, 0, "r"))]]
}

known_word <- function(word, known, shown) {
  if (!word %in% names(known)) abort_stata(sprintf("method(): %s is not known", shown), 198L)
  known[[word]]
}

# The number of clusters with the largest gain: sum of (size - 1) times the squared distance of the centres.
clusterank_groups <- function(x, tree, text) {
  n <- nrow(x)
  sizes <- if (is.null(text)) seq(2L, n - 1L) else as.integer(number_word(text))
  if (any(is.na(sizes) | sizes < 1L | sizes > n)) abort_stata(sprintf("clusters() must lie between 1 and %d", n), 198L)
  if (is.unsorted(tree$h$height)) abort_gap(sprintf("clusters of %s linkage with reversals", tree$linkage),
                                            "use another linkage in method()")
  groups <- lapply(sizes, function(k) stats::cutree(tree$h, k))
  gain <- vapply(groups, clustering_gain, 0, x = x)
  best <- which.max(gain)
  list(group = groups[[best]], k = sizes[best], gain = gain[best])
}

clustering_gain <- function(group, x) {
  centre <- colMeans(x)
  sum(vapply(split(seq_along(group), group), function(at) {
    (length(at) - 1) * sum((colMeans(x[at, , drop = FALSE]) - centre)^2)
  }, 0))
}

clusterank_lines <- function(tree, found, names) {
  members <- vapply(split(names, found$group), paste, "", collapse = ", ")
  c("", sprintf(" Linkage: %s, metric: %s, cophenetic correlation coefficient = %.2f", tree$linkage, tree$metric,
      tree$r),
    sprintf(" Number of clusters: %d, clustering gain = %s", found$k, fixed_cells(found$gain, 2L)),
    divided_table(list(Cluster = as.character(seq_along(members)), Treatments = unname(members))))
}

# The better end of both axes is at the right and at the top.
clusterank_figure <- function(x, names, group, titles, smallest, o) {
  style <- scatter_style_stata()
  looks <- part_words(o$scatteroptions)
  symbol <- stata_symbol(looks$msymbol %||% "", 19)
  col <- rep_len(stata_colours, max(group))[group]
  axis <- function(j, grid = FALSE) stata_axis(x[, j], style, titles[j], grid = grid, reverse = smallest)
  layers <- list(layer_points(x[, 1L], x[, 2L], symbol$pch, 1.4 * stata_size(looks$msize), col),
                 layer_labels(x[, 1L], x[, 2L], names))
  legend <- lapply(seq_len(max(group)), function(g) legend_point(sprintf("Cluster %d", g), symbol$pch,
                                                                 rep_len(stata_colours, max(group))[g]))
  new_figure(layers, axis(1L), axis(2L, TRUE), list(), legend, style,
             data.frame(treatment = names, x = x[, 1L], y = x[, 2L], cluster = group), c(6.5, 5.2))
}

dendrogram_figure <- function(tree, names) {
  style <- scatter_style_stata()
  h <- tree$h
  n <- length(names)
  place <- match(seq_len(n), h$order)
  node <- matrix(0, n - 1L, 2L)
  layers <- list()
  for (i in seq_len(n - 1L)) {
    ends <- lapply(h$merge[i, ], function(k) if (k < 0) c(place[-k], 0) else node[k, ])
    at <- vapply(ends, `[`, 0, 1L)
    low <- vapply(ends, `[`, 0, 2L)
    node[i, ] <- c(mean(at), h$height[i])
    layers[[i]] <- layer_line(c(low[1L], h$height[i], h$height[i], low[2L]), c(at[1L], at[1L], at[2L], at[2L]),
        "#1A476F", 1.4)
  }
  x <- stata_axis(c(0, h$height), style, "Dissimilarity")
  y <- new_axis(c(n + 0.6, 0.4), seq_len(n), names[h$order], "", crowded = "shrink", ticks = FALSE, horizontal = TRUE)
  new_figure(layers, x, y, list(), NULL, style, data.frame(treatment = names[h$order]),
             c(4.5 + 0.085 * max(display_width(names)), 1.5 + 0.26 * n))
}
