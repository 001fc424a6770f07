#include "core/model/mv_tied.hpp"

#include <algorithm>
#include <utility>

#include "core/errors.hpp"
#include "core/model/mv_starts.hpp"

namespace metaparity::mv {

namespace {

// A likelihood whose parameters are equal in sets.
class TiedLikelihood : public MvLikelihood {
 public:
  TiedLikelihood(MvLikelihood& whole, IndexVec set, Index size)
      : whole_(whole), set_(std::move(set)), size_(size) {}
  Index size() const override { return size_; }
  double cost() const override { return whole_.cost(); }
  MvMean mean(const Vec& psi) override { return whole_.mean(apart(psi)); }
  MvSlope slope(const Vec& psi, bool restricted, bool exact) override {
    const MvSlope all = whole_.slope(apart(psi), restricted, exact);
    const Index n = static_cast<Index>(set_.size());
    MvSlope out{Vec::Zero(size_), Mat::Zero(size_, size_)};
    for (Index i = 0; i < n; ++i) {
      out.score[set_[at(i)]] += all.score[i];
      for (Index j = 0; j < n; ++j)
        out.information(set_[at(i)], set_[at(j)]) += all.information(i, j);
    }
    return out;
  }
  Vec apart(const Vec& psi) const {
    Vec out(static_cast<Index>(set_.size()));
    for (std::size_t i = 0; i < set_.size(); ++i) out[static_cast<Index>(i)] = psi[set_[i]];
    return out;
  }
  // The first of each set.
  Vec together(const Vec& psi) const {
    Vec out(size_);
    for (Index i = static_cast<Index>(set_.size()) - 1; i >= 0; --i) out[set_[at(i)]] = psi[i];
    return out;
  }

 private:
  MvLikelihood& whole_;
  IndexVec set_;
  Index size_;
};

// Sets of equal parameters: numbered in the order of their first member.
IndexVec sets_of(const IndexVec& ties, Index& count) {
  IndexVec out, seen;
  for (Index t : ties) {
    const auto found = std::find(seen.begin(), seen.end(), t);
    out.push_back(static_cast<Index>(found - seen.begin()));
    if (found == seen.end()) seen.push_back(t);
  }
  count = static_cast<Index>(seen.size());
  return out;
}

}  // namespace

void search_tied(const MvModel& model, const std::vector<MvCluster>& clusters,
                 const MvLayout& layout, const MvSpec& spec, Search& out) {
  const std::unique_ptr<MvLikelihood> whole = mv_block_likelihood(model, clusters, layout);
  Index count = 0;
  const IndexVec set = sets_of(model.ties, count);
  TiedLikelihood tied(*whole, set, count);
  const MvBox all = box_of(layout);
  MvBox box{tied.together(all.lower), tied.together(all.upper), std::vector<char>(at(count), 0)};
  for (std::size_t i = 0; i < set.size(); ++i)
    if (all.fixed[i]) box.fixed[at(set[i])] = 1;
  const double excess = excess_variance(model);
  const Vec own = own_start(model, layout, excess);
  if (own.size() > 0) out.take(mv_climb(tied, box, tied.together(own), spec.restricted));
  for (const Start& start : starts_of(model, true))
    out.take(mv_climb(tied, box, tied.together(start_values(model, layout, start, excess)),
                      spec.restricted));
  for (std::size_t t = 0; t < layout.shapes.size(); ++t) {
    const Index range = layout.shapes[t].range();
    if (range < 0 || !out.best.valid) continue;
    int maxima = 0;
    out.take(mv_scan(tied, box, out.best.psi, set[at(layout.offset[t] + range)],
                     layout.shapes[t].range_grid(41), range_values(layout.shapes[t]),
                     spec.restricted, maxima));
    out.maxima = std::max(out.maxima, maxima);
  }
  if (!out.best.valid)
    throw NotConverged("no start has a likelihood: the variances are not positive definite");
  out.best.psi = tied.apart(out.best.psi);
}

}  // namespace metaparity::mv
