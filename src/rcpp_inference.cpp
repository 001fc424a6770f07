// Glue of the tests and predictions that start from a fit: Wald tests, cluster-robust variances, BLUPs.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/model/blup.hpp"
#include "core/model/gls_cases.hpp"
#include "core/model/sandwich.hpp"
#include "core/model/vif.hpp"
#include "core/model/wald.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

constexpr std::array<std::pair<const char*, SandwichType>, 6> kSandwiches{
    {{"CR0", SandwichType::CR0},
     {"CR1", SandwichType::CR1},
     {"CR1p", SandwichType::CR1p},
     {"CR1S", SandwichType::CR1S},
     {"CR2", SandwichType::CR2},
     {"CR3", SandwichType::CR3}}};

constexpr std::array<std::pair<const char*, CoefficientTest>, 5> kCoefficientTests{
    {{"z", CoefficientTest::Normal},
     {"naive-t", CoefficientTest::NaiveT},
     {"naive-tp", CoefficientTest::NaiveTp},
     {"Satterthwaite", CoefficientTest::Satterthwaite},
     {"saddlepoint", CoefficientTest::Saddlepoint}}};

constexpr std::array<std::pair<const char*, WaldTest>, 8> kWaldTests{
    {{"chi-sq", WaldTest::ChiSquare},
     {"Naive-F", WaldTest::NaiveF},
     {"Naive-Fp", WaldTest::NaiveFp},
     {"HTZ", WaldTest::Hotelling},
     {"HTA", WaldTest::HotellingA},
     {"HTB", WaldTest::HotellingB},
     {"EDF", WaldTest::EigenF},
     {"EDT", WaldTest::EigenT}}};

std::string word_of(const Rcpp::List& data, const char* name) {
  return Rcpp::as<std::string>(data[name]);
}

// data: list with yi, vi, X, weights, tau2, weighted, cluster (from 1), n, type.
// Of correlated estimates `marginal` has their variances in each cluster.
ClusterSandwich as_sandwich(const Rcpp::List& data) {
  const SandwichType type = match_choice(kSandwiches, word_of(data, "type").c_str(), "type");
  if (data.containsElementNamed("marginal")) {
    const Rcpp::NumericVector y = data["yi"];
    const Rcpp::NumericMatrix design = data["X"];
    const Rcpp::List marginal = data["marginal"];
    const std::vector<int> of = from_one(data["cluster"], "cluster");
    std::vector<Mat> blocks;
    for (R_xlen_t j = 0; j < marginal.size(); ++j)
      blocks.push_back(map_mat(Rcpp::NumericMatrix(VECTOR_ELT(marginal, j))));
    return ClusterSandwich(BlockSandwichData{map_vec(y), map_mat(design), of, blocks}, type);
  }
  const Rcpp::NumericVector yi = data["yi"], vi = data["vi"], weights = data["weights"];
  const Rcpp::NumericMatrix X = data["X"];
  const std::vector<int> cluster = from_one(data["cluster"], "cluster");
  return ClusterSandwich({map_vec(yi), map_vec(vi), map_mat(X), map_vec(weights), data["tau2"],
                          data["weighted"], cluster, data["n"]},
                         type);
}

