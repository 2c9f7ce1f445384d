#include "archive/model_card.hpp"

#include "archive/checksums.hpp"
#include "archive/escape.hpp"
#include "proofs/stated.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace proofmark {

namespace {

// Those of Hugging Face's list that people choose for data and weights; its names are SPDX's in lower case. Whatever
// else has to be called "other" there.
constexpr std::array<std::string_view, 12> hugging_face_licences = {
    "apache-2.0", "bsd-2-clause", "bsd-3-clause", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-sa-4.0",
    "cc0-1.0",    "isc",          "mit",          "mpl-2.0",   "unlicense",    "zlib"};

std::string licence_lines(const Description& description) {
  if (description.licence.empty()) return {};
  std::string lower = description.licence;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (std::find(hugging_face_licences.begin(), hugging_face_licences.end(), lower) != hugging_face_licences.end())
    return fmt::format("license: {}\n", lower);
  return fmt::format("license: other\nlicense_name: {}\nlicense_link: {}\n", in_double_quotes(description.licence),
                     in_double_quotes(licence_url(description)));
}

std::string metric(const Claim& claim) {
  const auto what = [&] {
    switch (claim.quantity) {
    case Quantity::cross_entropy:
      return "mean cross-entropy over all inputs in nats";
    case Quantity::accuracy:
      return "accuracy over all inputs";
    case Quantity::margin:
      return "margin of every input in nats";
    case Quantity::length:
      break;
    }
    return "operations that checking takes";
  };
  return fmt::format(
      "    - type: {}\n      name: {}\n      value: {}\n", name(claim.quantity),
      in_double_quotes(fmt::format("{}, at {}", what(), claim.direction == Side::upper ? "most" : "least")),
      claim.bound);
}

std::string front_matter(const Description& description, const ArchivedProof& proof) {
  const FiniteTask& task = proof.stated.task;
  std::string metrics;
  for (const Claim& claim : proof.stated.claims) metrics += metric(claim);
  return fmt::format("---\n{}tags:\n- proofmark\n- compact-proofs\n- interpretability\n- formal-verification\n"
                     "model-index:\n- name: {}\n  results:\n  - task:\n      type: other\n      name: {}\n"
                     "    dataset:\n      type: exhaustive\n      name: {}\n    metrics:\n{}---\n",
                     licence_lines(description), in_double_quotes(proof.name), in_double_quotes(text(task.label)),
                     in_double_quotes(in_words(task.domain)), metrics);
}

// The verifier's own statements, and nothing else.
std::string claims(const std::string& answer) {
  std::string result;
  for (std::size_t from = 0; from < answer.size();) {
    const std::size_t end = answer.find('\n', from) + 1;
    const std::string line = answer.substr(from, end - from);
    if (line.starts_with("c claim ") || line.starts_with("c established ")) result += line.substr(2);
    from = end;
  }
  return result;
}

std::string provenance(const ArchivedProof& proof) {
  std::string rows;
  for (const auto& [key, value] : proof.stated.provenance)
    rows += fmt::format("| {} | {} |\n", in_markdown(key), in_markdown(value));
  if (rows.empty()) return {};
  return "## Where it comes from\n\nThe certificate's own words, which no program checks:\n\n| | |\n| --- | --- |\n" +
         rows + "\n";
}

// `^T` transposes.
std::string formula(const StatedCertificate& stated) {
  const std::string text = formula_of(stated);
  return text.empty() ? text : fmt::format("It computes\n\n```\n{}\n```\n\n", in_document(text, text.npos));
}

std::string tensors(const StatedCertificate& stated) {
  std::string rows;
  for (const Tensor& tensor : stated.tensors)
    rows += fmt::format("| `{}` | {} | {} |\n", tensor.name, certificate_name(tensor.dtype), shape_text(tensor.shape));
  return "| tensor | type | shape |\n| --- | --- | --- |\n" + rows;
}

} // namespace

std::string model_card(const Description& description, const ArchivedProof& proof) {
  const StatedCertificate& stated = proof.stated;
  return fmt::format(
      "{front}\n# {name}\n\n"
      "A model, {family} ({function}), with a proof of how well it does on all inputs of its task.\n\n"
      "## What is proved\n\nIn the words of `proofmark-verify`:\n\n```\n{claims}```\n\n"
      "This is about the function over the real numbers that the exact stored weights define. It says nothing about a "
      "floating-point evaluation of the same weights, nor about other inputs or distributions.\n\n"
      "    {command}\n\n"
      "must answer `s VERIFIED` in its first line; `--receipt FILE` writes the bytes of `{receipt}`.\n\n"
      "## The proof\n\nWhat `proofmark-verify --explain` says of it:\n\n```\n{explanation}```\n\n"
      "## The model\n\n{formula}{tensors}\nIn `{model}`, under PyTorch's names. The digest that certificate, claim and "
      "receipt "
      "name is `{digest}`: of what the model computes, and of names, types, "
      "shapes and bytes, not of a file.\n\n"
      "{provenance}## Files\n\n`sha256sum -c {checksums}` checks them.\n",
      fmt::arg("front", front_matter(description, proof)), fmt::arg("name", in_markdown(proof.name)),
      fmt::arg("family", family_in_words(stated)), fmt::arg("function", function_in_words(stated)),
      fmt::arg("claims", claims(proof.answer)), fmt::arg("command", verify_command("proofmark-verify", "")),
      fmt::arg("receipt", receipt_file), fmt::arg("explanation", proof.explanation),
      fmt::arg("formula", formula(stated)), fmt::arg("tensors", tensors(stated)), fmt::arg("model", model_file),
      fmt::arg("digest", stated.model_sha256), fmt::arg("provenance", provenance(proof)),
      fmt::arg("checksums", checksums_file));
}

} // namespace proofmark
