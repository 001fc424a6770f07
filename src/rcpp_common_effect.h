// What the glue of the Mantel-Haenszel and Peto fits shares.
#pragma once

#include "core/model/common_effect.hpp"
#include "core/model/mantel_haenszel.hpp"
#include "core/model/peto.hpp"
#include "rcpp_convert.h"

namespace metaparity_glue {

inline Rcpp::List wrap_common(const metaparity::CommonFit& f, int k_pos) {
  using Rcpp::_;
  Rcpp::IntegerVector fractional(f.fractional.begin(), f.fractional.end());
  for (auto& i : fractional) ++i;
  return Rcpp::List::create(
      _["numbers"] = Rcpp::List::create(
          _["beta"] = na(f.beta), _["se"] = na(f.se), _["zval"] = na(f.zval),
          _["pval"] = na(f.pval), _["ci.lb"] = na(f.ci_lb), _["ci.ub"] = na(f.ci_ub),
          _["I2"] = na(f.I2), _["H2"] = na(f.H2), _["QE"] = na(f.QE), _["QEp"] = na(f.QEp)),
      _["counts"] = Rcpp::List::create(_["k"] = f.k, _["k.yi"] = f.k_yi, _["k.pos"] = k_pos),
      _["yi"] = wrap_vec(f.yi), _["vi"] = wrap_vec(f.vi), _["ni"] = wrap_vec(f.ni),
      _["weights"] = wrap_vec(f.weights), _["ml"] = wrap_stats(f.ml),
      _["reml"] = wrap_stats(f.reml), _["fractional"] = fractional, _["tests"] = R_NilValue);
}

inline metaparity::MhSpec as_mh_spec(const Rcpp::List& spec) {
  metaparity::MhSpec out;
  out.add = Rcpp::as<double>(spec["add"]);
  out.to = as_add_to(Rcpp::as<std::string>(spec["to"]));
  out.drop00 = Rcpp::as<bool>(spec["drop00"]);
  out.how = as_add_how(Rcpp::as<std::string>(spec["add_how"]));
  out.level = Rcpp::as<double>(spec["level"]);
  out.correct = Rcpp::as<bool>(spec["correct"]);
  const auto form = Rcpp::as<std::string>(spec["rd_variance"]);
  if (form == "revman") out.rd_variance = metaparity::RdVariance::RevMan;
  if (form == "greenland-robins") out.rd_variance = metaparity::RdVariance::GreenlandRobins;
  return out;
}

inline metaparity::PetoSpec as_peto_spec(const Rcpp::List& spec) {
  return {Rcpp::as<double>(spec["add"]), as_add_to(Rcpp::as<std::string>(spec["to"])),
          Rcpp::as<bool>(spec["drop00"]), Rcpp::as<double>(spec["level"])};
}

}  // namespace metaparity_glue
