#include "family.hpp"

#include "../limits.hpp"
#include "../reason.hpp"
#include "../text.hpp"
#include "block_tables.hpp"
#include "head_tail_tables.hpp"
#include "rules/rules.hpp"
#include "self_products.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace verifier::token_sum {
namespace {

// How many inputs with labels below `labels` a rule evaluates, of n tokens each; `starts` is of blocks.
using Starts = std::vector<std::uint64_t>;
mpz_class all_inputs(std::uint64_t n, std::uint64_t labels, const Starts&) {
  return power(labels, n);
}
mpz_class sorted_inputs(std::uint64_t n, std::uint64_t labels, const Starts&) {
  return binomial(labels + n - 1, n);
}
mpz_class merged_inputs(std::uint64_t n, std::uint64_t labels, const Starts&) {
  if (n == 2) return labels;
  const mpz_class below = mpz_class(labels) * (mpz_class(labels) - 1) / 2; // pairs a < y
  return (n - 1) * below + labels;
}
// Pairs of blocks: one evaluation of a mixture each.
mpz_class pairs_of_blocks(std::uint64_t, std::uint64_t labels, const Starts& starts) {
  const mpz_class blocks = std::ranges::lower_bound(starts, labels) - starts.begin();
  return blocks * (blocks + 1) / 2;
}

template <Established (*close)(const Problem&, Rows&, Token, Meter&)>
Established single_label(const Problem& problem, Rows& rows, LabelRange label, Meter& meter) {
  return close(problem, rows, static_cast<Token>(label.from), meter);
}
Established whole_block(const Problem& problem, Rows&, LabelRange block, Meter& meter) {
  return block_jensen(problem, block, meter);
}

struct Rule {
  Established (*close)(const Problem&, Rows&, LabelRange, Meter&);
  bool from_below;                           // bounds the loss from below too
  std::uint64_t least_context, most_context; // n
  mpz_class (*inputs_below)(std::uint64_t n, std::uint64_t labels, const Starts&);
};

constexpr std::string_view convexity_rule = "convexity@1";

const std::map<std::string, Rule, std::less<>>& rules() {
  constexpr std::uint64_t any = UINT64_MAX;
  static const std::map<std::string, Rule, std::less<>> table = {
      {"enumeration@1", {single_label<enumeration>, true, 1, any, all_inputs}},
      {"symmetry@1", {single_label<symmetry>, true, 1, any, sorted_inputs}},
      {std::string(convexity_rule), {single_label<convexity>, false, 1, any, merged_inputs}},
      {std::string(head_tail_rule), {single_label<head_tail>, true, 2, any, sorted_inputs}},
      {std::string(block_jensen_rule), {whole_block, false, 2, 2, pairs_of_blocks}}};
  return table;
}

const Tensor& tensor(const Certificate& certificate, std::string_view name) {
  return *std::find_if(certificate.tensors.begin(), certificate.tensors.end(),
                       [&](const Tensor& t) { return t.name == name; });
}

std::vector<Dyadic> values(const Certificate& certificate, const std::string& name) {
  return exact_values(tensor(certificate, name), "/model/tensors/" + name, Reason::weight_not_finite);
}

bool needs_self_products(const Certificate& certificate) {
  return certificate.task.context == 2 && uses(certificate, convexity_rule);
}

std::string range_in_words(std::uint64_t from, std::uint64_t to) {
  return to == UINT64_MAX ? "at least " + std::to_string(from)
         : from == to     ? std::to_string(from)
                          : std::to_string(from) + " to " + std::to_string(to);
}

// docs/rules/head-tail.md: powers, norms, totals.
void add_table_operations(const Task& task, const HeadTailWitness& witness, Operations& operations) {
  const std::uint64_t n = task.context, V = task.vocabulary, p = std::max<std::uint64_t>(2, n - 1);
  const std::uint64_t sides = witness.weights.empty() ? 1 : 2;
  operations.read += witness.elements;
  operations.mul += V * V * (p - 1);
  if (sides == 2) {
    operations.mul += 2 * V * V;
    operations.div += V;
  }
  if (n == 2) {
    operations.add += sides * V * V;
    operations.sqrt += sides * V * witness.inexact_levels() * witness.group_count;
  }
  if (witness.has_multipliers()) {
    operations.add += (n + 1) * V * V;
    operations.mul += 2 * n * V * V;
    operations.div += V;
  }
}

void require_contexts(const Certificate& certificate) {
  const std::uint64_t n = certificate.task.context;
  for (std::size_t i = 0; i < certificate.steps.size(); ++i) {
    const Rule& rule = rules().at(certificate.steps[i].rule);
    require(rule.least_context <= n && n <= rule.most_context, Reason::rule_context,
            "/steps/" + std::to_string(i) + "/rule",
            certificate.steps[i].rule + " with a context of " + range_in_words(rule.least_context, rule.most_context),
            std::to_string(n));
  }
}

void require_whole_blocks(const Certificate& certificate, const BlockWitness& witness) {
  const auto starts_block = [&](std::uint64_t label) {
    return std::binary_search(witness.starts.begin(), witness.starts.end(), label);
  };
  for (std::size_t i = 0; i < certificate.steps.size(); ++i) {
    const Step& step = certificate.steps[i];
    require(step.rule != block_jensen_rule || (starts_block(step.from) && starts_block(step.to)), Reason::step_blocks,
            "/steps/" + std::to_string(i) + "/labels", "whole blocks",
            "[" + std::to_string(step.from) + ", " + std::to_string(step.to) + ")");
  }
}

class Prover final : public LabelProver {
public:
  Prover(const Certificate& certificate, const Options& options) : task_(certificate.task) {
    const Weights weights{task_.vocabulary, tensor(certificate, "linear.weight").shape[0],
                          values(certificate, "embedding.weight"), values(certificate, "linear.weight"),
                          values(certificate, "unembedding.weight")};
    if (options.engine == Engine::exact) tables_ = make_exact_tables(weights, task_.context, options.threads);
    if (!tables_) tables_ = make_reference_tables(weights, task_.context, options.threads);
    if (needs_self_products(certificate))
      self_products_ = make_self_products(*tables_, task_.vocabulary, options.threads);
    if (auto witness = head_tail_witness(certificate))
      head_tail_ = make_head_tail_tables(*tables_, task_, std::move(*witness), options.threads);
    if (auto witness = block_witness(certificate))
      blocks_ = make_block_tables(*tables_, task_, std::move(*witness), options.threads);
  }
  std::unique_ptr<Worker> worker() const override { return std::make_unique<TokenSumWorker>(*this); }
  std::uint64_t worker_bytes() const override {
    return token_sum::worker_bytes(task_, head_tail_ ? &head_tail_->witness : nullptr);
  }
  std::string_view engine() const override { return tables_->engine(); }
  std::vector<LabelRange> units(const Step& step) const override {
    std::vector<LabelRange> units;
    if (step.rule == block_jensen_rule) {
      const auto& starts = blocks_->witness.starts;
      for (auto block = std::ranges::lower_bound(starts, step.from); *block < step.to; ++block) // the last start is V
        units.push_back({*block, *(block + 1)});
    } else {
      for (std::uint64_t y = step.from; y < step.to; ++y) units.push_back({y, y + 1});
    }
    return units;
  }

private:
  class TokenSumWorker final : public Worker {
  public:
    explicit TokenSumWorker(const Prover& prover) : prover_(prover), rows_(prover.tables_->rows()) {}
    Established close(const std::string& rule, LabelRange labels, bool correct, Meter& meter) override {
      // A walk that was cut short (BudgetExceeded) leaves tokens on the stack, so each unit starts from
      // fresh rows then.
      auto rows = std::move(rows_);
      if (!rows) rows = prover_.tables_->rows();
      const auto address = [](const auto& table) { return table ? &*table : nullptr; };
      const Problem problem{*prover_.tables_,
                            address(prover_.self_products_),
                            address(prover_.head_tail_),
                            address(prover_.blocks_),
                            prover_.task_,
                            correct};
      Established result = rules().at(rule).close(problem, *rows, labels, meter);
      rows_ = std::move(rows);
      return result;
    }

