// Glue of multilevel and multivariate models: a list of y, X, V and terms in, lists of numbers out.
#include "core/model/great_circle.hpp"
#include "core/model/mv_deletion.hpp"
#include "core/model/mv_effects.hpp"
#include "core/model/mv_kenward_roger.hpp"
#include "core/model/mv_small_sample.hpp"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

Vec vec_of(SEXP x) {
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_vec(real);
}

Mat mat_of(SEXP x) {
  if (Rf_isNull(x)) return Mat();
  const Rcpp::Shield<SEXP> real(as_real(x));
  return real_mat(real);
}

IndexVec index_of(SEXP x) {
  if (Rf_isNull(x)) return {};
  const Rcpp::IntegerVector in(x);
  IndexVec out;
  out.reserve(static_cast<std::size_t>(in.size()));
  for (int i : in) out.push_back(static_cast<Index>(i) - 1);
  return out;
}

MvTerm as_term(SEXP in) {
  MvTerm t;
  t.structure = mv_struct(Rcpp::as<std::string>(element(in, "struct")));
  t.inner = index_of(element(in, "inner"));
  t.outer = index_of(element(in, "outer"));
  t.levels = Rcpp::as<int>(element(in, "levels"));
  t.design = mat_of(element(in, "design"));
  t.distance = mat_of(element(in, "distance"));
  t.known = mat_of(element(in, "known"));
  t.tau2 = vec_of(element(in, "tau2"));
  t.rho = vec_of(element(in, "rho"));
  t.tau2_start = vec_of(element(in, "tau2.init"));
  t.rho_start = vec_of(element(in, "rho.init"));
  return t;
}

// An element of a list that must be there; what was overwritten may be no list.
SEXP part_of(SEXP list, R_xlen_t i) {
  if (TYPEOF(list) != VECSXP || i >= Rf_xlength(list))
    throw InvalidInput("x", "is damaged: a part of its `mv` is missing");
  return VECTOR_ELT(list, i);
}

// V: variances, or a list of `blocks` with the `rows` of each.
SamplingV as_sampling(SEXP in) {
  SamplingV out;
  out.diagonal = vec_of(element(in, "vi"));
  SEXP blocks = element(in, "blocks");
  if (Rf_isNull(blocks)) return out;
  SEXP rows = element(in, "rows");
  for (R_xlen_t b = 0; b < Rf_xlength(blocks); ++b) {
    out.blocks.push_back(mat_of(part_of(blocks, b)));
    out.rows.push_back(index_of(part_of(rows, b)));
  }
  return out;
}

MvModel as_model(SEXP in) {
  MvModel out;
  out.y = vec_of(element(in, "yi"));
  out.X = mat_of(element(in, "X"));
  out.V = as_sampling(in);
  SEXP terms = element(in, "terms");
  for (R_xlen_t t = 0; t < Rf_xlength(terms); ++t) out.terms.push_back(as_term(part_of(terms, t)));
  SEXP weights = element(in, "W");
  if (!Rf_isNull(weights)) out.weights = mat_of(weights);
  SEXP beta = element(in, "beta");
  if (!Rf_isNull(beta)) out.beta = vec_of(beta);
  out.ties = index_of(element(in, "ties"));
  check_mv_model(out);
  return out;
}

MvSpec as_spec(SEXP in) {
  MvSpec out;
  out.restricted = Rcpp::as<bool>(element(in, "restricted"));
  out.reml_design = Rcpp::as<bool>(element(in, "reml_design"));
  out.vcov = Rcpp::as<bool>(element(in, "vcov"));
  out.covariances = Rcpp::as<bool>(element(in, "covariances"));
  out.many_starts = Rcpp::as<bool>(element(in, "many_starts"));
  return out;
}

Rcpp::List wrap_vecs(const std::vector<Vec>& in) {
  Rcpp::List out(static_cast<R_xlen_t>(in.size()));
  for (std::size_t i = 0; i < in.size(); ++i) out[static_cast<R_xlen_t>(i)] = wrap_vec(in[i]);
  return out;
}

Rcpp::List wrap_mats(const std::vector<Mat>& in) {
  Rcpp::List out(static_cast<R_xlen_t>(in.size()));
  for (std::size_t i = 0; i < in.size(); ++i) out[static_cast<R_xlen_t>(i)] = wrap_mat(in[i]);
  return out;
}

std::vector<Vec> vecs_of(SEXP in) {
  std::vector<Vec> out;
  for (R_xlen_t i = 0; i < Rf_xlength(in); ++i) out.push_back(vec_of(part_of(in, i)));
  return out;
}

// A model at values of its components.
struct MvAt {
  MvModel model;
  std::vector<Vec> tau2, rho;
};

MvAt as_model_at(SEXP model, SEXP tau2, SEXP rho) {
  MvAt out{as_model(model), vecs_of(tau2), vecs_of(rho)};
  check_mv_values(out.model, out.tau2, out.rho);
  return out;
}

