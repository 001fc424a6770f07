flow_of <- function(...) prisma_flow(..., draw = FALSE)
box_texts <- function(x) texts_with_role(page_of(x), "box")

# A review with the numbers of a real one, as a table.
seed_table <- function() {
  data.frame(stage = c(rep("identification", 3L), rep("screening", 4L), "eligibility", "included"),
             box = c("PubMed", "CNKI", "total", "duplicates removed", "records after duplicates removed",
                     "reviews, systematic reviews and theses excluded", "excluded on title and abstract",
                     "excluded on full text",
                     "studies included"), n = c(900, 411, 1311, 537, 774, 163, 599, 4, 8))
}

test_that("a table of boxes is read, completed and checked", {
  x <- flow_of(seed_table())
  numbers <- as.data.frame(x)
  n <- function(box) numbers$n[numbers$box == box]
  expect_identical(x$template, "2009")
  expect_identical(n("databases"), c(900, 411))
  expect_identical(n("excluded"), c(163, 599))
  expect_identical(n("assessed"), 12)
  expect_identical(numbers$box[numbers$derived], c("screened", "assessed"))
  expect_true(all(x$balance$balanced))
  expect_identical(nrow(x$balance), 3L)
  expect_true(any(grepl("PubMed (n = 900)", box_texts(x), fixed = TRUE)))
  file <- tempfile(fileext = ".csv")
  write.csv(seed_table(), file, row.names = FALSE)
  expect_identical(as.data.frame(flow_of(file)), numbers)
  expect_false(any(as.data.frame(flow_of(file, fill = FALSE))$derived))
})

test_that("what does not balance is named, once, with the numbers", {
  off <- function(...) {
    w <- expect_warning(x <- flow_of(...), class = "metaparity_warning_balance")
    expect_identical(w$balance$check, x$balance$check[!x$balance$balanced])
    expect_output(print(x), "do(es)? not add up")
    w$balance[c("check", "expected", "stated")]
  }
  expect_identical(off(databases = c(a = 10, b = 5), identified = 16)$check, "Records identified")
  expect_identical(off(databases = 100, duplicates = 20, screened = 81)$expected, 80)
  expect_identical(off(screened = 80, excluded = c(a = 30, b = 20), assessed = 31)$expected, 30)
  expect_identical(off(assessed = 30, excluded_reports = c(20, a = 10, b = 9),
                       included = c(studies = 9, reports = 10))$expected, 19)
  expect_identical(off(assessed = 30, excluded_reports = 20, included = c(studies = 9, reports = 11))$stated, 11)
  expect_identical(off(assessed = 30, excluded_reports = 20, included = c(studies = 11, reports = 10))$stated, 11)
  expect_identical(off(assessed = 30, excluded_reports = 20, qualitative = 9)$expected, 10)
  expect_identical(off(qualitative = 9, quantitative = 10)$stated, 10)
  expect_identical(off(previous = 3, included = 4, total = 8)$expected, 7)
  expect_identical(off(other_sought = 12, other_not_retrieved = 2, other_assessed = 9)$expected, 10)
  expect_identical(off(included = 5, after = c("Studies in meta-analysis" = 6))$stated, 6)
  expect_identical(nrow(off(databases = 100, duplicates = 20, screened = 81, excluded = 50, assessed = 32)), 2L)
  expect_silent(flow_of(databases = 100, duplicates = 20, screened = 81, check = FALSE))
})

test_that("what can be does not warn: several reports of a study, unknown steps", {
  expect_silent(flow_of(assessed = 30, excluded_reports = 20, included = 8))
  expect_silent(flow_of(databases = 100, screened = 80, assessed = 30, included = c(studies = 8, reports = 12)))
  expect_silent(flow_of(screened = 80, excluded = 50, not_retrieved = 5, assessed = 25, excluded_reports = 15,
                        other_assessed = 4,
                        other_excluded = 2, included = c(studies = 8, reports = 12)))
  expect_silent(flow_of(template = "2020"))
})

