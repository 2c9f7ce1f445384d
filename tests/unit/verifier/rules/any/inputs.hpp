// All inputs of a small network, and what is true of them by definition.
#pragma once

#include "networks.hpp"

namespace networks {

inline const mpq_class step(1, mpz_class(1) << step_bits);

// All inputs, some of them twice, with labels at random.
inline any::Inputs all_inputs(const Network& net, std::size_t V, Drawing& draw) {
  any::Inputs inputs{std::vector<any::Tokens>(net.n), {}};
  std::vector<Index> t(net.n, 0);
  do
    for (std::size_t times = 1 + draw.below(2); times > 0; --times) {
      for (std::size_t p = 0; p < net.n; ++p) inputs.tokens[p].push_back(t[p]);
      inputs.labels.push_back(static_cast<Index>(draw.below(net.C)));
      inputs.indices.emplace_back(inputs.indices.size());
    }
  while (truth::next_input(t, V));
  return inputs;
}

struct Truth {
  Big loss;
  std::vector<mpq_class> margins; // of each input; none where there is one class
};
inline Truth truth_of(const Network& net, const any::Inputs& inputs) {
  Truth truth;
  for (std::size_t i = 0; i < inputs.labels.size(); ++i) {
    std::vector<Index> t;
    for (const any::Tokens& of_position : inputs.tokens) t.push_back(of_position[i]);
    const Row z = logits(net, t);
    std::vector<Big> beyond;
    for (std::size_t c = 0; c < net.C; ++c)
      if (c != inputs.labels[i]) beyond.push_back(z[c] - z[inputs.labels[i]]);
    truth.loss += truth::loss(beyond);
    if (beyond.empty()) continue;
    truth.margins.push_back(-std::ranges::max_element(beyond, [](auto& a, auto& b) { return a < b; })->rational());
  }
  return truth;
}

inline bool is_tie(const mpq_class& margin) {
  return abs(margin) < mpq_class(1, mpz_class(1) << 200);
}

} // namespace networks
