#include "core/model/mv_proper.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/eigen_solvers.hpp"

namespace metaparity {

namespace {

// The inner levels of each outer level: different sets, none within another.
std::vector<IndexVec> level_sets(const MvTerm& term) {
  std::map<Index, std::set<Index>> of;
  for (std::size_t i = 0; i < term.outer.size(); ++i) of[term.outer[i]].insert(term.inner[i]);
  std::set<std::set<Index>> distinct;
  for (const auto& [outer, levels] : of) distinct.insert(levels);
  std::vector<IndexVec> out;
  for (const std::set<Index>& a : distinct) {
    const bool within = std::any_of(distinct.begin(), distinct.end(), [&](const auto& b) {
      return a.size() < b.size() && std::includes(b.begin(), b.end(), a.begin(), a.end());
    });
    if (!within) out.emplace_back(a.begin(), a.end());
  }
  return out;
}

IndexVec all_levels(Index n) {
  IndexVec out;
  for (Index j = 0; j < n; ++j) out.push_back(j);
  return out;
}

double log_det(const Mat& R) {
  const Eigen::LLT<Mat> llt(R);
  if (llt.info() != Eigen::Success) return -kInf;
  return 2.0 * Mat(llt.matrixL()).diagonal().array().log().sum();
}

double least_eigenvalue(const Mat& R) {
  return Eigen::SelfAdjointEigenSolver<Mat>(R, Eigen::EigenvaluesOnly).eigenvalues()[0];
}

bool inside(const std::vector<MvTogether>& sets, const Vec& psi) {
  return std::all_of(sets.begin(), sets.end(), [&](const MvTogether& s) {
    return least_eigenvalue(s.correlations(psi)) > 1e-4;
  });
}

// The nearest correlations with eigenvalues of at least 0.01 and those that are given, in turns (Dykstra).
void project(const MvTogether& s, const std::vector<char>& fixed, Vec& psi) {
  const Mat R = s.correlations(psi);
  const Eigen::SelfAdjointEigenSolver<Mat> e(R);
  const Mat near =
      e.eigenvectors() * e.eigenvalues().cwiseMax(0.01).asDiagonal() * e.eigenvectors().transpose();
  for (Index a = 0; a < R.rows(); ++a) {
    for (Index b = a + 1; b < R.rows(); ++b) {
      const Index j = s.place(a, b);
      if (!fixed[at(j)]) psi[j] = std::min(std::max(near(a, b), -0.99), 0.99);
    }
  }
}

}  // namespace

Index MvTogether::place(Index a, Index b) const {
  const Index lo = std::min(use[at(a)], use[at(b)]), hi = std::max(use[at(a)], use[at(b)]);
  return from + lo * levels - lo * (lo + 1) / 2 + hi - lo - 1;
}

Mat MvTogether::correlations(const Vec& psi) const {
  const Index m = static_cast<Index>(use.size());
  Mat R = Mat::Identity(m, m);
  for (Index a = 0; a < m; ++a) {
    for (Index b = a + 1; b < m; ++b) R(a, b) = R(b, a) = psi[place(a, b)];
  }
  return R;
}

std::vector<MvTogether> mv_together(const MvModel& model, const MvLayout& layout) {
  std::vector<MvTogether> out;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    const bool unstructured = term.structure == MvStruct::UN || term.structure == MvStruct::GEN;
    if (!unstructured || layout.shapes[t].rank() > 0 || !term.rho.array().isNaN().any()) continue;
    const std::vector<IndexVec> sets =
        term.general() ? std::vector<IndexVec>{all_levels(term.levels)} : level_sets(term);
    for (const IndexVec& levels : sets) {
      MvTogether s{term.levels, layout.offset[t] + term.levels, {}};
      for (Index j : levels)
        if (!(term.tau2[j] == 0.0)) s.use.push_back(j);
      if (s.use.size() > 2) out.push_back(std::move(s));
    }
  }
  return out;
}

bool mv_proper(const std::vector<MvTogether>& sets, const Vec& psi) {
  return std::all_of(sets.begin(), sets.end(), [&](const MvTogether& s) {
    Mat R = s.correlations(psi);
    for (Index a = 0; a < R.rows(); ++a) {
      // The correlations of an effect without variance have no part in G.
      if (psi[s.from - s.levels + s.use[at(a)]] > 0.0) continue;
      R.row(a).setZero();
      R.col(a).setZero();
    }
    return least_eigenvalue(R) > -1e-9;
  });
}

Vec mv_made_proper(const std::vector<MvTogether>& sets, const Vec& psi,
                   const std::vector<char>& fixed) {
  for (const double share : {1.0, 0.5, 0.2, 0.0}) {
    Vec out = psi;
    for (const MvTogether& s : sets) {
      const Index m = static_cast<Index>(s.use.size());
      for (Index a = 0; a < m; ++a) {
        for (Index b = a + 1; b < m; ++b) {
          const Index j = s.place(a, b);
          if (!fixed[at(j)]) out[j] = share * psi[j];
        }
      }
    }
    if (inside(sets, out)) return out;
  }
  Vec out = psi;
  for (int turn = 0; turn < 500 && !inside(sets, out); ++turn)
    for (const MvTogether& s : sets) project(s, fixed, out);
  return inside(sets, out) ? out : Vec();
}

MvMean MvBarrier::mean(const Vec& psi) {
  double barrier = 0.0;
  for (const MvTogether& s : sets_) barrier += mu * log_det(s.correlations(psi));
  if (!std::isfinite(barrier)) return MvMean();
  MvMean out = whole_.mean(psi);
  out.ml += barrier;
  out.reml += barrier;
  return out;
}

// d log|R| / d r_ij = 2 A_ij and d2 log|R| / d r_ij d r_kl = -2 (A_ik A_jl + A_il A_jk), A the inverse of R.
MvSlope MvBarrier::slope(const Vec& psi, bool restricted, bool exact) {
  MvSlope out = whole_.slope(psi, restricted, exact);
  for (const MvTogether& s : sets_) {
    const Index m = static_cast<Index>(s.use.size());
    const Mat A = Eigen::LLT<Mat>(s.correlations(psi)).solve(Mat::Identity(m, m));
    for (Index i = 0; i < m; ++i) {
      for (Index j = i + 1; j < m; ++j) {
        const Index row = s.place(i, j);
        out.score[row] += 2.0 * mu * A(i, j);
        for (Index k = 0; k < m; ++k) {
          for (Index l = k + 1; l < m; ++l)
            out.information(row, s.place(k, l)) +=
                2.0 * mu * (A(i, k) * A(j, l) + A(i, l) * A(j, k));
        }
      }
    }
  }
  return out;
}

Index mv_most_together(const MvTerm& term) {
  Index out = 0;
  for (const IndexVec& levels : level_sets(term))
    out = std::max(out, static_cast<Index>(levels.size()));
  return out;
}

}  // namespace metaparity
