# The table of options is the one list: a verb's arguments, what a typed command accepts and the help page agree with it.

listed <- utils::read.csv(system.file("stata", "options.csv", package = "metaparity"), colClasses = "character")
verbs <- intersect(unique(listed$command), getNamespaceExports("metaparity"))

test_that("the arguments of a verb are the options of its command", {
  expect_gt(length(verbs), 30L)
  objects <- c(metaparity:::unlisted_arguments, "net", "x", "b", "V", "fit", "view", "object", "columns")
  not_typed <- list(estat_bubbleplot = "weights", heterogi = c("Q", "df"), meta_meregress = "model",
                    meta_multilevel = "model", meta_mvregress = "model", network_meta = "model")
  for (verb in verbs) {
    options <- listed$option[listed$command == verb]
    arguments <- setdiff(names(formals(get(verb))), c(objects, not_typed[[verb]]))
    expect_identical(setdiff(arguments, options), character(), info = verb)
    expect_identical(setdiff(options, c(arguments, "reweighted", "n")), character(), info = verb)
  }
})

test_that("flags of the table are arguments that are TRUE or FALSE", {
  for (verb in verbs) for (option in listed$option[listed$command == verb & listed$kind %in% c("flag", "optional")]) {
    if (option == "reweighted") next
    expect_type(formals(get(verb))[[option]], "logical")
  }
})

test_that("a shortest form is the start of its option and of no other that could be meant as well", {
  expect_true(all(startsWith(listed$option, listed$least)))
  expect_false(anyDuplicated(listed[c("command", "option")]) > 0L)
  expect_false(anyDuplicated(listed[c("command", "least")]) > 0L)
})

test_that("the longest unambiguous starts reach their options, and the shortest ones of a command its own", {
  least <- function(command, ...) metaparity:::options_least(command, c(...))
  expect_identical(metaparity:::match_option("fixed", least("metan", "fixedi", "fixed")), "fixed")
  expect_identical(metaparity:::match_option("fixedi", least("metan", "fixedi", "fixed")), "fixedi")
  for (command in unique(listed$command)) {
    table <- metaparity:::options_of(command)
    for (option in names(table$least)) {
      expect_identical(metaparity:::match_option(option, table$least), option, info = command)
      expect_identical(metaparity:::match_option(table$least[[option]], table$least), option,
                       info = paste(command, option))
    }
  }
})

test_that("versions of metan are those of the table", {
  d <- data.frame(a = c(4, 6, 3), b = c(119, 300, 228), c = c(11, 29, 11), d = c(128, 274, 209))
  later <- listed$option[listed$command == "metan" & listed$versions == "4" & listed$kind == "flag"]
  expect_gt(length(later), 20L)
  for (option in later) {
    call <- as.call(c(quote(metan), lapply(letters[1:4], as.name), list(data = d), stats::setNames(list(TRUE), option)))
    expect_error(eval(call), option, class = "metaparity_error_input")
  }
})

test_that("every option is in its help page", {
  db <- tools::Rd_db("metaparity")
  for (verb in verbs) {
    page <- Filter(function(rd) any(vapply(rd, function(x) identical(attr(x, "Rd_tag"), "\\alias") &&
                                             identical(as.character(x[[1L]]), verb), NA)), db)
    if (!length(page)) next
    text <- paste(utils::capture.output(print(page[[1L]])), collapse = "\n")
    for (option in setdiff(listed$option[listed$command == verb], c("reweighted", "n"))) {
      expect_match(text, option, fixed = TRUE, info = verb)
    }
  }
})
