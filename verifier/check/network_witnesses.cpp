// docs/rules/any/low-rank.md, "Witnesses", and docs/rules/any/README.md, "Opened classes". Those that no step's rule takes are not
// there (check/rules.cpp).
#include "check/block_tables.hpp"
#include "check/features.hpp"
#include "check/witnesses.hpp"
#include "kernel/integers.hpp"
#include "reading/reason.hpp"

#include <algorithm>

namespace verifier {
namespace {

using rules::any::LowRankWitness, rules::any::Opened;

// Those with these names, which come together, or nothing.
std::vector<const Tensor*> together(const Certificate& certificate, std::initializer_list<std::string_view> names) {
  std::vector<const Tensor*> found;
  for (const std::string_view name : names) found.push_back(find_witness(certificate, name));
  if (std::ranges::count(found, nullptr) == std::ssize(found)) return {};
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  for (std::size_t i = 0; i < found.size(); ++i)
    require(found[i] != nullptr, reason::witness_missing, "/witnesses",
            "\"" + std::string(names.begin()[i]) + "\": " + all + " come together");
  return found;
}

std::vector<kernel::Stored> finite_numbers(const Tensor& tensor, bool shape_fits, const std::string& shape) {
  require_witness_shape(tensor, tensor.dtype == DType::float32 || tensor.dtype == DType::float64, "float32 or float64",
                        shape_fits, shape);
  require_finite(tensor, witness_pointer(tensor), reason::witness_value);
  return real_values(tensor);
}
std::vector<kernel::Stored> finite_numbers(const Tensor& tensor, const std::vector<std::uint64_t>& shape) {
  return finite_numbers(tensor, tensor.shape == shape, shape_in_words(shape));
}

void read_basis(const Certificate& certificate, LowRankWitness& witness) {
  const auto both = together(certificate, {"basis", "metric"});
  if (both.empty()) return;
  const std::uint64_t m = width_of_features(certificate);
  const Tensor& basis = *both[0];
  witness.basis = finite_numbers(basis, basis.shape.size() == 2 && basis.shape[0] <= m && basis.shape[1] == m,
                                 "[1 to " + std::to_string(m) + ", " + std::to_string(m) + "]");
  witness.k = basis.shape[0];
  witness.metric = finite_numbers(*both[1], {witness.k, witness.k});
}

void read_labels(const Certificate& certificate, LowRankWitness& witness) {
  const auto all = together(certificate, {"labels", "label-counts", "label-tables"});
  if (all.empty()) return;
  const Tensor &labels = *all[0], &counts = *all[1];
  const mpz_class inputs = certificate.task.inputs();
  require_witness_shape(labels, labels.dtype == DType::uint16, "uint16",
                        labels.shape.size() == 2 && mpz_class(std::to_string(labels.shape[1])) == inputs,
                        "[labellings, " + inputs.get_str() + "]");
  const std::uint64_t q = labels.shape[0], N = labels.shape[1];
  witness.counts = indices(counts, DType::uint32, {q}, UINT32_MAX);
  const std::vector<kernel::Index> values = indices_of_any_shape(labels, UINT16_MAX);
  std::uint64_t rows = 0;
  for (std::uint64_t i = 0; i < q; ++i) {
    rows += witness.counts[i];
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(i * N);
    witness.labels.emplace_back(from, from + static_cast<std::ptrdiff_t>(N));
    const auto beyond =
        std::ranges::find_if(witness.labels.back(), [&](kernel::Index label) { return label >= witness.counts[i]; });
    if (beyond == witness.labels.back().end()) continue;
    const auto place = static_cast<std::uint64_t>(beyond - witness.labels.back().begin());
    fail(reason::witness_value, witness_pointer(labels), "labels below " + std::to_string(witness.counts[i]),
         at_element(labels, i * N + place) + " is " + std::to_string(*beyond));
  }
  witness.tables = finite_numbers(*all[2], {rows, width_of_features(certificate)});
}

Opened read_opened(const Certificate& certificate) {
  const auto both = together(certificate, {"opened-inputs", "opened-classes"});
  Opened opened;
  if (both.empty()) return opened;
  const Tensor &inputs = *both[0], &classes = *both[1];
  const mpz_class last = certificate.task.inputs() - 1;
  require_witness_shape(inputs, true, "", inputs.shape.size() == 1, "[opened classes]");
  const std::vector<kernel::Index> of_input = indices(inputs, DType::uint32, inputs.shape,
                                                      in_64_bits(std::min<mpz_class>(last, UINT32_MAX))),
                                   classes_of = indices(classes, DType::uint16, inputs.shape, certificate.classes - 1);
  for (std::size_t i = 0; i < of_input.size(); ++i) {
    opened.pairs.emplace_back(of_input[i], classes_of[i]);
    require(i == 0 || opened.pairs[i - 1] < opened.pairs[i], reason::witness_value, witness_pointer(inputs),
            "strictly ascending pairs of an input and a class", at_element(inputs, i) + " does not ascend");
  }
  return opened;
}

} // namespace

NetworkWitnesses read_network_witnesses(const Certificate& certificate, std::span<const Rule* const> of_steps) {
  NetworkWitnesses witnesses;
  witnesses.opened = read_opened(certificate);
  const auto is_cited = [&](std::string_view name) {
    return std::ranges::any_of(of_steps, [&](const Rule* rule) { return rule->name == name; });
  };
  if (is_cited("low-rank@1")) {
    witnesses.low_rank.emplace();
    read_basis(certificate, *witnesses.low_rank), read_labels(certificate, *witnesses.low_rank);
  }
  if (is_cited("block-tables@1")) witnesses.block_tables = read_block_tables_witness(certificate);
  return witnesses;
}

} // namespace verifier
