library(testthat)
library(metaparity)

test_check("metaparity")
