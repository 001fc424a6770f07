# drawnorm: samples of a multivariate normal distribution, from R's streams.
# Source: Stata's Data Management manual, drawnorm. Oracle: moments of large samples; the same seed with rnorm().

# drawnorm a b c [, n() means() cov() corr() sds() cstorage() clear double seed()]
run_drawnorm <- function(command, session, rows) {
  o <- command_options(command, c(n = "n", means = "m", cov = "cov", corr = "corr", sds = "sd", cstorage = "cs",
                                  clear = "clear", double = "d", seed = "seed", forcepsd = "forcepsd"))
  names <- varlist_words(command$rest)
  if (!is.null(o$clear)) clear_data(session)
  if (!length(names)) abort_stata("varlist required", 100L)
  for (name in names) check_new_name(name, session)
  q <- length(names)
  n <- if (!is.null(o$n)) number_word(o$n) else session$n
  if (is.na(n) || n < 1) abort_stata("no observations", 2000L)
  if (!is.null(o$n) && length(session$data) && n < session$n) abort_stata("no; data in memory would be lost", 4L)
  if (is.null(o$seed)) note_random(session) else set_seed(o$seed, session)
  mean <- drawnorm_vector(o$means, rep(0, q), "means", session)
  V <- drawnorm_covariance(o, q, session)
  if (session$n < n) set_observations(n, session)
  x <- matrix(stats::rnorm(session$n * q), session$n) %*% V
  type <- if (is.null(o$double)) session$type else "double"
  for (j in seq_len(q)) store_variable(session, names[j], x[, j] + mean[j], type)
}

# A vector by the name of a matrix or as numbers.
drawnorm_vector <- function(text, default, option, session) {
  if (is.null(text)) return(default)
  x <- as.numeric(drawnorm_matrix(text, session))
  if (length(x) != length(default)) abort_stata(sprintf("%s(): %d values expected", option, length(default)), 503L)
  x
}

drawnorm_matrix <- function(text, session) {
  text <- trimws(text)
  if (!grepl("[,\\\\[:alpha:]]", text)) text <- gsub("\\s+", ", ", text)
  if (grepl("[, \\\\]", text) && !startsWith(text, "(")) text <- sprintf("(%s)", text)
  matrix_value(tokenize(text), session)
}

# The upper factor R of R'R = covariance, whose lower or upper half cstorage() may name.
drawnorm_covariance <- function(o, q, session) {
  given <- o$cov %||% o$corr
  V <- if (is.null(given)) diag(q) else drawnorm_matrix(given, session)
  storage <- trimws(o$cstorage %||% "full")
  if (min(dim(V)) == 1L && q > 1L) V <- from_half(as.numeric(V), q, storage)
  if (nrow(V) != q || ncol(V) != q) abort_stata("conformability error", 503L)
  if (max(abs(V - t(V))) > 1e-8 * max(abs(V))) abort_stata("matrix not symmetric", 505L)
  s <- if (is.null(o$cov)) drawnorm_vector(o$sds, rep(1, q), "sds", session) else rep(1, q)
  V <- V * outer(s, s)
  e <- eigen((V + t(V)) / 2, symmetric = TRUE)
  if (min(e$values) < -1e-10 * max(e$values, 0) && is.null(o$forcepsd)) {
    abort_stata("matrix not positive definite", 506L)
  }
  t(e$vectors %*% (sqrt(pmax(e$values, 0)) * t(e$vectors)))
}

from_half <- function(x, q, storage) {
  if (length(x) != q * (q + 1L) / 2) abort_stata("conformability error", 503L)
  V <- matrix(0, q, q)
  if (startsWith("upper", storage)) V[lower.tri(V, TRUE)] <- x else V[upper.tri(V, TRUE)] <- x
  V + t(V) - diag(diag(V), q)
}
