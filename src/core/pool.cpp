#include "core/pool.hpp"

namespace metaparity {

// Centred at the most precise study, whose residual and leverage are sums over the others.
// tr P = sum w (1 - h); tr PP adds the squares off the diagonal, w_i^2 w_j^2 / (sum w)^2.
Pooled pool(const VecRef& yi, const VecRef& vi, double tau2) {
  Index top = 0;
  vi.minCoeff(&top);
  const double origin = yi[top], w_top = 1.0 / (vi[top] + tau2);
  double rest = 0.0, moment = 0.0, squares = 0.0, fourth = 0.0;
  for (Index i = 0; i < yi.size(); ++i) {
    if (i == top) continue;
    const double w = 1.0 / (vi[i] + tau2), w2 = w * w;
    rest += w;
    squares += w2;
    fourth += w2 * w2;
    moment += w * (yi[i] - origin);
  }
  Pooled out;
  out.sum_w = rest + w_top;
  const double shift = moment / out.sum_w;
  out.mu = origin + shift;
  const double kept_top = w_top * (rest / out.sum_w), share_top = w_top * (w_top / out.sum_w);
  double diagonal = kept_top * kept_top;
  out.tr_p = kept_top;
  out.rss = w_top * shift * shift;
  for (Index i = 0; i < yi.size(); ++i) {
    if (i == top) continue;
    const double w = 1.0 / (vi[i] + tau2), kept = w * (1.0 - w / out.sum_w);
    const double residual = (yi[i] - origin) - shift;
    out.rss += w * residual * residual;
    out.tr_p += kept;
    diagonal += kept * kept;
  }
  const double share = squares / out.sum_w;
  out.tr_pp = diagonal + 2.0 * share_top * share + (share * share - fourth / out.sum_w / out.sum_w);
  return out;
}

}  // namespace metaparity