  private:
    const Prover& prover_;
    std::unique_ptr<Rows> rows_;
  };

  Task task_;
  std::unique_ptr<Tables> tables_;
  std::optional<SelfProducts> self_products_;
  std::optional<HeadTailTables> head_tail_;
  std::optional<BlockTables> blocks_;
};

} // namespace

std::vector<TensorName> tensor_names() {
  return {{"embedding.weight", 2}, {"linear.weight", 2}, {"unembedding.weight", 2}};
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : rules()) names.push_back(name);
  return names;
}

bool bounds_from_below(const std::string& rule) {
  return rules().at(rule).from_below;
}

void require_shapes(const Certificate& certificate) {
  const std::uint64_t V = certificate.task.vocabulary, d = tensor(certificate, "linear.weight").shape[0];
  require(d <= limits::width, Reason::limit_width, "/model/tensors/linear.weight/shape",
          "a width of at most " + std::to_string(limits::width), std::to_string(d));
  const auto require_shape = [&](const std::string& name, std::uint64_t rows, std::uint64_t columns) {
    const auto& shape = tensor(certificate, name).shape;
    const auto text = [](std::uint64_t r, std::uint64_t c) {
      return "[" + std::to_string(r) + ", " + std::to_string(c) + "]";
    };
    require(shape[0] == rows && shape[1] == columns, Reason::tensor_shape, "/model/tensors/" + name + "/shape",
            text(rows, columns), text(shape[0], shape[1]));
  };
  require_shape("linear.weight", d, d);
  require_shape("embedding.weight", d, V);
  require_shape("unembedding.weight", V, d);
}

