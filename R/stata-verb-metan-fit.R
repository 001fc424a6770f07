# From metan's input to studies, pooled results and the view. Every number comes from the verbs of the package.
# Source: Harris et al. (2008) Stata J 8:3-28; the between-group test is Q_total - sum(Q_g), inverse variance only.

# One row per observation: estimate and variance on the scale of the analysis, interval, and why it is not used.
metan_studies <- function(input, o, call) {
  check_metan_values(input, o, call)
  effect <- metan_effects(input, o)
  s <- data.frame(study = seq_along(input$rows), row = input$rows, label = input$label, name = input$name,
                  yi = effect$yi, vi = effect$vi, stringsAsFactors = FALSE)
  s$group <- input$by
  s$wgt <- input$wgt
  if (input$nvars == 4L) s[c("a", "b", "c", "d")] <- input$vars
  if (input$nvars == 6L) s[c("n1", "m1", "sd1", "n2", "m2", "sd2")] <- input$vars
  s$reason <- exclusion_reason(s, input, o)
  for (reason in unique(s$reason[!is.na(s$reason)])) warn_dropped(s$row[which(s$reason == reason)], reason, call)
  used <- is.na(s$reason)
  if (!any(used)) abort_input("...", "must hold at least one study that can be used", call)
  if (input$nvars == 2L) warn_boundary_weight(s$yi[used], sqrt(s$vi[used]), s$label[used], call)
  metan_intervals(s, input, o)
}

check_metan_values <- function(input, o, call) {
  v <- input$vars
  if (!is.null(input$wgt)) {
    bad <- which(!is.na(input$wgt) & (input$wgt < 0 | !is.finite(input$wgt)))
    if (length(bad)) abort_studies("wgt", input$rows[bad], "must be finite and not negative", call)
  }
  if (input$nvars == 2L) {
    bad <- which(v[[2L]] < 0)
    if (length(bad)) abort_studies(names(v)[2L], input$rows[bad], "must not be negative", call)
  }
  if (input$nvars == 3L) {
    bad <- which(v[[2L]] > v[[1L]] | v[[3L]] < v[[1L]])
    if (length(bad)) abort_studies(names(v)[1L], input$rows[bad], "must lie between its limits", call)
  }
  if (input$nvars == 4L) check_metan_counts(v, input$rows, o, call)
  if (input$nvars == 6L) check_metan_means(v, input$rows, call)
}

check_metan_counts <- function(v, rows, o, call) {
  for (name in names(v)) {
    bad <- which(v[[name]] < 0 | is.infinite(v[[name]]))
    if (length(bad)) abort_studies(name, rows[bad], "must hold counts that are not negative", call)
    part <- which(v[[name]] != trunc(v[[name]]))
    if (length(part) && !o$nointeger) {
      abort_studies(name, rows[part], "must hold whole numbers (or give `nointeger = TRUE`)", call)
    }
  }
}

check_metan_means <- function(v, rows, call) {
  for (j in c(1L, 4L)) {
    bad <- which(v[[j]] < 2 | is.infinite(v[[j]]))
    if (length(bad)) abort_studies(names(v)[j], rows[bad], "must hold sample sizes of at least 2", call)
    bad <- which(v[[j + 2L]] < 0)
    if (length(bad)) {
      abort_studies(names(v)[j + 2L], rows[bad], "must hold standard deviations that are not negative", call)
    }
  }
}

exclusion_reason <- function(s, input, o) {
  reason <- rep(NA_character_, nrow(s))
  gaps <- Reduce(`|`, lapply(input$vars, function(x) !is.finite(x)))
  if (!is.null(s$wgt)) gaps <- gaps | is.na(s$wgt)
  if (!is.null(s$group)) gaps <- gaps | is.na(s$group)
  reason[gaps] <- "a value is missing"
  if (input$nvars == 4L) {
    reason[!gaps & (s$a + s$b == 0 | s$c + s$d == 0)] <- "an arm is empty"
    double <- (s$a == 0 & s$c == 0) | (s$b == 0 & s$d == 0)
    if (o$ratio) reason[is.na(reason) & double] <- "no events, or nothing but events, in both arms"
  }
  reason[is.na(reason) & !(s$vi > 0 & is.finite(s$vi))] <- "the standard error is not positive"
  reason
}

metan_intervals <- function(s, input, o) {
  z <- critical_value(o$ilevel)
  s$lo <- s$yi - z * sqrt(s$vi)
  s$hi <- s$yi + z * sqrt(s$vi)
  if (o$cornfield) {
    limits <- cornfield_limits(s, input, o)
    s$lo <- log(limits$lo)
    s$hi <- log(limits$hi)
  }
  if (input$nvars == 3L && o$ilevel == 0.95) {
    s$lo <- input$vars[[2L]]
    s$hi <- input$vars[[3L]]
  }
  s
}

