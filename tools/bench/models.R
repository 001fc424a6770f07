# Selection models, location-scale models and models of counts: whole calls of metafor and of this package, timed in one
# process by CPU time, with their log-likelihoods or estimates side by side. Usage: Rscript tools/bench/models.R
suppressPackageStartupMessages({
  requireNamespace("metafor")
  requireNamespace("metaparity")
})
cpu <- function(call, times = 1) {
  used <- system.time(for (i in seq_len(times)) call())
  sum(used[c("user.self", "sys.self")]) / times
}
quiet <- function(call) {
  force(call)
  function() suppressWarnings(suppressMessages(call()))
}
compare <- function(name, theirs, ours, times = 20, value = function(x) as.numeric(stats::logLik(x))) {
  theirs <- quiet(theirs)
  ours <- quiet(ours)
  b <- ours()
  a <- tryCatch(theirs(), error = function(e) NULL)
  slow <- if (is.null(a)) NA else cpu(theirs)
  fast <- cpu(ours, times)
  cat(sprintf("| %s | %.4g | %.3g | %.0f | %s | %s |\n", name, 1000 * slow, 1000 * fast, slow / fast,
              if (is.null(a)) "error" else format(value(a), digits = 9L), format(value(b), digits = 9L)))
}
f <- asNamespace("metafor")
p <- asNamespace("metaparity")
cat("| call | metafor, ms CPU | metaparity, ms CPU | ratio | metafor's ll | ours |\n|---|---|---|---|---|---|\n")

h <- metadat::dat.hackshaw1998
b <- metadat::dat.baskerville2012
b <- data.frame(yi = b$smd, vi = b$se^2)
selection <- function(name, d, ..., times = 20) {
  a <- f$rma(yi, vi, data = d)
  b <- p$rma(yi, vi, data = d)
  compare(name, function() f$selmodel(a, ...), function() p$selmodel(b, ...), times)
}
selection("selmodel stepfun, 4 intervals, hackshaw1998", h, type = "stepfun", steps = c(0.025, 0.1, 0.5), times = 100)
selection("selmodel stepfun, 2 intervals, hackshaw1998", h, type = "stepfun", steps = 0.025, times = 100)
for (type in c("halfnorm", "negexp", "logistic", "power")) selection(paste("selmodel", type, "hackshaw1998"), h, type = type)
selection("selmodel beta, hackshaw1998", h, type = "beta")
selection("selmodel beta, baskerville2012", b, type = "beta")
step_f <- f$selmodel(f$rma(yi, vi, data = h), type = "stepfun", steps = c(0.025, 0.1, 0.5))
step_p <- p$selmodel(p$rma(yi, vi, data = h), type = "stepfun", steps = c(0.025, 0.1, 0.5))
compare("confint of 4 parameters", function() stats::confint(step_f), function() stats::confint(step_p), 5,
        function(x) x[[2L]]$random[3L])

d <- metadat::dat.bangertdrowns2004
d$ni100 <- d$ni / 100
compare("rma(scale = ~ni100), bangertdrowns2004",
        function() f$rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d),
        function() p$rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d), 100)
ls_f <- f$rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
ls_p <- p$rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
compare("its permutest, 100 permutations", function() f$permutest(ls_f, iter = 100, progbar = FALSE),
        function() p$permutest(ls_p, iter = 100, progbar = FALSE), 3, function(x) x$QM)

set.seed(20)
k <- 20
n <- data.frame(n1 = sample(50:300, k, TRUE), n2 = sample(50:300, k, TRUE))
level <- stats::rnorm(k, -1.5, 0.6)
t <- data.frame(ai = stats::rbinom(k, n$n1, stats::plogis(level - 0.4 + stats::rnorm(k, 0, 0.4))), n1i = n$n1,
                ci = stats::rbinom(k, n$n2, stats::plogis(level)), n2i = n$n2)
for (model in c("UM.FS", "UM.RS", "CM.AL", "CM.EL")) {
  compare(paste("rma.glmm OR", model, "20 tables"),
          function() f$rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = t, model = model),
          function() p$rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = t, model = model), 5)
}
compare("rma.glmm PLO, pritz1997",
        function() f$rma.glmm(measure = "PLO", xi = xi, ni = ni, data = metadat::dat.pritz1997),
        function() p$rma.glmm(measure = "PLO", xi = xi, ni = ni, data = metadat::dat.pritz1997), 20)
