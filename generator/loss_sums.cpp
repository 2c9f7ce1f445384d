#include "loss_sums.hpp"

#include "error.hpp"
#include "interrupt.hpp"
#include "parallel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace proofmark {

namespace {

using Index = Eigen::Index;
using Tokens = std::vector<std::uint64_t>;
__extension__ using Wide = __int128;

constexpr std::uint64_t panel =
    256; // inner products are summed in panels of so many columns, then over the panels
constexpr std::size_t batch_rows = 96;      // rows multiplied with A at a time
constexpr double least_reliable = 0x1p-400; // below, entries that were raised to Exponential::tiny may matter

std::uint64_t panels(std::uint64_t vocabulary) {
  return (vocabulary + panel - 1) / panel;
}

// ln of a product of many positive numbers, without overflow:  mantissa * 2^exponent * exp(offset *
// 2^-scale).
struct LogSum {
  double mantissa = 1; // in [1, 2)
  std::int64_t exponent = 0;
  Wide offset = 0; // at most 2^63 an input, at most 2^50 inputs: exact
  std::uint64_t inputs = 0;

  // One rounding, of relative size at most 2^-52 in any rounding mode. x is a normal number.
  void multiply(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const double in_binade = std::bit_cast<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
    exponent += static_cast<std::int64_t>(bits >> 52) - 1023;
    mantissa *= in_binade;
    if (mantissa >= 2) // at most 4, when rounded up: then 2 remains, which is harmless
      mantissa *= 0.5, ++exponent;
    ++inputs;
  }
};

Integer integer(Wide x) {
  const Integer high = static_cast<std::int64_t>(x >> 64);
  return high * (Integer(1) << 64) + Integer(static_cast<std::uint64_t>(x));
}

// What accumulates for one label.
struct Label {
  std::uint64_t label = 0;
  std::map<Integer, LogSum> logs; // by weight: the inputs that stand for so many orderings each
  Integer correct, undecided;
};

enum class Verdict { correct, incorrect, undecided };

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
  Piece(const TokenSumTables& tables, bool count_correct)
      : tables_(tables), n_(tables.task.context), V_(tables.task.vocabulary), count_correct_(count_correct),
        batch_(static_cast<Index>(batch_rows), static_cast<Index>(V_)),
        products_(static_cast<Index>(n_), static_cast<Index>(V_)), sums_(V_), terms_(V_) {
    const double margin =
        2 * static_cast<double>(n_) * (tables.logit_error + verifier_logit_error(tables.largest_logit));
    margin_ = static_cast<std::int64_t>(std::ldexp(margin, tables.logits.scale)) + 2;
    // See decide(): a factor 1 - 2^-30 in probability has to be more than the margin.
    probabilities_decide_ = margin <= 0x1p-31;
  }

  void add(Label& label) {
    Tokens tail{label.label};
    if (n_ == 1) {
      LogSum& logs = label.logs[1];
      multiply_directly(logs, tail);
      count(label, 1, count_correct_ ? scan(tail) : Verdict::undecided);
    } else {
      products_.row(0) = exponentials(label.label);
      walk(label, tail);
    }
  }

  void flush();

private:
  Eigen::Ref<const Eigen::RowVectorXd> exponentials(std::uint64_t token) const {
    return tables_.exponentials.row(static_cast<Index>(token));
  }

  // Depth first over t_(n-1) >= .. >= t_2, carrying the product of A[t_i,k] over the tail. Clamping keeps
  // every product of two factors normal; docs/generator-numerics.md, section 5, bounds what it adds.
  void walk(Label& label, Tokens& tail) {
    if (tail.size() == n_ - 1)
      return add_row(label, tail);
    const auto depth = static_cast<Index>(tail.size());
    for (std::uint64_t token = 0; token <= tail[static_cast<std::size_t>(depth) - 1]; ++token) {
      products_.row(depth) =
          products_.row(depth - 1).cwiseProduct(exponentials(token)).cwiseMax(Exponential::tiny);
      tail.push_back(token);
      walk(label, tail);
      tail.pop_back();
    }
  }

  void add_row(Label& label, const Tokens& tail) {
    const auto ties =
        static_cast<unsigned>(std::count(tail.begin(), tail.end(), tail.back())); // r of the rule page
    Tokens input = tail;
    input.push_back(tail.back());
    const Integer tied = orderings(input);
    batch_.row(static_cast<Index>(rows_.size())) = products_.row(static_cast<Index>(tail.size()) - 1);
    rows_.push_back({&label, tail, tied * (ties + 1), tied});
    if (rows_.size() == batch_rows)
      flush();
  }

