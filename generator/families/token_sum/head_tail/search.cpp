#include "families/token_sum/head_tail/search.hpp"

#include "families/token_sum/bounds/correctness.hpp"
#include "families/token_sum/head_tail/products.hpp"
#include "families/token_sum/head_tail/sums.hpp"
#include "lengths/lengths.hpp"
#include "numbers/elementary.hpp"
#include "numbers/product.hpp"
#include "numbers/random.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

namespace proofmark {

namespace {

using Index = Eigen::Index;
using FloatSegment = Eigen::Map<const Eigen::ArrayXf>;

constexpr std::uint8_t no_level = 255;

// Where a head is all that counts, m may grow without end, and rounding errors of both programs grow with m Z. So every
// gap between L and Z counts as at least this share of Z.
constexpr double least_gap = 1e-11;

// What is known of every sorted input, in the order of the witness `levels`; logarithms are of Z, L, U and Z - L. The
// last is there because m (Z - L) must not be found by subtraction.
struct Landscape {
  std::vector<float> z;
  std::vector<std::vector<float>> low, high, gap; // by level that is not exact
  std::vector<std::uint8_t> shown_correct;        // the first level that shows the input to be correct, or no_level
};

// The orderings of a row's inputs: t_1 < t_2, and t_1 = t_2.
struct RowWeights {
  double below, tie;
};

RowWeights row_weights(const Tokens& tail) {
  Tokens input = tail;
  input.push_back(tail.back());
  const auto tie = orderings(input).convert_to<double>();
  return {tie * (1 + static_cast<double>(std::count(tail.begin(), tail.end(), tail.back()))), tie};
}

// The rows of a piece, some at a time, each with the Z of its inputs.
class Rows {
public:
  explicit Rows(const TokenSumTables& tables)
      : tables_(tables), batch_(96, static_cast<Index>(tables.task.vocabulary)),
        products_(static_cast<Index>(tables.task.context), static_cast<Index>(tables.task.vocabulary)) {}

  // Calls use(tail, first input, v, z) for the rows of a label, or later.
  template <class Use>
  void add(std::uint64_t label, const Use& use) {
    Tokens tail{label};
    std::uint64_t first = first_sorted_input(tables_.task, label);
    products_.row(0) = tables_.exponentials.row(static_cast<Index>(label));
    const auto extended = [&] {
      const auto depth = static_cast<Index>(tail.size()) - 1;
      products_.row(depth) = products_.row(depth - 1)
                                 .cwiseProduct(tables_.exponentials.row(static_cast<Index>(tail.back())))
                                 .cwiseMax(Exponential::tiny);
    };
    for_each_row(tables_.task.context, tail, extended, [&] {
      batch_.row(static_cast<Index>(rows_.size())) = products_.row(static_cast<Index>(tail.size()) - 1);
      rows_.emplace_back(tail, first);
      first += tail.back() + 1;
      if (rows_.size() == static_cast<std::size_t>(batch_.rows())) flush(use);
    });
  }

