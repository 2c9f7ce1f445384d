#include "families/attention_only/training/cubic_gradient.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace proofmark {

namespace {

double softplus(double x) {
  return std::max(x, 0.0) + elementary::log1p(elementary::exp(-std::abs(x)));
}

double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + elementary::exp(-x)) : elementary::exp(x) / (1 + elementary::exp(x));
}

// The margin of up to three parts with these log weights and values, and their shares.
struct Mixture {
  std::array<double, 3> share{};
  double margin = 0;

  Mixture(const std::array<double, 3>& log_weights, const std::array<double, 3>& values) {
    const double largest = *std::max_element(log_weights.begin(), log_weights.end());
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) sum += share[i] = elementary::exp(log_weights[i] - largest);
    for (std::size_t i = 0; i < 3; ++i) margin += (share[i] /= sum) * values[i];
  }
};

constexpr double nothing = -std::numeric_limits<double>::infinity(); // the log weight of a part that is not there

} // namespace

template <class Scalar>
double AttentionOnlyCubicGradient<Scalar>::add(const Weights& weights, std::span<const Token> labels,
                                               const CubicPenalty& wanted, Weights& gradient) {
  tables_ = &layers_.forward(weights);
  vocabulary_ = weights.embedding.rows();
  context_ = weights.positions.rows();
  of_tables_.direct.setZero(vocabulary_, vocabulary_);
  of_tables_.moved.setZero(vocabulary_ + context_, vocabulary_);
  of_tables_.scores.setZero(vocabulary_, vocabulary_ + context_);
  const double scale = wanted.weight / static_cast<double>(labels.size());
  double sum = 0;
  if (vocabulary_ > 1) // else there is no wrong output
    for (const Token label : labels) sum += penalty(label, scale, wanted.slack);
  layers_.backward(weights, of_tables_, gradient);
  return scale * sum;
}

template <class Scalar>
double AttentionOnlyCubicGradient<Scalar>::penalty(Index label, double scale, double slack) {
  find_maxima(label);
  const auto n = static_cast<std::uint64_t>(context_);
  const double m = static_cast<double>(label), inputs = elementary::power(m + 1, n) - elementary::power(m, n);
  double sum = 0;
  for (Index query = context_ > 1 ? 0 : label; query <= label; ++query)
    sum += of_query(label, query, inputs, scale, slack);
  add_maxima(label);
  return sum;
}

template <class Scalar>
void AttentionOnlyCubicGradient<Scalar>::find_maxima(Index label) {
  const auto& [direct, moved, scores] = *tables_;
  top_.assign(static_cast<std::size_t>(vocabulary_), {nothing, 0});
  for (Index p = 0; p < context_; ++p)
    for (Index w = 0; w < vocabulary_; ++w) {
      const double value = static_cast<double>(moved(vocabulary_ + p, w)) - moved(vocabulary_ + p, label);
      if (Largest& top = top_[static_cast<std::size_t>(w)]; value > top.value) top = {value, p};
    }
  const std::size_t rows = static_cast<std::size_t>(label) + 1;
  direct_.assign(rows, {nothing, 0});
  moved_.assign(rows, {nothing, 0});
  of_direct_.assign(rows, 0);
  of_moved_.assign(rows, 0);
  for (std::size_t t = 0; t < rows; ++t) {
    const Index row = static_cast<Index>(t);
    for (Index w = 0; w < vocabulary_; ++w) {
      if (w == label) continue;
      const double own = static_cast<double>(direct(row, w)) - direct(row, label);
      if (own > direct_[t].value) direct_[t] = {own, w};
      const double attended =
          static_cast<double>(moved(row, w)) - moved(row, label) + top_[static_cast<std::size_t>(w)].value;
      if (attended > moved_[t].value) moved_[t] = {attended, w};
    }
  }
}

