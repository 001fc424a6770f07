// Glue of the Mantel-Haenszel fits: columns and choices in, one list of numbers out.
#include "core/mantel_haenszel.hpp"

#include "rcpp_common_effect.h"
#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

static MhSpec as_mh_spec(const Rcpp::List& spec) {
  MhSpec out;
  out.add = Rcpp::as<double>(spec["add"]);
  out.to = as_add_to(Rcpp::as<std::string>(spec["to"]));
  out.drop00 = Rcpp::as<bool>(spec["drop00"]);
  out.how = as_add_how(Rcpp::as<std::string>(spec["add_how"]));
  out.level = Rcpp::as<double>(spec["level"]);
  out.correct = Rcpp::as<bool>(spec["correct"]);
  if (Rcpp::as<std::string>(spec["rd_variance"]) != "sato")
    out.rd_variance = RdVariance::GreenlandRobins;
  return out;
}

static SEXP wrap_mh(const MhFit& f) {
  Rcpp::List out = wrap_common(f, f.k_pos);
  out["tests"] = Rcpp::NumericVector::create(na(f.CO), na(f.COp), na(f.MH), na(f.MHp), na(f.BD),
                                             na(f.BDp), na(f.TA), na(f.TAp));
  return out;
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mh(Rcpp::List columns, std::string measure, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector a = columns[0], b = columns[1], c = columns[2], d = columns[3];
    const TwoByTwo table{map_vec(a), map_vec(b), map_vec(c), map_vec(d)};
    const MhMeasure m =
        measure == "OR" ? MhMeasure::OR : (measure == "RR" ? MhMeasure::RR : MhMeasure::RD);
    return wrap_mh(fit_mh(table, m, as_effect_spec(effects), as_mh_spec(spec)));
  });
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_mh_rates(Rcpp::List columns, std::string measure, Rcpp::List effects, Rcpp::List spec) {
  return run_core([&]() -> SEXP {
    const Rcpp::NumericVector x1 = columns[0], x2 = columns[1], t1 = columns[2], t2 = columns[3];
    const PersonTime data{map_vec(x1), map_vec(x2), map_vec(t1), map_vec(t2)};
    const RateMeasure m = measure == "IRR" ? RateMeasure::IRR : RateMeasure::IRD;
    return wrap_mh(fit_mh_rates(data, m, as_effect_spec(effects), as_mh_spec(spec)));
  });
}
