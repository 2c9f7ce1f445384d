// docs/rules/attention/README.md, "Witnesses". Those that no step's rule takes are not there (check/rules.cpp).
#include "check/witnesses.hpp"

#include "reading/reason.hpp"

namespace verifier {
namespace {

using rules::attention::Token;
using rules::attention::Tokens;

void require_value(const Tensor& tensor, std::size_t i, std::uint64_t value, std::uint64_t most) {
  require(value <= most, reason::witness_value, witness_pointer(tensor), "at most " + std::to_string(most),
          at_element(tensor, i) + " is " + std::to_string(value));
}

std::vector<Tokens> read_heads(const Tensor& tensor, std::uint64_t V) {
  require_witness_shape(tensor, tensor.dtype == DType::uint16, "uint16",
                        tensor.shape.size() == 2 && tensor.shape[0] == V && tensor.shape[1] + 2 <= V,
                        "[" + std::to_string(V) + ", 1 to V - 2]");
  const std::uint64_t each = tensor.shape[1];
  const Tokens outputs = different_in_rows(tensor, V);
  std::vector<Tokens> heads(V);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    require(outputs[i] != i / each, reason::witness_value, witness_pointer(tensor), "outputs other than the label",
            at_element(tensor, i) + " is the label");
    heads[i / each].push_back(outputs[i]);
  }
  return heads;
}

// The largest gap that a label, a query and a number of positions may have.
std::uint64_t most_gap(std::uint64_t m, std::uint64_t q, std::uint64_t s, std::uint64_t n) {
  if (q > m || (q == m && s == 0)) return 0;
  if (q == m) return m; // and s <= n-1
  return s + 2 <= n ? m - q : 0;
}

Tokens read_gaps(const Tensor& tensor, std::uint64_t V, std::uint64_t n) {
  Tokens gaps = indices(tensor, DType::uint16, {V, V, n}, UINT16_MAX);
  for (std::uint64_t m = 0, i = 0; m < V; ++m)
    for (std::uint64_t q = 0; q < V; ++q)
      for (std::uint64_t s = 0; s < n; ++s, ++i) require_value(tensor, i, gaps[i], most_gap(m, q, s, n));
  return gaps;
}

} // namespace

rules::attention::Witnesses read_attention_witnesses(const Certificate& certificate) {
  const std::uint64_t V = certificate.classes, n = certificate.architecture.positions;
  rules::attention::Witnesses witnesses{
      .near = {}, .heads = std::vector<Tokens>(V), .joint = std::vector<bool>(V), .filled = {}, .gaps = {}};
  if (const Tensor* near = find_witness(certificate, "near")) {
    witnesses.near = indices(*near, DType::uint16, {V}, UINT16_MAX);
    for (std::size_t m = 0; m < V; ++m) require_value(*near, m, witnesses.near[m], m);
  }
  if (const Tensor* heads = find_witness(certificate, "heads")) witnesses.heads = read_heads(*heads, V);
  if (const Tensor* joint = find_witness(certificate, "joint")) {
    const Tokens yes = indices(*joint, DType::uint8, {V}, 1);
    witnesses.joint.assign(yes.begin(), yes.end());
  }
  if (const Tensor* filled = find_witness(certificate, "filled"))
    witnesses.filled = indices(*filled, DType::uint8, {V}, n - 1);
  if (const Tensor* gaps = find_witness(certificate, "gaps")) witnesses.gaps = read_gaps(*gaps, V, n);
  return witnesses;
}

} // namespace verifier
