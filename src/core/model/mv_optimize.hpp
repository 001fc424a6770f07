// The maximum of a likelihood inside bounds: Newton steps with the observed information, halved until the likelihood rises;
// a parameter that presses on its bound stays there (Karush, Kuhn and Tucker), so that zeros are exact.
// Source: Bertsekas (1982, SIAM J Control Optim 20, 221). Oracle: closed forms; a grid.
#pragma once

#include <functional>

#include "core/model/mv_likelihood.hpp"

namespace metaparity {

struct MvBox {
  Vec lower, upper;
  std::vector<char> fixed;
};

struct MvPeak {
  bool valid = false;
  bool settled = false;  // the conditions of a maximum hold
  bool joined = false;   // on the way to the known maximum, short of which it stopped
  Vec psi;
  double ll = -kInf;
  MvMean mean;
  MvSlope slope;
  int iterations = 0;
};

// From psi uphill; not valid where psi is none.
// known: a maximum found before; a climb that comes so near to it that its quadratic tells the likelihood ends there.
MvPeak mv_climb(MvLikelihood& likelihood, const MvBox& box, const Vec& psi, bool restricted,
                const MvPeak* known = nullptr);
// Of a range parameter with several maxima: the best over a grid, each local one refined. value_at: the parameter at a
// point of the grid's scale.
MvPeak mv_scan(MvLikelihood& likelihood, const MvBox& box, const Vec& psi, Index range,
               const Vec& grid, const std::function<double(double)>& value_at, bool restricted,
               int& maxima);

}  // namespace metaparity
