// The likelihood written out study by study, its derivatives by differences; numbers of a genuine log (telomerase data).
#include "core/stata/mvmeta.hpp"

#include <Eigen/LU>
#include <cmath>

#include "core/constants.hpp"
#include "core/errors.hpp"
#include "hard_data.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

MvmetaData telomerase() {
  const Vec y1 = values({1.13943433761597, 1.44691896438599, 1.70474803447723, 0.470003634691238,
                         0.855666100978851, 1.44036161899567, 0.186585962772369, 1.50407743453979,
                         1.54044508934021, 1.66500771045685});
  const Vec y2 = values({3.21887588500977, 1.29928302764893, 0.661398470401764, 3.28341436386108,
                         4.91998100280762, 1.3862943649292, 3.21887588500977, 2.19722461700439,
                         2.26868343353271, -1.14513230323792});
  const Vec s1 =
      values({0.165000006556511, 0.308823555707932, 0.0738636329770088, 0.162499994039536,
              0.0838235393166542, 0.137426912784576, 0.0938352346420288, 0.203703701496124,
              0.404761910438538, 0.16988417506218});
  const Vec s2 =
      values({1.03999996185303, 0.424242407083511, 0.0947580635547638, 0.345833301544189,
              1.00729930400848, 0.208333343267441, 2.08000016, 0.55555552, 0.36781612, 0.18831168});
  MvmetaData out;
  out.outcomes = 2;
  out.y.resize(20);
  out.X = Mat::Zero(20, 2);
  out.S = Mat::Zero(10, 4);
  for (Index i = 0; i < 10; ++i) {
    out.y[2 * i] = y1[i];
    out.y[2 * i + 1] = y2[i];
    out.X(2 * i, 0) = out.X(2 * i + 1, 1) = 1.0;
    out.S(i, 0) = s1[i];
    out.S(i, 3) = s2[i];
  }
  return out;
}

// Three outcomes with gaps and covariances.
MvmetaData three_outcomes(stress::Random& r, Index k) {
  MvmetaData out;
  out.outcomes = 3;
  out.y.resize(3 * k);
  out.X = Mat::Zero(3 * k, 4);
  out.S = Mat::Zero(k, 9);
  for (Index i = 0; i < k; ++i) {
    const double shared = r.normal(), x = r.normal();
    Vec s(3);
    for (Index j = 0; j < 3; ++j) {
      s[j] = r.power10(-1.5, -0.7);
      out.y[3 * i + j] = 0.2 * static_cast<double>(j) + 0.5 * shared + 0.4 * r.normal() +
                         std::sqrt(s[j]) * r.normal();
      out.X(3 * i + j, j) = 1.0;
      out.X(3 * i + j, 3) = x;
    }
    for (Index a = 0; a < 3; ++a)
      for (Index b = 0; b < 3; ++b)
        out.S(i, 3 * a + b) = (a == b ? 1.0 : 0.3) * std::sqrt(s[a] * s[b]);
    if (i % 4 == 1) out.y[3 * i + i % 3] = kNaN;
  }
  return out;
}

double log_likelihood(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec,
                      const Vec& at) {
  const Index q = data.X.cols();
  const Mat Sigma = form.value(at.tail(form.size()));
  Mat A = Mat::Zero(q, q);
  double out = 0.0, n = 0.0;
  for (const MvmetaStudy& s : mvmeta_studies(data)) {
    const Index size = s.y.size();
    Mat M = s.S;
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j < size; ++j) {
        const Index a = s.at[static_cast<std::size_t>(i)], b = s.at[static_cast<std::size_t>(j)];
        if (!spec.overall)
          M(i, j) += Sigma(a, b);
        else
          M(i, j) = Sigma(a, b) / std::sqrt(Sigma(a, a) * Sigma(b, b)) *
                    std::sqrt((Sigma(a, a) + s.S(i, i)) * (Sigma(b, b) + s.S(j, j)));
      }
    const Mat W = M.inverse();
    const Vec r = s.y - s.X * at.head(q);
    out -= 0.5 * (std::log(M.determinant()) + r.dot(W * r));
    A += s.X.transpose() * W * s.X;
    n += static_cast<double>(size);
  }
  if (spec.restricted) {
    out -= 0.5 * std::log(A.determinant());
    n -= static_cast<double>(q);
  }
  return out - 0.5 * n * std::log(2.0 * kPi);
}

Mat differences(const MvmetaData& data, const SigmaForm& form, const MvmetaSpec& spec,
                const Vec& at) {
  const Index m = at.size();
  const double h = 1e-4;
  const auto f = [&](Index i, double a, Index j, double b) {
    Vec x = at;
    x[i] += a * h;
    x[j] += b * h;
    return log_likelihood(data, form, spec, x);
  };
  Mat out(m, m);
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < m; ++j)
      out(i, j) = (f(i, 1, j, 1) - f(i, 1, j, -1) - f(i, -1, j, 1) + f(i, -1, j, -1)) / (4 * h * h);
  return out;
}

Vec joined(const MvmetaFit& f) {
  Vec out(f.beta.size() + f.theta.size());
  out << f.beta, f.theta;
  return out;
}

}  // namespace

