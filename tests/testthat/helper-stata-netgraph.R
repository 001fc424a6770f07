# Pairs of treatments with studies of two and three arms, and do-files on them.
pairs_data <- function() {
  d <- data.frame(es = c(.3, .5, .9, .2, .7, .1, .4, .6, .2, -.1), se = c(.2, .25, .3, .15, .22, .31, .2, .24, .28,
      .19),
                  t1 = c("A", "A", "A", "B", "B", "C", "A", "A", "B", "C"),
                  t2 = c("B", "B", "C", "C", "C", "D", "B", "C", "C", "D"), id = c(1:6, 7, 7, 7, 8))
  d$bias <- c(1, 1, 2, 3, 3, 2, 1, 3, 3, 2)
  d$n <- 10 * (1:10)
  d
}

smoking_pairs <- c("network setup d n, studyvar(study) trtvar(trt)", "network meta c", "network convert pairs")

netgraph_run <- function(lines, d = pairs_data()) run_stata_lines(lines, d)

first_graph <- function(run) run$graphs[[length(run$graphs)]]$view
