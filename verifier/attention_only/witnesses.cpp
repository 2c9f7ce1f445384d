#include "witnesses.hpp"

#include "../reason.hpp"
#include "../text.hpp"
#include "../witness.hpp"
#include "demands.hpp"

#include <string>
#include <utility>

namespace verifier::attention_only {
namespace {

constexpr const char *near_name = "near", *heads_name = "heads", *joint_name = "joint", *filled_name = "filled",
                     *gaps_name = "gaps";

std::vector<std::uint16_t> numbers(const Tensor& tensor, DType type, const std::vector<std::uint64_t>& shape) {
  require_witness_shape(tensor, tensor.dtype == type, name(type), tensor.shape == shape, shape_in_words(shape));
  return unsigned_values(tensor);
}

void require_value(const Tensor& tensor, std::size_t i, std::uint64_t value, std::uint64_t most) {
  require(value <= most, Reason::witness_value, witness_pointer(tensor.name), "at most " + std::to_string(most),
          at_element(tensor, i) + " is " + std::to_string(value));
}

void read_heads(const Tensor& tensor, Witnesses& witnesses) {
  const std::uint64_t V = witnesses.vocabulary;
  const bool fits = tensor.shape.size() == 2 && tensor.shape[0] == V && tensor.shape[1] + 2 <= V;
  require_witness_shape(tensor, tensor.dtype == DType::uint16, name(DType::uint16), fits,
                        "[" + std::to_string(V) + ", 1 to V - 2]");
  witnesses.head_count = tensor.shape[1];
  witnesses.heads = unsigned_values(tensor);
  std::vector<std::uint64_t> seen_in_row(V, 0); // 1 + the row in which an output was seen last
  for (std::size_t i = 0; i < witnesses.heads.size(); ++i) {
    const std::uint64_t m = i / witnesses.head_count, w = witnesses.heads[i];
    require_value(tensor, i, w, V - 1);
    require(w != m, Reason::witness_value, witness_pointer(tensor.name), "outputs other than the label",
            at_element(tensor, i) + " is the label");
    require(std::exchange(seen_in_row[w], m + 1) != m + 1, Reason::witness_value, witness_pointer(tensor.name),
            "different outputs in each row", at_element(tensor, i) + " repeats one");
  }
}

// The largest gap that a label, a query and a number of slots may have.
std::uint64_t most_gap(std::uint64_t m, std::uint64_t q, std::uint64_t s, std::uint64_t n) {
  if (q > m || (q == m && s == 0)) return 0;
  if (q == m) return m; // and s <= n-1
  return s + 2 <= n ? m - q : 0;
}

void read_gaps(const Tensor& tensor, Witnesses& witnesses) {
  const std::uint64_t V = witnesses.vocabulary, n = witnesses.context;
  witnesses.gaps = numbers(tensor, DType::uint16, {V, V, n});
  for (std::uint64_t m = 0, i = 0; m < V; ++m)
    for (std::uint64_t q = 0; q < V; ++q)
      for (std::uint64_t s = 0; s < n; ++s, ++i) require_value(tensor, i, witnesses.gaps[i], most_gap(m, q, s, n));
}

} // namespace

Witnesses read_witnesses(const Certificate& certificate) {
  const auto [n, V] = certificate.task;
  const std::pair<std::string_view, bool> taken[] = {{near_name, needs_near(certificate)},
                                                     {heads_name, takes_columns(certificate)},
                                                     {joint_name, takes_columns(certificate)},
                                                     {filled_name, needs_filled(certificate)},
                                                     {gaps_name, needs_gaps(certificate)}};
  for (const Tensor& tensor : certificate.witnesses) {
    bool is_taken = false;
    for (const auto& [name, needed] : taken) is_taken |= needed && name == tensor.name;
    require(is_taken, Reason::witness_unused, "/witnesses", "witnesses that the rules of the steps take",
            shown(tensor.name));
  }
  Witnesses witnesses{.vocabulary = V, .context = n, .near = {}, .heads = {}, .joint = {}, .filled = {}, .gaps = {}};
  if (needs_near(certificate)) {
    const Tensor& near = need_witness(certificate, near_name, "its rules need how many tokens below a label are near");
    witnesses.near = numbers(near, DType::uint16, {V});
    for (std::size_t m = 0; m < V; ++m) require_value(near, m, witnesses.near[m], m);
  }
  if (const Tensor* heads = find_witness(certificate, heads_name)) read_heads(*heads, witnesses);
  if (const Tensor* joint = find_witness(certificate, joint_name)) {
    witnesses.joint = numbers(*joint, DType::uint8, {V});
    for (std::size_t m = 0; m < V; ++m) require_value(*joint, m, witnesses.joint[m], 1);
  }
  if (needs_filled(certificate)) {
    const Tensor& filled = need_witness(certificate, filled_name, "placements@1 needs how many near slots are filled");
    witnesses.filled = numbers(filled, DType::uint8, {V});
    for (std::size_t m = 0; m < V; ++m) require_value(filled, m, witnesses.filled[m], n - 1);
  }
  if (needs_gaps(certificate))
    read_gaps(need_witness(certificate, gaps_name, "subcubic@1 needs the gaps that it shows"), witnesses);
  return witnesses;
}

} // namespace verifier::attention_only
