#include "families/token_sum/head_tail/levels.hpp"

#include "families/token_sum/lengths/rules.hpp"
#include "numbers/random.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <set>

namespace proofmark::head_tail_search {

namespace {

constexpr unsigned bin_shift = 17; // of a positive float's bits: 64 bins an octave
constexpr std::size_t bins = std::size_t{1} << (32 - bin_shift);

} // namespace

std::vector<std::int64_t> prices_of_levels(const HeadTail& witness, const HeadTailSearch& search) {
  constexpr std::uint64_t sample = 500;
  const std::uint64_t V = witness.task.vocabulary;
  Random random(0);
  std::vector<std::int64_t> prices;
  for (std::size_t level = 0; level < witness.sizes.size(); ++level) {
    std::uint64_t outputs = 0; // of all inputs of the sample
    for (std::uint64_t i = 0; i < sample; ++i) {
      std::set<std::uint16_t> together;
      for (std::uint64_t position = 0; !witness.exact(level) && position < witness.task.context; ++position) {
        const auto head = witness.heads.begin() + static_cast<std::ptrdiff_t>(random.below(V) * witness.widest);
        together.insert(head, head + static_cast<std::ptrdiff_t>(witness.sizes[level]));
      }
      outputs += together.size();
    }
    const Operations count =
        head_tail_input(witness, level, witness.exact(level) ? V : (outputs + sample - 1) / sample, search.accuracy);
    const auto price = search.price(count).convert_to<std::int64_t>();
    prices.push_back(level == 0 ? price : std::max(price, prices.back() + 1));
  }
  return prices;
}

std::int64_t Choice::for_loss(const Multipliers* x, std::int64_t most, std::vector<std::uint8_t>& levels) const {
  const auto V = static_cast<Index>(task_.vocabulary);
  const Eigen::ArrayXf no_gap = Eigen::ArrayXf::Constant(V, -1e3f);
  const auto walk = [&](auto&& use) {
    const Multipliers none{Eigen::ArrayXd::Constant(V, 0.0), Eigen::ArrayXd::Constant(V, -1e30)};
    return passes_.over_rows(x ? *x : none, [&](Passes::Sums& part, const Tokens& tail, std::uint64_t first,
                                                Index length, Eigen::ArrayXf& s, Eigen::ArrayXf* work) {
      const RowWeights w = row_weights(tail);
      Eigen::ArrayXXf values(length, static_cast<Index>(prices_.size()));
      for (std::size_t level = 0; level < prices_.size(); ++level) {
        const bool exact = level == land_.low.size();
        const float* const z = &land_.z[first];
        tangent(length, s, z, exact ? z : &land_.low[level][first], exact ? z : &land_.high[level][first],
                exact ? no_gap.data() : &land_.gap[level][first], work[0], work[1], work[2]);
        values.col(static_cast<Index>(level)) = work[0].head(length);
      }
      use(part, first, length, w, values);
    });
  };
  // Calls taken(level, next, bin) along the improvements of one input, each the best next one.
  const auto improvements = [&](const Eigen::ArrayXXf& values, Index a, double weight, auto&& taken) {
    std::size_t level = 0;
    while (true) {
      float best = 0;
      std::size_t next = level;
      for (std::size_t l = level + 1; l < prices_.size(); ++l) {
        const float gain = (values(a, static_cast<Index>(level)) - values(a, static_cast<Index>(l))) /
                           static_cast<float>(prices_[l] - prices_[level]);
        if (gain > best) {
          best = gain;
          next = l;
        }
      }
      if (next == level) return;
      const std::size_t bin = std::bit_cast<std::uint32_t>(best * static_cast<float>(weight)) >> bin_shift;
      if (!taken(level, next, bin)) return;
      level = next;
    }
  };
  const Passes::Sums sums =
      walk([&](Passes::Sums& part, std::uint64_t, Index length, const RowWeights& w, const Eigen::ArrayXXf& values) {
        part.spent_at.resize(bins);
        for (Index a = 0; a < length; ++a)
          improvements(values, a, a + 1 < length ? w.below : w.tie,
                       [&](std::size_t level, std::size_t next, std::size_t bin) {
                         part.spent_at[bin] += prices_[next] - prices_[level];
                         return true;
                       });
      });
  std::size_t threshold = bins; // bins from here on are bought
  std::int64_t spent = 0;
  while (threshold > 0 && spent + sums.spent_at[threshold - 1] <= most) spent += sums.spent_at[--threshold];
  walk([&](Passes::Sums&, std::uint64_t first, Index length, const RowWeights& w, const Eigen::ArrayXXf& values) {
    for (Index a = 0; a < length; ++a) {
      std::uint8_t& chosen = levels[first + static_cast<std::uint64_t>(a)];
      chosen = 0;
      improvements(values, a, a + 1 < length ? w.below : w.tie, [&](std::size_t, std::size_t next, std::size_t bin) {
        if (bin >= threshold) chosen = static_cast<std::uint8_t>(next);
        return bin >= threshold;
      });
    }
  });
  return spent;
}

std::int64_t Choice::for_accuracy(std::int64_t most, std::vector<std::uint8_t>& levels) const {
  std::vector<std::int64_t> spent_at(bins);
  std::int64_t spent = 0;
  const auto price = [&](std::uint64_t input) { // of showing it to be correct
    return prices_[land_.shown_correct[input]] - prices_[levels[input]];
  };
  const auto bin_of = [&](std::uint64_t input, double weight) -> std::size_t {
    const std::uint8_t needed = land_.shown_correct[input];
    if (needed == no_level || needed <= levels[input]) return bins;
    return std::bit_cast<std::uint32_t>(static_cast<float>(weight / static_cast<double>(price(input)))) >> bin_shift;
  };
  const auto walk = [&](auto&& use) {
    for (std::uint64_t y = 0; y < task_.vocabulary; ++y) {
      Tokens tail{y};
      std::uint64_t first = first_sorted_input(task_, y);
      for_each_row(
          task_.context, tail, [] {},
          [&] {
            const RowWeights w = row_weights(tail);
            for (std::uint64_t a = 0; a <= tail.back(); ++a, ++first)
              if (const std::size_t bin = bin_of(first, a < tail.back() ? w.below : w.tie); bin < bins) use(first, bin);
          });
    }
  };
  walk([&](std::uint64_t input, std::size_t bin) { spent_at[bin] += price(input); });
  std::size_t threshold = bins;
  std::int64_t affordable = 0;
  while (threshold > 0 && affordable + spent_at[threshold - 1] <= most) affordable += spent_at[--threshold];
  std::int64_t rest = most - affordable; // for a part of the next bin
  walk([&](std::uint64_t input, std::size_t bin) {
    const std::int64_t cost = price(input);
    if (bin + 1 < threshold || (bin < threshold && cost > rest)) return;
    if (bin < threshold) rest -= cost;
    spent += cost;
    levels[input] = land_.shown_correct[input];
  });
  return spent;
}

void drop_unused(HeadTail& witness) {
  const std::uint64_t V = witness.task.vocabulary;
  std::vector<bool> used(witness.sizes.size());
  for (const std::uint8_t level : witness.levels) used[level] = true;
  std::vector<std::uint8_t> renumbered;
  std::vector<std::uint64_t> sizes;
  for (std::size_t level = 0; level < used.size(); ++level) {
    renumbered.push_back(static_cast<std::uint8_t>(sizes.size()));
    if (used[level]) sizes.push_back(witness.sizes[level]);
  }
  for (std::uint8_t& level : witness.levels) level = renumbered[level];
  witness.sizes = sizes;
  if (sizes.size() == 1) witness.levels.clear();
  std::uint64_t widest = 1;
  for (std::size_t level = 0; level < witness.bounded_levels(); ++level) widest = std::max(widest, sizes[level]);
  std::vector<std::uint16_t> heads;
  for (std::uint64_t a = 0; a < V; ++a)
    for (std::uint64_t j = 0; j < widest; ++j) heads.push_back(witness.heads[a * witness.widest + j]);
  witness.heads = heads;
  witness.widest = widest;
}

HeadTail within_budget(const HeadTailSearch& search, std::int64_t allowed,
                       const std::function<HeadTail(std::int64_t)>& chosen) {
  constexpr int attempts = 4;
  const Integer smallest = search.cost(chosen(0));
  const auto most = Integer(*search.most - smallest).convert_to<double>();
  auto spend = static_cast<double>(allowed);
  std::optional<HeadTail> best;
  Integer cost_of_best;
  for (int attempt = 0; attempt < attempts || (!best && spend >= 1); ++attempt) {
    HeadTail witness = chosen(static_cast<std::int64_t>(spend));
    const Integer cost = search.cost(witness);
    if (cost <= *search.most && (!best || cost > cost_of_best)) best = std::move(witness), cost_of_best = cost;
    const double ratio = most / std::max(1.0, Integer(cost - smallest).convert_to<double>());
    if (ratio >= 1 && ratio < 1.002) break;
    spend = std::min(0x1p62, spend * std::min(0.999 * ratio, 2.0) * (attempt < attempts ? 1 : 0.5));
  }
  return best ? std::move(*best) : chosen(0);
}

} // namespace proofmark::head_tail_search
