#include "core/model/mv_kenward_roger.hpp"

#include <cmath>

#include "core/eigen_solvers.hpp"
#include "core/model/mv_block.hpp"

namespace metaparity {

namespace {

// A component: its term, dG of it, and what its second derivatives need.
struct Component {
  std::size_t term = 0;
  Index psi = -1;                  // parameter of the shape; -1: G is linear in it
  double slope = 1.0, bend = 0.0;  // of psi in the component
  Mat dG;
};

bool open_interval(const Vec& psi, const MvShape& shape) {
  const Vec lower = shape.lower(), upper = shape.upper(), given = shape.given();
  return ((psi.array() > lower.array()) && (psi.array() < upper.array()) && given.array().isNaN())
      .all();
}

bool linear_by_covariances(const MvTerm& t) {
  return t.structure == MvStruct::CS || t.structure == MvStruct::UN || t.structure == MvStruct::GEN;
}

bool by_deviations(const MvTerm& t) {
  return t.structure == MvStruct::HCS || t.structure == MvStruct::HAR ||
         t.structure == MvStruct::UN || t.structure == MvStruct::GEN;
}

bool by_log_range(const MvTerm& t) {
  return t.structure == MvStruct::SPEXP || t.structure == MvStruct::SPGAU ||
         t.structure == MvStruct::SPLIN || t.structure == MvStruct::SPRAT ||
         t.structure == MvStruct::SPSPH;
}

// Variances and covariances: of CS one of each, otherwise one for each entry of G.
void add_linear(const MvTerm& t, std::size_t term, std::vector<Component>& out) {
  const Index q = t.levels;
  const auto add = [&](const Mat& dG) { out.push_back({term, -1, 1.0, 0.0, dG}); };
  if (t.structure == MvStruct::CS) {
    add(Mat::Identity(q, q));
    if (t.rho.size() > 0) add(Mat::Ones(q, q) - Mat::Identity(q, q));
    return;
  }
  for (Index j = 0; j < q; ++j) {
    for (Index i = j; i < q; ++i) {
      Mat dG = Mat::Zero(q, q);
      dG(i, j) = dG(j, i) = 1.0;
      add(dG);
    }
  }
}

// tau2 and rho: standard deviations have d psi / d tau2 = 1 / (2 psi), logarithms d psi / d range = 1 / range.
void add_natural(const MvTerm& t, const MvShape& shape, const Vec& psi, std::size_t term,
                 std::vector<Component>& out) {
  const Vec lower = shape.lower(), upper = shape.upper(), given = shape.given(),
            by_psi = shape.slope(psi);
  const Index tau2 = mv_tau2_count(t.structure, t.levels);
  for (Index j = 0; j < shape.size(); ++j) {
    if (!std::isnan(given[j]) || psi[j] <= lower[j] || psi[j] >= upper[j]) continue;
    Component c{term, j, 1.0 / by_psi[j], 0.0, shape.derivative(psi, j)};
    c.dG *= c.slope;
    // d2 psi / d natural2 = -n'' / n'^3 of natural = n(psi): psi^2 has n'' = 2, exp(psi) n'' = n'.
    if (j < tau2 && by_deviations(t)) c.bend = -2.0 * std::pow(c.slope, 3.0);
    if (j >= tau2 && by_log_range(t)) c.bend = -c.slope * c.slope;
    out.push_back(std::move(c));
  }
}

struct Parts {
  MvLayout layout;
  Vec psi;
  std::vector<Mat> G;
  std::vector<Component> free;
};

Parts parts_of(const MvModel& model, const std::vector<Vec>& tau2, const std::vector<Vec>& rho) {
  Parts out;
  out.layout = mv_layout(model, IndexVec(model.terms.size(), 0));
  out.psi.resize(out.layout.size);
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvShape& shape = out.layout.shapes[t];
    const Vec psi = shape.inner(tau2[t], rho[t]);
    out.psi.segment(out.layout.offset[t], shape.size()) = psi;
    out.G.push_back(shape.value(psi));
    if (linear_by_covariances(model.terms[t]) && open_interval(psi, shape)) {
      add_linear(model.terms[t], t, out.free);
    } else {
      add_natural(model.terms[t], shape, psi, t, out.free);
    }
  }
  return out;
}

// Sums over the blocks: X'WX; X'W M_i WX; X'W M_i W M_j WX; tr(W M_i W M_j); for each pair of columns of X the part of each
// term in WX WX'.
struct Sums {
  bool valid = false;
  Mat xwx;
  std::vector<Mat> first;                // of i
  std::vector<std::vector<Mat>> second;  // of i >= j
  Mat trace;
  std::vector<std::vector<Mat>> spread;  // of a >= b: of each term
};

void add_block(const MvBlock& block, const Parts& parts, Sums& s) {
  const Index m = static_cast<Index>(parts.free.size()), p = s.xwx.rows();
  Mat M = sampling_of(block);
  for (std::size_t t = 0; t < parts.G.size(); ++t) add_term(M, block.terms[t], parts.G[t]);
  const Eigen::LLT<Mat> llt(M);
  s.valid = s.valid && llt.info() == Eigen::Success;
  if (!s.valid) return;
  const Mat WX = llt.solve(block.X);
  s.xwx.noalias() += block.X.transpose() * WX;
  std::vector<Mat> WM, MWX;
  for (Index i = 0; i < m; ++i) {
    Mat Mi = Mat::Zero(block.size(), block.size());
    add_term(Mi, block.terms[parts.free[at(i)].term], parts.free[at(i)].dG);
    MWX.push_back(Mi * WX);
    WM.push_back(llt.solve(Mi));
    s.first[at(i)].noalias() += WX.transpose() * MWX.back();
  }
  for (Index i = 0; i < m; ++i) {
    const Mat WMWX = llt.solve(MWX[at(i)]);
    for (Index j = 0; j <= i; ++j) {
      s.second[at(i)][at(j)].noalias() += WMWX.transpose() * MWX[at(j)];
      s.trace(i, j) += WM[at(i)].cwiseProduct(WM[at(j)].transpose()).sum();
    }
  }
  Index pair = 0;
  for (Index a = 0; a < p; ++a) {
    for (Index b = 0; b <= a; ++b, ++pair) {
      const Mat S = 0.5 * (WX.col(a) * WX.col(b).transpose() + WX.col(b) * WX.col(a).transpose());
      for (std::size_t t = 0; t < parts.G.size(); ++t)
        collect(s.spread[at(pair)][t], block.terms[t], S);
    }
  }
}

Sums sums_of(const MvModel& model, const Parts& parts) {
  const std::size_t m = parts.free.size();
  const Index p = model.X.cols();
  Sums s;
  s.valid = true;
  s.xwx = Mat::Zero(p, p);
  s.first.assign(m, Mat::Zero(p, p));
  s.second.assign(m, std::vector<Mat>(m, Mat::Zero(p, p)));
  s.trace = Mat::Zero(static_cast<Index>(m), static_cast<Index>(m));
  std::vector<Mat> empty;
  for (const Mat& G : parts.G) empty.push_back(Mat::Zero(G.rows(), G.rows()));
  s.spread.assign(at(p * (p + 1) / 2), empty);
  for (const MvCluster& c : mv_clusters(model)) {
    add_block(mv_block(model, c), parts, s);
    if (!s.valid) return s;
  }
  return s;
}

// X'W M_ij W X, M_ij the second derivatives of the marginal variance.
Mat second_derivative(const Sums& s, const Parts& parts, const Component& a, const Component& b) {
  const Index p = s.xwx.rows();
  Mat out = Mat::Zero(p, p);
  if (a.term != b.term || a.psi < 0 || b.psi < 0) return out;
  const MvShape& shape = parts.layout.shapes[a.term];
  const Vec psi = parts.psi.segment(parts.layout.offset[a.term], shape.size());
  Index pair = 0;
  for (Index i = 0; i < p; ++i) {
    for (Index j = 0; j <= i; ++j, ++pair) {
      const Mat& S = s.spread[at(pair)][a.term];
      double value = a.slope * b.slope * shape.curvature(psi, S, a.psi, b.psi);
      if (a.psi == b.psi && a.bend != 0.0) value += a.bend / a.slope * S.cwiseProduct(a.dG).sum();
      out(i, j) = out(j, i) = value;
    }
  }
  return out;
}

// The inverse, scaled to a unit diagonal; empty where it is singular.
Mat scaled_inverse(const Mat& A) {
  const Vec scale = A.diagonal().cwiseAbs().cwiseSqrt().cwiseInverse();
  if (!scale.allFinite()) return Mat();
  const Eigen::LLT<Mat> llt(scale.asDiagonal() * A * scale.asDiagonal());
  if (llt.info() != Eigen::Success || !(llt.matrixLLT().diagonal().minCoeff() > 1e-7)) return Mat();
  const Mat inverse = llt.solve(Mat::Identity(A.rows(), A.rows()));
  return scale.asDiagonal() * inverse * scale.asDiagonal();
}

}  // namespace

