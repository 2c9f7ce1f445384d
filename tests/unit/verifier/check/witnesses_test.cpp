// Witnesses from inside: each fault of their types, shapes and values, with a twin just within; and in which order they are refused.
#include "small.hpp"

#include "check/witnesses.hpp"
#include "reading/limits.hpp"

#include <cmath>
#include <limits>

using namespace small;

namespace {

constexpr DType u8 = DType::uint8, u16 = DType::uint16;
using Numbers = std::vector<std::uint64_t>;

// Of three tokens in so many positions, one step for each label.
std::string tokens_with(const std::string& rule, std::vector<Tensor> witnesses, std::size_t n = 2,
                        std::vector<std::uint64_t> ends = {}) {
  Certificate c = token_sum(3, n).certificate;
  declare(c, rule, std::move(ends));
  c.witnesses = std::move(witnesses);
  return reason_of([&] { check_rules(c); });
}
std::string attends_with(const std::string& rule, std::vector<Tensor> witnesses, std::size_t n = 2) {
  Certificate c = small::attention(4, n).certificate;
  declare(c, rule);
  c.witnesses = std::move(witnesses);
  return reason_of([&] { check_rules(c); });
}

const Tensor heads = tensor("heads", u16, {3, 2}, {0, 1, 1, 2, 2, 0}), sizes = tensor("head-sizes", u16, {2}, {1, 2});

std::string head_tail_with(Tensor more, std::size_t n = 2) {
  return tokens_with("head-tail@1", {sizes, heads, std::move(more)}, n);
}

} // namespace

TEST_CASE("heads and their sizes") {
  const auto with = [](const Tensor& some_heads, const Tensor& some_sizes) {
    return tokens_with("head-tail@1", {some_sizes, some_heads});
  };
  const auto of_heads = [&](const Tensor& t) { return with(t, sizes); };
  const auto of_sizes = [&](const Numbers& x) { return with(heads, tensor("head-sizes", u16, {x.size()}, x)); };
  CHECK(with(heads, sizes) == "none");
  CHECK(of_heads(tensor("heads", u8, {3, 2}, {0, 1, 1, 2, 2, 0})) == "witness-shape at /witnesses/heads/dtype");
  CHECK(of_heads(tensor("heads", u16, {2, 3}, {0, 1, 2, 0, 1, 2})) == "witness-shape at /witnesses/heads/shape");
  CHECK(of_heads(tensor("heads", u16, {6}, {0, 1, 1, 2, 2, 0})) == "witness-shape at /witnesses/heads/shape");
  CHECK(of_heads(tensor("heads", u16, {3, 4}, {0, 1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0})) ==
        "witness-shape at /witnesses/heads/shape");
  CHECK(of_heads(tensor("heads", u16, {3, 3}, {0, 1, 2, 0, 1, 2, 0, 1, 2})) == "none");
  CHECK(of_heads(tensor("heads", u16, {3, 2}, {0, 1, 1, 2, 2, 3})) == "witness-value at /witnesses/heads");
  CHECK(of_heads(tensor("heads", u16, {3, 2}, {0, 1, 1, 2, 2, 2})) == "witness-value at /witnesses/heads");
  CHECK(of_sizes({2}) == "none");
  CHECK(of_sizes({1, 3}) == "none"); // 3 = V: exact
  CHECK(of_sizes({0}) == "witness-value at /witnesses/head-sizes");
  CHECK(of_sizes({2, 2}) == "witness-value at /witnesses/head-sizes");
  CHECK(of_sizes({4}) == "witness-value at /witnesses/head-sizes");
  CHECK(with(tensor("heads", u16, {3, 1}, {0, 1, 2}), tensor("head-sizes", u16, {1}, {2})) ==
        "witness-value at /witnesses/head-sizes"); // neither 1 nor V
  CHECK(with(heads, tensor("head-sizes", u8, {2}, {1, 2})) == "witness-shape at /witnesses/head-sizes/dtype");
  CHECK(with(heads, tensor("head-sizes", u16, {1, 2}, {1, 2})) == "witness-shape at /witnesses/head-sizes/shape");
  CHECK(with(heads, tensor("head-sizes", u16, {256}, Numbers(256, 1))) ==
        "witness-shape at /witnesses/head-sizes/shape");
  CHECK(with(heads, tensor("head-sizes", u16, {255}, Numbers(255, 1))) == "witness-value at /witnesses/head-sizes");
}

