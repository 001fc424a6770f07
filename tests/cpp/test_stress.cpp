// Iterative estimators on hard data against a dense search in long double: never an exception, never
// the wrong basin, at least ten digits, exactly 0 at the boundary.
// METAPARITY_STRESS=20000 sets the number of data sets; METAPARITY_STRESS_LOG names a file for failures.
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>

#include "catch.h"
#include "core/model/random_effects.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "hard_data.hpp"
#include "reference_tau2.hpp"

using namespace metaparity;
using namespace stress;

namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

struct Estimator {
  Tau2Method method;
  Criterion criterion;
  const char* name;
};
const Estimator kEstimators[] = {{Tau2Method::REML, Criterion::REML, "REML"},
                                 {Tau2Method::ML, Criterion::ML, "ML"},
                                 {tau2_method("EB"), Criterion::Q, "EB"},
                                 {tau2_method("PM"), Criterion::Q, "PM"}};

// The score at `t` is no larger than rounding of its terms makes it.
bool within_rounding(const Reference& ref, Criterion criterion, Real t, Index k) {
  const auto score = ref.score(criterion, t);
  return std::fabs(score.value) <= 64 * kEps * static_cast<Real>(k) * score.size;
}

bool near_root(const Reference& ref, Criterion criterion, Real got, Real root, Index k) {
  if (root == 0 || got == 0) {
    return got == root || within_rounding(ref, criterion, std::max(got, root), k);
  }
  if (std::fabs(got - root) <= 1e-10L * root) return true;
  return ref.condition(criterion, root) > 4e5L && within_rounding(ref, criterion, got, k);
}

// Empty if `got` is right, else what is wrong with it.
std::string verdict(const Reference& ref, Criterion criterion, double got, Index k) {
  std::ostringstream out;
  out.precision(17);
  if (!std::isfinite(got) || got < 0) {
    out << "tau2 = " << got;
    return out.str();
  }
  const Real best = ref.best(criterion);
  if (criterion == Criterion::Q) {
    if (near_root(ref, criterion, got, best, k)) return "";
    out << "tau2 = " << got << ", root " << double(best);
    return out.str();
  }
  const Real lowest = ref.deviance(criterion, best);
  const Real allowed = 1e-9L + 1e-13L * std::fabs(lowest);
  if (ref.deviance(criterion, got) - lowest > allowed) {
    out << "wrong basin: tau2 = " << got << ", global " << double(best) << ", deviance higher by "
        << double(ref.deviance(criterion, got) - lowest);
    return out.str();
  }
  for (Real root : ref.candidates(criterion)) {
    if (ref.deviance(criterion, root) - lowest <= allowed &&
        near_root(ref, criterion, got, root, k))
      return "";
  }
  out << "tau2 = " << got << ", exact " << double(best) << ", condition "
      << double(best > 0 ? ref.condition(criterion, best) : 0);
  return out.str();
}

std::string mean_verdict(const PooledReference& ref, const RmaFit& fit, const DataSet& d) {
  const Real t = fit.tau2;
  const Real expected = Real(d.y[ref.centre()]) + ref.mean(t), se = ref.standard_error(t);
  const Real off = std::fabs(Real(fit.beta[0]) - expected);
  if (off <= 1e-10L * se + 4 * kEps * std::fabs(expected) &&
      std::fabs(Real(fit.se[0]) - se) <= 1e-12L * se) {
    return "";
  }
  std::ostringstream out;
  out.precision(17);
  out << "estimate " << fit.beta[0] << " (se " << fit.se[0] << "), exact " << double(expected)
      << " (se " << double(se) << ")";
  return out.str();
}

std::string describe(const DataSet& d, int seed, const char* estimator, const std::string& what) {
  std::ostringstream out;
  out.precision(17);
  out << d.kind << " set " << seed << " " << estimator << ": " << what << "\n  y = c(";
  for (Index i = 0; i < d.y.size(); ++i) out << (i ? ", " : "") << d.y[i];
  out << ")\n  v = c(";
  for (Index i = 0; i < d.v.size(); ++i) out << (i ? ", " : "") << d.v[i];
  out << ")\n";
  return out.str();
}

RmaFit fit(const DataSet& d, const Mat& X, Tau2Method method) {
  ModelSpec spec;
  spec.method = method;
  return fit_rma(d.y, d.v, X, Vec(), spec);
}

