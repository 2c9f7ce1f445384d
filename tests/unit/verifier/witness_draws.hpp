// Random witnesses within their ranges, and the place of an input among the sorted ones.
#pragma once

#include "token_sum/tables.hpp"
#include "token_sum/witnesses.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace draws {

using verifier::Dyadic;
using verifier::token_sum::HeadTailWitness;
using verifier::token_sum::Token;

inline std::uint64_t choose(std::uint64_t n, std::uint64_t k) {
  mpz_class value;
  mpz_bin_uiui(value.get_mpz_t(), n, k);
  return value.get_ui();
}

inline std::uint64_t index_of(std::vector<Token> t) {
  std::sort(t.begin(), t.end());
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < t.size(); ++i) index += choose(t[i] + i, i + 1);
  return index;
}

class Draw {
public:
  explicit Draw(unsigned seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  Dyadic factor(bool zero_allowed) {
    if (zero_allowed && below(5) == 0) return {0, 0};
    return {1 + static_cast<std::int64_t>(below(1 << 20)), -20 - static_cast<int>(below(9)) + 4};
  }

private:
  std::mt19937_64 random_;
};

inline HeadTailWitness random_witness(std::uint64_t V, std::uint64_t n, Draw& draw) {
  HeadTailWitness witness{};
  witness.vocabulary = V;
  witness.longest = 1 + draw.below(V);
  for (std::uint64_t a = 0; a < V; ++a) {
    std::vector<std::uint16_t> row(V);
    std::iota(row.begin(), row.end(), std::uint16_t{0});
    for (std::size_t i = V; i > 1; --i) std::swap(row[i - 1], row[draw.below(i)]);
    witness.heads.insert(witness.heads.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(witness.longest));
  }
  for (std::uint64_t size = 1; size <= witness.longest; ++size)
    if (size == witness.longest || draw.below(2) == 0) witness.sizes.push_back(static_cast<std::uint16_t>(size));
  if (draw.below(2) == 0 && witness.sizes.back() != V) witness.sizes.push_back(static_cast<std::uint16_t>(V));
  if (draw.below(4) != 0)
    for (std::uint64_t i = 0; i < choose(V + n - 1, n); ++i)
      witness.levels.push_back(static_cast<std::uint16_t>(draw.below(witness.sizes.size())));
  if (draw.below(2) == 0) {
    for (std::uint64_t k = 0; k < V; ++k)
      witness.groups.push_back(static_cast<std::uint16_t>(draw.below(std::min<std::uint64_t>(V, 3))));
    witness.group_count = *std::max_element(witness.groups.begin(), witness.groups.end()) + std::uint64_t{1};
  }
  if (n <= 3 && draw.below(2) == 0)
    for (std::uint64_t k = 0; k < V; ++k) witness.weights.push_back(draw.factor(false));
  if (draw.below(3) != 0)
    for (std::uint64_t a = 0; a < V; ++a) {
      witness.token_factors.push_back(draw.factor(true));
      witness.label_factors.push_back(draw.factor(true));
    }
  return witness;
}

// Heads of `size` outputs from `first` on, the same for each token, at one level; all of them when `size` is V.
inline HeadTailWitness equal_heads(std::uint64_t V, std::uint64_t size, std::uint16_t first = 0) {
  HeadTailWitness witness{};
  witness.vocabulary = V;
  witness.longest = size;
  witness.sizes = {static_cast<std::uint16_t>(size)};
  for (std::uint64_t a = 0; a < V; ++a)
    for (std::uint64_t k = 0; k < size; ++k) witness.heads.push_back(static_cast<std::uint16_t>(first + k));
  return witness;
}

} // namespace draws
