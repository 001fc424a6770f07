# The matrices and the macros of options that metan 4 saves. Source: "Saved results" in the help of metan 4.

# ovstats and hetstats have a column for each model; bystats, byhet and byQ one for each group, numbered by the model
# where there are several.
metan4_matrices <- function(results, groups) {
  names(results) <- vapply(results, function(p) p$model$name, "")
  out <- list(ovstats = model_matrix(results, effect_fields), hetstats = model_matrix(results, het_fields))
  groups <- Filter(Negate(is.null), groups)
  if (!length(groups)) return(out)
  n <- min(lengths(groups))
  number <- if (n > 1L) seq_len(n) else ""
  for (i in seq_len(n)) {
    mine <- lapply(groups, `[[`, i)
    out[[paste0("bystats", number[i])]] <- model_matrix(mine, effect_fields)
    out[[paste0("byhet", number[i])]] <- model_matrix(mine, het_fields)
  }
  out$byQ <- model_matrix(lapply(groups, `[[`, 1L), c(Q = "Q", Qdf = "Qdf"))
  out
}

effect_fields <- c(eff = "est", se_eff = "se", value = "value", df = "df", pvalue = "p", eff_lci = "lo",
                   eff_uci = "hi", Q = "Q", Qdf = "Qdf", Isq = "I2", tausq = "tau2")
het_fields <- c(Q = "Q", Qdf = "Qdf", Q_lci = "Q_lo", Q_uci = "Q_hi", H = "H", H_lci = "H_lo", H_uci = "H_hi",
                Isq = "I2", Isq_lci = "I2_lo", Isq_uci = "I2_hi", tausq = "tau2", tsq_lci = "tau2_lo",
                tsq_uci = "tau2_hi")

# Statistics in rows, models or groups in columns.
model_matrix <- function(results, fields) {
  field <- function(name) vapply(results, function(p) if (is.null(p[[name]])) NA_real_ else as.numeric(p[[name]]), 0)
  out <- vapply(fields, field, numeric(length(results)))
  t(matrix(out, ncol = length(fields), dimnames = list(names(results), names(fields))))
}

# r(model1opts): hksj truncate(one).
metan4_options_saved <- function(results) {
  text <- vapply(results, function(p) {
    o <- p$model$options
    paste(ifelse(vapply(o, isTRUE, NA), names(o), sprintf("%s(%s)", names(o), vapply(o, format, ""))), collapse = " ")
  }, "")
  names(text) <- sprintf("model%dopts", seq_along(text))
  as.list(text[nzchar(text)])
}
