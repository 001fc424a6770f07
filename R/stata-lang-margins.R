# margins after regress, logit, logistic, poisson, mixed and meta-regressions: averages of predictions and of their
# derivatives over the sample,
# with standard errors by the delta method, the covariates taken as fixed.
# Source: Stata's Base Reference manual, margins, methods and formulas. Oracle: numerical derivatives of R's predict().

margins_options <- c(dydx = "dydx", at = "at", atmeans = "atmeans", level = "l", post = "post", predict = "pr",
                     vsquish = "vsq", noatlegend = "noatl", vce = "vce", over = "over", nose = "nose",
                     noestimcheck = "noestimcheck", pwcompare = "pwcomp", contrast = "contrast", asbalanced = "asbal")

# margins [i.g a#b] [if] [in] [, dydx(x) at(x = (1 2)) atmeans over(g) predict() post level()]
run_margins <- function(command, session, rows) {
  fit <- if (identical(session$e$cmd, "mixed")) session$mixed$fit else session$regression %||% meta_margins_fit(session)
  if (is.null(fit) || !isTRUE(session$e$cmd %in% c("regress", "logit", "logistic", "poisson", "mixed",
                                                   "meta regress", "metareg"))) {
    abort_unsupported("margins after this command")
  }
  o <- command_options(command, margins_options)
  for (bad in intersect(names(o), c("nose", "pwcompare", "contrast", "asbalanced"))) {
    abort_unsupported(sprintf("option %s of margins", bad))
  }
  if (!identical(c(o$vce, "delta")[1L], "delta")) abort_unsupported(sprintf("vce(%s) of margins", o$vce))
  m <- margins_model(fit, o, session)
  m$rows <- intersect(fit$use, selected_rows(command, session, rows))
  if (!length(m$rows)) abort_stata("no observations", 2000L)
  m$weight <- if (is.null(fit$weights)) rep(1, length(m$rows)) else fit$weights[match(m$rows, fit$use)]
  ats <- margins_at(command, m, session)
  m$given <- at_variables(command, session)
  if (m$atmeans && length(m$factors)) m$shares <- factor_shares(m, session)
  cells <- over_cells(margins_cells(command$rest, ats, m, session), o$over, ats, m, session)
  found <- if (is.null(o$dydx)) margins_means(cells, m, session) else margins_slopes(o$dydx, cells, m, session)
  finish_margins(found, ats, m, o, session)
}

# The scale of predict(): the default, or xb.
margins_model <- function(fit, o, session) {
  scale <- plain_words(c(o$predict, "")[1L])
  default <- c(logit = "pr", poisson = "n", regress = "xb")[[fit$kind %||% "regress"]]
  scale <- if (!length(scale)) default else if (scale[1L] == "p") "pr" else scale[1L]
  if (!scale %in% c(default, "xb")) abort_unsupported(sprintf("margins, predict(%s)", scale))
  linear <- list(mean = identity, slope = function(x) rep(1, length(x)), bend = function(x) rep(0, length(x)))
  model <- if (scale == "xb") linear else likelihood_kinds[[fit$kind]]
  words <- if (scale != "xb") c(pr = sprintf("Pr(%s)", fit$depvar), n = "Predicted number of events")[[scale]] else
    if (!is.null(fit$reml)) "Linear prediction, fixed portion" else if (is.null(fit$kind)) "Linear prediction" else
      "Linear prediction (log odds)"
  if (scale == "xb" && identical(fit$kind, "poisson")) words <- "Linear prediction"
  fitted <- identical(fit$meta, "meta regress") && is.null(o$predict)
  shown <- if (fitted) "Fitted values, predict(fitted fixedonly)"
           else if (nzchar(c(o$predict, "")[1L])) sprintf("%s, predict(%s)", words, scale)
           else paste0(words, ", predict()")
  vce <- if (fit$cluster$kind != "ols") "Robust" else if (!is.null(fit$reml) || !is.null(fit$meta)) NA_character_ else
    if (is.null(fit$kind)) "OLS" else "OIM"
  vars <- unique(sub("^[^.]*[.]", "", unlist(strsplit(fit$design$terms, "#", fixed = TRUE))))
  vars <- vapply(vars, find_stata_variable, "", session = session, USE.NAMES = FALSE)
  list(fit = fit, model = model, words = shown, vce = vce, vars = unique(vars), atmeans = !is.null(o$atmeans),
       factors = factor_variables(fit$design$terms, session))
}