  template <class Use>
  void flush(const Use& use) {
    if (rows_.empty()) return;
    stop_if_interrupted();
    std::uint64_t most = 0;
    for (const auto& [tail, first] : rows_) most = std::max(most, tail.back() + 1);
    z_.resize(static_cast<Index>(most), static_cast<Index>(rows_.size()));
    set_product(z_, tables_.exponentials.topRows(z_.rows()), batch_.topRows(z_.cols()).transpose());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto index = static_cast<Index>(i);
      use(rows_[i].first, rows_[i].second, batch_.row(index).data(), z_.col(index).data());
    }
    rows_.clear();
  }

private:
  const TokenSumTables& tables_;
  MatrixD batch_, products_;
  std::vector<std::pair<Tokens, std::uint64_t>> rows_; // of batch_
  Eigen::MatrixXd z_;
};

Landscape survey(const TokenSumTables& tables, const HeadTail& witness, bool accuracy, unsigned threads,
                 const std::function<void(double)>& progress) {
  const Task& task = tables.task;
  const std::uint64_t V = task.vocabulary;
  const auto inputs = binomial(V + task.context - 1, task.context).convert_to<std::uint64_t>();
  Landscape land;
  land.z.resize(inputs);
  land.low.assign(witness.bounded_levels(), std::vector<float>(inputs));
  land.high = land.gap = land.low;
  if (accuracy) land.shown_correct.assign(inputs, no_level);
  const HeadTailTables shared(tables, witness, threads);
  const std::vector<LabelRange> pieces = head_tail_pieces(task);
  const bool exact_level = witness.bounded_levels() < witness.sizes.size();

  const auto work = [&](std::size_t piece) {
    HeadTailRow row(shared);
    Correctness correctness(tables);
    Eigen::ArrayXd low(static_cast<Index>(V)), other(static_cast<Index>(V)), logs(static_cast<Index>(V));
    const auto store = [&](std::vector<float>& target, std::uint64_t first, const Eigen::ArrayXd& values,
                           Index length) {
      logs.head(length) = values.head(length);
      elementary::replace_by_log(logs.data(), length);
      Eigen::Map<Eigen::ArrayXf>(&target[first], length) = logs.head(length).cast<float>();
    };
    std::uint64_t entered = V;
    const auto use = [&](const Tokens& tail, std::uint64_t first, const double* v, const double* z) {
      const std::uint64_t label = tail.front(), count = tail.back() + 1;
      const auto length = static_cast<Index>(count);
      if (entered != label) row.enter_label(entered = label);
      other.head(length) = Eigen::Map<const Eigen::ArrayXd>(z, length);
      store(land.z, first, other, length);
      row.start(tail, v);
      for (std::size_t level = 0; level < witness.bounded_levels(); ++level) {
        row.advance(level);
        for (std::uint64_t a = 0; a < count; ++a) low[static_cast<Index>(a)] = row.low(a);
        for (Index a = 0; a < length; ++a) {
          other[a] = row.high(static_cast<std::uint64_t>(a), low[a]);
          if (accuracy && land.shown_correct[first + static_cast<std::uint64_t>(a)] == no_level &&
              other[a] < 2 * (1 - 0x1p-33) * v[label] * tables.exponentials(a, static_cast<Index>(label)))
            land.shown_correct[first + static_cast<std::uint64_t>(a)] = static_cast<std::uint8_t>(level);
        }
        store(land.low[level], first, low, length);
        store(land.high[level], first, other, length);
        for (Index a = 0; a < length; ++a) other[a] = std::max(z[a] - low[a], 0.0) + least_gap * z[a];
        store(land.gap[level], first, other, length);
      }
      if (!accuracy || !exact_level) return;
      Tokens input = tail;
      input.push_back(0);
      for (std::uint64_t a = 0; a < count; ++a) {
        std::uint8_t& shown = land.shown_correct[first + a];
        input.back() = a;
        if (shown == no_level && correctness.scan(input) == Verdict::correct)
          shown = static_cast<std::uint8_t>(witness.bounded_levels());
      }
    };
    Rows rows(tables);
    for (std::uint64_t y = pieces[piece].from; y < pieces[piece].to; ++y) rows.add(y, use);
    rows.flush(use);
  };
  for_each_piece(pieces.size(), threads, work, [&](std::size_t done) {
    if (progress) progress(static_cast<double>(done) / static_cast<double>(pieces.size()));
  });
  return land;
}

// ln m(t) = beta[label] + the sum of alpha over the other tokens. (The rule's multipliers u, v say the same: the label
// is one of the tokens.)
struct Multipliers {
  Eigen::ArrayXd alpha, beta; // [V]
};

// The logarithms of L, U and Z - L that inputs have at present.
struct Bounds {
  const std::vector<float>*low, *high, *gap;
};

// For inputs side by side with ln m = s: value = phi + m Z and slope = its derivative by s.
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

// Sums over all inputs that the search needs: one pass over the landscape. Pieces of labels are summed by themselves
// and then in order, so that the number of threads does not show.
class Passes {
public:
  Passes(const Task& task, const Landscape& land, unsigned threads)
      : task_(task), land_(land), threads_(threads), pieces_(head_tail_pieces(task)) {}

