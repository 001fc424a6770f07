# Values of Stata expressions, and sessions for tests of the do-file interpreter.

expression_value <- function(text, data = NULL) {
  session <- metaparity:::new_session(data)
  metaparity:::evaluate(metaparity:::parse_expression(metaparity:::tokenize(text)),
                        list(session = session, rows = seq_len(session$n)))
}

do_file <- function(..., data = NULL) {
  file <- tempfile(fileext = ".do")
  writeLines(c(...), file)
  stata_do(file, data, echo = FALSE)
}

trials_data <- function() {
  data.frame(id = paste("Study", LETTERS[1:6]), year = 2001:2006, a = c(4, 6, 3, 62, 8, 50),
             b = c(119, 300, 228, 1353, 253, 883), c = c(11, 29, 11, 48, 10, 49), d = c(128, 274, 209, 1261, 619, 834),
             region = c(1, 1, 1, 2, 2, 2))
}

# A folder with trials.dta and the do-file paper.do.
paper_folder <- function() {
  folder <- tempfile("paper")
  dir.create(folder)
  file.copy(test_path("fixtures", "stata", "paper.do"), folder)
  haven::write_dta(rbind(trials_data(),
                         transform(trials_data(), id = sub("Study", "Trial", id), year = year + 6, a = a + 2)),
                   file.path(folder, "trials.dta"))
  folder
}

# A regression of eight rows.
reg_data <- function() data.frame(y = c(3.1, 4.2, 5.9, 7.1, 9.4, 10.2, 12.5, 13.1), x = 1:8, z = c(1, 0, 0, 1, 1, 0,
  1, 0))
