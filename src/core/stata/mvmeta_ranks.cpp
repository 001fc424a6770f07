#include "core/stata/mvmeta_ranks.hpp"

#include "core/random.hpp"
#include "core/ranges.hpp"
#include "core/stata/sigma_form.hpp"

namespace metaparity {
namespace {

Vec normals(Random& random, Index n) {
  Vec out(n);
  for (Index j = 0; j < n; ++j) out[j] = random.normal();
  return out;
}

void count(Mat& counts, const Vec& value, bool smallest) {
  for (Index a = 0; a < value.size(); ++a) {
    Index rank = 0;
    for (Index b = 0; b < value.size(); ++b) {
      if (a == b) continue;
      const bool ahead = smallest ? value[b] < value[a] : value[b] > value[a];
      if (ahead || (value[b] == value[a] && b < a)) ++rank;
    }
    counts(a, rank) += 1.0;
  }
}

}  // namespace

std::vector<Mat> rank_counts(const VecRef& beta, const MatRef& vb, const std::vector<Mat>& designs,
                             const MatRef& spread, const RankDraws& how) {
  Random random(how.seed);
  const Mat root = semi_cholesky(vb), between = semi_cholesky(spread);
  const Index lead = how.zero ? 1 : 0;
  check_fits(vb.rows() == beta.size() && vb.cols() == beta.size(), "V");
  for (const Mat& d : designs)
    check_fits(d.cols() == beta.size() && (spread.rows() == 0 || spread.rows() == d.rows()), "X");
  std::vector<Mat> out;
  for (const Mat& d : designs) out.emplace_back(Mat::Zero(d.rows() + lead, d.rows() + lead));
  for (int r = 0; r < how.reps; ++r) {
    const Vec drawn = beta + root * normals(random, beta.size());
    for (std::size_t i = 0; i < designs.size(); ++i) {
      Vec value = Vec::Zero(designs[i].rows() + lead);
      value.tail(designs[i].rows()) = designs[i] * drawn;
      if (spread.rows() > 0)
        value.tail(designs[i].rows()) += between * normals(random, spread.rows());
      count(out[i], value, how.smallest);
    }
  }
  return out;
}

}  // namespace metaparity
