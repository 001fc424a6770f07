# Owns the damage of objects: each verb is called on results of the package of which one part was overwritten, cut or
# taken away by hand. What must come of it: a result, or a condition of the package's classes; never an error from the
# inside of R or of a library, a crash or a call without end. tools/mutations with the mode "damaged" runs all of them.

longer <- function(x) if (is.matrix(x)) rbind(x, x[nrow(x), ]) else x[c(seq_along(x), length(x))]

damage_kinds <- list(
  gone = function(x) NULL, na = function(x) NA, all_na = function(x) { x[] <- NA; x },
  nan = function(x) if (is.numeric(x)) { x[] <- NaN; x } else NaN,
  inf = function(x) if (is.numeric(x)) { x[] <- Inf; x } else Inf,
  none = function(x) x[0L], shorter = function(x) x[-1L], longer = longer,
  text = function(x) if (is.character(x)) seq_along(x) else as.character(unlist(x)), word = function(x) "a",
  number = function(x) -1, list = function(x) as.list(x), wrapped = function(x) list(x),
  nameless = function(x) { names(x) <- NULL; dimnames(x) <- NULL; x },
  turned = function(x) if (is.matrix(x)) t(x) else matrix(x, 1L), flat = function(x) as.vector(unlist(x)),
  wide = function(x) cbind(x, x), frame = function(x) data.frame(a = 1:2), fun = function(x) function(...) NULL,
  zero = function(x) if (is.numeric(x)) { x[] <- 0; x } else 0L,
  whole = function(x) if (is.numeric(x)) { storage.mode(x) <- "integer"; x } else NULL,
  factor = function(x) factor(x))

# Results of every class, as expressions in the world of mutation_world().
damaged_objects <- function() {
  as.list(parse(test_path_or("fixtures/damaged-objects.R"), keep.source = FALSE))
}

# The parts of an object that can be damaged: elements, and those of the lists among them.
damaged_paths <- function(x) {
  named <- function(x) setdiff(names(x), "")
  own <- lapply(named(x), identity)
  inner <- lapply(named(x), function(name) {
    part <- x[[name]]
    if (is.list(part) && length(part) < 60L) lapply(named(part), function(element) c(name, element))
  })
  notes <- lapply(setdiff(names(attributes(x)), c("names", "class", "row.names")), function(name) c("@", name))
  c(own, unlist(inner, FALSE), notes)
}

damaged_copy <- function(x, path, kind) {
  kept <- class(x)
  x <- unclass(x)
  put <- function(x, name, value) {
    if (is.null(value)) x[name] <- NULL else x[[name]] <- value
    x
  }
  change <- damage_kinds[[kind]]
  if (path[1L] == "@") {
    attr(x, path[2L]) <- change(attr(x, path[2L]))
  } else if (length(path) == 1L) {
    x <- put(x, path, change(x[[path]]))
  } else {
    part <- x[[path[1L]]]
    class_of <- attr(part, "class")
    part <- put(unclass(part), path[2L], change(part[[path[2L]]]))
    attr(part, "class") <- class_of
    x[[path[1L]]] <- part
  }
  class(x) <- kept
  x
}

# What is called on an object `.damaged`: the methods of its classes, and the verbs that take it as it is.
damaged_verbs <- function(x) {
  table <- getNamespaceInfo("metaparity", "S3methods")
  generics <- unique(table[table[, 2L] %in% class(x), 1L])
  homes <- c("metaparity", "stats", "utils", "graphics", "base", "generics", "knitr", "dplyr")
  inner <- function(generic) !generic %in% getNamespaceExports("metaparity") &&
    !any(vapply(setdiff(homes, "metaparity"), function(home) {
      requireNamespace(home, quietly = TRUE) && generic %in% getNamespaceExports(home)
    }, NA))
  generics <- Filter(Negate(inner), generics)
  given <- list(simulate = quote(simulate(.damaged, nsim = 1, seed = 1)), anova = quote(anova(.damaged, btt = 1)),
                robust = quote(robust(.damaged, cluster = seq_len(6))), regplot = quote(regplot(.damaged, mod = 1)),
                permutest = quote(permutest(.damaged, iter = 5, progbar = FALSE)),
                gosh = quote(gosh(.damaged, subsets = 5, progbar = FALSE)),
                profile = quote(profile(.damaged, steps = 3, progbar = FALSE)),
                update = quote(update(.damaged, digits = 3)), "[" = quote(.damaged[1:2]),
                "[[<-" = quote(`[[<-`(.damaged, "new", 1)), "[<-" = quote(`[<-`(.damaged, "new", 1)),
                "$" = quote(.damaged$yi), "$<-" = quote(`$<-`(.damaged, "new", 1)),
                merge = quote(merge(.damaged, data.frame(study = "Alba", z = 1))),
                aggregate = quote(aggregate(.damaged, cluster = seq_len(6))),
                reporter = quote(reporter(.damaged, dir = tempdir(), open = FALSE)),
                selmodel = quote(selmodel(.damaged, type = "stepfun", steps = 0.5)),
                transform = quote(transform(.damaged, z = 1)), "names<-" = quote(`names<-`(.damaged, letters[1:3])),
                dplyr_row_slice = quote(dplyr::dplyr_row_slice(.damaged, 1:2)),
                dplyr_col_modify = quote(dplyr::dplyr_col_modify(.damaged, list(z = 1))),
                dplyr_reconstruct = quote(dplyr::dplyr_reconstruct(data.frame(yi = 1), .damaged)))
  calls <- lapply(generics, function(generic) {
    if (!is.null(given[[generic]])) return(given[[generic]])
    home <- Find(function(home) generic %in% getNamespaceExports(home), homes)
    fun <- if (home %in% c("generics", "knitr", "dplyr")) call("::", as.name(home), as.name(generic)) else
      as.name(generic)
    as.call(list(fun, quote(.damaged)))
  })
  if (inherits(x, c("metaparity", "metaparity_list"))) calls <- c(calls, plain_verbs[c("text", "results", "study")])
  if (inherits(x, "metaparity")) calls <- c(calls, plain_verbs)
  if (inherits(x, "metaparity_escalc")) calls <- c(calls, quote(rma(yi, vi, data = .damaged)), quote(forest(.damaged)),
                                                  quote(as.data.frame(.damaged)))
  calls <- calls[!duplicated(calls)]
  names(calls) <- vapply(calls, function(call) paste(deparse(call), collapse = ""), "")
  calls
}

