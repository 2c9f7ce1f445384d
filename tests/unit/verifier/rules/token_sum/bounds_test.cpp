// convexity@1, block-jensen@1 and head-tail@1 on both engines: their theorems at 400 bits, by definition and input by input,
// lie between the ends that the rules establish; and the truth lies between the theorems' bounds.
#include "models.hpp"

#include <algorithm>
#include <array>
#include <numeric>

using namespace token_sum_models;

namespace {

using Table = std::vector<std::vector<Big>>; // A, to 400 bits

Big exact(double x) {
  return Big(mpq_class(x));
}
Table exponentials(const Model& model) {
  Table A(model.vocabulary);
  for (std::size_t a = 0; a < model.vocabulary; ++a)
    for (std::size_t k = 0; k < model.vocabulary; ++k) A[a].push_back(exp(exact(model.at(a, k))));
  return A;
}

// What a theorem says of the inputs of one label or block.
struct Bounds {
  mpq_class at_least, at_most;
  Integer correct_at_least;
  mpq_class terms;      // what is added and subtracted to make them, in absolute values
  bool ordinary = true; // no exponentials that doubles do not hold
};

mpq_class size_of_terms(const Model& model, const mpq_class& inputs, const mpq_class& bound) {
  double largest = 1;
  for (const double x : model.L) largest = std::max(largest, std::abs(x));
  return inputs * mpq_class(largest) * static_cast<unsigned>(model.context) + abs(bound);
}

struct Draw {
  std::mt19937_64 random;
  std::size_t below(std::size_t end) { return random() % end; }
  double factor(bool zero_allowed) {
    return zero_allowed && below(5) == 0
               ? 0
               : std::ldexp(static_cast<double>(1 + below(1 << 20)), -16 - static_cast<int>(below(9)));
  }
};

// The truth lies between the theorem's bounds, and these between the rule's ends. Returns whether the fast engine found it.
bool check_rule(Rule rule, Prepared& on, Labels labels, const Bounds& bounds, const Bounds& truth, bool counts) {
  const mpq_class roundings(1, mpz_class(1) << 300); // of 400 bits, where both are one number
  CHECK(bounds.at_least <= truth.at_least + roundings);
  CHECK(truth.at_most <= bounds.at_most + roundings);
  try {
    const Result found = run(on, rule, labels).result;
    check_encloses(found.at_least, bounds.at_least);
    check_encloses(found.at_most, bounds.at_most);
    const bool by_fast = &on.kernel().engine == &kernel::fast();
    const double widest = (by_fast ? 1e-12 : 1e-17) * bounds.terms.get_d();
    if (bounds.ordinary || !by_fast) {
      CHECK(width(found.at_least) <= widest);
      CHECK(width(found.at_most) <= widest);
    }
    if (counts) {
      CHECK(found.correct_at_least == bounds.correct_at_least);
      CHECK(bounds.correct_at_least <= truth.correct_at_least);
      CHECK(truth.correct_at_least <= found.correct_at_most);
    }
    return true;
  } catch (const kernel::OutOfRange&) {
    CHECK(&on.kernel().engine == &kernel::fast());
    return false;
  }
}
Bounds true_bounds(const std::vector<Input>& all, Labels labels) {
  Bounds truth;
  for (const Input& t : all) {
    if (t.label < labels.from || t.label >= labels.to) continue;
    truth.at_least += t.loss, truth.at_most += t.loss;
    truth.correct_at_least += t.correct() ? 1 : 0;
  }
  return truth;
}

} // namespace

// ---- convexity@1 -----------------------------------------------------------------------------------------------------

