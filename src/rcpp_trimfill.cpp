#include "core/trimfill.hpp"

#include <cmath>
#include <string>

#include "core/random_effects.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

TrimEstimator estimator_of(const std::string& name) {
  if (name == "L0") return TrimEstimator::L0;
  if (name == "R0") return TrimEstimator::R0;
  return TrimEstimator::Q0;
}

TrimSide side_of(const std::string& name) {
  if (name == "left") return TrimSide::Left;
  return name == "right" ? TrimSide::Right : TrimSide::Auto;
}

Rcpp::List wrap_steps(const std::vector<TrimStep>& steps) {
  const auto n = static_cast<int>(steps.size());
  Rcpp::NumericVector estimate(n), rank_sum(n), change(n);
  Rcpp::IntegerVector k0(n);
  for (int i = 0; i < n; ++i) {
    const TrimStep& step = steps[static_cast<std::size_t>(i)];
    estimate[i] = step.estimate;
    rank_sum[i] = step.rank_sum;
    change[i] = step.rank_change;
    k0[i] = step.k0;
  }
  // Built by hand: DataFrame::create() calls back into R and takes longer than the analysis.
  using Rcpp::_;
  Rcpp::List out = Rcpp::List::create(_["estimate"] = estimate, _["Tn"] = rank_sum, _["k0"] = k0,
                                      _["diff"] = change);
  out.attr("row.names") = Rcpp::IntegerVector::create(NA_INTEGER, -n);
  out.attr("class") = "data.frame";
  return out;
}

Rcpp::List wrap_trimfill(const TrimFill& r) {
  using Rcpp::_;
  Rcpp::IntegerVector source(r.source.begin(), r.source.end());
  for (auto& row : source) ++row;
  return Rcpp::List::create(_["k0"] = r.k0, _["se.k0"] = na(r.se_k0), _["p.k0"] = na(r.p_k0),
                            _["side"] = r.side == TrimSide::Right ? "right" : "left",
                            _["centre"] = r.centre, _["yi"] = wrap_vec(r.filled_yi),
                            _["source"] = source, _["steps"] = wrap_steps(r.steps),
                            _["converged"] = r.converged, _["cycle"] = Rcpp::wrap(r.cycle));
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_trimfill(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                  const Rcpp::NumericVector& weights, const Rcpp::List& model,
                  const Rcpp::List& options) {
  return run_core([&]() -> SEXP {
    TrimFillSpec spec;
    spec.estimator = estimator_of(Rcpp::as<std::string>(options["estimator"]));
    spec.side = side_of(Rcpp::as<std::string>(options["side"]));
    spec.maxiter = Rcpp::as<int>(options["maxiter"]);
    const Rcpp::NumericVector limits = options["ilim"];
    spec.limits = {limits[0], limits[1]};
    return wrap_trimfill(
        trim_and_fill(map_vec(yi), map_vec(vi), map_vec(weights), as_model_spec(model), spec));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_metatrim(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                  const std::string& estimator, bool flip, const Rcpp::List& model) {
  return run_core([&]() -> SEXP {
    return wrap_trimfill(trim_and_fill(map_vec(yi), map_vec(vi), Vec(), as_model_spec(model),
                                       metatrim_spec(estimator_of(estimator), flip)));
  });
}
