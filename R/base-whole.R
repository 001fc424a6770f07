# Whether an object still has the fields that its class had when it was made: their types, lengths and dimensions, which
# belong together. Somebody may have changed it by hand since, and what then is computed would be wrong or stop deep
# inside.

whole_shapes <- new.env(parent = emptyenv())

# fields: for each a word such as "!N kxp". Before the kind "!" means that it must be there, "+" that nothing in it is
# missing. Kinds: n numbers, N numbers and not NA alone, l logical, c text, L list, v atomic, q call, . any. Sizes: * any,
# 1 that number, a letter the same for all fields with that letter, two of them those of a matrix; =k: the number k.
# inner: the shapes of fields that are lists; may_lack: what a small copy of the object need not have.
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
  kinds <- c(n = 1L, l = 2L, c = 3L, L = 4L, v = 5L, q = 6L, N = 7L, s = 8L, . = 9L)
  columns <- vapply(sides, function(side) if (length(side) > 1L) code(side[2L]) else -100L, 0L)
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

# Raises an error that names the first field that is not as it was.
look_whole <- function(x, arg = "x") {
  shape <- shape_of(x)
  if (is.null(shape)) return(invisible())
  small <- length(shape$may_lack) && is.null(.subset2(x, "yi.f")) && is.null(.subset2(x, "X.f")) &&
    is.null(.subset2(x, "slab"))
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

with_look <- function(fun) {
  arg <- names(formals(fun))[1L]
  body(fun) <- call("{", call("look_whole", as.name(arg), arg), body(fun))
  fun
}

guard_methods <- function(env, classes) {
  for (name in ls(env)) {
    class <- classes[endsWith(name, paste0(".", classes))]
    if (!length(class)) next
    fun <- get(name, env)
    generic <- substr(name, 1L, nchar(name) - nchar(class[which.max(nchar(class))]) - 1L)
    if (!is.function(fun) || generic %in% changing_generics || !length(formals(fun)) ||
        names(formals(fun))[1L] == "...") next
    assign(name, with_look(fun), env)
  }
}
