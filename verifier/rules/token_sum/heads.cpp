#include "rules/token_sum/heads.hpp"

#include "kernel/integers.hpp"

#include <algorithm>
#include <numeric>

namespace verifier::rules::token_sum {
namespace {

constexpr std::size_t most_terms = std::size_t{1} << 20; // of the heads that are listed at a time, if not of one input

std::span<const Index> head(const HeadTailWitness& witness, Token a, std::size_t level) {
  return std::span(witness.heads).subspan(a * witness.longest, witness.sizes[level]);
}
// Of each output, how many levels have it in the tail of token a: the first so many.
std::vector<std::size_t> tail_levels(const HeadTailWitness& witness, std::size_t vocabulary, Token a) {
  const std::size_t with_tails = levels_with_tails(witness, vocabulary);
  std::vector<std::size_t> levels(vocabulary, with_tails);
  for (std::size_t l = 0, i = 0; l < with_tails; ++l)
    for (; i < witness.sizes[l]; ++i) levels[witness.heads[a * witness.longest + i]] = l;
  return levels;
}

} // namespace

std::size_t levels_with_tails(const HeadTailWitness& witness, std::size_t vocabulary) {
  return witness.sizes.size() - (witness.sizes.back() == vocabulary ? 1 : 0);
}
std::size_t group_count(const HeadTailWitness& witness) {
  return witness.groups.empty() ? 1 : std::size_t{*std::ranges::max_element(witness.groups)} + 1;
}

Lists outputs_of_tails(const HeadTailWitness& witness, std::size_t vocabulary, std::size_t tokens,
                       std::optional<Token> label) {
  const std::size_t G = group_count(witness), of_token = levels_with_tails(witness, vocabulary) * G;
  std::vector<std::size_t> of_label;
  if (label) of_label = tail_levels(witness, vocabulary, *label);
  Lists lists;
  std::vector<std::vector<Index>> outputs(of_token);
  for (Token a = 0; a < tokens; ++a) {
    for (auto& list : outputs) list.clear();
    std::vector<std::size_t> levels = tail_levels(witness, vocabulary, a);
    for (Index k = 0; k < vocabulary; ++k) {
      const std::size_t last =
          label ? std::min(levels[k], of_label[k]) : levels[k]; // in the tail while in neither head
      if (last > 0) outputs[(last - 1) * G + (witness.groups.empty() ? 0 : witness.groups[k])].push_back(k);
    }
    for (const auto& list : outputs) lists.add(list);
  }
  return lists;
}

Levels::Levels(const Batch& batch, const HeadTailWitness& witness, std::size_t vocabulary)
    : batch_(batch), witness_(witness), vocabulary_(vocabulary), keys_(batch.inputs.size()), order_(keys_.size()) {
  const std::size_t n = batch.tokens.size() + 1;
  const auto positive = [](const std::vector<Stored>& x, Token a) { return !x.empty() && x[a] > 0; };
  std::uint64_t row_index = 0; // of the row's first input among all sorted inputs
  bool row_multiplied = false;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Index r = batch.inputs.row[i];
    if (i == 0 || r != batch.inputs.row[i - 1]) {
      row_index = 0, row_multiplied = positive(witness.label_multipliers, batch.labels[r]);
      for (std::size_t j = 0; j + 1 < n; ++j) { // t_{j+2}
        const Token t = batch.tokens[j][r];
        if (!witness.levels.empty()) row_index += in_64_bits(binomial(t + j + 1, j + 2));
        row_multiplied = row_multiplied && positive(witness.token_multipliers, t);
      }
    }
    const Token a = batch.inputs.first[i];
    const unsigned level = witness.levels.empty() ? 0 : witness.levels[row_index + a];
    keys_[i] =
        static_cast<std::uint16_t>(2 * level + (row_multiplied && positive(witness.token_multipliers, a) ? 1 : 0));
  }
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return keys_[i]; });
}

bool Levels::next() {
  inputs = {}, heads = {};
  if (at_ == order_.size()) return false;
  const std::uint16_t key = keys_[order_[at_]];
  level = key / 2, multiplied = key % 2 == 1, exact = witness_.sizes[level] == vocabulary_;
  std::vector<bool> listed(vocabulary_);
  std::vector<Index> outputs; // of H(t)
  std::size_t shared = 0;     // the first so many are in the heads of the row
  const auto list = [&](Token a) {
    for (const Index k : head(witness_, a, level))
      if (!listed[k]) listed[k] = true, outputs.push_back(k);
  };
  const auto forget = [&](std::size_t from) {
    for (std::size_t i = from; i < outputs.size(); ++i) listed[outputs[i]] = false;
    outputs.resize(from);
  };
  for (; at_ < order_.size() && keys_[order_[at_]] == key && heads.members.size() < most_terms; ++at_) {
    const std::size_t i = order_[at_];
    const Index r = batch_.inputs.row[i], a = batch_.inputs.first[i];
    if (!exact) {
      if (inputs.size() == 0 || inputs.row.back() != r) {
        forget(0);
        for (const auto& tokens : batch_.tokens) list(tokens[r]);
        shared = outputs.size();
      }
      list(a);
      heads.add(outputs);
      forget(shared);
    }
    inputs.first.push_back(a), inputs.row.push_back(r);
    inputs.label.push_back(batch_.inputs.label[i]), inputs.kind.push_back(batch_.inputs.kind[i]);
  }
  return true;
}

} // namespace verifier::rules::token_sum
