// Random inputs, most of them out of bounds, into an entry of the core: it must either throw one of the
// exceptions of errors.hpp or return numbers that are finite or NaN. METAPARITY_FUZZ=100000 sets the
// number of calls for each entry; METAPARITY_FUZZ_FROM=n begins at that call; METAPARITY_FUZZ_TRACE=1
// names each call before it is made, which finds the one that crashes or hangs.
#pragma once

#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "core/errors.hpp"
#include "core/tau2/tau2_rules.hpp"
#include "core/types.hpp"
#include "hard_data.hpp"

namespace fuzz {

using metaparity::Mat;
using metaparity::Vec;
using stress::Random;

inline double wild(Random& r) {
  using limits = std::numeric_limits<double>;
  switch (r.below(16)) {
    case 0:
      return limits::quiet_NaN();
    case 1:
      return limits::infinity();
    case 2:
      return -limits::infinity();
    case 3:
      return 0.0;
    case 4:
      return -0.0;
    case 5:
      return limits::denorm_min();
    case 6:
      return limits::min() * r.uniform();
    case 7:
      return limits::max();
    case 8:
      return -limits::max();
    case 9:
      return r.power10(-300.0, -100.0);
    case 10:
      return r.power10(100.0, 300.0);
    case 11:
      return -r.power10(-5.0, 5.0);
    case 12:
      return 1.0;
    case 13:
      return r.between(-3, 200);
    default:
      return r.normal();
  }
}

// Values of one set: how wild, how large and how coarse they are is drawn once.
class Values {
 public:
  explicit Values(Random& r)
      : r_(r),
        wildness_(r.below(3) ? 0 : r.between(1, 10)),
        scale_(r.below(4) ? 1.0 : r.power10(-150.0, 150.0)),
        coarse_(r.below(4) == 0) {}
  double real() {
    if (r_.below(20) < wildness_) return wild(r_);
    return scale_ * (coarse_ ? r_.between(-1, 1) : r_.normal());
  }
  double positive() {
    if (r_.below(20) < wildness_) return wild(r_);
    return scale_ * (coarse_ ? r_.between(0, 2) : r_.power10(-3.0, 1.0));
  }
  double count() {
    if (r_.below(20) < wildness_) {
      const double x = wild(r_);
      return std::fabs(x) < 1e-5 ? 0.5 : x;
    }
    return r_.below(8) ? r_.between(0, 40) : r_.between(0, 2000000000);
  }
  template <class F>
  Vec fill(int k, F&& value) {
    Vec x(k);
    for (int i = 0; i < k; ++i) x[i] = value();
    return x;
  }
  Vec reals(int k) {
    return fill(k, [this] { return real(); });
  }
  Vec positives(int k) {
    return fill(k, [this] { return positive(); });
  }
  Vec counts(int k) {
    return fill(k, [this] { return count(); });
  }
  // Variances of effects: on the square of the effects' scale, unless that leaves the range of doubles.
  Vec variances(int k) { return positives(k) * (scale_ > 1e-140 && scale_ < 1e140 ? scale_ : 1.0); }

 private:
  Random& r_;
  int wildness_;
  double scale_;
  bool coarse_;
};

// Mostly an intercept and sane columns; sometimes duplicates, zeros or nothing sane.
inline Mat design(Random& r, Values& values, int k) {
  const int p = r.below(3) ? 1 : r.between(0, 4);
  Mat X = Mat::Ones(k, p);
  for (int j = r.below(8) ? 1 : 0; j < p; ++j) {
    X.col(j) = values.reals(k);
    if (r.below(3) == 0) X.col(j) = X.col(r.below(p));
    if (r.below(8) == 0) X.col(j).setZero();
  }
  return X;
}

inline metaparity::ModelSpec any_spec(Random& r, Values& values) {
  metaparity::ModelSpec spec;
  static const std::vector<metaparity::Tau2Method> rules = [] {
    auto all = metaparity::tau2_methods();
    all.push_back(metaparity::Tau2Method::Given);
    return all;
  }();
  spec.method = rules[static_cast<std::size_t>(r.below(static_cast<int>(rules.size())))];
  spec.test = static_cast<metaparity::TestType>(r.below(4));
  if (spec.method == metaparity::Tau2Method::Given) spec.tau2 = std::fabs(values.positive());
  if (!std::isfinite(spec.tau2)) spec.tau2 = 0.0;
  spec.level = r.uniform(0.5, 0.999);
  spec.weighted = r.below(5) != 0;
  if (r.below(6) == 0) spec.q_centre = r.normal();
  return spec;
}

struct Case {
  Vec y, v, weights;
  Mat X;
  metaparity::ModelSpec spec;
};

inline Case any_case(Random& r) {
  Values values(r);
  const int k = r.between(0, 8);
  Case c;
  c.y = values.reals(k);
  c.v = values.variances(r.below(40) ? k : r.between(0, 8));
  c.X = design(r, values, r.below(40) ? k : r.between(0, 8));
  if (r.below(5) == 0) c.weights = values.positives(r.below(20) ? k : r.between(1, 8));
  c.spec = any_spec(r, values);
  c.spec.int_incl = c.X.cols() > 0;
  return c;
}

// Collects what is neither finite nor NaN.
class Judge {
 public:
  void number(const char* name, double x) {
    if (std::isinf(x)) problem_ += std::string(name) + " is infinite; ";
  }
  void numbers(const char* name, const Vec& x) {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      if (std::isinf(x[i])) return number(name, x[i]);
    }
  }
  void holds(const char* name, bool condition) {
    if (!condition) problem_ += std::string(name) + "; ";
  }
  const std::string& problem() const { return problem_; }

 private:
  std::string problem_;
};

// `entry(random, judge)` makes one call. Some calls must be answered and some refused.
template <class F>
void run(F&& entry, bool refuses = true) {
  const int calls = stress::how_many("METAPARITY_FUZZ", 4000, 1500);
  const int from = stress::how_many("METAPARITY_FUZZ_FROM", 0, 0);
  const bool trace = std::getenv("METAPARITY_FUZZ_TRACE") != nullptr;
  int answered = 0, refused = 0, failures = 0;
  for (int call = from; call < from + calls; ++call) {
    Random r(static_cast<std::uint64_t>(call) * 0x9E3779B97F4A7C15ULL + 7);
    Judge judge;
    std::string problem;
    if (trace) std::fprintf(stderr, "call %d\n", call);
    try {
      entry(r, judge);
      problem = judge.problem();
      ++answered;
    } catch (const metaparity::InvalidInput&) {
      ++refused;
    } catch (const metaparity::InvalidStudies&) {
      ++refused;
    } catch (const metaparity::SingularDesign&) {
      ++refused;
    } catch (const metaparity::NotConverged&) {
      ++refused;
    } catch (const std::exception& error) {
      problem = std::string("untyped exception: ") + error.what();
    }
    if (!problem.empty() && ++failures <= 5) WARN("call " << call << ": " << problem);
  }
  INFO(failures << " of " << calls << " calls");
  CHECK(failures == 0);
  CHECK(answered > 0);
  if (refuses) CHECK(refused > 0);
}

}  // namespace fuzz
