# Ratios metafor / metaparity for models of dependent estimates, timed in this run in processor seconds: whole calls.
# Rscript tools/bench/mv.R [largest n for metafor, 1000 by default]; a package library is taken from R_LIBS.
suppressPackageStartupMessages({
  requireNamespace("metafor")
  requireNamespace("metaparity")
})
most <- as.numeric(c(commandArgs(TRUE), "1000")[1L])
ours <- getExportedValue("metaparity", "rma.mv")
theirs <- metafor::rma.mv

seconds <- function(call, budget = 1) {
  call()
  n <- 0
  begin <- proc.time()
  repeat {
    call()
    n <- n + 1
    spent <- sum((proc.time() - begin)[1:2])
    if (spent > budget || n >= 500) return(spent / n)
  }
}

simulated <- function(n, per = 5) {
  set.seed(n)
  g <- rep(seq_len(n / per), each = per)
  d <- data.frame(g = g, id = seq_len(n), vi = stats::rchisq(n, 4) / 40, o = rep(1:2, length.out = n),
                  s = rep(seq_len(n / 2), each = 2))
  d$yi <- 0.2 + stats::rnorm(n / per)[g] * 0.3 + stats::rnorm(n) * 0.2 + stats::rnorm(n) * sqrt(d$vi)
  d
}

row <- function(name, call, slow = TRUE) {
  mine <- call(ours)
  a <- seconds(function() call(ours))
  b <- if (slow) seconds(function() call(theirs)) else NA
  gap <- if (slow) as.numeric(stats::logLik(mine)) - as.numeric(stats::logLik(call(theirs))) else NA
  cat(sprintf("%-34s ours %9.3f ms   metafor %10.1f ms   ratio %9.0f   gain in ll %.1e\n", name, 1000 * a, 1000 * b, b / a,
              gap))
}

cat(sprintf("%s; BLAS %s\n", R.version.string, basename(sessionInfo()$BLAS)))
kon <- metadat::dat.konstantopoulos2011
ber <- metadat::dat.berkey1998
ass <- metadat::dat.assink2016
Vb <- unclass(metafor::vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = ber))
Va <- unclass(metafor::vcalc(vi, cluster = study, obs = esid, data = ass, rho = 0.6))
row("konstantopoulos2011 three-level", function(f) f(yi, vi, random = ~ 1 | district/school, data = kon))
row("assink2016 blocks of V", function(f) f(yi, Va, random = ~ 1 | study/esid, data = ass))
row("berkey1998 UN", function(f) f(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = ber))
# What follows on a fit: metafor's on metafor's, ours on ours.
after <- function(name, verb) {
  fits <- lapply(list(ours, theirs), function(f) f(yi, vi, random = ~ 1 | district/school, data = kon))
  a <- seconds(function() verb(fits[[1L]]))
  b <- seconds(function() verb(fits[[2L]]))
  cat(sprintf("%-34s ours %9.3f ms   metafor %10.1f ms   ratio %9.0f\n", name, 1000 * a, 1000 * b, b / a))
}
after("its confint, 2 components", function(x) stats::confint(x))
after("its rstudent by district", function(x) stats::rstudent(x, cluster = kon$district))
after("its cooks.distance by district", function(x) stats::cooks.distance(x, cluster = kon$district))
lim <- metadat::dat.lim2014
if (requireNamespace("ape", quietly = TRUE)) {
  tree <- lim$o_o_unadj_tree
  tree$tip.label <- as.character(tree$tip.label)
  A <- ape::vcv(ape::compute.brlen(tree), corr = TRUE)
  unadjusted <- transform(lim$o_o_unadj, phylo = species, effectsize = seq_along(ri), vi = 1 / (ni - 3), yi = atanh(ri))
  unadjusted <- unadjusted[as.character(unadjusted$species) %in% rownames(A), ]
  row("lim2014 crossed, phylogeny", function(f) f(yi, vi, random = list(~ 1 | article, ~ 1 | effectsize, ~ 1 | species,
                                                                       ~ 1 | phylo), R = list(phylo = A),
                                                 data = unadjusted))
}
for (n in c(1000, 5000, 20000, 1e5)) {
  d <- simulated(n)
  row(sprintf("three-level n = %d, sparse", n), function(f) f(yi, vi, random = ~ 1 | g/id, data = d, sparse = TRUE),
      n <= most)
}
for (n in c(1000, 5000, 20000)) {
  d <- simulated(n)
  row(sprintf("UN n = %d, sparse", n), function(f) f(yi, vi, mods = ~ 0 + factor(o), random = ~ o | s, struct = "UN",
                                                    data = d, sparse = TRUE), n <= most)
}
for (n in c(1000, 5000, 20000)) {
  d <- simulated(n)
  blocks <- lapply(split(d$vi, d$g), function(v) sqrt(v %o% v) * (0.6 + diag(0.4, length(v))))
  row(sprintf("V blocks n = %d, sparse", n), function(f) f(yi, blocks, random = ~ 1 | g/id, data = d, sparse = TRUE),
      n <= most)
}
