#include "networks/evaluation/attention.hpp"

#include "networks/number.hpp"

#include <algorithm>
#include <span>

namespace proofmark::networks {

namespace {

template <class Number>
Number score_factor(const Attention<Values>& a, std::size_t head_width) {
  switch (a.scores.kind) {
  case Scores::Kind::scaled:
    return inverse(square_root(exact_number<Number>(static_cast<double>(head_width))));
  case Scores::Kind::factor:
    return decimal_number<Number>(a.scores.factor);
  default:
    return exact_number<Number>(1);
  }
}

template <class Number>
Number dot(const Number* x, const Number* y, std::size_t count) {
  Number sum = x[0] * y[0];
  for (std::size_t k = 1; k < count; ++k) sum = sum + x[k] * y[k];
  return sum;
}

// exp(s_j) / sum_k exp(s_k), in place. Less the largest, or a number near it, which changes nothing.
void softmax(std::span<double> s) {
  const double most = *std::max_element(s.begin(), s.end());
  double sum = 0;
  for (double& x : s) sum += x = elementary::exp(x - most);
  for (double& x : s) x /= sum;
}

// Each share from its own end and the others' opposite ends.
void softmax(std::span<Estimate> s) {
  double most = s[0].middle, above = 0, below = 0;
  for (const Estimate& x : s) most = std::max(most, x.middle);
  std::vector<std::pair<double, double>> ends;
  for (const Estimate& x : s) {
    ends.emplace_back(elementary::exp(x.lower() - most), elementary::exp(x.upper() - most));
    below += ends.back().first, above += ends.back().second;
  }
  for (std::size_t j = 0; j < s.size(); ++j) {
    const auto [low, high] = ends[j];
    const double least = low / (low + std::max(0.0, above - high)),
                 largest = high / (high + std::max(0.0, below - low));
    s[j] = {(least + largest) / 2, std::abs(largest - least) / 2 + 16 * two_roundings * largest};
  }
}

void softmax(std::span<Interval> s) {
  Interval most = s[0];
  for (const Interval& x : s) most = max(most, x);
  const Interval near = upper_point(most);
  Interval sum = 0;
  for (Interval& x : s) sum += x = exp(x - near);
  for (Interval& x : s) x /= sum;
}

// A position's row  [heads v]: of each head the mean of the values, weighed by shares  [heads x seen].
template <class Number>
void mix(const std::vector<Number>& shares, const std::vector<const Number*>& values, std::size_t heads,
         std::size_t columns, Number* result) {
  const std::size_t width = columns / heads, seen = values.size();
  for (std::size_t h = 0; h < heads; ++h)
    for (std::size_t j = 0; j < seen; ++j) {
      const Number& share = shares[h * seen + j];
      for (std::size_t c = h * width; c < (h + 1) * width; ++c)
        result[c] = j == 0 ? share * values[j][c] : result[c] + share * values[j][c];
    }
}

template <class Number>
struct Read { // what the parts of attention read and make of a position
  Matrix<Number> query, key, value;
};

// Scores of one position with another  [combinations on both x heads].
template <class Number>
Matrix<Number> pair_scores(Combinations& combinations, const Matrix<Number>& queries, PositionSet of_queries,
                           const Matrix<Number>& keys, PositionSet of_keys, std::size_t heads) {
  const PositionSet both = of_queries | of_keys;
  const auto query_rows = combinations.route(both, of_queries), key_rows = combinations.route(both, of_keys);
  Matrix<Number> result(query_rows.size(), heads);
  const std::size_t width = queries.columns / heads;
  for (std::size_t r = 0; r < result.rows; ++r)
    for (std::size_t h = 0; h < heads; ++h)
      result.row(r)[h] = dot(queries.row(query_rows[r]) + h * width, keys.row(key_rows[r]) + h * width, width);
  return result;
}

} // namespace

template <class Number>
State<Number> sum(Combinations& combinations, const State<Number>& x, const State<Number>& y) {
  const PositionSet on = x.on | y.on;
  const auto x_rows = combinations.route(on, x.on), y_rows = combinations.route(on, y.on);
  State<Number> result{Matrix<Number>(x_rows.size(), x.x.columns), on};
  for (std::size_t r = 0; r < x_rows.size(); ++r)
    for (std::size_t j = 0; j < x.x.columns; ++j) result.x.row(r)[j] = x.x.row(x_rows[r])[j] + y.x.row(y_rows[r])[j];
  return result;
}

template <class Number>
std::vector<State<Number>> attended(Combinations& combinations, const Attention<Values>& a,
                                    const std::optional<Norm<Values>>& norm, const std::vector<State<Number>>& states,
                                    const std::vector<std::uint64_t>& wanted, const Values::Table* scores_table) {
  const std::size_t last = *std::max_element(wanted.begin(), wanted.end());
  const std::size_t read = a.causal ? last + 1 : states.size(), heads = a.heads;
  std::vector<Read<Number>> made(read);
  for (std::size_t j = 0; j < read; ++j) {
    Matrix<Number> x = normalised(states[j].x, norm);
    made[j].value = mapped(x, a.value);
    if (!a.key) continue;
    if (scores_table) add_to_rows(x, scores_table->row(static_cast<Eigen::Index>(j)).data());
    made[j].key = mapped(x, *a.key);
    if (std::find(wanted.begin(), wanted.end(), j) == wanted.end()) continue;
    made[j].query = mapped(x, *a.query);
    const Number factor = score_factor<Number>(a, made[j].query.columns / heads);
    for (Number& entry : made[j].query.entries) entry = entry * factor;
  }
  std::vector<State<Number>> result;
  for (const std::size_t i : wanted) {
    const std::size_t seen = a.causal ? i + 1 : states.size();
    PositionSet on = states[i].on;
    for (std::size_t j = 0; j < seen; ++j) on |= states[j].on;
    std::vector<Matrix<Number>> scores;
    std::vector<std::vector<std::uint32_t>> score_rows, value_rows;
    for (std::size_t j = 0; j < seen; ++j) {
      value_rows.push_back(combinations.route(on, states[j].on));
      if (!a.key) continue;
      score_rows.push_back(combinations.route(on, states[i].on | states[j].on));
      scores.push_back(pair_scores(combinations, made[i].query, states[i].on, made[j].key, states[j].on, heads));
    }
    const std::size_t columns = made[0].value.columns;
    Matrix<Number> mixed(combinations.count(on), columns);
    std::vector<Number> shares(heads * seen, inverse(exact_number<Number>(static_cast<double>(seen))));
    std::vector<const Number*> values(seen);
    for (std::size_t r = 0; r < mixed.rows; ++r) {
      for (std::size_t j = 0; j < seen; ++j) values[j] = made[j].value.row(value_rows[j][r]);
      for (std::size_t h = 0; a.key && h < heads; ++h) {
        for (std::size_t j = 0; j < seen; ++j) shares[h * seen + j] = scores[j].row(score_rows[j][r])[h];
        softmax(std::span(shares).subspan(h * seen, seen));
      }
      mix(shares, values, heads, columns, mixed.row(r));
    }
    result.push_back({mapped(mixed, a.output), on});
  }
  return result;
}

#define FOR(Number)                                                                                                    \
  template State<Number> sum(Combinations&, const State<Number>&, const State<Number>&);                               \
  template std::vector<State<Number>> attended(Combinations&, const Attention<Values>&,                                \
                                               const std::optional<Norm<Values>>&, const std::vector<State<Number>>&,  \
                                               const std::vector<std::uint64_t>&, const Values::Table*);
FOR(double)
FOR(Estimate)
FOR(Interval)
#undef FOR

} // namespace proofmark::networks
