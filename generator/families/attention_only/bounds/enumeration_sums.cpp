#include "families/attention_only/bounds/enumeration_sums.hpp"

#include "families/attention_only/bounds/relative.hpp"
#include "numbers/elementary.hpp"
#include "numbers/exponential.hpp"
#include "numbers/log_sum.hpp"
#include "strategies/ledger.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace proofmark::attention_only {

namespace {

using Index = Eigen::Index;

constexpr int scale = 50; // exponents are whole multiples of 2^-scale nats
constexpr double unit = 0x1p50;
constexpr double beyond_cut_off = 400; // nats: what lies so far below the largest logit counts as lying there

// The inputs of one label.
class Walk {
public:
  Walk(const Tables& tables, const Positions& positions, std::uint64_t label, const Exponential& exponential,
       double clear)
      : label_(tables, positions, label), exponential_(exponential), clear_(clear), last_(static_cast<Index>(label)),
        free_(static_cast<Index>(tables.n) - 1), parts_(free_ + 1, static_cast<Index>(label_.W)),
        mass_(static_cast<std::size_t>(free_) + 1), margins_(label_.W), exponents_(label_.W), terms_(label_.W) {
    for (Index p = 0; p <= free_; ++p) values_.push_back(label_.v.rowwise() + label_.pi.row(p));
  }

  void run() {
    for (q_ = free_ == 0 ? last_ : 0; q_ <= last_; ++q_) {
      stop_if_interrupted();
      weighted_.clear();
      for (Index p = 0; p <= free_; ++p)
        weighted_.push_back(values_[static_cast<std::size_t>(p)].array().colwise() *
                            (label_.r.row(q_).transpose() * label_.b(q_, p)).array());
      parts_.row(0) = weighted_.back().row(q_);
      mass_[0] = label_.r(q_, q_) * label_.b(q_, free_);
      slots(0, q_ == last_);
    }
  }

  LogSum logs;
  std::uint64_t correct = 0, undecided = 0;
  double worst = -std::numeric_limits<double>::infinity(); // the largest logit of a wrong output less the label's

private:
  // Free slots from `slot` on; `has_label`: whether the query or a slot before holds the label.
  void slots(Index slot, bool has_label) {
    if (slot == free_) return input();
    const MatrixD& weighted = weighted_[static_cast<std::size_t>(slot)];
    const auto depth = static_cast<std::size_t>(slot);
    for (Index t = slot + 1 == free_ && !has_label ? last_ : 0; t <= last_; ++t) {
      parts_.row(slot + 1) = parts_.row(slot) + weighted.row(t);
      mass_[depth + 1] = mass_[depth] + label_.r(q_, t) * label_.b(q_, slot);
      slots(slot + 1, has_label || t == last_);
    }
  }

  void input() {
    Eigen::Map<Eigen::ArrayXd> margins(margins_.data(), static_cast<Index>(margins_.size()));
    margins = parts_.row(free_).transpose().array() * (1 / mass_.back()) + label_.u.row(q_).transpose().array();
    const double largest = margins.maxCoeff(), top = std::max(largest, 0.0);
    for (std::size_t w = 0; w < margins_.size(); ++w) exponents_[w] = below(top - margins_[w]);
    exponential_(exponents_, terms_.data());
    const double wrong = Eigen::Map<const Eigen::ArrayXd>(terms_.data(), margins.size()).sum();
    logs.multiply((top > 0 ? exponential_(below(top)) : 1) + wrong);
    if (top > 0) logs.offset += static_cast<LogSum::Wide>(std::ldexp(top, scale));
    correct += largest < -clear_;
    undecided += std::abs(largest) <= clear_;
    worst = std::max(worst, largest);
  }

  static std::int64_t below(double nats) { return static_cast<std::int64_t>(std::min(nats, beyond_cut_off) * unit); }

  Relative label_;
  const Exponential& exponential_;
  double clear_;
  Index last_, free_, q_ = 0;     // the label, the number of free slots, the query
  std::vector<MatrixD> values_;   // by position: v + pi  [m+1 x W]
  std::vector<MatrixD> weighted_; // of the query: W_p (v + pi)
  MatrixD parts_;                 // sums over the query and the first slots  [n x W]
  std::vector<double> mass_;      // likewise
  std::vector<double> margins_;
  std::vector<std::int64_t> exponents_;
  std::vector<double> terms_;
};

// Of the logarithm, from computed margins. What is wrong with these is wrong with each loss relatively.
double error_per_input(const Tables& tables, const Errors& errors) {
  constexpr double u = 0x1p-52;
  return 1.01 * (2 * errors.size * u + 4 / unit + Exponential::log_error + (static_cast<double>(tables.V) + 4) * u);
}

} // namespace

std::vector<LabelSum> enumeration_sums(const Tables& tables, const LabelSumOptions& options) {
  const std::uint64_t V = tables.V, n = tables.n;
  if (V == 1) return {{Interval(0), Interval(0), 1, 0}};
  const Errors known = errors(tables);
  const Positions positions(tables);
  const Exponential exponential(scale);
  const Interval error = enclose(error_per_input(tables, known));
  std::vector<LabelSum> result(V);
  const auto report = [&](std::size_t done) { // highest labels first, whose inputs are a share of 1 - (rest)^n
    if (options.progress)
      options.progress(1 - elementary::power(1 - static_cast<double>(done) / static_cast<double>(V), n));
  };
  const auto run = [&](std::size_t label) {
    if (options.ledger != nullptr)
      if (const auto known_sum = options.ledger->find(label)) {
        result[label] = *known_sum;
        return;
      }
    Walk walk(tables, positions, label, exponential, clear_margin(known));
    walk.run();
    const Integer inputs = inputs_with_label({n, V}, label);
    if (inputs != walk.logs.inputs) throw Error(Exit::internal, "the inputs of a label were not all visited");
    const Interval sum = widen(enclosure(walk.logs, scale), enclose(inputs) * error);
    result[label] = {widen(sum, sum * enclose(1.01 * known.margin + 0x1p-40)), Interval(0), walk.correct,
                     walk.undecided};
    if (options.margin) result[label].margin = lower_double(-enclose(walk.worst) - enclose(clear_margin(known)));
    if (options.ledger != nullptr) options.ledger->add(label, result[label]);
  };
  for_each_piece(V, options.threads, run, report);
  return result;
}

} // namespace proofmark::attention_only