factor_variables <- function(terms, session) {
  parts <- unlist(strsplit(terms, "#", fixed = TRUE))
  marked <- grepl("[.]", parts) & !startsWith(parts, "c.") | grepl("#", rep(terms, lengths(strsplit(terms, "#"))))
  marked <- marked & !startsWith(parts, "c.")
  unique(vapply(sub("^[^.]*[.]", "", parts[marked]), find_stata_variable, "", session = session, USE.NAMES = FALSE))
}

# ---- where the covariates are set --------------------------------------------------------------

# Each at() and each combination of the numbers in it: a list of named values.
margins_at <- function(command, m, session) {
  asked <- command$options[vapply(names(command$options), function(w) startsWith("at", w) && nchar(w) >= 2L, NA)]
  ats <- unlist(lapply(asked, at_settings, session = session), recursive = FALSE)
  base <- if (m$atmeans) stats::setNames(lapply(setdiff(m$vars, m$factors), function(v) {
    average(numeric_operand(session$data[[v]])[m$rows], m)
  }), setdiff(m$vars, m$factors)) else list()
  if (!length(ats)) return(list(base))
  lapply(unname(ats), function(a) utils::modifyList(base, a))
}

# What at() sets; the means of atmeans are told as such.
at_variables <- function(command, session) {
  asked <- command$options[vapply(names(command$options), function(w) startsWith(w, "at") && w == "at", NA)]
  unique(unlist(lapply(asked, function(text) names(at_settings(text, session)[[1L]]))))
}

at_settings <- function(text, session) {
  tokens <- tokenize(text)
  equal <- which(tokens$text == "=" & token_depth(tokens) == 0L)
  if (!length(equal) || any(tokens$type[equal - 1L] != "name")) abort_unsupported(sprintf("margins, at(%s)", text))
  ends <- c(equal[-1L] - 2L, nrow(tokens))
  values <- lapply(seq_along(equal), function(i) {
    parse_numlist(gsub("^\\((.*)\\)$", "\\1", token_text(text, tokens, equal[i] + 1L, ends[i])))
  })
  names(values) <- vapply(tokens$text[equal - 1L], find_stata_variable, "", session = session)
  grid <- expand.grid(rev(values))[rev(seq_along(values))]
  lapply(seq_len(nrow(grid)), function(i) as.list(grid[i, , drop = FALSE]))
}

# One cell per margin: what is set, and the words of its row.
margins_cells <- function(tokens, ats, m, session) {
  words <- gsub("^i[.]|#i[.]", "#", design_words(tokens))
  words <- sub("^#", "", words)
  terms <- if (length(words)) strsplit(unlist(lapply(words, expand_interactions)), "#", fixed = TRUE) else
    list(character())
  unlist(lapply(terms, function(term) {
    vars <- vapply(term, find_stata_variable, "", session = session, USE.NAMES = FALSE)
    strange <- setdiff(vars, m$factors)
    if (length(strange)) abort_stata(sprintf("%s not found in list of factor covariates", strange[1L]), 322L)
    levels <- lapply(vars, function(v) sort(unique(session$data[[v]][m$fit$use])))
    grid <- if (length(vars)) expand.grid(rev(levels))[rev(seq_along(vars))]
    unlist(lapply(seq_along(ats), function(a) {
      lapply(seq_len(max(1L, NROW(grid))), function(i) {
        own <- stats::setNames(as.list(grid[i, , drop = TRUE]), vars)
        text <- mapply(function(v, x) level_text(v, x, session), vars, own)
        several <- length(ats) > 1L
        first <- vapply(seq_along(vars), function(j) own[[j]] == levels[[j]][1L], NA)
        key <- c(if (several) sprintf("%d%s._at", a, if (a == 1L) "bn" else ""),
                 if (length(vars)) paste0(vapply(own, macro_text, ""), ifelse(first, "bn", ""), ".", vars))
        list(set = utils::modifyList(ats[[a]], own), key = paste(key, collapse = "#"), at = a, own = own,
             block = paste(c(if (several) "_at", vars), collapse = "#"),
             name = paste(c(if (several) a, text), collapse = "#"))
      })
    }), recursive = FALSE)
  }), recursive = FALSE)
}

