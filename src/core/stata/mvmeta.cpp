#include "core/stata/mvmeta.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "core/linalg/box_newton.hpp"
#include "core/linalg/dense.hpp"
#include "core/model/mv_fit.hpp"
#include "core/ranges.hpp"
#include "core/stata/mvmeta_moments.hpp"

namespace metaparity {
namespace {

using Studies = std::vector<MvmetaStudy>;

Mat taken(const Mat& a, const std::vector<Index>& at) {
  const Index n = static_cast<Index>(at.size());
  Mat out(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j)
      out(i, j) = a(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]);
  }
  return out;
}

// What the marginal covariance is made of: Sigma and its derivatives in all parameters.
struct Between {
  Mat value;
  std::vector<Mat> first;
  std::vector<std::vector<Mat>> second;
};

Between between(const SigmaForm& form, const Vec& theta) {
  Between out;
  out.value = form.value(theta);
  const Index m = form.size();
  for (Index j = 0; j < m; ++j) {
    out.first.push_back(form.first(theta, j));
    out.second.emplace_back();
    for (Index k = 0; k <= j; ++k) out.second.back().push_back(form.second(theta, j, k));
  }
  return out;
}

// The overall correlation: cells of M are Sigma_ab f_a f_b with f = sqrt(1 + s / Sigma_aa); f and its derivatives by
// Sigma_aa.
struct Stretch {
  Vec f, d1, d2;
};

Stretch stretch(const Mat& sigma, const Vec& s) {
  const Vec q = sigma.diagonal();
  Stretch out;
  out.f = (1.0 + s.array() / q.array()).sqrt();
  out.d1 = -s.array() / (2.0 * q.array().square() * out.f.array());
  out.d2 = s.array() / (q.array().cube() * out.f.array()) -
           s.array().square() / (4.0 * q.array().pow(4) * out.f.array().cube());
  return out;
}

Between stretched(const Between& in, const Vec& s) {
  const Stretch g = stretch(in.value, s);
  const std::size_t m = in.first.size();
  std::vector<Vec> f1;
  for (const Mat& d : in.first) f1.push_back(g.d1.cwiseProduct(d.diagonal()));
  const auto outer = [](const Vec& a, const Vec& b) -> Mat { return a * b.transpose(); };
  const auto both = [&](const Vec& a, const Vec& b) -> Mat { return outer(a, b) + outer(b, a); };
  Between out;
  out.value = in.value.cwiseProduct(outer(g.f, g.f));
  for (std::size_t j = 0; j < m; ++j) {
    out.first.push_back(in.first[j].cwiseProduct(outer(g.f, g.f)) +
                        in.value.cwiseProduct(both(f1[j], g.f)));
    out.second.emplace_back();
    for (std::size_t k = 0; k <= j; ++k) {
      const Vec f2 =
          g.d2.cwiseProduct(in.first[j].diagonal()).cwiseProduct(in.first[k].diagonal()) +
          g.d1.cwiseProduct(in.second[j][k].diagonal());
      out.second.back().push_back(in.second[j][k].cwiseProduct(outer(g.f, g.f)) +
                                  in.first[j].cwiseProduct(both(f1[k], g.f)) +
                                  in.first[k].cwiseProduct(both(f1[j], g.f)) +
                                  in.value.cwiseProduct(both(f2, g.f) + both(f1[j], f1[k])));
    }
  }
  return out;
}

// The errors of a study that share a huge part, as those against an arm without information do: differences from the
// first make it numbers of their own size, once and for all.
Mat differences(const MvmetaStudy& s) {
  const Index n = s.y.size();
  Mat out = Mat::Identity(n, n);
  out.col(0).tail(n - 1).setConstant(-1.0);
  for (Index j = 1; j < n; ++j)
    if (!(s.S(0, 0) > 1e3 * std::fabs(s.S(0, 0) + s.S(j, j) - 2.0 * s.S(0, j)))) return Mat();
  return n > 1 ? out : Mat();
}

MvmetaStudy steadied(MvmetaStudy s) {
  s.T = differences(s);
  if (s.T.size() == 0) return s;
  s.y = (s.T * s.y).eval();
  s.X = (s.T * s.X).eval();
  s.S = (s.T * s.S * s.T.transpose()).eval();
  return s;
}