namespace {

mpq_class power(std::size_t x, std::size_t k) {
  mpz_class result;
  mpz_ui_pow_ui(result.get_mpz_t(), x, k);
  return mpq_class(result);
}
mpq_class binomial(std::size_t n, std::size_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return mpq_class(result);
}
Integer correct_by_loss(const mpq_class& loss, const mpq_class& inputs) { // fact A8
  const mpq_class quotient = (Big(loss) / log(Big(2))).rational();
  const mpz_class wrong = quotient.get_num() / quotient.get_den();
  return wrong < inputs ? Integer(inputs.get_num() - wrong) : Integer(0);
}

Bounds convexity_by_definition(const Model& model, std::size_t y) {
  const std::size_t n = model.context, V = model.vocabulary;
  std::vector<std::vector<mpq_class>> m(V);
  for (std::size_t a = 0; a < V; ++a)
    for (std::size_t k = 0; k < V; ++k) m[a].push_back(mpq_class(model.at(a, k)));
  const auto f = [&](std::size_t a, std::size_t k) { // of k tokens a, the others y
    std::vector<mpq_class> counts(V);
    counts[a] += static_cast<unsigned>(k), counts[y] += static_cast<unsigned>(n - k);
    return truth::input(m, counts, y).loss;
  };
  Bounds bounds;
  if (n == 2) {
    for (std::size_t a = 0; a < y; ++a) bounds.at_most += f(a, 2);
    bounds.at_most += static_cast<unsigned>(y + 1) * f(y, 2);
  } else {
    bounds.at_most += f(y, n);
    for (std::size_t k = 1; k < n; ++k)
      for (std::size_t a = 0; a < y; ++a) bounds.at_most += binomial(n, k) * power(y, k - 1) * f(a, k);
  }
  const mpq_class inputs = power(y + 1, n) - power(y, n);
  bounds.correct_at_least = correct_by_loss(bounds.at_most, inputs);
  bounds.terms = size_of_terms(model, inputs, bounds.at_most);
  bounds.ordinary = model.name != "far apart";
  return bounds;
}

} // namespace

TEST_CASE("convexity: the theorem's bound, label by label, on both engines, at the same charge") {
  constexpr std::array<std::size_t, 6> most_vocabulary = {0, 6, 6, 4, 3, 2};
  int by_fast = 0, left_to_reference = 0;
  for (std::size_t n = 1; n <= 5; ++n)
    for (const Model& model : models(n, most_vocabulary[n])) {
      CAPTURE(model.name);
      CAPTURE(model.vocabulary);
      CAPTURE(n);
      const std::vector<Input> all = inputs(model);
      Prepared reference(kernel::reference(), model);
      std::optional<Prepared> fast;
      if (n == 2) rules::add_squares(reference.kernel(), reference.problem());
      for (Token y = 0; y < model.vocabulary; ++y) {
        const Bounds bounds = convexity_by_definition(model, y);
        Bounds truth = true_bounds(all, {y, y + 1});
        truth.at_least = 0;
        check_rule(rules::convexity, reference, {y, y + 1}, bounds, truth, true);
      }
      try {
        fast.emplace(kernel::fast(), model);
        if (n == 2) rules::add_squares(fast->kernel(), fast->problem());
      } catch (const kernel::OutOfRange&) {
        ++left_to_reference;
        continue;
      }
      for (Token y = 0; y < model.vocabulary; ++y) {
        Bounds truth = true_bounds(all, {y, y + 1});
        truth.at_least = 0;
        const bool found =
            check_rule(rules::convexity, *fast, {y, y + 1}, convexity_by_definition(model, y), truth, true);
        ++(found ? by_fast : left_to_reference);
        if (found)
          CHECK(run(*fast, rules::convexity, {y, y + 1}).performed ==
                run(reference, rules::convexity, {y, y + 1}).performed);
      }
      const auto V = static_cast<Token>(model.vocabulary);
      if (V == 4)
        check_equal(run(reference, rules::convexity, {0, V}),
                    run(reference, rules::convexity, std::array<Labels, 3>{{{2, 4}, {0, 1}, {1, 2}}}));
    }
  CHECK(left_to_reference * 5 < by_fast);
}

TEST_CASE("convexity: sums over 64 tokens are exact multiples") {
  const Model model = {"equal rows", 3, 64, std::vector<double>(9)}; // every loss is ln 3, and mixtures are no worse
  for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()}) {
    Prepared on(*engine, model);
    const Result found = run(on, rules::convexity, {0, 3}).result;
    check_encloses(found.at_most, (log(Big(3)) * Big(power(3, 64))).rational());
    CHECK(width(found.at_most) <= 1e-12 * power(3, 64).get_d());
  }
}

// ---- block-jensen@1 --------------------------------------------------------------------------------------------------