# over(a b): each cell within each group of the sample.
over_cells <- function(cells, over, ats, m, session) {
  if (is.null(over)) return(cells)
  vars <- expand_varlist(tokenize(gsub("\\bi[.]", "", over)), session, 1L)
  if (m$atmeans) abort_unsupported("margins, over() with atmeans")
  levels <- lapply(vars, function(v) sort(unique(session$data[[v]][m$rows])))
  grid <- expand.grid(rev(levels))[rev(seq_along(vars))]
  unlist(lapply(cells, function(cell) unlist(lapply(seq_len(nrow(grid)), function(i) {
    own <- stats::setNames(as.list(grid[i, , drop = TRUE]), vars)
    keep <- Reduce(`&`, Map(function(v, x) session$data[[v]][m$rows] == x, vars, own))
    if (!any(keep)) return(list())
    first <- mapply(function(x, l) x == l[1L], own, levels)
    key <- paste0(vapply(own, macro_text, ""), ifelse(first, "bn", ""), ".", vars)
    join <- function(...) paste(Filter(nzchar, c(...)), collapse = "#")
    text <- mapply(function(v, x) level_text(v, x, session), vars, own)
    list(utils::modifyList(cell, list(keep = keep, key = join(cell$key, key), own = c(cell$own, own), over = vars,
                                      block = join(cell$block, vars), name = join(cell$name, text))))
  }), recursive = FALSE)), recursive = FALSE)
}

level_text <- function(variable, value, session) {
  set <- session$value_labels[[session$meta[[variable]]$labels %||% ""]]
  if (value %in% set) names(set)[match(value, set)] else macro_text(value)
}

# The columns of the model with the covariates set, behind the rows of the data, whose levels count.
set_design <- function(set, m, session) {
  strange <- setdiff(names(set), m$vars)
  if (length(strange)) abort_stata(sprintf("%s is no covariate of the model", strange[1L]), 322L)
  if (!is.null(m$fit$columns) || m$atmeans && length(m$factors)) return(named_design(set, m, session))
  inner <- new_session()
  for (field in c("meta", "value_labels")) inner[[field]] <- session[[field]]
  k <- length(m$rows)
  inner$n <- session$n + k
  inner$data <- lapply(session$data[m$vars], function(x) c(x, x[m$rows]))
  for (v in names(set)) {
    inner$data[[v]][session$n + seq_len(k)] <- set[[v]]
  }
  kept_design(m$fit, inner)[session$n + seq_len(k), , drop = FALSE]
}

# ---- averages ----------------------------------------------------------------------------------

linear_predictor <- function(X, m, session) {
  offset <- offset_of(m$fit, session)
  drop(X %*% m$fit$beta) + if (length(offset) > 1L) offset[m$rows] else offset
}

# Means over the sample, of a vector or of each column, with the weights of the regression.
average <- function(x, m, keep = NULL) {
  w <- if (is.null(keep)) m$weight else m$weight * keep
  if (is.matrix(x)) colSums(w * x) / sum(w) else sum(w * x) / sum(w)
}

margins_means <- function(cells, m, session) {
  J <- lapply(cells, function(cell) {
    X <- set_design(cell$set, m, session)
    xb <- linear_predictor(X, m, session)
    list(b = average(m$model$mean(xb), m, cell$keep), J = average(m$model$slope(xb) * X, m, cell$keep))
  })
  list(kind = "Margin", cells = cells,
       column = vapply(cells, function(cell) if (nzchar(cell$key)) cell$key else "_cons", ""),
       block = vapply(cells, `[[`, "", "block"),
       name = ifelse(nzchar(vapply(cells, `[[`, "", "name")), vapply(cells, `[[`, "", "name"), "_cons"),
       b = vapply(J, `[[`, 0, "b"), J = do.call(rbind, lapply(J, `[[`, "J")))
}

