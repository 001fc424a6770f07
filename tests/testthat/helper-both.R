# Runs a block under metafor and under this package and compares what each expression prints. `strip` takes lines away
# that are meant to differ.

# metafor's iterations stop at absolute changes of 1e-5; its further digits are right when it is told to go on.
exact_rma <- function(...) {
  call <- sys.call()
  call[[1L]] <- quote(metafor::rma.uni)
  if (is.null(call$control)) call$control <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-12)
  eval(call, parent.frame())
}

exact_confint <- function(object, ...) {
  if (!inherits(object, "rma.uni")) return(stats::confint(object, ...))
  stats::confint(object, ..., control = list(tol = 1e-12))
}

run_block <- function(block, package) {
  env <- new.env(parent = globalenv())
  for (name in getNamespaceExports("metadat"))
    delayedAssign(name, getExportedValue("metadat", name), environment(), env)
  sets <- utils::data(package = "metadat")$results[, "Item"]
  for (set in intersect(sub(" .*", "", sets), all.names(block)))
    utils::data(list = set, package = "metadat", envir = env)
  for (name in getNamespaceExports(package)) {
    value <- getExportedValue(package, name)
    if (is.function(value)) assign(name, value, env)
  }
  if (package == "metafor") list2env(list(rma = exact_rma, rma.uni = exact_rma, confint = exact_confint), env)
  lapply(as.list(block)[-1L], function(e) {
    out <- tryCatch(withCallingHandlers({
      utils::capture.output({
        value <- withVisible(eval(e, env))
        if (value$visible) print(value$value)
      })
    }, warning = function(w) invokeRestart("muffleWarning"), message = function(m) invokeRestart("muffleMessage")),
    error = function(e) "error")
    list(code = deparse(e, width.cutoff = 100L)[1L], out = out)
  })
}

expect_same_output <- function(block, strip = "^$a") expect_same_blocks(substitute(block), strip)

# Files of expressions, run one after the other.
expect_same_script <- function(files, strip = "^$a") {
  expect_same_blocks(as.call(c(quote(`{`), unlist(lapply(files, function(file) as.list(parse(file)))))), strip)
}

expect_same_blocks <- function(block, strip) {
  skip_if_not_installed("metafor")
  theirs <- run_block(block, "metafor")
  ours <- run_block(block, "metaparity")
  expect_gt(length(ours), 0L)
  for (i in seq_along(ours)) {
    lines <- lapply(list(ours[[i]], theirs[[i]]), function(x) grep(strip, x$out, invert = TRUE, value = TRUE))
    expect_identical(lines[[1L]], lines[[2L]], label = ours[[i]]$code)
  }
}
