// Glue of multivariate meta-analysis in Stata's way: estimates by study and outcome in, lists of numbers out.
#include "core/stata/mvmeta.hpp"
#include "core/stata/mvmeta_moments.hpp"
#include "core/stata/mvmeta_ranks.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;
using Rcpp::_;

namespace {

Mat matrix_of(SEXP x) {
  if (Rf_isNull(x)) return Mat();
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_mat(real);
}

Vec vector_of(SEXP x) {
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_vec(real);
}

MvmetaData data_of(SEXP in) {
  MvmetaData out;
  out.outcomes = Rcpp::as<int>(element(in, "outcomes"));
  out.y = vector_of(element(in, "y"));
  out.X = matrix_of(element(in, "X"));
  out.S = matrix_of(element(in, "S"));
  return out;
}

Rcpp::List wrap_matrices(const std::vector<Mat>& in) {
  Rcpp::List out(static_cast<R_xlen_t>(in.size()));
  for (std::size_t i = 0; i < in.size(); ++i) out[static_cast<R_xlen_t>(i)] = wrap_mat(in[i]);
  return out;
}

Rcpp::List wrap_moments(const MvmetaMoments& m) {
  return Rcpp::List::create(_["raw"] = wrap_mat(m.raw), _["Sigma"] = wrap_mat(m.Sigma),
                            _["negative"] = m.negative);
}

}  // namespace

// data: outcomes, y, X, S. form: kind, known. spec: restricted, overall.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mvmeta(SEXP data, SEXP form, SEXP spec) {
  return run_core([&]() -> SEXP {
    const MvmetaData d = data_of(data);
    const SigmaForm shape(sigma_kind(Rcpp::as<std::string>(element(form, "kind"))), d.outcomes,
                          matrix_of(element(form, "known")));
    const MvmetaSpec how{Rcpp::as<bool>(element(spec, "restricted")),
                         Rcpp::as<bool>(element(spec, "overall"))};
    const MvmetaFit f = fit_mvmeta(d, shape, how);
    return Rcpp::List::create(
        _["beta"] = wrap_vec(f.beta), _["theta"] = wrap_vec(f.theta),
        _["Sigma"] = wrap_mat(f.Sigma), _["vb"] = wrap_mat(f.vb), _["slopes"] = wrap_mat(f.slopes),
        _["vb_full"] = wrap_mat(f.vb_full), _["ll"] = na(f.ll), _["iterations"] = f.iterations,
        _["maxima"] = f.maxima, _["converged"] = f.converged, _["flat"] = f.flat);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mvmeta_moments(SEXP data, bool matrix) {
  return run_core([&]() -> SEXP {
    const MvmetaData d = data_of(data);
    return wrap_moments(matrix ? mvmeta_moments_matrix(d) : mvmeta_moments_each(d));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mvmeta_typical(SEXP data) {
  return run_core([&]() -> SEXP { return wrap_vec(mvmeta_typical(data_of(data))); });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mvmeta_weights(SEXP data, const Rcpp::NumericMatrix& Sigma) {
  return run_core([&]() -> SEXP {
    const MvmetaWeights w = mvmeta_weights(data_of(data), map_mat(Sigma));
    return Rcpp::List::create(_["information"] = wrap_matrices(w.information),
                              _["coefficients"] = wrap_mat(w.coefficients));
  });
}

// designs: a list of matrices, a row for each predictor. how: reps, seed, smallest, zero.
// [[Rcpp::export(rng = false)]]
SEXP cpp_rank_counts(const Rcpp::NumericVector& beta, const Rcpp::NumericMatrix& vb, SEXP designs,
                     SEXP spread, SEXP how) {
  return run_core([&]() -> SEXP {
    std::vector<Mat> rows;
    for (R_xlen_t i = 0; i < Rf_xlength(designs); ++i)
      rows.push_back(matrix_of(VECTOR_ELT(designs, i)));
    RankDraws draws;
    draws.reps = Rcpp::as<int>(element(how, "reps"));
    draws.seed = static_cast<std::uint64_t>(Rcpp::as<double>(element(how, "seed")));
    draws.smallest = Rcpp::as<bool>(element(how, "smallest"));
    draws.zero = Rcpp::as<bool>(element(how, "zero"));
    return wrap_matrices(rank_counts(map_vec(beta), map_mat(vb), rows, matrix_of(spread), draws));
  });
}
