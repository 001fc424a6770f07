# Built once the functions of all files are there.
command_rows <- c(data_rows(), file_rows(), program_rows(), meta_rows())
command_table <- list(word = vapply(command_rows, `[[`, "", "word"), least = vapply(command_rows, `[[`, "", "least"), rows = command_rows)
