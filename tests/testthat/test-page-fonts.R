zh <- "\u859b\u5ddd\u4e91 2020"
forget <- function() rm(list = ls(session_answers), envir = session_answers)
lacking <- function(language) FALSE

test_that("a missing font is told once per session, kind of device and language", {
  forget()
  on_device <- function(open, code) {
    open()
    on.exit(grDevices::dev.off())
    force(code)
  }
  plain <- function() grDevices::pdf(NULL)
  svg <- function() grDevices::svg(tempfile(fileext = ".svg"))
  told <- expect_warning(on_device(plain, warn_missing_font(zh, available = lacking)),
                         class = "metaparity_warning_font")
  expect_identical(told$language, "zh")
  expect_silent(on_device(plain, warn_missing_font(zh, available = lacking)))
  expect_warning(on_device(plain, warn_missing_font("\ud55c\uad6d\uc5b4", available = lacking)),
                 class = "metaparity_warning_font")
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  expect_warning(on_device(svg, warn_missing_font(zh, available = lacking)), class = "metaparity_warning_font")
  forget()
})

test_that("every system is told what to install, and every language", {
  systems <- c("windows", "darwin", "debian", "ubuntu", "fedora", "rhel", "centos", "arch", "alpine", "suse", "")
  for (language in c("zh", "ja", "ko")) {
    said <- vapply(systems, font_advice, "", language = language)
    expect_true(all(grepl("nstall|Add", said)))
  }
  expect_match(font_advice("zh", "debian"), "apt-get install fonts-noto-cjk", fixed = TRUE)
  expect_match(font_advice("ja", "windows"), "Japanese")
})

test_that("the system is read from its release file", {
  skip_on_os(c("windows", "mac"))
  release <- function(...) {
    file <- tempfile()
    writeLines(c(...), file)
    system_name(file)
  }
  expect_identical(release("NAME=\"Linux Mint\"", "ID=linuxmint", "ID_LIKE=\"ubuntu debian\""), "ubuntu")
  expect_identical(release("ID=debian"), "debian")
  expect_identical(release("ID=\"rocky\"", "ID_LIKE=\"rhel centos fedora\""), "rhel")
  expect_identical(release("ID=unheard"), "")
  expect_identical(system_name(tempfile()), "")
})

test_that("letters that a font lacks lose their marks, whatever the locale", {
  expect_identical(plain_latin("\u0141d\u017a \u010capek \u0160\u0131\u017f"), "Ldz Capek Sis")
  extended <- strsplit(intToUtf8(0x100:0x17f), "")[[1]]
  expect_match(plain_latin(extended), "^[A-Za-z]$")
  expect_match(plain_latin("\u4e2d"), "?", fixed = TRUE)
})

test_that("labels of five scripts and a superscript come out on every device, in a C locale too", {
  script <- c(
    "labels <- c('\\u859b\\u5ddd\\u4e91 2020', '\\u7814\\u7a76\\u306e', '\\ud55c\\uad6d', 'Na\\u00efve \\u0141', 'I\\u00b2 \\u2264 5')",
    "fit <- metaparity::rma(c(.1, .2, .4, .3, .9), c(.01, .02, .03, .02, .04), slab = labels)",
    "for (open in list(grDevices::pdf, grDevices::cairo_pdf, grDevices::svg, grDevices::png)) {",
    "  open(tempfile()); out <- metaparity::forest(fit, main = 'I^2 \\u5f02\\u8d28\\u6027')$layout; dev.off()",
    "  stopifnot(all(labels %in% out$texts$text), all(out$runs$text[out$runs$rise > 0] == '2'), all(nzchar(out$runs$text)))",
    "}",
    "cat('all drawn')")
  file <- tempfile(fileext = ".R")
  writeLines(c(sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = "")), script), file)
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  out <- suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(file)), stdout = TRUE,
                                  stderr = TRUE, env = "LC_ALL=C"))
  expect_match(paste(out, collapse = "\n"), "all drawn")
  expect_no_match(paste(out, collapse = "\n"), "conversion failure|font width unknown")
})

