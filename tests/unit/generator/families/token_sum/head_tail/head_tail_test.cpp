// head-tail@1: the bounds against the page's formulas and against the truth for any witness, both engines against each other, and what the search finds.

#include "families/families.hpp"
#include "families/token_sum/bounds/reference_sums.hpp"
#include "families/token_sum/engines.hpp"
#include "families/token_sum/head_tail/reference.hpp"
#include "families/token_sum/head_tail/search.hpp"
#include "families/token_sum/head_tail/sums.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "families/token_sum/truth.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace proofmark;
using namespace proofmark::test;

namespace {

using Tokens = std::vector<std::uint64_t>;

struct Wish {
  bool levels = true, exact = true, groups = false, weights = false, multipliers = true;
};

// Any witness whose values lie within their ranges.
HeadTail random_witness(const Task& task, const Wish& wish, unsigned seed) {
  const std::uint64_t V = task.vocabulary;
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  HeadTail h{task, 1 + below(V), {}, {}, {}, {}, {}, {}, {}};
  for (std::uint64_t a = 0; a < V; ++a) {
    std::vector<std::uint16_t> outputs(V);
    std::iota(outputs.begin(), outputs.end(), std::uint16_t{0});
    std::shuffle(outputs.begin(), outputs.end(), random);
    h.heads.insert(h.heads.end(), outputs.begin(), outputs.begin() + static_cast<std::ptrdiff_t>(h.widest));
  }
  for (std::uint64_t size = 1; size <= h.widest; size += 1 + below(3)) h.sizes.push_back(size);
  if (wish.exact && h.sizes.back() != V) h.sizes.push_back(V);
  if (wish.levels)
    for (Integer i = 0; i < binomial(V + task.context - 1, task.context); ++i)
      h.levels.push_back(static_cast<std::uint8_t>(below(h.sizes.size())));
  for (std::uint64_t k = 0; wish.groups && k < V; ++k)
    h.groups.push_back(
        static_cast<std::uint16_t>(k == 0 ? std::min<std::uint64_t>(2, V - 1) : below(std::min<std::uint64_t>(3, V))));
  for (std::uint64_t k = 0; wish.weights && task.context <= 3 && k < V; ++k)
    h.weights.push_back(static_cast<float>(0.25 + 0.125 * static_cast<double>(below(20))));
  for (std::uint64_t a = 0; wish.multipliers && a < V; ++a) {
    h.token_multipliers.push_back(std::exp(uniform(random, 1.5)));
    h.label_multipliers.push_back(std::exp(uniform(random, 3)));
  }
  return h;
}

std::uint64_t binomial_number(std::uint64_t n, std::uint64_t k) {
  return binomial(n, k).convert_to<std::uint64_t>();
}

// The rule page's index of a sorted input, largest token first here.
std::uint64_t index_of(const Tokens& t) {
  std::uint64_t index = 0;
  for (std::size_t i = 1; i <= t.size(); ++i) index += binomial_number(t[t.size() - i] + i - 1, i);
  return index;
}

void for_each_sorted(std::uint64_t n, Tokens& t, const std::function<void()>& visit) {
  if (t.size() == n) return visit();
  const std::uint64_t most = t.back();
  for (std::uint64_t token = 0; token <= most; ++token) {
    t.push_back(token);
    for_each_sorted(n, t, visit);
    t.pop_back();
  }
}

// The theorem's two bounds on S_y, as the page writes them.
struct Theorem {
  std::vector<Real> upper, lower;
};
Theorem theorem(const Model& model, const HeadTail& h) {
  const std::uint64_t n = h.task.context, V = h.task.vocabulary;
  const std::vector<Rational> m = exact_logits(model);
  std::vector<Real> A(V * V), D(V * V);
  for (std::uint64_t a = 0; a < V; ++a) {
    const Rational top = *std::max_element(m.begin() + static_cast<std::ptrdiff_t>(a * V),
                                           m.begin() + static_cast<std::ptrdiff_t>(a * V + V));
    for (std::uint64_t k = 0; k < V; ++k) {
      D[a * V + k] = real(Rational(top - m[a * V + k]));
      A[a * V + k] = exp(Real(-D[a * V + k]));
    }
  }
  const auto in_head = [&](std::uint64_t a, std::uint64_t k, std::uint64_t size) {
    for (std::uint64_t j = 0; j < size; ++j)
      if (h.heads[a * h.widest + j] == k) return true;
    return false;
  };
  const Real p(std::max<std::uint64_t>(2, n - 1));
  Theorem result;
  for (std::uint64_t y = 0; y < V; ++y) {
    Real upper = 0, lower = 0, total = 0;
    Tokens t{y};
    for_each_sorted(n, t, [&] {
      const std::uint64_t size = h.sizes[h.levels.empty() ? 0 : h.levels[index_of(t)]];
      Real Z = 0, L = 0, U;
      for (std::uint64_t k = 0; k < V; ++k) {
        Real product = 1;
        bool head = size == V;
        for (const std::uint64_t token : t) {
          product *= A[token * V + k];
          head = head || in_head(token, k, size);
        }
        Z += product;
        if (head) L += product;
      }
      U = L;
      for (std::uint64_t g = 0; size != V && g < V; ++g) {
        Real product = 1;
        for (std::uint64_t i = 1; i <= (n == 2 ? 2 : n - 1); ++i) { // t_i
          const std::uint64_t token = t[n - i];
          Real sum = 0;
          for (std::uint64_t k = 0; k < V; ++k) {
            if ((h.groups.empty() ? 0u : h.groups[k]) != g || in_head(token, k, size)) continue;
            if (n >= 3 && in_head(y, k, size)) continue;
            Real term = pow(A[token * V + k], p);
            if (n >= 3) term *= A[y * V + k];
            if (!h.weights.empty()) term = i == 1 ? Real(term * Real(h.weights[k])) : Real(term / Real(h.weights[k]));
            sum += term;
          }
          product *= sum == 0 ? Real(0) : Real(pow(sum, 1 / p));
        }
        U += product;
      }
      CHECK(L <= Z * (1 + Real("1e-60")));
      CHECK(Z <= U * (1 + Real("1e-60")));
      const Real w(orderings(t));
      Real multiplier = 0, z = U;
      if (h.multipliers()) {
        Real u = 1;
        for (const std::uint64_t token : t) u *= Real(h.token_multipliers[token]);
        total += w * u * Z; // the definition of T_y
        multiplier = Real(h.label_multipliers[y]) * u;
        if (multiplier * L >= 1)
          z = L;
        else if (multiplier * U > 1)
          z = 1 / multiplier;
      }
      upper += w * (log(z) - multiplier * z);
      lower += w * log(L);
    });
    if (h.multipliers()) upper += Real(h.label_multipliers[y]) * total;
    Real terms = 0;
    for (std::uint64_t a = 0; a < y; ++a)
      terms += Real(Integer(n * (power(y + 1, n - 1) - power(y, n - 1)))) * D[a * V + y];
    terms += Real(Integer(n * power(y + 1, n - 1))) * D[y * V + y];
    result.upper.push_back(upper + terms);
    result.lower.push_back(lower + terms);
  }
  return result;
}

void check_bounds(const std::vector<LabelSum>& sums, const Model& model, const HeadTail& h) {
  const Theorem bounds = theorem(model, h);
  const std::vector<Truth> truths = truth(model, h.task.context);
  for (std::uint64_t y = 0; y < sums.size(); ++y) {
    CAPTURE(h.task.context);
    CAPTURE(h.task.vocabulary);
    CAPTURE(y);
    const Real inputs(inputs_with_label(h.task, y));
    CHECK(contains(sums[y].loss, bounds.upper[y]));
    CHECK(contains(sums[y].loss, bounds.lower[y]));
    CHECK(contains(sums[y].loss, truths[y].loss));
    // and no further than rounding explains
    const Real size = abs(bounds.upper[y]) + abs(bounds.lower[y]) + inputs;
    CHECK(upper(sums[y].loss) - bounds.upper[y] <= Real("1e-8") * size);
    CHECK(bounds.lower[y] - lower(sums[y].loss) <= Real("1e-8") * size);
    CHECK(sums[y].correct <= truths[y].correct);
  }
}

std::vector<LabelSum> fast(const Model& model, const HeadTail& h, unsigned threads = 2) {
  const auto tables = token_sum_tables(model, h.task, threads);
  REQUIRE(tables);
  const auto sums = head_tail_sums(*tables, h, {.threads = threads});
  REQUIRE(sums);
  return *sums;
}

std::vector<LabelSum> slow(const Model& model, const HeadTail& h) {
  return reference_head_tail_sums(reference_logits(model, 2), h, {.threads = 2});
}

const Wish wishes[] = {{},
                       {false, false},
                       {false, true},
                       {true, false},
                       {true, true, true},
                       {true, true, false, true},
                       {true, true, true, true},
                       {true, true, true, true, false},
                       {false, false, false, false, false}};

constexpr std::pair<std::uint64_t, std::uint64_t> shapes[] = { // context, vocabulary
    {2, 1}, {2, 2}, {2, 5}, {2, 11}, {3, 1}, {3, 2}, {3, 6}, {4, 2}, {4, 4}, {5, 3}, {6, 2}};

Integer multiplications(const Operations& count) {
  return count.mul;
}

// What the rule adds to the tables, and all steps; of a model of that width.
Integer products(const HeadTail& h, std::uint64_t width) {
  Hints hints;
  hints.head_tail = std::make_shared<const HeadTail>(h);
  const Lengths lengths({&token_sum_family, h.task, width}, hints);
  const std::string_view rule = "head-tail@1";
  return lengths.tables({&rule, 1}).mul - lengths.tables({}).mul + lengths.step(rule, {0, h.task.vocabulary}, true).mul;
}

} // namespace

