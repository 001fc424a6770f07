# Two steps of tests/first-hour.md: the map names the topic, and the topic's page shows what is called.
test_that("each task of the first hour is found from the map in two steps", {
  file <- test_path("..", "first-hour.md")
  if (!file.exists(file)) skip("the list of tasks is not beside the tests")
  lines <- grep("^\\| .*`.*` \\|$", readLines(file), value = TRUE)
  cells <- lapply(strsplit(gsub("^\\| | \\|$|`", "", lines), " *\\| *"), trimws)
  tasks <- data.frame(first = vapply(cells, `[`, "", 2L), page = vapply(cells, `[`, "", 3L), stringsAsFactors = FALSE)
  expect_identical(nrow(tasks), 20L)
  pages <- tools::Rd_db("metaparity")
  tagged <- function(page, tag) {
    vapply(Filter(function(part) attr(part, "Rd_tag") == tag, unclass(page)), function(part) paste(unlist(part), collapse = ""), "")
  }
  aliases <- lapply(pages, tagged, tag = "\\alias")
  map <- paste(as.character(pages[["metaparity-package.Rd"]]), collapse = "")
  for (i in seq_len(nrow(tasks))) {
    word <- gsub(".", "[.]", tasks$first[i], fixed = TRUE)
    expect_match(map, paste0("\\b", word, "\\b"), info = tasks$first[i])
    page <- pages[vapply(aliases, function(a) tasks$page[i] %in% a, NA)]
    expect_identical(length(page), 1L, info = tasks$page[i])
    first <- pages[vapply(aliases, function(a) tasks$first[i] %in% a, NA)]
    linked <- tasks$first[i] %in% unlist(aliases[names(page)]) || grepl(tasks$page[i], map, fixed = TRUE) ||
      any(vapply(first, function(one) grepl(tasks$page[i], paste(as.character(one), collapse = ""), fixed = TRUE), NA))
    expect_true(linked, info = paste(tasks$first[i], tasks$page[i]))
    expect_true(all(c("\\usage", "\\examples") %in% vapply(unclass(page[[1L]]), attr, "", "Rd_tag")), info = tasks$page[i])
  }
})
