// What the families of effect sizes share: the choices in which programs differ, the bookkeeping of
// rows that cannot be computed, and the small-sample factor of a standardised mean difference.
// Source: Hedges (1981) J Educ Stat 6:107, exact and approximate factor. Oracle: metafor.
#pragma once

#include <string>
#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class AddTo { Only0, All, If0All, None };

// The sampling variance of an effect. Cohen, Hedges (= LS3) and Glass are those of metan.
enum class VarType { LS, LS2, LS3, UB, HO, ST, CS, AV, AV2, AVHO, H0, H0a, H0b, MAX, Cohen, Glass };

// What is added to the cells of a table: the same to each, to the events alone (and so to the group
// size once), or in proportion to the own group's size (the mirror of the opposite arm's). KeepFull:
// the same to each, and a study with events in everybody is kept under drop00; its risk ratio is 1.
enum class AddHow { Equal, Events, Opposite, KeepFull };

enum class SmallSample { Exact, Approx, None };

// The standard deviation that divides a mean difference.
enum class Standardiser { Pooled, Control };

struct EffectSpec {
  double add = 0.5;
  AddTo to = AddTo::Only0;
  bool drop00 = false;
  AddHow how = AddHow::Equal;
  std::vector<VarType> vtype{VarType::LS};  // one for all studies, or one for each
  SmallSample j = SmallSample::Exact;
  bool correct = true;  // ratio of means: take off the first-order bias
  Standardiser standardiser = Standardiser::Pooled;
  bool rd_uncorrected =
      false;  // risk difference from the cells as they are; only its variance corrected
};

// Rows that were computed all the same, but that the user should look at.
struct RowNote {
  std::string arg;
  std::vector<int> rows;
  std::string message;
};

// yi and vi are NaN where a value is missing or not estimable; `infinite` has the rows where that
// was an infinite result, `fractional` those with counts that are not whole.
struct Effects {
  Vec yi, vi, ni;
  std::vector<int> infinite, fractional;
  std::vector<RowNote> notes;
};

struct Estimate {
  double yi = kNaN, vi = kNaN;
};

inline VarType vtype_at(const EffectSpec& spec, Index i) {
  return spec.vtype.size() == 1 ? spec.vtype.front() : spec.vtype[static_cast<std::size_t>(i)];
}
bool any_vtype(const EffectSpec& spec, VarType type);
void check_vtype(const EffectSpec& spec, Index k);
[[noreturn]] void unknown_vtype();

// A mean over the studies that have both numbers.
struct StudyMean {
  double sum = 0.0, weight = 0.0;
  void add(double x, double w);
  double value() const { return sum / weight; }
};

inline double sq(double x) { return x * x; }

// Element i of a column; NaN in a column that was not given.
inline double at(const VecRef& x, Index i) { return x.size() > 0 ? x(i) : kNaN; }

// Notes the rows of `x` for which `bad` holds.
template <class Bad>
void note_rows(Effects& out, const VecRef& x, const char* arg, const char* message, Bad&& bad) {
  std::vector<int> rows;
  for (Index i = 0; i < x.size(); ++i) {
    if (bad(x(i))) rows.push_back(static_cast<int>(i));
  }
  if (!rows.empty()) out.notes.push_back({arg, rows, message});
}
void note_small_group(Effects& out, const VecRef& n, const char* arg);
void note_zero_sd(Effects& out, const VecRef& sd, const char* arg);

// Stores row i; an infinite estimate or variance becomes NaN and is noted; a formula may give a negative
// variance in very small studies, which is none.
void store(Effects& out, Index i, const Estimate& e);
Effects make_effects(Index k);

// row(i) gives the Estimate of study i, size(i) its total sample size.
template <class Row, class Size>
Effects each_study(Index k, Row&& row, Size&& size) {
  Effects out = make_effects(k);
  for (Index i = 0; i < k; ++i) {
    store(out, i, row(i));
    out.ni(i) = size(i);
  }
  return out;
}

// Throws InvalidStudies with every offending row; missing values pass.
void require_count(const VecRef& x, const std::string& arg);
void require_finite(const VecRef& x, const std::string& arg);
void require_positive(const VecRef& x, const std::string& arg);
void require_at_least_two(const VecRef& x, const std::string& arg);
void require_at_most_one(const VecRef& x, const std::string& arg);
void require_at_least_one(const VecRef& x, const std::string& arg);
void require_not_negative(const VecRef& x, const std::string& arg);
void require_correlation(const VecRef& x, const std::string& arg);
void require_p_value(const VecRef& x, const std::string& arg);
void require_share(const VecRef& x, const std::string& arg);
void require_length(const VecRef& x, Index k, const std::string& arg);
std::vector<int> fractional_rows(std::initializer_list<const VecRef*> columns);

// total - part, after checking that no part exceeds its total.
Vec complement(const VecRef& total, const VecRef& part, const std::string& total_arg,
               const std::string& part_arg);

// Normal test of each study's effect against h0, and its limits.
struct StudyTests {
  Vec sei, zi, pval, ci_lb, ci_ub;
};
StudyTests study_tests(const VecRef& yi, const VecRef& vi, double h0, double level);

// The factor that makes d unbiased; m degrees of freedom. NaN unless m > 1.
double small_sample_factor(double m, SmallSample form);

}  // namespace metaparity
