# Owns the mutation of arguments: each verb is called again and again, each time with one argument in place of which
# stands a value that a stranger might give. What must come of it: a result, or a condition of the package's classes;
# never an error from the inside of R or of a library, a crash or a call without end. tools/mutations runs all of them.

hostile_values <- list(
  null = NULL, na = NA, na_text = NA_character_, na_number = NA_real_, text = "a", no_text = "", words = c("rr", "DLL"),
  formula = ~ a, two_sided = y ~ x, no_numbers = numeric(0), no_texts = character(0), list = list(), list_of = list(a = 1, 2),
  zero = 0, minus = -1, half = 0.5, two = 2L, inf = Inf, minus_inf = -Inf, nan = NaN, huge = 1e308, tiny = 1e-308,
  true = TRUE, false = FALSE, logicals = c(TRUE, NA), pair = c(1, 2), gaps = c(NA, 1, 2), reals = c(0.3, -0.2, 7, 1e5),
  complex = 1i, raw = as.raw(1), date = as.Date("2020-01-01"), factor = factor(c("u", "v")), fun = function(x) x,
  bad_fun = function(x, ...) stop("of the user"), null_fun = function(...) NULL, frame = data.frame(), frame_of = data.frame(a = 1:2, b = c("x", "y")),
  matrix = matrix(0, 0, 2), matrix_of = matrix(1:4, 2, dimnames = list(NULL, c("a", "b"))), environment = emptyenv(),
  name = quote(a), call = quote(a + b), expression = expression(x^2), chinese = "\u4e2d\u6587", bytes = "\xff\xfe",
  named = c(a = 1, b = 2), long = seq_len(3000)
)

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

# The calls, one per line of the fixture.
mutation_calls <- function() as.list(parse(test_path_or("fixtures/mutations.R"), keep.source = FALSE))

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
  if (is.null(plain)) character() else setdiff(names(formals(plain)), "...")
}

# Every mutation as a data frame: which call, which argument, which value.
all_mutations <- function(calls, world) {
  rows <- lapply(seq_along(calls), function(i) {
    graphic <- if (grepl("^(plot|forest|funnel|radial|labbe|baujat|regplot|drapery|llplot|qqnorm|galbraith)[(]", deparse(calls[[i]])[1L])) {
      c("main", "las", "lwd", "bty")
    }
    arguments <- unique(c(mutable_arguments(calls[[i]], world), setdiff(names(calls[[i]])[-1L], ""), graphic))
    expand.grid(call = i, arg = arguments, value = names(hostile_values), stringsAsFactors = FALSE)
  })
  do.call(rbind, rows)
}

mutated_call <- function(call, arg, value, world) {
  full <- tryCatch(match.call(eval(call[[1L]], world), call, expand.dots = FALSE), error = function(e) call)
  dots <- full$...
  full$... <- NULL
  full <- as.call(c(as.list(full), dots))
  full[arg] <- list(value)
  if (is.language(value)) full[[arg]] <- call("quote", value)
  full
}

# The outcome of one call: "value", "classed", "user" (the user's own function failed), "leak" or "hang".
mutation_outcome <- function(call, world, limit = 10) {
  grDevices::pdf(NULL)
  old <- options(warn = 1)
  on.exit({
    setTimeLimit()
    grDevices::graphics.off()
    options(old)
  })
  leaked <- NULL
  answer <- tryCatch(withCallingHandlers({
    setTimeLimit(elapsed = limit, transient = TRUE)
    value <- eval(call, world)
    utils::capture.output(print(value))
    "value"
  }, warning = function(w) {
    if (!inherits(w, "metaparity_warning") && is.null(leaked)) leaked <<- paste("warning:", conditionMessage(w))
    invokeRestart("muffleWarning")
  }, message = function(m) invokeRestart("muffleMessage")), error = identity)
  setTimeLimit()
  kind <- if (identical(answer, "value")) "value" else if (inherits(answer, "metaparity_error")) {
    "classed"
  } else if (grepl("time limit", conditionMessage(answer))) "hang" else if (grepl("of the user", conditionMessage(answer))) {
    "user"
  } else "leak"
  if (kind == "leak") leaked <- paste0(deparse(conditionCall(answer))[1L], ": ", conditionMessage(answer))
  if (kind != "hang" && !is.null(leaked)) kind <- "leak"
  list(kind = kind, message = if (is.null(leaked)) "" else substr(gsub("\n", " ", leaked), 1L, 200L))
}

run_mutations <- function(mutations, calls, world, tell = function(i, outcome) NULL) {
  for (i in seq_len(nrow(mutations))) {
    row <- mutations[i, ]
    call <- mutated_call(calls[[row$call]], row$arg, hostile_values[[row$value]], world)
    outcome <- mutation_outcome(call, world)
    tell(i, outcome)
    mutations$kind[i] <- outcome$kind
    mutations$message[i] <- outcome$message
  }
  mutations
}
