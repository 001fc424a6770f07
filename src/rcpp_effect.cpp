// Glue of the effect sizes: lists of columns and choices in, yi, vi, ni and the noted rows out.
#include "rcpp_convert.h"

#include "core/effect_binary.hpp"
#include "core/effect_generic.hpp"
#include "core/effect_means.hpp"
#include "core/effect_proportion.hpp"

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
                          {"ST", VarType::LS},
                          {"CS", VarType::LS},
                          {"AV", VarType::AV},
                          {"AV2", VarType::LS},
                          {"AVHO", VarType::AVHO},
                          {"H0", VarType::H0},
                          {"COHEN", VarType::Cohen},
                          {"HEDGES", VarType::LS3},
                          {"GLASS", VarType::Glass}});
}

AddHow as_add_how(const std::string& how) {
  return lookup<AddHow>(
      how, "add_how",
      {{"equal", AddHow::Equal}, {"events", AddHow::Events}, {"opposite", AddHow::Opposite}});
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

static Rcpp::List wrap_effects(const Effects& e) {
  return Rcpp::List::create(Rcpp::_["yi"] = wrap_vec(e.yi), Rcpp::_["vi"] = wrap_vec(e.vi),
                            Rcpp::_["ni"] = wrap_vec(e.ni),
                            Rcpp::_["infinite"] = wrap_rows(e.infinite),
                            Rcpp::_["fractional"] = wrap_rows(e.fractional));
}

// A column of the list; an empty vector when it is not there.
static Rcpp::NumericVector column(const Rcpp::List& columns, const char* name) {
  if (!columns.containsElementNamed(name)) return Rcpp::NumericVector(0);
  return columns[name];
}

}  // namespace metaparity_glue

using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_complement(Rcpp::NumericVector total, Rcpp::NumericVector part, std::string total_arg,
                    std::string part_arg) {
  return run_core([&]() -> SEXP {
    return wrap_vec(complement(map_vec(total), map_vec(part), total_arg, part_arg));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_binary(Rcpp::NumericVector ai, Rcpp::NumericVector bi, Rcpp::NumericVector ci,
                       Rcpp::NumericVector di, std::string measure, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const auto m = lookup<BinaryMeasure>(measure, "measure",
                                         {{"RR", BinaryMeasure::RR},
                                          {"OR", BinaryMeasure::OR},
                                          {"RD", BinaryMeasure::RD},
                                          {"PETO", BinaryMeasure::PETO},
                                          {"AS", BinaryMeasure::AS}});
    const TwoByTwo table{map_vec(ai), map_vec(bi), map_vec(ci), map_vec(di)};
    return wrap_effects(effect_binary(table, m, as_effect_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_means(Rcpp::List columns, std::string measure, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const auto m = lookup<MeansMeasure>(measure, "measure",
                                        {{"MD", MeansMeasure::MD},
                                         {"SMD", MeansMeasure::SMD},
                                         {"SMDH", MeansMeasure::SMDH},
                                         {"ROM", MeansMeasure::ROM}});
    const Rcpp::NumericVector n1 = column(columns, "n1i"), n2 = column(columns, "n2i"),
                              m1 = column(columns, "m1i"), m2 = column(columns, "m2i"),
                              s1 = column(columns, "sd1i"), s2 = column(columns, "sd2i"),
                              d = column(columns, "di");
    const TwoMeans data{map_vec(n1), map_vec(n2), map_vec(m1), map_vec(m2),
                        map_vec(s1), map_vec(s2), map_vec(d)};
    return wrap_effects(effect_means(data, m, as_effect_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_standardised(Rcpp::NumericVector x, Rcpp::NumericVector n1i, Rcpp::NumericVector n2i,
                      std::string from) {
  return run_core([&]() -> SEXP {
    const auto n1 = map_vec(n1i), n2 = map_vec(n2i);
    if (from == "ti") return wrap_vec(d_from_t(map_vec(x), n1, n2));
    return wrap_vec(from == "pi" ? d_from_p(map_vec(x), n1, n2) : d_from_r(map_vec(x), n1, n2));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_effect_proportion(Rcpp::NumericVector xi, Rcpp::NumericVector mi, std::string measure,
                           Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    using M = ProportionMeasure;
    const auto m = lookup<M>(measure, "measure",
                             {{"PR", M::PR},
                              {"PLN", M::PLN},
                              {"PLO", M::PLO},
                              {"PRZ", M::PRZ},
                              {"PAS", M::PAS},
                              {"PFT", M::PFT}});
    return wrap_effects(effect_proportion({map_vec(xi), map_vec(mi)}, m, as_effect_spec(spec)));
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
