#include "block_tables/differences.hpp"

namespace proofmark::block_tables {

Differences differences(const Bounds& bounds, std::size_t x, std::span<const std::uint16_t> labels) {
  const Bounds::Row row = bounds.row(x);
  const Radii &of_classes = bounds.of_classes(), &of_labels = bounds.of_labels();
  Differences result{row.centre, row.centre};
  for (Eigen::Index y = 0; y < row.centre.rows(); ++y) {
    const std::uint16_t label = labels[static_cast<std::size_t>(y)];
    const double centre = row.centre(y, label);
    const double low = centre + (row.low[label] + of_labels.low(y, label)),
                 high = centre + (row.high[label] + of_labels.high(y, label));
    result.lower.row(y) += row.low + of_classes.low.row(y);
    result.upper.row(y) += row.high + of_classes.high.row(y);
    result.lower.row(y).array() -= high, result.upper.row(y).array() -= low;
    result.lower(y, label) = result.upper(y, label) = 0;
  }
  return result;
}

Exactly::Exactly(const Additive& network, std::size_t x)
    : network_(network), x_(x), y_(static_cast<std::size_t>(network.right.rows())) {}

double Exactly::operator()(std::size_t y, std::uint16_t one, std::uint16_t label) {
  if (y != y_) {
    hidden_ = network_.left.row(static_cast<Eigen::Index>(x_)) + network_.right.row(static_cast<Eigen::Index>(y));
    for (double& h : hidden_) h = applied(network_.activation, h);
    y_ = y;
  }
  double z = network_.bias[one], own = network_.bias[label];
  for (Eigen::Index j = 0; j < hidden_.size(); ++j)
    z += hidden_[j] * network_.unembedding(j, one), own += hidden_[j] * network_.unembedding(j, label);
  return z - own;
}

} // namespace proofmark::block_tables
