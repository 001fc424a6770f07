# The transf.*() functions of one scale and back; conversions between effect sizes are in transf-conversions.R, means
# and modes in transf-moments.R. Formulas and sources in transf-table.R; the core computes.

#' Transformations of effect sizes
#'
#' Functions to transform values, to return from a transformed scale, and to turn one kind of effect size into
#' another.
#' They can be used alone, or as `transf =` of [predict()][predict.metaparity], [forest()] and the like.
#'
#' @param xi numeric vector (or matrix or data frame) of values to be transformed. `NA` stays `NA`; names and
#'   dimensions stay.
#' @param targs further values of the transformation: for the `.int` and `.mode` functions a list (or named vector)
#'   with
#'   `tau2`, the variance of the normal variable, and for `.int` optionally `lower` and `upper`, limits of the
#'   integral;
#'   a number without name is `tau2`. For `transf.ipft.hm` a list with `ni`, the sample sizes. For `transf.dtomd` the
#'   standard deviation (a number, or a list with `sd`).
#' @param ni numeric vector of sample sizes.
#' @param ti numeric vector of person-times at risk.
#' @param n1i,n2i numeric vectors of sample sizes of the two groups (both or none; one value or one per element of
#'   `xi`).
#' @param pc risk in the control group, between 0 and 1: one value or one per element of `xi`.
#' @param pi proportion in the first of the two groups that a dichotomy makes; one half by default.
#' @return A numeric vector of the length of `xi`.
#' @details The `.int` functions give the mean of the back-transformed value when the transformed value is normal
#'   with mean
#'   `xi` and variance `tau2`, the `.mode` functions the mode of that distribution. For scales with ends (arcsine,
#'   and the
#'   two for coefficient alpha) the normal distribution is truncated at them. In [predict()][predict.metaparity]
#'   `tau2` is
#'   that of the fit unless `targs` gives another. The means are computed by adaptive Gauss-Kronrod quadrature and
#'   the modes
#'   by their stationary equation, both to about 12 digits.
#'
#'   Every `transf` and `atransf` of the package is called with one value and, where `targs` is given, with `targs` as a
#'   whole as its second argument: `transf = function(x, targs) x / targs$by, targs = list(by = 10)`. Functions that
#'   need sample sizes take those that the data know ([escalc()] notes them) unless `targs = list(ni = ...)` (for
#'   `transf.iirft`: `ti`) gives others. `transf.ipft` and `transf.iirft` turn the results of single studies back with
#'   the study's own size and pooled results with the harmonic mean of the sizes (Miller 1978); `transf.ipft.hm` takes
#'   the harmonic mean for all.
#'
#'   Values outside the domain give `NaN` with a warning; an argument that is missing, not numeric or of the wrong
#'   length gives an error of class `metaparity_error_input` that names it.
#' @eval transf_rd()
#' @section In other software: the functions are named as in \pkg{metafor}. Differences: its means and modes carry
#'   about
#'   8 and 4 digits, and modes at an end of the scale stop at 0.00007 and 0.99993; limits `lower`, `upper` outside
#'   the range
#'   of a scale are drawn back to its ends here; infinite `xi` gives the limit of the function; of a vector each
#'   element has its own mean and its own NA. Stata: `atanh()`, `logit()`,
#'   `invlogit()`, `normal()`; `metaprop, ftt` returns by `transf.ipft.hm`. RevMan has none.
#' @references
#'   Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha. *Journal of
#'   Educational and
#'   Behavioral Statistics*, 27, 335-340.
#'
#'   Chinn, S. (2000). A simple method for converting an odds ratio to effect size for use in meta-analysis.
#'   *Statistics in
#'   Medicine*, 19, 3127-3131.
#'
#'   Cohen, J. (1988). *Statistical power analysis for the behavioral sciences* (2nd ed.). Erlbaum.
#'
#'   Cox, D. R. and Snell, E. J. (1989). *Analysis of binary data* (2nd ed.). Chapman & Hall.
#'
#'   Digby, P. G. N. (1983). Approximating the tetrachoric correlation coefficient. *Biometrics*, 39, 753-757.
#'
#'   Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from a small sample.
#'   *Metron*, 1, 1-32.
#'
#'   Freeman, M. F. and Tukey, J. W. (1950). Transformations related to the angular and the square root. *Annals of
#'   Mathematical Statistics*, 21, 607-611.
#'
#'   Hakstian, A. R. and Whalen, T. E. (1976). A k-sample significance test for independent alpha coefficients.
#'   *Psychometrika*, 41, 219-231.
#'
#'   Inman, H. F. and Bradley, E. L. (1989). The overlapping coefficient as a measure of agreement between probability
#'   distributions. *Communications in Statistics, Theory and Methods*, 18, 3851-3874.
#'
#'   Jacobs, P. and Viechtbauer, W. (2017). Estimation of the biserial correlation and its sampling variance for use
#'   in
#'   meta-analysis. *Research Synthesis Methods*, 8, 161-180.
#'
#'   McGraw, K. O. and Wong, S. P. (1992). A common language effect size statistic. *Psychological Bulletin*, 111,
#'   361-365.
#'
#'   Miller, J. J. (1978). The inverse of the Freeman-Tukey double arcsine transformation. *American Statistician*,
#'   32, 138.
#'
#'   Olkin, I. and Finn, J. D. (1995). Correlations redux. *Psychological Bulletin*, 118, 155-164.
#'
#'   Pearson, K. (1900). Mathematical contributions to the theory of evolution. VII. *Philosophical Transactions of
#'   the Royal
#'   Society of London, Series A*, 195, 1-47.
#'
#'   Rosenthal, R. and Rubin, D. B. (1982). A simple, general purpose display of magnitude of experimental effect.
#'   *Journal of
#'   Educational Psychology*, 74, 166-169.
#' @examples
#' transf.ztor(c(0.1, 0.5, 1))
#' transf.ipft.hm(c(0.4, 0.5), targs = list(ni = c(20, 35, 41)))
#' # the mean odds ratio, where exp() gives the median
#' transf.exp.int(-0.7, targs = list(tau2 = 0.3))
#' transf.dtorbis(0.5, n1i = 20, n2i = 30)
#' @name transf
NULL

