# Type, class and names of every field against metafor. Not compared: names of rows of the design (here only where
# model.frame() was needed), attributes of yi, the names X(Intercept) that metafor gives coef.na.

field_calls <- function() {
  dat <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  gaps <- dat
  gaps$yi[3] <- NA
  own <- cbind(dat$ablat, dat$year)
  list(dat = dat, gaps = gaps, own = own, calls = alist(
    plain = rma(yi, vi, data = dat), numbers = rma(as.numeric(dat$yi), sei = sqrt(dat$vi), method = "EE"),
    labels = rma(yi, vi, data = dat, slab = paste(author, year), digits = 3),
    repeated = rma(yi, vi, data = dat, slab = author),
    factor = rma(yi, vi, data = dat, slab = factor(author), test = "knha"),
    years = rma(yi, vi, data = dat, slab = year),
    gaps = rma(yi, vi, data = gaps, mods = ~ablat),
    subset = rma(yi, vi, data = dat, subset = ablat > 20, method = "ML", level = 90),
    rows = rma(yi, vi, data = dat, subset = c(9, 2, 2, 5, 7), slab = author, weights = 1 / vi),
    matrix = rma(yi, vi, mods = own, data = dat), column = rma(yi, vi, mods = own[, 1, drop = FALSE], data = dat),
    half_named = rma(yi, vi, mods = cbind(a = dat$ablat, dat$year), data = dat),
    vector = rma(yi, vi, mods = ablat, data = dat), factors = rma(yi, vi, mods = ~alloc, data = dat, btt = 2:3),
    bare = rma(yi, vi, mods = ~0 + alloc, data = dat, test = "t"),
    formula = rma(yi ~ ablat, vi, data = dat, weighted = FALSE),
    given = rma(yi, vi, data = dat, tau2 = 0.2), first = rma(yi, vi, data = dat, method = c("DL", "REML")),
    mh = rma.mh(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat, slab = author, subset = 2:9),
    peto = rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat)))
}

field_shape <- function(name, x) {
  if (is.null(x)) return("NULL")
  if (inherits(x, "formula")) return("formula")
  if (name %in% c("ni", "ni.f")) return(paste("numeric", length(x)))
  type <- typeof(x)
  labels <- if (name %in% c("X", "X.f")) colnames(x) else unlist(dimnames(x))
  if (!name %in% c("coef.na", "not.na", "vi", "vi.f")) labels <- c(labels, names(x))
  paste(c(type, length(x), class(x), labels), collapse = " ")
}

test_that("every field has the type, class and names that it has in metafor", {
  skip_if_not_installed("metafor")
  made <- field_calls()
  skip <- c("call", "time", "version", "M", "chksumyi", "chksumvi", "chksumX", "outdat.f", "outdat", "data",
            "yi", "yi.f", "control")
  fit <- function(call, package) {
    env <- list2env(c(made, list(rma = getExportedValue(package, "rma"), rma.mh = getExportedValue(package, "rma.mh"),
                                 rma.peto = getExportedValue(package, "rma.peto"))))
    suppressWarnings(eval(call, env))
  }
  for (label in names(made$calls)) {
    ours <- unclass(fit(made$calls[[label]], "metaparity"))
    theirs <- unclass(fit(made$calls[[label]], "metafor"))
    fields <- setdiff(names(theirs), skip)
    shapes <- function(x) vapply(fields, function(name) field_shape(name, x[[name]]), "")
    expect_identical(shapes(ours), shapes(theirs), label = label)
    values <- c("slab", "ids", "subset", "k.all", "k.f", "k", "btt", "m", "method")
    expect_identical(ours[values], theirs[values], label = label)
  }
})

test_that("sizes beside a data frame of effects are those of the fit", {
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  expect_equal(as.numeric(rma(d, ni = 1:13)$ni), 1:13)
  expect_equal(as.numeric(rma(yi, vi, ni = 1:13, data = d)$ni), 1:13)
  expect_error(rma(d, ni = 1:3), class = "metaparity_error_input")
})
