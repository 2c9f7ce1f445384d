// Token tables that are products while they are trained: an embedding [V x e] times a linear map [e x d] for each position, as
// networks for groups are usually written. Only the product stands in the file.
#pragma once

#include "networks/training/stored.hpp"
#include "numbers/random.hpp"

#include <deque>

namespace proofmark::networks {

struct Factors {
  std::size_t tensor; // the table
  Table<float> embedding, linear, embedding_gradient, linear_gradient;
};

// One for each token map, in order: the embedding from the normal distribution, the linear map uniform within
// 1 / sqrt(2 e), e = d. Each map must be a tensor of its own, stored as tokens,width.
std::deque<Factors> random_factors(const Stored&, Random&);

void multiply(const Factors&, StoredTensor& table);
void split_gradient(Factors&, const StoredTensor& table);

} // namespace proofmark::networks