#' @rdname transf
#' @export
transf.rtoz <- transf_function("rtoz")
#' @rdname transf
#' @export
transf.ztor <- transf_function("ztor")
#' @rdname transf
#' @export
transf.logit <- transf_function("logit")
#' @rdname transf
#' @export
transf.ilogit <- transf_function("ilogit")
#' @rdname transf
#' @export
transf.probit <- transf_function("probit")
#' @rdname transf
#' @export
transf.iprobit <- transf_function("iprobit")
#' @rdname transf
#' @export
transf.arcsin <- transf_function("arcsin")
#' @rdname transf
#' @export
transf.iarcsin <- transf_function("iarcsin")
#' @rdname transf
#' @export
transf.pft <- function(xi, ni) apply_transform("pft", xi, list(ni = needed(ni)))
#' @rdname transf
#' @export
transf.ipft <- function(xi, ni) apply_transform("ipft", xi, list(ni = needed(ni)))
#' @rdname transf
#' @export
transf.ipft.hm <- function(xi, targs) apply_transform("ipft", xi, list(ni = harmonic_size(needed(targs))))
#' @rdname transf
#' @export
transf.isqrt <- transf_function("isqrt")
#' @rdname transf
#' @export
transf.irft <- function(xi, ti) apply_transform("irft", xi, list(ti = needed(ti)))
#' @rdname transf
#' @export
transf.iirft <- function(xi, ti) apply_transform("iirft", xi, list(ti = needed(ti)))
#' @rdname transf
#' @export
transf.ahw <- transf_function("ahw")
#' @rdname transf
#' @export
transf.iahw <- transf_function("iahw")
#' @rdname transf
#' @export
transf.abt <- transf_function("abt")
#' @rdname transf
#' @export
transf.iabt <- transf_function("iabt")
#' @rdname transf
#' @export
transf.r2toz <- transf_function("r2toz")
#' @rdname transf
#' @export
transf.ztor2 <- transf_function("ztor2")
