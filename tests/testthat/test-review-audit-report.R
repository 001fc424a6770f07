# Texts that findings may show: `why`, `because` of new_findings(), pool_finding(), p_finding(), new_check(), and
# vectors of words.
sentences_of <- function(code) {
  out <- character()
  walk <- function(x) {
    if (is.character(x) && length(x) == 1L && grepl("^[A-Za-z0-9' ]+ [a-z].* .* ", x) &&
        !grepl("%|^\\^|must|\\\\", x)) out <<- c(out, x)
    if (is.call(x) && as.character(x[[1L]])[1L] %in% c("abort_input", "sprintf", "gsub", "sub",
                                                       "grepl")) return(invisible())
    if (is.call(x) || is.expression(x) || is.pairlist(x)) for (part in as.list(x)) if (!missing(part)) walk(part)
  }
  for (one in code) walk(one)
  unique(out)
}

example_report <- function() audit(data.frame(study = c("A", "B"), est = c("1.00", "2.00"), ci.lb = c("0.50", "1.00"),
                                              ci.ub = c("1.50", "2.50")), measure = "MD")

test_that("findings are counted and listed", {
  x <- example_report()
  expect_s3_class(x, "metaparity_audit_report")
  expect_named(x, c("part", "check", "severity", "row", "what", "printed", "expected", "reading", "suggestion", "why",
                    "study"))
  expect_output(print(x), "Audit: 1 error\nChecked: A1 \\(2\\), A2 \\(2\\)")
  expect_output(print(x), "error [A2] row 2, B: the estimate is not the centre", fixed = TRUE)
  expect_output(print(x, most = 0), "and 1 more")
  own <- summary(x)
  expect_identical(own$passed[own$check == "A2"], 1L)
  expect_output(print(own), "the estimate is the centre of its interval")
  expect_identical(class(as.data.frame(x)), "data.frame")
  expect_output(print(x[0L, ]), "nothing found")
  expect_output(print(own[1:3]), "check")
})

test_that("everything that is printed is Chinese where Chinese is asked for", {
  x <- example_report()
  text <- capture.output(print(x, lang = "zh"), print(summary(x), lang = "zh"))
  words <- gsub("A[0-9]|B[0-9]|C[0-9]|[^A-Za-z]+", " ", text)
  left <- setdiff(unlist(strsplit(trimws(words), " +")), c("", "A", "B"))
  expect_identical(left, character())
  titles <- translate(unname(audit_checks), "zh")
  expect_false(any(titles == audit_checks))
})

test_that("every sentence of a finding has its translation", {
  files <- list.files("../../R", "^review-(audit|check-data).*[.]R$", full.names = TRUE)
  files <- files[!endsWith(files, "audit-estimates.R")]
  skip_if(!length(files), "sources are not here")
  why <- unique(unlist(lapply(files, function(file) sentences_of(parse(file, keep.source = FALSE)))))
  expect_gt(length(why), 60L)
  expect_identical(why[translate(why, "zh") == why], character())
})

test_that("parts of a paper are one audit", {
  x <- audit(list("Fig 1" = example_report(), "Table" = data.frame(quantity = "n", where = c("a", "b"),
                                                                   value = c("1", "2"))))
  expect_identical(x$part, c("Fig 1", "Table: n"))
  own <- summary(x)
  expect_identical(own$found[own$check == "A2"], 1L)
  expect_identical(own$checked[own$check == "C13"], 1L)
  expect_identical(nrow(audit(audit(example_report()))), 1L)
})
