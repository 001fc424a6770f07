// The registry of the estimators of tau2: name, estimate, standard error, what it needs. A new estimator is a source
// of its own and a row in tau2_rules.cpp; R reads its list of methods from here.
#pragma once

#include <string>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

// What a rule may look at. `weights` of size 0 means none.
struct Tau2Data {
  const VecRef& yi;
  const VecRef& vi;
  const MatRef& X;
  const VecRef& weights;
  const ModelSpec& spec;

  double k() const { return static_cast<double>(yi.size()); }
  double df() const { return static_cast<double>(yi.size() - X.cols()); }
};

struct Tau2Found {
  double tau2 = 0.0;
  double se = kNaN;
  bool with_se = false;  // the estimate came with its standard error: se_at() need not be asked
};

struct Tau2Rule {
  const char* name;
  const char* also;  // its other names, separated by spaces
  Tau2Found (*estimate)(const Tau2Data&);
  double (*se_at)(const Tau2Data&, double tau2);  // had it found that tau2; null: not known
  bool needs_positive_v;
};

// By any of its names; throws InvalidInput.
Tau2Method tau2_method(const char* name);
// All that a user may ask for, each name followed by its other names.
std::vector<std::string> tau2_method_names();
// The same without the other names.
std::vector<Tau2Method> tau2_methods();

}  // namespace metaparity