  struct Sums {
    double value = 0;
    Eigen::ArrayXd by_token, by_label, weight_by_token, weight_by_label, value_by_label;
    std::vector<std::int64_t> spent_at; // for Choice
  };

  // `rows(piece's sums, tail, first input, weights, ln m of the inputs)` for every row.
  template <class Rows>
  Sums over_rows(const Multipliers& x, const Rows& rows) const {
    const auto V = static_cast<Index>(task_.vocabulary);
    std::vector<Sums> parts(pieces_.size());
    for_each_piece(pieces_.size(), threads_, [&](std::size_t piece) {
      Sums& part = parts[piece];
      for (Eigen::ArrayXd* sum :
           {&part.by_token, &part.by_label, &part.weight_by_token, &part.weight_by_label, &part.value_by_label})
        sum->setZero(V);
      const Eigen::ArrayXf alpha = x.alpha.cast<float>();
      Eigen::ArrayXf s(V), work[3] = {Eigen::ArrayXf(V), Eigen::ArrayXf(V), Eigen::ArrayXf(V)};
      for (std::uint64_t y = pieces_[piece].from; y < pieces_[piece].to; ++y) {
        Tokens tail{y};
        std::uint64_t first = first_sorted_input(task_, y);
        for_each_row(
            task_.context, tail, [] {},
            [&] {
              const auto length = static_cast<Index>(tail.back()) + 1;
              double base = x.beta[static_cast<Index>(y)];
              for (std::size_t i = 1; i < tail.size(); ++i) base += x.alpha[static_cast<Index>(tail[i])];
              s.head(length) = alpha.head(length) + static_cast<float>(base);
              rows(part, tail, first, length, s, work);
              first += static_cast<std::uint64_t>(length);
            });
      }
    });
    Sums result = std::move(parts[0]);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      result.value += parts[i].value;
      result.by_token += parts[i].by_token;
      result.by_label += parts[i].by_label;
      result.weight_by_token += parts[i].weight_by_token;
      result.weight_by_label += parts[i].weight_by_label;
      result.value_by_label += parts[i].value_by_label;
      result.spent_at.resize(std::max(result.spent_at.size(), parts[i].spent_at.size()));
      for (std::size_t j = 0; j < parts[i].spent_at.size(); ++j) result.spent_at[j] += parts[i].spent_at[j];
    }
    return result;
  }

  // The sum of w (phi + m Z), and its derivatives.
  Sums objective(const Multipliers& x, const Bounds& bounds) const {
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
      add(part, tail, slope, part.by_token, part.by_label);
    });
  }

  // Residuals of ln m = -ln Z, weighted by what the tail leaves open.
  Sums residuals(const Multipliers& x, const Bounds& bounds) const {
    return over_rows(x, [&](Sums& part, const Tokens& tail, std::uint64_t first, Index length, Eigen::ArrayXf& s,
                            Eigen::ArrayXf* work) {
      const FloatSegment low(&(*bounds.low)[first], length), high(&(*bounds.high)[first], length),
          z(&land_.z[first], length);
      auto weight = work[0].head(length), residual = work[1].head(length);
      const RowWeights w = row_weights(tail);
      weight = static_cast<float>(w.below) * (1.0f - elementary::exp_of(low - high) + 1e-6f);
      weight[length - 1] *= static_cast<float>(w.tie / w.below);
      residual = -(z + s.head(length)) * weight;
      add(part, tail, residual, part.by_token, part.by_label);
      add(part, tail, weight, part.weight_by_token, part.weight_by_label);
    });
  }

  const std::vector<LabelRange>& pieces() const { return pieces_; }
  unsigned threads() const { return threads_; }

