#include "tasks/domain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace proofmark {

Domain whole_vocabulary(std::uint64_t positions, std::uint64_t tokens) {
  return {positions, std::vector<TokenRange>(positions, {0, tokens})};
}

Integer size_of(const Domain& domain) {
  if (!domain.is_product()) return domain.list.size() / domain.positions;
  Integer count = 1;
  for (const TokenRange& range : domain.ranges) count *= range.to - range.from;
  return count;
}

void input_at(const Domain& domain, std::uint64_t index, std::span<Token> into) {
  if (!domain.is_product()) {
    std::copy_n(domain.list.begin() + static_cast<std::ptrdiff_t>(index * domain.positions), domain.positions,
                into.begin());
    return;
  }
  for (std::size_t p = domain.positions; p-- > 0;) {
    const TokenRange& range = domain.ranges[p];
    into[p] = static_cast<Token>(range.from + index % (range.to - range.from));
    index /= range.to - range.from;
  }
}

Token largest_token(const Domain& domain, std::uint64_t position) {
  if (domain.is_product()) return static_cast<Token>(domain.ranges[position].to - 1);
  Token largest = 0;
  for (std::size_t i = position; i < domain.list.size(); i += domain.positions)
    largest = std::max(largest, domain.list[i]);
  return largest;
}

std::optional<std::uint64_t> vocabulary_of(const Domain& domain) {
  if (!domain.is_product()) return {};
  const TokenRange every{0, domain.ranges.front().to};
  const bool same =
      std::all_of(domain.ranges.begin(), domain.ranges.end(), [&](const TokenRange& range) { return range == every; });
  return same ? std::optional(every.to) : std::nullopt;
}

std::uint64_t repeated_inputs(const Domain& domain) {
  if (domain.is_product()) return 0;
  std::vector<std::span<const Token>> rows;
  for (std::size_t i = 0; i < domain.list.size(); i += domain.positions)
    rows.push_back(std::span(domain.list).subspan(i, domain.positions));
  std::sort(rows.begin(), rows.end(),
            [](auto a, auto b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); });
  std::uint64_t repeated = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) repeated += std::ranges::equal(rows[i], rows[i - 1]) ? 1 : 0;
  return repeated;
}

std::string text(const Domain& domain) {
  if (!domain.is_product())
    return fmt::format("{} listed input{}", size_of(domain).str(), size_of(domain) == 1 ? "" : "s");
  std::string result;
  for (const TokenRange& range : domain.ranges) {
    result += result.empty() ? "" : ",";
    result += range.to - range.from == 1 ? std::to_string(range.from) : fmt::format("{}..{}", range.from, range.to);
  }
  return result;
}

std::string in_words(const Domain& domain) {
  const std::string of = fmt::format("of {} token{}", domain.positions, domain.positions == 1 ? "" : "s");
  if (!domain.is_product()) return fmt::format("{} {}", text(domain), of);
  return fmt::format("all {} inputs {}, {}", size_of(domain).str(), of, text(domain));
}

} // namespace proofmark
