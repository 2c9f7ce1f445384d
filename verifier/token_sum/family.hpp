// The family "token-sum" as the rest of the verifier sees it.
#pragma once

#include "../check.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verifier::token_sum {

inline constexpr std::string_view family_name = "token-sum";

struct HeadTailWitness;

std::vector<TensorName> tensor_names();
std::vector<std::string> rule_names(); // "symmetry@1", ..
bool bounds_from_below(const std::string& rule);

void require_shapes(const Certificate&);
void require_witnesses(const Certificate&);
std::unique_ptr<LabelProver> make_prover(const Certificate&, const Options&);
// What a thread holds beside the tables, in bytes, at most; `witness` is null without a step by head-tail@1.
std::uint64_t worker_bytes(const Task&, const HeadTailWitness* witness);
// What these tables cost.
Operations tables_operations(const Certificate&);

// The inputs that the step's rule evaluates, each by the tutorial's forward pass: n d + d² + d V
// multiply-adds, and 3 V for the loss.
mpz_class tutorial_multiply_adds(const Certificate&);

} // namespace verifier::token_sum
