// Glue of absolute effects and what a summary of findings computes.
#include "core/effect/absolute_risk.hpp"
#include "core/model/heterogeneity.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, RiskMeasure>, 5> kMeasures{{{"OR", RiskMeasure::OR},
                                                                        {"RR", RiskMeasure::RR},
                                                                        {"HR", RiskMeasure::HR},
                                                                        {"RD", RiskMeasure::RD},
                                                                        {"IRR", RiskMeasure::IRR}}};

}  // namespace

// Rows of equal length.
// [[Rcpp::export(rng = false)]]
SEXP cpp_corresponding_risk(const Rcpp::NumericVector& risk, const Rcpp::NumericVector& effect,
                            const Rcpp::CharacterVector& measure) {
  return run_core([&]() -> SEXP {
    Rcpp::NumericVector out(risk.size());
    for (R_xlen_t i = 0; i < out.size(); ++i) {
      out[i] = na(
          corresponding_risk(risk[i], effect[i], match_choice(kMeasures, measure[i], "measure")));
    }
    return out;
  });
}

// kind "risks": two risks; "means": the difference in standard deviations; "hazards": the ratio, in events.
// [[Rcpp::export(rng = false)]]
SEXP cpp_information_size(const char* kind, double first, double second) {
  return run_core([&]() -> SEXP {
    const std::string word(kind);
    return Rcpp::wrap(na(word == "risks"   ? size_of_risks(first, second)
                         : word == "means" ? size_of_means(first)
                                           : events_of_hazards(first)));
  });
}

// I2 in percent of estimates with covariances V, whose true effects vary by `between` on average.
// [[Rcpp::export(rng = false)]]
SEXP cpp_typical_i2(double between, const Rcpp::NumericMatrix& V, const Rcpp::NumericMatrix& X) {
  return run_core([&]() -> SEXP {
    const double typical = typical_variance(map_mat(V), map_mat(X));
    return Rcpp::wrap(na(heterogeneity_from_tau2(between, typical).I2));
  });
}