namespace {

Bounds block_jensen_by_definition(const Model& model, const Table& A, const std::vector<Token>& starts, std::size_t j,
                                  const std::vector<double>& u) {
  const std::size_t p = starts[j], q = starts[j + 1];
  Big bound = 0;
  for (std::size_t i = 0; i <= j; ++i) {
    Big z = 0, logarithms = 0;
    const Big pairs = Big(static_cast<int>((starts[i + 1] - starts[i]) * (q - p)));
    for (std::size_t a = starts[i]; a < starts[i + 1]; ++a)
      for (std::size_t b = p; b < q; ++b) {
        logarithms += log(exact(u[a])) + log(exact(u[b]));
        for (std::size_t k = 0; k < model.vocabulary; ++k) z += exact(u[a]) * exact(u[b]) * A[a][k] * A[b][k];
      }
    const Big of_block = pairs * log(z / pairs) - logarithms;
    bound += i < j ? Big(2) * of_block : of_block;
  }
  for (std::size_t a = 0; a < q; ++a)
    for (std::size_t b = 0; b < q; ++b)
      if (const std::size_t y = std::max(a, b); y >= p) bound -= exact(model.at(a, y)) + exact(model.at(b, y));
  Bounds bounds{0, bound.rational(), 0, 0, true};
  const mpq_class inputs = power(q, 2) - power(p, 2);
  bounds.correct_at_least = correct_by_loss(bounds.at_most, inputs);
  bounds.terms = size_of_terms(model, inputs, bounds.at_most);
  bounds.ordinary = model.name != "far apart";
  return bounds;
}

} // namespace

TEST_CASE("block-jensen: any blocks and multipliers give the theorem's bound, on both engines, at the same charge") {
  Draw draw{std::mt19937_64(11)};
  int by_fast = 0, left_to_reference = 0;
  for (const Model& model : models(2, 8)) {
    CAPTURE(model.name);
    CAPTURE(model.vocabulary);
    const Table A = exponentials(model);
    const std::vector<Input> all = inputs(model);
    for (int repeat = 0; repeat < 3; ++repeat) {
      std::vector<Token> starts{0};
      for (Token a = 1; a < model.vocabulary; ++a)
        if (draw.below(2) == 0) starts.push_back(a);
      starts.push_back(static_cast<Token>(model.vocabulary));
      std::vector<double> u(model.vocabulary, 1);
      if (repeat > 0)
        for (double& x : u) x = draw.factor(false);
      Prepared reference(kernel::reference(), model), fast(kernel::fast(), model);
      rules::add_blocks(reference.kernel(), reference.problem(), starts, u);
      bool in_range = true;
      try {
        rules::add_blocks(fast.kernel(), fast.problem(), starts, u);
      } catch (const kernel::OutOfRange&) {
        in_range = false;
      }
      for (std::size_t j = 0; j + 1 < starts.size(); ++j) {
        const Labels block{starts[j], starts[j + 1]};
        const Bounds bounds = block_jensen_by_definition(model, A, starts, j, u);
        Bounds truth = true_bounds(all, block);
        truth.at_least = 0;
        check_rule(rules::block_jensen, reference, block, bounds, truth, true);
        const bool found = in_range && check_rule(rules::block_jensen, fast, block, bounds, truth, true);
        ++(found ? by_fast : left_to_reference);
        if (found)
          CHECK(run(fast, rules::block_jensen, block).performed ==
                run(reference, rules::block_jensen, block).performed);
      }
      std::vector<Labels> blocks;
      for (std::size_t j = 0; j + 1 < starts.size(); ++j) blocks.push_back({starts[j], starts[j + 1]});
      check_equal(run(reference, rules::block_jensen, {0, starts.back()}), run(reference, rules::block_jensen, blocks));
    }
  }
  CHECK(left_to_reference * 5 < by_fast);
}

// ---- head-tail@1 -----------------------------------------------------------------------------------------------------

