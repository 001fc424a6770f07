// Glue of the effect sizes: lists of columns and choices in; yi, vi, ni and the noted rows out.
#include <utility>

#include "core/effect/aggregate.hpp"
#include "core/effect/delta_method.hpp"
#include "core/effect/effect_generic.hpp"
#include "core/effect/effect_sizes.hpp"
#include "core/effect/five_numbers.hpp"
#include "core/effect/tables_2x2.hpp"
#include "core/effect/transform_moments.hpp"
#include "core/effect/transforms.hpp"
#include "core/effect/wald_variance.hpp"
#include "core/linalg/derivative.hpp"
#include "core/ranges.hpp"
#include "rcpp_convert.h"

using namespace metaparity;

namespace metaparity_glue {

template <class E>
E lookup(const std::string& value, const char* arg,
         std::initializer_list<std::pair<const char*, E>> choices) {
  for (const auto& c : choices) {
    if (value == c.first) return c.second;
  }
  throw InvalidInput(arg, "has the unknown value \"" + value + "\"");
}

AddTo as_add_to(const std::string& to) {
  return lookup<AddTo>(to, "to",
                       {{"only0", AddTo::Only0},
                        {"all", AddTo::All},
                        {"if0all", AddTo::If0All},
                        {"none", AddTo::None}});
}

static VarType as_vtype(const std::string& v) {
  return lookup<VarType>(v, "vtype",
                         {{"LS", VarType::LS},
                          {"LS2", VarType::LS2},
                          {"LS3", VarType::LS3},
                          {"UB", VarType::UB},
                          {"HO", VarType::HO},
                          {"ST", VarType::ST},
                          {"CS", VarType::CS},
                          {"AV", VarType::AV},
                          {"AV2", VarType::AV2},
                          {"AVHO", VarType::AVHO},
                          {"H0", VarType::H0},
                          {"H0a", VarType::H0a},
                          {"H0b", VarType::H0b},
                          {"MAX", VarType::MAX},
                          {"COHEN", VarType::Cohen},
                          {"HEDGES", VarType::LS3},
                          {"GLASS", VarType::Glass}});
}

AddHow as_add_how(const std::string& how) {
  return lookup<AddHow>(how, "add_how",
                        {{"equal", AddHow::Equal},
                         {"events", AddHow::Events},
                         {"opposite", AddHow::Opposite},
                         {"keep full", AddHow::KeepFull}});
}

EffectSpec as_effect_spec(const Rcpp::List& spec) {
  EffectSpec out;
  out.add = Rcpp::as<double>(spec["add"]);
  out.to = as_add_to(Rcpp::as<std::string>(spec["to"]));
  out.drop00 = Rcpp::as<bool>(spec["drop00"]);
  out.how = as_add_how(Rcpp::as<std::string>(spec["add_how"]));
  out.correct = Rcpp::as<bool>(spec["correct"]);
  out.rd_uncorrected = Rcpp::as<bool>(spec["rd_uncorrected"]);
  out.j = Rcpp::as<std::string>(spec["j"]) == "approx" ? SmallSample::Approx : SmallSample::Exact;
  if (!out.correct) out.j = SmallSample::None;
  if (Rcpp::as<std::string>(spec["standardiser"]) == "control")
    out.standardiser = Standardiser::Control;
  const Rcpp::CharacterVector v = spec["vtype"];
  out.vtype.clear();
  for (R_xlen_t i = 0; i < v.size(); ++i)
    out.vtype.push_back(as_vtype(Rcpp::as<std::string>(v[i])));
  return out;
}

static Rcpp::IntegerVector wrap_rows(const std::vector<int>& rows) {
  Rcpp::IntegerVector out(rows.begin(), rows.end());
  for (auto& i : out) ++i;
  return out;
}

static Rcpp::List wrap_notes(const std::vector<RowNote>& notes) {
  Rcpp::List out(notes.size());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out[i] = Rcpp::List::create(notes[i].arg, wrap_rows(notes[i].rows), notes[i].message);
  }
  return out;
}

static Rcpp::List wrap_effects(const Effects& e) {
  return Rcpp::List::create(
      Rcpp::_["yi"] = wrap_vec(e.yi), Rcpp::_["vi"] = wrap_vec(e.vi),
      Rcpp::_["ni"] = wrap_vec(e.ni), Rcpp::_["infinite"] = wrap_rows(e.infinite),
      Rcpp::_["fractional"] = wrap_rows(e.fractional), Rcpp::_["notes"] = wrap_notes(e.notes));
}

