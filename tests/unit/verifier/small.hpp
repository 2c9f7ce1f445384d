// Small certificates as typed data, of exact models whose truth is known, and what the check says of them.
#pragma once

#include "rules/attention/models.hpp"

#include "check/check.hpp"
#include "check/rules.hpp"
#include "reading/reason.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace small {

using namespace verifier;
using truth::Big;
using truth::operator*;
using Rows = truth::Matrix;

inline Tensor tensor(const std::string& name, DType dtype, std::vector<std::uint64_t> shape,
                     const std::vector<std::uint64_t>& bits) {
  Tensor result{name, dtype, std::move(shape), {}};
  for (const std::uint64_t x : bits)
    for (std::size_t i = 0; i < size_of(dtype); ++i) result.bytes.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
  return result;
}
inline Tensor reals(const std::string& name, std::vector<std::uint64_t> shape, const std::vector<double>& numbers) {
  std::vector<std::uint64_t> bits;
  for (const double x : numbers) bits.push_back(std::bit_cast<std::uint64_t>(x));
  return tensor(name, DType::float64, std::move(shape), bits);
}
// A matrix as it is stored in a layout.
inline Tensor stored(const std::string& name, const Rows& matrix, Layout layout) {
  const bool turned = layout == Layout::out_in || layout == Layout::width_tokens;
  const bool of_heads = layout == Layout::heads_in_head || layout == Layout::heads_head_out;
  const Rows rows = turned ? truth::transposed(matrix) : matrix;
  std::vector<double> numbers;
  for (const auto& row : rows)
    for (const mpq_class& x : row) numbers.push_back(x.get_d());
  std::vector<std::uint64_t> shape = {rows.size(), rows.front().size()};
  if (of_heads) shape.insert(shape.begin(), 1);
  return reals(name, shape, numbers);
}
inline Rows draw(std::size_t rows, std::size_t columns, std::mt19937_64& random) { // multiples of 1/16
  Rows x(rows, std::vector<mpq_class>(columns));
  for (auto& row : x)
    for (auto& entry : row) entry = mpq_class(static_cast<long>(random() % 49) - 24, 16), entry.canonicalize();
  return x;
}

inline constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

// One step for each label, by this rule, with declarations that every proof supports.
inline void declare(Certificate& c, const std::string& rule, std::vector<std::uint64_t> ends = {}) {
  const Rule* known = find_rule(shape_of(c.architecture), c.parts, rule);
  if (ends.empty())
    for (std::uint64_t y = 1; y <= c.classes; ++y) ends.push_back(y);
  c.steps.clear();
  for (const std::uint64_t to : ends) {
    Step step;
    step.id = c.steps.size();
    step.rule = rule;
    step.from = c.steps.empty() ? mpz_class(0) : c.steps.back().to;
    step.to = mpz_class(std::to_string(to));
    step.operations = plenty;
    step.correct = Step::Correct{0, inputs_of(c, step)};
    if (known != nullptr && known->loss_from_above) step.loss = Step::Loss{0, mpz_class(1) << 80};
    if (known != nullptr && known->exact && c.classes > 1) step.margin = -(mpz_class(1) << 80);
    c.steps.push_back(step);
  }
}

inline Certificate assembled(Architecture architecture, const std::vector<Tensor>& tensors, std::uint64_t V) {
  Certificate c{};
  c.architecture = std::move(architecture);
  for (const Tensor& t : tensors) c.tensors.emplace(t.name, t);
  c.classes = V;
  c.task.ranges.assign(c.architecture.positions, {0, V});
  c.task.label.name = "max";
  c.tables = plenty;
  c.claims = {{Quantity::accuracy, Direction::lower, 0, "0"}};
  return c;
}

// ---- models, and the truth about the inputs of each label ------------------------------------------------------------

struct Truth {
  mpq_class loss = 0; // of 400 bits
  mpz_class inputs = 0, correct = 0;
  std::optional<mpq_class> margin;
};
struct Example {
  Certificate certificate;
  std::vector<Truth> labels;
};