namespace {

rules::HeadTailWitness random_witness(std::size_t V, std::size_t n, Draw& draw) {
  rules::HeadTailWitness w;
  w.longest = 1 + draw.below(V);
  for (std::size_t a = 0; a < V; ++a) {
    std::vector<kernel::Index> row(V);
    std::iota(row.begin(), row.end(), 0u);
    std::shuffle(row.begin(), row.end(), draw.random);
    w.heads.insert(w.heads.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(w.longest));
  }
  for (kernel::Index size = 1; size <= w.longest; ++size)
    if (size == w.longest || draw.below(2) == 0) w.sizes.push_back(size);
  if (draw.below(2) == 0 && w.sizes.back() != V) w.sizes.push_back(static_cast<kernel::Index>(V));
  if (draw.below(4) != 0)
    for (mpq_class i = 0; i < binomial(V + n - 1, n); i += 1)
      w.levels.push_back(static_cast<std::uint8_t>(draw.below(w.sizes.size())));
  if (draw.below(2) == 0)
    for (std::size_t k = 0; k < V; ++k)
      w.groups.push_back(static_cast<kernel::Index>(draw.below(std::min<std::size_t>(V, 3))));
  if (n <= 3 && draw.below(2) == 0)
    for (std::size_t k = 0; k < V; ++k) w.weights.push_back(draw.factor(false));
  if (draw.below(3) != 0)
    for (std::size_t a = 0; a < V; ++a)
      w.token_multipliers.push_back(draw.factor(true)), w.label_multipliers.push_back(draw.factor(true));
  return w;
}
std::size_t level_of(const rules::HeadTailWitness& w,
                     std::vector<std::size_t> t) { // docs/rules/head-tail.md, witnesses
  if (w.levels.empty()) return 0;
  std::sort(t.begin(), t.end());
  mpq_class index = 0;
  for (std::size_t i = 0; i < t.size(); ++i) index += binomial(t[i] + i, i + 1);
  return w.levels[index.get_num().get_ui()];
}

// docs/rules/head-tail.md, theorem, every ordering on its own.
std::vector<Bounds> head_tail_by_definition(const Model& model, const Table& A, const rules::HeadTailWitness& w,
                                            const std::vector<Input>& all) {
  const std::size_t V = model.vocabulary, n = model.context;
  const std::size_t groups =
      w.groups.empty() ? 1 : *std::max_element(w.groups.begin(), w.groups.end()) + std::size_t{1};
  std::vector<Big> lower(V), upper(V), multiples(V);
  std::vector<Integer> correct(V);
  for (const Input& input : all) {
    std::vector<std::size_t> t = input.tokens;
    std::sort(t.begin(), t.end());
    const std::size_t y = input.label, size = w.sizes[level_of(w, t)];
    const auto in_head = [&](std::size_t a, std::size_t k) {
      const auto head = w.heads.begin() + static_cast<std::ptrdiff_t>(a * w.longest);
      return size == V ||
             std::find(head, head + static_cast<std::ptrdiff_t>(size), k) != head + static_cast<std::ptrdiff_t>(size);
    };
    Big Z = 0, L = 0, share = 1, own = 0, m = w.label_multipliers.empty() ? Big(0) : exact(w.label_multipliers[y]);
    Big u = 1;
    for (const std::size_t a : t) {
      share *= A[a][y], own += exact(model.at(a, y));
      if (!w.token_multipliers.empty()) u *= exact(w.token_multipliers[a]);
    }
    m *= u;
    for (std::size_t k = 0; k < V; ++k) {
      Big product = 1;
      for (const std::size_t a : t) product *= A[a][k];
      Z += product;
      if (std::any_of(t.begin(), t.end(), [&](std::size_t a) { return in_head(a, k); })) L += product;
    }
    Big U = L;
    for (std::size_t g = 0; g < groups && size < V; ++g) {
      const std::size_t factors = std::max<std::size_t>(2, n - 1);
      Big product = 1;
      for (std::size_t i = 0; i < factors; ++i) {
        Big sum = 0;
        for (std::size_t k = 0; k < V; ++k) {
          if ((w.groups.empty() ? 0 : w.groups[k]) != g || in_head(t[i], k) || (n > 2 && in_head(y, k))) continue;
          Big term = n == 2 ? Big(1) : A[y][k];
          for (std::size_t j = 0; j < factors; ++j) term *= A[t[i]][k];
          if (!w.weights.empty()) term = i == 0 ? term * exact(w.weights[k]) : term / exact(w.weights[k]);
          sum += term;
        }
        product *= root(sum, factors);
      }
      U += product;
    }
    CHECK(L <= Z);
    CHECK(Z <= U * Big(1 + mpq_class(1, mpz_class(1) << 380))); // equal where a norm is one number's
    Big z = U;
    if (Big(0) < m) {
      const Big inverse = Big(1) / m;
      z = inverse < L ? L : U < inverse ? U : inverse;
    }
    lower[y] += log(L) - own;
    upper[y] += log(z) - m * z - own + m * Z; // v_y T_y is the sum of m Z
    multiples[y] += m * Z;
    correct[y] += (size == V ? input.correct() : U < share + share) ? 1 : 0;
  }
  std::vector<Bounds> bounds;
  for (std::size_t y = 0; y < V; ++y)
    bounds.push_back(
        {lower[y].rational(), upper[y].rational(), correct[y],
         size_of_terms(model, power(y + 1, n) - power(y, n), upper[y].rational()) + multiples[y].rational(),
         model.name != "far apart"});
  return bounds;
}

} // namespace

