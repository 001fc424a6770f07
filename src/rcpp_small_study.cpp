#include "core/distributions.hpp"
#include "core/excess_significance.hpp"
#include "core/fail_safe.hpp"
#include "core/hettest.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

namespace {

ExcessSpec as_excess_spec(const Rcpp::List& s) {
  ExcessSpec out;
  out.h0 = s["H0"];
  out.alpha = s["alpha"];
  out.tau2 = s["tau2"];
  out.effect_sides = static_cast<Sides>(Rcpp::as<int>(s["alternative"]));
  out.sides = static_cast<Sides>(Rcpp::as<int>(s["tes.alternative"]));
  out.test = static_cast<ExcessTest>(Rcpp::as<int>(s["test"]));
  return out;
}

}  // namespace

// type: 0 Rosenthal, 1 Orwin, 2 Rosenberg; goal: the level or the target.
// [[Rcpp::export(rng = false)]]
SEXP cpp_fail_safe(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, int type,
                   double goal) {
  return run_core([&]() -> SEXP {
    const FileDrawer f = type == 0   ? rosenthal_n(map_vec(yi), map_vec(vi), goal)
                         : type == 1 ? orwin_n(map_vec(yi), map_vec(vi), goal)
                                     : rosenberg_n(map_vec(yi), map_vec(vi), goal);
    return Rcpp::List::create(Rcpp::_["N"] = na(f.N), Rcpp::_["est"] = na(f.est),
                              Rcpp::_["pval"] = na(f.pval));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_with_file_drawer(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, SEXP spec,
                          double N, bool exact) {
  return run_core([&]() -> SEXP {
    const WithDrawer f = with_file_drawer(map_vec(yi), map_vec(vi), as_model_spec(spec), N, exact);
    return Rcpp::List::create(Rcpp::_["est"] = na(f.est), Rcpp::_["tau2"] = na(f.tau2),
                              Rcpp::_["pval"] = na(f.pval));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_excess_significance(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                             const Rcpp::NumericVector& theta, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    const Excess e =
        excess_significance(map_vec(yi), map_vec(vi), map_vec(theta), as_excess_spec(spec));
    return Rcpp::List::create(
        Rcpp::_["O"] = e.O, Rcpp::_["E"] = e.E, Rcpp::_["X2"] = na(e.X2),
        Rcpp::_["pval"] = na(e.pval), Rcpp::_["power"] = wrap_vec(e.power),
        Rcpp::_["sig"] = Rcpp::LogicalVector(e.significant.begin(), e.significant.end()));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_excess_limit(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi, double theta,
                      double tes_alpha, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    return Rcpp::wrap(
        na(excess_limit(map_vec(yi), map_vec(vi), theta, tes_alpha, as_excess_spec(spec))));
  });
}

namespace {

HetSpec as_het_spec(const Rcpp::List& s) {
  HetSpec out;
  out.reml = s["reml"];
  out.test = static_cast<HetTest>(Rcpp::as<int>(s["test"]));
  out.threshold = s["threshold"];
  out.maxiter = s["maxiter"];
  return out;
}

}  // namespace

// Statistics of the columns of samples.
// [[Rcpp::export(rng = false)]]
SEXP cpp_hettest(const Rcpp::NumericMatrix& samples, const Rcpp::NumericVector& vi,
                 const Rcpp::List& spec, int threads) {
  return run_core([&]() -> SEXP {
    return wrap_vec(het_bootstrap(map_mat(samples), map_vec(vi), as_het_spec(spec), threads));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_saturated(const Rcpp::NumericVector& yi, const Rcpp::NumericVector& vi,
                   const Rcpp::NumericVector& start, const Rcpp::List& spec) {
  return run_core([&]() -> SEXP {
    const Saturated s = fit_saturated(map_vec(yi), map_vec(vi), map_vec(start), as_het_spec(spec));
    return Rcpp::List::create(Rcpp::_["tau2i"] = wrap_vec(s.tau2),
                              Rcpp::_["se.tau2i"] = wrap_vec(s.se),
                              Rcpp::_["converged"] = s.converged);
  });
}

// [[Rcpp::export(rng = false)]]
double cpp_chisq_upper(double x, double df) { return na(chisq_upper(x, df)); }