MvKenwardRoger mv_kenward_roger(const MvModel& model, const std::vector<Vec>& tau2,
                                const std::vector<Vec>& rho) {
  MvKenwardRoger out;
  const Parts parts = parts_of(model, tau2, rho);
  const Index m = static_cast<Index>(parts.free.size()), p = model.X.cols();
  if (m == 0) return out;
  const Sums s = sums_of(model, parts);
  if (!s.valid) return out;
  out.plain = scaled_inverse(s.xwx);
  if (out.plain.size() == 0) return out;
  const Mat& phi = out.plain;
  // P_i = -X'W M_i WX: the signs of P_i P_j cancel.
  Mat information(m, m);
  for (Index i = 0; i < m; ++i) {
    out.slopes.push_back(phi * s.first[at(i)] * phi);
    for (Index j = 0; j <= i; ++j) {
      const double more = 2.0 * phi.cwiseProduct(s.second[at(i)][at(j)].transpose()).sum() -
                          (phi * s.first[at(i)] * phi).cwiseProduct(s.first[at(j)]).sum();
      information(i, j) = information(j, i) = 0.5 * (s.trace(i, j) - more);
    }
  }
  out.variance = scaled_inverse(information);
  if (out.variance.size() == 0) return out;
  Mat inside = Mat::Zero(p, p);
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j <= i; ++j) {
      Mat one = s.second[at(i)][at(j)] - s.first[at(i)] * phi * s.first[at(j)];
      one -= 0.25 * second_derivative(s, parts, parts.free[at(i)], parts.free[at(j)]);
      inside += (i == j ? 1.0 : 2.0) * out.variance(i, j) * 0.5 * (one + one.transpose());
    }
  }
  out.vb = phi + 2.0 * phi * inside * phi;
  out.valid = out.vb.diagonal().minCoeff() > 0.0 && out.vb.allFinite();
  return out;
}