TEST_CASE("levels, groups, weights and multipliers of head-tail@1") {
  CHECK(head_tail_with(tensor("levels", u8, {6}, {0, 1, 0, 1, 0, 1})) == "none");
  CHECK(head_tail_with(tensor("levels", u8, {6}, {0, 1, 0, 1, 0, 2})) == "witness-value at /witnesses/levels");
  CHECK(head_tail_with(tensor("levels", u8, {5}, {0, 1, 0, 1, 0})) == "witness-shape at /witnesses/levels/shape");
  CHECK(head_tail_with(tensor("levels", u8, {6, 1}, Numbers(6, 0))) == "witness-shape at /witnesses/levels/shape");
  CHECK(head_tail_with(tensor("levels", u16, {6}, Numbers(6, 0))) == "witness-shape at /witnesses/levels/dtype");
  CHECK(head_tail_with(tensor("levels", u8, {10}, Numbers(10, 1)), 3) == "none");

  CHECK(head_tail_with(tensor("column-groups", u16, {3}, {0, 2, 1})) == "none");
  CHECK(head_tail_with(tensor("column-groups", u16, {3}, {0, 3, 1})) == "witness-value at /witnesses/column-groups");
  CHECK(head_tail_with(tensor("column-groups", u16, {2}, {0, 1})) == "witness-shape at /witnesses/column-groups/shape");
  CHECK(head_tail_with(tensor("column-groups", u8, {3}, {0, 1, 1})) ==
        "witness-shape at /witnesses/column-groups/dtype");

  const double infinite = std::numeric_limits<double>::infinity(), nan = std::nan(""), least = 0x1p-1074;
  CHECK(head_tail_with(reals("column-weights", {3}, {1, 2, least})) == "none");
  for (const double x : {0.0, -0.0, -1.0, infinite, nan})
    CHECK(head_tail_with(reals("column-weights", {3}, {1, 2, x})) == "witness-value at /witnesses/column-weights");
  CHECK(head_tail_with(reals("column-weights", {2}, {1, 2})) == "witness-shape at /witnesses/column-weights/shape");
  CHECK(head_tail_with(tensor("column-weights", u16, {3}, {1, 1, 1})) ==
        "witness-shape at /witnesses/column-weights/dtype");

  const Tensor u = reals("token-multipliers", {3}, {1, 0, -0.0}), v = reals("label-multipliers", {3}, {0, 2, least});
  CHECK(tokens_with("head-tail@1", {sizes, heads, u, v}) == "none");
  CHECK(head_tail_with(u) == "witness-missing at /witnesses");
  CHECK(head_tail_with(v) == "witness-missing at /witnesses");
  for (const double x : {-1.0, infinite, nan}) {
    CHECK(tokens_with("head-tail@1", {sizes, heads, reals("token-multipliers", {3}, {1, 0, x}), v}) ==
          "witness-value at /witnesses/token-multipliers");
    CHECK(tokens_with("head-tail@1", {sizes, heads, u, reals("label-multipliers", {3}, {1, 0, x})}) ==
          "witness-value at /witnesses/label-multipliers");
  }
}

