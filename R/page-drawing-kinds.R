# Owns what the arguments of a plot may be, by the names that they have everywhere: one check for each kind, run at the
# door of each plot verb, so that no value reaches graphics that cannot draw it. `NULL` is the default of all of them.

# Does graphics take the value? A warning is a no.
can_draw <- function(code) !is.null(tryCatch(code, error = function(e) NULL, warning = function(w) NULL))

check_colours <- function(x, arg, call = NULL) {
  fine <- is.atomic(x) && (is.character(x) || is.numeric(x) || is.factor(x) || all(is.na(x))) && length(x) > 0L
  if (is.numeric(x)) fine <- fine && all(is.na(x) | x >= 0 & x < 1e6)
  if (fine && can_draw(grDevices::col2rgb(if (is.factor(x)) as.integer(x) else x))) return(x)
  abort_input(arg, sprintf("must be colours as in col2rgb(), not %s", describe(x)), call)
}

check_one_colour <- function(x, arg, call = NULL) {
  if (length(x) == 1L) return(check_colours(x, arg, call))
  abort_input(arg, sprintf("must be one colour, not %s", describe(x)), call)
}

# TRUE and FALSE ask for the colour of the style, or for none.
check_colour_or_flag <- function(x, arg, call = NULL) if (is.logical(x)) check_flag(x, arg, call) else
  check_colours(x, arg, call)

check_symbols <- function(x, arg, call = NULL) {
  fine <- is.atomic(x) && length(x) > 0L && !is.object(x) && is.null(dim(x)) &&
    (is.numeric(x) || is.character(x) || all(is.na(x)))
  if (fine && is.numeric(x)) fine <- all(is.na(x) | x >= 0 & x < 26 | x >= 32 & x < 127 | x <= -32 & x >= -1114111)
  if (fine && is.character(x)) fine <- all(is.na(x) | grepl("^[ -~]$", x))
  if (fine) return(x)
  abort_input(arg, sprintf("must be plotting symbols as in points(), not %s", describe(x)), call)
}

line_types <- c("blank", "solid", "dashed", "dotted", "dotdash", "longdash", "twodash")

# R counts them from 0 and goes round again.
line_type_words <- function(lty) line_types[ifelse(lty == 0, 0, (lty - 1) %% 6 + 1) + 1]

check_lty <- function(x, arg, call = NULL) {
  fine <- is.atomic(x) && length(x) > 0L && !anyNA(x)
  if (fine) {
    fine <- if (is.numeric(x)) all(x >= 0 & x < 256) else {
      is.character(x) && all(x %in% line_types | grepl("^([1-9A-Fa-f]{2}){1,4}$", x))
    }
  }
  if (fine) return(x)
  abort_input(arg, sprintf("must be types of lines such as \"dotted\", or their numbers, not %s", describe(x)), call)
}

check_sizes <- function(x, arg, call = NULL) {
  fine <- is.numeric(x) && !is.object(x) && is.null(dim(x)) && length(x) > 0L && !anyNA(x)
  if (fine && all(x == 0 | x >= 0.001 & x <= 1000)) return(x)
  abort_input(arg, sprintf("must be sizes from 0 to 1000, not %s", describe(x)), call)
}

# Text, expressions and numbers can be drawn.
check_title <- function(x, arg, call = NULL) {
  fine <- is.language(x) || is.atomic(x) &&
    (all(is.na(x)) || is.character(x) && all(validUTF8(x)) || is.numeric(x) && !is.object(x))
  if (fine && (length(x) == 1L || is.call(x))) return(x)
  abort_input(arg, sprintf("must be one text or expression, not %s", describe(x)), call)
}

check_places <- function(x, arg, call = NULL) {
  if (is.numeric(x) && !is.object(x) && length(x) > 0L && !anyNA(x) && all(abs(x) <= 1e150)) return(x)
  abort_input(arg, sprintf("must be finite numbers, not %s", describe(x)), call)
}

check_one_place <- function(x, arg, call = NULL) {
  if (is.numeric(x) && length(x) %in% 1:2 && !anyNA(x)) return(check_places(x, arg, call))
  abort_input(arg, sprintf("must be one or two numbers, not %s", describe(x)), call)
}

# NA and NULL are no line.
check_reference <- function(x, arg, call = NULL) {
  if (is.object(x)) abort_input(arg, sprintf("must be finite numbers, not %s", describe(x)), call)
  if (is.null(x) || is.atomic(x) && length(x) > 0L && all(is.na(x))) return(x)
  check_places(x, arg, call)
}

