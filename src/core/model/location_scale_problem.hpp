// The likelihood of a location-scale model in standardised data: y and v in units of a power of two, columns of X and Z
// orthonormal. Source: Viechtbauer & Lopez-Lopez (2022, Res Synth Methods 13, 697). Oracle: differences of the dense likelihood.
#pragma once

#include "core/model/location_scale.hpp"

namespace metaparity::location_scale {

class Problem {
 public:
  Problem(const LocationScaleData& data, const LocationScaleSpec& spec);

  // The fit at amounts of heterogeneity.
  struct At {
    Vec t, w, r, u;
    Mat B;       // (F'WF)^-1
    Mat design;  // (Q'WQ)^-1
    Vec gamma;   // coefficients of F
    double ml = -kInf, reml = -kInf, rss = 0.0;
    bool valid = false;
  };

  Vec amounts(const Vec& a) const;
  At solve(const Vec& t) const;
  double ll(const At& at) const { return spec_.restricted ? at.reml : at.ml; }
  Expansion expand(const Vec& a) const;

  Vec to_alpha(const Vec& a) const;
  Vec from_alpha(const Vec& alpha) const;
  Mat alpha_map() const;  // alpha = L a
  Mat back_map() const;   // a = L alpha
  Vec beta(const At& at) const;
  // spread: covariance of a, where that of beta is to count it; else of size 0.
  Mat vb(const At& at, const Mat& spread = Mat()) const;
  double unit() const { return scale_ * scale_; }
  const Vec& v() const { return v_; }
  const Vec& y() const { return y_; }
  const Mat& Z() const { return Z_; }
  Mat predictors() const { return Z_ * z_root_; }  // as they were given
  const Mat& Q() const { return Q_; }
  double offset() const { return offset_; }

 private:
  LocationScaleSpec spec_;
  Index k_, p_;
  double scale_ = 1.0, offset_ = 0.0, log_det_x_ = 0.0;
  Mat by_amounts(const Vec& t) const;

  Vec y_, v_;  // y less what the given coefficients say
  Mat Q_, Z_, z_root_;
  Mat F_, f_root_;  // of the columns of X whose coefficients are free
  std::vector<Index> free_;
};

}  // namespace metaparity::location_scale
