// What the readers of all families share: tensors found by name, their values, what is refused, and the digest.
#pragma once

#include "models/family.hpp"
#include "models/safetensors.hpp"
#include "numbers/product.hpp"
#include "support/error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

// The refusal (data) of tensors that are not a model of a family: "this is not a token-sum model: .."
Error not_of_family(const Family&, const std::string& what, const std::string& hint);

// The refusal (data) of a model of no family without a description; `more` is said after it.
Error not_described(const std::string& more = {},
                    const std::string& hint = "--architecture FILE says it; 'proofmark describe' drafts it");

// What to do about a size beyond the verifier's limits; the same words wherever one is found.
extern const char* const size_hint;

// The tensor of that name. Throws Error (data) when there is none; `expected` is the hint.
Tensor& found(const Family&, std::vector<Tensor>&, const std::string& name, const char* expected);

// Throws Error (data) when there is a tensor of none of these names.
void require_no_others(const Family&, const std::vector<Tensor>&, const std::vector<std::string>& names,
                       const char* expected);

// Throws Error (data) that names the place of the first element that is infinite or not a number.
void require_finite(const Family&, const Tensor&);

// The same without a family: "tensor 'x' is nan at [1, 0]", where there is one, and what to do about it.
std::optional<std::string> not_finite(const Tensor&);
const char* not_finite_hint(const Tensor&);

bool all_zero(const Tensor&);
double element(const Tensor&, std::size_t index); // exactly: every dtype is a subset of binary64

// The elements of a tensor of shape [rows, columns] or [1, rows, columns], exactly, row-major.
MatrixD exact_values(const Tensor&);

// The digest of schema/FORMAT.md, section 5: 64 lower-case hexadecimal digits. Tensors in ascending order of name.
std::string model_sha256(const std::string& architecture, const std::vector<Tensor>&);

} // namespace proofmark
