# Studies of three arms and two years.
sub_data <- function() {
  data.frame(est = c(-0.89, -1.59, -1.35, -1.44, -0.22, -0.79, -1.62, 0.01),
             v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.007, 0.22, 0.004),
             arm = c("b", "b", "a", "a", "a", "c", "c", "b"), year = c(1, 2, 1, 2, 1, 2, 1, 2))
}
