#include "families/token_sum/head_tail/landscape.hpp"

#include "families/token_sum/bounds/correctness.hpp"
#include "families/token_sum/head_tail/products.hpp"
#include "families/token_sum/head_tail/sums.hpp"
#include "numbers/elementary.hpp"
#include "numbers/product.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>

namespace proofmark::head_tail_search {

RowWeights row_weights(const Tokens& tail) {
  Tokens input = tail;
  input.push_back(tail.back());
  const auto tie = orderings(input).convert_to<double>();
  return {tie * (1 + static_cast<double>(std::count(tail.begin(), tail.end(), tail.back()))), tie};
}

namespace {

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

} // namespace

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

} // namespace proofmark::head_tail_search
