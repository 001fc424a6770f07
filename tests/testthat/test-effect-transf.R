test_that("closed forms agree with metafor over grids, with NA and names", {
  skip_if_not_installed("metafor")
  for (name in grep("[.](int|mode)$", transf_names(), invert = TRUE, value = TRUE)) {
    f <- paste0("transf.", name)
    x <- c(transf_grid(name), NA)
    names(x) <- letters[seq_along(x)]
    arguments <- c(list(xi = x), transf_more[[name]])
    ours <- do.call(getExportedValue("metaparity", f), arguments)
    theirs <- do.call(getExportedValue("metafor", f), arguments)
    expect_gate(ours, theirs, "closed_form", scale = 1e-3)
    expect_identical(names(ours), names(theirs), label = f)
  }
})

test_that("inverses return", {
  for (name in transf_names()) {
    inverse <- metaparity:::transf_table[[name]]$inverse
    if (!nzchar(inverse) || name == "ipft.hm") next
    x <- if (name %in% c("ipft", "iirft")) c(0.4, 0.7, 1.1) else if (name == "ztor2") c(0.2, 0.7) else
      c(0.12, 0.35, 0.6)
    there <- do.call(getExportedValue("metaparity", paste0("transf.", name)), c(list(x), transf_more[[name]]))
    back <- do.call(getExportedValue("metaparity", paste0("transf.", inverse)), c(list(there), transf_more[[name]]))
    expect_gate(back, x, "exact_solution")
  }
})