inline Example token_sum(std::size_t V, std::size_t n, unsigned seed = 1, bool other_layouts = false) {
  std::mt19937_64 random(seed);
  const Rows E = draw(V, 3, random), W = draw(3, 2, random), U = draw(2, V, random), M = E * W * U;
  const Layout tokens = other_layouts ? Layout::tokens_width : Layout::width_tokens,
               map = other_layouts ? Layout::in_out : Layout::out_in;
  const Architecture architecture{
      .positions = n, .tokens = {{"e", tokens}}, .pool = Pool::sum, .readout = {Map{"w", map}, Map{"u", map}}};
  Example example{assembled(architecture, {stored("e", E, tokens), stored("w", W, map), stored("u", U, map)}, V),
                  std::vector<Truth>(V)};
  std::vector<std::size_t> t(n);
  do {
    const std::size_t y = *std::ranges::max_element(t);
    std::vector<mpq_class> counts(V);
    for (const std::size_t a : t) counts[a] += 1;
    Truth& label = example.labels[y];
    const auto [loss, correct] = truth::input(M, counts, y);
    label.loss += loss, label.inputs += 1, label.correct += correct ? 1 : 0;
    for (std::size_t k = 0; k < V; ++k) {
      mpq_class won = 0;
      for (const std::size_t a : t) won += M[a][y] - M[a][k];
      if (k != y && (!label.margin || won < *label.margin)) label.margin = won;
    }
  } while (truth::next_input(t, V));
  declare(example.certificate, "enumeration@1");
  return example;
}

inline Example attention(std::size_t V, std::size_t n, unsigned seed = 1, bool other_layouts = false) {
  const attention::Model model = attention::draw(attention::Kind::random, V, n, seed);
  const Layout tokens = other_layouts ? Layout::width_tokens : Layout::tokens_width;
  const Layout in = other_layouts ? Layout::out_in : Layout::heads_in_head,
               out = other_layouts ? Layout::in_out : Layout::heads_head_out,
               last = other_layouts ? Layout::out_in : Layout::in_out;
  const Attention head{
      .query = Map{"q", in}, .key = Map{"k", in}, .value = {"v", in}, .output = {"o", out}, .causal = !other_layouts};
  const Architecture architecture{.positions = n,
                                  .tokens = {{"e", tokens}},
                                  .position_table = PositionTable{"p"},
                                  .blocks = {{.attention = head}},
                                  .readout = {Map{"u", last}}};
  Rows P = model.P;
  if (other_layouts) P.push_back(std::vector<mpq_class>(model.d, 1000)); // a row that is not used
  Example example{assembled(architecture,
                            {stored("e", model.E, tokens), stored("p", P, Layout::in_out), stored("q", model.W_Q, in),
                             stored("k", model.W_K, in), stored("v", model.W_V, in), stored("o", model.W_O, out),
                             stored("u", model.U, last)},
                            V),
                  {}};
  for (const attention::LabelTruth& label : attention::by_label(model))
    example.labels.push_back({label.loss.rational(), static_cast<unsigned long>(label.inputs),
                              static_cast<unsigned long>(label.correct),
                              label.margin ? std::optional(label.margin->rational()) : std::nullopt});
  declare(example.certificate, "enumeration@1");
  return example;
}

// ---- what the check says ---------------------------------------------------------------------------------------------

inline std::string reason_of(std::invocable auto&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return std::string(failure.reason.code) + (failure.pointer.empty() ? "" : " at " + failure.pointer);
  }
  return "none";
}
inline std::string reason_of(const Certificate& c, Engine engine = Engine::fast, unsigned threads = 1) {
  return reason_of([&] { check(c, {.engine = engine, .threads = threads}); });
}
inline constexpr Engine engines[] = {Engine::fast, Engine::reference};

} // namespace small
