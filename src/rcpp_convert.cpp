#include "rcpp_convert.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace metaparity_glue {

using metaparity::FitStats;
using metaparity::ModelSpec;
using metaparity::RmaFit;
using metaparity::Tau2Method;
using metaparity::TestType;

namespace {

template <class Choice, std::size_t N>
Choice match_choice(const std::array<std::pair<const char*, Choice>, N>& table, const char* name,
                    const char* arg) {
  for (const auto& row : table) {
    if (std::strcmp(row.first, name) == 0) return row.second;
  }
  throw metaparity::InvalidInput(arg, std::string("is not known: ") + name);
}

constexpr std::array<std::pair<const char*, Tau2Method>, 21> kMethods{{
    {"REML", Tau2Method::REML}, {"DL", Tau2Method::DL},       {"EE", Tau2Method::FE},
    {"FE", Tau2Method::FE},     {"CE", Tau2Method::FE},       {"HS", Tau2Method::HS},
    {"HSk", Tau2Method::HSk},   {"HE", Tau2Method::HE},       {"CO", Tau2Method::HE},
    {"VC", Tau2Method::HE},     {"DLIT", Tau2Method::DLIT},   {"GENQ", Tau2Method::GENQ},
    {"GENQM", Tau2Method::GENQM}, {"SJ", Tau2Method::SJ},     {"SJIT", Tau2Method::SJIT},
    {"PM", Tau2Method::PM},     {"MP", Tau2Method::PM},       {"PMM", Tau2Method::PMM},
    {"ML", Tau2Method::ML},     {"EB", Tau2Method::EB},       {"given", Tau2Method::Given}}};

constexpr std::array<std::pair<const char*, TestType>, 5> kTests{{{"z", TestType::Z},
                                                                  {"t", TestType::T},
                                                                  {"knha", TestType::KnHa},
                                                                  {"hksj", TestType::KnHa},
                                                                  {"adhoc", TestType::Adhoc}}};

const char* text(SEXP x) { return CHAR(STRING_ELT(x, 0)); }

Rcpp::NumericVector wrap_stats(const FitStats& s) {
  return Rcpp::NumericVector::create(na(s.ll), na(s.dev), na(s.AIC), na(s.BIC), na(s.AICc));
}

Rcpp::NumericMatrix as_column(const Eigen::VectorXd& x) {
  Rcpp::NumericMatrix out(Rcpp::no_init(static_cast<int>(x.size()), 1));
  for (Eigen::Index i = 0; i < x.size(); ++i) out[i] = na(x[i]);
  return out;
}

}  // namespace

// Elements in the order of model_spec() in R.
ModelSpec as_model_spec(const Rcpp::List& spec) {
  ModelSpec out;
  out.method = match_choice(kMethods, text(spec[0]), "method");
  out.test = match_choice(kTests, text(spec[1]), "test");
  out.level = Rf_asReal(spec[2]);
  out.weighted = Rf_asLogical(spec[3]) == TRUE;
  out.int_incl = Rf_asLogical(spec[4]) == TRUE;
  const double tau2 = Rf_asReal(spec[5]);
  if (!std::isnan(tau2)) {
    out.method = Tau2Method::Given;
    out.tau2 = tau2;
  }
  const double centre = Rf_asReal(spec[6]);
  if (!std::isnan(centre)) out.q_centre = centre;
  const Rcpp::IntegerVector btt = spec[7];
  for (int j : btt) out.btt.push_back(j - 1);
  return out;
}

Rcpp::List wrap_fit(const RmaFit& f) {
  return Rcpp::List::create(
      as_column(f.beta), wrap_vec(f.se), wrap_vec(f.zval), wrap_vec(f.pval), wrap_vec(f.ci_lb),
      wrap_vec(f.ci_ub), wrap_mat(f.vb),
      Rcpp::NumericVector::create(f.tau2, na(f.se_tau2), na(f.I2), na(f.H2), na(f.R2), na(f.vt),
                                  na(f.QE), na(f.QEp), na(f.QM), na(f.QMp), f.QMdf1, na(f.QMdf2),
                                  f.m, f.parms, na(f.ddf), f.s2w),
      wrap_stats(f.ml), wrap_stats(f.reml));
}

// One row per fit; vectors for one coefficient, matrices for several.
Rcpp::List wrap_fit_table(const metaparity::FitTable& t) {
  using Rcpp::_;
  const auto wrap_coefs = [](const Eigen::MatrixXd& x) -> SEXP {
    if (x.cols() == 1) return wrap_vec(x.col(0));
    return wrap_mat(x);
  };
  Rcpp::IntegerVector failed(t.failed.begin(), t.failed.end());
  for (auto& row : failed) ++row;
  return Rcpp::List::create(
      _["k"] = Rcpp::wrap(t.k), _["estimate"] = wrap_coefs(t.estimate), _["se"] = wrap_coefs(t.se),
      _["zval"] = wrap_coefs(t.zval), _["pval"] = wrap_coefs(t.pval),
      _["ci.lb"] = wrap_coefs(t.ci_lb), _["ci.ub"] = wrap_coefs(t.ci_ub), _["Q"] = wrap_vec(t.Q),
      _["Qp"] = wrap_vec(t.Qp), _["tau2"] = wrap_vec(t.tau2), _["I2"] = wrap_vec(t.I2),
      _["H2"] = wrap_vec(t.H2), _["failed"] = failed);
}

}  // namespace metaparity_glue
