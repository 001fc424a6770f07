// Unstructured matrices of which a part is given: the correlations of effects that occur together must be those of some
// random effects. A barrier, mu log det of these, keeps a search inside, and leads to the edge as mu goes to 0.
// Source: Fiacco & McCormick (1968), Nonlinear Programming. Oracles: the factored form; a grid.
#pragma once

#include "core/model/mv_likelihood.hpp"

namespace metaparity {

// Three or more effects that occur in one outer level, and where their correlations stand.
struct MvTogether {
  Index levels = 0, from = 0;  // of the term; of its first correlation in psi
  IndexVec use;
  Index place(Index a, Index b) const;  // of the correlation of use[a] and use[b]
  Mat correlations(const Vec& psi) const;
};

// Of the terms that stand by standard deviations and correlations; empty where bounds of each correlation suffice.
std::vector<MvTogether> mv_together(const MvModel& model, const MvLayout& layout);
bool mv_proper(const std::vector<MvTogether>& sets, const Vec& psi);
// psi with free correlations such that it is proper: as near to 0 as need be; empty where there are none.
Vec mv_made_proper(const std::vector<MvTogether>& sets, const Vec& psi,
                   const std::vector<char>& fixed);

class MvBarrier : public MvLikelihood {
 public:
  MvBarrier(MvLikelihood& whole, std::vector<MvTogether> sets, double size)
      : mu(size), whole_(whole), sets_(std::move(sets)) {}
  double mu;
  Index size() const override { return whole_.size(); }
  double cost() const override { return whole_.cost(); }
  bool observed() const override { return whole_.observed(); }
  double exact_cost() const override { return whole_.exact_cost(); }
  MvMean mean(const Vec& psi) override;
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override;

 private:
  MvLikelihood& whole_;
  std::vector<MvTogether> sets_;
};

// How many inner levels of a term at most occur in one outer level.
Index mv_most_together(const MvTerm& term);

}  // namespace metaparity
