#include "families/attention_only/bounds/slot_tests.hpp"

#include "numbers/elementary.hpp"

namespace proofmark::attention_only {

std::vector<QueryWeights> query_weights(const Label& label, std::uint64_t near) {
  std::vector<QueryWeights> result;
  const std::uint64_t m = label.m, far = m - near;
  for (std::uint64_t q = label.first_query(); q <= m; ++q) {
    QueryWeights w{label.r(q, q) * label.positions.last(q), 0, {}};
    if (far > 0) {
      const auto scores = label.tables.A.row(static_cast<Eigen::Index>(q)).head(static_cast<Eigen::Index>(far));
      w.farthest = elementary::exp(scores.maxCoeff() - label.tables.A(q, m));
    }
    for (std::uint64_t k = far; k < m; ++k) w.near.push_back(label.r(q, k));
    result.push_back(std::move(w));
  }
  return result;
}

void require_all(Passed& all, const Passed& also) {
  for (std::size_t i = 0; i < all.size(); ++i) all[i] &= also[i];
}

} // namespace proofmark::attention_only