plain_verbs <- list(
  text = quote(methods_text(.damaged)), results = quote(results_text(.damaged)), study = quote(study_table(.damaged)),
  table = quote(results_table(.damaged)), bias = quote(bias_table(.damaged)),
  sensitivity = quote(sensitivity_table(.damaged)), fitstats = quote(fitstats(.damaged)), se = quote(se(.damaged)),
  regtest = quote(regtest(.damaged)), ranktest = quote(ranktest(.damaged)), fsn = quote(fsn(.damaged)),
  tes = quote(tes(.damaged)), drapery = quote(drapery(.damaged)), galbraith = quote(galbraith(.damaged)),
  layout = quote(forest_layout(.damaged, width = 7)), size = quote(forest_size(.damaged)),
  stack = quote(forest_stack(list(A = .damaged, B = fit))), revman = quote(forest(.damaged, style = "revman")),
  stata = quote(forest(.damaged, style = "stata")), shade = quote(funnel(.damaged, level = c(90, 95))),
  addpoly = quote(addpoly(.damaged, row = 1)), emmprep = quote(emmprep(.damaged)), aic = quote(AIC(.damaged)),
  pairmat = quote(pairmat(.damaged, btt = 1)), sof = quote(sof_table(list(a = .damaged))),
  contrast = quote(anova(.damaged, X = 1)), compare = quote(anova(.damaged, fit)),
  new = quote(predict(.damaged, newmods = 44)), exp = quote(predict(.damaged, transf = exp)),
  cholesky = quote(residuals(.damaged, type = "cholesky")), pearson = quote(residuals(.damaged, type = "pearson")),
  hat = quote(hatvalues(.damaged, type = "matrix")), weight = quote(weights(.damaged, type = "matrix")),
  sandwich = quote(robust(.damaged, cluster = seq_len(6), clubSandwich = TRUE)),
  clusters = quote(cooks.distance(.damaged, cluster = c(1, 1, 2, 2, 3, 3))),
  ml = quote(update(.damaged, method = "ML")))

# Every damage as a data frame: which object, which part, which kind, which verb. `world` gets the objects.
all_damages <- function(objects, world) {
  rows <- lapply(seq_along(objects), function(i) {
    x <- eval(objects[[i]], world)
    paths <- vapply(damaged_paths(x), paste, "", collapse = "$")
    if (!length(paths)) return(NULL)
    expand.grid(object = i, arg = paths, value = names(damage_kinds), verb = names(damaged_verbs(x)),
                stringsAsFactors = FALSE)
  })
  do.call(rbind, rows)
}

run_damages <- function(damages, objects, world, tell = function(i, outcome) NULL) {
  whole <- new.env()
  for (i in seq_len(nrow(damages))) {
    row <- damages[i, ]
    key <- as.character(row$object)
    if (is.null(whole[[key]])) whole[[key]] <- eval(objects[[row$object]], world)
    path <- strsplit(row$arg, "$", fixed = TRUE)[[1L]]
    broken <- tryCatch(suppressWarnings(damaged_copy(whole[[key]], path, row$value)), error = function(e) NULL)
    outcome <- list(kind = "impossible", message = "")
    if (!is.null(broken) && !identical(broken, whole[[key]])) {
      assign(".damaged", broken, world)
      outcome <- mutation_outcome(damaged_verbs(whole[[key]])[[row$verb]], world)
    }
    tell(i, outcome)
    damages$kind[i] <- outcome$kind
    damages$message[i] <- outcome$message
  }
  damages
}