KenwardRogerTest kenward_roger_test(const MatRef& L, const MatRef& plain,
                                    const std::vector<Mat>& slopes, const MatRef& variance) {
  KenwardRogerTest out;
  const double l = static_cast<double>(L.rows());
  const Eigen::LLT<Mat> llt(L * plain * L.transpose());
  if (L.rows() == 0 || llt.info() != Eigen::Success) return out;
  std::vector<Mat> parts;  // (L phi L')^-1 L phi P_i phi L'
  for (const Mat& slope : slopes) parts.push_back(llt.solve(Mat(L * slope * L.transpose())));
  double a1 = 0.0, a2 = 0.0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < parts.size(); ++j) {
      const double w = variance(static_cast<Index>(i), static_cast<Index>(j));
      a1 += w * parts[i].trace() * parts[j].trace();
      a2 += w * parts[i].cwiseProduct(parts[j].transpose()).sum();
    }
  }
  if (!(a2 > 0.0)) return out;
  const double B = (a1 + 6.0 * a2) / (2.0 * l);
  const double g = ((l + 1.0) * a1 - (l + 4.0) * a2) / ((l + 2.0) * a2);
  const double below = 3.0 * l + 2.0 * (1.0 - g);
  const double c1 = g / below, c2 = (l - g) / below, c3 = (l + 2.0 - g) / below;
  const double mean = 1.0 / (1.0 - a2 / l);
  const double spread =
      2.0 / l * (1.0 + c1 * B) / ((1.0 - c2 * B) * (1.0 - c2 * B) * (1.0 - c3 * B));
  const double ratio = spread / (2.0 * mean * mean);
  // One coefficient: ratio and mean in closed form, whatever the size of a2.
  if (L.rows() == 1) return {2.0 / a2, 1.0};
  out.df = 4.0 + (l + 2.0) / (l * ratio - 1.0);
  // An F of 2 or fewer degrees of freedom has no mean to be matched.
  out.scale = out.df > 2.0 ? out.df / (mean * (out.df - 2.0)) : 1.0;
  return out;
}

}  // namespace metaparity
