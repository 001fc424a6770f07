// Glue of the audit of printed numbers.
#include "core/bias/audit_pool.hpp"
#include "core/bias/audit_rows.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, AuditMeasure>, 29> kAuditMeasures{
    {{"OR", AuditMeasure::OR},
     {"RR", AuditMeasure::RR},
     {"RD", AuditMeasure::RD},
     {"PETO", AuditMeasure::Peto},
     {"MD", AuditMeasure::MD},
     {"MD.pooled", AuditMeasure::MDPooled},
     {"SMD.revman", AuditMeasure::SMDRevman},
     {"SMD.hedges", AuditMeasure::SMDHedges},
     {"SMD.cohen", AuditMeasure::SMDCohen},
     {"SMD.glass", AuditMeasure::SMDGlass},
     {"SMD.stata", AuditMeasure::SMDStata},
     {"SMD.approximate", AuditMeasure::SMDApproximate},
     {"SMD.borenstein", AuditMeasure::SMDBorenstein},
     {"SMD.unbiased", AuditMeasure::SMDUnbiased},
     {"SMD.plain", AuditMeasure::SMDPlain},
     {"SMD.glassg", AuditMeasure::SMDGlassG},
     {"SMD.average", AuditMeasure::SMDAverage},
     {"SMD.null", AuditMeasure::SMDNull},
     {"SMD.unequal", AuditMeasure::SMDUnequal},
     {"SMD.glassunequal", AuditMeasure::SMDGlassUnequal},
     {"OR.average", AuditMeasure::ORAverage},
     {"RR.average", AuditMeasure::RRAverage},
     {"RD.average", AuditMeasure::RDAverage},
     {"OR.null", AuditMeasure::ORNull},
     {"RR.null", AuditMeasure::RRNull},
     {"RD.null", AuditMeasure::RDNull},
     {"RD.unbiased", AuditMeasure::RDUnbiased},
     {"LOG", AuditMeasure::Log},
     {"LINEAR", AuditMeasure::Linear}}};

constexpr std::array<std::pair<const char*, AuditZero>, 4> kZeros{{{"only0", AuditZero::Only0},
                                                                   {"all", AuditZero::All},
                                                                   {"none", AuditZero::None},
                                                                   {"arms", AuditZero::ArmSize}}};

constexpr std::array<std::pair<const char*, AuditScale>, 5> kScales{
    {{"identity", AuditScale::Identity},
     {"log", AuditScale::Log},
     {"atanh", AuditScale::Atanh},
     {"logit", AuditScale::Logit},
     {"arcsine", AuditScale::Arcsine}}};

constexpr std::array<std::pair<const char*, Misprint>, 6> kMisprints{
    {{"sign", Misprint::Sign},
     {"point", Misprint::Point},
     {"swap", Misprint::Swap},
     {"digit", Misprint::Digit},
     {"reciprocal", Misprint::Reciprocal},
     {"", Misprint::None}}};

std::vector<PrintedRow> printed_rows(const Rcpp::List& rows) {
  const Vec est = column(rows, "est"), lb = column(rows, "lb"), ub = column(rows, "ub");
  const Vec d1 = column(rows, "est.digits"), d2 = column(rows, "lb.digits"),
            d3 = column(rows, "ub.digits");
  std::vector<PrintedRow> out;
  for (Index i = 0; i < est.size(); ++i) {
    out.push_back({est(i), lb(i), ub(i), static_cast<int>(d1(i)), static_cast<int>(d2(i)),
                   static_cast<int>(d3(i))});
  }
  return out;
}

const char* word_of(Misprint kind) {
  for (const auto& row : kMisprints) {
    if (row.second == kind) return row.first;
  }
  return "";
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_audit_effects(const Rcpp::List& data, const char* measure, const char* zero,
                       const Rcpp::NumericVector& critical) {
  return run_core([&]() -> SEXP {
    const AuditData rows{
        column(data, "x1"),           column(data, "n1"),       column(data, "sd1"),
        column(data, "x2"),           column(data, "n2"),       column(data, "sd2"),
        column(data, "x1.half"),      column(data, "sd1.half"), column(data, "x2.half"),
        column(data, "sd2.half"),     column(data, "average1"), column(data, "average2"),
        column(data, "average1.half")};
    const AuditBoxes out = audit_effects(rows, match_choice(kAuditMeasures, measure, "measure"),
                                         match_choice(kZeros, zero, "zero"), map_vec(critical));
    return Rcpp::List::create(
        Rcpp::_["est.lo"] = wrap_vec(out.est_lo), Rcpp::_["est.hi"] = wrap_vec(out.est_hi),
        Rcpp::_["lb.lo"] = wrap_vec(out.lb_lo), Rcpp::_["lb.hi"] = wrap_vec(out.lb_hi),
        Rcpp::_["ub.lo"] = wrap_vec(out.ub_lo), Rcpp::_["ub.hi"] = wrap_vec(out.ub_hi));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_audit_centred(const Rcpp::List& rows, const char* scale) {
  return run_core([&]() -> SEXP {
    const AuditScale on = match_choice(kScales, scale, "scale");
    const std::vector<PrintedRow> printed = printed_rows(rows);
    Rcpp::LogicalVector out(static_cast<R_xlen_t>(printed.size()));
    for (std::size_t i = 0; i < printed.size(); ++i)
      out[static_cast<R_xlen_t>(i)] = audit_centred(printed[i], on);
    return out;
  });
}

// One row per printed row and number: kind of misprint and the value that would agree.
// [[Rcpp::export(rng = false)]]
SEXP cpp_audit_repair(const Rcpp::List& rows, const char* scale) {
  return run_core([&]() -> SEXP {
    const AuditScale on = match_choice(kScales, scale, "scale");
    const std::vector<PrintedRow> printed = printed_rows(rows);
    const auto n = static_cast<int>(printed.size());
    Rcpp::NumericMatrix value(n, 3);
    Rcpp::CharacterMatrix kind(n, 3);
    for (int i = 0; i < n; ++i) {
      const RowRepair repair = audit_repair(printed[static_cast<std::size_t>(i)], on);
      int j = 0;
      for (const Repair& one : {repair.est, repair.lb, repair.ub}) {
        value(i, j) = na(one.value);
        kind(i, j++) = word_of(one.kind);
      }
    }
    return Rcpp::List::create(Rcpp::_["kind"] = kind, Rcpp::_["value"] = value);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_audit_pool(const Rcpp::List& box, const char* model, double level) {
  return run_core([&]() -> SEXP {
    const PoolBox rows{column(box, "y"), column(box, "y.half"), column(box, "s"),
                       column(box, "s.half")};
    const PoolRanges out = audit_pool(rows, tau2_method(model), level);
    Rcpp::CharacterVector names(kAuditQuantityCount);
    for (int i = 0; i < kAuditQuantityCount; ++i) names[i] = kAuditQuantities[i];
    return Rcpp::List::create(Rcpp::_["quantity"] = names, Rcpp::_["centre"] = wrap_vec(out.centre),
                              Rcpp::_["low"] = wrap_vec(out.low),
                              Rcpp::_["high"] = wrap_vec(out.high));
  });
}
