# Whether an object still has the fields that its class had when it was made: their types, lengths and dimensions, which
# belong together. Somebody may have changed it by hand since, and what then is computed would be wrong or stop deep
# inside.

whole_shapes <- new.env(parent = emptyenv())

# fields: for each a word such as "!N kxp". Before the kind "!" means that it must be there, "+" that nothing in it is
# missing. Kinds: n numbers, N numbers and not NA alone, l logical, c text, L list, v atomic, q call, f a fit, g fits,
# . any. Sizes: * any, 1 that number, a letter the same for all fields with that letter, two of them those of a matrix,
# k~ its rows alone; =k: the number k. inner: the shapes of fields that are lists; may_lack: what a small copy of the
# object need not have.
new_shape <- function(fields, inner = list(), may_lack = character()) {
  parts <- strsplit(fields, " ", fixed = TRUE)
  head <- vapply(parts, `[`, "", 1L)
  size <- vapply(parts, `[`, "", 2L)
  sides <- strsplit(size, "x", fixed = TRUE)
  code <- function(side) {
    if (side == "*") return(0L)
    if (startsWith(side, "=")) return(100L + match(substring(side, 2L), letters) %% 16L + 1L)
    if (grepl("^[0-9]+$", side)) -as.integer(side) else match(side, letters) %% 16L + 1L
  }
  kinds <- c(n = 1L, l = 2L, c = 3L, L = 4L, v = 5L, q = 6L, N = 7L, s = 8L, . = 9L, f = 10L, g = 11L)
  columns <- vapply(sides, function(side) if (length(side) > 1L) code(side[2L]) else -100L, 0L)
  columns[endsWith(size, "~")] <- -200L
  sides <- lapply(sides, sub, pattern = "~", replacement = "", fixed = TRUE)
  needed <- grepl("!", head, fixed = TRUE)
  shape <- list(names = names(fields), kind = unname(kinds[sub("^[!+]*", "", head)]),
                rows = vapply(sides, function(side) code(side[1L]), 0L), columns = columns, needed = needed,
                filled = grepl("+", head, fixed = TRUE))
  small <- shape
  small$needed <- needed & !names(fields) %in% may_lack
  list(whole = shape, small = small, inner = inner, may_lack = may_lack)
}

# Which of an object's classes has a shape.
shape_of <- function(x) {
  for (class in class(x)) {
    shape <- whole_shapes[[class]]
    if (!is.null(shape)) return(shape)
  }
}

# Raises an error that names the first field that is not as it was. studies: the verb needs the fields that a small copy
# of the object lacks.
look_whole <- function(x, arg = "x", studies = FALSE) {
  shape <- shape_of(x)
  if (is.null(shape)) return(invisible())
  small <- length(shape$may_lack) && is.null(.subset2(x, "yi.f")) && is.null(.subset2(x, "X.f")) &&
    is.null(.subset2(x, "slab"))
  if (small && studies) {
    abort_capability(arg, "was made with outlist = \"minimal\", which keeps no studies: fit the model without it",
                     sys.call(-1L))
  }
  at <- cpp_misshapen(x, if (small) shape$small else shape$whole)
  if (at) abort_damaged(arg, shape$whole$names[at], sys.call(-1L))
  for (name in names(shape$inner)) {
    part <- .subset2(x, name)
    if (is.null(part)) next
    at <- cpp_misshapen(part, shape$inner[[name]]$whole)
    if (at) abort_damaged(arg, paste0(name, "$", shape$inner[[name]]$whole$names[at]), sys.call(-1L))
  }
}

abort_damaged <- function(arg, field, call = NULL) {
  text <- gettextf("is damaged: its field `%s` was lost or changed by hand; fit the model again", field,
                   domain = "R-metaparity")
  stop(errorCondition(sprintf("`%s` %s", arg, text), arg = arg, field = field,
                      class = c("metaparity_error_damaged", "metaparity_error_input", "metaparity_error"), call = call))
}

# Methods that look at their first argument before all else. Those that change an object or take a part of it do not.
changing_generics <- c("[", "[[", "$", "[<-", "[[<-", "$<-", "names<-", "rbind", "cbind", "merge", "transform",
                       "dplyr_row_slice", "dplyr_col_modify", "dplyr_reconstruct", "str")

# What asks for the studies of a fit.
studies_generics <- c("augment", "baujat", "blup", "case_matrix", "case_statistics", "cooks.distance", "cumul",
                      "deletion_statistics", "dfbetas", "diagonal_weights", "figure_layout", "fits_of_first",
                      "fits_without", "fitted", "forest", "forest_lights", "forest_rows", "funnel", "gosh",
                      "grade_studies", "hatvalues", "hc", "influence", "labbe", "leave1out", "model.matrix",
                      "model_loglik", "model_marginal", "model_refit", "model_sampling", "model_studies", "permutest",
                      "plot", "profile", "qqnorm", "radial", "ranef", "regplot", "residuals", "robust", "rstandard",
                      "rstudent", "selmodel", "simulate", "trimfill", "weights")

with_look <- function(fun, studies) {
  arg <- names(formals(fun))[1L]
  look <- call("look_whole", as.name(arg), arg)
  if (studies) look$studies <- TRUE
  body(fun) <- call("{", look, body(fun))
  fun
}

guard_methods <- function(env) {
  ours <- "[.](metaparity|(metaparity|stata|revman)_[a-z0-9_]+|rob_tool)$"
  for (name in grep(ours, ls(env), value = TRUE)) {
    fun <- get(name, env)
    generic <- sub(ours, "", name)
    if (!is.function(fun) || generic %in% changing_generics || !length(formals(fun)) ||
        names(formals(fun))[1L] == "...") next
    studies <- generic %in% studies_generics || name %in% c("confint.metaparity_uni", "confint.metaparity_mv")
    assign(name, with_look(fun, studies), env)
  }
}
