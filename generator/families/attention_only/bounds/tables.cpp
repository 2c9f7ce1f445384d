#include "families/attention_only/bounds/tables.hpp"

#include "families/attention_only/training/table_layers.hpp"
#include "models/tensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark::attention_only {

namespace {

constexpr double largest_spread = 300, largest_value_error = 0x1p-20, largest_score_error = 0x1p-36,
                 largest_entry = 0x1p20;

// Four factors within these bounds, and the sums of their products, neither overflow nor reach subnormal numbers: doubles
// from 2^-160 on are multiples of 2^-212.
constexpr double smallest_weight = 0x1p-160, largest_weight = 0x1p160;

[[noreturn]] void out_of_reach(const std::string& what) {
  throw Error(
      Exit::data, what,
      "proofs of attention-only models are found with doubles; a model trained with weight decay is within reach");
}

AttentionOnlyWeights<double> weights(const Model& model) {
  AttentionOnlyWeights<double> w;
  w.embedding = exact_values(tensor(model, attention_only::embedding));
  w.positions = exact_values(tensor(model, attention_only::positions));
  w.query = exact_values(tensor(model, attention_only::query));
  w.key = exact_values(tensor(model, attention_only::key));
  w.value = exact_values(tensor(model, attention_only::value));
  w.output = exact_values(tensor(model, attention_only::output));
  w.unembedding = exact_values(tensor(model, attention_only::unembedding));
  for (const auto part : AttentionOnlyWeights<double>::parts)
    for (const double weight : (w.*part).reshaped())
      if (weight != 0 && (std::abs(weight) < smallest_weight || std::abs(weight) > largest_weight))
        out_of_reach(fmt::format("a weight of the model is {}, outside what doubles can multiply", weight));
  return w;
}

double largest(const MatrixD& table) {
  return table.cwiseAbs().maxCoeff();
}

void require_range(const MatrixD& table, double error) {
  if (largest(table) + error > largest_entry)
    out_of_reach(fmt::format("an entry of the model's tables exceeds {:.0f} nats", largest_entry));
}

void require_spread(const char* what, const MatrixD& scores) {
  const double spread = (scores.rowwise().maxCoeff() - scores.rowwise().minCoeff()).maxCoeff();
  if (spread > largest_spread)
    out_of_reach(fmt::format("attention scores of one query lie {:.0f} nats apart between {}, more than {}", spread,
                             what, largest_spread));
}

} // namespace

Tables tables(const Model& model) {
  AttentionOnlyWeights<double> w = weights(model);
  AttentionOnlyTableLayers<double> layers;
  const AttentionOnlyTables<double>& found = layers.forward(w);
  const auto V = static_cast<Eigen::Index>(model.vocabulary), n = static_cast<Eigen::Index>(*model.context);
  Tables t{*model.context,
           model.vocabulary,
           found.direct,
           found.moved.topRows(V),
           found.moved.bottomRows(n),
           found.scores.leftCols(V),
           found.scores.rightCols(n),
           0,
           0};
  // An entry passes through at most so many roundings, each relative to a partial sum of absolute values.
  const double roundings = 2 * static_cast<double>(model.width) + static_cast<double>(model.head_width) + 4;
  for (const auto part : AttentionOnlyWeights<double>::parts) w.*part = (w.*part).cwiseAbs().eval();
  const AttentionOnlyTables<double>& sums = layers.forward(w);
  const double relative = 1.02 * roundings * 0x1p-53;
  t.value_error = relative * std::max(largest(sums.direct), largest(sums.moved));
  t.score_error = relative * largest(sums.scores);
  if (!(t.value_error <= largest_value_error && t.score_error <= largest_score_error))
    out_of_reach(fmt::format("the products of this model's weights are only known to {:.1e} nats in doubles",
                             std::max(t.value_error, t.score_error)));
  for (const MatrixD* table : {&t.EU, &t.OV, &t.PO}) require_range(*table, t.value_error);
  for (const MatrixD* table : {&t.A, &t.B}) require_range(*table, t.score_error);
  require_spread("tokens", t.A);
  require_spread("positions", t.B);
  return t;
}

} // namespace proofmark::attention_only