Rcpp::IntegerVector wrap_rows(const IndexVec& rows) {
  Rcpp::IntegerVector out(static_cast<R_xlen_t>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    out[static_cast<R_xlen_t>(i)] = static_cast<int>(rows[i]) + 1;
  return out;
}

Rcpp::List wrap_mv(const MvFit& f) {
  using Rcpp::_;
  return Rcpp::List::create(
      _["tau2"] = wrap_vecs(f.tau2), _["rho"] = wrap_vecs(f.rho), _["G"] = wrap_mats(f.G),
      _["beta"] = wrap_vec(f.beta), _["vb"] = wrap_mat(f.vb), _["QE"] = na(f.QE),
      _["ML"] = wrap_stats(f.of_ml), _["REML"] = wrap_stats(f.of_reml),
      _["information"] =
          f.information.size() > 0 ? Rcpp::wrap(wrap_mat(f.information)) : R_NilValue,
      _["iterations"] = f.iterations, _["starts"] = f.starts, _["maxima"] = f.maxima,
      _["second"] = f.second, _["settled"] = f.settled, _["endless"] = f.endless,
      _["idle"] = Rcpp::LogicalVector(f.idle.begin(), f.idle.end()),
      _["flat"] = Rcpp::LogicalVector(f.flat.begin(), f.flat.end()));
}

}  // namespace

// model: yi, X, vi, blocks, rows, terms, W. spec: of MvSpec.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv(SEXP model, SEXP spec) {
  return run_core([&]() -> SEXP { return wrap_mv(fit_mv(as_model(model), as_spec(spec))); });
}

// Degrees of freedom of the coefficients at a fit.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_satterthwaite(SEXP model, SEXP tau2, SEXP rho, bool restricted) {
  return run_core([&]() -> SEXP {
    const MvAt m = as_model_at(model, tau2, rho);
    return wrap_vec(mv_satterthwaite(m.model, m.tau2, m.rho, restricted));
  });
}

// Kenward and Roger's variances at a fit, and what their tests need; NULL where no component is free.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_kenward_roger(SEXP model, SEXP tau2, SEXP rho) {
  return run_core([&]() -> SEXP {
    const MvAt m = as_model_at(model, tau2, rho);
    const MvKenwardRoger k = mv_kenward_roger(m.model, m.tau2, m.rho);
    if (!k.valid) return R_NilValue;
    return Rcpp::List::create(Rcpp::_["plain"] = wrap_mat(k.plain), Rcpp::_["vb"] = wrap_mat(k.vb),
                              Rcpp::_["variance"] = wrap_mat(k.variance),
                              Rcpp::_["slopes"] = wrap_mats(k.slopes));
  });
}

// Degrees of freedom and scale of the test of the rows of L: of each row, and of all.
// [[Rcpp::export(rng = false)]]
SEXP cpp_kenward_roger_test(SEXP parts, const Rcpp::NumericMatrix& L) {
  return run_core([&]() -> SEXP {
    const Mat plain = mat_of(element(parts, "plain")),
              variance = mat_of(element(parts, "variance"));
    SEXP given = element(parts, "slopes");
    std::vector<Mat> slopes;
    for (R_xlen_t i = 0; i < Rf_xlength(given); ++i) slopes.push_back(mat_of(part_of(given, i)));
    const Mat rows = map_mat(L);
    Vec each(rows.rows());
    for (Index i = 0; i < rows.rows(); ++i)
      each[i] = kenward_roger_test(rows.row(i), plain, slopes, variance).df;
    const KenwardRogerTest all = kenward_roger_test(rows, plain, slopes, variance);
    return Rcpp::List::create(Rcpp::_["ddf"] = wrap_vec(each), Rcpp::_["df2"] = na(all.df),
                              Rcpp::_["scale"] = na(all.scale));
  });
}

// The blocks of a matrix of sampling variances, and their rows; NULL where it is diagonal.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_blocks(const Rcpp::NumericMatrix& V) {
  return run_core([&]() -> SEXP {
    const SamplingV found = mv_sampling(map_mat(V));
    if (found.is_diagonal()) return Rcpp::List::create();
    Rcpp::List rows(static_cast<R_xlen_t>(found.rows.size()));
    for (std::size_t b = 0; b < found.rows.size(); ++b)
      rows[static_cast<R_xlen_t>(b)] = wrap_rows(found.rows[b]);
    return Rcpp::List::create(Rcpp::_["blocks"] = wrap_mats(found.blocks), Rcpp::_["rows"] = rows);
  });
}

// The marginal variances at values of tau2 and rho, by clusters of rows.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_marginal(SEXP model, SEXP tau2, SEXP rho) {
  return run_core([&]() -> SEXP {
    const MvAt given = as_model_at(model, tau2, rho);
    const MvMarginal m = mv_marginal_at(given.model, given.tau2, given.rho);
    Rcpp::List rows(static_cast<R_xlen_t>(m.clusters.size()));
    for (std::size_t c = 0; c < m.clusters.size(); ++c)
      rows[static_cast<R_xlen_t>(c)] = wrap_rows(m.clusters[c].rows);
    return Rcpp::List::create(Rcpp::_["rows"] = rows, Rcpp::_["M"] = wrap_mats(m.M));
  });
}

