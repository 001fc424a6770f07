# The do-files by kind of task, each in a copy of their folder.
test_that("every do-file of the corpus runs whole", {
  skip_if_not_installed("haven")
  skip_if_not_installed("readxl")
  skip_if_not_installed("openxlsx")
  folder <- tempfile("corpus")
  dir.create(folder)
  file.copy(list.files(test_path("fixtures", "dofiles"), full.names = TRUE), folder, recursive = TRUE)
  old <- setwd(folder)
  on.exit(setwd(old))
  files <- list.files(".", "^[0-9].*[.]do$")
  skip_if_not_installed("survival")
  expect_length(files, 60L)
  for (file in files) {
    failed <- tryCatch({
      suppressMessages(suppressWarnings(stata_do(file, echo = FALSE, graphs = FALSE)))
      NULL
    }, error = conditionMessage)
    expect_null(failed, label = file)
  }
})
