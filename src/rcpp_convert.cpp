#include "rcpp_convert.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/tau2/tau2_rules.hpp"

namespace metaparity_glue {

using metaparity::FitStats;
using metaparity::ModelSpec;
using metaparity::RmaFit;
using metaparity::Tau2Method;
using metaparity::TestType;

namespace {

constexpr std::array<std::pair<const char*, TestType>, 5> kTests{{{"z", TestType::Z},
                                                                  {"t", TestType::T},
                                                                  {"knha", TestType::KnHa},
                                                                  {"hksj", TestType::KnHa},
                                                                  {"adhoc", TestType::Adhoc}}};

const char* text(SEXP x) {
  if (TYPEOF(x) != STRSXP || Rf_length(x) < 1) {
    throw metaparity::InvalidInput("x", "is damaged: it holds no word where it must");
  }
  return CHAR(STRING_ELT(x, 0));
}

// The fit is the hot path of the package: it is wrapped by R's own interface, one protected list.
SEXP real(double x) { return Rf_ScalarReal(na(x)); }

SEXP real(const Eigen::MatrixXd& x, int columns) {
  SEXP out = columns > 0 ? Rf_allocMatrix(REALSXP, static_cast<int>(x.rows()), columns)
                         : Rf_allocVector(REALSXP, x.size());
  std::transform(x.data(), x.data() + x.size(), REAL(out), [](double value) { return na(value); });
  return out;
}

SEXP real(const FitStats& s) {
  SEXP out = Rf_allocVector(REALSXP, 5);
  const double all[] = {s.ll, s.dev, s.AIC, s.BIC, s.AICc};
  for (int i = 0; i < 5; ++i) REAL(out)[i] = na(all[i]);
  return out;
}

void set_dimnames(SEXP x, SEXP rows, SEXP columns) {
  SEXP names = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(names, 0, rows);
  SET_VECTOR_ELT(names, 1, columns);
  Rf_setAttrib(x, R_DimNamesSymbol, names);
  UNPROTECT(1);
}

SEXP omnibus_df(const RmaFit& f) {
  SEXP out = Rf_allocVector(INTSXP, 2);
  INTEGER(out)[0] = f.QMdf1;
  INTEGER(out)[1] = std::isnan(f.QMdf2) ? NA_INTEGER : static_cast<int>(f.QMdf2);
  return out;
}

SEXP whole(double x) { return Rf_ScalarInteger(std::isnan(x) ? NA_INTEGER : static_cast<int>(x)); }

// c(tau2.min, tau2.init, REMLf) of `control`.
void set_bounds(ModelSpec& spec, const double* bounds) {
  spec.tau2_min = bounds[0];
  if (!std::isnan(bounds[1])) spec.tau2_start = bounds[1];
  spec.reml_design = bounds[2] != 0.0;
}

}  // namespace

Rcpp::NumericVector wrap_vec(const metaparity::VecRef& x) {
  Rcpp::NumericVector out(Rcpp::no_init(x.size()));
  for (Eigen::Index i = 0; i < x.size(); ++i) out[i] = na(x(i));
  return out;
}

Rcpp::NumericMatrix wrap_mat(const Eigen::MatrixXd& x) {
  Rcpp::NumericMatrix out(Rcpp::no_init(static_cast<int>(x.rows()), static_cast<int>(x.cols())));
  for (Eigen::Index i = 0; i < x.size(); ++i) out[i] = na(x.data()[i]);
  return out;
}

Rcpp::NumericVector wrap_stats(const metaparity::FitStats& s) {
  return Rcpp::NumericVector::create(na(s.ll), na(s.dev), na(s.AIC), na(s.BIC), na(s.AICc));
}

namespace {

SEXP error_list(const char* type, const char* message, const std::string& arg,
                const std::vector<int>& rows) {
  Rcpp::IntegerVector r(rows.begin(), rows.end());
  for (auto& i : r) ++i;
  Rcpp::List out = Rcpp::List::create(Rcpp::_["type"] = type, Rcpp::_["message"] = message,
                                      Rcpp::_["arg"] = arg, Rcpp::_["rows"] = r);
  out.attr("class") = "metaparity_core_error";
  return out;
}

}  // namespace

SEXP caught_error() {
  try {
    throw;
  } catch (const metaparity::InvalidInput& e) {
    return error_list("input", e.what(), e.arg(), {});
  } catch (const metaparity::InvalidStudies& e) {
    return error_list("studies", e.what(), e.arg(), e.rows());
  } catch (const metaparity::NotConverged& e) {
    return error_list("not_converged", e.what(), "", {});
  } catch (const metaparity::SingularDesign& e) {
    return error_list("input", e.what(), "mods", {});
  } catch (const std::exception& e) {
    return error_list("unexpected", e.what(), "", {});
  }
}

std::vector<int> from_one(std::vector<int> numbers, const char* arg) {
  for (int& i : numbers) {
    if (i < 1) throw metaparity::InvalidInput(arg, "holds a number that is out of range");
    --i;
  }
  return numbers;
}

void check_interrupt() {
  using Clock = std::chrono::steady_clock;
  static Clock::time_point last = Clock::now();
  const Clock::time_point now = Clock::now();
  if (now - last < std::chrono::milliseconds(50)) return;
  last = now;
  Rcpp::checkUserInterrupt();
}

// Elements of model_spec() in R, by name: one that is missing has the value of the core.
ModelSpec as_model_spec(SEXP spec) {
  if (TYPEOF(spec) != VECSXP) {
    throw metaparity::InvalidInput("x", "is damaged: its `spec` is not complete");
  }
  const auto needed = [spec](const char* name) {
    SEXP out = element(spec, name);
    if (Rf_isNull(out))
      throw metaparity::InvalidInput("x", "is damaged: its `spec` is not complete");
    return out;
  };
  const auto given = [spec](const char* name) -> std::optional<double> {
    SEXP x = element(spec, name);
    const double value = Rf_isNull(x) ? R_NaN : Rf_asReal(x);
    if (std::isnan(value)) return std::nullopt;
    return value;
  };
  ModelSpec out;
  out.checkpoint = check_interrupt;
  out.method = metaparity::tau2_method(text(needed("method")));
  out.test = match_choice(kTests, text(needed("test")), "test");
  out.level = Rf_asReal(needed("level"));
  out.weighted = Rf_asLogical(needed("weighted")) == TRUE;
  out.int_incl = Rf_asLogical(needed("int.incl")) == TRUE;
  if (const auto tau2 = given("tau2")) {
    out.error_of = out.method;
    out.method = Tau2Method::Given;
    out.tau2 = *tau2;
  }
  out.q_centre = given("q_centre");
  out.i2_from_q = given("i2_from_q") == 1.0;
  out.r2_signed = given("r2_signed") == 1.0;
  SEXP btt = element(spec, "btt");
  if (!Rf_isNull(btt) && TYPEOF(btt) != INTSXP) {
    throw metaparity::InvalidInput("x", "is damaged: `btt` in its `spec` must hold integers");
  }
  if (!Rf_isNull(btt)) out.btt = from_one({INTEGER(btt), INTEGER(btt) + Rf_length(btt)}, "btt");
  SEXP bounds = element(spec, "bounds");
  if (TYPEOF(bounds) == REALSXP && Rf_length(bounds) == 3) set_bounds(out, REAL(bounds));
  return out;
}

SEXP as_real(SEXP x) {
  return Rf_isNull(x) || TYPEOF(x) == REALSXP ? x : Rf_coerceVector(x, REALSXP);
}

ConstVecMap real_vec(SEXP x) {
  if (Rf_isNull(x)) return ConstVecMap(nullptr, 0);
  if (TYPEOF(x) != REALSXP)
    throw metaparity::InvalidInput("x", "is damaged: it holds no numbers where it must");
  return ConstVecMap(REAL(x), Rf_xlength(x));
}

metaparity::Vec column(const Rcpp::List& list, const char* name) {
  const Rcpp::Shield<SEXP> real(as_real(element(list, name)));
  return real_vec(real);
}

ConstMatMap real_mat(SEXP x) {
  if (TYPEOF(x) != REALSXP)
    throw metaparity::InvalidInput("x", "is damaged: it holds no numbers where it must");
  return ConstMatMap(REAL(x), Rf_nrows(x), Rf_ncols(x));
}

SEXP element(SEXP list, const char* name) {
  SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  for (int i = 0; i < Rf_length(names); ++i) {
    if (std::strcmp(CHAR(STRING_ELT(names, i)), name) == 0) return VECTOR_ELT(list, i);
  }
  return R_NilValue;
}

namespace {

// An element by the name's own string: R keeps one of each.
SEXP element_named(SEXP list, SEXP name) {
  SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  const int n = Rf_length(names);
  for (int i = 0; i < n; ++i) {
    if (STRING_ELT(names, i) == name) return VECTOR_ELT(list, i);
  }
  return R_NilValue;
}

// Effects that can be handed on: they tell their measure and, where known, sample sizes and labels.
SEXP telling(SEXP yi, SEXP measure, SEXP ni, SEXP slab) {
  static const SEXP tags[] = {Rf_install("measure"), Rf_install("ni"), Rf_install("slab")};
  SEXP out = PROTECT(Rf_shallow_duplicate(yi));
  SET_ATTRIB(out, R_NilValue);
  const SEXP values[] = {measure, ni, slab};
  for (int i = 0; i < 3; ++i) {
    if (!Rf_isNull(values[i])) Rf_setAttrib(out, tags[i], values[i]);
  }
  UNPROTECT(1);
  return out;
}

// `at`: where yi, yi.f, ni, ni.f, slab, ids, slab.null and measure stand. Labels go with all rows alone.
void tell_outcome(SEXP fit, const int* at) {
  const auto field = [&](int i) { return VECTOR_ELT(fit, at[i]); };
  const bool whole = Rf_xlength(field(0)) == Rf_xlength(field(1));
  SEXP slab = field(Rf_asLogical(field(6)) == TRUE ? 5 : 4);
  SET_VECTOR_ELT(fit, at[1], telling(field(1), field(7), field(3), slab));
  SET_VECTOR_ELT(fit, at[0],
                 whole ? telling(field(0), field(7), field(3), slab)
                       : telling(field(0), field(7), field(2), R_NilValue));
}

// The fields of R's list of names, put by name: where R has the order of the calls, each is found at once.
class NamedFields {
 public:
  explicit NamedFields(SEXP names)
      : names_(names), out_(PROTECT(Rf_allocVector(VECSXP, Rf_length(names)))) {}
  ~NamedFields() { UNPROTECT(1); }
  NamedFields(const NamedFields&) = delete;
  NamedFields& operator=(const NamedFields&) = delete;

