# rma_scan(): meta-analysis of summary statistics that stand in files of several studies. Bytes are read here, through
# the
# package's door for files; lines, joins, alleles and all numbers are of core/batch/scan_*.

#' Meta-analysis of files of summary statistics
#'
#' Reads a file of estimates for each study (a row per variant, gene or site), joins them by an identifier, aligns
#'   alleles
#' and pools each identifier as [rma_batch()] does. Files are read piece by piece; when the join would not fit into
#' `memory`, it is done in parts in a folder, and work that was stopped goes on where it was.
#'
#' @param files names of text files (delimited by tabs, commas, semicolons, bars or blanks, with a header; plain or
#'   compressed by gzip, bgzip, bzip2 or xz) or of Parquet files (with package arrow), or a list of data frames.
#' @param id,effect,se,p,n names of the columns of the identifier, the estimate, its standard error, its p value and the
#'   sample size: one name, or one for each file. `effect` is on the scale on which estimates are pooled (log odds
#'   ratio). Only those that are needed are read: `se` for `scheme = "stderr"`, `n` and `p` (or `se`) for
#'   `"samplesize"`.
#' @param effect_allele,other_allele,eaf names of the columns of the allele that `effect` is of, the other one, and the
#'   frequency of the first. With alleles, estimates are aligned to those of the first study that has the identifier;
#'   `NULL`: no alleles. `eaf` may be `NA` for files without.
#' @param sep the delimiter, found in the header by default; `" "` stands for any blanks.
#' @param studies labels of the studies; the names of `files`, or the names of the files, by default.
#' @param scheme `"stderr"` pools estimates weighted by their inverse variances, `"samplesize"` z values weighted by the
#'   roots of the sample sizes.
#' @param method,test,level,padj,threads,progbar see [rma_batch()].
#' @param genomic_control correct studies whose test statistics are inflated? One value, or one for each study.
#' @param ambiguous what is done with alleles that are the same on both strands (A/T, C/G): `"eaf"` uses them where
#'   frequencies of at most `maf` tell the strand and leaves them out elsewhere, `"keep"` trusts the letters, `"drop"`
#'   leaves them out.
#' @param maf the largest frequency of the rarer allele that tells the strand.
#' @param min_studies identifiers in fewer studies are not reported.
#' @param where a list of ranges by column, such as `list(INFO = c(0.3, 1))`: lines with other values, or none, are left
#'   out and counted. A file without the column is an error.
#' @param keep names of columns, such as chromosome and position, that are handed on as text from the first study that
#'   has the identifier.
#' @param out a file for the result, as text delimited by tabs (compressed if its name ends in `.gz`); `NULL` returns
#'   it.
#' @param folder a folder for the work, made if it is not there. With it the work can go on after it was stopped: call
#'   again with the same arguments. It is emptied at the end of what was written.
#' @param memory how many megabytes the work may take beyond R itself and a returned table. What needs more is done in
#'   parts in `folder`, or in a temporary one, which takes up to five times the size of the files.
#' @param restart `FALSE` begins anew in a `folder` that holds unfinished work.
#' @param ... not used.
#'
#' @return The data frame of class `metaparity_batch` that [rma_batch()] describes, in the order of first appearance
#'   (study, then line), with the columns of `keep`, `effect_allele`, `other_allele`, `eaf` (mean weighted by 1 /
#'   variance), `n`
#'   (their sum) and `direction`, a sign for each study, `"?"` where it has no estimate. Attributes: `studies`, a data
#'   frame with a row per study (`study`, `file`, `lines`, `used`, `filtered`, `problems`, `lambda`), `problems`
#'   (`study`, `line`, `reason`; of each study and reason the first thousand) and `few`, the number of identifiers in
#'   fewer than
#'   `min_studies` studies. With `out` the name of the file, invisibly, with the same attributes.
#'
#' @details Lines that cannot be used are counted and named, and one warning of class `metaparity_warning_lines` tells
#'   of them: lines with another number of fields than the header, quotes that are not closed within the line, values
#'   that are
#'   missing, no number or impossible, identifiers that stand on an earlier line, other alleles than before, strands
#'   that cannot be told. Empty lines and lines that begin with `##` above the header are none.
#'
#'   A returned table takes about 200 bytes an identifier beyond `memory`; with `out` none, but for `padj = "hommel"`,
#'   which needs all p values at once. Rows do not depend on `memory`, `threads` or compression. A condition of class
#'   `metaparity_progress` (fields `step`, `done`, `of`) is signalled after each study and part; nothing is printed
#'   unless `progbar`.
#'   Errors are of class `metaparity_error_input`: files that are not there or damaged, columns that a file lacks, an
#'   argument that cannot be.
#' @section Formula: `"samplesize"`: \eqn{Z = \sum z_i \sqrt{n_i} / \sqrt{\sum n_i}} with \eqn{z_i} from the p value
#'   and the sign of the effect (Willer et al. 2010), that is inverse-variance pooling of \eqn{z_i / \sqrt{n_i}} with
#'   variances
#'   \eqn{1 / n_i}, so that heterogeneity and random effects follow. Genomic control: \eqn{\lambda} is the median of
#'   \eqn{z_i^2} over 0.4549364; where it is above 1, standard errors grow by \eqn{\sqrt\lambda}, or z values shrink by
#'   it (Devlin & Roeder 1999).
#' @section In other software: METAL: `SCHEME STDERR` and `SCHEME SAMPLESIZE`, `GENOMICCONTROL ON`, `ANALYZE
#'   HETEROGENEITY`; METAL trusts the letters of ambiguous alleles, `ambiguous = "keep"`.
#' @references Willer CJ, Li Y, Abecasis GR (2010). METAL: fast and efficient meta-analysis of genomewide association
#'   scans. Bioinformatics 26, 2190-2191.
#'
#'   Devlin B, Roeder K (1999). Genomic control for association studies. Biometrics 55, 997-1004.
#' @examples
#' a <- data.frame(snp = c("rs1", "rs2"), A1 = c("A", "C"), A2 = c("G", "T"), b = 1:2 / 10, se = .1)
#' b <- data.frame(snp = c("rs2", "rs1"), A1 = c("A", "A"), A2 = c("G", "G"), b = .3, se = .2)
#' rma_scan(list(first = a, second = b), "snp", "b", effect_allele = "A1", other_allele = "A2")
#' file <- tempfile(fileext = ".csv")
#' write.csv(a, file, row.names = FALSE)
#' rma_scan(c(file, file), "snp", "b", studies = c("x", "y"))
#' @export
rma_scan <- function(files, id = "id", effect = "effect", se = "se", p = NULL, n = NULL, effect_allele = NULL,
                     other_allele = NULL, eaf = NULL, sep = NULL, studies = NULL, scheme = c("stderr", "samplesize"),
                     method = "EE", test = "z", level = 95, genomic_control = FALSE,
                     ambiguous = c("eaf", "keep", "drop"), maf = 0.4, min_studies = 1, where = NULL, keep = NULL,
                     out = NULL, folder = NULL, memory = 2000, restart = TRUE, padj = "BH", threads = 2,
                     progbar = interactive(), ...) {
  call <- match.call()
  check_given(files, "files", call)
  if (...length() > 0L) warn_unknown(dots_names(...), call)
  o <- batch_options(method, test, level, NULL, character(), padj, threads, progbar, "GEN", call)
  o$spec <- batch_spec(o, convention_spec("metafor", call), TRUE, FALSE, list(simple = TRUE, int.incl = TRUE))
  o$sample_size <- check_choice(first_of(scheme), c("stderr", "samplesize"), "scheme", call) == "samplesize"
  o$align <- !is.null(effect_allele) || !is.null(other_allele)
  o$ambiguous <- check_choice(first_of(ambiguous), c("eaf", "keep", "drop"), "ambiguous", call)
  o$maf <- check_number(maf, "maf", 0, 0.5, call)
  o$min_studies <- check_number(min_studies, "min_studies", 1, 1e6, call)
  o$memory <- 1e6 * check_number(memory, "memory", 1, 1e7, call)
  o$restart <- check_flag(restart, "restart", call)
  o$keep <- if (!is.null(keep)) check_vector_of_words(keep, "keep", call)
  o$out <- if (!is.null(out)) check_writable(plain_path(out, "out", call), "out", call)
  columns <- list(id = id, effect = effect, se = se, p = p, n = n, effect_allele = effect_allele,
                  other_allele = other_allele, eaf = eaf)
  o$has_n <- !is.null(n)
  o$has_eaf <- !is.null(eaf)
  sources <- scan_sources(files, studies, call)
  if (!is.null(o$out)) check_other_file(o$out, sources, call)
  sources <- scan_layouts(sources, columns, sep, where, o, call)
  o$genomic <- check_genomic(genomic_control, length(sources), call)
  o$folder <- if (!is.null(folder)) work_folder(folder, call)
  scan_all(sources, o, call)
}

check_other_file <- function(out, sources, call) {
  files <- vapply(sources, `[[`, "", "file")
  if (normalizePath(out, "/", FALSE) %in% normalizePath(files[!is.na(files)], "/", FALSE)) {
    abort_input("out", sprintf("must not be one of the files that are read: %s", describe(out)), call)
  }
}

first_of <- function(x) if (is.character(x) && length(x)) x[1L] else x

check_genomic <- function(x, k, call) {
  if (!is.logical(x) || anyNA(x) || !length(x) %in% c(1L, k)) {
    abort_input("genomic_control", sprintf("must be TRUE or FALSE, or one of them for each of %d studies, not %s", k,
                                           describe(x)), call)
  }
  rep_len(x, k)
}