TEST_CASE("head-tail: any witness gives the theorem's bounds, label by label, on both engines, at the same charge") {
  constexpr std::array<std::size_t, 6> most_vocabulary = {0, 0, 7, 5, 3, 2};
  Draw draw{std::mt19937_64(17)};
  int by_fast = 0, left_to_reference = 0;
  for (std::size_t n = 2; n <= 5; ++n)
    for (const Model& model : models(n, most_vocabulary[n])) {
      const Table A = exponentials(model);
      const std::vector<Input> all = inputs(model);
      for (int repeat = 0; repeat < 4; ++repeat) {
        CAPTURE(model.name);
        CAPTURE(model.vocabulary);
        CAPTURE(n);
        CAPTURE(repeat);
        const rules::HeadTailWitness witness = random_witness(model.vocabulary, n, draw);
        const std::vector<Bounds> bounds = head_tail_by_definition(model, A, witness, all);
        Prepared reference(kernel::reference(), model), fast(kernel::fast(), model);
        rules::add_head_tail_tables(reference.kernel(), reference.problem(), witness);
        bool in_range = true;
        try {
          rules::add_head_tail_tables(fast.kernel(), fast.problem(), witness);
          CHECK(fast.performed() == reference.performed());
        } catch (const kernel::OutOfRange&) {
          in_range = false;
        }
        for (Token y = 0; y < model.vocabulary; ++y) {
          const Bounds truth = true_bounds(all, {y, y + 1});
          check_rule(rules::head_tail, reference, {y, y + 1}, bounds[y], truth, true);
          const bool found =
              in_range && check_rule(rules::head_tail, fast, {y, y + 1}, bounds[y], truth, model.name != "nearly tied");
          ++(found ? by_fast : left_to_reference);
          if (found)
            CHECK(run(fast, rules::head_tail, {y, y + 1}).performed ==
                  run(reference, rules::head_tail, {y, y + 1}).performed);
        }
        const auto V = static_cast<Token>(model.vocabulary);
        if (V == 5)
          check_equal(run(reference, rules::head_tail, {0, V}),
                      run(reference, rules::head_tail, std::array<Labels, 3>{{{2, 5}, {0, 1}, {1, 2}}}));
      }
    }
  CHECK(left_to_reference * 5 < by_fast);
}

TEST_CASE("head-tail: extreme multipliers and weights loosen, and never break") {
  Draw draw{std::mt19937_64(23)};
  int by_fast = 0;
  for (const int exponent : {-1000, -60, 60, 900})
    for (const std::size_t n : {2, 3}) {
      const Model model = models(n, 5).back();
      const std::size_t V = model.vocabulary;
      const std::vector<Input> all = inputs(model);
      rules::HeadTailWitness witness = random_witness(V, n, draw);
      witness.weights.clear(), witness.token_multipliers.clear(), witness.label_multipliers.clear();
      for (std::size_t a = 0; a < V; ++a) {
        witness.weights.push_back(std::ldexp(1, a % 2 == 0 ? exponent : -exponent));
        witness.token_multipliers.push_back(std::ldexp(1, exponent));
        witness.label_multipliers.push_back(std::ldexp(1, a % 2 == 0 ? -exponent : exponent));
      }
      for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()}) {
        Prepared on(*engine, model);
        try {
          rules::add_head_tail_tables(on.kernel(), on.problem(), witness);
          for (Token y = 0; y < V; ++y) {
            const Result found = run(on, rules::head_tail, {y, y + 1}).result;
            const Bounds truth = true_bounds(all, {y, y + 1});
            mpq_class steps = truth.at_most;
            mpq_mul_2exp(steps.get_mpq_t(), steps.get_mpq_t(), kernel::step_bits);
            CHECK(found.at_least.lower <= steps);
            CHECK(steps <= found.at_most.upper);
            CHECK(found.correct_at_least <= truth.correct_at_least);
            by_fast += engine == &kernel::fast();
          }
        } catch (const kernel::OutOfRange&) {
          CHECK(engine == &kernel::fast());
        }
      }
    }
  CHECK(by_fast > 0);
}

