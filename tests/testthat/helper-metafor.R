# Ours and metafor side by side: fits of data sets of metadat by both, fields and printed lines compared.

# A fit by metafor with its stopping rules as fine as doubles allow.
metafor_fit <- function(...) {
  args <- list(...)
  method <- if (is.null(args$method)) "REML" else args$method
  args$control <- c(args$control, tight_control_of(method))
  suppressWarnings(do.call(metafor::rma.uni, args))
}

tight_control_of <- function(method) {
  if (method %in% c("DLIT", "SJIT", "ML", "REML", "EB")) return(list(threshold = 1e-13, maxiter = 10000))
  if (method %in% c("PM", "PMM", "GENQM")) list(tol = 1e-14, maxiter = 10000) else list()
}

# Data sets with estimates, variances, moderators and clusters: data frames with yi, vi, x, g (a factor), cluster.
moderator_sets <- function() {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  held <- new.env()
  utils::data(list = c("dat.bcg", "dat.bangertdrowns2004", "dat.konstantopoulos2011", "dat.raudenbush1985"),
              package = "metadat",
              envir = held)
  bcg <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = held$dat.bcg)
  bangert <- held$dat.bangertdrowns2004
  bangert <- bangert[!is.na(bangert$length) & !is.na(bangert$meta), ]
  school <- held$dat.konstantopoulos2011
  teacher <- held$dat.raudenbush1985
  frame <- function(d, x, g, cluster) {
    data.frame(yi = as.numeric(d$yi), vi = d$vi, x = as.numeric(x), g = factor(g), cluster = cluster)
  }
  list(bcg = frame(bcg, bcg$ablat, bcg$alloc, rep(1:7, 2)[1:13]),
       bangert = frame(bangert, bangert$length, bangert$meta, bangert$grade),
       school = frame(school, school$year, seq_len(nrow(school)) %% 3, school$district),
       teacher = frame(teacher, teacher$weeks, teacher$setting, teacher$author))
}

# Named elements of two results, numbers compared by a gate, text exactly.
expect_same_fields <- function(ours, theirs, fields, quantity = "metafor_tight", scale = 0, label = "") {
  for (name in fields) {
    a <- unclass(ours)[[name]]
    b <- unclass(theirs)[[name]]
    if (is.numeric(a) && is.numeric(b)) {
      scale_here <- if (is.null(names(scale))) scale else if (name %in% names(scale)) scale[[name]] else 0
      withCallingHandlers(expect_gate(a, b, quantity, scale = scale_here), expectation_failure = function(e) {
        message(label, " ", name)
      })
    } else {
      expect_equal(as.character(unlist(a)), as.character(unlist(b)), info = paste(label, name))
    }
  }
}

# Lines that print() writes for both.
expect_same_print <- function(ours, theirs, ...) {
  expect_identical(capture.output(print(ours, ...)), capture.output(print(theirs, ...)))
}
