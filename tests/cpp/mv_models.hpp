// Small models of dependent estimates for the tests of the core.
#pragma once

#include <cmath>

#include "core/model/mv_fit.hpp"
#include "hard_data.hpp"

namespace metaparity {

inline MvTerm component(const IndexVec& groups) {
  MvTerm t;
  t.inner = IndexVec(groups.size(), 0);
  t.outer = groups;
  t.tau2 = Vec::Constant(1, kNaN);
  t.rho = Vec();
  return t;
}

inline MvModel base_model(stress::Random& r, Index n, Index p) {
  MvModel m;
  m.y.resize(n);
  m.X = Mat::Ones(n, p);
  m.V.diagonal.resize(n);
  for (Index i = 0; i < n; ++i) {
    m.V.diagonal[i] = r.power10(-2.0, -0.5);
    for (Index j = 1; j < p; ++j) m.X(i, j) = r.normal();
    m.y[i] = 0.3 + 0.6 * r.normal();
  }
  return m;
}

// Rows in groups of `size`; sampling errors within them correlated if `dependent`.
inline MvModel three_level(stress::Random& r, Index n, Index size, bool dependent) {
  MvModel m = base_model(r, n, 2);
  IndexVec group, own;
  double shared = 0.0;
  for (Index i = 0; i < n; ++i) {
    if (i % size == 0) shared = 0.5 * r.normal();
    m.y[i] += shared;
    group.push_back(i / size);
    own.push_back(i);
  }
  m.terms = {component(group), component(own)};
  for (Index from = 0; dependent && from < n; from += size) {
    IndexVec rows;
    Mat block(size, size);
    for (Index i = 0; i < size; ++i) {
      rows.push_back(from + i);
      for (Index j = 0; j < size; ++j)
        block(i, j) =
            (i == j ? 1.0 : 0.5) * std::sqrt(m.V.diagonal[from + i] * m.V.diagonal[from + j]);
    }
    m.V.blocks.push_back(block);
    m.V.rows.push_back(rows);
  }
  return m;
}

// Two groupings that cross.
inline MvModel crossed_model(stress::Random& r, Index n) {
  MvModel m = base_model(r, n, 1);
  IndexVec a, b;
  for (Index i = 0; i < n; ++i) {
    a.push_back(i % 4);
    b.push_back(i / 5);
  }
  m.terms = {component(a), component(b)};
  return m;
}

inline MvModel two_outcomes(stress::Random& r, Index k, MvStruct structure) {
  MvModel m = base_model(r, 2 * k, 2);
  MvTerm t;
  t.structure = structure;
  t.levels = 2;
  t.tau2 = Vec::Constant(mv_tau2_count(structure, 2), kNaN);
  t.rho = Vec::Constant(mv_rho_count(structure, 2), kNaN);
  for (Index i = 0; i < 2 * k; ++i) {
    t.inner.push_back(i % 2);
    t.outer.push_back(i / 2);
    m.X(i, 0) = i % 2 == 0 ? 1.0 : 0.0;
    m.X(i, 1) = i % 2 == 0 ? 0.0 : 1.0;
  }
  m.terms = {t};
  return m;
}

// Random intercepts and slopes of groups of three.
inline MvModel slopes_model(stress::Random& r, Index groups) {
  MvModel m = base_model(r, 3 * groups, 2);
  MvTerm t;
  t.structure = MvStruct::GEN;
  t.levels = 2;
  t.design = m.X;
  t.tau2 = Vec::Constant(2, kNaN);
  t.rho = Vec::Constant(1, kNaN);
  for (Index i = 0; i < 3 * groups; ++i) t.outer.push_back(i / 3);
  m.terms = {t};
  return m;
}

// The marginal variance of all rows.
inline Mat dense_marginal(const MvModel& m, const MvMarginal& marginal) {
  Mat out = Mat::Zero(m.y.size(), m.y.size());
  for (std::size_t c = 0; c < marginal.clusters.size(); ++c) {
    const IndexVec& rows = marginal.clusters[c].rows;
    for (std::size_t j = 0; j < rows.size(); ++j) {
      for (std::size_t i = 0; i < rows.size(); ++i)
        out(rows[i], rows[j]) = marginal.M[c](static_cast<Index>(i), static_cast<Index>(j));
    }
  }
  return out;
}

}  // namespace metaparity
