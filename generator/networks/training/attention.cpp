// What a position mixes from those that it sees.
//
// For one row and one head, with s_j = f q·k_j and a = softmax(s), the result is sum_j a_j v_j. With g its gradient:
//
//   da_j = g·v_j,  dv_j = a_j g,  ds_j = a_j (da_j - sum_i a_i da_i),  dq = f sum_j ds_j k_j,  dk_j = f ds_j q.

#include "networks/training/operations.hpp"
#include "numbers/elementary.hpp"

#include <utility>

namespace proofmark::networks {

namespace {

using Eigen::Index;

// Values and their rows, by the row of the result.
template <class Scalar>
struct Seen {
  Value<Scalar>* value;
  std::vector<std::uint32_t> row;

  auto head(Index of, Index number, Index width) const {
    return value->rows.row(row[static_cast<std::size_t>(of)]).segment(number * width, width);
  }
  auto gradient(Index of, Index number, Index width) const {
    return value->gradient.row(row[static_cast<std::size_t>(of)]).segment(number * width, width);
  }
};

template <class Scalar>
struct Mixture {
  std::vector<Seen<Scalar>> query, keys, values; // query: one or none
  Index heads, head_width, value_width;
  Scalar factor;
  Value<Scalar>* result;
  Table<Scalar> shares; // [R heads x positions seen]
};

template <class Scalar>
void find_shares(Mixture<Scalar>& m) {
  const auto seen = static_cast<Index>(m.values.size());
  if (m.query.empty()) {
    m.shares.setConstant(Scalar{1} / static_cast<Scalar>(seen));
    return;
  }
  for (Index row = 0; row < m.result->rows.rows(); ++row)
    for (Index head = 0; head < m.heads; ++head) {
      auto shares = m.shares.row(row * m.heads + head);
      for (Index j = 0; j < seen; ++j)
        shares(j) = m.factor * m.query[0]
                                   .head(row, head, m.head_width)
                                   .dot(m.keys[static_cast<std::size_t>(j)].head(row, head, m.head_width));
      shares.array() -= shares.maxCoeff();
    }
  elementary::replace_by_exp(m.shares.data(), m.shares.size());
  for (Index row = 0; row < m.shares.rows(); ++row) m.shares.row(row) /= m.shares.row(row).sum();
}

template <class Scalar>
void mix(Mixture<Scalar>& m) {
  m.result->rows.setZero();
  for (Index row = 0; row < m.result->rows.rows(); ++row)
    for (Index head = 0; head < m.heads; ++head)
      for (std::size_t j = 0; j < m.values.size(); ++j)
        m.result->rows.row(row).segment(head * m.value_width, m.value_width) +=
            m.shares(row * m.heads + head, static_cast<Index>(j)) * m.values[j].head(row, head, m.value_width);
}

template <class Scalar>
void go_back(const Mixture<Scalar>& m) {
  const auto seen = static_cast<Index>(m.values.size());
  Eigen::Matrix<Scalar, 1, Eigen::Dynamic> of_scores(seen);
  for (Index row = 0; row < m.result->rows.rows(); ++row)
    for (Index head = 0; head < m.heads; ++head) {
      const auto gradient = m.result->gradient.row(row).segment(head * m.value_width, m.value_width);
      const auto shares = m.shares.row(row * m.heads + head);
      for (Index j = 0; j < seen; ++j) {
        const Seen<Scalar>& value = m.values[static_cast<std::size_t>(j)];
        of_scores(j) = gradient.dot(value.head(row, head, m.value_width));
        value.gradient(row, head, m.value_width) += shares(j) * gradient;
      }
      if (m.query.empty()) continue;
      of_scores = (m.factor * shares.array() * (of_scores.array() - shares.dot(of_scores))).matrix().eval();
      for (Index j = 0; j < seen; ++j) {
        const Seen<Scalar>& key = m.keys[static_cast<std::size_t>(j)];
        m.query[0].gradient(row, head, m.head_width) += of_scores(j) * key.head(row, head, m.head_width);
        key.gradient(row, head, m.head_width) += of_scores(j) * m.query[0].head(row, head, m.head_width);
      }
    }
}

} // namespace

template <class Scalar>
Value<Scalar>& attended(Tape<Scalar>& tape, Value<Scalar>* query, std::span<Value<Scalar>* const> keys,
                        std::span<Value<Scalar>* const> values, Index heads, Scalar factor) {
  PositionSet positions = query ? query->positions : 0;
  for (const Value<Scalar>* key : keys) positions |= key->positions;
  for (const Value<Scalar>* value : values) positions |= value->positions;
  Mixture<Scalar> mixture{{},
                          {},
                          {},
                          heads,
                          query ? query->rows.cols() / heads : 0,
                          values[0]->rows.cols() / heads,
                          factor,
                          &tape.value(positions, values[0]->rows.cols()),
                          {}};
  const auto seen = [&](Value<Scalar>* value) {
    return Seen<Scalar>{value, tape.combinations.route(positions, value->positions)};
  };
  if (query) mixture.query.push_back(seen(query));
  for (Value<Scalar>* key : keys) mixture.keys.push_back(seen(key));
  for (Value<Scalar>* value : values) mixture.values.push_back(seen(value));
  mixture.shares.resize(mixture.result->rows.rows() * heads, static_cast<Index>(values.size()));
  find_shares(mixture);
  mix(mixture);
  Value<Scalar>& result = *mixture.result;
  tape.on_the_way_back([mixture = std::move(mixture)] { go_back(mixture); });
  return result;
}

template Value<float>& attended(Tape<float>&, Value<float>*, std::span<Value<float>* const>,
                                std::span<Value<float>* const>, Index, float);
template Value<double>& attended(Tape<double>&, Value<double>*, std::span<Value<double>* const>,
                                 std::span<Value<double>* const>, Index, double);

} // namespace proofmark::networks
