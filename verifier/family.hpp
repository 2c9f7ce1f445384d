// The seam between what all certificates share and what a model family defines: tensors, tables and rules.
// A new family adds a folder and one row in family.cpp.
#pragma once

#include "certificate.hpp"
#include "check.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace verifier {

bool is_known_family(const std::string& family);
std::string known_families(); // for messages
bool is_known_rule(const std::string& family, const std::string& rule);
std::string known_rules(const std::string& family);            // for messages
std::string_view function_in_words(const std::string& family); // what it computes from the tokens of an input
// Whether the rule bounds the loss from below too.
bool bounds_from_below(const std::string& family, const std::string& rule);

// `tensors` is an object with exactly the tensors of the family.
void require_tensor_names(const std::string& family, const JsonView& tensors);
// How many dimensions the tensor, one of the family's, has.
std::size_t dimensions(const std::string& family, const std::string& tensor);
// Shapes fit the family, the task and the limits; fails with tensor-shape, limit-width or limit-vocabulary.
void require_shapes(const Certificate&);

// Every step's rule covers the task's context length and the step's labels, and the witnesses are those that the
// rules take, within their ranges. Fails with rule-context, step-blocks, witness-*.
void require_witnesses(const Certificate&);

// The tables of the model, ready to close any label with the rules that the steps name. Fails with
// weight-not-finite or limit-logit-range.
std::unique_ptr<LabelProver> make_prover(const Certificate&, const Options&);
// What these tables cost.
Operations tables_operations(const Certificate&);

// What evaluating the inputs of all steps one by one costs in the tutorial's own way, for comparison.
mpz_class tutorial_multiply_adds(const Certificate&);

} // namespace verifier
