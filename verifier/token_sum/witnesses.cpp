#include "witnesses.hpp"

#include "../limits.hpp"
#include "../reason.hpp"
#include "../witness.hpp"

#include <algorithm>
#include <utility>

namespace verifier::token_sum {
namespace {

constexpr const char *heads_name = "heads", *sizes_name = "head-sizes", *levels_name = "levels",
                     *groups_name = "column-groups", *weights_name = "column-weights",
                     *token_factors_name = "token-multipliers", *label_factors_name = "label-multipliers",
                     *blocks_name = "blocks", *block_factors_name = "block-multipliers";

bool is_vector(const Tensor& tensor, std::uint64_t length) {
  return tensor.shape.size() == 1 && tensor.shape[0] == length;
}

std::vector<std::uint16_t> unsigned_vector(const Tensor& tensor, DType type, std::uint64_t length) {
  require_witness_shape(tensor, tensor.dtype == type, name(type), is_vector(tensor, length),
                        "[" + std::to_string(length) + "]");
  return unsigned_values(tensor);
}

void require_below(const Tensor& tensor, const std::vector<std::uint16_t>& values, std::uint64_t end) {
  for (std::size_t i = 0; i < values.size(); ++i)
    require(values[i] < end, Reason::witness_value, witness_pointer(tensor.name),
            "numbers below " + std::to_string(end), at_element(tensor, i) + " is " + std::to_string(values[i]));
}

// One finite number for each token or output, none of them negative, nor zero unless `zero_allowed`.
std::vector<Dyadic> factors(const Tensor& tensor, std::uint64_t vocabulary, bool zero_allowed) {
  require_witness_shape(tensor, tensor.dtype == DType::float32 || tensor.dtype == DType::float64, "float32 or float64",
                        is_vector(tensor, vocabulary), "[" + std::to_string(vocabulary) + "]");
  std::vector<Dyadic> values = exact_values(tensor, witness_pointer(tensor.name), Reason::witness_value);
  for (std::size_t i = 0; i < values.size(); ++i)
    require(values[i].mantissa > 0 || (zero_allowed && values[i].mantissa == 0), Reason::witness_value,
            witness_pointer(tensor.name), zero_allowed ? "numbers of at least 0" : "positive numbers",
            at_element(tensor, i) + " is not");
  return values;
}

void read_heads(const Certificate& certificate, HeadTailWitness& witness) {
  const std::uint64_t V = witness.vocabulary;
  const Tensor& heads = need_witness(certificate, heads_name, "head-tail@1 needs the outputs of each token's head");
  require_witness_shape(heads, heads.dtype == DType::uint16, "uint16",
                        heads.shape.size() == 2 && heads.shape[0] == V && heads.shape[1] <= V,
                        "[" + std::to_string(V) + ", at most " + std::to_string(V) + "]");
  witness.longest = heads.shape[1];
  witness.heads = unsigned_values(heads);
  require_below(heads, witness.heads, V);
  std::vector<std::uint64_t> seen_in_row(V, 0); // 1 + the row in which an output was seen last
  for (std::size_t i = 0; i < witness.heads.size(); ++i) {
    const std::uint64_t row = i / witness.longest + 1;
    require(std::exchange(seen_in_row[witness.heads[i]], row) != row, Reason::witness_value,
            witness_pointer(heads_name), "different outputs in each row", at_element(heads, i) + " repeats one");
  }
}

void read_sizes(const Certificate& certificate, HeadTailWitness& witness) {
  const Tensor& sizes = need_witness(certificate, sizes_name, "head-tail@1 needs the head size of each level");
  const bool one_to_255 = sizes.shape.size() == 1 && sizes.shape[0] <= 255;
  require_witness_shape(sizes, sizes.dtype == DType::uint16, "uint16", one_to_255, "[at most 255]");
  witness.sizes = unsigned_values(sizes);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < witness.sizes.size(); ++i) {
    const std::uint64_t size = witness.sizes[i];
    require(size > before && (size <= witness.longest || size == witness.vocabulary), Reason::witness_value,
            witness_pointer(sizes_name),
            "ascending sizes from 1 to " + std::to_string(witness.longest) + ", and perhaps " +
                std::to_string(witness.vocabulary),
            at_element(sizes, i) + " is " + std::to_string(size));
    before = size;
  }
}

// Sorted inputs of n tokens below V.
mpz_class sorted_inputs(const Task& task) {
  mpz_class count;
  mpz_bin_uiui(count.get_mpz_t(), task.vocabulary + task.context - 1, task.context);
  return count;
}

} // namespace

bool uses(const Certificate& certificate, std::string_view rule) {
  return std::any_of(certificate.steps.begin(), certificate.steps.end(),
                     [&](const Step& step) { return step.rule == rule; });
}