Mat within(const Mat& a, const MvmetaStudy& s) {
  const Mat own = taken(a, s.at);
  return s.T.size() == 0 ? own : Mat(s.T * own * s.T.transpose());
}

Between of_study(const Between& all, const MvmetaStudy& s, bool overall) {
  Between out;
  out.value = within(all.value, s);
  for (const Mat& d : all.first) out.first.push_back(within(d, s));
  for (const auto& row : all.second) {
    out.second.emplace_back();
    for (const Mat& d : row) out.second.back().push_back(within(d, s));
  }
  if (overall) return stretched(out, s.S.diagonal());
  out.value += s.S;
  return out;
}

// The likelihood at theta with the mean that belongs to it.
struct Joint {
  bool valid = false;
  double value = -kInf;
  Vec beta, score;
  Mat bread;   // of the mean when Sigma is known
  Mat across;  // second derivatives: mean by theta
  Mat within;  // theta by theta
};

struct Sums {
  Mat A;
  Vec b;
  std::vector<Mat> W;
  double log_det = 0.0;
  Index n = 0;
};

bool add_study(Sums& sums, const Mat& M, const MvmetaStudy& s) {
  const SymmetricInverse inverse = invert_symmetric(M);
  if (!inverse.positive || !std::isfinite(inverse.log_det)) return false;
  sums.W.push_back(inverse.inverse);
  sums.log_det += inverse.log_det;
  sums.A += s.X.transpose() * inverse.inverse * s.X;
  sums.b += s.X.transpose() * (inverse.inverse * s.y);
  sums.n += s.y.size();
  return true;
}

class Likelihood {
 public:
  Likelihood(const Studies& studies, const SigmaForm& form, const MvmetaSpec& spec)
      : studies_(studies), form_(form), spec_(spec) {}

  Joint at(const Vec& theta) const {
    const Between all = between(form_, theta);
    if (spec_.overall && !(all.value.diagonal().minCoeff() > 0.0)) return {};
    std::vector<Between> own;
    Sums sums = empty_sums();
    for (const MvmetaStudy& s : studies_) {
      own.push_back(of_study(all, s, spec_.overall));
      if (!add_study(sums, own.back().value, s)) return {};
    }
    Joint out = mean_of(sums);
    if (out.valid) derive(out, sums, own);
    return out;
  }

 private:
  const Studies& studies_;
  const SigmaForm& form_;
  const MvmetaSpec& spec_;

  Sums empty_sums() const {
    const Index q = studies_.front().X.cols();
    Sums out;
    out.A = Mat::Zero(q, q);
    out.b = Vec::Zero(q);
    return out;
  }

  Joint mean_of(const Sums& sums) const {
    Joint out;
    const SymmetricInverse inverse = invert_symmetric(sums.A);
    if (!inverse.positive) return out;
    out.bread = inverse.inverse;
    out.beta = inverse.inverse * sums.b;
    double q = 0.0;
    for (std::size_t i = 0; i < studies_.size(); ++i) {
      const Vec r = studies_[i].y - studies_[i].X * out.beta;
      q += r.dot(sums.W[i] * r);
    }
    const double n = static_cast<double>(sums.n - (spec_.restricted ? sums.A.rows() : Index{0}));
    out.value = -0.5 * (n * std::log(2.0 * kPi) + sums.log_det + q);
    if (spec_.restricted) out.value -= 0.5 * inverse.log_det;
    out.valid = std::isfinite(out.value);
    return out;
  }

  void derive(Joint& out, const Sums& sums, const std::vector<Between>& own) const {
    const Index m = form_.size(), q = sums.A.rows();
    out.score = Vec::Zero(m);
    out.across = Mat::Zero(q, m);
    out.within = Mat::Zero(m, m);
    std::vector<Mat> slopes(static_cast<std::size_t>(m), Mat::Zero(q, q));
    for (std::size_t i = 0; i < studies_.size(); ++i)
      derive_study(out, slopes, studies_[i], sums.W[i], own[i]);
    for (Index j = 0; spec_.restricted && j < m; ++j) {
      const Mat bj = out.bread * slopes[static_cast<std::size_t>(j)];
      out.score[j] += 0.5 * bj.trace();
      for (Index k = 0; k <= j; ++k)
        out.within(j, k) += 0.5 * (bj * out.bread * slopes[static_cast<std::size_t>(k)]).trace();
    }
    out.within = Mat(out.within.selfadjointView<Eigen::Lower>());
  }