RobustTests sandwich_tests(const Rcpp::List& data, const ClusterSandwich& s,
                           const Rcpp::NumericMatrix& L, const Rcpp::NumericVector& rhs) {
  return s.tests(map_mat(L), map_vec(rhs),
                 match_choice(kCoefficientTests, word_of(data, "coef_test").c_str(), "coef_test"),
                 match_choice(kWaldTests, word_of(data, "wald_test").c_str(), "wald_test"));
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_linear_tests(const Rcpp::NumericMatrix& L, const Rcpp::NumericVector& rhs,
                      const Rcpp::NumericVector& beta, const Rcpp::NumericMatrix& vb,
                      const Rcpp::NumericVector& ddf, double df2) {
  return run_core([&]() -> SEXP {
    const LinearTests t =
        linear_tests(map_mat(L), map_vec(rhs), map_vec(beta), map_mat(vb), map_vec(ddf), df2);
    return Rcpp::List::create(Rcpp::_["estimate"] = wrap_vec(t.estimate),
                              Rcpp::_["se"] = wrap_vec(t.se), Rcpp::_["zval"] = wrap_vec(t.stat),
                              Rcpp::_["pval"] = wrap_vec(t.pval), Rcpp::_["QM"] = na(t.QM),
                              Rcpp::_["QMp"] = na(t.QMp));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_sandwich(const Rcpp::List& data, const Rcpp::NumericMatrix& L,
                  const Rcpp::NumericVector& rhs) {
  return run_core([&]() -> SEXP {
    const ClusterSandwich s = as_sandwich(data);
    const RobustTests t = sandwich_tests(data, s, L, rhs);
    std::vector<std::string> seen;
    for (const Visible v : t.visible) {
      seen.push_back(v == Visible::All ? "all" : v == Visible::Part ? "part" : "none");
    }
    return Rcpp::List::create(Rcpp::_["vb"] = wrap_mat(s.vb()), Rcpp::_["ddf"] = wrap_vec(t.ddf),
                              Rcpp::_["pval"] = wrap_vec(t.pval), Rcpp::_["QM"] = na(t.QM),
                              Rcpp::_["df2"] = na(t.df2), Rcpp::_["visible"] = seen);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_vif(const Rcpp::NumericMatrix& vb, bool int_incl, const Rcpp::List& sets) {
  return run_core([&]() -> SEXP {
    auto columns = Rcpp::as<std::vector<std::vector<int>>>(sets);
    for (auto& set : columns) set = from_one(set, "btt");
    return wrap_vec(inflation_factors(map_mat(vb), int_incl, columns));
  });
}

// fit: list with yi, vi, X, beta, vb, tau2, ddf.
// [[Rcpp::export(rng = false)]]
SEXP cpp_blup(const Rcpp::List& fit, double level, bool random_only) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector yi = fit["yi"], vi = fit["vi"], beta = fit["beta"];
    const Rcpp::NumericMatrix X = fit["X"], vb = fit["vb"];
    check_lengths(yi.size(), vi.size(), X.nrow(), 0);
    const Blup b = blup(map_vec(yi), map_vec(vi), map_mat(X), map_vec(beta), map_mat(vb),
                        fit["tau2"], level, fit["ddf"], random_only);
    return Rcpp::List::create(Rcpp::_["pred"] = wrap_vec(b.pred), Rcpp::_["se"] = wrap_vec(b.se),
                              Rcpp::_["pi.lb"] = wrap_vec(b.pi_lb),
                              Rcpp::_["pi.ub"] = wrap_vec(b.pi_ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_case_statistics(const Rcpp::NumericVector& yi, const Rcpp::NumericMatrix& X,
                         const Rcpp::NumericMatrix& M, const Rcpp::NumericMatrix& W) {
  return run_core([&]() -> SEXP {
    check_lengths(yi.size(), M.nrow(), X.nrow(), W.nrow());
    const CaseStatistics c = W.nrow() > 0
                                 ? case_statistics(map_vec(yi), map_mat(X), map_mat(M), map_mat(W))
                                 : case_statistics(map_vec(yi), map_mat(X), map_mat(M));
    return Rcpp::List::create(
        Rcpp::_["fitted"] = wrap_vec(c.fitted), Rcpp::_["resid"] = wrap_vec(c.resid),
        Rcpp::_["se"] = wrap_vec(c.se), Rcpp::_["cholesky"] = wrap_vec(c.scaled),
        Rcpp::_["hat"] = wrap_vec(c.hat), Rcpp::_["vb"] = wrap_mat(c.vb),
        Rcpp::_["weight"] = wrap_vec(c.weight), Rcpp::_["hat_matrix"] = wrap_mat(c.hat_matrix),
        Rcpp::_["weight_matrix"] = wrap_mat(c.weight_matrix),
        Rcpp::_["residual_covariance"] = wrap_mat(c.residual_covariance));
  });
}

// M: the variances of independent estimates, or a matrix.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mean_covariance(const Rcpp::NumericMatrix& X, const Rcpp::NumericVector& M) {
  return run_core([&]() -> SEXP {
    if (!Rf_isMatrix(M)) {
      check_lengths(M.size(), M.size(), X.nrow(), 0);
      return wrap_mat(mean_covariance(map_mat(X), VecRef(map_vec(M))));
    }
    const Rcpp::NumericMatrix dense(M);
    check_lengths(dense.nrow(), dense.ncol(), X.nrow(), 0);
    return wrap_mat(mean_covariance(map_mat(X), MatRef(map_mat(dense))));
  });
}

// full, without: lists with beta and vb.
// [[Rcpp::export(rng = false)]]
SEXP cpp_deletion(double y, const Rcpp::NumericVector& x, double hat, const Rcpp::List& full,
                  const Rcpp::List& without, double variance, const Rcpp::NumericMatrix& vb_all) {
  const auto estimate = [](const Rcpp::List& fit) {
    const Rcpp::NumericVector beta = fit["beta"];
    const Rcpp::NumericMatrix vb = fit["vb"];
    return MeanEstimate{map_vec(beta), map_mat(vb)};
  };
  return run_core([&]() -> SEXP {
    const Deletion d =
        deletion(y, map_vec(x), hat, estimate(full), estimate(without), variance, map_mat(vb_all));
    Vec out(7 + d.dfbetas.size());
    out << d.resid, d.se, d.z, d.dffits, d.cook, d.cov_r, d.fit_shift, d.dfbetas;
    return wrap_vec(out);
  });
}
