// What parts of described networks take (docs/rules/any/enumeration.md): on the payer of the rows that they are applied to; single
// numbers, whatever rows there are, on another.
#pragma once

#include "lengths/tensor.hpp"
#include "networks/network.hpp"

#include <optional>
#include <vector>

namespace proofmark::lengths {

inline Tensor sigmoid(const Tensor& x, Operations& once) {
  copied(positive_part(x));
  numbers(once, 1);
  exp(sums(x)), exp(sums(x));
  return share(x, x);
}

inline Tensor applied(networks::Activation activation, const Tensor& x, Operations& once) {
  using networks::Activation;
  switch (activation) {
  case Activation::relu:
    return positive_part(x);
  case Activation::tanh:
    numbers(once, 1), numbers(once, 1);
    return sums(products(sigmoid(products(x), once)));
  case Activation::gelu:
    return products(exp(x));
  case Activation::silu:
    return products(sigmoid(x, once));
  case Activation::gelu_tanh:
    break;
  }
  numbers(once, 1), root(products(inverse(numbers(once, 1)))); // 8, pi
  numbers(once, 1);                                            // 0.044715
  sums(products(products(products(x))));
  return products(sigmoid(products(x), once));
}

inline Tensor applied(const networks::Matrices<double>::Map& map, const Tensor& x) {
  const Tensor y = product(x, {x.payer, map.weight.rows(), map.weight.cols()});
  return map.bias ? sums(y) : y;
}

// The last maps of a readout as one (docs/rules/any/README.md).
struct LastMaps {
  Tensor weight;
  std::optional<Tensor> constant;
};
inline LastMaps last_maps(Operations& payer, const std::vector<const networks::Matrices<double>::Map*>& maps) {
  LastMaps result{{&payer, maps.back()->weight.rows(), maps.back()->weight.cols()}, {}};
  if (maps.back()->bias) result.constant = Tensor{&payer, 1, result.weight.columns};
  for (std::size_t i = maps.size() - 1; i-- > 0;) {
    const Tensor before{&payer, maps[i]->weight.rows(), maps[i]->weight.cols()};
    if (maps[i]->bias) {
      const Tensor added = product(row(transposed(result.weight)), result.weight);
      result.constant = result.constant ? sums(added) : added;
    }
    result.weight = product(before, result.weight);
  }
  return result;
}

} // namespace proofmark::lengths