  // One study's share; of the restricted likelihood the parts that are linear in the study.
  void derive_study(Joint& out, std::vector<Mat>& slopes, const MvmetaStudy& s, const Mat& W,
                    const Between& own) const {
    const Vec e = W * (s.y - s.X * out.beta);
    const Mat WX = W * s.X;
    const Mat hat = spec_.restricted ? Mat(WX * out.bread * WX.transpose())
                                     : Mat(Mat::Zero(W.rows(), W.rows()));
    std::vector<Mat> wd;
    for (std::size_t j = 0; j < own.first.size(); ++j) {
      const Mat& D = own.first[j];
      const Index row = static_cast<Index>(j);
      wd.emplace_back(W * D);
      out.score[row] += 0.5 * (e.dot(D * e) - wd[j].trace());
      out.across.col(row) -= WX.transpose() * (D * e);
      slopes[j] += WX.transpose() * D * WX;
      for (std::size_t k = 0; k <= j; ++k) {
        const Mat& D2 = own.second[j][k];
        const Mat twice = own.first[k] * wd[j];  // D_k W D_j
        out.within(row, static_cast<Index>(k)) +=
            0.5 * ((W * twice).trace() - (W * D2).trace() + e.dot(D2 * e)) - e.dot(twice * e) +
            0.5 * (hat.cwiseProduct(D2).sum() - 2.0 * hat.cwiseProduct(twice).sum());
      }
    }
  }
};

Expansion profile(const Joint& at) {
  Expansion out;
  if (!at.valid) return out;
  out.value = at.value;
  out.gradient = at.score;
  out.hessian = at.within + at.across.transpose() * at.bread * at.across;
  return out;
}

// The best Sigma of all by the core's search, which holds certificates of its rank.
Vec best_factor(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec) {
  MvModel model;
  const Studies studies = mvmeta_studies(data);
  MvTerm term;
  term.structure = MvStruct::UN;
  term.levels = data.outcomes;
  term.tau2 = Vec::Constant(mv_tau2_count(term.structure, term.levels), kNaN);
  term.rho = Vec::Constant(mv_rho_count(term.structure, term.levels), kNaN);
  Index pair = 0;
  for (Index c = 0; c < term.levels; ++c) {
    if (!form.free_cell(c, c)) term.tau2[c] = 0.0;
    for (Index r = c + 1; r < term.levels; ++r, ++pair)
      if (!form.free_cell(r, c)) term.rho[pair] = 0.0;
  }
  term.tau2_start = Vec::Constant(term.tau2.size(), kNaN);
  term.rho_start = Vec::Constant(term.rho.size(), kNaN);
  Index n = 0;
  for (const MvmetaStudy& s : studies) n += s.y.size();
  model.y.resize(n);
  model.X.resize(n, data.X.cols());
  model.V.diagonal.resize(n);
  Index row = 0;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const MvmetaStudy& s = studies[i];
    const Index size = s.y.size();
    model.y.segment(row, size) = s.y;
    model.X.middleRows(row, size) = s.X;
    model.V.diagonal.segment(row, size) = s.S.diagonal();
    IndexVec rows;
    for (Index j = 0; j < size; ++j) {
      rows.push_back(row + j);
      term.inner.push_back(s.at[static_cast<std::size_t>(j)]);
      term.outer.push_back(static_cast<Index>(i));
    }
    model.V.blocks.push_back(s.S);
    model.V.rows.push_back(rows);
    row += size;
  }
  model.terms.push_back(term);
  MvSpec how;
  how.restricted = spec.restricted;
  return form.near(fit_mv(model, how).G.front());
}