TEST_CASE("head-tail: inputs are visited in the order of the witness levels") {
  for (const auto& [n, V] : shapes)
    for (std::uint64_t y = 0, next = 0; y < V; ++y) {
      CHECK(first_sorted_input({n, V}, y) == next);
      Tokens tail{y};
      for_each_row(
          n, tail, [] {},
          [&] {
            for (std::uint64_t a = 0; a <= tail.back(); ++a) {
              Tokens t = tail;
              t.push_back(a);
              CHECK(index_of(t) == next++);
            }
          });
    }
}

TEST_CASE("head-tail: any witness gives the theorem's bounds, and the truth lies between") {
  unsigned seed = 100;
  for (const auto& [n, V] : shapes)
    for (const Wish& wish : wishes) {
      const Model model = random_model(V, 3, 0.5 + 0.5 * (seed % 5), seed);
      const HeadTail h = random_witness({n, V}, wish, ++seed);
      check_bounds(fast(model, h), model, h);
      check_bounds(slow(model, h), model, h);
    }
}

TEST_CASE("head-tail: a model that has learnt") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{2, 16}, {3, 8}, {4, 5}}) {
    const Model model = peaked_model(V, 60, static_cast<unsigned>(V));
    for (const unsigned seed : {1u, 2u, 3u}) {
      const HeadTail h = random_witness({n, V}, {}, seed);
      check_bounds(fast(model, h), model, h);
    }
  }
}

