// Reference: fit_rma() on the studies of each outcome; one thread against several; rows against runs.
#include <cmath>
#include <random>

#include "catch.h"
#include "core/batch/outcomes.hpp"
#include "core/model/random_effects.hpp"
#include "core/model/subgroup.hpp"
#include "core/tau2/tau2_rules.hpp"

using namespace metaparity;

namespace {

struct Data {
  Mat yi, vi;
};

// Holes, zero variances, scales from 1e-20 to 1e20.
Data hard_outcomes(std::mt19937_64& rng, Index n, Index k) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  Data out{Mat(n, k), Mat(n, k)};
  for (Index i = 0; i < n; ++i) {
    const double scale = i % 5 == 0 ? std::pow(10.0, 40.0 * uniform(rng) - 20.0) : 1.0;
    for (Index j = 0; j < k; ++j) {
      out.vi(i, j) = scale * scale * std::pow(1e-4, uniform(rng));
      out.yi(i, j) = scale * normal(rng);
      if (uniform(rng) < 0.15) out.yi(i, j) = kNaN;
      if (uniform(rng) < 0.02) out.vi(i, j) = 0.0;
    }
  }
  return out;
}

// Columns that own their memory.
struct Memory {
  std::vector<Vec> numbers_;
  std::vector<Eigen::VectorXi> whole_;
  double* numbers(const char*, Index rows, Index columns) {
    return numbers_.emplace_back(rows * columns).data();
  }
  int* whole(const char*, Index rows) { return whole_.emplace_back(rows).data(); }
  double missing() const { return kNaN; }
};
struct OutcomeTable : Memory, OutcomeColumns {
  OutcomeTable(Index n, const OutcomeExtras& extras)
      : OutcomeColumns(make_outcome_columns(n, 1, true, extras, static_cast<Memory&>(*this))) {}
  OutcomeCode code_of(Index i) const { return static_cast<OutcomeCode>(code[i]); }
};
OutcomeTable fitted(const OutcomeStudies& data, const Mat& X, const OutcomeSpec& spec) {
  OutcomeTable out(data.size(), spec.extras);
  fit_outcomes(data, X, spec, out);
  return out;
}

void check_row(const OutcomeTable& out, Index i, const Data& data, const ModelSpec& spec) {
  Vec y(data.yi.cols()), v(data.yi.cols());
  Index k = 0;
  for (Index j = 0; j < data.yi.cols(); ++j) {
    if (std::isnan(data.yi(i, j))) continue;
    y[k] = data.yi(i, j);
    v[k++] = data.vi(i, j);
  }
  const OutcomeCode code = out.code_of(i);
  REQUIRE(out.k[i] == static_cast<int>(k));
  if (k == 0) {
    REQUIRE(code == OutcomeCode::NoStudy);
    return;
  }
  ModelSpec own = spec;
  if (k == 1) own.test = TestType::Z;
  RmaFit fit;
  try {
    fit = fit_rma(y.head(k), v.head(k), Mat::Ones(k, 1), Vec(), own);
  } catch (const std::exception&) {
    REQUIRE(code == OutcomeCode::Failed);
    return;
  }
  REQUIRE(code == OutcomeCode::Fitted);
  const double unit = fit.se[0];
  REQUIRE(out.estimate(i, 0) == Approx(fit.beta[0]).epsilon(1e-12).margin(1e-12 * unit));
  REQUIRE(out.se(i, 0) == Approx(fit.se[0]).epsilon(1e-12));
  REQUIRE(out.tau2[i] == Approx(fit.tau2).epsilon(1e-10).margin(1e-12 * unit * unit));
  REQUIRE(out.pval(i, 0) == Approx(fit.pval[0]).epsilon(1e-9).margin(1e-14));
}

}  // namespace

TEST_CASE("each outcome is fitted as alone") {
  std::mt19937_64 rng(5);
  const Data data = hard_outcomes(rng, 400, 6);
  const Mat ones = Mat::Ones(1, 1);
  for (const Tau2Method method : tau2_methods()) {
    OutcomeSpec spec;
    spec.model.method = method;
    for (const TestType test : {TestType::Z, TestType::KnHa}) {
      spec.model.test = test;
      const OutcomeTable out = fitted(OutcomeStudies::rows(data.yi, data.vi), ones, spec);
      for (Index i = 0; i < data.yi.rows(); ++i) check_row(out, i, data, spec.model);
    }
  }
}

