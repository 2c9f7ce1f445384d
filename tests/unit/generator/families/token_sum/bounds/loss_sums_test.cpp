// S_y and the count of correct inputs: both engines against the truth from raw weights, and against each
// other.

#include "families/token_sum/bounds/loss_sums.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/truth.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;
using namespace proofmark::test;

namespace {

LabelSumOptions threads(unsigned count) {
  return {.threads = count};
}

std::vector<LabelSum> fast(const Model& model, std::uint64_t n, unsigned count = 2) {
  const auto tables = token_sum_tables(model, {n, model.vocabulary}, count);
  REQUIRE(tables);
  return loss_sums(*tables, threads(count));
}

std::vector<LabelSum> slow(const Model& model, std::uint64_t n) {
  return reference_sums(reference_logits(model, 2), {n, model.vocabulary}, threads(2));
}

// A margin that no input is below, and nearly the least: `room` is what both programs may be off by.
void check_margin(const LabelSum& sum, const Truth& truth, const Rational& room) {
  REQUIRE(sum.margin.has_value() == truth.margin.has_value());
  if (!sum.margin) return;
  CHECK(Rational(*sum.margin) <= *truth.margin);
  CHECK(Rational(*sum.margin) >= *truth.margin - room - abs(*truth.margin) / Rational(power(2, 50)));
}

// Of the margins of so many tokens: a few times the verifier's.
Rational room_of_margins(const Model& model, std::uint64_t n) {
  Rational largest;
  for (const Rational& logit : exact_logits(model)) largest = std::max<Rational>(largest, abs(logit));
  return Rational(8 * n) * (largest / Rational(power(2, 44)) + Rational(1, power(2, 46)));
}

void check_against_truth(const std::vector<LabelSum>& sums, const Model& model, std::uint64_t n, double width) {
  const std::vector<Truth> truths = truth(model, n);
  const Rational room = room_of_margins(model, n);
  for (std::uint64_t y = 0; y < sums.size(); ++y) {
    CAPTURE(n);
    CAPTURE(model.vocabulary);
    CAPTURE(y);
    const auto inputs = inputs_with_label({n, model.vocabulary}, y).convert_to<double>();
    CHECK(contains(sums[y].loss, truths[y].loss));
    CHECK(upper(sums[y].loss) - lower(sums[y].loss) <= width * inputs);
    CHECK(sums[y].correct <= truths[y].correct);
    CHECK(sums[y].correct + sums[y].undecided >= truths[y].correct);
    check_margin(sums[y], truths[y], room);
  }
}

// Intervals that enclose the same number overlap.
void check_overlap(const std::vector<LabelSum>& a, const std::vector<LabelSum>& b) {
  for (std::size_t y = 0; y < a.size(); ++y) {
    CHECK_FALSE(certainly_less(a[y].loss, b[y].loss));
    CHECK_FALSE(certainly_less(b[y].loss, a[y].loss));
    CHECK_FALSE(certainly_less(a[y].label_terms, b[y].label_terms));
    CHECK_FALSE(certainly_less(b[y].label_terms, a[y].label_terms));
    CHECK(a[y].correct <= b[y].correct + b[y].undecided);
    CHECK(b[y].correct <= a[y].correct + a[y].undecided);
  }
}

constexpr std::pair<std::uint64_t, std::uint64_t> shapes[] = { // context, vocabulary
    {1, 1}, {1, 2}, {1, 33}, {2, 1}, {2, 2},  {2, 3}, {2, 5}, {2, 16}, {2, 31}, {2, 33},
    {3, 1}, {3, 2}, {3, 5},  {3, 9}, {3, 12}, {4, 1}, {4, 3}, {4, 6},  {5, 4},  {7, 3}};

} // namespace

TEST_CASE("the fast path contains the truth, closely") {
  for (const auto& [n, V] : shapes)
    for (const double size : {0.3, 3.0}) {
      const Model model = random_model(V, 4, size, static_cast<unsigned>(10 * V + n));
      check_against_truth(fast(model, n), model, n, 1e-12);
    }
}

TEST_CASE("the fast path on a model that has learnt") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{2, 33}, {3, 12}, {4, 6}}) {
    const Model model = peaked_model(V, 40, static_cast<unsigned>(V));
    check_against_truth(fast(model, n), model, n, 1e-12);
  }
}

TEST_CASE("inner products over several panels and batches") {
  const std::uint64_t V = 300;
  const Model model = random_model(V, 3, 2, 11);
  const std::vector<LabelSum> sums = fast(model, 2);
  const std::vector<Interval> m = reference_logits(model, 2);
  for (const std::uint64_t y : {0, 1, 95, 96, 299}) {
    Interval total;
    for (std::uint64_t a = 0; a <= y; ++a) {
      Interval sum;
      for (std::uint64_t k = 0; k < V; ++k) sum += exp(m[a * V + k] + m[y * V + k] - m[a * V + y] - m[y * V + y]);
      total += log(sum) * enclose(a < y ? 2.0 : 1.0);
    }
    CHECK(contains(sums[y].loss, lower(total)));
    CHECK(contains(sums[y].loss, upper(total)));
  }
}

