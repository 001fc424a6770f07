# What print() writes for every class and form of result, in layouts/ by subject. A tau2 at its boundary is 0 here and
# the rest of an iteration in metafor: no layout has one.
for (file in list.files(test_path("layouts"), pattern = "[.]R$", full.names = TRUE)) {
  test_that(paste("layout as in metafor:", basename(file)),
            expect_same_script(c(test_path("layouts", "shared", "fits.R"), file)))
}