private:
  template <class Values>
  static void add(Sums&, const Tokens& tail, const Values& values, Eigen::ArrayXd& by_token, Eigen::ArrayXd& by_label) {
    const auto sum = static_cast<double>(values.sum());
    by_token.head(values.size()) += values.template cast<double>();
    for (std::size_t i = 1; i < tail.size(); ++i) by_token[static_cast<Index>(tail[i])] += sum;
    by_label[static_cast<Index>(tail[0])] += sum;
  }

  const Task& task_;
  const Landscape& land_;
  unsigned threads_;
  std::vector<LabelRange> pieces_;
};

// A least-squares fit of ln m to -ln Z: the tangents touch where Z lies, as far as multipliers of tokens and labels can
// make them.
Multipliers first_multipliers(const Task& task, const Passes& passes, const Bounds& bounds) {
  const auto V = static_cast<Index>(task.vocabulary);
  Multipliers x{Eigen::ArrayXd::Zero(V), Eigen::ArrayXd::Zero(V)};
  for (int turn = 0; turn < 10; ++turn) {
    Passes::Sums sums = passes.residuals(x, bounds);
    x.beta += sums.by_label / sums.weight_by_label;
    sums = passes.residuals(x, bounds);
    x.alpha += sums.by_token / sums.weight_by_token.max(1e-300) / static_cast<double>(task.context - 1);
  }
  return x;
}

constexpr double no_multiplier = -1e4; // of a label: ln v
constexpr std::array coarse_shifts{0.0, -1.0, -2.0, -4.0, -8.0, -16.0, -24.0, -32.0, -48.0, -64.0, no_multiplier};
constexpr std::array fine_shifts{0.0, -0.1, 0.1, -0.3, 0.3, -0.6, -1.0, -2.0, -4.0, -8.0, -16.0, no_multiplier};

// For each label by itself, the best of some shifts of its multiplier; the last is none at all.
Multipliers shifted(const Passes& passes, const Bounds& bounds, const Multipliers& x, std::span<const double> shifts) {
  Multipliers result = x;
  Eigen::ArrayXd least = Eigen::ArrayXd::Constant(x.beta.size(), std::numeric_limits<double>::infinity());
  for (const double shift : shifts) {
    Multipliers trial = x;
    trial.beta += shift;
    const Passes::Sums sums = passes.objective(trial, bounds);
    for (Index y = 0; y < least.size(); ++y)
      if (sums.value_by_label[y] < least[y]) {
        least[y] = sums.value_by_label[y];
        result.beta[y] = trial.beta[y];
      }
  }
  return result;
}

// Adam, from x; keeps the best that it sees. Plain descent and scaling iterations get stuck here.
Multipliers improved(const Passes& passes, const Bounds& bounds, Multipliers x, int turns, double rate,
                     const std::function<void()>& tick) {
  const Index V = x.alpha.size();
  Eigen::ArrayXd first = Eigen::ArrayXd::Zero(2 * V), second = first, gradient(2 * V), step;
  Multipliers best = x;
  double least = std::numeric_limits<double>::infinity();
  for (int turn = 0; turn <= turns; ++turn) {
    const Passes::Sums sums = passes.objective(x, bounds);
    if (sums.value < least) {
      least = sums.value;
      best = x;
    }
    if (turn == turns) break;
    gradient << sums.by_token, sums.by_label;
    gradient /= static_cast<double>(V);
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient.square();
    const auto turns_done = static_cast<std::uint64_t>(turn) + 1;
    const double now = rate * (1 - static_cast<double>(turn) / turns) + 1e-3;
    step = now * (first / (1 - elementary::power(0.9, turns_done))) /
           ((second / (1 - elementary::power(0.999, turns_done))).sqrt() + 1e-8);
    x.alpha -= step.head(V);
    x.beta -= step.tail(V);
    tick();
  }
  return best;
}

