#include "queries.hpp"

#include <algorithm>

namespace verifier::rules::attention {

std::vector<Queries> queries(const Problem& problem, Token m, std::size_t entries_each) {
  const auto most = static_cast<Token>(std::max<std::size_t>(1, most_entries / std::max<std::size_t>(1, entries_each)));
  std::vector<Queries> result;
  if (problem.n > 1)
    for (Token q = 0; q < m; q = result.back().to) result.push_back({q, std::min(q + most, m), true});
  result.push_back({m, m + 1, false});
  return result;
}

Pairs::Pairs(const Queries& queries, std::size_t tokens) {
  for (Token q = 0; q < queries.count(); ++q)
    for (Token t = 0; t < tokens; ++t) {
      query.push_back(q);
      token.push_back(t);
    }
}

std::vector<Cell> cells(const Problem& problem, const Queries& queries, bool has_near, bool has_far) {
  const std::size_t free = problem.n - 1;
  std::vector<Cell> result;
  for (std::size_t s = 0; s <= (has_near ? free : 0); ++s)
    for (std::size_t x = queries.below ? 1 : 0; x + s <= free; ++x)
      if (has_far || x + s == free) result.push_back({x, s, free - x - s, binomial(free, x) * binomial(free - x, s)});
  return result;
}

Gaps::Gaps(const Problem& problem, Token m, const Queries& queries, std::size_t s) {
  for (Token q = queries.from; q < queries.to; ++q) {
    const Token gap = problem.witnesses.gaps[(m * problem.V + q) * problem.n + s];
    if (gap == 0) continue;
    query.push_back(q - queries.from);
    reach.push_back(m - gap);
  }
}

std::vector<std::uint64_t> passing(const Real& x, const Queries& queries) {
  const std::vector<bool> pass = negative(largest(x));
  const std::size_t each = pass.size() / queries.count();
  std::vector<std::uint64_t> result(queries.count());
  for (std::size_t i = 0; i < pass.size(); ++i) result[i / each] += pass[i];
  return result;
}

Integer number_of_inputs(const Problem& problem, Token m) {
  return power(std::uint64_t{m} + 1, problem.n) - power(m, problem.n);
}

} // namespace verifier::rules::attention