TEST_CASE("head-tail: what is too small for doubles is left to intervals") {
  const Model wild = random_model(6, 4, 14, 5); // hundreds to thousands of nats
  const HeadTail h = random_witness({2, 6}, {}, 7);
  const auto tables = token_sum_tables(wild, h.task, 1);
  REQUIRE(tables);
  CHECK_FALSE(head_tail_sums(*tables, h, {}));
  check_bounds(slow(wild, h), wild, h);
}

TEST_CASE("head-tail: what the search finds is sound, tighter than plain heads, and within its budget") {
  const std::uint64_t V = 40;
  for (const std::uint64_t n : {2, 3}) {
    const Task task{n, n == 2 ? V : V / 4};
    const Model model = random_model(task.vocabulary, 6, 0.9, 4);
    const auto tables = token_sum_tables(model, task, 2);
    REQUIRE(tables);
    HeadTailSearch search;
    search.head = 2;
    search.price = multiplications;
    const auto total = [&](const HeadTail& h) {
      Real sum = 0;
      for (const LabelSum& s : fast(model, h)) sum += upper(s.loss);
      return sum;
    };
    search.multipliers = false;
    const HeadTail plain = find_head_tail(*tables, search, 2, {});
    CHECK_FALSE(plain.multipliers());
    search.multipliers = true;
    const HeadTail with = find_head_tail(*tables, search, 2, {});
    check_bounds(fast(model, with), model, with);
    CHECK(total(with) < total(plain));
    search.groups = 3;
    const HeadTail grouped = find_head_tail(*tables, search, 2, {});
    CHECK(grouped.group_count() == 3);
    check_bounds(fast(model, grouped), model, grouped);

    search.groups = 1;
    if (n == 2) {
      search.weights = true;
      search.multipliers = false;
      const HeadTail weighted = find_head_tail(*tables, search, 2, {});
      CHECK(weighted.weights.size() == V);
      check_bounds(fast(model, weighted), model, weighted);
      CHECK(total(weighted) < total(plain));
      search.weights = false;
      search.multipliers = true;
    }
    search.levels = true;
    const Integer whole = products_of_symmetry({&token_sum_family, task, 6}, true);
    search.cost = [&](const HeadTail& h) { return products(h, 6); };
    Real last = total(with) * 100;
    for (const int percent : {200, 250, 300, 400}) {
      search.most = whole * percent / 100;
      const HeadTail h = find_head_tail(*tables, search, 2, {});
      CHECK(products(h, 6) <= *search.most);
      check_bounds(fast(model, h), model, h);
      CHECK(total(h) <= last * Real("1.001"));
      last = total(h);
    }
    search.most = 5;
    CHECK_THROWS(find_head_tail(*tables, search, 2, {}));
  }
}

