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

n <- as.integer(Sys.getenv("N", "100000"))
d <- made(n, 10)
sample <- seq_len(200)
for (method in c("DL", "REML", "EE")) {
  loop <- timed(function() for (i in sample) try(metafor::rma(d$yi[i, ], d$vi[i, ], method = method), silent = TRUE), 3) / length(sample)
  both <- vapply(1:2, function(threads) {
    timed(function() metaparity::rma_batch(d$yi, d$vi, method = method, threads = threads)) / n
  }, 0)
  cat(sprintf("%-5s metafor %.3f ms an outcome; batch %.0f ns on 1 thread, %.0f ns on 2; %.0f times, %.0f times\n", method,
              1e3 * loop, 1e9 * both[1], 1e9 * both[2], loop / both[1], loop / both[2]))
}
read <- timed(function() sum(d$yi) + sum(d$vi)) / n
cat(sprintf("reading the same numbers once: %.0f ns an outcome\n", 1e9 * read))

if (nzchar(Sys.getenv("FIGURE"))) {
  grDevices::png(Sys.getenv("FIGURE"), 1500, 500, res = 110)
  graphics::par(mfrow = c(1, 3), las = 1)
  speed <- function(n, k, threads) {
    x <- made(n, k)
    timed(function() metaparity::rma_batch(x$yi, x$vi, threads = threads), 3)
  }
  outcomes <- c(1e3, 1e4, 1e5)
  graphics::plot(outcomes, vapply(outcomes, speed, 0, k = 10, threads = 2), log = "xy", type = "b", ylab = "seconds",
                 xlab = "outcomes of 10 studies", main = "outcomes")
  studies <- c(3, 10, 30, 100)
  graphics::plot(studies, vapply(studies, speed, 0, n = 1e4, threads = 2), log = "xy", type = "b", ylab = "seconds",
                 xlab = "studies of 10,000 outcomes", main = "studies")
  graphics::plot(1:2, vapply(1:2, function(t) speed(1e5, 10, t), 0), type = "b", xlab = "threads", ylab = "seconds",
                 main = "threads", ylim = c(0, NA), xaxp = c(1, 2, 1))
  invisible(grDevices::dev.off())
}
