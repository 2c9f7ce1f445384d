#include "families/token_sum/bounds/mixture_sums.hpp"

#include "numbers/product.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>

namespace proofmark {

namespace {

using Index = Eigen::Index;

constexpr std::uint64_t labels_at_a_time = 64; // columns of a product of matrices
constexpr Index tokens_at_a_time = 256;        // its rows; with `panel` columns they fit the cache

// Theorem (i): from Q_a = sum_k A[a,k]², at least about 1 because every row has an entry of 1.
std::vector<LabelSum> merge_both(const TokenSumTables& tables, const LabelSumOptions& options) {
  const std::uint64_t V = tables.task.vocabulary;
  std::vector<Interval> log_of_square(V);
  for_each_piece(V, options.threads, [&](std::size_t a) {
    const auto row = tables.exponentials.row(static_cast<Index>(a));
    double q = 0;
    for (std::uint64_t k = 0; k < V; k += panel)
      q += row.segment(static_cast<Index>(k), static_cast<Index>(std::min(panel, V - k))).squaredNorm();
    log_of_square[a] = log(enclose(q));
  });
  std::vector<LabelSum> result;
  Interval below; // T_y
  for (std::uint64_t y = 0; y < V; ++y) {
    result.push_back(with_label_terms(tables, y, below + enclose(Integer(y + 1)) * log_of_square[y]));
    below += log_of_square[y];
  }
  return result;
}

// Entry by entry, exponent >= 1. Raising small entries keeps every product of two factors normal;
// docs/generator-numerics.md, section 5, bounds what it adds.
template <class Block>
MatrixD entrywise_power(const Block& x, std::uint64_t exponent) {
  MatrixD result = x;
  for (std::uint64_t i = 1; i < exponent; ++i) result = result.cwiseProduct(x).cwiseMax(Exponential::tiny);
  return result;
}

// Z[a, label] = Z(a^k, y^m) for a < labels.to. A term passes one multiplication, at most `panel` additions (product.hpp),
// and one addition for each later panel.
Eigen::MatrixXd mixtures(const TokenSumTables& tables, LabelRange labels, std::uint64_t m) {
  const std::uint64_t k = tables.task.context - m;
  const auto height = static_cast<Index>(labels.to), width = static_cast<Index>(labels.to - labels.from),
             V = static_cast<Index>(tables.task.vocabulary);
  const MatrixD of_labels = entrywise_power(tables.exponentials.middleRows(static_cast<Index>(labels.from), width), m);
  Eigen::MatrixXd z = Eigen::MatrixXd::Zero(height, width);
  for (Index a = 0; a < height; a += tokens_at_a_time) {
    stop_if_interrupted();
    const Index rows = std::min(tokens_at_a_time, height - a);
    for (Index column = 0; column < V; column += static_cast<Index>(panel)) {
      const Index depth = std::min(static_cast<Index>(panel), V - column);
      const auto block = tables.exponentials.block(a, column, rows, depth);
      const auto right = of_labels.middleCols(column, depth).transpose();
      if (k == 1)
        add_product(z.middleRows(a, rows), block, right);
      else
        add_product(z.middleRows(a, rows), entrywise_power(block, k), right);
    }
  }
  return z;
}

// Theorem (ii), for a few labels; `result` has an entry for each.
void merge_below_maximum(const TokenSumTables& tables, LabelRange labels, std::span<LabelSum> result) {
  const std::uint64_t n = tables.task.context;
  const long scale = tables.logits.scale;
  DirectSums direct(tables);
  const std::size_t count = result.size();
  std::vector<Interval> sums(count);
  std::vector<Integer> inputs(count);
  for (std::size_t i = 0; i < count; ++i) { // y^n
    LogSum tie;
    direct.multiply(tie, Tokens(n, labels.from + i));
    sums[i] = enclosure(tie, scale);
    inputs[i] = 1;
  }
  for (std::uint64_t m = 1; m < n; ++m) {
    const Eigen::MatrixXd z = mixtures(tables, labels, m);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t y = labels.from + i;
      LogSum product;
      for (std::uint64_t a = 0; a < y; ++a) {
        const double value = z(static_cast<Index>(a), static_cast<Index>(i));
        if (value >= least_reliable) {
          product.multiply(value);
          continue;
        }
        Tokens input(n, y);
        std::fill_n(input.begin(), n - m, a);
        direct.multiply(product, input);
      }
      const Integer weight = binomial(n, m) * power(y, n - m - 1);
      sums[i] += enclose(weight) * enclosure(product, scale);
      inputs[i] += weight * product.inputs;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (inputs[i] != inputs_with_label(tables.task, labels.from + i))
      throw Error(Exit::internal, "the weights of a label's mixtures do not add up to its inputs");
    result[i] = with_label_terms(tables, labels.from + i, sums[i]);
  }
}

} // namespace

std::vector<LabelSum> mixture_sums(const TokenSumTables& tables, const LabelSumOptions& options) {
  if (tables.task.context == 2) return merge_both(tables, options);
  const std::uint64_t V = tables.task.vocabulary, pieces = (V + labels_at_a_time - 1) / labels_at_a_time;
  std::vector<LabelSum> result(V);
  const auto report = [&](std::size_t done) { // highest labels first; a label costs as many inputs as lie below
    const double rest = 1 - static_cast<double>(done) / static_cast<double>(pieces);
    if (options.progress) options.progress(1 - rest * rest);
  };
  for_each_piece(
      pieces, options.threads,
      [&](std::size_t piece) {
        const LabelRange labels{piece * labels_at_a_time, std::min(V, (piece + 1) * labels_at_a_time)};
        merge_below_maximum(tables, labels, std::span(result).subspan(labels.from, labels.to - labels.from));
      },
      report);
  return result;
}

} // namespace proofmark