// Views of the doubles in a named list.
static StudyColumns as_columns(const Rcpp::List& columns) {
  StudyColumns out;
  const Rcpp::CharacterVector names = columns.names();
  for (R_xlen_t i = 0; i < columns.size(); ++i) {
    const auto x = real_vec(columns[i]);
    out.set(Rcpp::as<std::string>(names[i]), x.data(), x.size());
  }
  return out;
}

}  // namespace metaparity_glue

using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_sizes(Rcpp::List columns, std::string measure, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    return wrap_effects(effect_sizes(measure, as_columns(columns), as_effect_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_table_cells(Rcpp::List columns) {
  return run_core([&]() -> SEXP {
    const StudyColumns x = as_columns(columns);
    return Rcpp::List::create(Rcpp::_["ai"] = wrap_vec(x["ai"]),
                              Rcpp::_["bi"] = wrap_vec(complement_of(x, "bi", "n1i", "ai")),
                              Rcpp::_["ci"] = wrap_vec(x["ci"]),
                              Rcpp::_["di"] = wrap_vec(complement_of(x, "di", "n2i", "ci")));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_generic(Rcpp::NumericVector yi, Rcpp::NumericVector spread, bool is_se) {
  return run_core([&]() -> SEXP {
    const auto y = map_vec(yi), s = map_vec(spread);
    return wrap_effects(is_se ? effect_from_se(y, s) : effect_from_variance(y, s));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_limits(Rcpp::NumericVector yi, Rcpp::NumericVector lb, Rcpp::NumericVector ub,
                       double level) {
  return run_core([&]() -> SEXP {
    std::vector<int> asymmetric;
    Rcpp::List out =
        wrap_effects(effect_from_limits(map_vec(yi), map_vec(lb), map_vec(ub), level, asymmetric));
    out["asymmetric"] = wrap_rows(asymmetric);
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_study_tests(Rcpp::NumericVector yi, Rcpp::NumericVector vi, double h0, double level) {
  return run_core([&]() -> SEXP {
    const StudyTests t = study_tests(map_vec(yi), map_vec(vi), h0, level);
    return Rcpp::List::create(Rcpp::_["sei"] = wrap_vec(t.sei), Rcpp::_["zi"] = wrap_vec(t.zi),
                              Rcpp::_["pval"] = wrap_vec(t.pval),
                              Rcpp::_["ci.lb"] = wrap_vec(t.ci_lb),
                              Rcpp::_["ci.ub"] = wrap_vec(t.ci_ub));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_five_numbers(const Rcpp::NumericMatrix& values, const Rcpp::NumericVector& n,
                      const Rcpp::NumericVector& lognormal, int method, bool back) {
  return run_core([&]() -> SEXP {
    const FiveNumberMoments m = five_number_moments(map_mat(values), map_vec(n), map_vec(lognormal),
                                                    static_cast<FiveNumberMethod>(method), back);
    return Rcpp::List::create(Rcpp::_["mean"] = wrap_vec(m.mean), Rcpp::_["sd"] = wrap_vec(m.sd),
                              Rcpp::_["tval"] = wrap_vec(m.tval),
                              Rcpp::_["crit"] = wrap_vec(m.crit));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_first_cell(const Rcpp::List& x) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector ori = x["ori"], ri = x["ri"], x2i = x["x2i"], correct = x["correct"],
                              ni = x["ni"], n1i = x["n1i"], n2i = x["n2i"];
    Rcpp::NumericVector out(ni.size(), NA_REAL);
    for (R_xlen_t i = 0; i < ni.size(); ++i) {
      if (std::isnan(ni[i] + n1i[i] + n2i[i])) continue;
      if (!std::isnan(ori[i]))
        out[i] = cell_from_odds_ratio(ori[i], ni[i], n1i[i], n2i[i]);
      else if (!std::isnan(ri[i]))
        out[i] = cell_from_phi(ri[i], ni[i], n1i[i], n2i[i]);
      else if (!std::isnan(x2i[i]))
        out[i] = cell_from_chisq(x2i[i], correct[i] != 0.0, ni[i], n1i[i], n2i[i]);
    }
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_accuracy_cells(const Rcpp::NumericMatrix& measures, const Rcpp::NumericVector& n) {
  return run_core([&]() -> SEXP {
    Rcpp::NumericMatrix out(measures.nrow(), 4);
    for (int i = 0; i < measures.nrow(); ++i) {
      const WholeCells t =
          cells_from_accuracy(measures(i, 0), measures(i, 1), measures(i, 2), measures(i, 3), n[i]);
      out.row(i) = Rcpp::NumericVector::create(na(t.a), na(t.b), na(t.c), na(t.d));
    }
    return out;
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_derivative_nodes() {
  return Rcpp::NumericVector(kDerivativeNodes.begin(), kDerivativeNodes.end());
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_derivative(const Rcpp::NumericMatrix& values, const Rcpp::NumericVector& step) {
  return run_core(
      [&]() -> SEXP { return wrap_vec(richardson_derivative(map_mat(values), map_vec(step))); });
}

// Sampling variances from interval limits, an upper limit alone, or a test statistic, in this order.
// [[Rcpp::export(rng = false)]]
SEXP cpp_wald_variance(const Rcpp::List& x) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector yi = x["yi"], lb = x["lb"], ub = x["ub"], z = x["z"], p = x["p"],
                              level = x["level"];
    Rcpp::NumericVector vi(yi.size());
    for (R_xlen_t i = 0; i < yi.size(); ++i) {
      vi[i] = na(wald_variance({yi[i], lb[i], ub[i], z[i], p[i], level[i]}));
    }
    return vi;
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_delta_variance(const Rcpp::NumericMatrix& gradient, const Rcpp::NumericMatrix& hessian,
                        const Rcpp::NumericMatrix& third, const Rcpp::NumericMatrix& v) {
  return run_core([&]() -> SEXP {
    const auto g = map_mat(gradient), t = map_mat(third), s = map_mat(v);
    Mat out = delta_variance(g, map_mat(hessian), s);
    if (t.size() > 0) out += cubic_variance(g, t, s);
    return wrap_mat(out);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform(const std::string& name, const Rcpp::NumericVector& x,
                   const Rcpp::NumericVector& a, const Rcpp::NumericVector& b) {
  return run_core([&]() -> SEXP {
    const Vec out = transform_values(name, map_vec(x), map_vec(a), map_vec(b));
    return Rcpp::NumericVector(out.data(), out.data() + out.size());
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform_mean(const std::string& name, const Rcpp::NumericVector& x, double tau2,
                        double lower, double upper) {
  return run_core([&]() -> SEXP {
    const Vec all = map_vec(x);
    Vec out(all.size());
    for (Index i = 0; i < all.size(); ++i) {
      check_interrupt();
      out[i] = transform_mean(name, all.segment(i, 1), tau2, lower, upper)[0];
    }
    return wrap_vec(out);
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_transform_mode(const std::string& name, const Rcpp::NumericVector& x, double tau2) {
  return run_core([&]() -> SEXP { return wrap_vec(transform_mode(name, map_vec(x), tau2)); });
}

static ErrorStructure as_structure(const std::string& name) {
  if (name == "ID") return ErrorStructure::ID;
  if (name == "CS") return ErrorStructure::CS;
  if (name == "CAR") return ErrorStructure::CAR;
  if (name == "CS+CAR") return ErrorStructure::CSPlusCAR;
  return name == "CS*CAR" ? ErrorStructure::CSTimesCAR : ErrorStructure::Given;
}

static Rcpp::IntegerVector counted_from_one(const std::vector<int>& x) {
  Rcpp::IntegerVector out(x.begin(), x.end());
  for (auto& i : out) ++i;
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_aggregate(Rcpp::NumericVector yi, Rcpp::NumericVector vi, std::vector<int> cluster,
                   int n_clusters, Rcpp::List model) {
  return run_core([&]() -> SEXP {
    cluster = from_one(std::move(cluster), "cluster");
    check_indices(cluster, n_clusters, "cluster");
    check_lengths(yi.size(), vi.size(), static_cast<R_xlen_t>(cluster.size()), 0);
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
                              Rcpp::_["not_positive"] = counted_from_one(a.not_positive),
                              Rcpp::_["singular"] = counted_from_one(a.singular));
  });
}
