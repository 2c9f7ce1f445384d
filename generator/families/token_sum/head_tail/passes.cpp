#include "families/token_sum/head_tail/passes.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>

namespace proofmark::head_tail_search {

namespace {

using FloatSegment = Eigen::Map<const Eigen::ArrayXf>;

template <class Values>
void add(const Tokens& tail, const Values& values, Eigen::ArrayXd& by_token, Eigen::ArrayXd& by_label) {
  const auto sum = static_cast<double>(values.sum());
  by_token.head(values.size()) += values.template cast<double>();
  for (std::size_t i = 1; i < tail.size(); ++i) by_token[static_cast<Index>(tail[i])] += sum;
  by_label[static_cast<Index>(tail[0])] += sum;
}

} // namespace

void tangent(Index length, const Eigen::ArrayXf& s, const float* z, const float* low, const float* high,
             const float* gap, Eigen::ArrayXf& value, Eigen::ArrayXf& slope, Eigen::ArrayXf& at_best) {
  for (Index i = 0; i < length; ++i) {
    const float best = std::max(std::min(-s[i], high[i]), low[i]); // ln z*
    const bool at_low = best == low[i];
    value[i] = best;
    slope[i] = s[i] + (at_low ? gap[i] : z[i]);
    at_best[i] = at_low ? -1e3f : best + s[i];
  }
  slope.head(length) = slope.head(length).min(80.0f);
  elementary::replace_by_exp(slope.data(), length);
  elementary::replace_by_exp(at_best.data(), length);
  slope.head(length) -= at_best.head(length); // m (Z - z*)
  value.head(length) += slope.head(length);
}

Passes::Sums Passes::objective(const Multipliers& x, const Bounds& bounds) const {
  return over_rows(x, [&](Sums& part, const Tokens& tail, std::uint64_t first, Index length, Eigen::ArrayXf& s,
                          Eigen::ArrayXf* work) {
    tangent(length, s, &land_.z[first], &(*bounds.low)[first], &(*bounds.high)[first], &(*bounds.gap)[first], work[0],
            work[1], work[2]);
    const auto value = work[0].head(length);
    auto slope = work[1].head(length);
    const RowWeights w = row_weights(tail);
    const double sum =
        w.below * static_cast<double>(value.head(length - 1).sum()) + w.tie * static_cast<double>(value[length - 1]);
    part.value += sum;
    part.value_by_label[static_cast<Index>(tail.front())] += sum;
    slope *= static_cast<float>(w.below);
    slope[length - 1] *= static_cast<float>(w.tie / w.below);
    add(tail, slope, part.by_token, part.by_label);
  });
}

Passes::Sums Passes::residuals(const Multipliers& x, const Bounds& bounds) const {
  return over_rows(x, [&](Sums& part, const Tokens& tail, std::uint64_t first, Index length, Eigen::ArrayXf& s,
                          Eigen::ArrayXf* work) {
    const FloatSegment low(&(*bounds.low)[first], length), high(&(*bounds.high)[first], length),
        z(&land_.z[first], length);
    auto weight = work[0].head(length), residual = work[1].head(length);
    const RowWeights w = row_weights(tail);
    weight = static_cast<float>(w.below) * (1.0f - elementary::exp_of(low - high) + 1e-6f);
    weight[length - 1] *= static_cast<float>(w.tie / w.below);
    residual = -(z + s.head(length)) * weight;
    add(tail, residual, part.by_token, part.by_label);
    add(tail, weight, part.weight_by_token, part.weight_by_label);
  });
}

} // namespace proofmark::head_tail_search
