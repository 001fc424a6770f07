#include "core/layout/label_layout.hpp"

#include "rcpp_convert.h"

using namespace metaparity;
using namespace metaparity_glue;

// [[Rcpp::export(rng = false)]]
SEXP cpp_place_labels(const Rcpp::NumericMatrix& anchors, const Rcpp::IntegerVector& side,
                      const Rcpp::List& obstacles) {
  return run_core([&]() -> SEXP {
    const auto boxes = [&](const char* of) {
      return Mat(map_mat(Rcpp::as<Rcpp::NumericMatrix>(obstacles[of])));
    };
    const Rcpp::NumericVector panel = obstacles["panel"];
    const ConstMatMap at = map_mat(anchors);
    const LabelBoxes b =
        place_labels({at.col(0), at.col(1), at.col(2), at.col(3), at.col(4), at.col(5),
                      Rcpp::as<std::vector<int>>(side)},
                     {boxes("texts"), boxes("points"), boxes("lines"), map_vec(panel)});
    return Rcpp::List::create(
        Rcpp::_["left"] = wrap_vec(b.left), Rcpp::_["bottom"] = wrap_vec(b.bottom),
        Rcpp::_["right"] = wrap_vec(b.right), Rcpp::_["top"] = wrap_vec(b.top),
        Rcpp::_["covered"] = Rcpp::wrap(b.covered));
  });
}