test_that("boxes follow the template, and any is switched on or off", {
  x <- function(...) box_texts(flow_of(databases = c(PubMed = 90, Embase = 10), registers = 5, duplicates = 15,
                                       automation = 0, excluded = 60,
                                       excluded_reports = c("wrong design" = 20),
                                       included = c(studies = 9, reports = 10), check = FALSE, ...))
  has <- function(texts, word) any(grepl(word, texts, fixed = TRUE))
  full <- x()
  expect_true(has(full, "Registers (n = 5)") && has(full, "wrong design (n = 20)") && has(full,
                                                                                          "Reports of included studies (n = 10)"))
  expect_false(has(x(boxes = c(registers = FALSE, automation = FALSE)),
                   "Registers") || has(x(boxes = c(automation = FALSE)), "automation"))
  expect_true(has(x(boxes = c(removed = TRUE)), "other reasons (n = )"))
  expect_true(has(x(boxes = "not_retrieved"), "not retrieved (n = )"))
  expect_false(has(x(boxes = c(screened = FALSE, excluded = FALSE)), "screened"))
  expect_true(has(x(labels = c(screened = "Titles read")), "Titles read (n = 90)"))
  expect_true(has(x(after = c("Studies in network meta-analysis" = 7)), "network meta-analysis (n = 7)"))
  old <- box_texts(flow_of(databases = 90, other = 10, template = 2009, after_duplicates = 80, qualitative = 9,
                           check = FALSE))
  expect_true(has(old, "Additional records") && has(old, "qualitative"))
  expect_identical(texts_with_role(page_of(flow_of(databases = 3, boxes = c(heads = FALSE, stages = FALSE))), "head"),
                   character())
  again <- box_texts(flow_of(previous = c(studies = 3, reports = 4), included = 5, total = 8))
  expect_true(has(again, "New studies included") && has(again, "previous version"))
})

test_that("a chart of RevMan keeps its boxes, and its sums are checked", {
  chart <- function(...) data.frame(..., stringsAsFactors = FALSE)
  table <- chart(step = c(1, 1, 2, 3, 3, 4), side = c(FALSE, FALSE, FALSE, FALSE, TRUE, FALSE),
                 n = c(176, 47, 210, 140, 20, 3),
                 text = c("176 records\n11 duplicates", "47 others\n2 duplicates",
                          "210 after duplicates removed\n165 first\n45 second",
                          "140 full texts", "20 excluded\n12 off topic\n9 no data", "3 studies in synthesis"))
  w <- expect_warning(x <- flow_of(table), class = "metaparity_warning_balance")
  expect_identical(x$balance$expected[x$balance$balanced], c(210, 210))
  expect_setequal(w$balance$stated, c(140, 20, 3))
  expect_identical(sum(grepl("duplicates", box_texts(x))), 3L)
  expect_error(flow_of(table, screened = 3), class = "metaparity_error_input")
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  if (!nrow(review$flowchart)) expect_error(flow_of(review), class = "metaparity_error_input")
})

test_that("the template file of PRISMA2020 is understood", {
  table <- data.frame(data = c("database_results", "database_specific_results", "website_results", "citations_results",
                               "duplicates", "records_screened",
                               "dbr_excluded", "new_studies", "new_reports", NA), boxtext = "x",
                      n = c("100", "Web of Science, 60; PubMed, 40", "3", "4", "10", "90",
                            "Reason one, 3; Reason two, 4", "5", "6", NA))
  n <- as.data.frame(flow_of(table))
  expect_identical(n$part[n$box == "databases"], c("Web of Science", "PubMed"))
  expect_identical(n$n[n$box == "excluded_reports"], c(3, 4))
  expect_identical(n$n[n$box == "included"], c(5, 6))
})

test_that("a reason behind a colon is kept, even a single one", {
  table <- data.frame(box = c("PubMed", "Records excluded", "Full texts excluded: wrong design", "Studies included"),
                      n = c(50, 30, 4, 6))
  n <- as.data.frame(flow_of(table))
  expect_identical(n$part[n$box == "excluded_reports"], "wrong design")
  expect_identical(n$part[n$box == "excluded"], "")
  expect_true(any(grepl("wrong design (n = 4)", box_texts(flow_of(table)), fixed = TRUE)))
})

test_that("Chinese tables and Chinese figures", {
  table <- data.frame(box = c("\u4e2d\u56fd\u77e5\u7f51", "\u4e07\u65b9", "\u53bb\u91cd\u540e\u6587\u732e",
                              "\u9605\u8bfb\u9898\u76ee\u548c\u6458\u8981\u6392\u9664",
                              "\u9605\u8bfb\u5168\u6587\u6392\u9664", "\u7eb3\u5165\u7814\u7a76"),
                              n = c(60, 50, 90, 70, 12, 8))
  x <- flow_of(table, lang = "zh")
  n <- as.data.frame(x)
  expect_identical(n$n[match(c("after_duplicates", "excluded", "excluded_reports", "included"), n$box)],
                   c(90, 70, 12, 8))
  words <- layout_texts(page_of(flow_of(template = "2020", lang = "zh", title = "\u56fe 1")))$label
  expect_false(any(grepl("[A-Za-z]{2,}", words)))
  expect_false(any(grepl("[A-Za-z]{3,}", sub("PRISMA", "", utils::capture.output(print(x))))))
})

