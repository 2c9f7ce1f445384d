#include "families/token_sum/head_tail/sums.hpp"

#include "families/token_sum/bounds/correctness.hpp"
#include "families/token_sum/head_tail/products.hpp"
#include "numbers/elementary.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

namespace proofmark {

namespace {

using Index = Eigen::Index;

// Inputs of which U < 2 prod_i A[t_i,y] holds with this much to spare are counted: more than the errors of both
// programs, see error_of_logarithms.
constexpr double surely_below = 1 - 0x1p-34;

// A bound on the log-errors of L, U, m, T_y and of the sums over a row; docs/generator-numerics.md, section 11.
double error_of_logarithms(const TokenSumTables& tables) {
  const auto n = static_cast<double>(tables.task.context), V = static_cast<double>(tables.task.vocabulary);
  return ((20 * n + (n + 1) * V + 1024) * 0x1p-52 + 0x1p-69 + 2 * n * tables.logit_error) * (1 + 0x1p-40);
}

// Heads below this are not trusted: entries raised to Exponential::tiny, and powers that underflow, may matter.
double least_head(const Task& task) {
  if (task.context <= 3) return least_reliable;
  const auto p = static_cast<double>(task.context - 1);
  return std::max(least_reliable, elementary::exp((-1000 / p + 90) * elementary::log(2)));
}

// The inputs of one label that stand for so many orderings each.
struct Weighted {
  LogSum upper, lower; // products of z* and of L
  Interval linear;     // the sum of m z*
  std::uint64_t correct = 0, undecided = 0;
};

// What accumulates for one label.
struct Label {
  std::uint64_t label = 0;
  std::map<Integer, Weighted> by_weight;
};

class Piece {
public:
  Piece(const TokenSumTables& tables, const HeadTail& witness, const HeadTailTables& shared, bool count_correct,
        std::atomic<bool>& out_of_reach)
      : tables_(tables), witness_(witness), n_(tables.task.context), count_correct_(count_correct),
        least_head_(least_head(tables.task)), row_(shared), correctness_(tables),
        products_(static_cast<Index>(n_), static_cast<Index>(tables.task.vocabulary)), out_of_reach_(out_of_reach) {}

  void add(Label& label) {
    const std::uint64_t y = label.label;
    row_.enter_label(y);
    products_.row(0) = tables_.exponentials.row(static_cast<Index>(y));
    Tokens tail{y};
    std::uint64_t first = first_sorted_input(tables_.task, y);
    const auto extended = [&] { // clamping: docs/generator-numerics.md, section 5
      const auto depth = static_cast<Index>(tail.size()) - 1;
      products_.row(depth) = products_.row(depth - 1)
                                 .cwiseProduct(tables_.exponentials.row(static_cast<Index>(tail.back())))
                                 .cwiseMax(Exponential::tiny);
    };
    for_each_row(n_, tail, extended, [&] {
      close(label, tail, first);
      first += tail.back() + 1;
    });
  }

private:
  void close(Label& label, const Tokens& tail, std::uint64_t first) {
    stop_if_interrupted();
    const std::uint64_t last = tail.back();
    const double* const v = products_.row(static_cast<Index>(tail.size()) - 1).data();
    low_.resize(last + 1);
    high_.resize(last + 1);
    row_.start(tail, v);
    const std::uint8_t* const levels = witness_.levels.empty() ? nullptr : &witness_.levels[first];
    for (std::size_t level = 0; level < witness_.sizes.size(); ++level) {
      if (levels ? std::find(levels, levels + last + 1, level) == levels + last + 1 : level > 0) continue;
      const bool exact = witness_.exact(level);
      if (!exact) row_.advance(level);
      for (std::uint64_t a = 0; a <= last; ++a) {
        if (levels && levels[a] != level) continue;
        low_[a] = exact ? row_.exact(a) : row_.low(a);
        high_[a] = exact ? low_[a] : row_.high(a, low_[a]);
      }
    }
    Tokens input = tail;
    input.push_back(last);
    const auto ties = static_cast<unsigned>(std::count(tail.begin(), tail.end(), last)); // r of the rule page
    const Integer tied = orderings(input);
    add_inputs(label, label.by_weight[tied * (ties + 1)], input, 0, last, v, levels);
    add_inputs(label, label.by_weight[tied], input, last, last + 1, v, levels);
  }

  // The inputs with t_1 in [from, to)
  void add_inputs(const Label& label, Weighted& sum, Tokens& input, std::uint64_t from, std::uint64_t to,
                  const double* v, const std::uint8_t* levels) {
    double f = 1; // v_y times the product of the row's token multipliers
    if (witness_.multipliers()) {
      f = witness_.label_multipliers[label.label];
      for (std::size_t i = 0; i + 1 < input.size(); ++i) f *= witness_.token_multipliers[input[i]];
    }
    double linear = 0;
    for (std::uint64_t a = from; a < to; ++a) {
      const double low = low_[a], high = high_[a];
      if (!(low >= least_head_)) {
        out_of_reach_ = true;
        return;
      }
      double z = high;
      if (witness_.multipliers()) {
        const double m = f * witness_.token_multipliers[a], m_low = m * low, m_high = m * high;
        if (m_low >= 1) {
          z = low;
          linear += m_low;
        } else if (m_high <= 1) {
          linear += m_high;
        } else {
          z = 1 / m;
          linear += 1;
        }
      }
      sum.upper.multiply(z);
      sum.lower.multiply(low);
      if (count_correct_) count(label, sum, input, a, v[label.label], levels ? levels[a] : 0u);
    }
    sum.linear += enclose(linear);
  }

