#include "core/model/mv_split.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <map>

#include "core/constants.hpp"

namespace metaparity {

namespace {

// Levels numbered by first appearance; `level[c]` is the inner level of column c.
IndexVec columns_of(const MvTerm& term, IndexVec& level) {
  const bool related = term.known.size() > 0;
  std::map<Index, Index> number;
  IndexVec out;
  const IndexVec& key = related ? term.inner : term.outer;
  for (Index k : key) {
    const auto found = number.emplace(k, static_cast<Index>(number.size()));
    if (found.second) level.push_back(k);
    out.push_back(found.first->second);
  }
  return out;
}

bool semidefinite(const Mat& R) {
  const Eigen::LDLT<Mat> ldlt(R);
  const Vec d = ldlt.vectorD();
  return ldlt.info() == Eigen::Success && d.minCoeff() >= -1e-10 * d.cwiseAbs().maxCoeff();
}

// A component over levels, or a known matrix over levels of one outer level.
bool can_be_far(const MvTerm& t) {
  if (t.structure != MvStruct::Known) return false;
  if (t.known.size() == 0) return t.levels == 1;
  for (Index o : t.outer) {
    if (o != t.outer.front()) return false;
  }
  return semidefinite(t.known);
}

std::vector<MvFarGroup> far_groups(const MvModel& model) {
  std::vector<MvFarGroup> out;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    const MvTerm& term = model.terms[t];
    if (!can_be_far(term)) continue;
    IndexVec level;
    const IndexVec column = columns_of(term, level);
    const Index q = static_cast<Index>(level.size());
    Mat R;
    if (term.known.size() > 0) {
      R.resize(q, q);
      for (Index j = 0; j < q; ++j) {
        for (Index i = 0; i < q; ++i) R(i, j) = term.known(level[at(i)], level[at(j)]);
      }
    }
    std::size_t g = 0;
    while (g < out.size() && out[g].column != column) ++g;
    if (g == out.size()) {
      out.emplace_back();
      out[g].column = column;
      out[g].size = q;
    }
    out[g].terms.push_back(t);
    out[g].known.push_back(std::move(R));
  }
  return out;
}

double cube(double x) { return x * x * x; }

double split_cost(const std::vector<MvCluster>& clusters, const std::vector<MvFarGroup>& far) {
  double out = 0.0, q = 0.0;
  for (const MvFarGroup& g : far) q += static_cast<double>(g.size);
  for (const MvCluster& c : clusters) {
    const double m = static_cast<double>(c.rows.size());
    out += 2.0 * cube(m) + 200.0;
    for (const MvFarGroup& g : far) out += 2.0 * m * m * std::min(m, static_cast<double>(g.size));
  }
  return out + 5.0 * cube(q);
}

}  // namespace

MvModel mv_near_model(const MvModel& model, const std::vector<MvFarGroup>& far, IndexVec& terms) {
  std::vector<char> out(model.terms.size(), 0);
  for (const MvFarGroup& g : far) {
    for (std::size_t t : g.terms) out[t] = 1;
  }
  MvModel near;
  near.y = model.y;
  near.X = model.X;
  near.V = model.V;
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    if (out[t]) continue;
    near.terms.push_back(model.terms[t]);
    terms.push_back(static_cast<Index>(t));
  }
  return near;
}

MvSplit mv_split(const MvModel& model) {
  const std::vector<MvFarGroup> groups = far_groups(model);
  MvSplit best;
  if (groups.size() > 6) return best;
  for (unsigned set = 1; set < (1U << groups.size()); ++set) {
    std::vector<MvFarGroup> far;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if ((set >> g) & 1U) far.push_back(groups[g]);
    }
    IndexVec terms;
    const double cost = split_cost(mv_clusters(mv_near_model(model, far, terms)), far);
    if (cost < best.cost) best = {std::move(far), cost};
  }
  return best;
}

}  // namespace metaparity