TEST_CASE("head sizes times groups: a limit") {
  const std::uint64_t V = 300, most = limits::tail_norms;
  const auto with = [&](std::uint64_t levels, std::uint64_t groups) {
    Certificate c = token_sum(2, 2).certificate; // of which only the number of classes matters here
    declare(c, "head-tail@1");
    c.classes = V;
    Numbers outputs, some_sizes, of_output(V, 0);
    for (std::uint64_t i = 0; i < V * levels; ++i) outputs.push_back(i % levels);
    for (std::uint64_t i = 1; i <= levels; ++i) some_sizes.push_back(i);
    of_output[0] = groups - 1;
    c.witnesses = {tensor("column-groups", u16, {V}, of_output), tensor("head-sizes", u16, {levels}, some_sizes),
                   tensor("heads", u16, {V, levels}, outputs)};
    const Rule* const rules[] = {find_rule(ModelShape::token_sum, Parts::labels, "head-tail@1"),
                                 find_rule(ModelShape::token_sum, Parts::labels, "head-tail@1")};
    return reason_of([&] { read_witnesses(c, rules); });
  };
  CHECK(with(16, most / 16) == "none");
  CHECK(with(17, most / 16) == "limit-tail-norms at /witnesses");
}

TEST_CASE("blocks and their multipliers") {
  const auto with = [](const Numbers& starts, std::vector<std::uint64_t> ends) {
    return tokens_with("block-jensen@1", {tensor("blocks", u16, {starts.size()}, starts)}, 2, std::move(ends));
  };
  CHECK(with({0}, {3}) == "none");
  CHECK(with({0, 1, 2}, {1, 3}) == "none");
  CHECK(with({0, 2}, {2, 3}) == "none");
  CHECK(with({0, 2}, {1, 3}) == "step-blocks at /steps/0/labels");
  CHECK(with({0, 1}, {1, 2, 3}) == "step-blocks at /steps/1/labels");
  CHECK(with({1}, {3}) == "witness-value at /witnesses/blocks");
  CHECK(with({0, 2, 2}, {3}) == "witness-value at /witnesses/blocks");
  CHECK(with({0, 3}, {3}) == "witness-value at /witnesses/blocks");
  CHECK(with({0, 1, 2, 2}, {3}) == "witness-shape at /witnesses/blocks/shape");
  CHECK(tokens_with("block-jensen@1", {tensor("blocks", u8, {1}, {0})}, 2, {3}) ==
        "witness-shape at /witnesses/blocks/dtype");
  const auto multiplied = [](const std::vector<double>& u) {
    return tokens_with("block-jensen@1", {reals("block-multipliers", {u.size()}, u), tensor("blocks", u16, {1}, {0})},
                       2, {3});
  };
  CHECK(multiplied({1, 2, 3}) == "none");
  CHECK(multiplied({1, 2, 0}) == "witness-value at /witnesses/block-multipliers");
  CHECK(multiplied({1, 2}) == "witness-shape at /witnesses/block-multipliers/shape");
  // Rules of other labels may have any.
  Certificate c = token_sum(3, 2).certificate;
  c.steps[2].rule = "block-jensen@1", c.steps[2].margin.reset();
  c.steps[0].margin.reset(), c.steps[1].margin.reset();
  c.witnesses = {tensor("blocks", u16, {2}, {0, 2})};
  CHECK(reason_of([&] { check_rules(c); }) == "none");
}

