#include "core/effect/effect_columns.hpp"

#include <cmath>

namespace metaparity {

void StudyColumns::set(const std::string& name, const double* values, Index size) {
  columns_.emplace(name, Eigen::Map<const Vec>(values, size));
  size_ = size;
}

VecRef StudyColumns::operator[](const std::string& name) const {
  const auto it = columns_.find(name);
  if (it == columns_.end()) return none_;
  return it->second;
}

Vec first_of(const VecRef& first, const VecRef& second) {
  if (first.size() == 0) return second;
  Vec out = first;
  for (Index i = 0; i < out.size() && second.size() > 0; ++i) {
    if (std::isnan(out(i))) out(i) = second(i);
  }
  return out;
}

Vec complement_of(const StudyColumns& x, const std::string& part, const std::string& total,
                  const std::string& given) {
  if (!x.has(total)) return x[part];
  return first_of(x[part], complement(x[total], x[given], total, given));
}

}  // namespace metaparity
