// A rule of attention-only on the kernel, and its hand-written twin: the same model, the same witnesses.
#pragma once

#include "attention_models.hpp"
#include "attention_only/witnesses.hpp"
#include "family.hpp"
#include "kernel/engine.hpp"
#include "meter.hpp"
#include "number.hpp"
#include "parallel.hpp"
#include "rules/attention/problem.hpp"

#include <string>

namespace twins {

using namespace verifier::rules::attention;
using verifier::rules::Result;

struct Case {
  std::string name; // of the hand-written rule
  Rule rule;
  bool from_below = false, exact = false; // bounds the loss from below too; by an equality
  bool from_above = false;                // bounds the loss at all
};
inline const std::vector<Case> cases = {
    {"near-far@1", near_far},
    {"enumeration@1", enumeration, true, true, true},
    {"band@1", band},
    {"cubic@1", cubic},
    {"subcubic@1", subcubic},
    {"soft-near-far@1", soft_near_far, false, false, true},
    {"placements@1", placements, true, false, true},
};

// Random witnesses within their ranges, of all rules.
struct Hints {
  std::vector<std::uint16_t> near, heads, joint, filled, gaps;
  std::size_t head_count = 0;
};
inline Hints draw_hints(std::size_t V, std::size_t n, unsigned seed, std::size_t most_near, std::size_t most_heads) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t end) { return static_cast<std::uint16_t>(random() % end); };
  Hints hints;
  hints.head_count = V > 2 ? below(std::min(V - 2, most_heads) + 1) : 0;
  for (std::size_t m = 0; m < V; ++m) {
    hints.near.push_back(below(std::min(m, most_near) + 1));
    hints.joint.push_back(below(2));
    hints.filled.push_back(below(std::min<std::size_t>(n, 3)));
    std::vector<std::uint16_t> outputs;
    for (std::size_t w = 0; w < V; ++w)
      if (w != m) outputs.push_back(static_cast<std::uint16_t>(w));
    std::ranges::shuffle(outputs, random);
    hints.heads.insert(hints.heads.end(), outputs.begin(), outputs.begin() + static_cast<long>(hints.head_count));
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const bool open = q == m ? s >= 1 : q < m && s + 2 <= n;
        hints.gaps.push_back(open ? below((q == m ? m : m - q) + 1) : 0);
      }
  }
  return hints;
}
inline std::vector<verifier::Tensor> tensors(std::size_t V, std::size_t n, const Hints& hints,
                                             const std::string& rule) {
  using attention::witness;
  using verifier::DType;
  if (rule == "subcubic@1") return {witness("gaps", DType::uint16, {V, V, n}, hints.gaps)};
  if (rule == "placements@1")
    return {witness("filled", DType::uint8, {V}, hints.filled), witness("near", DType::uint16, {V}, hints.near)};
  if (rule == "enumeration@1" || rule == "cubic@1") return {};
  std::vector<verifier::Tensor> result;
  if (hints.head_count > 0) result.push_back(witness("heads", DType::uint16, {V, hints.head_count}, hints.heads));
  result.push_back(witness("joint", DType::uint8, {V}, hints.joint));
  result.push_back(witness("near", DType::uint16, {V}, hints.near));
  return result;
}

// The same model with other steps: one for each label, all by this rule.
inline verifier::Certificate by_rule(verifier::Certificate certificate, const std::string& rule,
                                     std::vector<verifier::Tensor> witnesses) {
  certificate.witnesses = std::move(witnesses);
  certificate.steps.clear();
  for (std::uint64_t m = 0; m < certificate.task.vocabulary; ++m) {
    verifier::Step step;
    step.id = m;
    step.rule = rule;
    step.from = m;
    step.to = m + 1;
    step.correct = 0;
    certificate.steps.push_back(step);
  }
  return certificate;
}

inline Witnesses decoded(const verifier::Certificate& certificate) {
  const verifier::attention_only::Witnesses read = verifier::attention_only::read_witnesses(certificate);
  const auto copy = [](const auto& x) { return Tokens(x.begin(), x.end()); };
  Witnesses result{copy(read.near), {}, {}, copy(read.filled), copy(read.gaps)};
  for (std::uint64_t m = 0; m < read.vocabulary; ++m) {
    result.heads.push_back(copy(read.heads_of(m)));
    result.joint.push_back(read.is_joint(m));
  }
  return result;
}

// A certificate's model and witnesses, prepared by an engine; its tables are charged apart.
class Prepared {
public:
  Prepared(const verifier::Certificate& certificate, const Engine& engine)
      : engine(engine), budget_(UINT64_MAX), meter_(budget_), kernel_{engine, meter_}, problem(make(certificate)) {}
  Prepared(const Prepared&) = delete;

private:
  Weights weights(const verifier::Certificate& certificate, const std::string& name) {
    const auto found = std::ranges::find(certificate.tensors, name, &verifier::Tensor::name);
    std::vector<double> values;
    for (const verifier::Dyadic& x : verifier::exact_values(*found, "", verifier::Reason::weight_not_finite))
      values.push_back(std::ldexp(static_cast<double>(x.mantissa), x.exponent)); // exact
    const auto& shape = found->shape;
    return {kernel_, {shape[shape.size() - 2], shape.back()}, values};
  }
  Problem make(const verifier::Certificate& c) {
    const auto of = [&](const char* name) { return weights(c, name); };
    return prepare(kernel_,
                   {of("embed.W_E"), of("pos_embed.W_pos"), of("blocks.0.attn.W_Q"), of("blocks.0.attn.W_K"),
                    of("blocks.0.attn.W_V"), of("blocks.0.attn.W_O"), of("unembed.W_U")},
                   decoded(c));
  }

public:
  const Engine& engine;

private:
  Budget budget_;
  Meter meter_;
  Kernel kernel_;

public:
  const Performed& of_tables() const { return meter_.performed(); }
  Problem problem;
};

struct Closed {
  Result result;
  Performed performed;
};
inline Closed close(const Prepared& prepared, Rule rule, Token m) {
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  Kernel k{prepared.engine, meter};
  Result result = establish(rule, k, prepared.problem, m);
  return {std::move(result), meter.performed()};
}
inline std::uint64_t total(const Performed& performed) {
  std::uint64_t sum = 0;
  for (const std::uint64_t x : performed) sum += x;
  return sum;
}

// The hand-written rules, of one certificate.
class Twin {
public:
  explicit Twin(const verifier::Certificate& certificate) {
    verifier::start_rounding_on_this_thread();
    verifier::Options options;
    prover_ = verifier::make_prover(certificate, options);
    worker_ = prover_->worker();
  }
  verifier::Established close(const std::string& rule, Token m) {
    verifier::Budget budget{.declared = UINT64_MAX, .performed = 0};
    verifier::Meter meter(budget);
    return worker_->close(rule, {m, m + 1}, true, meter);
  }

private:
  std::unique_ptr<verifier::LabelProver> prover_;
  std::unique_ptr<verifier::LabelProver::Worker> worker_;
};

} // namespace twins