# dydx(x): derivatives of continuous covariates, differences from the base level of factors.
margins_slopes <- function(text, cells, m, session) {
  vars <- if (trimws(text) %in% c("*", "_all", "_continuous")) m$vars else expand_varlist(tokenize(text), session, 1L)
  if (trimws(text) == "_continuous") vars <- setdiff(vars, m$factors)
  strange <- setdiff(vars, m$vars)
  if (length(strange)) abort_stata(sprintf("%s not found in list of covariates", strange[1L]), 322L)
  parts <- unlist(lapply(vars, function(v) unlist(lapply(cells, function(cell) {
    if (v %in% m$factors) level_changes(v, cell, m, session) else list(margin_slope(v, cell, m, session))
  }), recursive = FALSE)), recursive = FALSE)
  get <- function(field) vapply(parts, `[[`, "", field)
  list(kind = "dy/dx", block = get("block"), name = get("name"), column = get("column"),
       cells = lapply(parts, `[[`, "cell"), vars = vars, factors = intersect(vars, m$factors),
       b = vapply(parts, `[[`, 0, "b"), J = do.call(rbind, lapply(parts, `[[`, "J")))
}

# The derivative of the columns by central differences at two steps: exact for powers up to the fourth.
margin_slope <- function(v, cell, m, session) {
  at <- if (is.null(cell$set[[v]])) numeric_operand(session$data[[v]])[m$rows] else cell$set[[v]]
  step <- 1e-3 * max(1, abs(at))
  moved <- function(h) set_design(replace(cell$set, v, list(at + h)), m, session)
  rise <- function(h) (moved(h) - moved(-h)) / (2 * h)
  D <- (4 * rise(step) - rise(2 * step)) / 3
  X <- set_design(cell$set, m, session)
  xb <- linear_predictor(X, m, session)
  change <- drop(D %*% m$fit$beta)
  own <- nzchar(cell$name)
  list(block = if (own) paste0(v, ":", cell$block) else "", name = if (own) cell$name else v,
       cell = c(cell, list(by = v)),
       column = if (own) paste0(v, ":", cell$key) else v, b = average(m$model$slope(xb) * change, m, cell$keep),
       J = average(m$model$bend(xb) * change * X + m$model$slope(xb) * D, m, cell$keep))
}

level_changes <- function(v, cell, m, session) {
  levels <- sort(unique(session$data[[v]][m$fit$use]))
  base <- base_level(v, m, levels)
  at <- function(level) {
    X <- set_design(replace(cell$set, v, list(level)), m, session)
    xb <- linear_predictor(X, m, session)
    list(b = average(m$model$mean(xb), m, cell$keep), J = average(m$model$slope(xb) * X, m, cell$keep))
  }
  from <- at(base)
  others <- setdiff(levels, base)
  flat <- length(others) == 1L && is.null(session$meta[[v]]$labels) && !nzchar(cell$name)
  lapply(others, function(level) {
    to <- at(level)
    text <- level_text(v, level, session)
    column <- paste0(macro_text(level), ".", v, if (nzchar(cell$key)) paste0(":", cell$key))
    who <- c(cell, list(by = paste0(text, ".", v)))
    if (flat) return(list(block = "", name = paste0(text, ".", v), b = to$b - from$b, J = to$J - from$J, cell = who,
                          column = column))
    list(cell = who, column = column, block = paste(c(v, if (nzchar(cell$block)) cell$block), collapse = ":"),
         name = paste(c(text, if (nzchar(cell$name)) cell$name), collapse = "#"), b = to$b - from$b, J = to$J - from$J)
  })
}

base_level <- function(v, m, levels) {
  marked <- regmatches(m$fit$design$names, regexec(sprintf("^([0-9]+)b[.]%s$", v), m$fit$design$names))
  found <- unlist(lapply(marked, `[`, 2L))
  found <- found[!is.na(found)]
  if (length(found)) as.numeric(found[1L]) else levels[1L]
}