TEST_CASE("several batches of rows to a label") {
  const Model model = random_model(30, 3, 2, 11);
  check_overlap(fast(model, 3), slow(model, 3));
}

TEST_CASE("the interval path contains the truth") {
  for (const auto& [n, V] : shapes)
    if (V < 20) {
      const Model model = random_model(V, 3, 2, static_cast<unsigned>(V + n));
      check_against_truth(slow(model, n), model, n, 1e-60);
    }
}

TEST_CASE("logits of thousands of nats: entries too small for doubles, both paths") {
  for (const double size : {8.0, 12.0, 17.0})
    for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 9}, {2, 9}, {3, 6}, {4, 4}}) {
      const Model model = random_model(V, 6, size, static_cast<unsigned>(V + n));
      check_against_truth(fast(model, n), model, n, 1e-9);
      check_against_truth(slow(model, n), model, n, 1e-50);
    }
}

TEST_CASE("weights that fixed point cannot hold go through intervals") {
  for (const double size : {1e5, 1e20}) {
    const Model model = random_model(4, 3, size, 3);
    CHECK_FALSE(token_sum_tables(model, {2, 4}, 1));
    check_against_truth(slow(model, 2), model, 2, 1);
  }
}

TEST_CASE("logits known to hundreds of orders of magnitude less than their size still have finite bounds") {
  std::mt19937_64 random(5);
  const Model model = proofmark::test::model(5, 4, [&](int, std::uint64_t, std::uint64_t) {
    return std::ldexp(uniform(random, 1), 330 - static_cast<int>(random() % 100));
  });
  for (const LabelSum& sum : slow(model, 2)) CHECK(finite(sum.loss));
}

TEST_CASE("a zero matrix: every loss is ln V, every input is tied") {
  for (const std::uint64_t V : {1, 2, 5}) {
    const Model model = random_model(V, 2, 0, 1);
    for (const std::uint64_t n : {1, 2, 3}) {
      const auto sums = fast(model, n);
      check_against_truth(sums, model, n, 1e-12);
      check_against_truth(slow(model, n), model, n, 1e-60);
      Integer undecided;
      for (const LabelSum& sum : sums) undecided += sum.undecided;
      CHECK(undecided == (V == 1 ? Integer(0) : power(V, n)));
    }
  }
}

TEST_CASE("margins are found only where they are asked for, and there are none of one output") {
  const Model model = random_model(5, 3, 1, 2);
  const auto tables = token_sum_tables(model, {2, 5}, 1);
  REQUIRE(tables);
  const LabelSumOptions none{.margin = false};
  CHECK_FALSE(loss_sums(*tables, none)[4].margin);
  CHECK_FALSE(reference_sums(reference_logits(model, 1), {2, 5}, none)[4].margin);
  CHECK_FALSE(fast(random_model(1, 2, 1, 1), 2)[0].margin);
}

TEST_CASE("equal columns tie exactly and are never counted") {
  // unembedding rows in equal pairs: logits 2k and 2k+1 agree for every input
  const Model model = proofmark::test::model(8, 3, [](int which, std::uint64_t i, std::uint64_t j) {
    const std::uint64_t row = which == 2 ? i / 2 : i;
    return std::sin(static_cast<double>(static_cast<std::uint64_t>(which) * 64 + row * 8 + j));
  });
  for (const std::uint64_t n : {1, 2, 3})
    for (const auto& sums : {fast(model, n), slow(model, n)}) {
      check_against_truth(sums, model, n, 1e-12);
      for (const LabelSum& sum : sums) CHECK(sum.correct == 0);
    }
}

TEST_CASE("a margin below the verifier's possible width is undecided, one above it is decided") {
  for (const auto& [gap, decided] : {std::pair<double, bool>{0x1p-52, false}, {0x1p-30, true}}) {
    const Model model = proofmark::test::model(2, 1, [gap = gap](int which, std::uint64_t i, std::uint64_t) {
      return which == 2 && i == 1 ? 1 + gap : 1.0; // logits (1, 1 + gap) for both tokens
    });
    for (const auto& sums : {fast(model, 2), slow(model, 2)}) {
      CHECK(sums[1].correct == (decided ? 3 : 0));
      CHECK(sums[1].undecided == (decided ? 0 : 3));
    }
  }
}

TEST_CASE("long contexts: sums beyond 64 bits") {
  const Model model = random_model(3, 2, 1.5, 9);
  check_overlap(fast(model, 40), slow(model, 40));
  const Model two = random_model(2, 2, 1.5, 9);
  check_overlap(fast(two, 64), slow(two, 64));
}

TEST_CASE("the number of threads changes nothing") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{2, 300}, {3, 30}, {4, 9}}) {
    const Model model = random_model(V, 3, 2, 12);
    const auto one = fast(model, n, 1);
    for (const unsigned count : {2u, 5u}) {
      const auto many = fast(model, n, count);
      for (std::uint64_t y = 0; y < V; ++y) {
        CHECK(lower(one[y].loss) == lower(many[y].loss));
        CHECK(upper(one[y].loss) == upper(many[y].loss));
        CHECK(one[y].correct == many[y].correct);
        CHECK(one[y].undecided == many[y].undecided);
        CHECK(one[y].margin == many[y].margin);
      }
    }
  }
}
