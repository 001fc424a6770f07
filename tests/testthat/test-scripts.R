# Published analyses, each a file of scripts/, print the same under both packages. A tau2 at its boundary is 0 here and
# the rest of an iteration there, printed 0.0000: lines that show it are left out.
at_zero <- "^tau.*\\): +0(\\.0+)?($| \\(SE)"
for (file in list.files(test_path("scripts"), pattern = "[.]R$", full.names = TRUE)) {
  test_that(paste("printed as under metafor:", basename(file)), expect_same_script(file, strip = at_zero))
}
