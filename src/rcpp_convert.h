// The only code that turns structs of the core into R lists and back, and core exceptions into
// the error lists that call_core() re-signals.
#pragma once

#include <Rcpp.h>

#include <array>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/batch/leave1out.hpp"
#include "core/effect/effect_common.hpp"
#include "core/errors.hpp"
#include "core/types.hpp"

namespace metaparity_glue {

using ConstVecMap = Eigen::Map<const Eigen::VectorXd>;
using ConstMatMap = Eigen::Map<const Eigen::MatrixXd>;

inline ConstVecMap map_vec(const Rcpp::NumericVector& x) {
  return ConstVecMap(x.begin(), x.size());
}
inline ConstMatMap map_mat(const Rcpp::NumericMatrix& x) {
  return ConstMatMap(x.begin(), x.nrow(), x.ncol());
}

// Integers and logicals as doubles; doubles and NULL as they are.
SEXP as_real(SEXP x);

// Views of doubles on the hot path; NULL is a vector of length 0.
ConstVecMap real_vec(SEXP x);
ConstMatMap real_mat(SEXP x);

// An element of a list by name; NULL where there is none.
SEXP element(SEXP list, const char* name);

// Such an element as numbers; none where there is none.
metaparity::Vec column(const Rcpp::List& list, const char* name);

// NaN of the core is R's NA; infinities pass.
inline double na(double x) { return std::isnan(x) ? NA_REAL : x; }

Rcpp::NumericVector wrap_vec(const metaparity::VecRef& x);
Rcpp::NumericMatrix wrap_mat(const Eigen::MatrixXd& x);
Rcpp::NumericVector wrap_stats(const metaparity::FitStats& s);

// The error list of the exception that is being handled, if the core throws its like; else it is thrown on.
SEXP caught_error();

// Runs a core call; what it throws comes back as a list of class metaparity_core_error.
template <class F>
SEXP run_core(F&& body) {
  try {
    return body();
  } catch (const std::exception&) {
    return caught_error();
  }
}

// The choice that a word names in its table.
template <class Choice, std::size_t N>
Choice match_choice(const std::array<std::pair<const char*, Choice>, N>& table, const char* name,
                    const char* arg) {
  for (const auto& row : table) {
    if (std::strcmp(row.first, name) == 0) return row.second;
  }
  throw metaparity::InvalidInput(arg, std::string("is not known: ") + name);
}

// What a fit holds of its studies must have one length; weights may be absent.
inline void check_lengths(R_xlen_t yi, R_xlen_t vi, R_xlen_t X, R_xlen_t weights) {
  if (vi != yi || X != yi || (weights != 0 && weights != yi)) {
    throw metaparity::InvalidInput(
        "x", "is damaged: its yi, vi, X and weights are of different lengths");
  }
}

// Numbers from 1, as R counts, as indices from 0. That they stay within what they index, the core looks.
std::vector<int> from_one(std::vector<int> numbers, const char* arg);

// Throws when the user has asked to stop; looks at most twenty times a second.
void check_interrupt();
metaparity::ModelSpec as_model_spec(SEXP spec);
SEXP wrap_fit(const metaparity::RmaFit& fit, SEXP coef_names, SEXP sources, SEXP shape);
metaparity::EffectSpec as_effect_spec(const Rcpp::List& spec);
Rcpp::List wrap_fit_table(const metaparity::FitTable& table);
metaparity::AddTo as_add_to(const std::string& to);
metaparity::AddHow as_add_how(const std::string& how);

}  // namespace metaparity_glue
