script_data <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15))

in_folder <- function(code) {
  old <- setwd(withr_folder())
  on.exit(setwd(old))
  force(code)
}
withr_folder <- function() {
  dir <- tempfile("safe")
  dir.create(dir)
  dir
}

test_that("pipes, URLs and connection descriptions are no paths", {
  for (file in c("|sh x.log", " | touch a.png", "http://a.org/x.csv", "https:a.png", "file:a.log", "ftp://h/x.dta",
                 "clipboard", "stdin", "a\nb.log", "")) {
    expect_error(plain_path(file), class = "metaparity_error_input")
  }
  expect_identical(basename(plain_path("a b.png")), "a b.png")
})

test_that("no file of a script reaches a pipe", {
  in_folder({
    for (command in c("log using \"|touch made.log\"", "log using \"|touch made.log\", append",
                      "save \"|touch made.dta\"",
                      "import delimited using \"|touch made.csv\", clear", "use \"|touch made.dta\", clear")) {
      expect_error(stata(command, script_data), class = "metaparity_error_stata")
    }
    expect_error(stata(c("metan es se", "graph export \"|touch made.pdf\""), script_data, graphs = FALSE),
                 class = "metaparity_error_stata")
    expect_length(list.files(), 0L)
  })
})

test_that("a script writes below its folders only", {
  in_folder({
    home <- path.expand("~/metaparity-script.log")
    expect_error(stata("log using \"~/metaparity-script.log\", replace", script_data), class = "metaparity_error_stata")
    expect_false(file.exists(home))
    expect_error(stata("save /metaparity.dta", script_data), class = "metaparity_error_stata")
    expect_error(stata("save ../../../../../../metaparity.dta", script_data), class = "metaparity_error_stata")
    expect_error(stata("log using .Rprofile", script_data), class = "metaparity_error_stata")
    file.symlink("/nowhere/made.log", "link.log")
    expect_error(stata("log using link.log, replace", script_data), class = "metaparity_error_stata")
  })
})

test_that("a script replaces only its own kind", {
  in_folder({
    writeLines("mine", "notes.txt")
    writeLines("mine", "notes.dta")
    writeLines("mine", "notes.png")
    for (how in c("replace", "append")) {
      expect_error(stata(paste("log using notes.txt,", how), script_data), class = "metaparity_error_stata")
    }
    expect_error(stata("save notes.dta, replace", script_data), class = "metaparity_error_stata")
    expect_error(stata(c("metan es se", "graph export notes.png, replace"), script_data, graphs = FALSE),
                 class = "metaparity_error_stata")
    expect_identical(readLines("notes.txt"), "mine")
    expect_identical(readLines("notes.dta"), "mine")
    expect_identical(readLines("notes.png"), "mine")
    for (i in 1:2) stata(c("log using own.log, replace text", "summarize es", "log close"), script_data)
    for (i in 1:2) stata("quietly log using quiet.log, replace text\nlog close", script_data)
    expect_true(any(grepl("es", readLines("own.log"))))
    skip_if_not_installed("haven")
    for (i in 1:2) stata("save own.dta, replace", script_data)
    expect_identical(haven::read_dta("own.dta")$es, script_data$es, ignore_attr = TRUE)
  })
})

test_that("a figure's file is named as asked for", {
  f <- funnel(c(-.6, -.2, .1, .3), sei = c(.35, .2, .15, .3), draw = FALSE)
  in_folder({
    for (file in c("100%.png", "a%03d.png", "b%d.pdf", "c%s.svg")) {
      save_figure(f, file)
      expect_true(file.exists(file))
    }
    expect_error(save_figure(f, "|touch made.pdf"), class = "metaparity_error_input")
    dir.create("folder.png")
    expect_error(suppressWarnings(save_figure(f, "folder.png")), class = "metaparity_error_input")
    expect_length(list.files(), 5L)
  })
})

test_that("what could not be written is a classed error, whoever writes", {
  skip_on_os("windows")
  skip_if_not(file.exists("/dev/full"))
  fit <- rma(c(-.6, -.2, .1), c(.12, .04, .02))
  in_folder({
    for (file in c("full.png", "full.pdf", "full.svg")) {
      file.symlink("/dev/full", file)
      expect_error(suppressWarnings(save_forest(fit, file)), class = "metaparity_error_input")
      expect_error(suppressWarnings(save_figure(funnel(fit, draw = FALSE), file)), class = "metaparity_error_input")
    }
    expect_error(save_forest(fit, "nowhere/a.png"), class = "metaparity_error_input")
    dir.create("folder.pdf")
    expect_error(save_forest(fit, "folder.pdf"), class = "metaparity_error_input")
  })
})

test_that("names in any script are names of files; control characters are not", {
  folder <- tempfile("paths")
  dir.create(folder)
  for (name in c("\u7532.csv", "\u4e2d.csv", "\u00c9.csv", "O\u2019Neil.csv", "meta\u2013analysis.csv", "\u03a9.csv")) {
    expect_true(is_plain_path(file.path(folder, name)))
    expect_identical(basename(plain_path(file.path(folder, name))), name)
  }
  for (name in c("a\nb.csv", "a\x01.csv", "a\x7f.csv", "|a")) expect_false(is_plain_path(name))
})
