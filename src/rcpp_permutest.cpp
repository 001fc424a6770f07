#include "core/permutest.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

// data: list with yi, vi, X, weights, spec, exact and two halves of the seed.
PermutationTester as_tester(const Rcpp::List& data) {
  const Rcpp::NumericVector yi = data["yi"], vi = data["vi"], weights = data["weights"],
                            seed = data["seed"];
  const Rcpp::NumericMatrix X = data["X"];
  const auto half = [&](int i) { return static_cast<std::uint64_t>(seed[i]); };
  return PermutationTester({map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights)},
                           as_model_spec(data["spec"]), {data["exact"], half(0) << 31 | half(1)});
}

}  // namespace

// [[Rcpp::export(rng = false)]]
double cpp_count_permutations(const Rcpp::NumericMatrix& X, bool signs) {
  return count_permutations(map_mat(X), signs);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_permutest(const Rcpp::List& data, double from, int n, int threads) {
  return run_core([&]() -> SEXP {
    const PermutationTester tester = as_tester(data);
    const Rcpp::NumericVector yi = data["yi"];
    const PermutationFits f = tester.fits(Vec::Zero(yi.size()), from, n, threads);
    return Rcpp::List::create(Rcpp::_["zval"] = wrap_mat(f.zval),
                              Rcpp::_["beta"] = wrap_mat(f.beta), Rcpp::_["QM"] = wrap_vec(f.QM));
  });
}

// search: tail, start, reach, slack.
// [[Rcpp::export(rng = false)]]
SEXP cpp_permutation_end(const Rcpp::List& data, int j, bool upper,
                         const Rcpp::NumericVector& search, int n, int threads) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(na(as_tester(data).interval_end(j - 1, upper, search[0], search[1], search[2],
                                                      search[3], n, threads)));
  });
}