test_that("nothing overlaps and nothing leaves the page, whatever the texts and their number", {
  set.seed(8)
  word <- function() paste(sample(c("no", "relevant", "outcome", "\u968f\u673a\u5bf9\u7167\u8bd5\u9a8c",
                                    "verylongwordwithoutblanks", "(2019)"), sample(1:15, 1L), TRUE),
                           collapse = " ")
  some <- function(n) stats::setNames(sample(1:5000, n, TRUE), make.unique(vapply(seq_len(n), function(i) word(), "")))
  for (n in c(1L, 12L)) for (template in c("2009", "2020")) {
    x <- flow_of(databases = some(n), registers = some(2L), other = some(2L), duplicates = 5, excluded = some(n),
                 not_retrieved = some(1L),
                 excluded_reports = some(n), included = c(studies = 3, reports = 4),
                 previous = c(studies = 3, reports = 4), total = 9,
                 other_sought = 4, other_excluded = some(n), after = some(3L), template = template, check = FALSE,
                 title = word(),
                 lang = if (n > 1L) "zh")
    for (layout in list(page_of(x), page_of(x, 4, 3))) {
      texts <- layout_texts(layout)
      expect_true(all(texts$left > -1e-6 & texts$bottom > -1e-6 & texts$right < layout$width + 1e-6 &
                      texts$top < layout$height + 1e-6))
      expect_identical(overlapping_texts(layout, 0.005), character())
      shapes <- items_of(layout, "polygon")[-1L]
      x_at <- unlist(lapply(shapes, `[[`, "x"))
      expect_true(all(x_at > -1e-6 & x_at < layout$width + 1e-6))
      boxes <- Filter(function(s) length(s$x) == 4L, shapes)
      inside <- vapply(which(texts$role == "box"), function(i) any(vapply(boxes, function(b) {
        min(b$x) <= texts$left[i] && max(b$x) >= texts$right[i] && min(b$y) <= texts$bottom[i] &&
          max(b$y) >= texts$top[i]
      }, NA)), NA)
      expect_true(all(inside))
    }
  }
})

test_that("input that is none is an error of the package's classes, naming rows and boxes", {
  bad <- function(...) expect_error(flow_of(...), class = "metaparity_error_input")
  expect_match(conditionMessage(bad(screend = 3)), "did you mean \"screened\"")
  bad(3)
  bad(screened = -1)
  bad(screened = 1.5)
  bad(screened = c(1, 2))
  bad(excluded = c(1, 2))
  bad(included = c(a = 1))
  bad(after = 3)
  bad(data.frame())
  bad(data.frame(a = 1))
  bad(data.frame(n = 1))
  bad("no such file.csv")
  bad(template = "2015")
  bad(screened = 3, boxes = c(nothing = TRUE))
  bad(screened = 3, labels = "a")
  e <- expect_error(flow_of(data.frame(box = c("a", "b", "c"), n = c("1", "x", "-2"))),
                    class = "metaparity_error_studies")
  expect_identical(e$rows, 2:3)
})

test_that("the figure is saved in every format", {
  x <- flow_of(seed_table(), lang = "zh")
  for (extension in c("png", "pdf", "svg")) {
    file <- tempfile(fileext = paste0(".", extension))
    save_figure(x, file)
    expect_gt(file.size(file), 1000)
    unlink(file)
  }
})

test_that("previous and new studies are a total, which previous studies join in both templates", {
  for (template in c("2020", "2009")) {
    x <- box_texts(flow_of(databases = 100, excluded = 90, included = c(studies = 8, reports = 9),
                           previous = c(studies = 3, reports = 4), template = template))
    expect_true(any(grepl("Total studies included in review (n = 11)", x, fixed = TRUE)), info = template)
    expect_true(any(grepl("Reports of total included studies (n = 13)", x, fixed = TRUE)), info = template)
  }
  off <- box_texts(flow_of(databases = 100, included = 8, previous = 3, boxes = c(total = FALSE)))
  expect_false(any(grepl("Total studies", off)))
})

test_that("one balance that is off is told as one", {
  flow <- prisma_flow(databases = 10, screened = 12, excluded = 2, sought = 10, check = TRUE, draw = FALSE) |>
    suppressWarnings()
  off <- sum(!flow$balance$balanced)
  expect_identical(off, 1L)
  expect_match(format_prisma(flow), "1 does not add up", all = FALSE)
})

test_that("dates are no counts of a flow diagram", {
  when <- as.POSIXlt("2020-01-01", tz = "UTC")
  expect_error(prisma_flow(databases = 10, duplicates = when, draw = FALSE), class = "metaparity_error_input")
})
