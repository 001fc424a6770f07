zh_study <- "\u7814\u7a76"

test_that("texts are translated one by one, and what has no entry comes back", {
  expect_identical(translate(c(a = "Study", b = "Kowalski 2001", c = NA, d = ""), "zh"),
                   c(a = zh_study, b = "Kowalski 2001", c = NA, d = ""))
  expect_identical(translate("Study"), "Study")
  expect_identical(translate(quote(x^2), "zh"), quote(x^2))
  expect_identical(translate(3, "zh"), 3)
  expect_null(translate(NULL, "zh"))
  expect_identical(translate(list(a = "Study", b = list("Study")), "zh"), list(a = zh_study, b = list(zh_study)))
  expect_identical(translate(character(), "zh"), character())
})

test_that("the language is an option, a locale's name will do, and an unknown one is refused", {
  expect_identical(translate("Study", "zh_CN.UTF-8"), zh_study)
  expect_identical(with_language("zh", translate("Study")), zh_study)
  expect_identical(with_language(NULL, translate("Study")), "Study")
  expect_identical(translate("Study"), "Study")
  error <- expect_error(translate("Study", "xx"), class = "metaparity_error_input")
  expect_identical(error$arg, "lang")
  expect_match(conditionMessage(error), "\"en\", \"zh\"", fixed = TRUE)
  expect_error(translate("Study", NA_character_), class = "metaparity_error_input")
  expect_error(translate("Study", 3), class = "metaparity_error_input")
})

test_that("templates are translated as they are, by translatef(), and after they were filled", {
  expect_identical(translate("{model} Model", "zh"), "{model}")
  expect_identical(translatef("s.e. of: %s", "BMD", lang = "zh"), translate("s.e. of: BMD", "zh"))
  expect_match(translate("s.e. of: BMD", "zh"), "^BMD ")
  expect_identical(translate("Log Risk Ratio (log scale)", "zh"),
                   paste0(translate("Log Risk Ratio", "zh"), "\uff08\u5bf9\u6570\u5c3a\u5ea6\uff09"))
  expect_match(translate("Begg's funnel plot with pseudo 95% confidence limits", "zh"), "95%", fixed = TRUE)
  expect_identical(translate("Overall  (I-squared = 88.3%, p = 0.000)", "zh"), "\u603b\u8ba1  (I^2 = 88.3%, P = 0.000)")
})

test_that("every table is complete: no text twice, none without translation, the same placeholders", {
  for (lang in setdiff(languages(), "en")) {
    file <- system.file("translations", paste0(lang, ".csv"), package = "metaparity")
    table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8", na.strings = character())
    expect_gt(nrow(table), 100)
    expect_identical(names(table), c("text", "translation"))
    expect_identical(table$text[duplicated(table$text)], character())
    expect_identical(table$text[!nzchar(table$translation)], character())
    holes <- function(x) lapply(regmatches(x, gregexpr(placeholder, x, perl = TRUE)), function(h) sort(sub("[0-9]+\\$", "", h)))
    same <- mapply(identical, holes(table$text), holes(table$translation))
    expect_identical(table$text[!same], character())
    expect_true(all(validUTF8(table$translation)))
  }
})