std::vector<Vec> starts(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec) {
  std::vector<Vec> out;
  if (form.kind() == SigmaKind::Unstructured && !spec.overall && form.outcomes() > 1) {
    out.push_back(best_factor(data, form, spec));
    // Where cells are fixed the search has no certificate.
    if (form.size() == form.outcomes() * (form.outcomes() + 1) / 2) return out;
  }
  const MvmetaMoments moments = mvmeta_moments_each(data);
  Vec size = moments.Sigma.diagonal();
  const Vec sampling = mvmeta_typical(data);
  for (Index j = 0; j < size.size(); ++j)
    if (!(size[j] > 0.01 * sampling[j])) size[j] = 0.1 * sampling[j];
  const double n = static_cast<double>(form.outcomes());
  std::vector<double> correlations = {0.0};
  if (form.kind() == SigmaKind::Unstructured || form.kind() == SigmaKind::Exchangeable)
    correlations = {0.0, 0.5, -0.5 / std::max(1.0, n - 1.0), 0.9};
  for (const double scale : {1.0, 0.05, 10.0}) {
    for (const double rho : correlations) {
      const Vec sd = (scale * size).cwiseSqrt();
      Mat sigma = rho * sd * sd.transpose();
      sigma.diagonal() = sd.cwiseAbs2();
      out.push_back(form.near(sigma));
    }
  }
  return out;
}

// Standard deviations that the search drove to nothing are 0.
Vec snapped(const Likelihood& likelihood, const SigmaForm& form, const BoxMaximum& best) {
  Vec out = best.x;
  const Vec size = form.value(best.x).diagonal().cwiseMax(0.0).cwiseSqrt();
  for (Index j = 0; j < out.size(); ++j) {
    if (out[j] == 0.0 || std::fabs(out[j]) > 1e-4 * std::max(size.maxCoeff(), 1.0)) continue;
    Vec zero = out;
    zero[j] = 0.0;
    const Joint there = likelihood.at(zero);
    if (there.valid && there.value >= best.at.value - 1e-12 * std::fabs(best.at.value)) out = zero;
  }
  return out;
}

// The sign of a column of the factor, and of a standard deviation, is free: it is given as positive.
Vec positive(const SigmaForm& form, const Vec& theta) {
  if (form.kind() == SigmaKind::Unstructured) {
    Vec out = theta;
    Index at = 0;
    for (Index c = 0; c < form.outcomes(); ++c) {
      Index size = 0;
      for (Index r = c; r < form.outcomes(); ++r) size += form.free_cell(r, c) ? 1 : 0;
      if (size > 0 && out[at] < 0.0) out.segment(at, size) = -out.segment(at, size);
      at += size;
    }
    return out;
  }
  if (form.kind() == SigmaKind::Exchangeable || form.kind() == SigmaKind::Proportional) {
    Vec out = theta;
    out[0] = std::fabs(out[0]);
    return out;
  }
  return form.kind() == SigmaKind::Correlation && (theta.array() <= 0.0).all() ? Vec(-theta)
                                                                               : theta;
}

// The inverse of the information of mean and theta; directions without curvature carry nothing.
void set_variances(MvmetaFit& out, const Joint& at) {
  const Index q = at.beta.size(), m = at.score.size();
  out.vb = at.bread;
  out.vb_full = Mat::Constant(q + m, q + m, kNaN);
  out.vb_full.topLeftCorner(q, q) = at.bread;
  if (m == 0) return;
  const Mat information = -profile(at).hessian;
  const Vec d = information.diagonal().cwiseAbs().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  const Eigen::SelfAdjointEigenSolver<Mat> eigen(d.asDiagonal() * information * d.asDiagonal());
  const double floor = 1e-9 * eigen.eigenvalues().cwiseAbs().maxCoeff();
  Vec inverse = Vec::Zero(m);
  for (Index j = 0; j < m; ++j) {
    if (eigen.eigenvalues()[j] > floor)
      inverse[j] = 1.0 / eigen.eigenvalues()[j];
    else
      out.flat = true;
  }
  const Mat theta = d.asDiagonal() * eigen.eigenvectors() * inverse.asDiagonal() *
                    eigen.eigenvectors().transpose() * d.asDiagonal();
  const Mat lead = at.bread * at.across;
  out.vb_full.topLeftCorner(q, q) += lead * theta * lead.transpose();
  out.vb_full.topRightCorner(q, m) = lead * theta;
  out.vb_full.bottomLeftCorner(m, q) = (lead * theta).transpose();
  out.vb_full.bottomRightCorner(m, m) = theta;
}

