#include "core/model/mv_model.hpp"

#include <array>
#include <map>
#include <numeric>
#include <utility>

#include "core/errors.hpp"

namespace metaparity {

namespace {

// Disjoint sets with paths halved (Tarjan & van Leeuwen 1984).
class Sets {
 public:
  explicit Sets(Index n) : parent_(at(n)) { std::iota(parent_.begin(), parent_.end(), Index{0}); }
  Index find(Index i) {
    while (parent_[at(i)] != i) {
      parent_[at(i)] = parent_[at(parent_[at(i)])];
      i = parent_[at(i)];
    }
    return i;
  }
  void join(Index i, Index j) { parent_[at(find(i))] = find(j); }

 private:
  IndexVec parent_;
};

void join_sampling(Sets& sets, const SamplingV& V) {
  for (std::size_t b = 0; b < V.blocks.size(); ++b) {
    const Mat& block = V.blocks[b];
    const IndexVec& rows = V.rows[b];
    for (Index j = 0; j < block.cols(); ++j) {
      for (Index i = j + 1; i < block.rows(); ++i) {
        if (block(i, j) != 0.0) sets.join(rows[at(i)], rows[at(j)]);
      }
    }
  }
}

// Levels of a known matrix that are related, directly or through others, belong together.
IndexVec level_groups(const MvTerm& term) {
  Sets levels(term.levels);
  for (Index j = 0; j < term.known.cols(); ++j) {
    for (Index i = j + 1; i < term.known.rows(); ++i) {
      if (term.known(i, j) != 0.0) levels.join(i, j);
    }
  }
  IndexVec out(at(term.levels));
  for (Index i = 0; i < term.levels; ++i) out[at(i)] = levels.find(i);
  return out;
}

void join_term(Sets& sets, const MvTerm& term) {
  const bool related = term.known.size() > 0;
  const IndexVec group = related ? level_groups(term) : IndexVec{};
  std::map<std::pair<Index, Index>, Index> first;
  IndexVec first_outer;
  for (std::size_t i = 0; i < term.outer.size(); ++i) {
    if (!related) {
      const std::size_t o = at(term.outer[i]);
      if (o >= first_outer.size()) first_outer.resize(o + 1, -1);
      if (first_outer[o] < 0) {
        first_outer[o] = static_cast<Index>(i);
      } else {
        sets.join(static_cast<Index>(i), first_outer[o]);
      }
      continue;
    }
    const auto found = first.emplace(std::make_pair(term.outer[i], group[at(term.inner[i])]),
                                     static_cast<Index>(i));
    if (!found.second) sets.join(static_cast<Index>(i), found.first->second);
  }
}

// Where each row stands in the blocks of V.
void fill_sampling(std::vector<MvCluster>& clusters, const SamplingV& V, Index n) {
  if (V.is_diagonal()) return;
  IndexVec block(at(n)), place(at(n));
  for (std::size_t b = 0; b < V.rows.size(); ++b) {
    for (std::size_t i = 0; i < V.rows[b].size(); ++i) {
      block[at(V.rows[b][i])] = static_cast<Index>(b);
      place[at(V.rows[b][i])] = static_cast<Index>(i);
    }
  }
  for (MvCluster& c : clusters) {
    const Index m = static_cast<Index>(c.rows.size());
    c.V = Mat::Zero(m, m);
    for (Index j = 0; j < m; ++j) {
      const Index rj = c.rows[at(j)];
      for (Index i = 0; i < m; ++i) {
        const Index ri = c.rows[at(i)];
        if (block[at(ri)] == block[at(rj)])
          c.V(i, j) = V.blocks[at(block[at(ri)])](place[at(ri)], place[at(rj)]);
      }
    }
  }
}

template <class T>
std::vector<T> picked(const std::vector<T>& x, const IndexVec& keep) {
  std::vector<T> out;
  out.reserve(keep.size());
  for (Index i : keep) out.push_back(x[at(i)]);
  return out;
}

Mat picked_rows(const Mat& x, const IndexVec& keep) {
  Mat out(static_cast<Index>(keep.size()), x.cols());
  for (std::size_t i = 0; i < keep.size(); ++i) out.row(static_cast<Index>(i)) = x.row(keep[i]);
  return out;
}

SamplingV picked_sampling(const SamplingV& V, const IndexVec& keep) {
  SamplingV out;
  out.diagonal = picked_rows(V.diagonal, keep);
  if (V.is_diagonal()) return out;
  IndexVec now(at(V.diagonal.size()), -1);
  for (std::size_t i = 0; i < keep.size(); ++i) now[at(keep[i])] = static_cast<Index>(i);
  for (std::size_t b = 0; b < V.blocks.size(); ++b) {
    IndexVec rows, places;
    for (std::size_t i = 0; i < V.rows[b].size(); ++i) {
      const Index place = now[at(V.rows[b][i])];
      if (place < 0) continue;
      rows.push_back(place);
      places.push_back(static_cast<Index>(i));
    }
    if (rows.empty()) continue;
    const Index m = static_cast<Index>(rows.size());
    Mat block(m, m);
    for (Index j = 0; j < m; ++j) {
      for (Index i = 0; i < m; ++i) block(i, j) = V.blocks[b](places[at(i)], places[at(j)]);
    }
    out.blocks.push_back(std::move(block));
    out.rows.push_back(std::move(rows));
  }
  return out;
}

constexpr std::array<std::pair<const char*, MvStruct>, 16> kStructs{{{"CS", MvStruct::CS},
                                                                     {"HCS", MvStruct::HCS},
                                                                     {"UN", MvStruct::UN},
                                                                     {"ID", MvStruct::ID},
                                                                     {"DIAG", MvStruct::DIAG},
                                                                     {"AR", MvStruct::AR},
                                                                     {"HAR", MvStruct::HAR},
                                                                     {"CAR", MvStruct::CAR},
                                                                     {"SPEXP", MvStruct::SPEXP},
                                                                     {"SPGAU", MvStruct::SPGAU},
                                                                     {"SPLIN", MvStruct::SPLIN},
                                                                     {"SPRAT", MvStruct::SPRAT},
                                                                     {"SPSPH", MvStruct::SPSPH},
                                                                     {"GEN", MvStruct::GEN},
                                                                     {"GDIAG", MvStruct::GDIAG},
                                                                     {"known", MvStruct::Known}}};

}  // namespace

std::vector<MvCluster> mv_clusters(const MvModel& model) {
  const Index n = model.y.size();
  Sets sets(n);
  join_sampling(sets, model.V);
  for (const MvTerm& term : model.terms) join_term(sets, term);
  std::vector<MvCluster> out;
  IndexVec number(at(n), -1);
  for (Index i = 0; i < n; ++i) {
    Index& c = number[at(sets.find(i))];
    if (c < 0) {
      c = static_cast<Index>(out.size());
      out.emplace_back();
    }
    out[at(c)].rows.push_back(i);
  }
  fill_sampling(out, model.V, n);
  return out;
}

SamplingV mv_sampling(const MatRef& V) {
  const Index n = V.rows();
  MvModel model;
  model.y = Vec::Zero(n);
  model.V.diagonal = V.diagonal();
  IndexVec all(at(n));
  std::iota(all.begin(), all.end(), Index{0});
  model.V.blocks.push_back(V);
  model.V.rows.push_back(std::move(all));
  SamplingV out;
  out.diagonal = V.diagonal();
  bool diagonal = true;
  for (MvCluster& c : mv_clusters(model)) {
    diagonal = diagonal && c.rows.size() == 1;
    out.rows.push_back(std::move(c.rows));
    out.blocks.push_back(std::move(c.V));
  }
  if (diagonal) {
    out.rows.clear();
    out.blocks.clear();
  }
  return out;
}

MvModel mv_subset(const MvModel& model, const IndexVec& keep) {
  MvModel out;
  out.y = picked_rows(model.y, keep);
  out.X = picked_rows(model.X, keep);
  out.V = picked_sampling(model.V, keep);
  out.beta = model.beta;
  out.ties = model.ties;
  if (model.restricted.size() > 0) out.restricted = picked_rows(model.restricted, keep);
  for (const MvTerm& term : model.terms) {
    MvTerm part = term;
    if (!term.general()) part.inner = picked(term.inner, keep);
    part.outer = picked(term.outer, keep);
    if (term.general()) part.design = picked_rows(term.design, keep);
    out.terms.push_back(std::move(part));
  }
  if (model.weights.size() == 0) return out;
  const Index m = static_cast<Index>(keep.size());
  out.weights.resize(m, m);
  for (Index j = 0; j < m; ++j) {
    for (Index i = 0; i < m; ++i) out.weights(i, j) = model.weights(keep[at(i)], keep[at(j)]);
  }
  return out;
}

Index mv_tau2_count(MvStruct structure, Index levels) {
  switch (structure) {
    case MvStruct::HCS:
    case MvStruct::UN:
    case MvStruct::DIAG:
    case MvStruct::HAR:
    case MvStruct::GEN:
    case MvStruct::GDIAG:
      return levels;
    case MvStruct::CS:
    case MvStruct::ID:
    case MvStruct::AR:
    case MvStruct::CAR:
    case MvStruct::SPEXP:
    case MvStruct::SPGAU:
    case MvStruct::SPLIN:
    case MvStruct::SPRAT:
    case MvStruct::SPSPH:
    case MvStruct::Known:
      return 1;
  }
  return 1;
}

Index mv_rho_count(MvStruct structure, Index levels) {
  switch (structure) {
    case MvStruct::ID:
    case MvStruct::DIAG:
    case MvStruct::GDIAG:
    case MvStruct::Known:
      return 0;
    case MvStruct::UN:
    case MvStruct::GEN:
      return levels * (levels - 1) / 2;
    case MvStruct::CS:
    case MvStruct::HCS:
    case MvStruct::AR:
    case MvStruct::HAR:
    case MvStruct::CAR:
    case MvStruct::SPEXP:
    case MvStruct::SPGAU:
    case MvStruct::SPLIN:
    case MvStruct::SPRAT:
    case MvStruct::SPSPH:
      return 1;
  }
  return 0;
}

MvStruct mv_struct(const std::string& word) {
  for (const auto& row : kStructs) {
    if (word == row.first) return row.second;
  }
  throw InvalidInput("struct", "is not known: " + word);
}

namespace {

void need(bool holds, const char* what) {
  if (!holds) throw InvalidInput("x", std::string("is damaged: in its `mv`, ") + what);
}

bool empty_or(Index size, Index wanted) { return size == 0 || size == wanted; }

bool square(const Mat& x, Index size) { return x.rows() == size && x.cols() == size; }

void check_term(const MvTerm& t, Index n) {
  need(static_cast<Index>(t.outer.size()) == n, "a term has not one outer level for each row");
  need(t.levels >= 1, "a term has no levels");
  // Levels are numbered among all rows of the data, of which some were left out.
  check_mv_rows(t.outer, Index{1} << 30);
  if (t.general()) {
    need(t.design.rows() == n && t.design.cols() == t.levels, "a design is of another size");
  } else {
    need(static_cast<Index>(t.inner.size()) == n, "a term has not one inner level for each row");
    check_mv_rows(t.inner, t.levels);
  }
  need(t.distance.size() == 0 || square(t.distance, t.levels), "distances are of another size");
  need(t.known.size() == 0 || square(t.known, t.levels), "a known matrix is of another size");
  const Index tau2 = mv_tau2_count(t.structure, t.levels),
              rho = mv_rho_count(t.structure, t.levels);
  need(t.tau2.size() == tau2 && t.rho.size() == rho, "a term has another number of components");
  need(empty_or(t.tau2_start.size(), tau2) && empty_or(t.rho_start.size(), rho),
       "starting values are of another number");
}

void check_sampling(const SamplingV& V, Index n) {
  need(V.diagonal.size() == n, "there is not one sampling variance for each row");
  need(V.blocks.size() == V.rows.size(), "blocks of V lack their rows");
  for (std::size_t b = 0; b < V.blocks.size(); ++b) {
    need(square(V.blocks[b], static_cast<Index>(V.rows[b].size())),
         "a block of V is of another size");
    check_mv_rows(V.rows[b], n);
  }
}

}  // namespace

void check_mv_rows(const IndexVec& rows, Index bound) {
  for (const Index row : rows) need(row >= 0 && row < bound, "a row or level is not there");
}

void check_mv_model(const MvModel& model) {
  const Index n = model.y.size(), p = model.X.cols();
  need(n > 0 && model.X.rows() == n, "y and X are of different lengths");
  check_sampling(model.V, n);
  Index components = 0;
  for (const MvTerm& t : model.terms) {
    check_term(t, n);
    components += t.tau2.size() + t.rho.size();
  }
  need(model.weights.size() == 0 || square(model.weights, n), "weights are of another size");
  need(empty_or(model.beta.size(), p), "coefficients are of another number");
  need(empty_or(static_cast<Index>(model.ties.size()), components), "ties are of another number");
  check_mv_rows(model.ties, components);
}

void check_mv_values(const MvModel& model, const std::vector<Vec>& tau2,
                     const std::vector<Vec>& rho) {
  need(tau2.size() == model.terms.size() && rho.size() == model.terms.size(),
       "components are of another number");
  for (std::size_t t = 0; t < tau2.size(); ++t) {
    need(tau2[t].size() == model.terms[t].tau2.size() && rho[t].size() == model.terms[t].rho.size(),
         "components are of another number");
  }
}

}  // namespace metaparity
