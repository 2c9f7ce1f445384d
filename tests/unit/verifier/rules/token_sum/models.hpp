// Small models of exact logits for the rules of token-sum, the truth about their inputs, and how a rule is run.
#pragma once

#include "../truth.hpp"

#include "kernel/engine.hpp"
#include "rules/token_sum/tables.hpp"
#include "rules/token_sum/tails.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <string>

namespace token_sum_models {

namespace kernel = verifier::kernel;
namespace rules = verifier::rules::token_sum;
using kernel::Integer;
using rules::Labels;
using rules::Token;
using truth::Big;
using verifier::rules::Result;

using Rule = Result (*)(kernel::Kernel&, const rules::Problem&, Labels);

// Rows of logits L [V x V], exactly: a rule's theorem holds for any shift of them.
struct Model {
  std::string name;
  std::size_t vocabulary, context;
  std::vector<double> L;
  double at(std::size_t a, std::size_t k) const { return L[a * vocabulary + k]; }
};

// What rules are run on, with one engine. Its meter pays for tables alone.
class Prepared {
public:
  Prepared(const kernel::Engine& engine, const Model& model, bool correct = true) : k_{engine, meter_} {
    problem_.V = model.vocabulary, problem_.n = model.context, problem_.correct = correct;
    problem_.L = signed_numbers(k_, {problem_.V, problem_.V}, model.L);
    problem_.A = exp(with(k_, problem_.L));
  }
  Prepared(const Prepared&) = delete;
  kernel::Kernel& kernel() { return k_; }
  rules::Problem& problem() { return problem_; }
  const kernel::Performed& performed() const { return meter_.performed(); }

private:
  kernel::Budget budget_{UINT64_MAX};
  kernel::Meter meter_{budget_};
  kernel::Kernel k_;
  rules::Problem problem_{};
};

struct Found {
  Result result;
  kernel::Performed performed{};
  std::uint64_t operations() const;
};
Found run(Prepared& on, Rule rule, Labels labels, std::uint64_t budget = UINT64_MAX);
Found run(Prepared& on, Rule rule, std::span<const Labels> parts); // unit by unit, on threads of their own
void check_stops(Prepared& on, Rule rule, Labels labels); // at any budget below what it performs, and not at that
void check_equal(const Found& x, const Found& y);

// Ends in steps of 2^-60 that enclose x.
void check_encloses(const kernel::Total& total, const mpq_class& x);
double width(const kernel::Total& total); // in nats

// The inputs with label y, each ordering for itself.
struct Input {
  std::vector<std::size_t> tokens;
  std::size_t label;
  mpq_class loss;
  std::optional<mpq_class> margin; // the least logit_label - other; none if there is no other
  bool correct() const { return !margin || *margin > 0; }
};
std::vector<Input> inputs(const Model& model);

// Exactly representable logits: random ones, and nasty ones.
std::vector<Model> models(std::size_t context, std::size_t most_vocabulary);

} // namespace token_sum_models
