// What convexity@1 bounds the loss by: both engines against the theorem's right-hand side from exact logits,
// and against each other; the inputs that the bound shows to be correct.

#include "families/token_sum/bounds/mixture_sums.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/truth.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

using namespace proofmark;
using namespace proofmark::test;

namespace {

std::vector<LabelSum> fast(const Model& model, std::uint64_t n, unsigned threads = 2) {
  const auto tables = token_sum_tables(model, {n, model.vocabulary}, threads);
  REQUIRE(tables);
  return mixture_sums(*tables, {.threads = threads});
}

std::vector<LabelSum> slow(const Model& model, std::uint64_t n) {
  return reference_mixture_sums(reference_logits(model, 2), {n, model.vocabulary}, {.threads = 2});
}

// The theorem's right-hand side by label, as sums of losses of mixtures.
std::vector<Real> theorem(const Model& model, std::uint64_t n) {
  const std::uint64_t V = model.vocabulary;
  const std::vector<Rational> m = exact_logits(model);
  const auto loss = [&](std::uint64_t a, std::uint64_t k,
                        std::uint64_t y) { // of k tokens a and n - k tokens y
    const auto logit = [&](std::uint64_t c) { return Rational(k * m[a * V + c] + (n - k) * m[y * V + c]); };
    Real sum = 0;
    for (std::uint64_t c = 0; c < V; ++c) sum += exp(real(Rational(logit(c) - logit(y))));
    return Real(log(sum));
  };
  std::vector<Real> result(V);
  for (std::uint64_t y = 0; y < V; ++y) {
    result[y] = loss(y, 0, y) * (n == 2 ? y + 1 : 1);
    for (std::uint64_t a = 0; a < y; ++a)
      for (std::uint64_t k = 1; k <= n; ++k) {
        if (n == 2 && k == 2) result[y] += loss(a, k, y);
        if (n != 2 && k < n) result[y] += loss(a, k, y) * Real(Integer(binomial(n, k) * power(y, k - 1)));
      }
  }
  return result;
}

// The bound, that it is one, and what it shows about correct inputs.
void check_bounds(const std::vector<LabelSum>& sums, const Model& model, std::uint64_t n, double width) {
  const Task task{n, model.vocabulary};
  const std::vector<Real> bounds = theorem(model, n);
  const std::vector<Truth> truths = truth(model, n);
  for (std::uint64_t y = 0; y < sums.size(); ++y) {
    CAPTURE(n);
    CAPTURE(model.vocabulary);
    CAPTURE(y);
    const Integer inputs = inputs_with_label(task, y);
    CHECK(contains(sums[y].loss, bounds[y]));
    CHECK(upper(sums[y].loss) - lower(sums[y].loss) <= width * Real(inputs));
    CHECK(upper(sums[y].loss) >= truths[y].loss);
    const Integer correct = correct_by_loss(task, {y, y + 1}, sums[y]);
    CHECK(correct >= 0);
    CHECK(correct <= truths[y].correct);
    // What a verifier finds whose bound is 1e-13 nats an input larger.
    const Integer wrong(floor((bounds[y] + Real("1e-13") * Real(inputs)) / log(Real(2))));
    CHECK(correct <= std::max(Integer(0), Integer(inputs - wrong)));
    CHECK(correct + 1 >= inputs - wrong); // and hardly fewer
  }
}

void check_overlap(const std::vector<LabelSum>& a, const std::vector<LabelSum>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t y = 0; y < a.size(); ++y) {
    CHECK_FALSE(certainly_less(a[y].loss, b[y].loss));
    CHECK_FALSE(certainly_less(b[y].loss, a[y].loss));
    CHECK_FALSE(certainly_less(a[y].label_terms, b[y].label_terms));
    CHECK_FALSE(certainly_less(b[y].label_terms, a[y].label_terms));
  }
}

constexpr std::pair<std::uint64_t, std::uint64_t> shapes[] = { // context, vocabulary
    {1, 1}, {1, 2}, {1, 9}, {2, 1}, {2, 2}, {2, 5}, {2, 16}, {3, 1}, {3, 2}, {3, 5}, {3, 9}, {4, 1}, {4, 3}, {4, 6}};

} // namespace

TEST_CASE("convexity: the fast path contains the theorem's bound, closely") {
  for (const auto& [n, V] : shapes)
    for (const double size : {0.3, 3.0}) {
      const Model model = random_model(V, 4, size, static_cast<unsigned>(10 * V + n));
      check_bounds(fast(model, n), model, n, 1e-12);
    }
}

TEST_CASE("convexity: the interval path contains the theorem's bound") {
  for (const auto& [n, V] : shapes) {
    const Model model = random_model(V, 3, 2, static_cast<unsigned>(V + n));
    check_bounds(slow(model, n), model, n, 1e-60);
  }
}

