releases <- c(113L, 114L, 115L, 117L, 118L)

trial_columns <- function(study, note) {
  lost <- c("", ".", "a", "z")
  list(dta_column("study", "str12", study, label = note),
       dta_column("arm", "byte", c(1, 2, 0, 1), set = "arms", format = "%8.0g"),
       dta_column("n", "int", c(-5, 0, 0, 32740), lost), dta_column("total", "long", c(100000, 0, 0, -7), lost),
       dta_column("es", "float", c(.25, 0, 0, -1.5), lost), dta_column("se", "double", c(1 / 3, 0, 0, 1e300), lost),
       dta_column("b", "byte", c(-127, 0, 0, 100), lost))
}

used <- function(file, ...) stata(c(sprintf("use \"%s\", clear", file), ...))

expect_trials <- function(file, study, note, arms, title) {
  out <- used(file, "list n total es se b, noobs clean")
  data <- out$data
  expect_equal(as.vector(data$study), study)
  expect_equal(attr(data$study, "label"), note)
  expect_equal(as.character(data$arm), arms)
  expect_equal(as.numeric(data$n), c(-5, NA, NA, NA))
  expect_equal(as.numeric(data$se), c(1 / 3, NA, NA, NA))
  expect_match(out$log[1L], title, fixed = TRUE)
  cells <- strsplit(trimws(utils::tail(out$log, 4L)), " +")
  expect_equal(cells[2:4], list(rep(".", 5L), rep(".a", 5L), rep(".z", 5L)))
  types <- grep("^(study|arm|n|total|es|se|b) ", used(file, "describe")$log, value = TRUE)
  expect_equal(vapply(strsplit(types, " +"), `[`, "", 2L), c("str12", "byte", "int", "long", "float", "double", "byte"))
}

test_that("files of Stata 8 to 14 and later are read, in both orders of bytes, with their missing values", {
  skip_if_not_installed("haven")
  arms <- list(arms = c(control = 0, active = 1, "not known" = 2))
  for (release in releases) for (endian in c("little", "big")) {
    columns <- trial_columns(c("Smith", "Jones", "", "de Vries"), "Name of study")
    file <- dta_file(release, columns, arms, "Trials of zinc", endian)
    expect_trials(file, c("Smith", "Jones", "", "de Vries"), "Name of study",
                  c("active", "not known", "control", "active"),
                  "Trials of zinc")
  }
})

test_that("texts of old files are in the local code page, of new ones in UTF-8", {
  skip_if_not_installed("haven")
  latin <- c("M\u00fcller", "Ang\u00e9line", "S\u00f8rensen", "Garc\u00eda")
  chinese <- c("\u5f20\u4f1f", "\u738b\u82b3", "\u674e\u5a1c", "\u5218\u6d0b")
  cases <- list(list(latin, "\u00c9tude", c("\u00e0 tester", "t\u00e9moin", "\u00fcbrig"), "windows-1252"),
                list(chinese, "\u7814\u7a76\u540d\u79f0", c("\u8bd5\u9a8c\u7ec4", "\u5bf9\u7167\u7ec4", "\u672a\u77e5"),
                     "GB18030"))
  for (case in cases) for (release in releases) {
    arms <- list(arms = stats::setNames(c(0, 1, 2), case[[3L]]))
    file <- dta_file(release, trial_columns(case[[1L]], case[[2L]]), arms, case[[2L]],
                     encoding = if (release < 118L) case[[4L]] else "UTF-8")
    expect_trials(file, case[[1L]], case[[2L]], case[[3L]][c(2, 3, 1, 2)], case[[2L]])
  }
})

test_that("the order of the rows of a file is known in every format", {
  skip_if_not_installed("haven")
  for (release in releases) for (endian in c("little", "big")) {
    columns <- list(dta_column("g", "byte", c(1, 1, 2)), dta_column("x", "float", c(3, 5, 4)))
    log <- used(dta_file(release, columns, sorted = 1:2, endian = endian), "by g: summarize x, meanonly",
                "describe")$log
    expect_match(log, "Sorted by: g  x", all = FALSE)
  }
})

test_that("haven reads from a file what stata() reads", {
  skip_if_not_installed("haven")
  file <- dta_file(118L, trial_columns(c("a", "b", "c", "d"), "x"), list(arms = c(no = 0, yes = 1, maybe = 2)))
  theirs <- haven::read_dta(file)
  ours <- used(file)$data
  for (name in c("n", "total", "es", "se", "b")) {
    expect_equal(as.numeric(haven::zap_missing(theirs[[name]])), as.numeric(ours[[name]]))
  }
})

