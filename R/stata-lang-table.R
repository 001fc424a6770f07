# Built once the functions of all files are there.
command_rows <- c(data_rows(), file_rows(), program_rows(), analysis_commands())
command_table <- list(word = vapply(command_rows, `[[`, "", "word"), least = vapply(command_rows, `[[`, "", "least"),
                      rows = command_rows)
command_index <- index_commands(command_table)
