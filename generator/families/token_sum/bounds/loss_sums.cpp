#include "families/token_sum/bounds/loss_sums.hpp"

#include "families/token_sum/bounds/correctness.hpp"
#include "numbers/elementary.hpp"
#include "numbers/product.hpp"
#include "strategies/ledger.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace proofmark {

namespace {

using Index = Eigen::Index;

constexpr std::size_t batch_rows = 96; // rows multiplied with A at a time

// What accumulates for one label.
struct Label {
  std::uint64_t label = 0;
  std::map<Integer, LogSum> logs; // by weight: the inputs that stand for so many orderings each
  Integer correct, undecided;
  MarginSoFar margin;
};

// A row is a choice of (t_2, .., t_n); its inputs are those with t_1 <= t_2. Tokens are kept from the
// largest, t_n, down.
struct Row {
  Label* label;
  Tokens tail;          // t_n, .., t_2
  Integer weight, tied; // orderings of an input with t_1 < t_2, and of the one with t_1 = t_2
};

// The inputs of a few labels, one thread's work.
class Piece {
public:
  Piece(const TokenSumTables& tables, const LabelSumOptions& options)
      : tables_(tables), n_(tables.task.context), V_(tables.task.vocabulary), count_correct_(options.count_correct),
        margin_(options.margin && V_ > 1), batch_(static_cast<Index>(batch_rows), static_cast<Index>(V_)),
        products_(static_cast<Index>(n_), static_cast<Index>(V_)), direct_(tables), correctness_(tables) {}

  void add(Label& label) {
    Tokens tail{label.label};
    if (n_ == 1) {
      LogSum& logs = label.logs[1];
      direct_.multiply(logs, tail);
      count(label, 1, count_correct_ ? correctness_.scan(tail) : Verdict::undecided);
      if (margin_) correctness_.take(label.margin, tail);
    } else {
      products_.row(0) = exponentials(label.label);
      walk(label, tail);
    }
  }

  void flush();

  LabelSum concluded(const Label&) const; // when all rows are flushed

private:
  Eigen::Ref<const Eigen::RowVectorXd> exponentials(std::uint64_t token) const {
    return tables_.exponentials.row(static_cast<Index>(token));
  }

  // Depth first over t_(n-1) >= .. >= t_2, carrying the product of A[t_i,k] over the tail. Clamping keeps
  // every product of two factors normal; docs/generator-numerics.md, section 5, bounds what it adds.
  void walk(Label& label, Tokens& tail) {
    if (tail.size() == n_ - 1) return add_row(label, tail);
    const auto depth = static_cast<Index>(tail.size());
    for (std::uint64_t token = 0; token <= tail[static_cast<std::size_t>(depth) - 1]; ++token) {
      products_.row(depth) = products_.row(depth - 1).cwiseProduct(exponentials(token)).cwiseMax(Exponential::tiny);
      tail.push_back(token);
      walk(label, tail);
      tail.pop_back();
    }
  }

  void add_row(Label& label, const Tokens& tail) {
    const auto ties = static_cast<unsigned>(std::count(tail.begin(), tail.end(), tail.back())); // r of the rule page
    Tokens input = tail;
    input.push_back(tail.back());
    const Integer tied = orderings(input);
    batch_.row(static_cast<Index>(rows_.size())) = products_.row(static_cast<Index>(tail.size()) - 1);
    rows_.push_back({&label, tail, tied * (ties + 1), tied});
    if (rows_.size() == batch_rows) flush();
  }

  void close(const Row&, const double* z, Index row);
  void take_margins(const Row&, const double* z, double label_factor);

  void count(Label& label, const Integer& inputs, Verdict verdict) const {
    if (count_correct_ && verdict == Verdict::correct) label.correct += inputs;
    if (count_correct_ && verdict == Verdict::undecided) label.undecided += inputs;
  }

