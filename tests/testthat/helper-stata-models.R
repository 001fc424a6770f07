# Data and printed lines of fixtures/stata-models.

models_file <- function(name) test_path("fixtures", "stata-models", name)

models_data <- function(name) utils::read.csv(models_file(paste0(name, ".csv")))

models_log <- function(name) readLines(models_file(paste0(name, ".log")), encoding = "UTF-8")

schools <- function() {
  d <- as.data.frame(metadat::dat.konstantopoulos2011)
  data.frame(district = d$district, school = d$school, year = d$year - 1990, stdmdiff = d$yi, se = sqrt(d$vi))
}

gum <- function() {
  b <- as.data.frame(metadat::dat.berkey1998)
  pd <- b[b$outcome == "PD", ]
  al <- b[b$outcome == "AL", ]
  data.frame(trial = pd$trial, year = pd$year, y1 = pd$yi, y2 = al$yi, v11 = pd$v1i, v12 = pd$v2i, v22 = al$v2i)
}

line_numbers <- function(x) regmatches(x, gregexpr("-?[0-9]*[.]?[0-9]+(e[-+][0-9]+)?", x))

# The numbers in which our lines differ from Stata's are those that early-stop.csv lists with both values, and no others.
expect_listed_differences <- function(ours, log) {
  a <- line_numbers(ours)
  b <- line_numbers(models_log(log))
  rows <- do.call(rbind, lapply(seq_along(a), function(i) {
    j <- which(a[[i]] != b[[i]])
    if (length(j)) data.frame(line = i, place = j, stata = b[[i]][j], exact = a[[i]][j])
  }))
  listed <- utils::read.csv(models_file("early-stop.csv"), colClasses = c("character", "integer", "integer", "character",
                                                                          "character"))
  listed <- listed[listed$log == log, -1L]
  rownames(rows) <- rownames(listed) <- NULL
  expect_identical(rows, listed)
}

# Every line is that of Stata: the same words at the same places, numbers within the gate of its early stop; numbers that
# no optimiser makes must be equal as printed.
expect_stata_lines <- function(ours, theirs) {
  number <- "-?[0-9]*[.]?[0-9]+(e[-+][0-9]+)?"
  expect_identical(length(ours), length(theirs))
  blank <- function(x) gsub("\\s+", " ", gsub(number, "#", x))
  expect_identical(blank(ours), blank(theirs))
  expect_identical(nchar(ours), nchar(theirs))
  read <- function(x) as.numeric(unlist(regmatches(x, gregexpr(number, x))))
  expect_gate(read(ours), read(theirs), "stata_early_stop", scale = 0.5)
}

dosresmeta_result <- function(id) {
  d <- models_data("dosresmeta")
  stats::setNames(d$value[d$id == id], d$quantity[d$id == id])
}