TEST_CASE("head-tail: totals of more outputs than a band has") {
  const std::size_t V = 515;
  for (const std::size_t n : {2, 3}) {
    Model model{"zero but for some outputs", V, n, std::vector<double>(V * V)};
    for (std::size_t a = 0; a < V; ++a) model.L[a * V + 3] = -1, model.L[a * V + 514] = 1;
    rules::HeadTailWitness witness{.longest = 1,
                                   .heads = {},
                                   .sizes = {1},
                                   .levels = {},
                                   .groups = {},
                                   .weights = {},
                                   .token_multipliers = {},
                                   .label_multipliers = {}};
    witness.heads.assign(V, 0);
    for (std::size_t a = 0; a < V; ++a) witness.token_multipliers.push_back(static_cast<double>(a % 3));
    witness.label_multipliers.assign(V, 1);
    Prepared on(kernel::fast(), model);
    rules::add_head_tail_tables(on.kernel(), on.problem(), witness);
    const kernel::Positive totals = with(on.kernel(), on.problem().head_tail->totals);
    std::size_t before = 0;
    const Big one(1), of_powers = Big(513) + exp(Big(-static_cast<int>(n))) + exp(Big(static_cast<int>(n)));
    for (std::size_t y = 0; y < V; ++y) { // P[y,k] = A[k] sum_{a<y} u_a
      const std::size_t after = before + y % 3;
      const Big total = of_powers * Big(power(after, n) - power(before, n));
      before = after;
      kernel::Total found;
      found.add(entry(totals, y, 0));
      check_encloses(found, total.rational());
      CHECK(width(found) <= 1e-12 * total.rational().get_d() + 1e-17);
    }
  }
}

TEST_CASE("head-tail: heads that are listed in several goes") {
  // Token a has all outputs but a in its head, so that those of two different tokens are all: the lower bound is the loss, but for
  // the one input that holds the label alone.
  const std::size_t V = 200; // 48 rows of some 170 inputs with 200 outputs each: more than 2^20
  Model model{"random", V, 3, {}};
  std::mt19937_64 random(31);
  for (std::size_t i = 0; i < V * V; ++i) model.L.push_back(std::ldexp(static_cast<double>(random() % 4096), -9));
  rules::HeadTailWitness witness{.longest = V - 1,
                                 .heads = {},
                                 .sizes = {V - 1},
                                 .levels = {},
                                 .groups = {},
                                 .weights = {},
                                 .token_multipliers = {},
                                 .label_multipliers = {}};
  for (kernel::Index a = 0; a < V; ++a)
    for (kernel::Index k = 0; k < V; ++k)
      if (k != a) witness.heads.push_back(k);
  Prepared on(kernel::fast(), model);
  rules::add_head_tail_tables(on.kernel(), on.problem(), witness);
  const Result bounds = run(on, rules::head_tail, {V - 1, V}).result,
               losses = run(on, rules::symmetry, {V - 1, V}).result;
  const double less = std::ldexp(Integer(losses.at_most.upper - bounds.at_least.lower).get_d(), -kernel::step_bits);
  CHECK(less >= 0);
  CHECK(less < 10);
  CHECK(bounds.at_most.upper >= losses.at_most.lower);
}

TEST_CASE("convexity, block-jensen, head-tail: a budget that is too small stops them") {
  Draw draw{std::mt19937_64(29)};
  for (const kernel::Engine* engine : {&kernel::reference(), &kernel::fast()})
    for (const std::size_t n : {2, 3}) {
      Prepared on(*engine, models(n, 4).back());
      rules::add_head_tail_tables(on.kernel(), on.problem(), random_witness(4, n, draw));
      check_stops(on, rules::head_tail, {0, 4});
      if (n == 2) {
        rules::add_squares(on.kernel(), on.problem());
        rules::add_blocks(on.kernel(), on.problem(), {0, 1, 4}, std::vector<double>(4, 1));
        check_stops(on, rules::block_jensen, {0, 4});
      }
      check_stops(on, rules::convexity, {0, 4});
    }
}