  SEXP put(const char* name, SEXP value) {
    SET_VECTOR_ELT(out_, place(name), value);
    return value;
  }
  SEXP list() const { return out_; }

 private:
  int place(const char* name) {
    const int n = Rf_length(names_);
    for (int i = 0; i < n; ++i) {
      const int at = (next_ + i) % n;
      if (std::strcmp(CHAR(STRING_ELT(names_, at)), name) != 0) continue;
      next_ = (at + 1) % n;
      return at;
    }
    throw std::logic_error(std::string("the shape of a fit lacks the field ") + name);
  }

  SEXP names_, out_;
  int next_ = 0;
};

SEXP fit_statistics(const RmaFit& f, SEXP shape) {
  SEXP stats = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(stats, 0, real(f.ml));
  SET_VECTOR_ELT(stats, 1, real(f.reml));
  Rf_setAttrib(stats, R_NamesSymbol, element(shape, "stat_columns"));
  Rf_setAttrib(stats, R_RowNamesSymbol, element(shape, "stat_rows"));
  Rf_setAttrib(stats, R_ClassSymbol, element(shape, "stat_class"));
  UNPROTECT(1);
  return stats;
}

void put_numbers(NamedFields& fields, const RmaFit& f, SEXP coef_names) {
  SEXP beta = fields.put("b", real(f.beta, 1));
  set_dimnames(beta, coef_names, R_NilValue);
  fields.put("beta", beta);
  fields.put("se", real(f.se, 0));
  fields.put("zval", real(f.zval, 0));
  fields.put("pval", real(f.pval, 0));
  fields.put("ci.lb", real(f.ci_lb, 0));
  fields.put("ci.ub", real(f.ci_ub, 0));
  set_dimnames(fields.put("vb", real(f.vb, f.p)), coef_names, coef_names);
  fields.put("tau2", real(f.tau2));
  fields.put("se.tau2", real(f.se_tau2));
  fields.put("I2", real(f.I2));
  fields.put("H2", real(f.H2));
  fields.put("R2", std::isnan(f.R2) ? R_NilValue : real(f.R2));
  fields.put("vt", real(f.vt));
  fields.put("QE", real(f.QE));
  fields.put("QEp", real(f.QEp));
  fields.put("QM", real(f.QM));
  fields.put("QMdf", omnibus_df(f));
  fields.put("QMp", real(f.QMp));
  fields.put("m", Rf_ScalarInteger(f.m));
  fields.put("parms", real(f.parms));
  fields.put("ddf", fields.put("dfs", whole(f.ddf)));
  fields.put("s2w", real(f.s2w));
  fields.put("tau2.f", real(f.tau2));
}

}  // namespace

// The core's fields by name, then those that `sources` hold; `shape` is rma_shape in R: names and class of the object,
// attributes of fit.stats, list and element of each further field, where the fields of tell_outcome() stand.
SEXP wrap_fit(const RmaFit& f, SEXP coef_names, SEXP sources, SEXP shape) {
  SEXP names = element(shape, "names"), further = element(shape, "further");
  SEXP lists = element(shape, "lists"), elements = element(shape, "elements");
  NamedFields fields(names);
  put_numbers(fields, f, coef_names);
  fields.put("fit.stats", fit_statistics(f, shape));
  for (int i = 0; i < Rf_length(further); ++i) {
    fields.put(
        CHAR(STRING_ELT(further, i)),
        element_named(element_named(sources, STRING_ELT(lists, i)), STRING_ELT(elements, i)));
  }
  SEXP out = fields.list();
  tell_outcome(out, INTEGER(element(shape, "outcome")));
  Rf_setAttrib(out, R_NamesSymbol, names);
  Rf_setAttrib(out, R_ClassSymbol, element(shape, "class"));
  return out;
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