  void close(const Row&, const double* z, Index row);
  void multiply_directly(LogSum&, const Tokens& input);
  Verdict scan(const Tokens& input);
  Verdict decide(double z, double label_term, const Tokens& input);
  void add_logits(const Tokens& input); // into sums_

  void count(Label& label, const Integer& inputs, Verdict verdict) const {
    if (count_correct_ && verdict == Verdict::correct)
      label.correct += inputs;
    if (count_correct_ && verdict == Verdict::undecided)
      label.undecided += inputs;
  }

  const TokenSumTables& tables_;
  std::uint64_t n_, V_;
  bool count_correct_;
  std::int64_t margin_ = 0;
  bool probabilities_decide_ = false;
  MatrixD batch_, products_;       // [batch_rows x V], [n x V]
  std::vector<Row> rows_;          // of batch_
  std::vector<std::int64_t> sums_; // sum_i M[t_i,k]
  std::vector<double> terms_;
};

// Z[a, row] = sum_k A[a,k] batch[row,k] for all a that some row needs. A term passes one multiplication, at
// most `panel` additions in whatever order Eigen takes, and one addition for each later panel.
void Piece::flush() {
  if (rows_.empty())
    return;
  stop_if_interrupted();
  std::uint64_t most = 0;
  for (const Row& row : rows_)
    most = std::max(most, row.tail.back());
  const auto height = static_cast<Index>(most) + 1, width = static_cast<Index>(rows_.size());
  Eigen::MatrixXd z = Eigen::MatrixXd::Zero(height, width), part(height, width);
  for (Index k = 0; k < static_cast<Index>(V_); k += static_cast<Index>(panel)) {
    const Index depth = std::min(static_cast<Index>(panel), static_cast<Index>(V_) - k);
    part.noalias() =
        tables_.exponentials.block(0, k, height, depth) * batch_.block(0, k, width, depth).transpose();
    z += part;
  }
  for (Index row = 0; row < width; ++row)
    close(rows_[static_cast<std::size_t>(row)], z.col(row).data(), row);
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
      multiply_directly(target, input);
    if (!count_correct_)
      continue;
    const Verdict verdict =
        decide(z[a], label_factor * tables_.exponentials(static_cast<Index>(a), label), input);
    if (a == last)
      count(*row.label, row.tied, verdict);
    else {
      correct += verdict == Verdict::correct;
      undecided += verdict == Verdict::undecided;
    }
  }
  count(*row.label, row.weight * correct, Verdict::correct);
  count(*row.label, row.weight * undecided, Verdict::undecided);
}

void Piece::add_logits(const Tokens& input) {
  std::copy_n(tables_.logits.row(input[0]), V_, sums_.begin());
  for (std::size_t i = 1; i < input.size(); ++i) {
    const std::int64_t* const row = tables_.logits.row(input[i]);
    for (std::uint64_t k = 0; k < V_; ++k)
      sums_[k] += row[k];
  }
}

// Z(t) for an input whose terms are too small for doubles: with u_k = sum_i M[t_i,k] and m = max u,
// ln Z(t) = ln sum_k exp(u_k - m) + m - sum_i s_(t_i), the last difference exact. One of the terms is 1.
void Piece::multiply_directly(LogSum& target, const Tokens& input) {
  add_logits(input);
  const std::int64_t top = *std::max_element(sums_.begin(), sums_.end());
  for (std::int64_t& u : sums_)
    u = top - u;
  tables_.exponential(sums_, terms_.data());
  double sum = 0;
  for (std::uint64_t k = 0; k < V_; k += panel) {
    double part = 0;
    for (std::uint64_t j = k; j < std::min(V_, k + panel); ++j)
      part += terms_[j];
    sum += part;
  }
  target.multiply(sum);
  target.offset += top;
  for (const std::uint64_t token : input)
    target.offset -= tables_.shift[token];
}

// Exact comparison of sums of integers, with room for the errors of both programs.
Verdict Piece::scan(const Tokens& input) {
  if (V_ == 1)
    return Verdict::correct;
  add_logits(input);
  const std::int64_t at_label = std::exchange(sums_[input.front()], std::numeric_limits<std::int64_t>::min());
  const std::int64_t rival =
      *std::max_element(sums_.begin(), sums_.end()); // |sums| below 2^61: differences fit
  if (at_label - rival > margin_)
    return Verdict::correct;
  return rival - at_label > margin_ ? Verdict::incorrect : Verdict::undecided;
}