template <class Scalar>
double AttentionOnlyCubicGradient<Scalar>::of_query(Index label, Index query, double inputs, double scale,
                                                    double slack) {
  const auto scores = tables_->scores.row(query);
  auto of_scores = of_tables_.scores.row(query);
  const auto relative = [&](Index token) { return static_cast<double>(scores(token)) - scores(label); };
  const std::size_t q = static_cast<std::size_t>(query), m = static_cast<std::size_t>(label);
  const Index free = context_ - 1;

  // Weights of positions; their common factor is in every part.
  const double largest = scores.tail(context_).maxCoeff();
  std::vector<double> b(static_cast<std::size_t>(context_));
  for (Index p = 0; p < context_; ++p)
    b[static_cast<std::size_t>(p)] = elementary::exp(static_cast<double>(scores(vocabulary_ + p)) - largest);
  std::vector<Index> order(static_cast<std::size_t>(free)); // of the free positions, lightest first
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(),
            [&](Index i, Index j) { return b[static_cast<std::size_t>(i)] < b[static_cast<std::size_t>(j)]; });
  const double of_query = query == label ? nothing : elementary::log(b.back()) + relative(query);

  const auto split = [&](Index others, bool heaviest) {
    Slots slots{0, query == label ? b.back() : 0, {}};
    for (Index i = 0; i < free; ++i) {
      const Index p = order[static_cast<std::size_t>(i)];
      if (heaviest ? i >= free - others : i < others) {
        slots.others += b[static_cast<std::size_t>(p)];
        slots.of_others.push_back(p);
      } else
        slots.label += b[static_cast<std::size_t>(p)];
    }
    return slots;
  };
  // Gradients of the logarithms of sums of weights become those of the scores of positions.
  const auto add_positions = [&](const Slots& slots, double of_others, double of_label, double of_last) {
    std::vector<double> of_b(b.size(), of_label / slots.label);
    of_b.back() = query == label ? of_label / slots.label : of_last / b.back();
    for (const Index p : slots.of_others) of_b[static_cast<std::size_t>(p)] = of_others / slots.others;
    for (Index p = 0; p < context_; ++p)
      of_scores(vocabulary_ + p) +=
          static_cast<Scalar>(of_b[static_cast<std::size_t>(p)] * b[static_cast<std::size_t>(p)]);
  };
  // Gradients of the values and of the log weights of tokens; returns those of the three log weights.
  const auto add_parts = [&](const Mixture& mixture, const std::array<double, 3>& values, Index k, double of_margin) {
    std::array<double, 3> of_weights{};
    const std::array<Index, 3> tokens{label, query, k};
    of_direct_[q] += of_margin;
    for (std::size_t i = 0; i < 3; ++i) {
      of_moved_[static_cast<std::size_t>(tokens[i])] += of_margin * mixture.share[i];
      of_weights[i] = of_margin * mixture.share[i] * (values[i] - mixture.margin);
      of_scores(tokens[i]) += static_cast<Scalar>(of_weights[i]);
      of_scores(label) -= static_cast<Scalar>(of_weights[i]);
    }
    return of_weights;
  };

  const auto value = [&](std::size_t t) { return direct_[q].value + moved_[t].value; };
  double sum = 0, weight = 1 / inputs; // of one token k: C(n-1,s) m^(s-1) / inputs
  {
    const Slots slots = split(0, false);
    const std::array values{value(m), value(q), 0.0};
    const Mixture mixture({elementary::log(slots.label), of_query, nothing}, values);
    sum += weight * softplus(mixture.margin + slack);
    const auto of_weights = add_parts(mixture, values, label, scale * weight * sigmoid(mixture.margin + slack));
    add_positions(slots, 0, of_weights[0], of_weights[1]);
  }
  for (Index others = 1; others <= (query == label ? free : free - 1); ++others) {
    weight *= static_cast<double>(free - others + 1) / static_cast<double>(others);
    if (others > 1) weight *= static_cast<double>(label);
    const std::array ends{split(others, false), split(others, true)};
    std::array<std::array<double, 3>, 2> of_weights{};
    for (Index k = 0; k < label; ++k) {
      const std::array values{value(m), value(q), value(static_cast<std::size_t>(k))};
      const auto mixture = [&](const Slots& slots) {
        return Mixture({slots.label > 0 ? elementary::log(slots.label) : nothing, of_query,
                        elementary::log(slots.others) + relative(k)},
                       values);
      };
      const Mixture light = mixture(ends[0]), heavy = mixture(ends[1]);
      const std::size_t worse = heavy.margin > light.margin;
      const Mixture& found = worse ? heavy : light;
      sum += weight * softplus(found.margin + slack);
      const auto added = add_parts(found, values, k, scale * weight * sigmoid(found.margin + slack));
      for (std::size_t i = 0; i < 3; ++i) of_weights[worse][i] += added[i];
    }
    for (std::size_t end = 0; end < 2; ++end)
      add_positions(ends[end], of_weights[end][2], of_weights[end][0], of_weights[end][1]);
  }
  return sum;
}

template <class Scalar>
void AttentionOnlyCubicGradient<Scalar>::add_maxima(Index label) {
  for (std::size_t t = 0; t < direct_.size(); ++t) {
    const Index row = static_cast<Index>(t), output = moved_[t].output;
    of_tables_.direct(row, direct_[t].output) += static_cast<Scalar>(of_direct_[t]);
    of_tables_.direct(row, label) -= static_cast<Scalar>(of_direct_[t]);
    const Index position = vocabulary_ + top_[static_cast<std::size_t>(output)].output;
    for (const Index from : {row, position}) {
      of_tables_.moved(from, output) += static_cast<Scalar>(of_moved_[t]);
      of_tables_.moved(from, label) -= static_cast<Scalar>(of_moved_[t]);
    }
  }
}

template class AttentionOnlyCubicGradient<float>;
template class AttentionOnlyCubicGradient<double>;

} // namespace proofmark
