#include "check/problem.hpp"

#include "check/block_tables.hpp"
#include "check/features.hpp"
#include "check/network.hpp"
#include "kernel/bands.hpp"
#include "kernel/integers.hpp"
#include "models/matrices.hpp"
#include "rules/attention/queries.hpp"
#include "rules/token_sum/inputs.hpp"
#include "rules/token_sum/tables.hpp"
#include "rules/token_sum/tails.hpp"

#include <algorithm>

namespace verifier {
namespace {

using kernel::Kernel;
using kernel::Weights;

Weights weights(Kernel& k, const Matrix& matrix) {
  return {k, {matrix.rows, matrix.columns}, matrix.entries};
}
Weights weights(Kernel& k, const Certificate& certificate, const Map& map) {
  return weights(k, matrix(map, certificate.tensors));
}

Weights read_out(Kernel& k, const Certificate& certificate, std::size_t part) {
  return weights(k, certificate, std::get<Map>(certificate.architecture.readout.at(part)));
}

// Steps state correct inputs, or margins: a rule compares logits.
bool compares(const Outline& outline) {
  return outline.states_correct() || outline.states_margin();
}

bool cites(std::span<const Rule* const> rules, std::string_view name) {
  return std::ranges::any_of(rules, [&](const Rule* rule) { return rule->name == name; });
}

rules::token_sum::Problem prepare(Kernel& k, const Certificate& certificate, std::span<const Rule* const> of_steps,
                                  const TokenSumWitnesses& witnesses, unsigned threads) {
  const Architecture& model = certificate.architecture;
  const Weights E = weights(k, certificate, model.tokens.front()), W = read_out(k, certificate, 0),
                U = read_out(k, certificate, 1);
  rules::token_sum::Problem problem =
      prepare(k, rules::token_sum::Tensors{E, W, U}, model.positions, compares(certificate), threads);
  if (model.positions == 2 && cites(of_steps, "convexity@1")) add_squares(k, problem);
  if (witnesses.blocks) add_blocks(k, problem, witnesses.blocks->starts, witnesses.blocks->multipliers);
  if (witnesses.head_tail) add_head_tail_tables(k, problem, *witnesses.head_tail);
  return problem;
}

rules::attention::Problem prepare(Kernel& k, const Certificate& certificate, std::span<const Rule* const>,
                                  const rules::attention::Witnesses& witnesses, unsigned) {
  const Architecture& model = certificate.architecture;
  const Attention& block = model.blocks.at(0).attention.value();
  const Matrix positions = first_rows(model.position_table.value().tensor, model.positions, certificate.tensors);
  const Weights E = weights(k, certificate, model.tokens.front()), P = weights(k, positions),
                W_Q = weights(k, certificate, block.query.value()), W_K = weights(k, certificate, block.key.value()),
                W_V = weights(k, certificate, block.value), W_O = weights(k, certificate, block.output),
                U = read_out(k, certificate, 0);
  rules::attention::Problem problem = prepare(k, rules::attention::Tensors{E, P, W_Q, W_K, W_V, W_O, U}, witnesses);
  problem.correct = compares(certificate);
  return problem;
}

rules::any::Problem prepare(Kernel& k, const Certificate& certificate, std::span<const Rule* const>,
                            const NetworkWitnesses& witnesses, unsigned) {
  rules::any::Problem problem{.network = prepare_network(k, certificate),
                              .opened = witnesses.opened,
                              .low_rank = std::nullopt,
                              .block_tables = std::nullopt};
  if (witnesses.low_rank)
    problem.low_rank = prepare_low_rank(k, prepare_features(k, problem.network, certificate), *witnesses.low_rank);
  if (witnesses.block_tables)
    problem.block_tables =
        prepare_block_tables(k, problem.network, token_spans(certificate.task), *witnesses.block_tables);
  return problem;
}

// So many labels at a time. Where a label has one row of inputs, several rows are multiplied out together.
std::uint32_t labels_of_unit(const rules::token_sum::Problem& problem) {
  return problem.n == 2 ? rules::token_sum::most_rows : 1;
}
template <class Other>
std::uint32_t labels_of_unit(const Other&) {
  return 1;
}

// Elements that closing a unit keeps alive, about: rows and inputs of a batch; what is made for each label; the copies of a table.
std::uint64_t elements_of_unit(const rules::token_sum::Problem& problem) {
  const std::uint64_t V = problem.V, of_labels = problem.n > 2 ? 4 * V * V : 0;
  return 8 * rules::token_sum::most_rows * V + 16 * rules::token_sum::most_inputs + of_labels;
}
std::uint64_t elements_of_unit(const rules::attention::Problem& problem) {
  const std::uint64_t V = problem.V, n = problem.n;
  return (8 + n) * V * V + (16 + 4 * n) * rules::attention::most_entries;
}

std::uint64_t elements_of_unit(const rules::any::Problem& problem) {
  std::uint64_t of_batch = elements_of_batch(problem.network);
  if (problem.low_rank)
    of_batch += rules::any::most_inputs * (4 * problem.low_rank->features.u.rows() + 5 * problem.network.classes);
  return problem.block_tables ? std::max(of_batch, elements_of_row(*problem.block_tables)) : of_batch;
}

unsigned threads_for(std::uint64_t elements_of_each, const kernel::Engine& engine, unsigned threads) {
  const std::uint64_t affordable = limits::memory_of_threads / (elements_of_each * bytes_of_element(engine));
  return static_cast<unsigned>(std::clamp<std::uint64_t>(affordable, 1, std::max(1u, threads)));
}

std::uint32_t label(const mpz_class& x) {
  return static_cast<std::uint32_t>(in_64_bits(x));
}
rules::Result close_unit(Rule::OfTokenSum rule, Kernel& k, const rules::token_sum::Problem& problem, const Certificate&,
                         const Step&, const Unit& unit) {
  return rule(k, problem, {label(unit.from), label(unit.to)});
}
rules::Result close_unit(Rule::OfAttention rule, Kernel& k, const rules::attention::Problem& problem,
                         const Certificate&, const Step&, const Unit& unit) {
  rules::Result result;
  for (std::uint32_t m = label(unit.from); m < label(unit.to); ++m) result.add(establish(rule, k, problem, m));
  return result;
}

using rules::any::most_inputs;

rules::Declared declared(const Step& step) {
  rules::Declared declared{.correct = step.correct.has_value(), .margin = {}, .loss = step.loss.has_value()};
  if (!step.margin) return declared;
  const mpq_class steps = *step.margin * mpq_class(mpz_class(1) << kernel::step_bits);
  declared.margin.emplace();
  mpz_cdiv_q(declared.margin->get_mpz_t(), steps.get_num_mpz_t(), steps.get_den_mpz_t());
  return declared;
}
// A batch is the inputs from a multiple of its size to the next, cut by the step: what it costs does not depend on units.
rules::Result close_unit(Rule::OfAny rule, Kernel& k, const rules::any::Problem& problem,
                         const Certificate& certificate, const Step& step, const Unit& unit) {
  rules::Result result;
  for (mpz_class from = unit.from, to; from < unit.to; from = to) {
    to = std::min<mpz_class>((from / integer(unit.batch) + 1) * integer(unit.batch), unit.to);
    SomeInputs inputs = inputs_from(certificate.task, from, in_64_bits(to - from), certificate.classes);
    std::vector<mpz_class> indices;
    for (mpz_class index = from; index < to; ++index) indices.push_back(index);
    result.add(rule(k, problem, {std::move(inputs.tokens), std::move(inputs.labels), declared(step), indices}));
  }
  return result;
}

std::vector<Unit> whole_batches(const Step& step, std::uint64_t batch) {
  constexpr unsigned most_units = 4096; // about, however many inputs there are
  const mpz_class inputs = integer(batch), batches = (step.to - step.from) / inputs / most_units + 1,
                  each = batches * inputs;
  std::vector<Unit> units;
  for (mpz_class from = step.from, to; from < step.to; from = to) {
    to = std::min<mpz_class>((from / each + 1) * each, step.to);
    units.push_back({from, to, batch});
  }
  return units;
}

} // namespace

Problem prepare(Kernel& k, const Certificate& certificate, std::span<const Rule* const> of_steps,
                const Witnesses& witnesses, unsigned threads) {
  return std::visit([&](const auto& w) -> Problem { return prepare(k, certificate, of_steps, w, threads); }, witnesses);
}

std::vector<Unit> units(const Rule& rule, const Step& step, const Problem& problem) {
  if (rule.parts() == Parts::inputs) {
    const auto& prepared = std::get<rules::any::Problem>(problem);
    return whole_batches(step, rule.whole_rows ? prepared.block_tables->symbols : most_inputs);
  }
  const std::uint32_t from = label(step.from), to = label(step.to);
  std::vector<Unit> units;
  if (rule.whole_blocks) {
    const auto& starts = std::get<rules::token_sum::Problem>(problem).blocks->starts;
    for (auto block = std::ranges::lower_bound(starts, from); *block < to; ++block) // the last start is V
      units.push_back({*block, *(block + 1)});
    return units;
  }
  const std::uint32_t most = std::visit([](const auto& p) { return labels_of_unit(p); }, problem);
  const std::uint32_t count = (to - from + most - 1) / most;
  for (std::uint32_t i = 0; i < count; ++i) // about equal ones
    units.push_back({from + (to - from) * i / count, from + (to - from) * (i + 1) / count});
  return units;
}

rules::Result close(const Rule& rule, Kernel& k, const Problem& problem, const Certificate& certificate,
                    const Step& step, const Unit& unit) {
  return std::visit(
      [&](auto of_shape, const auto& prepared) -> rules::Result {
        if constexpr (requires { close_unit(of_shape, k, prepared, certificate, step, unit); })
          return close_unit(of_shape, k, prepared, certificate, step, unit);
        else
          throw std::logic_error("a rule for models of another shape");
      },
      rule.close, problem);
}

rules::Result close_inputs(const Rule& rule, Kernel& k, const Problem& problem, const Certificate& certificate,
                           const Step& step, const std::vector<mpz_class>& indices) {
  SomeInputs inputs = inputs_at(certificate.task, indices, certificate.classes);
  return std::get<Rule::OfAny>(rule.close)(
      k, std::get<rules::any::Problem>(problem),
      {std::move(inputs.tokens), std::move(inputs.labels), declared(step), indices});
}

std::uint64_t bytes_of_element(const kernel::Engine& engine) {
  return &engine == &kernel::reference() ? 128 : 16;
}
unsigned threads_for_tables(const Certificate& certificate, const kernel::Engine& engine, unsigned threads) {
  return threads_for(8 * kernel::band_rows * certificate.classes, engine, threads);
}
unsigned threads_for_units(const Problem& problem, const kernel::Engine& engine, unsigned threads) {
  return threads_for(std::visit([](const auto& p) { return elements_of_unit(p); }, problem), engine, threads);
}

} // namespace verifier
