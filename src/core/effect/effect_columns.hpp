// The columns of raw data by name, as every family of effect sizes takes them.
#pragma once

#include <map>
#include <string>

#include "core/effect/effect_common.hpp"

namespace metaparity {

// Columns of one length; a column that was not given has size 0.
class StudyColumns {
 public:
  void set(const std::string& name, const double* values, Index size);
  void drop(const std::string& name) { columns_.erase(name); }
  bool has(const std::string& name) const { return columns_.count(name) > 0; }
  VecRef operator[](const std::string& name) const;
  Index size() const { return size_; }

 private:
  std::map<std::string, Eigen::Map<const Vec>> columns_;
  Vec none_;
  Index size_ = 0;
};

// The part of `total` that `given` leaves; a value of the part itself comes first.
Vec complement_of(const StudyColumns& x, const std::string& part, const std::string& total,
                  const std::string& given);

// Where `first` has no value, that of `second`.
Vec first_of(const VecRef& first, const VecRef& second);

struct EffectEntry {
  const char* measure;
  Effects (*compute)(const StudyColumns&, const EffectSpec&);
};

}  // namespace metaparity