std::string try_pooled(const DataSet& d, const Estimator& e) {
  const PooledReference ref(d.y, d.v);
  try {
    const RmaFit got = fit(d, Mat::Ones(d.y.size(), 1), e.method);
    const std::string wrong = verdict(ref, e.criterion, got.tau2, d.y.size());
    return wrong.empty() ? mean_verdict(ref, got, d) : wrong;
  } catch (const std::exception& error) {
    return std::string("exception: ") + error.what();
  }
}

// One continuous moderator drawn from the set's own seed.
std::string try_regression(const DataSet& d, const Estimator& e, Random r) {
  Mat X = Mat::Ones(d.y.size(), 2);
  for (Index i = 0; i < X.rows(); ++i) X(i, 1) = r.normal();
  try {
    return verdict(RegressionReference(d.y, d.v, X), e.criterion, fit(d, X, e.method).tau2,
                   d.y.size());
  } catch (const std::exception& error) {
    return std::string("exception: ") + error.what();
  }
}

// Counts failures, shows the first and writes all to the file METAPARITY_STRESS_LOG.
class Failures {
 public:
  explicit Failures(const char* mode) {
    if (const char* file = std::getenv("METAPARITY_STRESS_LOG"))
      log_.open(file + std::string(mode));
  }
  void add(const std::string& message) {
    if (log_) log_ << message;
    if (++count_ <= 10) WARN(message);
  }
  int count() const { return count_; }

 private:
  std::ofstream log_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("the stress references solve equal variances") {
  Vec y(3), v(3);
  y << 0.0, 1.0, 3.0;
  v << 1.0, 1.0, 1.0;
  // The sample variance less v, over k - 1 for REML and PM, over k for ML.
  const auto check = [](const Reference& ref) {
    CHECK(double(ref.best(Criterion::REML)) == Approx(7.0 / 3.0 - 1.0).epsilon(1e-15));
    CHECK(double(ref.best(Criterion::Q)) == Approx(7.0 / 3.0 - 1.0).epsilon(1e-15));
    CHECK(double(ref.best(Criterion::ML)) == Approx(14.0 / 9.0 - 1.0).epsilon(1e-15));
  };
  check(PooledReference(y, v));
  check(RegressionReference(y, v, Mat::Ones(3, 1)));
}

TEST_CASE("the two stress references agree") {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const DataSet d = draw(2 * seed);
    const PooledReference pooled(d.y, d.v);
    const RegressionReference regression(d.y, d.v, Mat::Ones(d.y.size(), 1));
    for (const Estimator& e : kEstimators) {
      const Real a = pooled.best(e.criterion), b = regression.best(e.criterion);
      CHECK(std::fabs(a - b) <= 1e-13L * a);
    }
  }
}

TEST_CASE("no exception, no wrong basin, ten digits on hard data") {
  const int sets = how_many("METAPARITY_STRESS", 8000, 400);
  Failures failures("");
  for (int seed = 0; seed < sets; ++seed) {
    const DataSet d = draw(static_cast<std::uint64_t>(seed));
    for (const Estimator& e : kEstimators) {
      const std::string wrong = try_pooled(d, e);
      if (!wrong.empty()) failures.add(describe(d, seed, e.name, wrong));
    }
  }
  INFO(failures.count() << " of " << 4 * sets << " fits are wrong");
  CHECK(sets > 0);
  CHECK(failures.count() == 0);
}

TEST_CASE("no exception, no wrong basin, ten digits with a moderator") {
  const int sets = how_many("METAPARITY_STRESS", 8000, 400) / 20;
  Failures failures(".moderator");
  int fitted = 0;
  for (int seed = 0; fitted < sets; ++seed) {
    const DataSet d = draw(static_cast<std::uint64_t>(seed));
    if (d.y.size() < 4 || d.y.size() > 12 || d.v.maxCoeff() > 1e6 * d.v.minCoeff()) continue;
    ++fitted;
    for (const Estimator& e : kEstimators) {
      const std::string wrong = try_regression(d, e, Random(static_cast<std::uint64_t>(seed)));
      if (!wrong.empty()) failures.add(describe(d, seed, e.name, wrong));
    }
  }
  INFO(failures.count() << " of " << 4 * sets << " fits are wrong");
  CHECK(fitted > 0);
  CHECK(failures.count() == 0);
}
