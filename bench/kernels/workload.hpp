// Data for the kernels: a model of random weights whose logits spread like those of a trained one (standard deviation 5 nats), and the
// verifier's own tables of it, by both engines. The same numbers on every machine.
#pragma once

#include "kernel/engine.hpp"
#include "rules/token_sum/tables.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace kernels {

struct Sizes {
  std::size_t vocabulary;           // V, 64 to 2^14
  std::size_t width;                // d
  std::size_t reference_vocabulary; // of the reference engine's own, smaller tables, which are slow to make
};

// What one engine computes with.
struct Data {
  Data(const verifier::kernel::Engine&, std::size_t vocabulary, std::size_t width);
  Data(const Data&) = delete;

  std::size_t V;
  verifier::kernel::Budget budget{UINT64_MAX};
  verifier::kernel::Meter meter{budget, UINT64_MAX};
  verifier::kernel::Kernel k;
  std::optional<verifier::kernel::Weights> embedding, unembedding; // [rows x d], [d x V]
  verifier::rules::token_sum::Problem problem;                     // of two tokens
  std::optional<verifier::kernel::Real> L;                         // [rows x V]
  std::optional<verifier::kernel::Positive> A;                     // [rows x V]
  std::vector<verifier::kernel::Index> firsts, rows;               // pairs of each token with each row
  verifier::kernel::Lists heads;                                   // 16 outputs of each pair, spread over V
};

inline constexpr std::size_t rows_of_a_batch = 48;

struct Workload {
  explicit Workload(const Sizes& sizes)
      : fast(verifier::kernel::fast(), sizes.vocabulary, sizes.width),
        reference(verifier::kernel::reference(), sizes.reference_vocabulary, sizes.width) {}
  Data fast, reference;
  std::size_t kept = 0; // something of each result, so that no work is optimised away
};

} // namespace kernels
