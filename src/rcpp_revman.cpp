// Glue of Review Manager's outcomes.
#include "core/batch/revman.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, RevmanMeasure>, 8> kRevmanMeasures{
    {{"OR", RevmanMeasure::OR},
     {"RR", RevmanMeasure::RR},
     {"RD", RevmanMeasure::RD},
     {"PETO_OR", RevmanMeasure::Peto},
     {"OE", RevmanMeasure::OE},
     {"MD", RevmanMeasure::MD},
     {"SMD", RevmanMeasure::SMD},
     {"GIV", RevmanMeasure::Generic}}};

constexpr std::array<std::pair<const char*, RevmanMethod>, 3> kMethods{
    {{"MH", RevmanMethod::MH}, {"IV", RevmanMethod::IV}, {"PETO", RevmanMethod::Peto}}};

constexpr std::array<std::pair<const char*, RevmanTotals>, 3> kTotals{
    {{"YES", RevmanTotals::Yes}, {"SUB", RevmanTotals::Sub}, {"NO", RevmanTotals::No}}};

constexpr std::array<std::pair<const char*, RevmanTau2>, 2> kTau2{
    {{"DL", RevmanTau2::DL}, {"REML", RevmanTau2::REML}}};

template <class Table>
auto choice(const Table& table, const Rcpp::List& spec, const char* name) {
  const std::string word = Rcpp::as<std::string>(spec[name]);
  return match_choice(table, word.c_str(), name);
}

RevmanSpec as_revman_spec(const Rcpp::List& spec) {
  RevmanSpec out;
  out.measure = choice(kRevmanMeasures, spec, "measure");
  out.method = choice(kMethods, spec, "method");
  out.totals = choice(kTotals, spec, "totals");
  out.tau2 = choice(kTau2, spec, "tau2");
  out.random = spec["random"];
  out.hksj = spec["hksj"];
  out.i2_from_tau2 = spec["i2_from_tau2"];
  out.level_study = spec["level_study"];
  out.level_total = spec["level_total"];
  return out;
}

// One row per pooled result.
Rcpp::List wrap_pools(const std::vector<RevmanPool>& pools) {
  const auto numbers = [&](auto field) {
    Rcpp::NumericVector out(static_cast<R_xlen_t>(pools.size()));
    for (std::size_t i = 0; i < pools.size(); ++i) {
      out[static_cast<R_xlen_t>(i)] = na(static_cast<double>(pools[i].*field));
    }
    return out;
  };
  Rcpp::LogicalVector estimable(static_cast<R_xlen_t>(pools.size()));
  for (std::size_t i = 0; i < pools.size(); ++i) {
    estimable[static_cast<R_xlen_t>(i)] = pools[i].estimable;
  }
  return Rcpp::List::create(
      Rcpp::_["estimable"] = estimable, Rcpp::_["k"] = numbers(&RevmanPool::k),
      Rcpp::_["df"] = numbers(&RevmanPool::df), Rcpp::_["est"] = numbers(&RevmanPool::est),
      Rcpp::_["se"] = numbers(&RevmanPool::se), Rcpp::_["ci.lb"] = numbers(&RevmanPool::lb),
      Rcpp::_["ci.ub"] = numbers(&RevmanPool::ub), Rcpp::_["z"] = numbers(&RevmanPool::z),
      Rcpp::_["p"] = numbers(&RevmanPool::p), Rcpp::_["Q"] = numbers(&RevmanPool::Q),
      Rcpp::_["Qp"] = numbers(&RevmanPool::Qp), Rcpp::_["I2"] = numbers(&RevmanPool::I2),
      Rcpp::_["tau2"] = numbers(&RevmanPool::tau2), Rcpp::_["pi.lb"] = numbers(&RevmanPool::pi_lb),
      Rcpp::_["pi.ub"] = numbers(&RevmanPool::pi_ub),
      Rcpp::_["weight"] = numbers(&RevmanPool::weight));
}

}  // namespace

// rows: x1, n1, x2, n2, sd1, sd2 as the measure needs them; group: subgroups from 1, or none.
// [[Rcpp::export(rng = false)]]
SEXP cpp_revman_outcome(const Rcpp::List& rows, const Rcpp::IntegerVector& group,
                        const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    auto groups = Rcpp::as<std::vector<int>>(group);
    for (int& g : groups) --g;
    const RevmanRows data{column(rows, "x1"), column(rows, "x2"),  column(rows, "n1"),
                          column(rows, "n2"), column(rows, "sd1"), column(rows, "sd2")};
    const RevmanOutcome out = revman_outcome(data, groups, as_revman_spec(spec));
    const auto n = static_cast<R_xlen_t>(out.effects.size());
    Rcpp::NumericVector est(n), se(n);
    Rcpp::LogicalVector estimable(n);
    for (R_xlen_t i = 0; i < n; ++i) {
      const RevmanEffect& e = out.effects[static_cast<std::size_t>(i)];
      est[i] = na(e.est);
      se[i] = na(e.se);
      estimable[i] = e.estimable;
    }
    return Rcpp::List::create(
        Rcpp::_["rows"] = Rcpp::List::create(
            Rcpp::_["est"] = est, Rcpp::_["se"] = se, Rcpp::_["estimable"] = estimable,
            Rcpp::_["ci.lb"] = wrap_vec(out.lb), Rcpp::_["ci.ub"] = wrap_vec(out.ub),
            Rcpp::_["weight"] = wrap_vec(out.weight)),
        Rcpp::_["groups"] = wrap_pools(out.groups), Rcpp::_["total"] = wrap_pools({out.total}),
        Rcpp::_["between"] =
            Rcpp::List::create(Rcpp::_["Q"] = out.Qb, Rcpp::_["df"] = out.dfb,
                               Rcpp::_["p"] = na(out.Qbp), Rcpp::_["I2"] = out.I2b));
  });
}
