// The likelihood of a multilevel or multivariate model in its variance parameters, block by block, with analytic score and
// information. Source: Harville (1977, JASA 72, 320); Gilmour, Thompson & Cullis (1995, Biometrics 51, 1440) for the
// average information of large blocks. Oracles: numerical derivatives; the dense likelihood.
#pragma once

#include <memory>

#include "core/model/mv_structure.hpp"

namespace metaparity {

// The mean at given variances.
struct MvMean {
  bool valid = false;  // false where the marginal variance is not positive definite
  Vec beta;
  Mat vb;
  double ml = -kInf, reml = -kInf;  // log-likelihoods, with their constants and log |X'X| / 2
};

struct MvSlope {
  Vec score;
  Mat information;  // observed; of large blocks the average information
};

class MvLikelihood {
 public:
  virtual ~MvLikelihood() = default;
  virtual Index size() const = 0;
  // Of an evaluation, in multiplications.
  virtual double cost() const { return 0.0; }
  // Is the information of slope() the observed one, without being asked for it?
  virtual bool observed() const { return true; }
  // Of an exact slope, in multiplications for each parameter.
  virtual double exact_cost() const { return cost(); }
  // The mean at psi; remembers what slope() needs.
  virtual MvMean mean(const Vec& psi) = 0;
  // At the psi of the last call of mean(), which must have been valid. exact: not the average information.
  virtual MvSlope slope(const Vec& psi, bool restricted, bool exact) = 0;
};

// The shapes of the terms and where their parameters stand.
struct MvLayout {
  std::vector<MvShape> shapes;
  IndexVec offset;
  Index size = 0;
};
// ranks: of each term; 0 for standard deviations and correlations.
MvLayout mv_layout(const MvModel& model, const IndexVec& ranks);

// Dense blocks, one for each cluster of rows.
std::unique_ptr<MvLikelihood> mv_block_likelihood(const MvModel& model,
                                                  const std::vector<MvCluster>& clusters,
                                                  const MvLayout& layout);
// V + sigma2_1 (rows of a group) + sigma2_2 (each row): a matrix of diagonal plus rank one for each cluster, V rotated.
// NULL where the model is another.
std::unique_ptr<MvLikelihood> mv_nested_likelihood(const MvModel& model,
                                                   const std::vector<MvCluster>& clusters);
// Crossed components, known matrices: what links blocks is a matrix of levels, not of rows. NULL where that is no cheaper.
std::unique_ptr<MvLikelihood> mv_crossed_likelihood(const MvModel& model,
                                                    const std::vector<MvCluster>& clusters,
                                                    const MvLayout& layout);

// The marginal variances of each cluster's rows.
std::vector<Mat> mv_marginal(const MvModel& model, const std::vector<MvCluster>& clusters,
                             const MvLayout& layout, const Vec& psi);

}  // namespace metaparity