test_that("family sets and measures a plot in that family, or is an error", {
  draw <- function(...) on_page(forest(c(-1, 1), sei = c(1, 1), slab = c("illi", "WWWW"), ...))
  width <- function(drawn) drawn$layout$texts$width[drawn$layout$texts$text == "illi"]
  expect_equal(width(draw(family = "mono")), width(draw(fonts = "Courier")))
  expect_gt(width(draw(family = "mono")), 1.5 * width(draw()))
  expect_identical(on_page({
    forest(c(-1, 1), sei = c(1, 1), family = "serif")
    graphics::par("family")
  }), "")
  for (bad in list("No Such Font", NA_character_, 3)) {
    expect_error(draw(family = bad), class = "metaparity_error_input")
    expect_error(on_page(forest(c(-1, 1), sei = c(1, 1), family = bad), function() {
      grDevices::png(tempfile(fileext = ".png"), type = "cairo")
    }), class = "metaparity_error_input")
  }
})

test_that("every style takes a family, which the argument replaces, and which must be one", {
  width <- function(...) {
    texts <- forest_layout(c(-1, 1), sei = c(1, 1), slab = c("illi", "WWWW"), device = "plain", ...)$texts
    texts$width[texts$text == "illi"]
  }
  makers <- grep("^style_", getNamespaceExports("metaparity"), value = TRUE)
  expect_setequal(makers, paste0("style_", names(styles())))
  for (maker in makers) {
    style <- get(maker)(family = "mono")
    expect_equal(width(style = style), width(style = get(maker)(), family = "mono"), info = maker)
    expect_gt(width(style = style), 1.5 * width(style = get(maker)()))
    expect_equal(width(style = style, family = "serif"), width(style = get(maker)(), family = "serif"), info = maker)
    for (bad in list("No Such Font", NA_character_, 3)) {
      expect_error(width(style = get(maker)(family = bad)), class = "metaparity_error_input", info = maker)
    }
  }
  error <- tryCatch(width(style = style_revman(family = "No Such Font")), error = identity)
  expect_identical(error$arg, "family")
})

test_that("files of every kind are written in the family, or there is an error and no file", {
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  fit <- rma(c(-.6, -.2, .1), c(.12, .04, .02), slab = c("illi", "\u859b\u5ddd\u4e91 2020", "Na\u00efve"))
  open <- grDevices::dev.list()
  for (extension in c("png", "pdf", "svg", "tiff", "jpeg", "eps")) {
    for (family in c("mono", "serif", "HersheySans")) {
      file <- tempfile(fileext = paste0(".", extension))
      expect_no_warning(save_forest(fit, file, family = family, dpi = 50))
      expect_gt(file.size(file), 1000)
      other <- tempfile(fileext = paste0(".", extension))
      save_forest(fit, other, style = style_metafor(family = family), dpi = 50)
      expect_identical(file.size(other), file.size(file), info = paste(extension, family))
    }
    file <- tempfile(fileext = paste0(".", extension))
    expect_error(save_forest(fit, file, family = "No Such Font"), class = "metaparity_error_input")
    expect_error(save_forest(fit, file, style = style_bmj(family = "No Such Font")), class = "metaparity_error_input")
    expect_false(file.exists(file))
    expect_identical(grDevices::dev.list(), open)
  }
})

test_that("Chinese labels are drawn in another font where the family has no Chinese", {
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  drawn <- function(slab, family) {
    file <- tempfile(fileext = ".svg")
    save_forest(c(-1, 1), file, sei = c(1, 1), slab = slab, family = family)
    paste(readLines(file), collapse = "\n")
  }
  # Vector fonts draw lines, all others glyphs.
  expect_no_match(drawn(c("A", "B"), "HersheySerif"), "glyph")
  expect_match(drawn(c("A", "\u6c49\u5b57"), "HersheySerif"), "glyph")
  expect_match(drawn(c("A", "Na\u00efve"), "HersheySerif"), "glyph")
  for (family in c("HersheySans", "symbol")) {
    wide <- on_page({
      graphics::par(family = family)
      c(text_width("\u6c49\u5b57", 12), text_width("\u6c49\u5b57\u6c49\u5b57", 12))
    }, function() grDevices::png(tempfile(fileext = ".png"), type = "cairo"))
    expect_equal(wide, c(2, 4) * 12 / 72, tolerance = 0.1)
  }
})

test_that("figures with two axes are set in the family of their style", {
  width <- function(...) {
    on_page({
      figure <- attr(funnel(c(-.6, -.2, .1), sei = c(.3, .2, .1), draw = FALSE, ...), "figure")
      file <- tempfile(fileext = ".svg")
      save_figure(figure, file)
      paste(readLines(file), collapse = "\n")
    })
  }
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  expect_false(identical(width(style = style_metafor(family = "mono")), width(style = style_metafor())))
  expect_no_match(width(style = style_revman(family = "HersheySans")), "glyph")
  expect_error(width(style = style_metafor(family = "No Such Font")), class = "metaparity_error_input")
})
