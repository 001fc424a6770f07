# A small data set and its fits by both packages: models, tests and kinds of weights.
fit_data <- function() {
  data.frame(est = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01),
             v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.007, 0.22, 0.004), year = c(3, 7, 1, 9, 4, 4, 8, 2),
             name = c("A", "B", "C", "C", "E", "F", "G", "H"))
}

fit_pairs <- function() {
  d <- fit_data()
  cases <- expand.grid(mods = c(FALSE, TRUE), test = c("z", "t", "knha"), kind = 1:3, stringsAsFactors = FALSE)
  lapply(seq_len(nrow(cases)), function(i) {
    args <- c(list(yi = d$est, vi = d$v, slab = d$name, method = "DL", test = cases$test[i]),
              if (cases$mods[i]) list(mods = cbind(year = d$year)),
              list(list(), list(weights = c(1, 3, 2, 5, 4, 2, 2, 7)), list(weighted = FALSE))[[cases$kind[i]]])
    list(ours = do.call(rma, args), theirs = do.call(metafor::rma, args))
  })
}
