// Derivatives against differences of second order; matrices from their own parameters.
#include "core/stata/sigma_form.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "oracles.hpp"

using namespace metaparity;
using namespace oracle;

namespace {

Mat known() {
  Mat out(3, 3);
  out << 1.0, 0.4, 0.2, 0.4, 1.0, 0.5, 0.2, 0.5, 1.0;
  return out;
}

const std::vector<SigmaKind> kKinds = {SigmaKind::Unstructured, SigmaKind::Proportional,
                                       SigmaKind::Correlation, SigmaKind::Exchangeable};

Vec theta_of(const SigmaForm& form) {
  Vec out(form.size());
  for (Index j = 0; j < out.size(); ++j) out[j] = 0.7 - 0.23 * static_cast<double>(j % 4);
  return out;
}

Mat shifted(const SigmaForm& form, const Vec& theta, Index j, double h) {
  Vec there = theta;
  there[j] += h;
  return form.value(there);
}

}  // namespace

TEST_CASE("derivatives of the forms are those of their values") {
  const double h = 1e-4;
  for (const SigmaKind kind : kKinds) {
    const SigmaForm form(kind, 3, known());
    const Vec theta = theta_of(form);
    for (Index j = 0; j < form.size(); ++j) {
      const Mat slope = (shifted(form, theta, j, h) - shifted(form, theta, j, -h)) / (2.0 * h);
      CHECK((form.first(theta, j) - slope).cwiseAbs().maxCoeff() < 1e-7);
      for (Index k = 0; k < form.size(); ++k) {
        Vec up = theta, down = theta;
        up[k] += h;
        down[k] -= h;
        const Mat second = (form.first(up, j) - form.first(down, j)) / (2.0 * h);
        const Mat own = j >= k ? form.second(theta, j, k) : form.second(theta, k, j);
        CHECK((own - second).cwiseAbs().maxCoeff() < 1e-7);
      }
    }
  }
}

TEST_CASE("near() gives back the parameters of a matrix of the form") {
  for (const SigmaKind kind : kKinds) {
    const SigmaForm form(kind, 3, known());
    Vec theta = theta_of(form);
    if (kind == SigmaKind::Exchangeable) theta << 0.7, 0.3;
    if (kind == SigmaKind::Correlation) theta << 0.7, 0.4, 0.1;
    const Mat value = form.value(theta);
    const Mat again = form.value(form.near(value));
    CHECK((value - again).cwiseAbs().maxCoeff() < 1e-12);
  }
  CHECK(SigmaForm(SigmaKind::Equals, 3, known()).size() == 0);
}

TEST_CASE("cells of the factor that are fixed stay at 0") {
  Mat mask = Mat::Ones(3, 3);
  mask(1, 0) = mask(2, 2) = 0.0;
  const SigmaForm form(SigmaKind::Unstructured, 3, mask);
  CHECK(form.size() == 4);
  CHECK(!form.free_cell(1, 0));
  const Mat value = form.value(values({0.7, 0.2, 0.5, -0.3}));
  CHECK(value(0, 1) == 0.0);
  CHECK((value - form.value(form.near(value))).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("a semi-definite matrix has a factor with zeros") {
  const Vec a = values({1.0, -2.0, 3.0});
  const Mat l = semi_cholesky(a * a.transpose());
  CHECK((l * l.transpose() - a * a.transpose()).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(l(1, 1) == 0.0);
  CHECK(l(2, 2) == 0.0);
  CHECK(semi_cholesky(Mat::Zero(2, 2)).isZero(0.0));
}

TEST_CASE("a form needs its matrix and a known word") {
  CHECK_THROWS_AS(SigmaForm(SigmaKind::Proportional, 2, known()), InvalidInput);
  CHECK_THROWS_AS(sigma_kind("banded"), InvalidInput);
  CHECK(sigma_kind("equals") == SigmaKind::Equals);
}
