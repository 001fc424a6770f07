folder_session <- function() {
  session <- new_session()
  session$folder <- normalizePath(tempfile("own"), "/", mustWork = FALSE)
  dir.create(session$folder)
  session
}
rc_of <- function(code) tryCatch({
  code
  0
}, metaparity_error_stata = function(e) e$rc)

test_that("a script writes below its folders and nowhere else", {
  s <- folder_session()
  inside <- file.path(s$folder, "out.csv")
  expect_identical(script_path(inside, s), inside)
  expect_equal(rc_of(script_path(file.path(s$folder, "..", "..", "..", "..", "..", "out.csv"), s)), 608)
  expect_equal(rc_of(script_path("/etc/out.csv", s)), 608)
  expect_gt(rc_of(script_path(s$folder, s)), 600)
  expect_true(is_inside("/a/b/c", c("/x", "/a/b")))
  expect_false(is_inside("/a/bc", "/a/b"))
})

test_that("a link that leads out of the folders is not followed", {
  skip_on_os("windows")
  s <- folder_session()
  link <- file.path(s$folder, "link.csv")
  file.symlink("/etc/nothing-here.csv", link)
  expect_equal(rc_of(script_path(link, s)), 608)
})

test_that("only files of the kind that is written are replaced", {
  s <- folder_session()
  file <- file.path(s$folder, "a.dta")
  writeLines("no data", file)
  expect_equal(rc_of(check_kind(file, "dta")), 608)
  expect_equal(rc_of(check_kind(file.path(s$folder, "a.exe"), "text")), 198)
  text <- file.path(s$folder, "a.csv")
  writeLines("a,b", text)
  expect_identical(check_kind(text, "text"), text)
  writeBin(as.raw(c(1, 0, 2)), text)
  expect_equal(rc_of(check_kind(text, "text")), 608)
  graph <- file.path(s$folder, "a.png")
  writeBin(as.raw(c(0x89, 0x50, 0x4e, 0x47)), graph)
  expect_identical(check_kind(graph, "graph"), graph)
})

test_that("relative names are found beside the do-file, and absolute ones of another machine by their ends", {
  s <- folder_session()
  dir.create(file.path(s$folder, "data"))
  writeLines("x", file.path(s$folder, "data", "a.csv"))
  expect_identical(session_path("data/a.csv", s, read = TRUE), file.path(s$folder, "data/a.csv"))
  s$cwd <- s$folder
  expect_identical(own_folder_of("D:/paper/data/a.csv", s), file.path(s$folder, "data/a.csv"))
  expect_match(log_lines(s), "taken as data/a.csv")
  expect_identical(inner_folder("data", s), file.path(s$folder, "data"))
  expect_equal(rc_of(inner_folder("nowhere", s)), 601)
})

test_that("names without an extension get one", {
  expect_identical(with_extension(c("a.b/c"), "dta"), "a.b/c.dta")
  expect_identical(with_extension("c.txt", "dta"), "c.txt")
  expect_identical(is_absolute(c("/a", "~/a", "C:\\a", "d:/a", "a/b", "ab:c")), c(TRUE, TRUE, TRUE, TRUE, FALSE, FALSE))
})

test_that("files of folders that are not there are looked for in the session's folder", {
  folder <- tempfile()
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  dir.create("data")
  utils::write.csv(data.frame(a = 1:3), "data/d.csv", row.names = FALSE)
  out <- stata(c("import delimited \"PATH/TO/data/d.csv\", clear", "count", "save e", "use /e.dta, clear",
                 "log using logs/a.log, text", "log close"))
  expect_true(any(grepl("PATH/TO/data/d.csv: there is no such folder; taken as data/d.csv", out$log, fixed = TRUE)))
  expect_true(all(file.exists("e.dta", "a.log")))
  expect_error(stata("save /f.dta", data.frame(a = 1)), class = "metaparity_error_stata")
  expect_error(stata("use no/such/file, clear"), class = "metaparity_error_stata")
})

test_that("what was read by one name is not overwritten by another name of another machine", {
  folder <- tempfile()
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  stata(c("generate b = a", "save raw.dta"), data.frame(a = 1:3))
  before <- tools::md5sum("raw.dta")
  for (lines in list(c("use \"C:/data/raw.dta\", clear", "save \"C:/clean/raw.dta\", replace"),
                     c("use raw, clear", "save clean/raw.dta, replace"),
                     c("use raw.dta, clear", "save \"/Users/me/raw.dta\", replace"))) {
    expect_error(stata(append(lines, "drop in 1", 1L)), "was read as")
  }
  expect_identical(tools::md5sum("raw.dta"), before)
  stata(c("use \"C:/data/raw.dta\", clear", "drop in 1", "save \"C:/data/raw.dta\", replace"))
  expect_false(tools::md5sum("raw.dta") == before)
})
