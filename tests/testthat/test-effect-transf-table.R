test_that("every function of metafor is here with its arguments, and the table names no other", {
  skip_if_not_installed("metafor")
  theirs <- grep("^transf[.]", getNamespaceExports("metafor"), value = TRUE)
  expect_gte(length(theirs), 58L)
  expect_setequal(grep("^transf[.]", getNamespaceExports("metaparity"), value = TRUE), theirs)
  expect_setequal(paste0("transf.", transf_names()), theirs)
  for (f in theirs) {
    expect_identical(names(formals(getExportedValue("metaparity", f))), names(formals(getExportedValue("metafor", f))),
                     label = f)
  }
})

test_that("inverses are functions of the table, both ways where both have one", {
  for (name in transf_names()) {
    inverse <- transf_table[[name]]$inverse
    if (!nzchar(inverse)) next
    expect_true(inverse %in% transf_names(), label = name)
    back <- transf_table[[inverse]]$inverse
    if (nzchar(back)) expect_true(back == name || startsWith(name, back) || startsWith(back, name), label = name)
  }
})

test_that("every row has a formula and a domain, and what has a mode has a mean", {
  for (name in transf_names()) {
    row <- transf_table[[name]]
    expect_true(nzchar(row$formula) && nzchar(row$domain), label = name)
  }
  modes <- sub("[.]mode$", "", grep("[.]mode$", transf_names(), value = TRUE))
  means <- sub("[.]int$", "", grep("[.]int$", transf_names(), value = TRUE))
  expect_setequal(intersect(modes, means), modes)
})
