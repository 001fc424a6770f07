// Conditions of the maximum, identities, and many random starts that must find nothing higher.
#include "core/bias/selection_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "catch.h"
#include "core/bias/selection_likelihood.hpp"
#include "core/errors.hpp"
#include "hard_data.hpp"

using namespace metaparity;

namespace {

// Estimates that survive a weight of their p value.
SelectionData selected_data(stress::Random& r, Index k, double tau, double kept) {
  SelectionData out;
  out.yi.resize(k);
  out.vi.resize(k);
  out.X = Mat::Ones(k, 1);
  for (Index i = 0; i < k;) {
    const double v = r.power10(-2.2, -0.7), y = 0.2 + tau * r.normal() + std::sqrt(v) * r.normal();
    if (y / std::sqrt(v) < 1.96 && r.uniform() > kept) continue;
    out.yi[i] = y;
    out.vi[i] = v;
    ++i;
  }
  return out;
}

SelectionSpec spec_of(SelectionType type) {
  SelectionSpec out;
  out.type = type;
  Index d = 1;
  if (type == SelectionType::Step) {
    out.steps = Eigen::Vector3d(0.025, 0.5, 1.0);
    d = 3;
  }
  if (type == SelectionType::Truncated) out.steps = Vec::Zero(1);
  if (type == SelectionType::Beta || type == SelectionType::NegExpPower) d = 2;
  if (type == SelectionType::Beta || type == SelectionType::Power) out.pval_min = 1e-5;
  out.delta = Vec::Constant(d, kNaN);
  if (type == SelectionType::Step) out.delta[0] = 1.0;
  out.delta_min = Vec::Constant(d, type == SelectionType::Beta ? 1e-5 : 0.0);
  out.delta_max = Vec::Constant(d, 100.0);
  return out;
}

}  // namespace

TEST_CASE("no random start finds a higher likelihood") {
  stress::Random r(29);
  const char* wish = std::getenv("METAPARITY_STRESS");
  const int sets = wish == nullptr ? 8 : std::max(8, std::atoi(wish) / 100);
  for (const SelectionType type :
       {SelectionType::Step, SelectionType::HalfNormal, SelectionType::NegExp,
        SelectionType::Logistic, SelectionType::Power, SelectionType::Beta,
        SelectionType::NegExpPower, SelectionType::Truncated}) {
    for (int set = 0; set < sets; ++set) {
      const SelectionData data =
          selected_data(r, 8 + set % 30, set % 3 == 0 ? 0.0 : 0.3, 0.2 + 0.1 * (set % 8));
      const SelectionSpec spec = spec_of(type);
      const SelectionFit fit = fit_selection(data, spec);
      const SelectionLikelihood f(data, spec, 46.4);  // as fine as the fit itself ever gets
      const auto value = [&](const Vec& x) { return f(x); };
      for (int start = 0; start < 12; ++start) {
        Vec delta(spec.delta.size());
        for (Index j = 0; j < delta.size(); ++j) delta[j] = r.power10(-2.0, 1.5);
        Vec x = f.start(r.power10(-2.0, 1.0), delta);
        x[0] += 2.0 * r.normal();
        const BoxMaximum other = maximise_in_box(value, x, f.box());
        INFO("type " << static_cast<int>(type) << " set " << set << " other " << other.x.transpose()
                     << " fit " << fit.beta << " " << fit.tau2 << " " << fit.delta.transpose());
        if (other.converged) CHECK(fit.ll >= other.at.value + f.ll_shift() - 1e-6);
      }
    }
  }
}

TEST_CASE("at the maximum the conditions hold, and zeros are exact") {
  stress::Random r(5);
  int zeros = 0;
  for (int set = 0; set < 40; ++set) {
    const SelectionData data = selected_data(r, 20, 0.1, 0.5);
    const SelectionFit fit = fit_selection(data, spec_of(SelectionType::Step));
    if (fit.tau2 == 0.0) {
      ++zeros;
      CHECK(fit.gradient[1] <= 1e-8);
      CHECK(std::isnan(fit.vcov(1, 1)));
    } else {
      CHECK(std::fabs(fit.gradient[1]) < 1e-4);
    }
    CHECK(std::fabs(fit.gradient[0]) < 1e-6);
  }
  CHECK(zeros > 0);
}

TEST_CASE("weights given as 1 are no selection") {
  stress::Random r(8);
  const SelectionData data = selected_data(r, 25, 0.3, 1.0);
  SelectionSpec spec = spec_of(SelectionType::Step);
  spec.delta.setOnes();
  CHECK(fit_selection(data, spec).ll == Approx(unselected_ll(data, spec)).epsilon(1e-10));
}

TEST_CASE("damaged input is named") {
  stress::Random r(8);
  SelectionData data = selected_data(r, 5, 0.3, 1.0);
  data.vi[2] = 0.0;
  CHECK_THROWS_AS(fit_selection(data, spec_of(SelectionType::NegExp)), InvalidInput);
}