// Most inputs need no scan. Let P_k = prod_i A[t_i,k], so that Z = sum_k P_k, and y the label. If Z <= 2 P_y
// (1 - 2^-30) then every other P_k <= Z - P_y <= P_y (1 - 2^-29): its logit lies at least 2^-29 below, more
// than the margin and the error of z together. If Z > V P_y then some P_k > P_y. Both z and label_term are
// off by less than 2^-35 of their values where they are at least least_reliable, and label_term by less than
// 2^-480 below.
Verdict Piece::decide(double z, double label_term, const Tokens& input) {
  if (probabilities_decide_ && z >= least_reliable) {
    if (label_term >= least_reliable && z <= 2 * label_term * (1 - 0x1p-30))
      return Verdict::correct;
    if (z > 1.01 * static_cast<double>(V_) * label_term)
      return Verdict::incorrect;
  }
  return scan(input);
}

// S_y from the logarithms and the label terms of docs/rules/enumeration.md.
LabelSum concluded(const TokenSumTables& tables, const Label& label) {
  const std::uint64_t n = tables.task.context;
  const std::uint64_t y = label.label;
  const long scale = tables.logits.scale;
  LabelSum result;
  Integer inputs;
  for (const auto& [weight, logs] : label.logs) {
    const Interval sum = log(enclose(logs.mantissa)) + ln_2() * enclose(Integer(logs.exponent)) +
                         enclose(integer(logs.offset), -scale);
    result.loss += enclose(weight) * sum;
    inputs += weight * logs.inputs;
  }
  if (inputs != inputs_with_label(tables.task, y))
    throw Error(Exit::internal, "the inputs of a label were not all visited");

  Wide deficits = 0;
  for (std::uint64_t a = 0; a < y; ++a)
    deficits += tables.deficit(a, y);
  const Integer all = power(y + 1, n - 1), without_label = n == 1 ? Integer(1) : power(y, n - 1);
  const Integer terms =
      n * (all - without_label) * integer(deficits) + n * all * Integer(tables.deficit(y, y));
  const Interval count = enclose(inputs), exact_terms = enclose(terms, -scale);
  result.loss = widen(result.loss + exact_terms, count * enclose(error_per_input(tables)));
  // Each of the n deficits of an input differs from the real one by the errors of a logit and of its shift.
  result.label_terms =
      widen(exact_terms, count * enclose(2 * static_cast<double>(n)) * enclose(tables.logit_error));
  result.correct = label.correct;
  result.undecided = label.undecided;
  return result;
}

// Consecutive labels, so many that their rows fill a batch.
std::vector<LabelRange> pieces(const Task& task) {
  std::vector<LabelRange> result;
  Integer rows;
  for (std::uint64_t y = 0; y < task.vocabulary; ++y) {
    if (rows == 0)
      result.push_back({y, y});
    result.back().to = y + 1;
    rows += task.context < 2 ? Integer(1) : binomial(y + task.context - 2, task.context - 2);
    if (rows >= batch_rows)
      rows = 0;
  }
  return result;
}

} // namespace

double error_per_input(const TokenSumTables& tables) {
  const auto n = static_cast<double>(tables.task.context);
  const double roundings =
      n + static_cast<double>(panel) + static_cast<double>(panels(tables.task.vocabulary)) + 4;
  const double of_ln_z = n * Exponential::log_error + roundings * 0x1p-52 + 0x1p-69;
  return (of_ln_z + 2 * n * tables.logit_error) * (1 + 0x1p-40);
}

std::vector<LabelSum> loss_sums(const TokenSumTables& tables, const LabelSumOptions& options) {
  const std::vector<LabelRange> work = pieces(tables.task);
  std::vector<LabelSum> result(tables.task.vocabulary);
  const auto report =
      [&](std::size_t done) { // highest labels first, whose inputs are a share of about 1 - (rest)^n
        if (options.progress)
          options.progress(1 - std::pow(1 - static_cast<double>(done) / static_cast<double>(work.size()),
                                        static_cast<double>(tables.task.context)));
      };
  const auto run = [&](std::size_t index) {
    std::vector<Label> labels(work[index].to - work[index].from);
    Piece piece(tables, options.count_correct);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      labels[i].label = work[index].from + i;
      piece.add(labels[i]);
    }
    piece.flush();
    for (const Label& label : labels)
      result[label.label] = concluded(tables, label);
  };
  for_each_piece(work.size(), options.threads, run, report);
  return result;
}

} // namespace proofmark
