#include "core/effect/effect_superiority.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/effect/effect_means.hpp"
#include "core/linalg/distributions.hpp"

namespace metaparity {
namespace {

double normal_lower(double z) { return std::isnan(z) ? kNaN : normal_upper(-z); }
double squared_density(double z) { return std::exp(-z * z) / (2.0 * kPi); }

// ties: the share of tied pairs, NaN or 0 for none.
double area_variance(double a, double n1, double n2, double ties, VarType type) {
  const double pairs = (n1 - 1.0) * (n2 - 1.0);
  switch (type) {
    case VarType::LS: {
      const double half = (n1 + n2) / 2.0 - 1.0;
      return a * (1.0 - a) * (1.0 + half * (1.0 - a) / (2.0 - a) + half * a / (1.0 + a)) / pairs;
    }
    case VarType::LS2: {
      const double q1 = a / (2.0 - a), q2 = 2.0 * a * a / (1.0 + a);
      const double tied = std::isnan(ties) ? 0.0 : 0.25 * ties;
      return (a * (1.0 - a) - tied + (n1 - 1.0) * (q1 - a * a) + (n2 - 1.0) * (q2 - a * a)) / pairs;
    }
    case VarType::H0:
      return (n1 + n2 + 1.0) / (12.0 * n1 * n2);
    case VarType::MAX:
      return a * (1.0 - a) / (std::min(n1, n2) - 1.0);
    default:
      unknown_vtype();
  }
}

Effects area(const StudyColumns& x, const EffectSpec& spec) {
  const VecRef a = x["ai"], n1 = x["n1i"], n2 = x["n2i"], ties = x["mi"];
  require_share(a, "ai");
  require_share(ties, "mi");
  require_at_least_one(n1, "n1i");
  require_at_least_one(n2, "n2i");
  check_vtype(spec, x.size());
  const auto row = [&](Index i) -> Estimate {
    return {a(i), area_variance(a(i), n1(i), n2(i), at(ties, i), vtype_at(spec, i))};
  };
  return each_study(x.size(), row, [&](Index i) { return n1(i) + n2(i); });
}

struct NormalGroups {
  double z, v1, v2, n1, n2;  // z = (m1 - m2) / sqrt(v1 + v2)
};

// Delta method; l1, l2 subjects behind the means, k1, k2 behind the variances.
double binormal_variance(const NormalGroups& x, double l1, double l2, double k1, double k2) {
  const double s = x.v1 + x.v2, z2 = x.z * x.z;
  const double means = (x.v1 / l1 + x.v2 / l2) / s;
  const double spread = z2 * (x.v1 * x.v1 / (2.0 * k1) + x.v2 * x.v2 / (2.0 * k2)) / (s * s);
  return squared_density(x.z) * (means + spread);
}

double binormal_variance(const NormalGroups& x, VarType type) {
  const double m1 = x.n1 - 1.0, m2 = x.n2 - 1.0;
  switch (type) {
    case VarType::LS:
      return binormal_variance(x, m1, m2, m1, m2);
    case VarType::LS2:
      return binormal_variance(x, x.n1, x.n2, x.n1, x.n2);
    case VarType::LS3:
      return binormal_variance(x, x.n1, x.n2, m1, m2);
    case VarType::H0:
      return (x.v1 / m1 + x.v2 / m2) / ((x.v1 + x.v2) * 2.0 * kPi);
    default:
      unknown_vtype();
  }
}

// One variance in both groups; d = z sqrt 2.
Estimate equal_variances(double d, double n1, double n2) {
  const double z = d / std::sqrt(2.0);
  return {normal_lower(z), squared_density(z) * (0.5 / n1 + 0.5 / n2 + d * d / (4.0 * (n1 + n2)))};
}

// d of a given area; NaN outside (0, 1).
double d_of_area(double a) {
  return a > 0.0 && a < 1.0 ? std::sqrt(2.0) * normal_quantile(a) : kNaN;
}

// What one study gives: the area itself, d as given, or means and standard deviations.
struct Superiority {
  double area, given, pooled, diff, v1, v2, n1, n2;
  double z() const {
    const double means = diff / std::sqrt(v1 + v2);
    return std::isnan(means) && area > 0.0 && area < 1.0 ? normal_quantile(area) : means;
  }
};

// A d that is given assumes one variance; else each group has its own, where known.
Estimate binormal_estimate(const Superiority& x, VarType type) {
  const bool own = std::isnan(x.given) && !std::isnan(x.v1 + x.v2) && type != VarType::HO;
  if (own) {
    const double z = x.z();
    return {normal_lower(z), binormal_variance({z, x.v1, x.v2, x.n1, x.n2}, type)};
  }
  return equal_variances(std::isnan(x.pooled) ? d_of_area(x.area) : x.pooled, x.n1, x.n2);
}

Effects binormal(const StudyColumns& x, const EffectSpec& spec) {
  require_share(x["ai"], "ai");
  check_vtype(spec, x.size());
  StudyColumns no_r = x;
  no_r.drop("ri");
  const Vec given = given_differences(no_r), pooled = cohens_d(no_r);
  const VecRef a = x["ai"], n1 = x["n1i"], n2 = x["n2i"];
  const VecRef m1 = x["m1i"], m2 = x["m2i"], s1 = x["sd1i"], s2 = x["sd2i"];
  const auto row = [&](Index i) {
    const Superiority study{at(a, i),      at(given, i),  pooled(i), at(m1, i) - at(m2, i),
                            sq(at(s1, i)), sq(at(s2, i)), n1(i),     n2(i)};
    const Estimate e = binormal_estimate(study, vtype_at(spec, i));
    return Estimate{std::isnan(study.area) ? e.yi : study.area, e.vi};
  };
  return each_study(x.size(), row, [&](Index i) { return n1(i) + n2(i); });
}

// Two occasions: the means by the variance of the change, the variances with covariance r^2 v1 v2.
Effects paired(const StudyColumns& x, const EffectSpec&) {
  const VecRef m1 = x["m1i"], m2 = x["m2i"], s1 = x["sd1i"], s2 = x["sd2i"], n = x["ni"],
               r = x["ri"];
  require_at_least_one(n, "ni");
  require_not_negative(s1, "sd1i");
  require_not_negative(s2, "sd2i");
  require_correlation(r, "ri");
  const auto row = [&](Index i) -> Estimate {
    const double v1 = sq(s1(i)), v2 = sq(s2(i)), s = v1 + v2, diff = m1(i) - m2(i);
    const double change = s - 2.0 * r(i) * s1(i) * s2(i), z = diff / std::sqrt(s);
    const double spread =
        diff * diff * (v1 * v1 + v2 * v2 + 2.0 * sq(r(i)) * v1 * v2) / (2.0 * s * s);
    return {normal_lower(z), squared_density(z) * (change + spread) / (s * (n(i) - 1.0))};
  };
  return each_study(x.size(), row, [&](Index i) { return n(i); });
}

}  // namespace

std::vector<EffectEntry> superiority_entries() {
  return {{"CLES", &area},     {"AUC", &area},      {"CLESN", &binormal},
          {"AUCN", &binormal}, {"CLESCN", &paired}, {"AUCCN", &paired}};
}

}  // namespace metaparity