TEST_CASE("the fit and its variances are those of the likelihood written out") {
  stress::Random r(4);
  const MvmetaData data = three_outcomes(r, 24);
  Mat known = Mat::Constant(3, 3, 0.5);
  known.diagonal().setOnes();
  for (const SigmaKind kind : {SigmaKind::Unstructured, SigmaKind::Proportional,
                               SigmaKind::Correlation, SigmaKind::Exchangeable}) {
    const SigmaForm form(kind, 3, known);
    for (const bool restricted : {true, false}) {
      const MvmetaSpec spec{restricted, false};
      const MvmetaFit fit = fit_mvmeta(data, form, spec);
      CHECK(fit.converged);
      const Vec at = joined(fit);
      CHECK(fit.ll == rel(log_likelihood(data, form, spec, at), 1e-10));
      for (Index j = 0; j < at.size(); ++j) {
        Vec up = at, down = at;
        up[j] += 1e-4;
        down[j] -= 1e-4;
        CHECK(std::fabs(log_likelihood(data, form, spec, up) -
                        log_likelihood(data, form, spec, down)) < 1e-7);
      }
      const Mat inverse = (-differences(data, form, spec, at)).inverse();
      CHECK((inverse - fit.vb_full).cwiseAbs().maxCoeff() < 2e-4 * inverse.cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("one overall correlation needs no covariances") {
  stress::Random r(9);
  const MvmetaData data = three_outcomes(r, 30);
  const SigmaForm form(SigmaKind::Exchangeable, 3, Mat());
  const MvmetaSpec spec{true, true};
  const MvmetaFit fit = fit_mvmeta(data, form, spec);
  const Vec at = joined(fit);
  CHECK(fit.ll == rel(log_likelihood(data, form, spec, at), 1e-10));
  const Mat inverse = (-differences(data, form, spec, at)).inverse();
  CHECK((inverse - fit.vb_full).cwiseAbs().maxCoeff() < 2e-4 * inverse.cwiseAbs().maxCoeff());
}

TEST_CASE("the telomerase data give the numbers of the log, and a correlation of exactly -1") {
  const SigmaForm form(SigmaKind::Unstructured, 2, Mat());
  const MvmetaFit fit = fit_mvmeta(telomerase(), form, {true, false});
  CHECK(std::fabs(fit.ll + 24.415968) < 1e-6);
  CHECK(std::fabs(fit.beta[0] - 1.166187) < 1e-6);
  CHECK(std::fabs(std::sqrt(fit.vb_full(0, 0)) - 0.1863276) < 1e-6);
  CHECK(std::fabs(std::sqrt(fit.vb_full(1, 1)) - 0.5607259) < 1e-6);
  CHECK(std::fabs(std::sqrt(fit.Sigma(0, 0)) - 0.44965665) < 1e-6);
  CHECK(fit.theta[2] == 0.0);
  CHECK(fit.Sigma(0, 1) == rel(-std::sqrt(fit.Sigma(0, 0) * fit.Sigma(1, 1)), 1e-12));
}

TEST_CASE(
    "a huge error that a study's estimates share changes nothing but the likelihood's constant") {
  MvmetaData data = telomerase();
  const SigmaForm form(SigmaKind::Exchangeable, 2, Mat());
  data.S.row(3).array() += 1e6;
  data.S.row(7).array() += 1e6;
  const MvmetaFit fit = fit_mvmeta(data, form, {true, false});
  CHECK(fit.converged);
  data.S.row(3).array() += 1e6;
  data.S.row(7).array() += 1e6;
  const MvmetaFit more = fit_mvmeta(data, form, {true, false});
  CHECK(fit.beta[0] == rel(more.beta[0], 1e-5));
  CHECK(fit.theta[0] == rel(more.theta[0], 1e-5));
}

TEST_CASE("weights are the shares of the studies in the information") {
  const MvmetaData data = telomerase();
  const Mat Sigma = Mat::Identity(2, 2);
  const MvmetaWeights w = mvmeta_weights(data, Sigma);
  Mat total = Mat::Zero(2, 2);
  for (const Mat& one : w.information) total += one;
  const MvmetaFit fit = fit_mvmeta(data, SigmaForm(SigmaKind::Equals, 2, Sigma), {true, false});
  CHECK((total.inverse() - fit.vb).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((w.coefficients.transpose() * data.y - fit.beta).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE(
    "a factor without its lower cell is a fit of each outcome alone when errors are independent") {
  const MvmetaData data = telomerase();
  const MvmetaFit both =
      fit_mvmeta(data, SigmaForm(SigmaKind::Unstructured, 2, Mat::Identity(2, 2)), {true, false});
  CHECK(both.theta.size() == 2);
  CHECK(both.Sigma(0, 1) == 0.0);
  for (Index j = 0; j < 2; ++j) {
    MvmetaData own;
    own.outcomes = 1;
    own.y.resize(10);
    own.X = Mat::Ones(10, 1);
    own.S.resize(10, 1);
    for (Index i = 0; i < 10; ++i) {
      own.y[i] = data.y[2 * i + j];
      own.S(i, 0) = data.S(i, 3 * j);
    }
    const MvmetaFit one =
        fit_mvmeta(own, SigmaForm(SigmaKind::Unstructured, 1, Mat()), {true, false});
    CHECK(both.beta[j] == rel(one.beta[0], 1e-8));
    CHECK(both.Sigma(j, j) == rel(one.Sigma(0, 0), 1e-6));
    CHECK(both.vb_full(j, j) == rel(one.vb_full(0, 0), 1e-6));
  }
}

TEST_CASE("no estimate, no fit") {
  MvmetaData data = telomerase();
  data.y.setConstant(kNaN);
  CHECK_THROWS_AS(fit_mvmeta(data, SigmaForm(SigmaKind::Unstructured, 2, Mat()), {}), InvalidInput);
}