// The rule's form: u at most 1 and not so small that a product of n of them leaves the range of doubles.
void set_multipliers(HeadTail& witness, const Multipliers& x) {
  const auto n = static_cast<double>(witness.task.context);
  const double top = x.alpha.maxCoeff(), least = -300 / n;
  witness.token_multipliers.clear();
  witness.label_multipliers.clear();
  for (Index y = 0; y < x.alpha.size(); ++y) {
    const double u = std::max(x.alpha[y] - top, least);
    witness.token_multipliers.push_back(elementary::exp(u));
    const double v = x.beta[y] + (n - 1) * top - u;
    witness.label_multipliers.push_back(v < no_multiplier / 2 ? 0.0 : elementary::exp(std::clamp(v, -600.0, 600.0)));
  }
}

// Which level each input gets: those improvements first that bring most for their price.
class Choice {
public:
  Choice(const Task& task, const Landscape& land, const Passes& passes, std::vector<std::int64_t> prices)
      : task_(task), land_(land), passes_(passes), prices_(std::move(prices)) {}

  // Levels for the bound on the loss, spending at most `most` beyond the price of level 0.
  std::int64_t for_loss(const Multipliers* x, std::int64_t most, std::vector<std::uint8_t>& levels) const {
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

  // Raises levels so that more inputs are shown to be correct, for at most `most` more.
  std::int64_t for_accuracy(std::int64_t most, std::vector<std::uint8_t>& levels) const {
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
                if (const std::size_t bin = bin_of(first, a < tail.back() ? w.below : w.tie); bin < bins)
                  use(first, bin);
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

private:
  static constexpr unsigned bin_shift = 17; // of a positive float's bits: 64 bins an octave
  static constexpr std::size_t bins = std::size_t{1} << (32 - bin_shift);

  const Task& task_;
  const Landscape& land_;
  const Passes& passes_;
  std::vector<std::int64_t> prices_;
};

// R[a,k]² at the first level.
Eigen::ArrayXd squares_of_tail(const TokenSumTables& tables, const HeadTail& witness, std::uint64_t a) {
  Eigen::ArrayXd tail = tables.exponentials.row(static_cast<Index>(a)).array();
  for (std::uint64_t j = 0; j < std::min(witness.widest, witness.sizes[0]); ++j)
    tail[witness.heads[a * witness.widest + j]] = 0;
  return tail.square();
}

// For n = 2: w_k that balance the two factors of the pairs' tails, each pair counting the same. A turn makes every
// output's share of the factors as the smaller token and as the label equal; the first two turns bring nearly all.
std::vector<float> output_weights(const TokenSumTables& tables, const HeadTail& witness) {
  const auto V = static_cast<Index>(witness.task.vocabulary);
  Eigen::ArrayXd w = Eigen::ArrayXd::Ones(V);
  for (int turn = 0; turn < 2; ++turn) {
    Eigen::ArrayXd smaller = Eigen::ArrayXd::Constant(V, 1e-300), label = smaller;
    for (Index a = 0; a < V; ++a) {
      const Eigen::ArrayXd squares = squares_of_tail(tables, witness, static_cast<std::uint64_t>(a));
      if (!(squares.sum() > 0)) continue;
      smaller += squares * (static_cast<double>(V - a) / (squares * w).sum());
      label += squares * (static_cast<double>(a + 1) / (squares / w).sum());
    }
    w = (label / smaller).sqrt().min(1e6).max(1e-6);
  }
  const Eigen::ArrayXf result = w.cast<float>();
  return {result.begin(), result.end()};
}

// Ranges of outputs with equal shares of the tails' squares.
std::vector<std::uint16_t> output_groups(const TokenSumTables& tables, const HeadTail& witness, std::uint64_t count) {
  const std::uint64_t V = witness.task.vocabulary;
  Eigen::ArrayXd mass = Eigen::ArrayXd::Constant(static_cast<Index>(V), 1e-300);
  for (std::uint64_t a = 0; a < V; ++a) {
    const Eigen::ArrayXd squares = squares_of_tail(tables, witness, a);
    if (const double sum = squares.sum(); sum > 0) mass += squares / sum;
  }
  const double total = mass.sum();
  std::vector<std::uint16_t> groups;
  double before = 0;
  std::uint64_t group = 0;
  for (std::uint64_t k = 0; k < V; ++k) {
    // Each group has an output, and leaves one for each group after it.
    if (k > 0 && group + 1 < count &&
        (before * static_cast<double>(count) >= total * static_cast<double>(group + 1) || V - k < count - group))
      ++group;
    groups.push_back(static_cast<std::uint16_t>(group));
    before += mass[static_cast<Index>(k)];
  }
  return groups;
}

// Leaves out what no input uses.
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

// What an input takes at each level, on average over some inputs: where heads have outputs in common it takes less.
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

// The witness that costs most of those within the budget, of a few: `chosen` spends by the prices of levels, which are not
// exact.
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

} // namespace

std::vector<std::uint64_t> head_sizes(const Task& task) {
  constexpr std::uint64_t longest = 256;
  constexpr double most_bytes = 3e9;
  const std::uint64_t V = task.vocabulary, n = task.context;
  const auto inputs = binomial(V + n - 1, n).convert_to<double>();
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t h = 1; h <= longest && 5 * n * h < 4 * V; h *= 2) sizes.push_back(h);
  while (sizes.size() > 2 && inputs * (4 + 8 * static_cast<double>(sizes.size())) > most_bytes) {
    std::vector<std::uint64_t> fewer;
    for (std::size_t i = 0; i < sizes.size(); i += 2) fewer.push_back(sizes[i]);
    sizes = fewer;
  }
  sizes.push_back(V); // exact
  return sizes;
}

