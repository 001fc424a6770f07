# Owns the mutation of arguments: each verb is called again and again, each time with one argument in place of which
# stands a value that a stranger might give. What must come of it: a result, or a condition of the package's classes;
# never an error from the inside of R or of a library, a crash or a call without end. tools/mutations runs all of them.

hostile_values <- list(
  null = NULL, na = NA, na_text = NA_character_, na_number = NA_real_, text = "a", no_text = "", words = c("rr", "DLL"),
  formula = ~ a, two_sided = y ~ x, no_numbers = numeric(0), no_texts = character(0), list = list(),
  list_of = list(a = 1, 2),
  zero = 0, minus = -1, half = 0.5, two = 2L, inf = Inf, minus_inf = -Inf, nan = NaN, huge = 1e308, tiny = 1e-308,
  true = TRUE, false = FALSE, logicals = c(TRUE, NA), pair = c(1, 2), gaps = c(NA, 1, 2), reals = c(0.3, -0.2, 7, 1e5),
  complex = 1i, raw = as.raw(1), date = as.Date("2020-01-01"), factor = factor(c("u", "v")), fun = function(x) x,
  bad_fun = function(x, ...) stop("of the user"), null_fun = function(...) NULL, frame = data.frame(),
  frame_of = data.frame(a = 1:2, b = c("x", "y")),
  matrix = matrix(0, 0, 2), matrix_of = matrix(1:4, 2, dimnames = list(NULL, c("a", "b"))), environment = emptyenv(),
  name = quote(a), call = quote(a + b), expression = expression(x^2), chinese = "\u4e2d\u6587", bytes = "\xff\xfe",
  named = c(a = 1, b = 2), long = seq_len(3000), s4 = methods::getClass("numeric"),
  filled_environment = list2env(list(a = 1, b = "x")),
  na_level = addNA(factor(c("u", NA))), no_levels = factor(character()), very_long = rep(c(0.25, 1), 1e4),
  time = as.POSIXct("2020-01-01", tz = "UTC"),
  broken_time = as.POSIXlt("2020-01-01", tz = "UTC"), span = as.difftime(2, units = "days"), list_of_null = list(NULL),
  nested = Reduce(function(x, i) list(x), seq_len(200), 1), named_list = list(level = 90, digits = 2, a = "x", a = "y"),
  escapes = "a\\0b %s %d \\u{0} \n\t\001", mixed_bytes = c("fine", "caf\xe9"),
  marked_bytes = `Encoding<-`("caf\xe9", "bytes"),
  latin = `Encoding<-`("caf\xe9", "latin1"), long_text = strrep("ab ", 5000), greatest = .Machine$integer.max,
  least = -.Machine$integer.max,
  beyond = 3e9, na_integer = NA_integer_, minus_zero = -0, denormal = 5e-324, no_logicals = logical(0),
  complexes = c(1i, NA),
  raws = as.raw(0:3), twice = setNames(data.frame(1:2, 3:4), c("a", "a")),
  no_rows = data.frame(a = numeric(), b = character()),
  frame_of_lists = data.frame(a = I(list(1, "x"))), frame_of_matrix = data.frame(a = I(diag(2))),
  cube = array(1:8, c(2, 2, 2)),
  table = table(c("u", "v", "u")), series = ts(1:3), classed = structure(1, class = "stranger"),
  classed_list = structure(list(), class = "rma.uni"),
  primitive = sum, expressions = expression(a, b), pairlist = pairlist(a = 1), texts = c(a = "x", b = NA),
  matrix_of_texts = matrix(c("a", "b"), 1),
  matrix_of_lists = matrix(list(1, "a"), 1)
)

# Two more: the argument stands in the call without a value, or not at all.
absences <- c("empty", "absent")

# What the calls of fixtures/mutations.R use.
mutation_world <- function() {
  world <- new.env(parent = globalenv())
  source(test_path_or("fixtures/mutations-data.R"), local = world)
  world
}

test_path_or <- function(path) {
  here <- file.path(Sys.getenv("METAPARITY_TESTS", "."), path)
  if (file.exists(here)) here else testthat::test_path(path)
}

# The calls, one per line of the fixtures: those of meta-analyses and those of reviews.
mutation_calls <- function(files = c("mutations", "mutations-review", "mutations-revman")) {
  paths <- vapply(sprintf("fixtures/%s.R", files), test_path_or, "")
  unlist(lapply(paths, function(path) as.list(parse(path, keep.source = FALSE))), use.names = FALSE)
}

