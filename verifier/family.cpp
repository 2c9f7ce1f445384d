#include "family.hpp"

#include "attention_only/family.hpp"
#include "json_reader.hpp"
#include "reason.hpp"
#include "text.hpp"
#include "token_sum/family.hpp"

#include <algorithm>
#include <array>

namespace verifier {
namespace {

struct Family {
  std::string_view name, function; // what it computes from the tokens of an input
  std::vector<TensorName> (*tensor_names)();
  std::vector<std::string> (*rule_names)();
  bool (*bounds_from_below)(const std::string& rule);
  void (*require_shapes)(const Certificate&);
  void (*require_witnesses)(const Certificate&);
  std::unique_ptr<LabelProver> (*make_prover)(const Certificate&, const Options&);
  Operations (*tables_operations)(const Certificate&);
  mpz_class (*tutorial_multiply_adds)(const Certificate&);
};

const std::array families = {
    Family{token_sum::family_name, "summed; no nonlinearity, no normalisation", token_sum::tensor_names,
           token_sum::rule_names, token_sum::bounds_from_below, token_sum::require_shapes, token_sum::require_witnesses,
           token_sum::make_prover, token_sum::tables_operations, token_sum::tutorial_multiply_adds},
    Family{attention_only::family_name, "one attention head, read at the last; no MLP, no normalisation",
           attention_only::tensor_names, attention_only::rule_names, attention_only::bounds_from_below,
           attention_only::require_shapes, attention_only::require_witnesses, attention_only::make_prover,
           attention_only::tables_operations, attention_only::tutorial_multiply_adds},
};

const Family& family(std::string_view name) {
  const auto row = std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.name == name; });
  if (row == families.end()) fail(Reason::family_unknown, "/model/family", known_families(), shown(name));
  return *row;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

} // namespace

std::string_view function_in_words(const std::string& name) {
  return family(name).function;
}

bool is_known_family(const std::string& name) {
  return std::any_of(families.begin(), families.end(), [&](const Family& f) { return f.name == name; });
}

std::string known_families() {
  std::vector<std::string> names;
  for (const Family& f : families) names.emplace_back(f.name);
  return joined(names);
}

bool is_known_rule(const std::string& name, const std::string& rule) {
  const auto names = family(name).rule_names();
  return std::find(names.begin(), names.end(), rule) != names.end();
}

std::string known_rules(const std::string& name) {
  return joined(family(name).rule_names());
}

void require_tensor_names(const std::string& name, const JsonView& tensors) {
  std::vector<std::string> names;
  for (const TensorName& tensor : family(name).tensor_names()) names.push_back(tensor.name);
  for (const auto& [key, value] : tensors.members())
    require(std::find(names.begin(), names.end(), key) != names.end(), Reason::key_unknown, tensors.pointer(),
            "the tensors " + joined(names), shown(key));
  for (const auto& known : names) tensors.at(known);
}

std::size_t dimensions(const std::string& name, const std::string& tensor) {
  const auto names = family(name).tensor_names();
  return std::ranges::find(names, tensor, &TensorName::name)->dimensions;
}

void require_shapes(const Certificate& certificate) {
  family(certificate.family).require_shapes(certificate);
}

bool bounds_from_below(const std::string& name, const std::string& rule) {
  return family(name).bounds_from_below(rule);
}

void require_witnesses(const Certificate& certificate) {
  family(certificate.family).require_witnesses(certificate);
}

std::unique_ptr<LabelProver> make_prover(const Certificate& certificate, const Options& options) {
  return family(certificate.family).make_prover(certificate, options);
}

Operations tables_operations(const Certificate& certificate) {
  return family(certificate.family).tables_operations(certificate);
}

mpz_class tutorial_multiply_adds(const Certificate& certificate) {
  return family(certificate.family).tutorial_multiply_adds(certificate);
}

} // namespace verifier