TEST_CASE("head-tail: for the accuracy alone, every input that is correct is shown to be") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{2, 24}, {3, 8}}) {
    const Model model = random_model(V, 5, 1, 8);
    const auto tables = token_sum_tables(model, {n, V}, 2);
    REQUIRE(tables);
    HeadTailSearch search;
    search.loss = false;
    search.levels = true;
    search.price = multiplications;
    const HeadTail h = find_head_tail(*tables, search, 2, {});
    const auto sums = fast(model, h);
    const auto truths = truth(model, n);
    for (std::uint64_t y = 0; y < V; ++y) CHECK(sums[y].correct == truths[y].correct);
    CHECK_FALSE(h.multipliers());
    CHECK(products(h, 5) <= products_of_symmetry({&token_sum_family, {n, V}, 5}, true) * 2);
  }
}

TEST_CASE("head-tail: the number of threads changes nothing") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{2, 300}, {3, 30}}) {
    const Model model = random_model(V, 3, 1.2, 12);
    const auto tables = token_sum_tables(model, {n, V}, 2);
    REQUIRE(tables);
    HeadTailSearch search;
    search.levels = true;
    search.price = multiplications;
    search.cost = [](const HeadTail& h) { return products(h, 3); };
    search.most = products_of_symmetry({&token_sum_family, {n, V}, 3}, true) / 2;
    const HeadTail one = find_head_tail(*tables, search, 1, {});
    const auto bounds = fast(model, one, 1);
    for (const unsigned threads : {2u, 5u}) {
      const HeadTail many = find_head_tail(*tables, search, threads, {});
      CHECK(one.levels == many.levels);
      CHECK(one.token_multipliers == many.token_multipliers);
      CHECK(one.label_multipliers == many.label_multipliers);
      const auto again = fast(model, many, threads);
      for (std::uint64_t y = 0; y < V; ++y) CHECK(upper(bounds[y].loss) == upper(again[y].loss));
    }
  }
}