check_breaks <- function(x, arg, call = NULL) {
  words <- c("sturges", "scott", "fd", "freedman-diaconis")
  if (is.function(x) || is.character(x) && length(x) == 1L && tolower(iconv(x, sub = "?")) %in% words) return(x)
  if (is.numeric(x) && !is.object(x) && length(x) == 1L) return(check_number(x, arg, 1, 1e5, call))
  if (is.numeric(x) && length(x) > 1L && !anyNA(x) && !is.unsorted(x)) return(check_places(x, arg, call))
  abort_input(arg, sprintf("must be a number of bars, their limits, or one of %s, not %s", toString(words),
                           describe(x)), call)
}

check_one_size <- function(x, arg, call = NULL) {
  if (length(x) == 1L && is.numeric(x) && !x %in% 0) return(check_sizes(x, arg, call))
  abort_input(arg, sprintf("must be one size, not %s", describe(x)), call)
}

check_box <- function(x, arg, call = NULL)
  check_choice(x, c("o", "l", "7", "c", "u", "]", "n", "L", "O", "C", "U", "["), arg, call)

check_transformation <- function(x, arg, call = NULL) {
  if (is.function(x) || isFALSE(x)) return(x)
  abort_input(arg, sprintf("must be a function such as exp, not %s", describe(x)), call)
}

check_tick_digits <- function(x, arg, call = NULL) {
  one <- function(d) is.numeric(d) && length(d) == 1L && !is.na(d) && d >= 0 && d <= 15 && d == round(d)
  if (length(x) %in% 1:2 && (is.numeric(x) || is.list(x)) && all(vapply(x, one, NA))) return(x)
  abort_input(arg, sprintf("must be one or two whole numbers of decimals from 0 to 15, not %s", describe(x)), call)
}

check_las <- function(x, arg, call = NULL) check_number(x, arg, 0, 3, call)

drawing_kinds <- local({
  each <- function(names, check) stats::setNames(rep(list(check), length(names)), names)
  c(each(c("col", "bg", "back", "border", "colout", "colline", "cols", "col.out", "col.density", "col.ref",
           "col.predict", "col.na",
            "bg.infl"), check_colours),
    each("lcol", check_colours), each("shade", check_colour_or_flag), hlines = check_one_colour,
    each(c("pch", "pch.fill"), check_symbols),
    each(c("lwd", "cex", "efac"), check_sizes), each(c("cex.lab", "cex.axis", "cex.main", "labsize"), check_one_size),
    each("offset", check_one_place), each(c("refline", "refline2"), check_reference), each("breaks", check_breaks),
    list(adjust = function(x, arg, call) check_number(x, arg, 0.01, 100, call), freq = check_flag, bty = check_box,
         bass = function(x, arg, call) check_number(x, arg, -10, 10, call)),
    each(c("main", "xlab", "ylab", "zlab"), check_title), each(c("at", "aty", "atz"), check_places),
    each(c("transf", "atransf"), check_transformation), each(c("xaxt", "yaxt"), check_word),
    list(lty = check_lty, digits = check_tick_digits, las = check_las))
})

# What has no drawing without a value; NULL stands for the default of the others.
never_null <- c("pch", "col", "bg", "cols", "lwd", "cex", "cex.lab", "cex.axis", "labsize", "offset",
                "breaks", "adjust", "freq", "bass", "lty")

# Checks values by their names; those without a kind pass, and NULL where it is the default in `formals`.
check_kinds <- function(values, call = NULL, formals = NULL) {
  for (name in intersect(names(values), names(drawing_kinds))) {
    needed <- name %in% never_null && !is.null(formals[[name]]) && !identical(formals[[name]], quote(expr = ))
    if (needed || !is.null(values[[name]])) drawing_kinds[[name]](values[[name]], name, call)
  }
  invisible(values)
}

# The same of the arguments of the function whose frame `env` is. but: arguments that may name columns of the data,
# which are checked when they are found. FALSE, metafor's word for no transformation, becomes NULL.
check_drawing <- function(env, call = NULL, but = character()) {
  formals <- formals(sys.function(-1L))
  names <- setdiff(intersect(names(formals), names(drawing_kinds)), but)
  given <- names[!vapply(names, function(name) eval(call("missing", as.name(name)), env), NA)]
  check_kinds(values_in(env, given), call, formals)
  for (name in intersect(given, c("transf", "atransf"))) if (isFALSE(env[[name]])) assign(name, NULL, envir = env)
}

# Arguments that may name columns of the data, once found.
check_marks <- function(marks, call = NULL) check_kinds(marks, call, formals(sys.function(-1L)))
