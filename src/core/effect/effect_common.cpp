#include "core/effect/effect_common.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "core/errors.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {

bool any_vtype(const EffectSpec& spec, VarType type) {
  for (const VarType v : spec.vtype) {
    if (v == type) return true;
  }
  return false;
}

void check_vtype(const EffectSpec& spec, Index k) {
  if (spec.vtype.size() != 1 && static_cast<Index>(spec.vtype.size()) != k) {
    throw InvalidInput("vtype", "must have one element, or one for each study");
  }
}

void unknown_vtype() { throw InvalidInput("vtype", "is not defined for this measure"); }

void store(Effects& out, Index i, const Estimate& e) {
  const bool infinite = std::isinf(e.yi) || std::isinf(e.vi);
  if (infinite) out.infinite.push_back(static_cast<int>(i));
  out.yi(i) = infinite ? kNaN : e.yi;
  out.vi(i) = infinite || e.vi < 0.0 ? kNaN : e.vi;
}

void StudyMean::add(double x, double w) {
  if (std::isnan(x) || std::isnan(w)) return;
  sum += w * x;
  weight += w;
}

void note_small_group(Effects& out, const VecRef& n, const char* arg) {
  note_rows(out, n, arg, "is below 2: such a group has no standard deviation",
            [](double v) { return v < 2.0; });
}

void note_zero_sd(Effects& out, const VecRef& sd, const char* arg) {
  note_rows(out, sd, arg, "is 0", [](double v) { return v == 0.0; });
}

Effects make_effects(Index k) {
  Effects out;
  out.yi.resize(k);
  out.vi.resize(k);
  out.ni = Vec::Constant(k, kNaN);
  return out;
}

namespace {
template <class Bad>
void require(const VecRef& x, const std::string& arg, const char* message, Bad&& bad) {
  std::vector<int> rows;
  for (Index i = 0; i < x.size(); ++i) {
    if (bad(x(i))) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty()) throw InvalidStudies(arg, rows, message);
}
}  // namespace

void require_finite(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be finite", [](double v) { return std::isinf(v); });
}

void require_not_negative(const VecRef& x, const std::string& arg) {
  require(x, arg, "must not be negative", [](double v) { return v < 0.0; });
  require_finite(x, arg);
}

// Above 2^53 a double no longer tells one count from the next.
void require_count(const VecRef& x, const std::string& arg) {
  require_not_negative(x, arg);
  require(x, arg, "must be below 2^53", [](double v) { return v > 0x1.0p53; });
}

void require_positive(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be positive", [](double v) { return v <= 0.0; });
  require_finite(x, arg);
}

void require_at_least_one(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be at least 1", [](double v) { return v < 1.0; });
  require_finite(x, arg);
}

void require_correlation(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be between -1 and 1", [](double v) { return std::fabs(v) > 1.0; });
}

void require_p_value(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be p-values, signed ones between -1 and 1",
          [](double v) { return std::fabs(v) > 1.0; });
}

void require_share(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be between 0 and 1", [](double v) { return v < 0.0 || v > 1.0; });
}

void require_at_least_two(const VecRef& x, const std::string& arg) {
  require(x, arg, "must be at least 2", [](double v) { return v < 2.0; });
  require_finite(x, arg);
}

void require_at_most_one(const VecRef& x, const std::string& arg) {
  require(x, arg, "must not be above 1", [](double v) { return v > 1.0; });
  require_finite(x, arg);
}

void require_length(const VecRef& x, Index k, const std::string& arg) {
  if (x.size() != k) throw InvalidInput(arg, "must be as long as the other columns");
}

std::vector<int> fractional_rows(std::initializer_list<const VecRef*> columns) {
  std::vector<int> rows;
  const Index k = (*columns.begin())->size();
  for (Index i = 0; i < k; ++i) {
    for (const VecRef* x : columns) {
      const double v = (*x)(i);
      if (v != std::floor(v) && !std::isnan(v)) {
        rows.push_back(static_cast<int>(i));
        break;
      }
    }
  }
  return rows;
}

Vec complement(const VecRef& total, const VecRef& part, const std::string& total_arg,
               const std::string& part_arg) {
  require_length(total, part.size(), total_arg);
  require_count(part, part_arg);
  require_count(total, total_arg);
  Vec out = total - part;
  require(out, part_arg, ("must not exceed `" + total_arg + "`").c_str(),
          [](double v) { return v < 0.0; });
  return out;
}

StudyTests study_tests(const VecRef& yi, const VecRef& vi, double h0, double level) {
  const Index k = yi.size();
  StudyTests out{vi.cwiseSqrt(), Vec(k), Vec(k), Vec(k), Vec(k)};
  const double z = critical_value(level, kNaN);
  for (Index i = 0; i < k; ++i) {
    const double se = out.sei(i);
    out.zi(i) = (yi(i) - h0) / se;
    out.pval(i) = std::isnan(out.zi(i)) ? kNaN : normal_two_sided(out.zi(i));
    out.ci_lb(i) = yi(i) - z * se;
    out.ci_ub(i) = yi(i) + z * se;
  }
  return out;
}

// J = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), as a ratio so that large m loses no digits.
double small_sample_factor(double m, SmallSample form) {
  if (form == SmallSample::None) return 1.0;
  if (!(m > 1.0)) return kNaN;
  switch (form) {
    case SmallSample::Exact:
      return 1.0 / (boost::math::tgamma_delta_ratio((m - 1.0) / 2.0, 0.5) * std::sqrt(m / 2.0));
    case SmallSample::Approx:
      return 1.0 - 3.0 / (4.0 * m - 1.0);
    case SmallSample::None:
      return 1.0;
  }
  return kNaN;
}

}  // namespace metaparity