# ---- what is printed and saved -----------------------------------------------------------------

finish_margins <- function(found, ats, m, o, session) {
  V <- found$J %*% m$fit$V %*% t(found$J)
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  df <- if (is.null(m$fit$kind)) m$fit$df_t else NA_real_
  se <- sqrt(pmax(diag(V), 0))
  reach <- critical_value(level / 100, df) * se
  table <- data.frame(block = found$block, name = found$name, b = found$b, se = se, t = found$b / se,
                      p = two_sided_p(found$b / se, df), lo = found$b - reach, hi = found$b + reach)
  table$block[table$name == "_cons"] <- ""
  emit(session, margins_lines(found, table, ats, m, level, df))
  columns <- found$column
  b <- matrix(table$b, 1L, dimnames = list("y1", columns))
  dimnames(V) <- list(columns, columns)
  all <- rbind(b = table$b, se = table$se, t = table$t, pvalue = table$p, ll = table$lo, ul = table$hi)
  if (is.na(df)) rownames(all)[3L] <- "z"
  colnames(all) <- columns
  session$r <- list(N = margins_count(m), level = level, b = b, V = V, table = all)
  session$margins <- list(table = table, cells = found$cells, kind = found$kind, ats = ats, words = m$words,
                          level = level,
                          fixed = all_fixed(found, m))
  if (!is.null(o$post)) {
    session$e <- Filter(Negate(is.null), list(N = margins_count(m), cmd = "margins", b = b, V = V,
                                              df_r = if (!is.na(df)) df))
    session$regression <- session$estimates <- NULL
  }
}

# Are all covariates set in every cell? over() sets none.
all_fixed <- function(found, m) {
  m$atmeans || all(vapply(found$cells, function(cell) all(m$vars %in% names(cell$set)), NA))
}

# Frequency weights stand for observations.
margins_count <- function(m) if (identical(m$fit$weight, "fweight")) sum(m$weight) else length(m$rows)

margins_lines <- function(found, table, ats, m, level, df) {
  fixed <- all_fixed(found, m)
  slopes <- found$kind == "dy/dx"
  title <- if (slopes) paste(if (fixed) "Conditional" else "Average", "marginal effects") else if (fixed)
    "Adjusted predictions" else "Predictive margins"
  letter <- if (is.na(df)) "z" else "t"
  lines <- format_coef_table(table[0L, ], "", level / 100, letter, found$kind)
  body <- coefficient_rows(table)
  count <- sprintf("Number of obs     = %s", justify(format(margins_count(m), big.mark = ","), 10L))
  factors <- if (slopes) found$factors
  c("", paste0(justify(title, 48L, TRUE), count), if (!is.na(m$vce)) paste("Model VCE    :", m$vce), "",
    paste("Expression   :", m$words), if (slopes) paste("dy/dx w.r.t. :", paste(found$vars, collapse = " ")),
    if (!is.null(found$cells[[1L]]$over)) paste("over         :", paste(found$cells[[1L]]$over, collapse = " ")),
    margins_legend(ats, m), "", lines[1L], "             |            Delta-method", lines[2:3], body, lines[1L],
    if (length(factors)) "Note: dy/dx for factor levels is the discrete change from the base level.")
}

# The values at which covariates were set.
margins_legend <- function(ats, m) {
  if (!length(ats[[1L]]) && !length(m$shares)) return(character())
  unlist(lapply(seq_along(ats), function(i) {
    shares <- m$shares[!sub("^[^.]*[.]", "", names(m$shares)) %in% names(ats[[i]])]
    set <- c(ats[[i]], as.list(shares))
    head <- if (length(ats) > 1L) sprintf("%d._at", i) else "at"
    mean <- ifelse(m$atmeans & !names(set) %in% m$given, " (mean)", "")
    c(if (i > 1L) "", sprintf("%s: %s=%s%s", justify(c(head, rep("", length(set) - 1L)), 13L, TRUE),
                             justify(names(set), 16L, TRUE), stata_general(unlist(set), 12L), mean))
  }))
}
