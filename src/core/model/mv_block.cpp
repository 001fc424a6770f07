#include "core/model/mv_block.hpp"

namespace metaparity {

MvBlock mv_block(const MvModel& model, const MvCluster& cluster) {
  const Index m = static_cast<Index>(cluster.rows.size());
  MvBlock out;
  out.X.resize(m, model.X.cols());
  out.y.resize(m);
  out.v.resize(m);
  out.V = cluster.V;
  const Mat& restricted = model.restricted.size() > 0 ? model.restricted : model.X;
  out.restricted.resize(m, restricted.cols());
  for (Index i = 0; i < m; ++i) {
    const Index row = cluster.rows[at(i)];
    out.X.row(i) = model.X.row(row);
    out.restricted.row(i) = restricted.row(row);
    out.y[i] = model.y[row];
    out.v[i] = model.V.diagonal[row];
  }
  for (const MvTerm& term : model.terms) {
    MvLocalTerm local;
    if (term.general()) local.design.resize(m, term.levels);
    for (Index i = 0; i < m; ++i) {
      const Index row = cluster.rows[at(i)];
      local.outer.push_back(term.outer[at(row)]);
      if (term.general()) {
        local.design.row(i) = term.design.row(row);
      } else {
        local.inner.push_back(term.inner[at(row)]);
      }
    }
    out.terms.push_back(std::move(local));
  }
  return out;
}

void add_term(Mat& M, const MvLocalTerm& t, const Mat& G) {
  const Index m = M.rows();
  if (t.design.size() > 0) {
    const Mat ZG = t.design * G;
    for (Index j = 0; j < m; ++j) {
      for (Index i = 0; i < m; ++i) {
        if (t.outer[at(i)] == t.outer[at(j)]) M(i, j) += ZG.row(i).dot(t.design.row(j));
      }
    }
    return;
  }
  for (Index j = 0; j < m; ++j) {
    for (Index i = 0; i < m; ++i) {
      if (t.outer[at(i)] == t.outer[at(j)]) M(i, j) += G(t.inner[at(i)], t.inner[at(j)]);
    }
  }
}

void collect(Mat& SG, const MvLocalTerm& t, const Mat& S) {
  const Index m = S.rows();
  for (Index j = 0; j < m; ++j) {
    for (Index i = 0; i < m; ++i) {
      if (t.outer[at(i)] != t.outer[at(j)]) continue;
      if (t.design.size() > 0) {
        SG.noalias() += S(i, j) * t.design.row(i).transpose() * t.design.row(j);
      } else {
        SG(t.inner[at(i)], t.inner[at(j)]) += S(i, j);
      }
    }
  }
}

Mat sampling_of(const MvBlock& b) {
  if (b.V.size() > 0) return b.V;
  return b.v.asDiagonal();
}

Vec times_term(const MvLocalTerm& t, const Mat& D, const Vec& e) {
  const Index m = e.size();
  Vec out = Vec::Zero(m);
  const bool general = t.design.size() > 0;
  const Mat ZD = general ? Mat(t.design * D) : Mat();
  for (Index i = 0; i < m; ++i) {
    for (Index k = 0; k < m; ++k) {
      if (t.outer[at(i)] != t.outer[at(k)]) continue;
      out[i] +=
          e[k] * (general ? ZD.row(i).dot(t.design.row(k)) : D(t.inner[at(i)], t.inner[at(k)]));
    }
  }
  return out;
}

}  // namespace metaparity