metan_view <- function(s, o, input, call) {
  used <- s[is.na(s$reason), , drop = FALSE]
  model <- if (is.null(input$wgt)) o$model else "*"
  all <- metan_pool(used, model, o)
  if (!is.null(o$first)) all <- metan_user_first(all, o)
  second <- metan_second(used, o, input, call)
  s$weight <- NA_real_
  s$weight[is.na(s$reason)] <- 100 * all$weight / sum(all$weight)
  groups <- metan_groups(used, model, o)
  if (o$sgweight && !is.null(groups)) s$weight <- group_weights(s, groups)
  between <- metan_between(groups, all)
  rows <- metan_rows(s, all, second, groups, o)
  show <- if (o$ratio && !o$log || o$eform) exp else identity
  rows[c("es", "ci_low", "ci_upp")] <- lapply(rows[c("es", "ci_low", "ci_upp")], show)
  table <- rows[!rows$type %in% c("heading", "sub_heading", "rule", "overall_heading", "level_rule"), ]
  table <- table[c("type", "label", "es", "ci_low", "ci_upp", "weight", if (!is.null(groups)) "group")]
  rownames(table) <- NULL
  new_stata_view("metan", metan_return(all, second, o, show, s), table, fit = metan_fit_list(all, groups, second), o,
                 rows = rows, groups = groups_table(groups, all, o), between = between, studies = s,
                 nvars = input$nvars, wgt_name = input$wgt_name, by_name = input$by_name,
                 null = list(name = paste0(if (o$log) "log", o$measure),
                             value = if (identical(show, exp)) "1" else "0"),
                 lcols = input$lcols, rcols = input$rcols, call = call)
}

metan_second <- function(used, o, input, call) {
  if (is.null(o$second)) return(NULL)
  if (is.list(o$second)) return(metan_user_second(o$second, o, call))
  second <- check_choice(o$second, c("fixed", "fixedi", "random", "randomi", "peto"), "second", call)
  metan_pool(used, model_name(second, input$nvars, call), o)
}

metan_user_second <- function(second, o, call) {
  second <- check_user_result(second, "second", call)
  value <- unlist(second[1:3])
  if (o$ratio && !o$log || o$eform) value <- log(value)
  list(model = second[[4L]], est = value[1L], lo = value[2L], hi = value[3L], user = TRUE)
}

# The user's result takes the place of the pooled one; tests and heterogeneity of it are not known.
metan_user_first <- function(all, o) {
  user <- metan_user_second(o$first, o, NULL)
  all[c("model", "est", "lo", "hi")] <- user[c("model", "est", "lo", "hi")]
  all[c("se", "z", "p_z")] <- NA_real_
  all
}

metan_groups <- function(used, model, o) {
  if (is.null(used$group)) return(NULL)
  groups <- split(used, used$group)
  lapply(groups, function(g) {
    if (nrow(g) == 0L) return(NULL)
    second <- if (is.character(o$second) && !o$nosecsub)
      metan_pool(g, model_name(o$second, if (is.null(g$a)) 2L else 4L, NULL), o)
    c(metan_pool(g, model, o), list(second = second, rows = g$row))
  })
}

group_weights <- function(s, groups) {
  weight <- rep(NA_real_, nrow(s))
  for (g in groups) if (!is.null(g)) weight[match(g$rows, s$row)] <- 100 * g$weight / sum(g$weight)
  weight
}

metan_between <- function(groups, all) {
  if (is.null(groups) || all$model != "I-V") return(NULL)
  groups <- Filter(Negate(is.null), groups)
  Q <- all$het - sum(vapply(groups, `[[`, 0, "het"))
  df <- length(groups) - 1
  i_sq <- vapply(groups, `[[`, 0, "i_sq")
  list(Q = Q, df = df, p = if (df > 0) upper_p(Q, df) else NA_real_,
       max_i_sq = if (all(is.na(i_sq))) NA_real_ else max(i_sq, na.rm = TRUE))
}

groups_table <- function(groups, all, o) {
  if (is.null(groups)) return(NULL)
  parts <- if (o$nosubgroup) list() else Filter(Negate(is.null), groups)
  if (!o$nooverall) parts <- c(parts, list(Overall = all))
  field <- function(name) vapply(parts, function(p) if (is.null(p[[name]])) NA_real_ else as.numeric(p[[name]]), 0)
  data.frame(label = names(parts), k = field("k"), het = field("het"), df = field("df"), p_het = field("p_het"),
             i_sq = field("i_sq"), tau2 = field("tau2"), z = field("z"), p_z = field("p_z"),
             stringsAsFactors = FALSE, row.names = NULL)
}

metan_fit_list <- function(all, groups, second) {
  list(overall = all$fit, groups = lapply(groups, `[[`, "fit"), second = second$fit)
}

# Average event rates of the treated and of the controls, before any correction and with the studies that are left out.
event_rates <- function(cells) {
  if (!length(cells)) return(NULL)
  n <- vapply(cells, sum, 0, na.rm = TRUE)
  list(tger = n[[1L]] / (n[[1L]] + n[[2L]]), cger = n[[3L]] / (n[[3L]] + n[[4L]]))
}