  void count(const Label& label, Weighted& sum, Tokens& input, std::uint64_t a, double v_at_label, std::size_t level) {
    const double term = v_at_label * tables_.exponentials(static_cast<Index>(a), static_cast<Index>(label.label));
    if (!witness_.exact(level)) {
      sum.correct += term >= least_reliable && high_[a] <= 2 * term * surely_below;
      return;
    }
    input.back() = a;
    const Verdict verdict = correctness_.decide(low_[a], term, input);
    sum.correct += verdict == Verdict::correct;
    sum.undecided += verdict == Verdict::undecided;
  }

  const TokenSumTables& tables_;
  const HeadTail& witness_;
  std::uint64_t n_;
  bool count_correct_;
  double least_head_;
  HeadTailRow row_;
  Correctness correctness_;
  MatrixD products_;               // [n x V]
  std::vector<double> low_, high_; // of a row
  std::atomic<bool>& out_of_reach_;
};

// T_y, up to a factor within error_of_logarithms.
std::vector<double> totals(const TokenSumTables& tables, const HeadTail& witness) {
  const std::uint64_t V = tables.task.vocabulary;
  std::vector<double> result;
  Eigen::ArrayXd before = Eigen::ArrayXd::Zero(static_cast<Index>(V)), x, after, q, h;
  for (std::uint64_t y = 0; y < V; ++y) {
    x = witness.token_multipliers[y] * tables.exponentials.row(static_cast<Index>(y)).transpose().array();
    after = before + x;
    q.setOnes(static_cast<Index>(V));
    h.setOnes(static_cast<Index>(V));
    for (std::uint64_t i = 1; i < tables.task.context; ++i) {
      q *= after;
      h = h * before + q;
    }
    result.push_back((x * h).sum());
    before = after;
  }
  return result;
}

LabelSum concluded(const TokenSumTables& tables, const HeadTail& witness, const Label& label, double total) {
  const long scale = tables.logits.scale;
  const Integer inputs = inputs_with_label(tables.task, label.label);
  Interval upper, lower;
  Integer counted;
  LabelSum counts;
  for (const auto& [weight, sum] : label.by_weight) {
    const Interval w = enclose(weight);
    upper += w * (enclosure(sum.upper, scale) - sum.linear);
    lower += w * enclosure(sum.lower, scale);
    counted += weight * sum.upper.inputs;
    counts.correct += weight * sum.correct;
    counts.undecided += weight * sum.undecided;
  }
  if (counted != inputs) throw Error(Exit::internal, "the inputs of a label were not all visited");
  const Interval v_T =
      witness.multipliers() ? enclose(witness.label_multipliers[label.label]) * enclose(total) : enclose(0.0);
  upper += v_T;
  // Errors of this program, and room for the verifier's own enclosures, n 2^-42 wide for every input: they are multiplied
  // by the sums of m z*, at most v_y T_y, which cancel in the bound.
  const double room = error_of_logarithms(tables) + static_cast<double>(tables.task.context) * 0x1p-43;
  const Interval N = enclose(inputs);
  const Interval enclosed =
      hull(upper_point(upper) + enclose(4 * room) * (N + v_T), lower_point(lower) - enclose(2 * room) * N);
  LabelSum result = with_label_terms(tables, label.label, enclosed);
  result.correct = counts.correct;
  result.undecided = counts.undecided;
  return result;
}

} // namespace

std::vector<LabelRange> head_tail_pieces(const Task& task) {
  const Integer enough = sorted_inputs(task) / 128 + 1;
  std::vector<LabelRange> result;
  Integer inputs;
  for (std::uint64_t y = 0; y < task.vocabulary; ++y) {
    if (inputs == 0) result.push_back({y, y});
    result.back().to = y + 1;
    inputs += sorted_inputs_with_label(task, y);
    if (inputs >= enough) inputs = 0;
  }
  return result;
}

std::optional<std::vector<LabelSum>> head_tail_sums(const TokenSumTables& tables, const HeadTail& witness,
                                                    const LabelSumOptions& options) {
  const Task& task = tables.task;
  // The range that section 11 assumes: errors far below surely_below, powers of sums that neither over- nor underflow.
  if (error_of_logarithms(tables) > 0x1p-37 || least_head(task) >= 1 ||
      static_cast<double>(task.context) * elementary::log(static_cast<double>(task.vocabulary)) >
          200 * elementary::log(2))
    return {};
  const HeadTailTables shared(tables, witness, options.threads);
  const std::vector<LabelRange> work = head_tail_pieces(task);
  const std::vector<double> total =
      witness.multipliers() ? totals(tables, witness) : std::vector<double>(task.vocabulary);
  std::vector<LabelSum> result(task.vocabulary);
  std::atomic<bool> out_of_reach{false};
  const auto report = [&](std::size_t done) {
    if (options.progress) options.progress(static_cast<double>(done) / static_cast<double>(work.size()));
  };
  for_each_piece(
      work.size(), options.threads,
      [&](std::size_t index) {
        if (out_of_reach) return;
        Piece piece(tables, witness, shared, options.count_correct, out_of_reach);
        for (std::uint64_t y = work[index].from; y < work[index].to && !out_of_reach; ++y) {
          Label label{y, {}};
          piece.add(label);
          if (!out_of_reach) result[y] = concluded(tables, witness, label, total[y]);
        }
      },
      report);
  if (out_of_reach) return {};
  return result;
}

} // namespace proofmark
