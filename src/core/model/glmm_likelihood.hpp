// Marginal likelihoods of generalised linear mixed models: one study at a time, by adaptive Gauss-Hermite quadrature,
// with score and information by the identities of Fisher and Louis. Sources: Stijnen, Hamza & Ozdemir (2010, Stat Med
// 29, 3046); Pinheiro & Bates (1995); Louis (1982, JRSS B 44, 226). Oracles: lme4, GLMMadaptive, many points.
#pragma once

#include <memory>
#include <vector>

#include "core/linalg/box_newton.hpp"
#include "core/linalg/gauss.hpp"
#include "core/linalg/hypergeometric.hpp"
#include "core/types.hpp"

namespace metaparity {

enum class ArmKind { Binomial, Poisson, Hypergeometric };

// The linear predictor is offset + fixed'b + own a_i + effect (L v)_1 + level (L v)_2.
struct Arm {
  ArmKind kind = ArmKind::Binomial;
  double events = 0.0, size = 0.0;  // trials, or 1
  double offset = 0.0;
  Vec fixed;
  double own = 0.0, effect = 0.0, level = 0.0;
  double log_constant = 0.0;
  std::shared_ptr<const NoncentralHypergeometric> table;
};

// v has as many elements as the model has random parts: the effect, the level, or both (then L may be triangular).
struct RandomParts {
  bool effect = false, level = false, correlated = false;
  Index dimension() const { return (effect ? 1 : 0) + (level ? 1 : 0); }
  Index parameters() const { return dimension() + (correlated ? 1 : 0); }
};

struct GlmmModel {
  std::vector<std::vector<Arm>> studies;  // of one or two arms
  Index fixed = 0;
  RandomParts random;
  bool own = false;  // each study has a free parameter of its own
};

// Parameters: b, then the elements of L: of the effect; of the level; their product (the level's part of v_1).
// The studies' own parameters are at their maxima given those; `own` holds them. The model must outlive this.
class GlmmLikelihood {
 public:
  GlmmLikelihood(const GlmmModel& model, Index points);
  GlmmLikelihood(GlmmModel&& model, Index points) = delete;
  Expansion operator()(const Vec& x) const;
  double value(const Vec& x) const;  // of a model without own parameters, and without derivatives
  Index size() const { return model_.fixed + model_.random.parameters(); }
  // At the last x: the studies' own parameters and their information.
  const Vec& own() const { return own_; }
  const Vec& own_information() const { return own_information_; }
  const Mat& own_cross() const { return own_cross_; }  // with x, a row for each study
  // The posterior mean and standard deviation of (L v)_1 (which = 0) or (L v)_2 of each study.
  void random_effects(const Vec& x, Index which, Vec& mean, Vec& sd) const;

 private:
  // What the parameters, the own one last, multiply in an arm: load(q, j) times element part[q] of (1, v).
  struct Loads {
    Mat load;
    std::vector<int> part;
  };
  struct Moments;
  void take_study(std::size_t i, const Vec& x, double own, bool derivatives) const;
  template <int D, int J>
  void integrate(std::size_t i, bool derivatives) const;
  template <int D, int J>
  void assemble(const Loads& loads) const;
  void expect_own(const Vec& x) const;
  void settle_own(std::size_t i, const Vec& x) const;

  const GlmmModel& model_;
  Index nodes_;
  Mat standard_;     // nodes of the standard normal, times the root of 2, a column each
  Vec log_weights_;  // with exp(z^2) and the constants
  std::vector<Loads> loads_;
  mutable Vec own_, own_information_;
  mutable Mat own_cross_;
  mutable Vec last_x_;
  mutable Mat modes_;  // a column for each study
  // The study at hand: predictors without random effects, what v adds, integrand and answers at the nodes.
  mutable double base_[2];
  mutable Mat slope_;
  mutable Mat v_, first_, second_;
  mutable Vec logs_;
  mutable Expansion study_;
};

}  // namespace metaparity