bool is_taken(const Certificate& certificate, std::string_view witness) {
  struct Use {
    std::string_view witness, rule;
    std::uint64_t longest_context;
  };
  const Use table[] = {{heads_name, head_tail_rule, UINT64_MAX},
                       {sizes_name, head_tail_rule, UINT64_MAX},
                       {levels_name, head_tail_rule, UINT64_MAX},
                       {groups_name, head_tail_rule, UINT64_MAX},
                       {weights_name, head_tail_rule, 3},
                       {token_factors_name, head_tail_rule, UINT64_MAX},
                       {label_factors_name, head_tail_rule, UINT64_MAX},
                       {blocks_name, block_jensen_rule, UINT64_MAX},
                       {block_factors_name, block_jensen_rule, UINT64_MAX}};
  return std::any_of(std::begin(table), std::end(table), [&](const Use& use) {
    return use.witness == witness && certificate.task.context <= use.longest_context && uses(certificate, use.rule);
  });
}

std::optional<HeadTailWitness> head_tail_witness(const Certificate& certificate) {
  if (!uses(certificate, head_tail_rule)) return std::nullopt;
  const Task& task = certificate.task;
  HeadTailWitness witness{};
  witness.vocabulary = task.vocabulary;
  need_witness(certificate, heads_name, "head-tail@1 needs the outputs of each token's head");
  need_witness(certificate, sizes_name, "head-tail@1 needs the head size of each level");
  const Tensor *token_factors = find_witness(certificate, token_factors_name),
               *label_factors = find_witness(certificate, label_factors_name);
  if ((token_factors == nullptr) != (label_factors == nullptr))
    need_witness(certificate, token_factors == nullptr ? token_factors_name : label_factors_name,
                 "token and label multipliers come together");

  read_heads(certificate, witness);
  read_sizes(certificate, witness);
  if (const Tensor* levels = find_witness(certificate, levels_name)) {
    const mpz_class inputs = sorted_inputs(task);
    require_witness_shape(*levels, levels->dtype == DType::uint8, "uint8",
                          levels->shape.size() == 1 && inputs == mpz_class(std::to_string(levels->shape[0])),
                          "[" + inputs.get_str() + "]");
    witness.levels = unsigned_values(*levels);
    require_below(*levels, witness.levels, witness.sizes.size());
  }
  if (const Tensor* groups = find_witness(certificate, groups_name)) {
    witness.groups = unsigned_vector(*groups, DType::uint16, task.vocabulary);
    require_below(*groups, witness.groups, task.vocabulary);
    witness.group_count = *std::max_element(witness.groups.begin(), witness.groups.end()) + std::uint64_t{1};
  }
  const std::uint64_t norms = witness.sizes.size() * witness.group_count;
  require(norms <= limits::tail_norms, Reason::limit_tail_norms, "/witnesses",
          "at most " + std::to_string(limits::tail_norms) + " head sizes times column groups", std::to_string(norms));
  if (const Tensor* weights = find_witness(certificate, weights_name))
    witness.weights = factors(*weights, task.vocabulary, false);
  if (token_factors != nullptr) {
    witness.token_factors = factors(*token_factors, task.vocabulary, true);
    witness.label_factors = factors(*label_factors, task.vocabulary, true);
  }
  witness.elements = witness.heads.size() + witness.sizes.size() + witness.levels.size() + witness.groups.size() +
                     witness.weights.size() + witness.token_factors.size() + witness.label_factors.size();
  return witness;
}

std::optional<BlockWitness> block_witness(const Certificate& certificate) {
  if (!uses(certificate, block_jensen_rule)) return std::nullopt;
  const std::uint64_t V = certificate.task.vocabulary;
  BlockWitness witness;
  const Tensor& blocks = need_witness(certificate, blocks_name, "block-jensen@1 needs the first token of each block");
  require_witness_shape(blocks, blocks.dtype == DType::uint16, "uint16",
                        blocks.shape.size() == 1 && blocks.shape[0] <= V, "[at most " + std::to_string(V) + "]");
  for (const std::uint64_t start : unsigned_values(blocks)) {
    const bool follows = witness.starts.empty() ? start == 0 : start > witness.starts.back();
    require(follows && start < V, Reason::witness_value, witness_pointer(blocks_name),
            "ascending tokens from 0, below " + std::to_string(V),
            at_element(blocks, witness.starts.size()) + " is " + std::to_string(start));
    witness.starts.push_back(start);
  }
  witness.elements = witness.starts.size();
  witness.starts.push_back(V);
  if (const Tensor* tensor = find_witness(certificate, block_factors_name)) {
    witness.factors = factors(*tensor, V, false);
    witness.elements += V;
  }
  return witness;
}

} // namespace verifier::token_sum