std::vector<std::uint16_t> largest_outputs(const TokenSumTables& tables, std::uint64_t m, unsigned threads) {
  const std::uint64_t V = tables.task.vocabulary, at_a_time = 16;
  std::vector<std::uint16_t> heads(V * m);
  for_each_piece((V + at_a_time - 1) / at_a_time, threads, [&](std::size_t piece) {
    std::vector<std::uint16_t> outputs(V);
    for (std::uint64_t a = piece * at_a_time; a < std::min(V, (piece + 1) * at_a_time); ++a) {
      const std::int64_t* const row = tables.logits.row(a);
      std::iota(outputs.begin(), outputs.end(), std::uint16_t{0});
      const auto middle = outputs.begin() + static_cast<std::ptrdiff_t>(m);
      std::partial_sort(outputs.begin(), middle, outputs.end(),
                        [&](std::uint16_t i, std::uint16_t j) { return row[i] != row[j] ? row[i] > row[j] : i < j; });
      std::copy(outputs.begin(), middle, heads.begin() + static_cast<std::ptrdiff_t>(a * m));
    }
  });
  return heads;
}

HeadTail find_head_tail(const TokenSumTables& tables, const HeadTailSearch& search, unsigned threads,
                        const std::function<void(double)>& progress) {
  const Task& task = tables.task;
  const std::uint64_t V = task.vocabulary;
  HeadTail witness{task, 0, {}, {}, {}, {}, {}, {}, {}};
  witness.sizes = search.levels ? head_sizes(task) : std::vector{std::min(search.head, V)};
  witness.widest = 1;
  for (std::size_t level = 0; level < witness.bounded_levels(); ++level) witness.widest = witness.sizes[level];
  witness.heads = largest_outputs(tables, witness.widest, threads);
  if (search.groups > 1) witness.groups = output_groups(tables, witness, std::min(search.groups, V));
  if (search.weights) witness.weights = output_weights(tables, witness);

  const auto part = [&](double from, double to, double done) {
    if (progress) progress(from + (to - from) * done);
  };
  const Landscape land =
      survey(tables, witness, search.levels && search.accuracy, threads, [&](double done) { part(0, 0.4, done); });
  const Passes passes(task, land, threads);
  const bool multipliers = search.multipliers && search.loss && witness.bounded_levels() > 0;
  int turns = 0;
  const double all_turns = search.levels ? 130 : 60;
  const auto tick = [&] { part(0.4, 1, ++turns / all_turns); };

  if (!search.levels) {
    if (!multipliers) return witness;
    const Bounds bounds{&land.low[0], &land.high[0], &land.gap[0]};
    const Multipliers first = shifted(passes, bounds, first_multipliers(task, passes, bounds), coarse_shifts);
    set_multipliers(witness, shifted(passes, bounds, improved(passes, bounds, first, 60, 0.1, tick), fine_shifts));
    return witness;
  }

  witness.levels.assign(land.z.size(), 0);
  if (multipliers) witness.token_multipliers = witness.label_multipliers = std::vector<double>(V, 1.0); // for prices
  const Choice choice(task, land, passes, prices_of_levels(witness, search));
  std::int64_t allowed = std::numeric_limits<std::int64_t>::max();
  if (search.most) {
    const Integer least = search.cost(witness);
    if (least > *search.most)
      throw Error(Exit::usage,
                  fmt::format("--budget allows {} operations, and heads of one output each cost {}", search.most->str(),
                              least.str()),
                  "a larger --budget; --strategy convexity is shorter");
    allowed = Integer(*search.most - least).convert_to<std::int64_t>();
  }
  std::optional<Multipliers> x;
  const auto for_loss = [&](std::int64_t most) {
    return search.accuracy ? static_cast<std::int64_t>(static_cast<double>(most) * (1 - search.for_accuracy)) : most;
  };
  if (search.loss && multipliers) {
    const std::size_t middle = std::min<std::size_t>(4, land.low.size() - 1);
    const Bounds first_bounds{&land.low[middle], &land.high[middle], &land.gap[middle]};
    const Multipliers first =
        shifted(passes, first_bounds, first_multipliers(task, passes, first_bounds), coarse_shifts);
    x = improved(passes, first_bounds, first, 30, 0.1, tick);
    const auto exact_gap = static_cast<float>(elementary::log(least_gap));
    std::vector<float> low(land.z.size()), high(land.z.size()), gap(land.z.size());
    for (int round = 0; round < 5; ++round) {
      choice.for_loss(&*x, for_loss(allowed), witness.levels);
      for (std::size_t i = 0; i < low.size(); ++i) {
        const bool exact = witness.levels[i] == land.low.size();
        low[i] = exact ? land.z[i] : land.low[witness.levels[i]][i];
        high[i] = exact ? land.z[i] : land.high[witness.levels[i]][i];
        gap[i] = exact ? land.z[i] + exact_gap : land.gap[witness.levels[i]][i];
      }
      const Bounds bounds{&low, &high, &gap};
      x = improved(passes, bounds, shifted(passes, bounds, *x, coarse_shifts), 20, 0.05, tick);
      x = shifted(passes, bounds, *x, fine_shifts);
    }
    set_multipliers(witness, *x);
  }
  const auto chosen = [&](std::int64_t most) { // beyond the smallest heads
    std::int64_t spent = 0;
    if (search.loss) spent = choice.for_loss(x ? &*x : nullptr, for_loss(most), witness.levels);
    if (search.accuracy) choice.for_accuracy(most - spent, witness.levels);
    HeadTail result = witness;
    drop_unused(result);
    return result;
  };
  return search.most ? within_budget(search, allowed, chosen) : chosen(allowed);
}

} // namespace proofmark
