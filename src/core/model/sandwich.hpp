// Cluster-robust variances of the coefficients and tests with them. Sources: White (1984) CR0; CR1, CR1p, CR1S are CR0
// times n/(n - 1), n/(n - p), n (k - 1)/((n - 1)(k - p)) for k studies; CR3: jackknife, A = (I - H)^-1; Bell &
// McCaffrey (2002), Pustejovsky & Tipton (2018, J Bus Econ Stat 36, 672) CR2 and Satterthwaite df; Tipton &
// Pustejovsky (2015, J Educ Behav Stat 40, 604), eq 17-19: approximate Hotelling tests. Oracle: metafor, clubSandwich.
#pragma once

#include <vector>

#include "core/types.hpp"

namespace metaparity {

enum class SandwichType { CR0, CR1, CR1p, CR1S, CR2, CR3 };

// Degrees of freedom of a combination: none, n - 1, n - p, Satterthwaite's; the saddlepoint's p value has none.
enum class CoefficientTest { Normal, NaiveT, NaiveTp, Satterthwaite, Saddlepoint };

// F tests of several: their second degrees of freedom are none, n - 1, n - p, those of an approximate T^2 (whose
// Wishart distribution has the total variance of the elements, of all their covariances, of those on one side of the
// diagonal), or what follows from the degrees of freedom of each principal direction.
enum class WaldTest {
  ChiSquare,
  NaiveF,
  NaiveFp,
  Hotelling,
  HotellingA,
  HotellingB,
  EigenF,
  EigenT
};

// What the coefficients were estimated from; `weights` of size 0 means the model's own.
struct SandwichData {
  VecRef yi, vi;
  MatRef X;
  VecRef weights;
  double tau2;
  bool weighted;
  std::vector<int> cluster;  // of each study, from 0
  int n;                     // number of clusters
};

// The same of correlated estimates: marginal variances in the rows of each cluster, weighted by their inverse.
struct BlockSandwichData {
  VecRef yi;
  MatRef X;
  std::vector<int> cluster;
  std::vector<Mat> marginal;
};

// How much of a combination's variance between clusters the residuals can show: a cluster that the model fits
// exactly in this direction shows nothing, whatever the data.
enum class Visible { All, Part, None };

struct RobustTests {
  Vec ddf;           // of each combination alone; NaN for one whose variance cannot be seen
  Vec pval;          // of the saddlepoint, else of size 0
  double QM = kNaN;  // F of all combinations at once
  double df2 = kNaN;
  std::vector<Visible> visible;  // of each combination
};

class ClusterSandwich {
 public:
  ClusterSandwich(const SandwichData& data, SandwichType type);
  ClusterSandwich(const BlockSandwichData& data, SandwichType type);
  const Mat& vb() const { return vb_; }
  const Vec& beta() const { return beta_; }
  RobustTests tests(const MatRef& L, const VecRef& rhs, CoefficientTest each, WaldTest all) const;

 private:
  // p_i' Phi p_j of two combinations s, t over clusters i, j: diag(d) + F_s K F_t'.
  struct Factors {
    Mat f;               // n x 2p
    std::vector<Vec> g;  // adjusted rows per cluster
  };
  Factors factors(const VecRef& c) const;
  Vec diagonal(const Factors& s, const Factors& t) const;
  double expected(const Factors& s, const Factors& t) const;
  // Moments of the standardised C V C' under the model: sums over pairs of clusters.
  class Moments {
   public:
    Moments(const ClusterSandwich& sandwich, const MatRef& C);
    double covariance(Index s, Index t, Index u,
                      Index v) const;  // of the elements (s, t) and (u, v)

   private:
    double paired(Index a, Index b, Index c, Index d) const;
    const Mat& k_;
    Index q_;
    std::vector<Mat> cross_;  // F_s'F_t
    std::vector<Vec> own_,
        low_;  // diagonals of the block (s, t): clusters' own, and that of F_s K F_t'
  };
  Mat standardising(const MatRef& C) const;
  double satterthwaite_df(const MatRef& C) const;
  double hotelling_df(const MatRef& C, WaldTest test) const;
  Vec saddlepoint(const MatRef& L, const Vec& b, const std::vector<Visible>& visible) const;
  void joint(const MatRef& L, const Vec& b, WaldTest test, bool testable, RobustTests& out) const;
  void principal(const MatRef& L, const Vec& b, WaldTest test, double wald, RobustTests& out) const;
  double naive_df(CoefficientTest test) const;
  double scale(Index k) const;
  Visible visible(const VecRef& direction) const;
  bool all_visible(const MatRef& directions) const;

  SandwichType type_;
  std::vector<std::vector<Index>> rows_;
  Vec beta_, w_, phi_;
  Mat X_, inv_, k_, vb_;
  std::vector<Mat> wx_, phi_root_;  // of blocks: W_j X_j, upper root of M_j
  std::vector<Mat> adjust_;         // A_j of each cluster; none where all are identities
  Mat root_;                        // R of the weighted design W^1/2 X = QR
  std::vector<Mat> share_;          // Q_j'Q_j of each cluster: they sum to the identity
};

}  // namespace metaparity