  const TokenSumTables& tables_;
  std::uint64_t n_, V_;
  bool count_correct_, margin_;
  MatrixD batch_, products_; // [batch_rows x V], [n x V]
  std::vector<Row> rows_;    // of batch_
  DirectSums direct_;
  Correctness correctness_;
};

// Z[a, row] = sum_k A[a,k] batch[row,k] for all a that some row needs. A term passes one multiplication, at most `panel`
// additions (product.hpp), and one addition for each later panel.
void Piece::flush() {
  if (rows_.empty()) return;
  stop_if_interrupted();
  std::uint64_t most = 0;
  for (const Row& row : rows_) most = std::max(most, row.tail.back());
  const auto height = static_cast<Index>(most) + 1, width = static_cast<Index>(rows_.size());
  Eigen::MatrixXd z(height, width);
  set_product(z, tables_.exponentials.topRows(height), batch_.topRows(width).transpose());
  for (Index row = 0; row < width; ++row) close(rows_[static_cast<std::size_t>(row)], z.col(row).data(), row);
  rows_.clear();
}

void Piece::close(const Row& row, const double* z, Index index) {
  const std::uint64_t last = row.tail.back();
  const auto label = static_cast<Index>(row.label->label);
  const double label_factor = batch_(index, label);
  std::uint64_t correct = 0, undecided = 0; // among t_1 < t_2
  Tokens input = row.tail;
  input.push_back(0);
  LogSum &logs = row.label->logs[row.weight], &tied = row.label->logs[row.tied];
  for (std::uint64_t a = 0; a <= last; ++a) {
    input.back() = a;
    LogSum& target = a < last ? logs : tied;
    if (z[a] >= least_reliable)
      target.multiply(z[a]);
    else
      direct_.multiply(target, input);
    if (!count_correct_) continue;
    const Verdict verdict =
        correctness_.decide(z[a], label_factor * tables_.exponentials(static_cast<Index>(a), label), input);
    if (a == last)
      count(*row.label, row.tied, verdict);
    else {
      correct += verdict == Verdict::correct;
      undecided += verdict == Verdict::undecided;
    }
  }
  count(*row.label, row.weight * correct, Verdict::correct);
  count(*row.label, row.weight * undecided, Verdict::undecided);
  if (margin_) take_margins(row, z, label_factor);
}

// The input that looks worst comes first, so that most of the others need no scan.
void Piece::take_margins(const Row& row, const double* z, double label_factor) {
  const auto label = static_cast<Index>(row.label->label);
  const auto inputs = static_cast<Index>(row.tail.back()) + 1;
  const Eigen::ArrayXd label_terms = tables_.exponentials.col(label).head(inputs).array() * label_factor;
  Index worst = 0;
  (label_terms / Eigen::Map<const Eigen::ArrayXd>(z, inputs)).minCoeff(&worst);
  Tokens input = row.tail;
  input.push_back(static_cast<std::uint64_t>(worst));
  correctness_.take(row.label->margin, input);
  for (Index a = 0; a < inputs; ++a) {
    input.back() = static_cast<std::uint64_t>(a);
    correctness_.take(row.label->margin, z[a], label_terms[a], input);
  }
}

LabelSum Piece::concluded(const Label& label) const {
  Interval sum;
  Integer inputs;
  for (const auto& [weight, logs] : label.logs) {
    sum += enclose(weight) * enclosure(logs, tables_.logits.scale);
    inputs += weight * logs.inputs;
  }
  if (inputs != inputs_with_label(tables_.task, label.label))
    throw Error(Exit::internal, "the inputs of a label were not all visited");
  LabelSum result = with_label_terms(tables_, label.label, sum);
  result.correct = label.correct;
  result.undecided = label.undecided;
  if (margin_) result.margin = correctness_.lower_end(label.margin);
  return result;
}

// Consecutive labels, so many that their rows fill a batch.
std::vector<LabelRange> pieces(const Task& task) {
  std::vector<LabelRange> result;
  Integer rows;
  for (std::uint64_t y = 0; y < task.vocabulary; ++y) {
    if (rows == 0) result.push_back({y, y});
    result.back().to = y + 1;
    rows += task.context < 2 ? Integer(1) : binomial(y + task.context - 2, task.context - 2);
    if (rows >= batch_rows) rows = 0;
  }
  return result;
}

} // namespace

std::vector<LabelSum> loss_sums(const TokenSumTables& tables, const LabelSumOptions& options) {
  const std::vector<LabelRange> work = pieces(tables.task);
  std::vector<LabelSum> result(tables.task.vocabulary);
  const auto report = [&](std::size_t done) { // highest labels first, whose inputs are a share of about 1 - (rest)^n
    if (options.progress)
      options.progress(
          1 - elementary::power(1 - static_cast<double>(done) / static_cast<double>(work.size()), tables.task.context));
  };
  const auto is_known = [&](LabelRange range) {
    for (std::uint64_t y = range.from; options.ledger != nullptr && y < range.to; ++y) {
      std::optional<LabelSum> known = options.ledger->find(y);
      if (!known) return false;
      result[y] = std::move(*known);
    }
    return options.ledger != nullptr;
  };
  const auto run = [&](std::size_t index) {
    if (is_known(work[index])) return;
    std::vector<Label> labels(work[index].to - work[index].from);
    Piece piece(tables, options);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      labels[i].label = work[index].from + i;
      piece.add(labels[i]);
    }
    piece.flush();
    for (const Label& label : labels) {
      result[label.label] = piece.concluded(label);
      if (options.ledger != nullptr) options.ledger->add(label.label, result[label.label]);
    }
  };
  for_each_piece(work.size(), options.threads, run, report);
  return result;
}

} // namespace proofmark
