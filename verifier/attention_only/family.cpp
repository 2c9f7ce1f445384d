#include "family.hpp"

#include "../counts.hpp"
#include "../reason.hpp"
#include "demands.hpp"
#include "rules/rules.hpp"

#include <map>
#include <optional>

namespace verifier::attention_only {
namespace {

struct Rule {
  Established (*close)(const Problem&, Token m, Meter&);
  bool from_below; // bounds the loss from below too
};

const std::map<std::string, Rule, std::less<>>& rules() {
  static const std::map<std::string, Rule, std::less<>> table = {
      {std::string(band_rule), {band, false}},
      {std::string(cubic_rule), {cubic, false}},
      {std::string(enumeration_rule), {enumeration, true}},
      {std::string(near_far_rule), {near_far, false}},
      {std::string(placements_rule), {placements, true}},
      {std::string(soft_near_far_rule), {soft_near_far, false}},
      {std::string(subcubic_rule), {subcubic, false}}};
  return table;
}

// There is no wrong output: one correct input, without any loss.
Established only_token(const Rule& rule, Meter& meter) {
  meter.operations.add += rule.from_below ? 2 : 1; // the step's sum
  Established result;
  result.correct = 1;
  return result;
}

class Prover final : public LabelProver {
public:
  Prover(const Certificate& certificate, const Options& options)
      : tables_(make_tables(certificate, options.threads)), witnesses_(read_witnesses(certificate)),
        engine_(options.engine),
        worker_bytes_(attention_only::worker_bytes(certificate.task,
                                                   takes_columns(certificate) ? witnesses_.head_count + 1 : 0,
                                                   needs_fixed_outputs(certificate))) {
    if (engine_ == Engine::reference || !needs_fixed_outputs(certificate)) return;
    outputs_ = make_fixed_outputs(tables_, options.threads);
    if (!outputs_) engine_ = Engine::reference;
  }
  std::unique_ptr<Worker> worker() const override { return std::make_unique<AttentionWorker>(*this); }
  std::uint64_t worker_bytes() const override { return worker_bytes_; }
  // enumeration@1 has two engines; all else is computed in one way, which is either's.
  std::string_view engine() const override { return name(engine_); }
  std::vector<LabelRange> units(const Step& step) const override {
    std::vector<LabelRange> units;
    for (std::uint64_t m = step.from; m < step.to; ++m) units.push_back({m, m + 1});
    return units;
  }

private:
  class AttentionWorker final : public Worker {
  public:
    explicit AttentionWorker(const Prover& prover) : prover_(prover) {}
    Established close(const std::string& rule, LabelRange label, bool correct, Meter& meter) override {
      const Rule& row = rules().at(rule);
      if (prover_.tables_.vocabulary == 1) return only_token(row, meter);
      const Problem problem{prover_.tables_, prover_.witnesses_, prover_.outputs_ ? &*prover_.outputs_ : nullptr,
                            prover_.exponentials_, correct};
      return row.close(problem, static_cast<Token>(label.from), meter);
    }

  private:
    const Prover& prover_;
  };

  Tables tables_;
  Witnesses witnesses_;
  Engine engine_;
  std::uint64_t worker_bytes_;
  std::optional<FixedOutputs> outputs_;
  MarginExponentials exponentials_;
};

} // namespace

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : rules()) names.push_back(name);
  return names;
}

bool bounds_from_below(const std::string& rule) {
  return rules().at(rule).from_below;
}

void require_witnesses(const Certificate& certificate) {
  read_witnesses(certificate);
}

std::uint64_t worker_bytes(const Task& task, std::uint64_t columns, bool has_enumeration) {
  const auto [n, V] = task;
  return (1024 + 512 * n) * V                     // slots, positions, margins of one input
         + 320 * V * columns                      // what queries and tokens add to each column
         + (has_enumeration ? 8 * n * V * V : 0); // what each token adds to each margin, in each slot
}

std::unique_ptr<LabelProver> make_prover(const Certificate& certificate, const Options& options) {
  return std::make_unique<Prover>(certificate, options);
}

Operations tables_operations(const Certificate& certificate) {
  Operations operations = tables_cost(certificate);
  operations.read += read_witnesses(certificate).elements();
  return operations;
}

mpz_class tutorial_multiply_adds(const Certificate& certificate) {
  const auto [n, V] = certificate.task;
  const auto [d, h] = widths(certificate);
  return power(V, n) * (n * d + (2 * n + 1) * d * h + 2 * n * h + h * d + d * V + 3 * V);
}

} // namespace verifier::attention_only
