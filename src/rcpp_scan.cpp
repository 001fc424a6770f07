// Glue of summary statistics in files: a session lives behind an external pointer; bytes go in, columns come out.
#include <deque>

#include "core/batch/adjust_p.hpp"
#include "core/batch/scan_median.hpp"
#include "core/batch/scan_merge.hpp"
#include "core/batch/scan_session.hpp"
#include "core/batch/scan_text.hpp"
#include "core/batch/scan_write.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

using Session = Rcpp::XPtr<ScanSession>;

std::string_view bytes_of(const Rcpp::RawVector& x) {
  return {reinterpret_cast<const char*>(RAW(x)), static_cast<std::size_t>(x.size())};
}

SEXP utf8(std::string_view x) {
  return Rf_mkCharLenCE(x.data(), static_cast<int>(x.size()), CE_UTF8);
}

template <class At>
Rcpp::CharacterVector texts(std::size_t n, At&& at) {
  Rcpp::CharacterVector out(static_cast<R_xlen_t>(n));
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 100000 == 0) check_interrupt();
    SET_STRING_ELT(out, static_cast<R_xlen_t>(i), utf8(at(i)));
  }
  return out;
}

Palindromes as_palindromes(const std::string& name) {
  return match_choice(
      std::array<std::pair<const char*, Palindromes>, 3>{
          {{"eaf", Palindromes::Eaf}, {"keep", Palindromes::Keep}, {"drop", Palindromes::Drop}}},
      name.c_str(), "ambiguous");
}

AdjustRule as_adjust_rule(const std::string& name) {
  return match_choice(
      std::array<std::pair<const char*, AdjustRule>, 6>{{{"BH", AdjustRule::BH},
                                                         {"fdr", AdjustRule::BH},
                                                         {"BY", AdjustRule::BY},
                                                         {"hochberg", AdjustRule::Hochberg},
                                                         {"holm", AdjustRule::Holm},
                                                         {"bonferroni", AdjustRule::Bonferroni}}},
      name.c_str(), "padj");
}

// Columns are counted from 0; -1 stands for none.
ScanLayout as_layout(const Rcpp::List& x) {
  ScanLayout out;
  out.separator = Rcpp::as<std::string>(x["sep"])[0];
  out.fields = static_cast<std::size_t>(Rcpp::as<int>(x["fields"]));
  const Rcpp::IntegerVector column = x["column"];
  for (std::size_t i = 0; i < kScanRoles; ++i) out.column[i] = column[static_cast<R_xlen_t>(i)];
  out.keep = Rcpp::as<std::vector<int>>(x["keep"]);
  const Rcpp::IntegerVector filter = x["filter"];
  const Rcpp::NumericVector lower = x["lower"], upper = x["upper"];
  for (R_xlen_t i = 0; i < filter.size(); ++i)
    out.filters.push_back({filter[i], lower[i], upper[i]});
  out.sample_size = Rcpp::as<bool>(x["sample_size"]);
  return out;
}

// Text must be in UTF-8.
WrittenColumn as_written(SEXP x, R_xlen_t from, R_xlen_t rows) {
  WrittenColumn out;
  if (TYPEOF(x) == REALSXP) {
    out.numbers = REAL(x) + from;
    return out;
  }
  for (R_xlen_t i = from; i < from + rows; ++i) {
    const SEXP word = STRING_ELT(x, i);
    out.words.emplace_back(CHAR(word), static_cast<std::size_t>(LENGTH(word)));
  }
  return out;
}

// What the table has of some of its rows, counted from 1. `owned` keeps what it makes.
WrittenColumn as_written(const ScanTable& t, const std::string& name, const int* rows,
                         std::size_t n, std::deque<std::string>& owned) {
  WrittenColumn out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t row = static_cast<std::size_t>(rows[i]) - 1;
    if (name == "direction") {
      owned.push_back(t.direction(row));
      out.words.emplace_back(owned.back());
    } else {
      out.words.push_back(name == "outcome"         ? t.id(row)
                          : name == "keep"          ? t.keep(row)
                          : name == "effect_allele" ? std::string_view(t.effect_allele(row))
                                                    : std::string_view(t.other_allele(row)));
    }
  }
  return out;
}

}  // namespace

