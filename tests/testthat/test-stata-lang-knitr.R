test_that("a chunk of Stata runs in R Markdown with data, graph and state between chunks", {
  skip_if_not_installed("knitr")
  folder <- tempfile("knit")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  knitr::knit_engines$set(stata = stata_engine)
  writeLines(c("```{r}", "trials <- data.frame(id = LETTERS[1:4], es = c(.2, .5, .1, .4), se = c(.1, .2, .15, .2))",
               "```",
    "```{stata, stata.data=\"trials\"}", "gen v = se^2", "metan es se, random label(namevar=id)", "```",
    "```{stata}", "summarize v", "```", "```{r}", "nrow(stata_data())", "```"), "d.Rmd")
  knitr::knit("d.Rmd", "d.md", quiet = TRUE, envir = new.env())
  text <- readLines("d.md")
  expect_true(any(grepl("D+L pooled ES", text, fixed = TRUE)))
  expect_true(any(grepl("v |          4", text, fixed = TRUE)))
  expect_true(any(grepl("[.]png", text)))
  expect_length(list.files("figure", "png$"), 1L)
})

test_that("a paper's do-file runs as the chunk of a document, graphs included", {
  skip_if_not_installed("knitr")
  skip_if_not_installed("haven")
  old <- setwd(paper_folder())
  on.exit(setwd(old))
  knitr::knit_engines$set(stata = stata_engine)
  writeLines(c("```{stata, warning=FALSE}", readLines("paper.do"), "```"), "d.Rmd")
  suppressWarnings(knitr::knit("d.Rmd", "d.md", quiet = TRUE, envir = new.env()))
  text <- readLines("d.md")
  for (word in c("D+L pooled OR", "Egger's test", "Trimming estimator", "Study omitted", "Meta-regression",
                 "Q_b = chi2(1)")) {
    expect_true(any(grepl(word, text, fixed = TRUE)), label = word)
  }
  expect_length(list.files("figure", "png$"), 6L)
})
