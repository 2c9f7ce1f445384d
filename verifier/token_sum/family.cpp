#include "family.hpp"

#include "../limits.hpp"
#include "../reason.hpp"
#include "rules/rules.hpp"
#include "self_products.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace verifier::token_sum {
namespace {

// How many inputs with labels below `labels` a rule evaluates.
mpz_class all_inputs(std::uint64_t labels, std::uint64_t n) {
  return power(labels, n);
}
mpz_class sorted_inputs(std::uint64_t labels, std::uint64_t n) {
  mpz_class count;
  mpz_bin_uiui(count.get_mpz_t(), labels + n - 1, n);
  return count;
}
mpz_class merged_inputs(std::uint64_t labels, std::uint64_t n) {
  if (n == 2) return labels;
  const mpz_class below = mpz_class(labels) * (mpz_class(labels) - 1) / 2; // pairs a < y
  return (n - 1) * below + labels;
}

struct Rule {
  Established (*close)(const Problem&, Rows&, Token, Meter&);
  bool from_below; // bounds the loss from below too
  mpz_class (*inputs_below)(std::uint64_t labels, std::uint64_t n);
};

const std::string convexity_name = "convexity@1";

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> table = {{"enumeration@1", {enumeration, true, all_inputs}},
                                                    {"symmetry@1", {symmetry, true, sorted_inputs}},
                                                    {convexity_name, {convexity, false, merged_inputs}}};
  return table;
}

const Tensor& tensor(const Model& model, std::string_view name) {
  return *std::find_if(model.tensors.begin(), model.tensors.end(), [&](const Tensor& t) { return t.name == name; });
}

std::vector<Dyadic> values(const Model& model, const std::string& name) {
  return exact_values(tensor(model, name), "/model/tensors/" + name);
}

bool any_step(const Certificate& certificate, auto condition) {
  return std::any_of(certificate.steps.begin(), certificate.steps.end(),
                     [&](const Step& step) { return condition(step.rule); });
}

bool needs_self_products(const Certificate& certificate) {
  return certificate.task.context == 2 &&
         any_step(certificate, [](const std::string& rule) { return rule == convexity_name; });
}

class Prover final : public LabelProver {
public:
  Prover(const Certificate& certificate, const Options& options) : task_(certificate.task) {
    const Model& model = certificate.model;
    const Weights weights{task_.vocabulary, tensor(model, "linear.weight").shape[0], values(model, "embedding.weight"),
                          values(model, "linear.weight"), values(model, "unembedding.weight")};
    if (options.engine == Engine::exact) tables_ = make_exact_tables(weights, task_.context, options.threads);
    if (!tables_) tables_ = make_reference_tables(weights, task_.context, options.threads);
    if (needs_self_products(certificate))
      self_products_ = make_self_products(*tables_, task_.vocabulary, options.threads);
  }
  std::unique_ptr<Worker> worker() const override { return std::make_unique<TokenSumWorker>(*this); }
  std::string_view engine() const override { return tables_->engine(); }

private:
  class TokenSumWorker final : public Worker {
  public:
    explicit TokenSumWorker(const Prover& prover) : prover_(prover), rows_(prover.tables_->rows()) {}
    Established close(const std::string& rule, std::uint64_t y, bool correct, Meter& meter) override {
      // A walk that was cut short (BudgetExceeded) leaves tokens on the stack, so each label starts from
      // fresh rows then.
      auto rows = std::move(rows_);
      if (!rows) rows = prover_.tables_->rows();
      const Problem problem{*prover_.tables_, prover_.self_products_ ? &*prover_.self_products_ : nullptr,
                            prover_.task_, correct};
      Established result = rules().at(rule).close(problem, *rows, static_cast<Token>(y), meter);
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
};

} // namespace

std::vector<std::string> tensor_names() {
  return {"embedding.weight", "linear.weight", "unembedding.weight"};
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : rules()) names.push_back(name);
  return names;
}

bool bounds_from_below(const std::string& rule) {
  return rules().at(rule).from_below;
}

void require_shapes(const Model& model, const Task& task) {
  const std::uint64_t V = task.vocabulary, d = tensor(model, "linear.weight").shape[0];
  require(d <= limits::width, Reason::limit_width, "/model/tensors/linear.weight/shape",
          "a width of at most " + std::to_string(limits::width), std::to_string(d));
  const auto require_shape = [&](const std::string& name, std::uint64_t rows, std::uint64_t columns) {
    const auto& shape = tensor(model, name).shape;
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

mpz_class tutorial_multiply_adds(const Model& model, const Task& task, const Step& step) {
  const std::uint64_t n = task.context, V = task.vocabulary, d = tensor(model, "linear.weight").shape[0];
  const auto inputs_below = rules().at(step.rule).inputs_below;
  const mpz_class inputs = inputs_below(step.to, n) - inputs_below(step.from, n);
  return inputs * (n * d + d * d + d * V + 3 * V);
}

// schema/FORMAT.md, section 8: what the rules of the steps need.
Operations tables_operations(const Certificate& certificate) {
  const std::uint64_t V = certificate.task.vocabulary, d = tensor(certificate.model, "linear.weight").shape[0];
  Operations operations;
  operations.read += 2 * V * d + d * d;    // weights
  operations.mul += V * d * d + V * V * d; // P = E W and M = P U
  operations.add += V * d * (d - 1) + V * V * (d - 1);
  operations.compare += V * (V - 1);                                     // shifts: the largest entry of each row of M
  operations.add += V * V;                                               // D
  operations.exp += V * V;                                               // A, upper ends
  if (any_step(certificate, bounds_from_below)) operations.exp += V * V; // lower ends
  if (needs_self_products(certificate)) {
    operations.mul += V * V;           // Q
    operations.add += V * (V - 1) + V; // Q, and the sums of its logarithms
    operations.log += V;
  }
  return operations;
}

std::unique_ptr<LabelProver> make_prover(const Certificate& certificate, const Options& options) {
  return std::make_unique<Prover>(certificate, options);
}

} // namespace verifier::token_sum
