#include "core/effect/absolute_risk.hpp"

#include <algorithm>
#include <cmath>

#include "core/linalg/distributions.hpp"

namespace metaparity {

namespace {

double quantile_of_alpha() { return critical_value(0.95, kNaN); }
double quantile_of_power() { return critical_value(0.60, kNaN); }

bool is_risk(double x) { return x > 0.0 && x < 1.0; }

}  // namespace

double corresponding_risk(double risk, double effect, RiskMeasure measure) {
  if (std::isnan(risk) || std::isnan(effect)) return kNaN;
  switch (measure) {
    case RiskMeasure::OR: {
      if (risk == 1.0) return 1.0;
      const double odds = risk / (1.0 - risk) * effect;
      return std::isinf(odds) ? 1.0 : odds / (1.0 + odds);
    }
    case RiskMeasure::HR:
      return -std::expm1(effect * std::log1p(-risk));
    case RiskMeasure::RD:
      return std::clamp(risk + effect, 0.0, 1.0);
    case RiskMeasure::RR:
      return std::min(risk * effect, 1.0);
    case RiskMeasure::IRR:
      return risk * effect;
  }
  return kNaN;
}

double size_of_risks(double risk, double other) {
  if (!is_risk(risk) || !is_risk(other) || risk == other) return kNaN;
  const double middle = (risk + other) / 2.0;
  const double root = quantile_of_alpha() * std::sqrt(2.0 * middle * (1.0 - middle)) +
                      quantile_of_power() * std::sqrt(risk * (1.0 - risk) + other * (1.0 - other));
  return 2.0 * std::ceil(std::pow(root / (risk - other), 2));
}

double size_of_means(double delta) {
  if (std::isnan(delta) || delta == 0.0) return kNaN;
  return 2.0 * std::ceil(2.0 * std::pow((quantile_of_alpha() + quantile_of_power()) / delta, 2));
}

double events_of_hazards(double ratio) {
  if (!(ratio > 0.0) || ratio == 1.0) return kNaN;
  return std::ceil(4.0 *
                   std::pow((quantile_of_alpha() + quantile_of_power()) / std::log(ratio), 2));
}

}  // namespace metaparity