void set_mean(MvmetaFit& out, const Joint& at, const SigmaForm& form) {
  out.beta = at.beta;
  out.Sigma = form.value(out.theta);
  out.slopes.resize(out.Sigma.size(), form.size());
  for (Index j = 0; j < form.size(); ++j) {
    const Mat d = form.first(out.theta, j);
    out.slopes.col(j) = Eigen::Map<const Vec>(d.data(), d.size());
  }
  out.ll = at.value;
  set_variances(out, at);
}

BoxMaximum search(const Likelihood& likelihood, const std::vector<Vec>& from, MvmetaFit& out) {
  const Index m = from.front().size();
  const Box open{Vec::Constant(m, -kInf), Vec::Constant(m, kInf)};
  BoxMaximum best;
  std::vector<double> found;
  for (const Vec& start : from) {
    const BoxMaximum one = maximise_in_box(
        [&](const Vec& theta) { return profile(likelihood.at(theta)); }, start, open);
    if (!std::isfinite(one.at.value)) continue;
    out.iterations += one.iterations;
    if (one.converged) found.push_back(one.at.value);
    if (best.x.size() == 0 || one.at.value > best.at.value) best = one;
  }
  if (best.x.size() == 0) throw NotConverged("the likelihood could not be evaluated at any start");
  out.converged = best.converged;
  std::sort(found.begin(), found.end());
  for (std::size_t i = 1; i < found.size(); ++i)
    if (found[i] - found[i - 1] > 1e-6 * (1.0 + std::fabs(found[i]))) ++out.maxima;
  return best;
}

}  // namespace

std::vector<MvmetaStudy> mvmeta_studies(const MvmetaData& data) {
  Studies out;
  const Index p = data.outcomes;
  check_fits(p > 0 && data.S.cols() == p * p && data.y.size() == p * data.S.rows() &&
                 data.X.rows() == data.y.size(),
             "b");
  for (Index i = 0; i < data.S.rows(); ++i) {
    MvmetaStudy s;
    for (Index j = 0; j < p; ++j)
      if (!std::isnan(data.y[i * p + j])) s.at.push_back(j);
    const Index n = static_cast<Index>(s.at.size());
    if (n == 0) continue;
    const Vec row = data.S.row(i).transpose();
    const Mat all = Eigen::Map<const Mat>(row.data(), p, p);
    s.S = taken(all, s.at);
    s.y.resize(n);
    s.X.resize(n, data.X.cols());
    for (Index j = 0; j < n; ++j) {
      const Index from = i * p + s.at[static_cast<std::size_t>(j)];
      s.y[j] = data.y[from];
      s.X.row(j) = data.X.row(from);
    }
    out.push_back(s);
  }
  if (out.empty()) throw InvalidInput("b", "has no estimate");
  return out;
}

MvmetaFit fit_mvmeta(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec) {
  Studies studies = mvmeta_studies(data);
  if (!spec.overall)
    for (MvmetaStudy& s : studies) s = steadied(std::move(s));
  const Likelihood likelihood(studies, form, spec);
  MvmetaFit out;
  if (form.size() == 0) {
    const Joint at = likelihood.at(Vec());
    if (!at.valid) throw SingularDesign("the coefficients cannot be told apart");
    set_mean(out, at, form);
    return out;
  }
  const BoxMaximum best = search(likelihood, starts(data, form, spec), out);
  out.theta = positive(form, snapped(likelihood, form, best));
  set_mean(out, likelihood.at(out.theta), form);
  return out;
}

MvmetaWeights mvmeta_weights(const MvmetaData& data, const Mat& sigma) {
  const Studies studies = mvmeta_studies(data);
  const Index q = data.X.cols();
  MvmetaWeights out;
  Mat total = Mat::Zero(q, q);
  std::vector<Mat> lead;
  for (const MvmetaStudy& s : studies) {
    lead.emplace_back(s.X.transpose() * inverse_symmetric(s.S + taken(sigma, s.at)));
    out.information.emplace_back(lead.back() * s.X);
    total += out.information.back();
  }
  const Mat bread = inverse_symmetric(total);
  Index rows = 0;
  for (const MvmetaStudy& s : studies) rows += s.y.size();
  out.coefficients.resize(rows, q);
  Index row = 0;
  for (const Mat& l : lead) {
    out.coefficients.middleRows(row, l.cols()) = (bread * l).transpose();
    row += l.cols();
  }
  return out;
}

}  // namespace metaparity
