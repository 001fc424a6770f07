# Prints the include folders of Eigen, Catch and, where the package BH has one, Boost.
catch <- system.file("include", "testthat", "vendor", package = "testthat")
if (!nzchar(catch)) catch <- system.file("include", package = "testthat")
cat(system.file("include", package = "RcppEigen"), catch, system.file("include", package = "BH"))