// sep: "" finds it.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_header(const Rcpp::RawVector& bytes, const std::string& sep) {
  return run_core([&]() -> SEXP {
    const ScanHeader h = scan_header(bytes_of(bytes), sep.empty() ? '\0' : sep[0]);
    return Rcpp::List::create(
        Rcpp::_["names"] = texts(h.names.size(), [&](std::size_t i) { return h.names[i]; }),
        Rcpp::_["sep"] = std::string(1, h.separator),
        Rcpp::_["bytes"] = static_cast<double>(h.bytes),
        Rcpp::_["lines"] = static_cast<double>(h.lines));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_session(const Rcpp::List& rules) {
  return run_core([&]() -> SEXP {
    ScanRules out;
    out.studies = Rcpp::as<int>(rules["studies"]);
    out.parts = Rcpp::as<int>(rules["parts"]);
    out.alleles.align = Rcpp::as<bool>(rules["align"]);
    out.alleles.palindromes = as_palindromes(Rcpp::as<std::string>(rules["ambiguous"]));
    out.alleles.maf = Rcpp::as<double>(rules["maf"]);
    out.keeps = Rcpp::as<bool>(rules["keeps"]);
    out.threads = Rcpp::as<int>(rules["threads"]);
    return Session(new ScanSession(out), true);
  });
}

// study: from 0; line: the number of the first line of data.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_begin(SEXP session, int study, const Rcpp::List& layout, double line) {
  return run_core([&]() -> SEXP {
    Session(session)->begin(study, as_layout(layout), static_cast<std::int64_t>(line));
    return R_NilValue;
  });
}

// The bytes behind the first `from`; bytes that the session holds, bytes that wait for fetching, rows.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_feed(SEXP session, const Rcpp::RawVector& bytes, double from) {
  return run_core([&]() -> SEXP {
    const Session s(session);
    s->feed(bytes_of(bytes).substr(static_cast<std::size_t>(from)));
    return Rcpp::NumericVector::create(static_cast<double>(s->bytes()),
                                       static_cast<double>(s->waiting()),
                                       static_cast<double>(s->table().rows()));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_end(SEXP session) {
  return run_core([&]() -> SEXP {
    const ScanTotals t = Session(session)->end();
    return Rcpp::NumericVector::create(Rcpp::_["lines"] = static_cast<double>(t.lines),
                                       Rcpp::_["records"] = static_cast<double>(t.records),
                                       Rcpp::_["filtered"] = static_cast<double>(t.filtered),
                                       Rcpp::_["lambda"] = t.inflation);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_fetch(SEXP session) {
  return run_core([&]() -> SEXP {
    const std::vector<std::string> parts = Session(session)->fetch_parts();
    Rcpp::List out(static_cast<R_xlen_t>(parts.size()));
    for (std::size_t i = 0; i < parts.size(); ++i)
      out[static_cast<R_xlen_t>(i)] = Rcpp::RawVector(parts[i].begin(), parts[i].end());
    return out;
  });
}

// The bytes behind the records that are whole.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_part(SEXP session, int study, const Rcpp::RawVector& bytes) {
  return run_core([&]() -> SEXP {
    const std::string_view all = bytes_of(bytes);
    const std::string_view rest = all.substr(Session(session)->read_part(study, all));
    return Rcpp::RawVector(rest.begin(), rest.end());
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_median(double n) {
  return run_core([&]() -> SEXP {
    return Rcpp::XPtr<StreamedMedian>(new StreamedMedian(static_cast<std::int64_t>(n)), true);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_median_feed(SEXP median, const Rcpp::NumericVector& x) {
  return run_core([&]() -> SEXP {
    Rcpp::XPtr<StreamedMedian>(median)->feed(x.begin(), static_cast<std::size_t>(x.size()));
    return R_NilValue;
  });
}

// What squared z values are inflated by; NULL where they are to be fed again.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_median_end(SEXP median) {
  return run_core([&]() -> SEXP {
    const Rcpp::XPtr<StreamedMedian> m(median);
    if (!m->end_pass()) return R_NilValue;
    return Rcpp::wrap(genomic_inflation(m->median()));
  });
}

// The numbers of the joined table; inflation: a factor for each study.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_numbers(SEXP session, const std::vector<double>& inflation, bool sample_size) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const Session s(session);
    const ScanTable& t = s->table();
    Rcpp::NumericVector place(static_cast<R_xlen_t>(t.rows()));
    for (std::size_t i = 0; i < t.rows(); ++i) place[static_cast<R_xlen_t>(i)] = t.place(i);
    return Rcpp::List::create(_["place"] = place, _["yi"] = wrap_mat(t.yi(inflation, sample_size)),
                              _["vi"] = wrap_mat(t.vi(inflation, sample_size)),
                              _["n"] = wrap_vec(t.n()), _["eaf"] = wrap_vec(t.eaf()));
  });
}

// The text of the joined table. The session begins a new one.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_texts(SEXP session) {
  return run_core([&]() -> SEXP {
    using Rcpp::_;
    const Session s(session);
    const ScanTable& t = s->table();
    const std::size_t n = t.rows();
    Rcpp::List out = Rcpp::List::create(
        _["id"] = texts(n, [&](std::size_t i) { return t.id(i); }),
        _["direction"] = texts(n, [&](std::size_t i) { return t.direction(i); }));
    if (t.aligned()) {
      out["effect_allele"] =
          texts(n, [&](std::size_t i) { return std::string_view(t.effect_allele(i)); });
      out["other_allele"] =
          texts(n, [&](std::size_t i) { return std::string_view(t.other_allele(i)); });
    }
    if (t.keeps()) out["keep"] = texts(n, [&](std::size_t i) { return t.keep(i); });
    s->new_table();
    return out;
  });
}

// Counts of all problems, a row a kind and a column a study; the first thousand of each, named. The session forgets them.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_problems(SEXP session) {
  return run_core([&]() -> SEXP {
    const ScanLedger found = Session(session)->take_problems();
    const R_xlen_t n = static_cast<R_xlen_t>(found.named.size());
    Rcpp::IntegerVector study(n), fault(n);
    Rcpp::NumericVector line(n);
    for (R_xlen_t i = 0; i < n; ++i) {
      const StudyProblem& p = found.named[static_cast<std::size_t>(i)];
      study[i] = p.study + 1;
      fault[i] = static_cast<int>(p.what.fault) + 1;
      line[i] = static_cast<double>(p.what.line);
    }
    Rcpp::NumericMatrix counts(static_cast<int>(kScanFaults),
                               static_cast<int>(found.counts.size() / kScanFaults));
    std::copy(found.counts.begin(), found.counts.end(), counts.begin());
    return Rcpp::List::create(Rcpp::_["study"] = study, Rcpp::_["line"] = line,
                              Rcpp::_["fault"] = fault, Rcpp::_["counts"] = counts);
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_scan_faults() {
  return texts(kScanFaults, [](std::size_t i) {
    return std::string_view(scan_fault_name(static_cast<ScanFault>(i)));
  });
}

// Rows of doubles and text as bytes; the first is counted from 0.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_write(const Rcpp::List& columns, double from, double rows, int threads) {
  return run_core([&]() -> SEXP {
    std::vector<WrittenColumn> out;
    for (R_xlen_t j = 0; j < columns.size(); ++j)
      out.push_back(
          as_written(columns[j], static_cast<R_xlen_t>(from), static_cast<R_xlen_t>(rows)));
    const std::string text = write_lines(out, static_cast<Index>(rows), threads);
    return Rcpp::RawVector(text.begin(), text.end());
  });
}

// Lines of some rows of the session's table, counted from 1. columns: doubles and text of these rows; NULL for what the
// table has under the name.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_lines(SEXP session, const Rcpp::List& columns, const Rcpp::IntegerVector& rows,
                    double from, double n, int threads) {
  return run_core([&]() -> SEXP {
    const Session s(session);
    const auto first = static_cast<R_xlen_t>(from), size = static_cast<R_xlen_t>(n);
    const std::vector<std::string> names = columns.names();
    std::deque<std::string> owned;
    std::vector<WrittenColumn> out;
    for (R_xlen_t j = 0; j < columns.size(); ++j) {
      const std::string& name = names[static_cast<std::size_t>(j)];
      out.push_back(Rf_isNull(columns[j]) ? as_written(s->table(), name, rows.begin() + first,
                                                       static_cast<std::size_t>(size), owned)
                                          : as_written(columns[j], first, size));
    }
    const std::string text = write_lines(out, static_cast<Index>(size), threads);
    return Rcpp::RawVector(text.begin(), text.end());
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_merge(int parts, int column) {
  return run_core(
      [&]() -> SEXP { return Rcpp::XPtr<ScanMerge>(new ScanMerge(parts, column), true); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_merge_feed(SEXP merge, int part, const std::vector<double>& places,
                         const std::vector<double>& added, const Rcpp::RawVector& lines) {
  return run_core([&]() -> SEXP {
    Rcpp::XPtr<ScanMerge>(merge)->feed(part, {places, added, std::string(bytes_of(lines))});
    return R_NilValue;
  });
}

// Lines, and the part that lacks more of them, or -1.
// [[Rcpp::export(rng = false)]]
SEXP cpp_scan_merge_next(SEXP merge) {
  return run_core([&]() -> SEXP {
    std::string out;
    const int part = Rcpp::XPtr<ScanMerge>(merge)->next(out);
    return Rcpp::List::create(Rcpp::_["lines"] = Rcpp::RawVector(out.begin(), out.end()),
                              Rcpp::_["part"] = part);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_adjust_p(const Rcpp::NumericVector& p, const std::string& rule) {
  return run_core([&]() -> SEXP { return wrap_vec(adjust_p(map_vec(p), as_adjust_rule(rule))); });
}

// n: of all p values; ranges of them are adjusted one after the other.
// [[Rcpp::export(rng = false)]]
SEXP cpp_adjuster(double n, const std::string& rule) {
  return run_core([&]() -> SEXP {
    return Rcpp::XPtr<PAdjuster>(new PAdjuster(as_adjust_rule(rule), n), true);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_adjust_range(SEXP adjuster, const Rcpp::NumericVector& p) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(Rcpp::XPtr<PAdjuster>(adjuster)->adjust(map_vec(p))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_adjust_equal(SEXP adjuster, double p, double times) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(Rcpp::XPtr<PAdjuster>(adjuster)->adjust_equal(p, times));
  });
}
