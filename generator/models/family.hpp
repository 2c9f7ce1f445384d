// A family of networks (schema/FORMAT.md, section 5), as one row: what differs from one to the next, by the rooms that need it.
// The rows stand in families/; each room defines what its member points to.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

struct DryRuns;    // lengths/
struct Model;      // models/
struct NamedProof; // strategies/
struct Shape;
struct Strategy;
struct Tensor;
struct Trainer; // training/

struct Family {
  std::string_view name;            // "token-sum", as certificates and --family have it
  std::string_view summary;         // for --help
  std::string_view function;        // what it computes from tokens: "2 tokens of 2048, summed; .."
  std::uint64_t largest_vocabulary; // that the verifier takes
  bool positions;                   // each position has its own embedding, so that a model takes inputs of one length

  // Whether a tensor of the family's own names is there; null: it is what no other family recognises.
  bool (*recognises)(const std::vector<Tensor>&);

  // Throws Error (data) that names the tensor and the expected shape when the tensors are not a model of this family, when a
  // weight is infinite or not a number, or when a size is outside the limits of the format.
  Model (*model)(std::vector<Tensor>);

  // The description of such models for inputs of so many tokens, by the names and layouts of their tensors: JSON without white
  // space, keys in ascending order, as the digest of a model takes it.
  std::string (*architecture)(std::uint64_t context);

  const Trainer& training;
  const DryRuns& lengths;
  std::span<const Strategy* const> strategies;
  const Strategy& exact; // the one to name where exact numbers are wanted

  // The proofs that `frontier` makes of such a model, in order.
  std::vector<NamedProof> (*points)(const Shape&);
};

} // namespace proofmark
