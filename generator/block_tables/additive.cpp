#include "block_tables/additive.hpp"

#include "networks/number.hpp"

#include <algorithm>

namespace proofmark::block_tables {

namespace {

using networks::Activation;
using networks::Network;
using Map = networks::Matrices<double>::Map;
using Vector = networks::Matrices<double>::Vector;

std::size_t activation_of(const Network& network) { // its place in the readout; the end where there is none
  const auto found = std::find_if(network.readout.begin(), network.readout.end(),
                                  [](const auto& part) { return std::holds_alternative<Activation>(part); });
  return static_cast<std::size_t>(found - network.readout.begin());
}

// Some maps one after the other, as one.
Map product_of(const Network& network, std::size_t from, std::size_t to) {
  Map result = std::get<Map>(network.readout[from]);
  for (std::size_t i = from + 1; i < to; ++i) {
    const auto& map = std::get<Map>(network.readout[i]);
    MatrixD next(result.weight.rows(), map.weight.cols());
    set_product(next, result.weight, map.weight);
    if (result.bias) *result.bias = *result.bias * map.weight;
    if (map.bias) result.bias = result.bias ? Vector(*result.bias + *map.bias) : *map.bias;
    result.weight = std::move(next);
  }
  return result;
}

// What the activation reads of a position: a row for each of its tokens.
MatrixD rows_of(const Network& network, const Domain& domain, std::uint64_t position,
                const std::optional<Map>& before) {
  const TokenRange range = domain.ranges[position];
  const Map& tokens = network.tokens_at(position);
  MatrixD rows =
      tokens.weight.middleRows(static_cast<Eigen::Index>(range.from), static_cast<Eigen::Index>(range.to - range.from));
  if (tokens.bias) rows.rowwise() += *tokens.bias;
  if (network.position_table) rows.rowwise() += network.position_table->table.row(static_cast<Eigen::Index>(position));
  if (!before) return rows;
  MatrixD result(rows.rows(), before->weight.cols());
  set_product(result, rows, before->weight);
  return result;
}

MatrixD sums_of_rows(const MatrixD& a, const MatrixD& b) { // of each row of a with each of b
  MatrixD result(a.rows() * b.rows(), a.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i) result.middleRows(i * b.rows(), b.rows()) = b.rowwise() + a.row(i);
  return result;
}

} // namespace

std::uint64_t right_position(const Domain& domain) {
  for (std::uint64_t p = domain.positions; p-- > 0;)
    if (domain.ranges[p].to - domain.ranges[p].from > 1) return p;
  return domain.positions - 1;
}

namespace {

double reach_of(Activation activation) {
  switch (activation) {
  case Activation::silu:
    return 0.6;
  case Activation::gelu:
    return 0.629;
  default:
    return 0.5;
  }
}

} // namespace

std::string why_not(const Network& network, const Domain& domain) {
  if (!domain.is_product()) return "its inputs are a list";
  if (!network.blocks.empty()) return "it has blocks";
  if (network.norm) return "it has a norm before pooling";
  if (network.pool.kind != networks::Pool::Kind::sum) return "its pool is not \"sum\"";
  if (network.position_table && network.position_table->to_scores) return "its position table goes to scores";
  const std::size_t at = activation_of(network);
  if (at == network.readout.size()) return "its readout has no activation";
  if (at + 1 == network.readout.size()) return "its readout has no map after the activation";
  for (std::size_t i = 0; i < network.readout.size(); ++i)
    if (i != at && !std::holds_alternative<Map>(network.readout[i]))
      return std::holds_alternative<Activation>(network.readout[i]) ? "its readout has two activations"
                                                                    : "its readout has a norm";
  if (std::get<Activation>(network.readout[at]) == Activation::gelu_tanh) return "its activation is gelu-tanh";
  return {};
}

Additive additive(const Network& network, const Domain& domain) {
  const std::size_t at = activation_of(network);
  std::optional<Map> before;
  if (at > 0) before = product_of(network, 0, at);
  Map after = product_of(network, at + 1, network.readout.size());
  Additive result;
  result.activation = std::get<Activation>(network.readout[at]);
  result.reach = reach_of(result.activation);
  const std::uint64_t right = right_position(domain);
  result.right = rows_of(network, domain, right, before);
  result.left = MatrixD::Zero(1, result.right.cols());
  for (std::uint64_t p = 0; p < domain.positions; ++p)
    if (p != right) result.left = sums_of_rows(result.left, rows_of(network, domain, p, before));
  if (before && before->bias) result.left.rowwise() += *before->bias;
  result.bias = after.bias ? *after.bias : Vector(Vector::Zero(after.weight.cols()));
  result.unembedding = std::move(after.weight);
  return result;
}

double applied(Activation activation, double x) {
  switch (activation) {
  case Activation::relu:
    return networks::positive_part(x);
  case Activation::tanh:
    return networks::hyperbolic_tangent(x);
  case Activation::silu:
    return x * networks::sigmoid(x);
  default:
    return x * networks::normal_cdf(x);
  }
}

} // namespace proofmark::block_tables
