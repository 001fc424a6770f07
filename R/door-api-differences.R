# What of metafor's exported functions, arguments and result fields is missing here or different. Read by running both
# packages; deliberate differences are listed in inst/arguments/api-differences.csv, each with its reason.

# Functions of metafor that are out of scope for now: other models and what belongs to them.
api_later <- c("metafor.news", "se.default")

# A data frame: where (function, argument, field, class), name, what. Zero rows when nothing is unexpected.
api_differences <- function(known = read_api_known()) {
  if (!requireNamespace("metafor", quietly = TRUE)) abort_input("metafor", "must be installed")
  found <- rbind(api_functions(), api_arguments(), api_fields())
  key <- paste(found$where, found$name, found$what)
  found[!key %in% paste(known$where, known$name, known$what), , drop = FALSE]
}

read_api_known <- function() {
  file <- system.file("arguments", "api-differences.csv", package = "metaparity", mustWork = TRUE)
  utils::read.csv(file, colClasses = "character", encoding = "UTF-8")
}

api_rows <- function(where, name, what) {
  data.frame(where = rep_len(where, length(what)), name = rep_len(name, length(what)), what = as.character(what))
}

# Generics and plain functions; methods are looked up as such.
api_scope <- function() {
  names <- getNamespaceExports("metafor")
  registered <- ls(asNamespace("metafor")[[".__S3MethodsTable__."]])
  out <- setdiff(names, c(registered, api_later))
  methods <- "[.]rma([.]|$)|[.](escalc|matreg|deltamethod|vcovmat)$|^plot[.]|^print[.]|^dat[.]|^[.]"
  sort(out[!grepl(methods, out) | out %in% c("rma.uni", "rma.mh", "rma.peto")])
}

api_functions <- function() {
  scope <- api_scope()
  missing <- scope[!scope %in% getNamespaceExports("metaparity")]
  api_rows("function", missing, rep("missing", length(missing)))
}

# The method that a fit gets, or the function itself.
api_formals <- function(name, package, classes) {
  space <- asNamespace(package)
  for (cls in classes) {
    method <- get0(paste(name, cls, sep = "."), envir = space, mode = "function", inherits = FALSE)
    if (is.null(method)) method <- get0(paste(name, cls, sep = "."), envir = space[[".__S3MethodsTable__."]],
                                        mode = "function")
    if (!is.null(method)) return(names(formals(method)))
  }
  fun <- get0(name, envir = space, mode = "function", inherits = FALSE)
  if (is.null(fun)) NULL else names(formals(fun))
}

api_generic_names <- c("predict", "confint", "anova", "residuals", "rstandard", "rstudent", "hatvalues", "weights",
                       "cooks.distance", "dfbetas", "influence", "coef", "vcov", "logLik", "deviance",
                       "AIC", "BIC", "nobs",
                       "df.residual", "fitted", "formula", "model.matrix", "simulate", "update", "qqnorm",
                       "profile", "plot")

api_arguments <- function() {
  ours <- c("metaparity_uni", "metaparity", "metaparity_escalc")
  theirs <- c("rma.uni", "rma", "escalc")
  both <- intersect(c(api_scope(), api_generic_names), c(getNamespaceExports("metaparity"), api_generic_names))
  parts <- lapply(sort(unique(both)), function(name) {
    b <- api_formals(name, "metafor", theirs)
    a <- api_formals(name, "metaparity", ours)
    if (is.null(a) || is.null(b) || "..." %in% a && identical(setdiff(a, "..."), a[1L])) return(NULL)
    api_rows("argument", name, setdiff(b, c(a, "...", if (name == "forest") forest_arguments()$argument)))
  })
  do.call(rbind, parts)
}

# The same analyses by both packages, on data made here.
api_results <- function(package) {
  f <- function(name) getExportedValue(package, name)
  d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1, -0.4, -0.8),
                  vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04, 0.1, 0.2),
                  x = c(1, 3, 2, 5, 4, 8, 6, 7), ai = c(4, 6, 3, 62, 33, 18, 8, 5),
                  n1 = c(123, 306, 231, 1359, 545, 813, 253, 99),
                  ci = c(11, 29, 11, 248, 47, 37, 10, 9), n2 = c(139, 303, 220, 1286, 629, 768, 250, 97))
  uni <- f("rma.uni")(d$yi, d$vi)
  reg <- f("rma.uni")(d$yi, d$vi, mods = ~x, data = d)
  mh <- f("rma.mh")(ai = d$ai, n1i = d$n1, ci = d$ci, n2i = d$n2)
  list(rma.uni = uni, `rma.uni with moderators` = reg, rma.mh = mh,
       rma.peto = f("rma.peto")(ai = d$ai, n1i = d$n1, ci = d$ci, n2i = d$n2), predict = stats::predict(uni),
       confint = stats::confint(uni), `anova of coefficients` = stats::anova(reg),
       `anova of combinations` = stats::anova(reg, X = c(1, 2)),
       `anova of two fits` = suppressWarnings(stats::anova(reg, uni)), robust = f("robust")(uni, cluster = rep(1:4, 2)),
       vif = f("vif")(f("rma.uni")(d$yi, d$vi, mods = cbind(a = d$x, b = d$ai))), hc = f("hc")(uni),
       blup = f("blup")(uni),
       ranef = f("ranef")(uni), permutest = f("permutest")(uni, exact = TRUE, progbar = FALSE),
       rstandard = stats::rstandard(uni),
       rstudent = stats::rstudent(uni), influence = stats::influence(uni), leave1out = f("leave1out")(uni),
       cumul = f("cumul")(uni),
       regtest = f("regtest")(uni), ranktest = f("ranktest")(uni), trimfill = f("trimfill")(uni),
       gosh = f("gosh")(uni, subsets = 20, progbar = FALSE))
}

api_fields <- function() {
  ours <- api_results("metaparity")
  theirs <- api_results("metafor")
  parts <- lapply(names(theirs), function(name) {
    rbind(api_rows("field", name, setdiff(names(theirs[[name]]), names(ours[[name]]))),
          api_rows("class", name, setdiff(class(theirs[[name]]), class(ours[[name]]))))
  })
  do.call(rbind, parts)
}
