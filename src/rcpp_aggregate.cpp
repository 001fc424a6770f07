// Glue of aggregate(): rows with their clusters in, one estimate per cluster out.
#include "core/aggregate.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

static ErrorStructure as_structure(const std::string& name) {
  if (name == "ID") return ErrorStructure::ID;
  if (name == "CS") return ErrorStructure::CS;
  if (name == "CAR") return ErrorStructure::CAR;
  if (name == "CS+CAR") return ErrorStructure::CSPlusCAR;
  return name == "CS*CAR" ? ErrorStructure::CSTimesCAR : ErrorStructure::Given;
}

static Rcpp::IntegerVector from_one(const std::vector<int>& x) {
  Rcpp::IntegerVector out(x.begin(), x.end());
  for (auto& i : out) ++i;
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_aggregate(Rcpp::NumericVector yi, Rcpp::NumericVector vi, std::vector<int> cluster,
                   int n_clusters, Rcpp::List model) {
  return run_core([&]() -> SEXP {
    for (int& c : cluster) --c;
    const Rcpp::NumericMatrix V = model["V"];
    const Rcpp::NumericVector rho = model["rho"], phi = model["phi"], time = model["time"],
                              obs = model["obs"];
    const ErrorModel m{as_structure(Rcpp::as<std::string>(model["struct"])),
                       map_vec(rho),
                       map_vec(phi),
                       map_vec(time),
                       map_vec(obs),
                       map_mat(V),
                       Rcpp::as<bool>(model["weighted"])};
    const Aggregated a = aggregate_clusters(map_vec(yi), map_vec(vi), cluster, n_clusters, m);
    return Rcpp::List::create(Rcpp::_["yi"] = wrap_vec(a.yi), Rcpp::_["vi"] = wrap_vec(a.vi),
                              Rcpp::_["not_positive"] = from_one(a.not_positive),
                              Rcpp::_["singular"] = from_one(a.singular));
  });
}