TEST_CASE("threads and the form of the data change nothing") {
  std::mt19937_64 rng(6);
  const Data data = hard_outcomes(rng, 500, 5);
  const Mat ones = Mat::Ones(1, 1);
  OutcomeSpec spec;
  spec.extras.begg = spec.extras.egger = spec.extras.leave1out = true;
  const OutcomeTable one = fitted(OutcomeStudies::rows(data.yi, data.vi), ones, spec);
  spec.threads = 4;
  const OutcomeTable four = fitted(OutcomeStudies::rows(data.yi, data.vi), ones, spec);
  const Mat across = data.yi.transpose(), spread = data.vi.transpose();
  std::vector<Index> start;
  for (Index i = 0; i <= data.yi.rows(); ++i) start.push_back(i * data.yi.cols());
  const Eigen::Map<const Vec> y(across.data(), across.size()), v(spread.data(), spread.size());
  const OutcomeTable runs = fitted(OutcomeStudies::runs(y, v, start), ones, spec);
  for (Index i = 0; i < data.yi.rows(); ++i) {
    REQUIRE(one.code[i] == four.code[i]);
    REQUIRE(one.code[i] == runs.code[i]);
    if (one.code_of(i) != OutcomeCode::Fitted) continue;
    REQUIRE(one.estimate(i, 0) == four.estimate(i, 0));
    REQUIRE(one.estimate(i, 0) == runs.estimate(i, 0));
    REQUIRE((one.begg[i] == runs.begg[i] || std::isnan(one.begg[i])));
  }
}

TEST_CASE(
    "whole rows of a matrix are taken at once, to the last bit of the same outcomes in runs") {
  std::mt19937_64 rng(7);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const Index n = 203, k = 7;
  Mat yi(n, k), vi(n, k);
  for (Index i = 0; i < n * k; ++i) {
    yi.data()[i] = normal(rng);
    vi.data()[i] = std::pow(1e-3, uniform(rng));
  }
  vi(50, 3) = vi(50, 1);  // two most precise studies
  yi.row(70).setConstant(1.0);
  yi(120, 2) = kNaN;  // its neighbours are fitted with it, one by one
  vi(130, 0) = std::numeric_limits<double>::infinity();
  const Mat ones = Mat::Ones(1, 1), across = yi.transpose(), spread = vi.transpose();
  std::vector<Index> start;
  for (Index i = 0; i <= n; ++i) start.push_back(i * k);
  const Eigen::Map<const Vec> y(across.data(), n * k), v(spread.data(), n * k);
  for (const Tau2Method method :
       {Tau2Method::FE, Tau2Method::DL, Tau2Method::ML, Tau2Method::REML}) {
    OutcomeSpec spec;
    spec.model.method = method;
    const OutcomeTable rows = fitted(OutcomeStudies::rows(yi, vi), ones, spec);
    const OutcomeTable runs = fitted(OutcomeStudies::runs(y, v, start), ones, spec);
    for (Index i = 0; i < n; ++i) {
      REQUIRE(rows.code[i] == runs.code[i]);
      REQUIRE(rows.k[i] == runs.k[i]);
      if (rows.code_of(i) != OutcomeCode::Fitted) continue;
      REQUIRE(rows.estimate(i, 0) == runs.estimate(i, 0));
      REQUIRE(rows.tau2[i] == runs.tau2[i]);
      REQUIRE(rows.pval(i, 0) == runs.pval(i, 0));
    }
  }
}

TEST_CASE("runs that do not cover the data are refused") {
  const Vec y = Vec::Ones(3);
  REQUIRE_THROWS(OutcomeStudies::runs(y, y, {0, 2}));
  REQUIRE_THROWS(OutcomeStudies::runs(y, y, {}));
  REQUIRE_THROWS(OutcomeStudies::rows(Mat::Ones(2, 2), Mat::Ones(2, 3)));
}

TEST_CASE("tests between groups leave out groups without an estimate") {
  Mat e(2, 3), s(2, 3);
  e << 0.1, 0.4, kNaN, kNaN, kNaN, kNaN;
  s << 0.2, 0.1, kNaN, kNaN, kNaN, kNaN;
  const OutcomeBetween out = between_groups(e, s);
  Vec a(2), b(2);
  a << 0.1, 0.4;
  b << 0.2, 0.1;
  REQUIRE(out.Q[0] == test_between(a, b).Q);
  REQUIRE(out.df[0] == 1);
  REQUIRE(std::isnan(out.Q[1]));
}