metan_return <- function(all, second, o, show, s) {
  out <- list(ES = show(all$est), seES = all$se, ci_low = show(all$lo), ci_upp = show(all$hi), z = all$z,
              p_z = all$p_z, het = all$het, df = all$df, p_het = all$p_het, i_sq = all$i_sq)
  if (o$ratio) out$selogES <- all$se
  out$tau2 <- all$tau2
  out$chi2 <- all$chi2
  out$p_chi2 <- all$p_chi2
  if (o$rfdist) out[c("rflow", "rfupp")] <- lapply(metan_predict(all, o$rflevel), show)
  if (!is.null(second)) {
    out[c("ES_2", "ci_low_2", "ci_upp_2")] <- list(show(second$est), show(second$lo), show(second$hi))
    out[[if (o$ratio) "selogES_2" else "seES_2"]] <- second$se
    out$method_2 <- second$model
  }
  out <- c(out, event_rates(s[intersect(c("a", "b", "c", "d"), names(s))]))
  c(out, list(measure = o$measure, method = all$model, method_1 = all$model))
}

# Predictive interval of a DerSimonian-Laird fit: t with k - 2 degrees of freedom.
metan_predict <- function(p, level) {
  if (is.null(p$tau2) || p$k < 3L) return(list(NA_real_, NA_real_))
  half <- critical_value(level, p$k - 2) * sqrt(p$tau2 + p$se^2)
  list(p$est - half, p$est + half)
}

by_name <- function(expr) if (is.null(expr)) NULL else varlist_names(list(expr))

# The variables as they are in the data, one row per observation that `subset` keeps.
metan_input <- function(mc, data, env, call) {
  data <- resolve_data(data, call)
  vars <- stata_varlist(mc$..., data, env, c(2L, 3L, 4L, 6L), call)
  k <- length(vars[[1L]])
  if (k == 0L) abort_input("data", "must hold at least one study, but has no rows", call)
  columns <- lapply(c(by = "by", wgt = "wgt"), function(arg) {
    stata_option_column(mc[[arg]], data, env, arg, k, call)
  })
  lcols <- metan_columns(mc$lcols, data, env, "lcols", k, call)
  rcols <- metan_columns(mc$rcols, data, env, "rcols", k, call)
  labels <- if (is.null(mc$label) && length(lcols)) stata_labels(list(namevar = lcols[[1L]]), data, env, k, call)
  else stata_labels(mc$label, data, env, k, call)
  rows <- seq_len(k)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (is.null(keep)) keep <- rows
  keep <- sorted_rows(mc$sortby, data, env, keep, k, call)
  pick <- function(x) if (is.null(x)) NULL else x[keep]
  list(vars = lapply(vars, pick), nvars = length(vars), by = stata_groups(pick(columns$by)), wgt = pick(columns$wgt),
       wgt_name = if (!is.null(columns$wgt)) varlist_names(list(mc$wgt)), by_name = by_name(mc$by),
       label = labels$full[keep], name = labels$name[keep], rows = keep, lcols = lapply(lcols, pick),
       rcols = lapply(rcols, pick))
}

model_name <- function(model, nvars, call) {
  if (nvars != 4L && model == "peto") abort_input("peto", "goes with the four cells of 2x2 tables only", call)
  switch(model, fixed = if (nvars == 4L) "M-H" else "I-V", fixedi = "I-V", peto = "Peto", "D+L")
}

check_user_result <- function(x, arg, call) {
  number <- function(v) is.numeric(v) && length(v) == 1L
  if (!is.list(x) || length(x) != 4L || !all(vapply(x[1:3], number, NA)) || !is_word(x[[4L]])) {
    abort_input(arg, "must be list(es, lci, uci, \"description\")", call)
  }
  x
}

metan_measure <- function(o, nvars, call) {
  own <- list("4" = c("rr", "or", "rd"), "6" = c("cohen", "hedges", "glass", "nostandard"))[[as.character(nvars)]]
  all <- c("rr", "or", "rd", "cohen", "hedges", "glass", "nostandard")
  picked <- all[unlist(o[all])]
  wrong <- setdiff(picked, own)
  if (length(wrong)) abort_input(wrong[1L], sprintf("does not go with %d variables", nvars), call)
  if (length(picked) > 1L) abort_input(picked[2L], sprintf("cannot go with `%s`", picked[1L]), call)
  if (nvars < 4L) return("ES")
  if (nvars == 6L) return(if (identical(picked, "nostandard")) "WMD" else "SMD")
  if (o$peto && length(setdiff(picked, "or"))) {
    abort_input(picked, "does not go with `peto`, which pools odds ratios", call)
  }
  if (o$peto) "OR" else toupper(c(picked, "rr")[1L])
}

# lcols and rcols: c(author, year) as bare names or strings, or a list of vectors.
metan_columns <- function(expr, data, env, arg, k, call) {
  if (is.null(expr)) return(NULL)
  parts <- if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) as.list(expr)[-1L]
  else as.list(resolve_column(expr, data, env, arg, call))
  if (length(parts) == k && k > 1L && !is.call(expr) && !is.symbol(expr)) parts <- as.list(parts)
  out <- lapply(parts, function(e) stata_option_column(e, data, env, arg, k, call))
  if (any(vapply(out, is.null, NA))) abort_input(arg, "must be columns of values, not NULL", call)
  if (is.null(names(out))) names(out) <- varlist_names(parts)
  out
}
