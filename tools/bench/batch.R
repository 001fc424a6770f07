# rma_batch() against a loop over metafor::rma() in one run: the loop is timed on some of the outcomes, the batch on all.
# Also: scaling in outcomes, studies and threads, written as a figure beside this file when FIGURE is set.
suppressPackageStartupMessages({
  requireNamespace("metafor")
  requireNamespace("metaparity")
})
now <- function() as.numeric(Sys.time())
timed <- function(call, times = 5) {
  stats::median(vapply(seq_len(times), function(i) {
    begin <- now()
    call()
    now() - begin
  }, 0))
}
made <- function(n, k) {
  set.seed(1)
  vi <- matrix(stats::runif(n * k, 0.02, 0.3), n)
  list(yi = matrix(stats::rnorm(n * k, 0.2, sqrt(vi + 0.05)), n), vi = vi)
}

# The least of many runs: what else the machine does only adds to it.
least <- function(call, times = 40) min(vapply(seq_len(times), function(i) timed(call, 1), 0))

n <- as.integer(Sys.getenv("N", "100000"))
d <- made(n, 10)
sample <- seq_len(200)
# The stream limit: every number is read once, and as many columns are written as the result has, freshly allocated.
columns <- length(metaparity::rma_batch(d$yi[1:5, ], d$vi[1:5, ], method = "DL")) - 2L
first <- d$yi[, 1]
stream <- least(function() {
  sum(d$yi) + sum(d$vi)
  for (i in seq_len(columns)) first + 1
}) / n
cat(sprintf("reading the numbers once and writing %d columns: %.0f ns an outcome\n", columns, 1e9 * stream))
for (method in c("DL", "REML", "EE")) {
  # metafor is timed on 200 of the outcomes, and counted up.
  loop <- least(function() for (i in sample) try(metafor::rma(d$yi[i, ], d$vi[i, ], method = method), silent = TRUE), 3) / length(sample)
  both <- vapply(1:2, function(threads) {
    least(function() metaparity::rma_batch(d$yi, d$vi, method = method, threads = threads, padj = "none")) / n
  }, 0)
  cat(sprintf("%-5s metafor %.3f ms an outcome; batch %.0f ns on 1 thread, %.0f ns on 2; %.0f times, %.0f times; stream limit %.1f, %.1f times\n",
              method, 1e3 * loop, 1e9 * both[1], 1e9 * both[2], loop / both[1], loop / both[2], both[1] / stream, both[2] / stream))
}

if (nzchar(Sys.getenv("FIGURE"))) {
  methods <- c("EE", "DL", "REML")
  speed <- function(n, k, threads, method) {
    x <- made(n, k)
    least(function() metaparity::rma_batch(x$yi, x$vi, method = method, threads = threads, padj = "none"), 10)
  }
  panel <- function(x, n, k, threads, log, xlab, main, ...) {
    y <- vapply(methods, function(m) mapply(speed, n, k, threads, m), numeric(length(x)))
    ylim <- if (log == "xy") range(y) else c(0, max(y))
    graphics::matplot(x, y, log = log, type = "b", pch = 15:17, lty = 1, col = c("black", "#0072B2", "#D55E00"), ylim = ylim,
                      xlab = xlab, ylab = "seconds", main = main, xaxt = "n", ...)
    graphics::axis(1, x, format(x, big.mark = ",", scientific = FALSE, trim = TRUE))
  }
  grDevices::png(Sys.getenv("FIGURE"), 1500, 520, res = 110)
  graphics::par(mfrow = c(1, 3), las = 1, mgp = c(3.2, 0.8, 0), mar = c(4.5, 5, 3, 1))
  outcomes <- c(1e3, 1e4, 1e5, 1e6)
  panel(outcomes, outcomes, 10, 2, "xy", "outcomes of 10 studies", "Outcomes, 2 threads")
  graphics::legend("topleft", methods, pch = 15:17, lty = 1, col = c("black", "#0072B2", "#D55E00"), bty = "n")
  studies <- c(3, 10, 30, 100)
  panel(studies, 2e4, studies, 2, "xy", "studies of 20,000 outcomes", "Studies, 2 threads")
  panel(1:2, 1e5, 10, 1:2, "", "threads, 100,000 outcomes of 10 studies", "Threads", xlim = c(0.8, 2.2))
  invisible(grDevices::dev.off())
}
