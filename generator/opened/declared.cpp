#include "opened/declared.hpp"

#include "numbers/elementary.hpp"
#include "numbers/grid.hpp"

#include <algorithm>

namespace proofmark::opened {

namespace {

struct Loss {
  double value, slope; // an error x of every difference moves it by about so many x
};

// ln sum exp, where the label's entry is 0.
Loss loss_of(std::span<const double> differences, std::size_t label) {
  const double largest = std::max(0.0, *std::max_element(differences.begin(), differences.end()));
  std::vector<double> terms(differences.begin(), differences.end());
  for (double& term : terms) term -= largest;
  elementary::replace_by_exp(terms.data(), static_cast<std::ptrdiff_t>(terms.size()));
  double others = 0;
  for (std::size_t c = 0; c < terms.size(); ++c)
    if (c != label) others += terms[c];
  const double value = largest > 0 ? largest + elementary::log(others + terms[label]) : elementary::log1p(others);
  return {value, std::min(1.0, 2 * value)};
}

// The verifier's fast engine finds the lower end from the upper ends, which is cheaper, where the mean of the gaps below them is small.
double lost_from_below(std::span<const double> lower, std::span<const double> upper) {
  constexpr double small = 0x1p-20, room = 1.001;
  double sum = 0, gaps = 0;
  for (std::size_t c = 0; c < upper.size(); ++c) {
    const double term = elementary::exp(std::min(300.0, upper[c]));
    sum += term, gaps += term * (upper[c] - lower[c]);
  }
  const double mean = gaps / sum;
  return mean < room * small ? room * mean : 0;
}

} // namespace

void Declared::add(std::span<const double> lower, std::span<const double> upper, std::size_t label, double room) {
  classes_ = upper.size(), ++inputs_;
  double lowest = -std::numeric_limits<double>::infinity(), highest = lowest;
  for (std::size_t c = 0; c < upper.size(); ++c)
    if (c != label) lowest = std::max(lowest, lower[c]), highest = std::max(highest, upper[c]);
  margin_ = std::min(margin_, -highest - room);
  if (highest < -room) ++correct_;
  if (lowest > room) ++wrong_;
  const Loss above = loss_of(upper, label);
  upper_.add(above.value);
  lower_.add(std::max(0.0, std::min(loss_of(lower, label).value, above.value - lost_from_below(lower, upper))));
  const double of_sums = static_cast<double>(2 * (40 + upper.size())) * 0x1p-52;
  off_ += 2 * room * above.slope + of_sums * (above.slope + 0x1p-8);
}

void Declared::add(const Declared& others) {
  for (const auto& [sum, more] : {std::pair{&lower_, &others.lower_}, std::pair{&upper_, &others.upper_}})
    sum->add(more->sum), sum->add(more->rest);
  off_ += others.off_;
  inputs_ += others.inputs_, correct_ += others.correct_, wrong_ += others.wrong_;
  margin_ = std::min(margin_, others.margin_);
  classes_ = std::max(classes_, others.classes_);
}

StepFindings Declared::findings() const {
  StepFindings result;
  const Rational off = exactly(off_) + grid_steps(Integer(inputs_) + 1);
  result.lo = std::max(Rational(0), on_grid(lower_.value() - off, Direction::down));
  result.hi = on_grid(upper_.value() + off, Direction::up);
  result.least = correct_, result.most = inputs_ - wrong_;
  if (classes_ > 1) result.margin = on_grid(exactly(margin_), Direction::down);
  return result;
}

} // namespace proofmark::opened