TEST_CASE("near tokens, heads, joint columns, filled slots and gaps of attention-only") {
  const Tensor near = tensor("near", u16, {4}, {0, 1, 2, 3});
  CHECK(attends_with("near-far@1", {near}) == "none");
  CHECK(attends_with("near-far@1", {tensor("near", u16, {4}, {0, 2, 2, 3})}) == "witness-value at /witnesses/near");
  CHECK(attends_with("near-far@1", {tensor("near", u16, {3}, {0, 1, 2})}) == "witness-shape at /witnesses/near/shape");
  CHECK(attends_with("near-far@1", {tensor("near", u8, {4}, {0, 1, 2, 3})}) ==
        "witness-shape at /witnesses/near/dtype");

  const auto with_heads = [&](std::uint64_t columns, const Numbers& outputs) {
    return attends_with("band@1", {tensor("heads", u16, {outputs.size() / columns, columns}, outputs), near});
  };
  CHECK(with_heads(1, {1, 0, 1, 2}) == "none");
  CHECK(with_heads(2, {1, 2, 0, 3, 1, 0, 2, 1}) == "none");
  CHECK(with_heads(3, {1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2}) == "witness-shape at /witnesses/heads/shape"); // no tail
  CHECK(with_heads(1, {1, 0, 1}) == "witness-shape at /witnesses/heads/shape");
  CHECK(with_heads(1, {1, 0, 1, 4}) == "witness-value at /witnesses/heads");
  CHECK(with_heads(1, {1, 0, 2, 2}) == "witness-value at /witnesses/heads"); // the label
  CHECK(with_heads(2, {1, 2, 0, 3, 1, 1, 2, 1}) == "witness-value at /witnesses/heads");
  CHECK(attends_with("band@1", {tensor("heads", u8, {4, 1}, {1, 0, 1, 2}), near}) ==
        "witness-shape at /witnesses/heads/dtype");

  CHECK(attends_with("soft-near-far@1", {tensor("joint", u8, {4}, {0, 1, 0, 1}), near}) == "none");
  CHECK(attends_with("soft-near-far@1", {tensor("joint", u8, {4}, {0, 1, 0, 2}), near}) ==
        "witness-value at /witnesses/joint");
  CHECK(attends_with("soft-near-far@1", {tensor("joint", u8, {5}, {0, 1, 0, 1, 0}), near}) ==
        "witness-shape at /witnesses/joint/shape");

  CHECK(attends_with("placements@1", {tensor("filled", u8, {4}, {0, 1, 0, 1}), near}) == "none");
  CHECK(attends_with("placements@1", {tensor("filled", u8, {4}, {0, 1, 0, 2}), near}) ==
        "witness-value at /witnesses/filled");
  CHECK(attends_with("placements@1", {tensor("filled", u16, {4}, {0, 1, 0, 1}), near}) ==
        "witness-shape at /witnesses/filled/dtype");

  // By label, query and number of slots.
  const std::uint64_t V = 4, n = 3;
  const auto with_gap = [&](std::uint64_t m, std::uint64_t q, std::uint64_t s, std::uint64_t gap) {
    Numbers gaps(V * V * n, 0);
    gaps[(m * V + q) * n + s] = gap;
    return attends_with("subcubic@1", {tensor("gaps", u16, {V, V, n}, gaps)}, n);
  };
  const std::string bad = "witness-value at /witnesses/gaps";
  CHECK(with_gap(3, 3, 1, 3) == "none");
  CHECK(with_gap(3, 3, 2, 3) == "none");
  CHECK(with_gap(3, 3, 2, 4) == bad);
  CHECK(with_gap(3, 3, 0, 1) == bad);
  CHECK(with_gap(3, 1, 0, 2) == "none");
  CHECK(with_gap(3, 1, 1, 2) == "none");
  CHECK(with_gap(3, 1, 1, 3) == bad);
  CHECK(with_gap(3, 1, 2, 1) == bad);
  CHECK(with_gap(1, 3, 1, 1) == bad);
  CHECK(attends_with("subcubic@1", {tensor("gaps", u16, {V, V, 2}, Numbers(32, 0))}, n) ==
        "witness-shape at /witnesses/gaps/shape");
}

TEST_CASE("what is refused first: the rules of steps, witnesses too many, those that are missing, and their contents") {
  const Tensor bad = tensor("heads", u16, {3, 2}, {0, 0, 1, 2, 2, 0}), other = tensor("hint", u8, {1}, {0});
  CHECK(tokens_with("head-tail@1", {bad, other}, 1) == "rule-context at /steps/0/rule");
  CHECK(tokens_with("head-tail@1", {bad, other}) == "witness-unused at /witnesses");
  CHECK(tokens_with("head-tail@1", {bad}) == "witness-missing at /witnesses");
  CHECK(tokens_with("head-tail@1", {sizes, bad}) == "witness-value at /witnesses/heads");
}
