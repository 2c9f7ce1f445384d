#include "families/attention_only/training/table_layers.hpp"

#include <cmath>

namespace proofmark {

template <class Scalar>
const AttentionOnlyTables<Scalar>& AttentionOnlyTableLayers<Scalar>::forward(const Weights& w) {
  const Eigen::Index vocabulary = w.embedding.rows(), context = w.positions.rows();
  all_.resize(vocabulary + context, w.embedding.cols());
  all_ << w.embedding, w.positions;
  last_ = w.embedding.rowwise() + w.positions.row(context - 1);
  values_ = all_ * w.value;
  written_ = values_ * w.output;
  queries_ = last_ * w.query;
  keys_ = all_ * w.key;
  tables_.direct = last_ * w.unembedding;
  tables_.moved = written_ * w.unembedding;
  tables_.scores = queries_ * keys_.transpose() / std::sqrt(static_cast<Scalar>(w.key.cols()));
  return tables_;
}

template <class Scalar>
void AttentionOnlyTableLayers<Scalar>::backward(const Weights& w, const Tables& of_tables, Weights& gradient) const {
  const Eigen::Index vocabulary = w.embedding.rows(), context = w.positions.rows();
  const Scalar root = std::sqrt(static_cast<Scalar>(w.key.cols()));
  const Matrix<Scalar> of_written = of_tables.moved * w.unembedding.transpose();
  const Matrix<Scalar> of_values = of_written * w.output.transpose();
  const Matrix<Scalar> of_queries = of_tables.scores * keys_ / root;
  const Matrix<Scalar> of_keys = of_tables.scores.transpose() * queries_ / root;
  const Matrix<Scalar> of_last = of_tables.direct * w.unembedding.transpose() + of_queries * w.query.transpose();
  const Matrix<Scalar> of_all = of_values * w.value.transpose() + of_keys * w.key.transpose();
  gradient.unembedding += last_.transpose() * of_tables.direct + written_.transpose() * of_tables.moved;
  gradient.output += values_.transpose() * of_written;
  gradient.value += all_.transpose() * of_values;
  gradient.query += last_.transpose() * of_queries;
  gradient.key += all_.transpose() * of_keys;
  gradient.embedding += of_all.topRows(vocabulary) + of_last;
  gradient.positions += of_all.bottomRows(context);
  gradient.positions.row(context - 1) += of_last.colwise().sum();
}

template class AttentionOnlyTableLayers<float>;
template class AttentionOnlyTableLayers<double>;

} // namespace proofmark