# ---- texts -------------------------------------------------------------------------------------

encoded_file <- function(text, encoding, mark = raw(), extension = ".csv") {
  file <- tempfile(fileext = extension)
  writeBin(c(mark, iconv(text, "UTF-8", encoding, toRaw = TRUE)[[1L]]), file)
  file
}

marked <- list(list("UTF-8", raw()), list("UTF-8", as.raw(c(0xef, 0xbb, 0xbf))),
               list("UTF-16LE", as.raw(c(0xff, 0xfe))),
               list("UTF-16BE", as.raw(c(0xfe, 0xff))))

test_that("csv files are read in Unicode with and without a mark, in Chinese and in Western code pages", {
  rows <- function(names) paste0("study,es\r\n", paste0(names, ",", seq_along(names), collapse = "\r\n"), "\r\n")
  chinese <- c("\u5f20\u4f1f", "\u738b\u82b3\u534e", "\u674e\u5a1c")
  latin <- c("M\u00fcller", "Ang\u00e9line", "\u00c5s", "Na\u00efve 5")
  cases <- c(lapply(marked, c, list(chinese)), lapply(marked, c, list(latin)), list(list("GB18030", raw(), chinese),
             list("GBK", raw(), chinese), list("ISO-8859-1", raw(), latin), list("windows-1252", raw(), latin)))
  for (case in cases) {
    file <- encoded_file(rows(case[[3L]]), case[[1L]], case[[2L]])
    data <- stata(sprintf("import delimited using \"%s\", clear", file))$data
    expect_equal(names(data), c("study", "es"), info = case[[1L]])
    expect_equal(data$study, case[[3L]], info = case[[1L]])
    expect_equal(data$es, seq_along(case[[3L]]), info = case[[1L]])
  }
})

test_that("do-files are read in Unicode with and without a mark, in Chinese and in Western code pages", {
  for (name in c("\u5f20\u4f1f\u534e", "M\u00fcller, \u00c5se")) {
    old <- if (startsWith(name, "M")) c("ISO-8859-1", "windows-1252") else c("GB18030", "GBK")
    text <- sprintf("display 1 // %s\ndisplay \"%s\"\n", name, name)
    for (case in c(marked, lapply(old, list, raw()))) {
      out <- stata_do(encoded_file(text, case[[1L]], case[[2L]], ".do"), echo = FALSE)
      expect_true(name %in% out$log, info = case[[1L]])
    }
  }
})

test_that("cut and damaged data files are Stata's error", {
  skip_if_not_installed("haven")
  for (release in releases) {
    whole <- readBin(dta_file(release, trial_columns(letters[1:4], "x")), "raw", 1e5)
    for (share in c(.02, .2, .5)) {
      file <- tempfile(fileext = ".dta")
      writeBin(whole[seq_len(ceiling(share * length(whole)))], file)
      expect_error(used(file), class = "metaparity_error_stata")
    }
  }
})

test_that("a file written here keeps storage types and the names of its sets of value labels", {
  skip_if_not_installed("haven")
  file <- tempfile(fileext = ".dta")
  d <- data.frame(g = c(1, 2, 2), h = c(2, 1, 1), n = c(1L, 200L, 40000L))
  out <- stata(c("label define part 1 \"Asia\" 2 \"Europe\"", "label values g part", "label values h part",
                 "gen float f = 1/3", sprintf("quietly save \"%s\"", file), sprintf("quietly use \"%s\", clear", file),
                 "label list part", "local t : type f", "local u : type n", "display \"`t' `u'\"",
                 "quietly replace f = 2/3",
                 "display %12.9f f[1]", "local s : value label h", "display \"`s'\""), d)
  expect_identical(utils::tail(out$log, 3L), c("float long", " 0.666666687", "part"))
  expect_true("           1 Asia" %in% out$log)
  # Another file in its place is read as it is.
  haven::write_dta(data.frame(a = 1.5), file)
  log <- stata(c(sprintf("quietly use \"%s\", clear", file), "local t : type a", "display \"`t'\""))$log
  expect_identical(log, "double")
})

test_that("the names of sets of value labels are read from the file's head", {
  skip_if_not_installed("haven")
  file <- tempfile(fileext = ".dta")
  haven::write_dta(data.frame(a = haven::labelled(c(1, 2), c(Yes = 1, No = 2)), b = c(1, 2)), file)
  sets <- metaparity:::dta_header(file)$sets
  expect_identical(sets[2L], "")
  expect_true(nzchar(sets[1L]))
})
