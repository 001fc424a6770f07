# Built once the functions of all files are there.
command_rows <- c(data_rows(), file_rows(), program_rows(), shape_rows(), test_rows(), more_test_rows(),
  analysis_commands())
command_table <- list(word = vapply(command_rows, `[[`, "", "word"), least = vapply(command_rows, `[[`, "", "least"),
                      rows = command_rows)
command_index <- index_commands(command_table)
stata_functions <- c(numeric_functions, distribution_functions, text_functions, more_text_functions, date_functions)
stata_registry$table <- command_table
stata_registry$index <- command_index
stata_registry$functions <- stata_functions
