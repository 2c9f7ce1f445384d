// Data for the kernels: a model of random weights whose logits spread like those of a trained one (standard deviation 5 nats), and the
// verifier's own tables of it. The same numbers on every machine.
#pragma once

#include "token_sum/exact_product.hpp"
#include "token_sum/exponentials.hpp"
#include "token_sum/fixed_point.hpp"
#include "token_sum/tables.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace kernels {

struct Sizes {
  std::size_t vocabulary;           // V, 2 to 2^14
  std::size_t width;                // d
  std::size_t reference_vocabulary; // of the reference engine's own, smaller table, which is slow to make
};

struct Workload {
  explicit Workload(Sizes);

  Sizes sizes;
  verifier::token_sum::FixedMatrix embedding, unembedding; // [V x d]
  std::unique_ptr<verifier::token_sum::Tables> exact, reference;
  std::unique_ptr<verifier::token_sum::Rows> exact_rows, reference_rows; // one token pushed
  std::vector<std::int64_t> steps; // arguments of exponentials, on the grid 2^-45 [V]
  verifier::token_sum::ExponentialTable exponentials;
  std::vector<std::uint64_t> left, right, out; // words [V]
  verifier::token_sum::PackedVector left_row, right_row;
  verifier::token_sum::Bins bins;
  std::vector<verifier::token_sum::PositiveSum> sums; // inner products of a row [V]
  std::vector<verifier::token_sum::Column> columns;   // all of the reference table
  std::vector<verifier::token_sum::Column> head;      // 16, spread over V
  verifier::Interval product;                         // of a row of the reference table

  // Where results go, so that no work is optimised away.
  verifier::Real real, rounded{verifier::token_sum::significand_bits};
  verifier::Interval interval;
  std::uint64_t word = 0;
};

} // namespace kernels