TEST_CASE("convexity: on a model that has learnt, inputs are found correct by way of the loss") {
  // for n = 2 hardly any: the rule asks about (a, a) with the label b
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 20}, {3, 9}, {4, 6}}) {
    const Model model = peaked_model(V, 200, static_cast<unsigned>(V));
    const auto sums = fast(model, n);
    check_bounds(sums, model, n, 1e-11);
    Integer correct;
    for (std::uint64_t y = 0; y < V; ++y) correct += correct_by_loss({n, V}, {y, y + 1}, sums[y]);
    CHECK(correct > 0);
  }
}

TEST_CASE("convexity: exact for one token, and never below the exact rules") {
  const Model one = random_model(20, 4, 2, 3);
  const auto bounds = fast(one, 1);
  const auto truths = truth(one, 1);
  for (std::uint64_t y = 0; y < 20; ++y) CHECK(contains(bounds[y].loss, truths[y].loss));
}

TEST_CASE("convexity: logits of thousands of nats, entries too small for doubles") {
  for (const double size : {8.0, 12.0, 17.0})
    for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 9}, {2, 9}, {3, 6}, {4, 4}}) {
      const Model model = random_model(V, 6, size, static_cast<unsigned>(V + n));
      check_bounds(fast(model, n), model, n, 1e-9);
      check_bounds(slow(model, n), model, n, 1e-50);
    }
}

TEST_CASE("convexity: several panels of columns, pieces of labels and blocks of tokens") {
  const Model small = random_model(70, 3, 2, 11); // two pieces
  for (const std::uint64_t n : {2, 3}) check_overlap(fast(small, n), slow(small, n));
  // 300 tokens: two panels, two blocks, five pieces; a few labels by hand
  const std::uint64_t V = 300;
  const Model model = random_model(V, 3, 1, 12);
  const std::vector<Interval> m = reference_logits(model, 2);
  const auto sums = fast(model, 3);
  for (const std::uint64_t y : {0, 63, 64, 299}) {
    Interval total;
    for (std::uint64_t a = 0; a <= y; ++a)
      for (std::uint64_t k = a < y ? 1 : 0; k < (a < y ? 3 : 1); ++k) {
        Interval z;
        for (std::uint64_t c = 0; c < V; ++c)
          z += exp(enclose(Integer(k)) * (m[a * V + c] - m[a * V + y]) +
                   enclose(Integer(3 - k)) * (m[y * V + c] - m[y * V + y]));
        total += enclose(Integer(k == 0 ? 1 : k == 1 ? 3 : 3 * y)) * log(z);
      }
    CHECK(contains(sums[y].loss, lower(total)));
    CHECK(contains(sums[y].loss, upper(total)));
  }
}

TEST_CASE("convexity: long contexts, weights beyond 64 bits") {
  const Model three = random_model(3, 2, 1.5, 9), two = random_model(2, 2, 1.5, 9), twelve = random_model(12, 3, 1, 9);
  check_overlap(fast(three, 40), slow(three, 40));
  check_overlap(fast(two, 64), slow(two, 64));
  check_overlap(fast(twelve, 64), slow(twelve, 64));
}

TEST_CASE("convexity: the number of threads changes nothing") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 90}, {2, 300}, {3, 150}, {5, 70}}) {
    const Model model = random_model(V, 3, 2, 12);
    const auto one = fast(model, n, 1);
    for (const unsigned count : {2u, 5u}) {
      const auto many = fast(model, n, count);
      for (std::uint64_t y = 0; y < V; ++y) {
        CHECK(lower(one[y].loss) == lower(many[y].loss));
        CHECK(upper(one[y].loss) == upper(many[y].loss));
      }
    }
  }
}

TEST_CASE("correct inputs by way of the loss, at the joints") {
  const auto found = [](const Interval& loss) { // label 2 of three positions: 19 inputs
    return correct_by_loss({3, 5}, {2, 3}, {loss, {}, {}, {}});
  };
  CHECK(found(enclose(0.0)) == 19);
  CHECK(found(enclose(-1.0)) == 19); // an enclosure of a small number may reach below 0
  CHECK(found(ln_2() * enclose(0.999)) == 19);
  CHECK(found(ln_2()) == 18);
  CHECK(found(ln_2() * enclose(1 - 0x1p-43)) == 18); // within the verifier's room
  CHECK(found(ln_2() * enclose(1.999)) == 18);
  CHECK(found(ln_2() * enclose(18.999)) == 1);
  CHECK(found(ln_2() * enclose(19.0)) == 0);
  CHECK(found(ln_2() * enclose(1e300)) == 0);
}
