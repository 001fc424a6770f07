text_data <- data.frame(yi = c(0.1, 0.5, -0.2, 0.6, 0.3, 0.2, 0.9, 0.4), vi = c(0.05, 0.1, 0.06, 0.12, 0.03, 0.08, 0.1, 0.04),
                g = rep(1:4, each = 2), x = c(1, 3, 2, 5, 4, 7, 6, 8), o = rep(c("a", "b"), 4))
text_counts <- data.frame(e1 = c(4, 6, 3, 62, 10), n1 = c(123, 306, 231, 1359, 200), e2 = c(11, 29, 11, 98, 13),
                     n2 = c(139, 303, 220, 1286, 220))
# English texts name every reference that they cite; Chinese ones have no English but names.
expect_paragraph <- function(x, ...) {
  known <- names(bibliography())
  for (verb in list(methods_text, results_text)) {
    text <- verb(x, lang = "en")
    cites <- unlist(regmatches(text, gregexpr("(?<=@)[a-z]+[0-9]*", text, perl = TRUE)))
    expect_true(all(cites %in% attr(text, "keys")))
    expect_true(all(attr(text, "keys") %in% known))
    expect_match(as.character(text), "[.]$")
    expect_no_match(as.character(text), "NA\\b|NULL|character\\(0")
    zh <- as.character(verb(x, lang = "zh"))
    names <- paste0("@[a-z]+[0-9]*|Knapp|Hartung|Cochran's|Begg|Egger|Meta|Cook|metaparity|DerSimonian|Laird|R [0-9.]+|QM|CI|LRT|Wald|",
                    "logistic|Poisson|ROC|HSROC|UN|rho|Henmi|Copas|FDR|delta|outa|ob|Rosenthal|Orwin|Rosenberg|DFFITS|SE|_y_")
    expect_no_match(gsub(names, "", zh), "[A-Za-z]{2,}")
    expect_match(zh, "\u3002$")
  }
  for (words in c(...)) expect_match(as.character(results_text(x, lang = "en")), words, fixed = TRUE)
}