void require_witnesses(const Certificate& certificate) {
  require_contexts(certificate);
  for (const Tensor& witness : certificate.witnesses)
    require(is_taken(certificate, witness.name), Reason::witness_unused, "/witnesses",
            "witnesses that the rules of the steps take", shown(witness.name));
  head_tail_witness(certificate);
  if (const auto blocks = block_witness(certificate)) require_whole_blocks(certificate, *blocks);
}

mpz_class tutorial_multiply_adds(const Certificate& certificate) {
  const std::uint64_t n = certificate.task.context, V = certificate.task.vocabulary,
                      d = tensor(certificate, "linear.weight").shape[0];
  const auto blocks = block_witness(certificate);
  const Starts starts = blocks ? blocks->starts : Starts();
  mpz_class inputs = 0;
  for (const Step& step : certificate.steps) {
    const auto inputs_below = rules().at(step.rule).inputs_below;
    inputs += inputs_below(n, step.to, starts) - inputs_below(n, step.from, starts);
  }
  return inputs * (n * d + d * d + d * V + 3 * V);
}

// schema/FORMAT.md, section 8: what the rules of the steps need.
Operations tables_operations(const Certificate& certificate) {
  const std::uint64_t V = certificate.task.vocabulary, d = tensor(certificate, "linear.weight").shape[0];
  Operations operations;
  operations.read += 2 * V * d + d * d;    // weights
  operations.mul += V * d * d + V * V * d; // P = E W and M = P U
  operations.add += V * d * (d - 1) + V * V * (d - 1);
  operations.compare += V * (V - 1); // shifts: the largest entry of each row of M
  operations.add += V * V;           // D
  operations.exp += V * V;           // A, upper ends
  if (std::any_of(certificate.steps.begin(), certificate.steps.end(),
                  [](const Step& step) { return bounds_from_below(step.rule); }))
    operations.exp += V * V; // lower ends
  if (needs_self_products(certificate)) {
    operations.mul += V * V;           // Q
    operations.add += V * (V - 1) + V; // Q, and the sums of its logarithms
    operations.log += V;
  }
  if (const auto witness = head_tail_witness(certificate)) add_table_operations(certificate.task, *witness, operations);
  if (const auto witness = block_witness(certificate)) {
    operations.read += witness->elements;
    operations.mul += V * V; // B
    operations.add += V * V + V;
    operations.log += V;
  }
  return operations;
}

std::uint64_t worker_bytes(const Task& task, const HeadTailWitness* witness) {
  const std::uint64_t V = task.vocabulary, n = task.context;
  std::uint64_t bytes = (std::uint64_t{1} << 21) + 64 * V * n; // products of rows, of either engine; sums of them
  if (witness == nullptr) return bytes;
  const std::uint64_t norms = witness->inexact_levels() * witness->group_count; // of one token: K' G
  bytes += 12 * V * witness->sizes.size() + 256 * norms;                        // what a row's tokens share
  if (n > 2) bytes += 12 * V * norms;                                           // with respect to a label
  return bytes;
}

std::unique_ptr<LabelProver> make_prover(const Certificate& certificate, const Options& options) {
  return std::make_unique<Prover>(certificate, options);
}

} // namespace verifier::token_sum
