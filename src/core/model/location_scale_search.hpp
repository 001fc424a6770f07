// The maxima of a location-scale likelihood: from several starts, with a log link without bounds, with the identity link in
// the cone of amounts that are not negative. Source: Nocedal & Wright (2006), ch. 16, for working sets. Oracle: many starts.
#pragma once

#include "core/model/location_scale_problem.hpp"

namespace metaparity::location_scale {

bool is_given(const LocationScaleSpec& spec, Index j);

// Given elements of alpha leave a linear set: a = base + N free.
struct Affine {
  Vec base;
  Mat N;
};

Affine free_directions(const Problem& problem, const LocationScaleSpec& spec, Index q);

struct Found {
  Vec a;
  double ll = -kInf;
  std::vector<double> maxima;
  int starts = 0, iterations = 0;
  bool any = false;
};

Found only_point(const Problem& problem, const Affine& set);
Found search_log(const Problem& problem, const LocationScaleSpec& spec, const Affine& set);
// working: the rows of Z whose amount is 0 at the maximum.
Found search_identity(const Problem& problem, const LocationScaleSpec& spec, const Affine& set,
                      std::vector<Index>& working);

Mat null_space(const Mat& rows, Index n);
Mat chosen_rows(const Mat& C, const std::vector<Index>& which);

}  // namespace metaparity::location_scale
