# Data, commands and printed numbers of mvmeta and network (fixtures/stata-network/README.md).
network_fixture <- function(name, ...) {
  utils::read.csv(test_path("fixtures", "stata-network", paste0(name, ".csv")), stringsAsFactors = FALSE, ...)
}

# The data as the log had changed them.
mvmeta_data <- function(name, prep = "") {
  d <- network_fixture(name)
  if (name == "telomerase") {
    d <- cbind(d, one = 1, study2 = c(NA, d$study[-1L]), z1 = c(NA, d$y1[-1L]), z2 = d$y2,
               studychar = paste("Study", d$study), studynum = d$study)
    if (prep == "z_both") d$z2[1L] <- NA
    if (prep == "no_cov") d$S12 <- NULL
    if (prep == "first_y2") d[1L, c("y2", "S12", "S22")] <- NA
    if (prep == "plus_y") d$y <- 1
  }
  if (name == "mycn") d$year <- NULL
  if (prep %in% c("half", "sparse")) {
    d <- d[is.na(d$y2) | is.na(d$y3), setdiff(names(d), c("y4", "S44"))]
    if (prep == "half") d[c("S12", "S13")] <- list(0.5 * sqrt(d$S11 * d$S22), 0.5 * sqrt(d$S11 * d$S33))
  }
  d
}

# A do-file's lines, run; the results.
run_stata_lines <- function(lines, d) {
  suppressWarnings(stata(lines, d, graphs = FALSE), classes = c("metaparity_warning_dropped",
                                                                "metaparity_warning_input"))
}

smoking_data <- function() {
  d <- network_fixture("smoking")
  d$trt <- factor(d$trt, 1:4, c("No contact", "Self help", "Individual counselling", "Group counselling"))
  d
}

# The value behind a key: b1, se2, sd1, corr21, cov11, ll, I21, ...
mvmeta_value <- function(view, key) {
  fit <- view$fit
  at <- as.integer(strsplit(sub("^[A-Za-z_]+|^I2(_lo|_hi)?", "", key), "")[[1L]])
  word <- sub("[0-9]+$", "", key)
  if (startsWith(key, "I2")) return(view$i2$sd[[sub("[0-9]$", "", key)]][at[length(at)]])
  sd <- function(j) sqrt(fit$Sigma[j, j])
  switch(word, ll = fit$ll, b = , se = , lo = , hi = view$table[[word]][as.integer(sub("^[a-z]+", "", key))],
         sd = sd(at), cov = fit$Sigma[at[1L], at[2L]],
         corr = if (sd(at[1L]) > 0) fit$Sigma[at[1L],
                                              at[2L]] / sd(at[1L]) / sd(at[2L]) else view$model$sigma$known[at[1L],
                                                                                                            at[2L]],
         sd_lo = view$i2$sd$lo[at], sd_hi = view$i2$sd$hi[at], pi_est = view$pi$table$est[at],
           ci_lo = view$pi$table$lo[at],
         ci_hi = view$pi$table$hi[at], pi_lo = view$pi$table$pi_lo[at], pi_hi = view$pi$table$pi_hi[at],
         lrt_sigma = 2 * (fit$ll - view$common$ll), lrt_sigma_df = length(fit$theta), Q = view$common$Q,
         Q_df = view$common$df, stop("no key ", key))
}

# Equal to half a unit of the last printed digit and to what Stata's optimiser leaves.
expect_network_printed <- function(view, printed, value = mvmeta_value) {
  se <- max(1e-3, view$table$se)
  for (i in seq_len(nrow(printed))) {
    want <- as.numeric(printed$printed[i])
    key <- printed$key[i]
    got <- as.numeric(value(view, key))
    unit <- 10^-nchar(sub("^[^.]*[.]?", "", sub("e.*$", "", printed$printed[i]))) * 10^as.numeric(sub("^[^e]*e?", "",
                                                                                                      paste0(
      printed$printed[i], if (!grepl("e", printed$printed[i])) "e0")))
    rel <- gate(if (isTRUE(view$fit$Sigma[1L, 1L] == 0) || isTRUE(view$fit$fit$Sigma[1L,
                                                                                     1L] == 0)) "stata_boundary" else
      if (grepl("^(sd|corr|cov)", key)) "stata_ml_sigma" else "stata_ml")
    allowed <- 0.51 * unit + rel * max(abs(want), if (grepl("^(b|lo|hi|ci|pi)", key)) se else 0,
                                       if (want < 1e-5) 0.1 else 0)
    expect_lt(abs(got - want), allowed, label = paste(printed$id[i], key, format(got, digits = 9), "for",
                                                      printed$printed[i]))
  }
}
