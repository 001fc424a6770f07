# transf.*() from one kind of effect size to another. Formulas and sources in transf-table.R; the core computes.

#' @rdname transf
#' @export
transf.dtou1 <- transf_function("dtou1")
#' @rdname transf
#' @export
transf.dtou2 <- transf_function("dtou2")
#' @rdname transf
#' @export
transf.dtou3 <- transf_function("dtou3")
#' @rdname transf
#' @export
transf.dtoovl <- transf_function("dtoovl")
#' @rdname transf
#' @export
transf.dtocles <- transf_function("dtocles")
#' @rdname transf
#' @export
transf.clestod <- transf_function("clestod")
#' @rdname transf
#' @export
transf.dtocliffd <- transf_function("dtocliffd")
#' @rdname transf
#' @export
transf.dtobesd <- transf_function("dtobesd")
#' @rdname transf
#' @export
transf.dtomd <- function(xi, targs = NULL) apply_transform("dtomd", xi, list(targs = known_sd(targs)))
#' @rdname transf
#' @export
transf.dtorpb <- function(xi, n1i, n2i) transform_groups("dtorpb", xi, if (!missing(n1i)) n1i, if (!missing(n2i)) n2i)
#' @rdname transf
#' @export
transf.dtorbis <- function(xi, n1i, n2i) transform_groups("dtorbis", xi, if (!missing(n1i)) n1i, if (!missing(n2i)) n2i)
#' @rdname transf
#' @export
transf.rpbtorbis <- function(xi, pi) {
  apply_transform("rpbtorbis", xi, list(pi = if (missing(pi)) 0.5 else check_risk(pi, "pi")))
}
#' @rdname transf
#' @export
transf.rtorpb <- function(xi, pi) {
  apply_transform("rtorpb", xi, list(pi = if (missing(pi)) 0.5 else check_risk(pi, "pi")))
}
#' @rdname transf
#' @export
transf.rtod <- function(xi, n1i, n2i) transform_groups("rtod", xi, if (!missing(n1i)) n1i, if (!missing(n2i)) n2i)
#' @rdname transf
#' @export
transf.rpbtod <- function(xi, n1i, n2i) transform_groups("rpbtod", xi, if (!missing(n1i)) n1i, if (!missing(n2i)) n2i)
#' @rdname transf
#' @export
transf.lnortord <- function(xi, pc) apply_transform("lnortord", xi, list(pc = check_risk(needed(pc), "pc")))
#' @rdname transf
#' @export
transf.lnortorr <- function(xi, pc) apply_transform("lnortorr", xi, list(pc = check_risk(needed(pc), "pc")))
#' @rdname transf
#' @export
transf.lnortod.norm <- transf_function("lnortod.norm")
#' @rdname transf
#' @export
transf.lnortod.logis <- transf_function("lnortod.logis")
#' @rdname transf
#' @export
transf.dtolnor.norm <- transf_function("dtolnor.norm")
#' @rdname transf
#' @export
transf.dtolnor.logis <- transf_function("dtolnor.logis")
#' @rdname transf
#' @export
transf.lnortortet.pearson <- transf_function("lnortortet.pearson")
#' @rdname transf
#' @export
transf.lnortortet.digby <- transf_function("lnortortet.digby")

# Without both group sizes the groups are taken as large and equal.
transform_groups <- function(name, xi, n1i, n2i) {
  if (is.null(n1i) || is.null(n2i)) return(apply_transform(paste0(name, "_equal"), xi))
  n1i <- check_numeric_vector(n1i, "n1i", sys.call(-1L))
  n2i <- check_numeric_vector(n2i, "n2i", sys.call(-1L))
  if (length(n1i) == 1L) n1i <- rep(n1i, length(n2i))
  if (length(n2i) == 1L) n2i <- rep(n2i, length(n1i))
  if (length(n1i) != length(n2i)) abort_input("n1i", "must have the length of `n2i`", sys.call(-1L))
  apply_transform(name, xi, list(n1i = n1i, n2i = n2i))
}

check_risk <- function(x, arg) {
  x <- check_numeric_vector(x, arg, sys.call(-1L))
  bad <- !is.na(x) & (x < 0 | x > 1)
  if (any(bad)) abort_input(arg, "must be between 0 and 1", sys.call(-1L))
  x
}

known_sd <- function(targs) {
  sd <- if (is.list(targs)) targs$sd else targs
  if (length(sd) != 1L || !is.atomic(sd) || !(is.numeric(sd) || is.na(sd))) {
    abort_input("targs", "must be one standard deviation", sys.call(-1L))
  }
  as.numeric(sd)
}