# The arguments of a call's function: those of its method, where the first argument has one. Another class of that
# argument would ask another package.
mutable_arguments <- function(call, world) {
  fun <- eval(call[[1L]], world)
  name <- deparse(call[[1L]])
  if (length(call) > 1L && any(grepl("UseMethod", deparse(body(fun)), fixed = TRUE))) {
    for (class in c(class(eval(call[[2L]], world)), "default")) {
      method <- utils::getS3method(sub("^.*::", "", name), class, TRUE, world)
      if (is.function(method)) return(setdiff(names(formals(args(method)))[-1L], "..."))
    }
    return(setdiff(names(formals(args(fun)))[-1L], "..."))
  }
  plain <- args(fun)
  # rbind() itself converts its deparse.level before it looks for a method.
  if (name %in% c("rbind", "cbind")) return(character())
  if (is.null(plain)) character() else setdiff(names(formals(plain)), "...")
}

# Every mutation as a data frame: which call, which argument, which value.
all_mutations <- function(calls, world) {
  rows <- lapply(seq_along(calls), function(i) {
    graphic <- if (grepl("^(plot|forest|funnel|radial|labbe|baujat|regplot|drapery|llplot|qqnorm|galbraith)[(]",
                         deparse(calls[[i]])[1L])) {
      c("main", "las", "lwd", "bty")
    }
    arguments <- unique(c(mutable_arguments(calls[[i]], world), setdiff(names(calls[[i]])[-1L], ""), graphic))
    expand.grid(call = i, arg = arguments, value = c(names(hostile_values), absences), stringsAsFactors = FALSE)
  })
  do.call(rbind, rows)
}

# Mutations of two arguments at once: each row of a sample of all_mutations() with another of its call beside it.
double_mutations <- function(rows, share) {
  first <- sample(nrow(rows), ceiling(share * nrow(rows)))
  mates <- split(seq_len(nrow(rows)), rows$call)
  second <- vapply(first, function(i) {
    others <- mates[[as.character(rows$call[i])]]
    others <- others[rows$arg[others] != rows$arg[i]]
    if (length(others)) others[sample.int(length(others), 1L)] else NA_integer_
  }, 0L)
  cbind(rows[first, ], arg2 = rows$arg[second], value2 = rows$value[second])[!is.na(second), ]
}

# args, values: names of arguments and, for each, the name of what stands in its place.
mutated_call <- function(call, args, values, world) {
  full <- tryCatch(match.call(eval(call[[1L]], world), call, expand.dots = FALSE), error = function(e) call)
  delayedAssign("known", mutable_arguments(call, world))
  dots <- full$...
  full$... <- NULL
  full <- as.call(c(as.list(full), dots))
  for (i in seq_along(args)) full <- with_value(full, args[i], values[i], known)
  full
}

with_value <- function(call, arg, name, known) {
  if (name == "absent") {
    call[arg] <- NULL
  } else if (name == "empty") {
    # Among the dots R itself refuses an argument without a value.
    if (arg %in% known) call[[arg]] <- quote(expr = ) else call[arg] <- NULL
  } else {
    value <- hostile_values[[name]]
    call[arg] <- list(value)
    if (is.language(value)) call[[arg]] <- call("quote", value)
  }
  call
}

# The outcome of one call: "value", "classed", "user" (the user's own function failed), "leak" or "hang".
mutation_outcome <- function(call, world, limit = 10) {
  grDevices::pdf(NULL)
  old <- options(warn = 1, metafor = getOption("metafor"), metaparity.lang = getOption("metaparity.lang"))
  on.exit({
    setTimeLimit()
    grDevices::graphics.off()
    options(old)
  })
  leaked <- NULL
  answer <- tryCatch(withCallingHandlers({
    setTimeLimit(cpu = limit, transient = TRUE)
    value <- eval(call, world)
    utils::capture.output(print(value))
    "value"
  }, warning = function(w) {
    if (!inherits(w, "metaparity_warning") && is.null(leaked)) leaked <<- paste("warning:", conditionMessage(w))
    invokeRestart("muffleWarning")
  }, message = function(m) invokeRestart("muffleMessage")), error = identity)
  setTimeLimit()
  kind <- if (identical(answer, "value")) "value" else
    if (inherits(answer, "metaparity_error") && !inherits(answer, "metaparity_error_stata_internal")) {
    "classed"
  } else if (grepl("time limit", conditionMessage(answer))) "hang" else
    if (grepl("of the user", conditionMessage(answer))) {
    "user"
  } else "leak"
  if (kind == "leak") leaked <- paste0(deparse(conditionCall(answer))[1L], ": ", conditionMessage(answer))
  if (kind != "hang" && !is.null(leaked)) kind <- "leak"
  list(kind = kind, message = if (is.null(leaked)) "" else substr(gsub("\n", " ", leaked), 1L, 200L))
}

run_mutations <- function(mutations, calls, world, tell = function(i, outcome) NULL) {
  for (i in seq_len(nrow(mutations))) {
    row <- mutations[i, ]
    call <- mutated_call(calls[[row$call]], c(row$arg, row$arg2), c(row$value, row$value2), world)
    outcome <- mutation_outcome(call, world)
    tell(i, outcome)
    mutations$kind[i] <- outcome$kind
    mutations$message[i] <- outcome$message
  }
  mutations
}
