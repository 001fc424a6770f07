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

test_that("each field that is no result of the core stands in one list of the sources", {
  expect_identical(anyDuplicated(rma_shape$names), 0L)
  expect_false(anyNA(rma_shape$lists))
  expect_identical(length(rma_shape$lists), length(input_fields))
  expect_false(anyNA(rma_shape$outcome))
  expect_setequal(names(rma(c(0.1, 0.4), c(0.1, 0.2))), rma_shape$names)
})

test_that("labels of the rows used, and of those with an effect of their own", {
  x <- suppressWarnings(rma(c(0.1, NA, 0.4, 0.2), c(0.1, 0.2, 0.3, 0.1), slab = letters[1:4]))
  expect_identical(used_slab(x), c("a", "c", "d"))
  mh <- suppressWarnings(rma.mh(ai = c(4, 0, 3), bi = c(20, 9, 15), ci = c(11, 0, 3), di = c(25, 9, 9),
                                slab = letters[1:3], drop00 = TRUE))
  expect_identical(estimated_slab(mh), mh$slab[mh$not.na.yivi])
  expect_false("b" %in% estimated_slab(mh))
})

test_that("random-effects models are told from common-effect and pooled ones", {
  expect_true(is_random(rma(c(0.1, 0.4), c(0.1, 0.2), method = "DL")))
  for (method in c("EE", "FE", "CE")) expect_false(is_random(rma(c(0.1, 0.4), c(0.1, 0.2), method = method)))
  expect_false(is_random(rma.mh(ai = 4, bi = 20, ci = 11, di = 25)))
  expect_false(is_random(rma.peto(ai = 4, bi = 20, ci = 11, di = 25)))
})

test_that("an argument may use columns of the fit's data, which go before variables of the caller", {
  d <- data.frame(yi = c(0.1, 0.4, 0.3), vi = c(0.1, 0.2, 0.3), size = 1:3)
  x <- rma(yi, vi, data = d)
  size <- 9
  other <- 7
  expect_identical(from_data(quote(size * 2), 18, x, environment()), 2 * 1:3)
  expect_identical(from_data(quote(size + other), 16, x, environment()), 1:3 + 7)
  expect_identical(from_data(quote(other), 7, x, environment()), 7)
  expect_identical(from_data(quote(size), 9, rma(d$yi, d$vi), environment()), 9)
})

test_that("the coefficients that are tested unless others are asked for", {
  expect_identical(default_btt(1L, TRUE), 1L)
  expect_identical(default_btt(3L, TRUE), 2:3)
  expect_identical(default_btt(3L, FALSE), 1:3)
})