namespace {

// What a fit knows of itself: beta, vb, tau2, rho and G of each term.
MvFit as_fit(SEXP in, const MvModel& model, bool with_G) {
  MvFit out;
  out.beta = vec_of(element(in, "beta"));
  out.vb = mat_of(element(in, "vb"));
  out.tau2 = vecs_of(element(in, "tau2"));
  out.rho = vecs_of(element(in, "rho"));
  SEXP G = element(in, "G");
  for (R_xlen_t i = 0; i < Rf_xlength(G); ++i) out.G.push_back(mat_of(part_of(G, i)));
  check_mv_values(model, out.tau2, out.rho);
  const Index p = model.X.cols();
  bool whole = out.beta.size() == p && out.vb.rows() == p && out.vb.cols() == p &&
               (!with_G || out.G.size() == model.terms.size());
  for (std::size_t t = 0; with_G && whole && t < out.G.size(); ++t) {
    const Index levels = model.terms[t].levels;
    whole = out.G[t].rows() == levels && out.G[t].cols() == levels;
  }
  if (!whole)
    throw InvalidInput("x", "is damaged: its coefficients and components are of another size");
  return out;
}

std::vector<IndexVec> sets_of(SEXP in, Index n) {
  std::vector<IndexVec> out;
  for (R_xlen_t i = 0; i < Rf_xlength(in); ++i) {
    out.push_back(index_of(part_of(in, i)));
    check_mv_rows(out.back(), n);
  }
  return out;
}

}  // namespace

// The fits without each of the sets of rows.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_delete(SEXP model, SEXP spec, SEXP fit, SEXP sets, bool reestimate) {
  return run_core([&]() -> SEXP {
    const MvModel given = as_model(model);
    const std::vector<MvDeleted> found =
        mv_delete(given, as_spec(spec), as_fit(fit, given, false), sets_of(sets, given.y.size()),
                  reestimate, check_interrupt);
    Rcpp::List out(static_cast<R_xlen_t>(found.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const MvDeleted& d = found[i];
      if (!d.valid) continue;
      out[static_cast<R_xlen_t>(i)] = Rcpp::List::create(
          Rcpp::_["resid"] = wrap_vec(d.resid), Rcpp::_["se"] = wrap_vec(d.se),
          Rcpp::_["X2"] = na(d.X2), Rcpp::_["cook"] = na(d.cook), Rcpp::_["cov.r"] = na(d.cov_r),
          Rcpp::_["dfbetas"] = wrap_vec(d.dfbetas), Rcpp::_["shift"] = wrap_vec(d.shift),
          Rcpp::_["tau2"] = wrap_vecs(d.tau2), Rcpp::_["rho"] = wrap_vecs(d.rho),
          Rcpp::_["QE"] = na(d.QE));
    }
    return out;
  });
}

// d' V^-1 d.
// [[Rcpp::export(rng = false)]]
double cpp_wald_statistic(const Rcpp::NumericVector& d, const Rcpp::NumericMatrix& V) {
  return wald_statistic(map_vec(d), map_mat(V));
}

// The random effects of each term.
// [[Rcpp::export(rng = false)]]
SEXP cpp_mv_effects(SEXP model, SEXP fit, bool covariances) {
  return run_core([&]() -> SEXP {
    const MvModel given = as_model(model);
    const std::vector<MvEffects> found = mv_effects(given, as_fit(fit, given, true), covariances);
    Rcpp::List out(static_cast<R_xlen_t>(found.size()));
    for (std::size_t t = 0; t < found.size(); ++t) {
      out[static_cast<R_xlen_t>(t)] = Rcpp::List::create(
          Rcpp::_["inner"] = wrap_rows(found[t].inner),
          Rcpp::_["outer"] = wrap_rows(found[t].outer), Rcpp::_["pred"] = wrap_vec(found[t].pred),
          Rcpp::_["variance"] = wrap_vec(found[t].variance),
          Rcpp::_["vcov"] = covariances ? Rcpp::wrap(wrap_mat(found[t].vcov)) : R_NilValue);
    }
    return out;
  });
}

// r' S^-1 r of the residuals of each set of rows.
// [[Rcpp::export(rng = false)]]
SEXP cpp_cluster_chisq(const Rcpp::NumericVector& resid, const Rcpp::NumericMatrix& S, SEXP sets) {
  return run_core([&]() -> SEXP {
    return wrap_vec(mv_set_statistics(map_vec(resid), map_mat(S), sets_of(sets, resid.size())));
  });
}

// Kilometres between places of longitude and latitude.
// [[Rcpp::export(rng = false)]]
SEXP cpp_great_circle(const Rcpp::NumericMatrix& places) {
  return run_core([&]() -> SEXP { return wrap_mat(great_circle_distances(map_mat(places))); });
}
