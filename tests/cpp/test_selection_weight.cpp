// Weights against their formulas and differences, cells against sums of small steps.
#include "core/bias/selection_weight.hpp"

#include <cmath>

#include "catch.h"
#include "core/linalg/distributions.hpp"

using namespace metaparity;

namespace {

const SelectionType kSmooth[] = {SelectionType::Beta,   SelectionType::HalfNormal,
                                 SelectionType::NegExp, SelectionType::Logistic,
                                 SelectionType::Power,  SelectionType::NegExpPower};

}  // namespace

TEST_CASE("derivatives of the log weights are those of differences") {
  for (const SelectionType type : kSmooth) {
    for (const bool threshold : {false, true}) {
      WeightSpec spec{type, false, Vec(), 1e-5};
      if (threshold && type != SelectionType::Beta) spec.steps = Vec::Constant(1, 0.05);
      const SmoothWeight weight(spec);
      const Index d = weight_parameters(spec);
      Vec delta(2);
      delta << 1.3, 0.7;
      delta.conservativeResize(d);
      for (const double z : {-2.0, -0.3, 0.4, 1.1}) {
        const PValue p = p_value(z, spec);
        const LogWeight at = weight.at(p, delta, 0.8);
        for (Index j = 0; j < d; ++j) {
          Vec up = delta, down = delta;
          up[j] += 1e-4;
          down[j] -= 1e-4;
          const LogWeight a = weight.at(p, up, 0.8), b = weight.at(p, down, 0.8);
          CHECK(at.first[j] == Approx((a.value - b.value) / 2e-4).margin(1e-6));
          CHECK(at.second[2 * j] == Approx((a.first[j] - b.first[j]) / 2e-4).margin(1e-6));
          if (d == 2)
            CHECK(at.second[1] == Approx((a.first[1 - j] - b.first[1 - j]) / 2e-4).margin(1e-6));
        }
      }
    }
  }
}

TEST_CASE("cells and nodes cover the line once") {
  for (const bool two_sided : {false, true}) {
    for (const SelectionType type : kSmooth) {
      const WeightSpec spec{type, two_sided, Vec(), type == SelectionType::Beta ? 1e-5 : 0.0, 3.0};
      const WeightCells cells = cells_of(spec);
      double mass = 0.0;
      for (std::size_t c = 0; c < cells.lo.size(); ++c) {
        double moment[5];
        cell_moments(cells.lo[c], cells.hi[c], 0.7, 1.9, moment);
        mass += moment[0];
      }
      for (Index i = 0; i < cells.node.size(); ++i) {
        double moment[5];
        density_moments(cells.node[i], 0.7, 1.9, moment);
        mass += cells.node_weight[i] * moment[0];
      }
      CHECK(mass == Approx(1.0).epsilon(1e-10));
    }
  }
}

TEST_CASE("moments of a cell are the derivatives of its probability") {
  double at[5], up[5], down[5];
  cell_moments(-0.5, 1.2, 0.3, 1.4, at);
  cell_moments(-0.5, 1.2, 0.3 + 1e-4, 1.4, up);
  cell_moments(-0.5, 1.2, 0.3 - 1e-4, 1.4, down);
  for (int n = 0; n < 4; ++n) CHECK(at[n + 1] == Approx((up[n] - down[n]) / 2e-4).margin(1e-7));
  const double e = std::sqrt(1.4);
  CHECK(at[0] == Approx(normal_upper(-0.8 / e) - normal_upper(0.9 / e)).epsilon(1e-12));
}

TEST_CASE("a p value far out keeps its logarithm") {
  const WeightSpec spec{SelectionType::NegExp, false, Vec()};
  const PValue p = p_value(40.0, spec);
  CHECK(p.log_p == Approx(-804.6084420137538).epsilon(1e-10));
  CHECK(p_value(24.99, spec).log_p == Approx(p_value(25.0, spec).log_p).epsilon(1e-3));
}
