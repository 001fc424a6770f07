# What the meta suite saves beside scalars: matrices of pooled results, ranges of graphs, characteristics of the data.
# Source: "Stored results" in Stata's help of the commands. The help names the matrices, not their columns: those are
# the columns of the printed tables under the names of the scalars.

# One row per pooled result, on the scale of the analysis.
pool_matrix <- function(pools, names) {
  field <- function(name) vapply(pools, function(p) as.numeric(p[[name]]), 0)
  matrix(c(field("est"), field("se"), field("lo"), field("hi"), field("p")), length(pools),
         dimnames = list(names, c("theta", "se", "ci_lb", "ci_ub", "p")))
}

# r(esgroup), r(hetgroup) (not for a common effect) and r(diffgroup) of subgroup analyses, as the log shows them.
group_matrices <- function(sets, overall, model) {
  pools <- c(unlist(lapply(unname(sets), `[[`, "pools"), recursive = FALSE), list(Overall = overall))
  if (length(sets) > 1L) {
    names(pools) <- c(unlist(Map(function(s, name) paste(name, names(s$pools), sep = ":"), sets, names(sets))),
                      "Overall")
  }
  between <- lapply(sets, `[[`, "between")
  list(esgroup = pool_matrix(pools, names(pools)), hetgroup = if (model != "common") het_matrix(pools, model),
       diffgroup = matrix(unlist(lapply(between, function(b) c(b$df, b$Q, b$p))), ncol = 3L, byrow = TRUE,
                          dimnames = list(names(sets), c("df_Q_b", "Q_b", "p_Q_b"))))
}

het_matrix <- function(pools, model) {
  fields <- c(df_Q = "df", Q = "Q", p_Q = "pQ", if (model == "random") c(tau2 = "tau2"), I2 = "I2", H2 = "H2")
  value <- vapply(pools, function(p) vapply(p[fields], as.numeric, 0), numeric(length(fields)))
  matrix(value, length(pools), byrow = TRUE, dimnames = list(names(pools), names(fields)))
}

# Cumulative results with the values that order them; several groups one below the other.
cumulative_matrix <- function(pools, labels, order, name) {
  cbind(pool_matrix(pools, labels), matrix(order, dimnames = list(NULL, name)))
}

# The factor by which an adjustment multiplies standard errors.
se_adjustment <- function(fit, seadj) if (!is.null(seadj)) sqrt(fit$s2w)

# Coefficients as in r(table) of estimation commands.
bias_matrix <- function(rows, ddf) {
  out <- t(as.matrix(rows[c("b", "se", "t", "p", "lo", "hi")]))
  dimnames(out) <- list(c("b", "se", if (is.na(ddf)) "z" else "t", "pvalue", "ll", "ul"), rows$name)
  rbind(out, df = ddf)
}

range_results <- function(x, y) list(xmin = min(x), xmax = max(x), ymin = min(y), ymax = max(y))

# _dta[_meta_*] of meta set and meta esize; what was not given is left out, and reads as empty.
meta_characteristics <- function(m) {
  given <- as.list(m$call)
  cells <- names(m$vars)
  binary <- m$type %in% c("lnoratio", "lnrratio", "rdiff", "lnorpeto")
  n <- length(cells)
  vars <- if (n == 4L) c("n11", "n12", "n21", "n22") else if (n == 6L)
    c("n1", "mean1", "sd1", "n2", "mean2", "sd2")
  out <- c(list(marker = "_meta_ds_1", K = nrow(m$table), studylabel = m$label_name, estype = m$type,
                eslabelopt = if (m$eslabel_given) sprintf("eslabel(%s)", m$eslabel), eslabel = m$eslabel,
                eslabeldb = m$eslabel, esvardb = "_meta_es", level = 100 * m$level,
                esopt_exact = if (isTRUE(m$exact)) "exact", esopt_holkinse = if (isTRUE(m$holkinse)) "holkinse",
                esopt_unequal = if (isTRUE(m$unequal)) "unequal",
                modellabel = sub(" .*$", "", meta_model_name(m$model)), model = m$model,
                methodlabel = meta_method_name(m$method, m$version), method = m$method,
                show = if (!m$metashow) "nometashow"),
           if (m$declared == "meta set") meta_set_characteristics(m) else
             list(esizeopt = given_option(given$esize, "esize"),
                  datatype = if (n == 4L) "binary" else if (n == 6L) "continuous",
                  datavars = paste(cells, collapse = " ")),
           if (binary) list(zcopt = given_option(given$zerocells, "zerocells"), zcadj = m$zero$to,
                            zcvalue = m$zero$add),
           stats::setNames(as.list(cells)[seq_along(vars)], if (n) sprintf("%svar", vars)))
  out <- Filter(Negate(is.null), out)
  stats::setNames(vapply(out, as.character, ""), paste0("_meta_", names(out)))
}

meta_set_characteristics <- function(m) {
  ci <- m$names$se == "_meta_se"
  list(datatype = "Generic", datavars = paste(c(m$names$es, if (ci) m$names$ci else m$names$se), collapse = " "),
       esvar = m$names$es, sevar = if (!ci) m$names$se, cilvar = if (ci) m$names$ci[1L],
       ciuvar = if (ci) m$names$ci[2L], studysizevar = if (m$size_name != "N/A") m$size_name)
}

given_option <- function(value, name) {
  if (is.null(value)) return(NULL)
  sprintf("%s(%s)", name, paste(if (is.call(value)) as.character(value)[-1L] else as.character(value), collapse = ", "))
}
