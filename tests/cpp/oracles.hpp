// What the tests of the core compare with: relative closeness, derivatives by differences, Simpson's rule, the delta
// method by numbers, and columns of raw data by name.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "core/effect/effect_sizes.hpp"
#include "core/types.hpp"

namespace oracle {

using metaparity::Effects;
using metaparity::EffectSpec;
using metaparity::Index;
using metaparity::Mat;
using metaparity::StudyColumns;
using metaparity::Vec;

// Relative; a margin, since the class wants a difference below it even where both are 0.
inline Approx rel(double x, double epsilon = 1e-12) {
  return Approx(x).epsilon(epsilon).scale(0).margin(1e-300);
}

inline Vec values(std::initializer_list<double> x) {
  Vec out(static_cast<Index>(x.size()));
  Index i = 0;
  for (const double one : x) out[i++] = one;
  return out;
}

// Central differences of two widths, their leading errors taken out.
template <class F>
double slope(F&& f, double x, double width) {
  const double wide = (f(x + width) - f(x - width)) / (2.0 * width), half = 0.5 * width;
  const double near = (f(x + half) - f(x - half)) / (2.0 * half);
  return (4.0 * near - wide) / 3.0;
}

template <class F>
Vec gradient(F&& f, const Vec& x) {
  Vec out(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const auto along = [&](double value) {
      Vec at = x;
      at[i] = value;
      return f(at);
    };
    out[i] = slope(along, x[i], 1e-4 * std::fmax(std::fabs(x[i]), 1e-2));
  }
  return out;
}

// Variance of f(x) when x has the covariances v.
template <class F>
double delta_variance(F&& f, const Vec& x, const Mat& v) {
  const Vec g = gradient(f, x);
  return g.dot(v * g);
}

// Covariances of counts that add up to a fixed total.
inline Mat multinomial(const Vec& counts) {
  return Mat(counts.asDiagonal()) - counts * counts.transpose() / counts.sum();
}

// Simpson's rule on 2 n panels.
template <class F>
double simpson(F&& f, double a, double b, int n) {
  const double h = (b - a) / (2 * n);
  double sum = f(a) + f(b);
  for (int i = 1; i < 2 * n; ++i) sum += (i % 2 ? 4.0 : 2.0) * f(a + i * h);
  return sum * h / 3.0;
}

struct Frame {
  std::vector<std::pair<std::string, std::vector<double>>> data;
  StudyColumns columns() const {
    StudyColumns out;
    for (const auto& c : data)
      out.set(c.first, c.second.data(), static_cast<Index>(c.second.size()));
    return out;
  }
};

inline Effects compute(const char* measure, const Frame& f, const EffectSpec& spec = EffectSpec{}) {
  return metaparity::effect_sizes(measure, f.columns(), spec);
}

inline EffectSpec with(metaparity::VarType type) {
  EffectSpec spec;
  spec.vtype = {type};
  return spec;
}

}  // namespace oracle
