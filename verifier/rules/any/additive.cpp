#include "rules/any/additive.hpp"

#include <algorithm>

namespace verifier::rules::any {
namespace {

struct Readout { // maps, an activation, maps
  std::vector<const Map*> before, after;
  Activation activation;
};
Readout readout_of(const Network& network) {
  Readout readout{};
  bool passed = false;
  for (const auto& part : network.readout) {
    if (const auto* activation = std::get_if<Activation>(&part))
      readout.activation = *activation, passed = true;
    else
      (passed ? readout.after : readout.before).push_back(&std::get<Map>(part));
  }
  return readout;
}

// What the maps make of each token of a position, without what they add.
Real rows_of(Kernel& k, const Network& network, std::size_t p, const TokenSpan& tokens, const Readout& readout) {
  const Real table = with(k, network.tokens[network.tokens.size() == 1 ? 0 : p]);
  Real x = rows(table, tokens.least, tokens.least + tokens.count);
  if (network.position) x = x + repeat_rows(row(with(k, *network.position), p), x.rows());
  for (const Map* map : readout.before) x = linear(x, with(k, map->w));
  return x;
}
std::optional<Real> added_by(Kernel& k, const std::vector<const Map*>& maps) {
  std::optional<Real> constant;
  for (const Map* map : maps) {
    if (constant) constant = linear(*constant, with(k, map->w));
    if (!map->bias) continue;
    const Real bias = with(k, *map->bias);
    constant = constant ? *constant + bias : bias;
  }
  return constant;
}

// A row for each row of x and each of y, those of y next to each other.
Real sums_of_all(const Real& x, const Real& y) {
  { const Lease fits = x.kernel().meter.hold(x.rows(), y.rows()); }
  const std::size_t count = x.rows() * y.rows();
  { const Lease fits = x.kernel().meter.hold(count, x.columns()); }
  Tokens of_x, of_y;
  for (std::size_t i = 0; i < count; ++i)
    of_x.push_back(static_cast<Index>(i / y.rows())), of_y.push_back(static_cast<Index>(i % y.rows()));
  return plus_rows_at(x, of_x, y, of_y);
}

} // namespace

std::size_t right_position(const std::vector<TokenSpan>& tokens) {
  std::size_t right = tokens.size() - 1;
  while (right > 0 && tokens[right].count == 1) --right;
  return tokens[right].count > 1 ? right : tokens.size() - 1;
}

Additive additive(Kernel& k, const Network& network, const std::vector<TokenSpan>& tokens) {
  const Readout readout = readout_of(network);
  const std::size_t y = right_position(tokens);
  const Real right = rows_of(k, network, y, tokens[y], readout);
  std::optional<Real> left;
  for (std::size_t p = 0; p < network.positions; ++p) {
    if (p == y) continue;
    const Real x = rows_of(k, network, p, tokens[p], readout);
    left = left ? sums_of_all(*left, x) : x;
  }
  if (!left) left = spread(number(k, 0), {1, right.columns()});
  if (const auto constant = added_by(k, readout.before)) left = *left + repeat_rows(*constant, left->rows());
  const Product last = product_of(k, readout.after);
  return {*left, right, readout.activation, last.w,
          last.constant ? *last.constant : spread(number(k, 0), {1, network.classes})};
}

} // namespace verifier::rules::any
