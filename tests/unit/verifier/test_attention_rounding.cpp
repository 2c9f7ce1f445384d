// Roundings of the rules of attention-only: models in which one input ties, exactly or to 100 bits on the side that is wrong,
// and models in which a test of a theorem does. A rule that rounds the right way never counts it; with one rounding turned
// round it may.
#include "attention_theorems.hpp"
#include "family.hpp"
#include "meter.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

using namespace verifier;
using attention::Big;
using attention::Hints;
using attention::Matrix;
using attention::Model;
using attention::witness;

namespace {

// Tokens and positions have a coordinate each for two summands of EU and two of OV and PO, so that entries may have 106 bits.
class Critical {
public:
  Critical(std::size_t V, std::size_t n, bool with_scores, unsigned seed) : random_(seed) {
    const std::size_t rows = V + n, d = 4 * rows, h = 2 * rows;
    const auto zero = [](std::size_t rows, std::size_t columns) {
      return Matrix(rows, std::vector<mpq_class>(columns));
    };
    model_ = {V, n, d, h, zero(V, d), zero(n, d), zero(d, h), zero(d, h), zero(d, h), zero(h, d), zero(d, V)};
    for (std::size_t i = 0; i < rows; ++i) {
      auto& row = i < V ? model_.E[i] : model_.P[i - V];
      row[i] = row[rows + i] = 1;
      if (!with_scores) continue;
      model_.W_Q[i][0] = entry(120);
      model_.W_K[i][0] = entry(120);
    }
    for (std::size_t i = 0; i < h; ++i) model_.W_V[i][i] = model_.W_O[i][h + i] = 1;
    const bool positions = below(4) == 0;
    for (std::size_t i = 0; i < d; ++i)
      for (auto& x : model_.U[i]) {
        const std::size_t coordinate = i % rows;
        if (coordinate >= V && !positions) continue;
        if (i / rows % 2 == 0)
          x = entry(200);
        else if (below(3) == 0) // entries of about 64 bits, so that sums of them have more
          x = entry(200) / (mpz_class(1) << (54 + below(6)));
      }
    choose_input();
    move_to_tie();
  }

  const Model& model() const { return model_; }
  std::size_t below(std::size_t end) { return random_() % end; }

private:
  // A multiple of 1/64.
  mpq_class entry(long size) {
    mpq_class x(static_cast<long>(below(static_cast<std::size_t>(2 * size + 1))) - size, 64);
    x.canonicalize();
    return x;
  }

  // Mostly a label, a query and one other token, as the rules look at them.
  void choose_input() {
    label_ = 1 + below(model_.V - 1);
    const std::size_t other = below(label_ + 1);
    input_.assign(model_.n, label_);
    input_.back() = below(label_ + 1);
    if (model_.n == 1) input_ = {label_};
    for (std::size_t p = 0; p + 1 < model_.n; ++p)
      if (below(2) == 1) input_[p] = below(4) == 0 ? below(label_ + 1) : other;
    if (std::ranges::find(input_, label_) == input_.end()) input_.front() = label_;
  }

  // Changes OV[q,w], for the query q, until w's cleared margin is 0 or little more.
  void move_to_tie() {
    std::size_t wrong = below(model_.V - 1);
    wrong += wrong >= label_;
    const std::size_t q = input_.back(), value = 2 * (model_.V + model_.n) + q;
    const Matrix EU = model_.EU(), OV = model_.OV(), PO = model_.PO(), tokens = model_.token_scores(),
                 positions = model_.position_scores();
    const Big root_of_h = root(Big(mpq_class(static_cast<unsigned long>(model_.h))), 2);
    Big cleared, weight;
    for (std::size_t p = 0; p < model_.n; ++p) {
      const std::size_t t = input_[p];
      const Big own = exp(Big(tokens[q][t] + positions[q][p]) / root_of_h);
      cleared += own * Big(EU[q][wrong] - EU[q][label_] + OV[t][wrong] - OV[t][label_] + PO[p][wrong] - PO[p][label_]);
      if (t == q) weight += own;
    }
    const std::size_t second = value + model_.V + model_.n;
    const mpq_class goal = model_.U[value][wrong] + model_.U[second][wrong] - (cleared / weight).rational();
    // Two summands of 53 bits; where they are not the exact goal they are 2^-100 of it more.
    const mpq_class high = rounded_to_zero(goal), low = rounded_to_zero(goal - high);
    model_.U[value][wrong] = high;
    model_.U[second][wrong] = low + (low < goal - high ? last_bit(low) : 0);
  }

  static mpq_class rounded_to_zero(const mpq_class& x) { return mpq_class(x.get_d()); }
  static mpq_class last_bit(const mpq_class& x) {
    return mpq_class(std::nextafter(std::abs(x.get_d()), INFINITY)) - abs(x);
  }

  std::mt19937_64 random_;
  Model model_;
  std::size_t label_ = 0;
  std::vector<std::size_t> input_;
};

// Three tokens; label 2 has the wrong outputs 0 and 1, and 1 is far behind. A token's margin with a query is u[q] + v[t] + π.
struct ThreeTokens {
  static constexpr std::size_t V = 3, label = 2;

  // A coordinate for each of two summands of u, π and v, and one for scores of positions.
  Model model() const {
    const std::size_t attended = 2 * V + 3, d = attended + 2 * V + 2, h = 16; // attended: a token's value, a position's
    const auto zero = [](std::size_t rows, std::size_t columns) {
      return Matrix(rows, std::vector<mpq_class>(columns));
    };
    Model model{V, n, d, h, zero(V, d), zero(n, d), zero(d, h), zero(d, h), zero(d, h), zero(h, d), zero(d, V)};
    for (std::size_t i = 0; i < 2 * V + 2; ++i) model.W_V[i][i] = model.W_O[i][attended + i] = 1;
    const auto write = [&](std::size_t row, std::size_t output, const mpq_class& x) {
      const mpq_class high(x.get_d());
      model.U[row][output] = high;
      model.U[row + 1][output] = mpq_class(mpq_class(x - high).get_d());
    };
    for (std::size_t t = 0; t < V; ++t) {
      model.E[t][2 * t] = model.E[t][2 * t + 1] = 1;
      write(2 * t, 0, query[t]);
      write(2 * t, 1, query_of_1);
      write(attended + 2 * t, 0, value[t]);
      write(attended + 2 * t, 1, -1000);
      for (std::size_t k = 0; k < V; ++k) model.W_Q[2 * t][k] = 4 * score[t][k]; // the root of h
      model.W_K[2 * t][t] = 1;
      model.W_Q[2 * t][V] = 4;
    }
    for (std::size_t p = 0; p < n; ++p) {
      model.P[p][2 * V] = model.P[p][2 * V + 1] = 1;
      model.P[p][2 * V + 2] = p < position_scores.size() ? position_scores[p] : 0;
    }
    model.W_K[2 * V + 2][V] = 1;
    write(attended + 2 * V, 0, position);
    write(attended + 2 * V, 1, position_of_1);
    return model;
  }

  // Without scores every weight is 1, and 400 bits hold every sum: what ties is exactly 0.
  bool has_scores() const {
    const auto is_zero = [](const mpq_class& x) { return x == 0; };
    return !std::ranges::all_of(score, [&](const auto& row) { return std::ranges::all_of(row, is_zero); }) ||
           !std::ranges::all_of(position_scores, is_zero);
  }

  std::size_t n;
  std::array<mpq_class, V> query{}, value{};
  mpq_class position{}, query_of_1{}, position_of_1{};
  std::array<std::array<mpq_class, V>, V> score{};
  std::vector<mpq_class> position_scores{}; // none: 0
};

// Such models, of numbers of up to 64 bits and of unlike sizes, so that some sums round and others do not; all positions are
// alike. One v is chosen such that a test of a theorem comes out at 0, or as little above as a number of 64 bits allows.
class CriticalTest {
public:
  static constexpr std::size_t V = ThreeTokens::V, label = ThreeTokens::label;

  CriticalTest(std::size_t n, bool with_scores, unsigned seed) : numbers_{.n = n}, random_(seed) {
    for (std::size_t t = 0; t < V; ++t) {
      numbers_.query[t] = number(below(3) == 0 ? 0 : below(2) == 0 ? -62 : 2);
      numbers_.value[t] = number(below(5) == 0 ? -62 : 2);
      if (below(2) == 0) numbers_.value[t] = -numbers_.value[t];
      for (std::size_t k = 0; k < V && with_scores; ++k) numbers_.score[t][k] = entry();
    }
    if (below(4) == 0) numbers_.query = {};
    numbers_.position = below(2) == 0 ? mpq_class(0) : number(below(2) == 0 ? -62 : 2);
    if (n > 1) move_to_tie();
  }

  const ThreeTokens& numbers() const { return numbers_; }

  Hints hints() {
    Hints hints{};
    hints.head_count = below(2);
    for (std::size_t m = 0; m < V; ++m) {
      hints.near.push_back(static_cast<std::uint16_t>(below(m + 1)));
      hints.joint.push_back(static_cast<std::uint16_t>(below(2)));
      if (hints.head_count == 1) hints.heads.push_back(static_cast<std::uint16_t>(m == 0 ? 1 : below(m)));
      for (std::size_t q = 0; q < V; ++q)
        for (std::size_t s = 0; s < numbers_.n; ++s) {
          const bool open = q == m ? s >= 1 : q < m && s + 2 <= numbers_.n;
          hints.gaps.push_back(open ? static_cast<std::uint16_t>(below((q == m ? m : m - q) + 1)) : 0);
        }
    }
    return hints;
  }

private:
  std::size_t below(std::size_t end) { return random_() % end; }
  mpq_class entry() {
    mpq_class x(static_cast<long>(below(129)) - 64, 64);
    x.canonicalize();
    return x;
  }
  // Of few bits or up to 64, between 2^(exponent-2) and 2^(exponent+2).
  mpq_class number(int exponent) {
    const std::size_t bits = below(2) == 0 ? 1 + below(4) : 50 + below(15);
    mpq_class x(mpz_class(std::to_string(random_() >> (64 - bits) | std::uint64_t{1} << (bits - 1))));
    const long shift = static_cast<long>(bits) - exponent + static_cast<long>(below(3)) - 1;
    if (shift >= 0)
      mpq_div_2exp(x.get_mpq_t(), x.get_mpq_t(), static_cast<mp_bitcnt_t>(shift));
    else
      mpq_mul_2exp(x.get_mpq_t(), x.get_mpq_t(), static_cast<mp_bitcnt_t>(-shift));
    return x;
  }

  // A query, label slots, and another token on the rest: what band@1, cubic@1 and near-far@1 test. subcubic@1 has no query's slot.
  void move_to_tie() {
    const std::size_t q = below(V), other = below(2), least = q == label ? 0 : 1,
                      label_slots = least + below(numbers_.n - least), others = numbers_.n - 1 - label_slots;
    const auto weight = [&](std::size_t t) { return exp(Big(numbers_.score[q][t] - numbers_.score[q][label])); };
    std::array<Big, V> slots; // weight of each token's slots
    slots[label] += Big(static_cast<int>(label_slots));
    slots[other] += weight(other) * Big(static_cast<int>(others));
    if (below(3) == 0) // as subcubic@1: the query's slot is another of the label's or the others'
      slots[q == label ? label : other] += q == label ? Big(1) : weight(other);
    else
      slots[q] += weight(q);
    std::vector<std::size_t> open;
    for (std::size_t t = 0; t < V; ++t)
      if (Big(0) < slots[t]) open.push_back(t);
    for (std::size_t round = 0; round < 2; ++round) { // the second of two may be small, and nearer to 0
      const std::size_t chosen = open[below(open.size())];
      Big sum;
      for (const std::size_t t : open) sum += slots[t] * Big(numbers_.query[q] + numbers_.value[t] + numbers_.position);
      numbers_.value[chosen] = rounded_up(numbers_.value[chosen] - (sum / slots[chosen]).rational());
    }
  }

  // To 64 bits.
  static mpq_class rounded_up(const mpq_class& x) {
    Real result;
    mpfr_set_q(result.get(), x.get_mpq_t(), MPFR_RNDU);
    return exact(result);
  }

  ThreeTokens numbers_;
  std::mt19937_64 random_;
};

// ln V + max(0, u + v + π), the largest that there is (L10).
Big trivial_bound(const Model& model, std::size_t label) {
  const Matrix EU = model.EU(), OV = model.OV(), PO = model.PO();
  const auto largest = [&](const Matrix& matrix, std::size_t rows, std::size_t w) {
    mpq_class x = matrix[0][w] - matrix[0][label];
    for (std::size_t i = 1; i < rows; ++i) x = std::max(x, mpq_class(matrix[i][w] - matrix[i][label]));
    return x;
  };
  mpq_class margin = 0;
  for (std::size_t w = 0; w < model.V; ++w)
    if (w != label)
      margin =
          std::max(margin, mpq_class(largest(EU, label + 1, w) + largest(OV, label + 1, w) + largest(PO, model.n, w)));
  return log(Big(static_cast<int>(model.V))) + Big(margin);
}

std::vector<Tensor> witnesses(Critical& critical) {
  const std::uint64_t V = critical.model().V, n = critical.model().n;
  std::vector<std::uint16_t> near, heads, joint, filled, gaps;
  const bool few = critical.below(2) == 1;
  for (std::size_t m = 0; m < V; ++m) {
    near.push_back(static_cast<std::uint16_t>(few ? critical.below(m + 1) : m));
    joint.push_back(static_cast<std::uint16_t>(critical.below(2)));
    filled.push_back(static_cast<std::uint16_t>(critical.below(n)));
    if (V > 2) { // all wrong outputs but one
      const std::size_t left = (m + 1 + critical.below(V - 1)) % V;
      for (std::size_t w = 0; w < V; ++w)
        if (w != m && w != left) heads.push_back(static_cast<std::uint16_t>(w));
    }
    for (std::size_t q = 0; q < V; ++q)
      for (std::size_t s = 0; s < n; ++s) {
        const bool open = q == m ? s >= 1 : q < m && s + 2 <= n;
        gaps.push_back(open ? static_cast<std::uint16_t>(critical.below((q == m ? m : m - q) + 1)) : 0);
      }
  }
  std::vector<Tensor> result = {witness("filled", DType::uint8, {V}, filled),
                                witness("gaps", DType::uint16, {V, V, n}, gaps)};
  if (V > 2) result.push_back(witness("heads", DType::uint16, {V, V - 2}, heads));
  result.push_back(witness("joint", DType::uint8, {V}, joint));
  result.push_back(witness("near", DType::uint16, {V}, near));
  return result;
}

// Of label 2: no rule that counts shows more inputs than its theorem at 400 bits, or a trivial bound below L10's. Returns how
// many they show.
std::uint64_t check_counts(const ThreeTokens& numbers, const Hints& hints) {
  const Model model = numbers.model();
  using Exactly = attention::Reference<Big>;
  struct Rule {
    const char* name;
    std::uint64_t (Exactly::*count)(int slack) const;
  };
  constexpr std::array rules = {Rule{"near-far@1", &Exactly::near_far}, Rule{"band@1", &Exactly::band},
                                Rule{"cubic@1", &Exactly::cubic}, Rule{"subcubic@1", &Exactly::subcubic}};
  constexpr std::uint64_t V = ThreeTokens::V, m = ThreeTokens::label;
  std::vector<Tensor> given = {witness("gaps", DType::uint16, {V, V, model.n}, hints.gaps)};
  if (hints.head_count > 0) given.push_back(witness("heads", DType::uint16, {V, 1}, hints.heads));
  given.push_back(witness("joint", DType::uint8, {V}, hints.joint));
  given.push_back(witness("near", DType::uint16, {V}, hints.near));
  Certificate certificate = attention::certificate(model, rules[0].name, given);
  for (std::size_t i = 1; i < rules.size(); ++i) certificate.steps[i % V].rule = rules[i].name; // for the tables
  certificate.steps.push_back(certificate.steps.front());
  certificate.steps.back().rule = rules[0].name;
  const auto prover = make_prover(certificate, {.threads = 1});
  const auto worker = prover->worker();
  Exactly exactly(model, hints);
  exactly.set_label(m);
  const mpq_class bound = trivial_bound(model, m).rational();
  std::uint64_t shown = 0;
  for (const Rule& rule : rules) {
    CAPTURE(rule.name);
    Budget unlimited{.declared = UINT64_MAX};
    Meter meter(unlimited);
    const Established found = worker->close(rule.name, {m, m + 1}, true, meter);
    CHECK(found.correct <= (exactly.*rule.count)(numbers.has_scores() ? -1 : 0));
    const mpq_class least = bound * mpq_class(found.correct + found.undecided);
    CHECK(exact(found.upper.hi) >= least * (1 - mpq_class(1) / (mpz_class(1) << 300)));
    shown += found.correct.get_ui();
  }
  return shown;
}

// A model in which one test of a theorem fails, and would pass if one rounding went the other way, or one end were the other: no other rounding makes up
// for it. Numbers are in units of 2^-61, in which sums from 2^63 on are rounded to 1, from 2^64 on to 2.
struct Decisive {
  const char* rounding;
  ThreeTokens numbers;
  std::uint16_t near, gap;
  bool joint = false;
};

std::vector<Decisive> decisive_models() {
  const auto two = [](unsigned power) { return mpq_class(mpz_class(1) << power); };
  const mpq_class quarter(1, 4), half(1, 2), apart = -1000 * two(61), T = two(60);
  const auto same = [](const mpq_class& u) { return std::array{u, u, u}; };
  return {
      // A query q < m, a label slot and a near one: z_q + z_m + z_near = 0.
      {"columns: own; cubic: own",
       {.n = 3, .query = same(two(62)), .value = {two(62) + half, -two(62) - half, -two(63) - two(62)}},
       2,
       1},
      // Three near slots, or far ones, of 2^63 + 3/4 each.
      {"columns: near",
       {.n = 4, .query = same(6 * T), .value = {2 * T + 3 * quarter, -999 * two(61), -30 * T - 2}},
       2,
       1},
      {"columns: far",
       {.n = 4, .query = same(6 * T), .value = {2 * T + 3 * quarter, -999 * two(61), -30 * T - 2}},
       0,
       1},
      // Three label slots, each 1/4 above a number of 64 bits.
      {"columns: joint",
       {.n = 4,
        .query = same(-8 * T),
        .value = {38 * T + 4, -999 * two(61), -2 * T - 2 + 3 * quarter},
        .query_of_1 = apart},
       2,
       1,
       true},
      // What far slots weigh, times 5; a near slot has a third of what is lost.
      {"columns: weight of far tokens",
       {.n = 3,
        .value = {5 * two(61), -3 * quarter, -mpq_class("10830695218262389511")},
        .score = {{{}, {}, {mpq_class(-1, 16), 0, 0}}}},
       1,
       1},
      {"near-far: far slots", {.n = 5, .value = {8 * T + 1, -1, -24 * T - 2}}, 1, 1},
      {"near-far: label slots", {.n = 4, .value = {16 * T, 1, -16 * T - 2}}, 1, 1},
      {"cubic: α",
       {.n = 4, .query = same(-4 * T), .value = {20 * T + 4, 4 * T - 1, -4 * T - 1 - half}, .query_of_1 = apart},
       2,
       1},
      {"cubic: β", {.n = 4, .query = same(4 * T), .value = {-20 * T - 2, 4 * T + half, 1 - 4 * T}}, 2, 1},
      {"subcubic: α",
       {.n = 4,
        .query = same(3 * quarter),
        .value = {24 * T + 2, -999 * two(61), -8 * T - 2},
        .position_of_1 = 5 * quarter},
       2,
       2},
      {"subcubic: query and position",
       {.n = 3,
        .query = same(2 * T + quarter),
        .value = {-8 * T, -999 * two(61), -2 * T - half},
        .position_of_1 = 6 * T + half},
       2,
       2},
      {"subcubic: far tokens",
       {.n = 4, .value = {6 * T, -999 * two(61), -24 * T - 2}, .position_of_1 = 2 * T + 3 * quarter},
       2,
       2},
      {"subcubic: what label slots weigh",
       {.n = 3,
        .value = {mpq_class("17861289485569988633/2"), -999 * two(61), -3 * two(61)},
        .position_scores = {0, 0, mpq_class(-79, 64)}},
       2,
       2},
      {"subcubic: what far slots weigh",
       {.n = 3,
        .value = {3 * two(61), -999 * two(61), -mpq_class("16827099193708936921/2")},
        .position_scores = {0, 0, mpq_class(-98, 64)}},
       2,
       2},
      {"subcubic: the label slots' lower end",
       {.n = 3,
        .value = {mpq_class("144494425498612869056"), -999 * two(61), -11 * two(61)},
        .position_scores = {0, 0, mpq_class(99, 64)}},
       2,
       2},
      {"subcubic: the far slots' upper end",
       {.n = 3,
        .value = {11 * two(61), -999 * two(61), -mpq_class("132151851545819077024")},
        .position_scores = {0, 0, mpq_class(23, 16)}},
       2,
       2},
      {"subcubic: far slots",
       {.n = 6,
        .value = {mpq_class("62649641910883565580"), -999 * two(61), -mpq_class("17398271775694913537")},
        .score = {{{}, {}, {mpq_class(-185, 64), 0, 0}}}},
       2,
       2},
      {"label alone: query", {.n = 4, .value = {9 * T, -999 * two(61), -3 * T - 1}, .position = 3 * quarter}, 2, 1},
      {"label alone: label",
       {.n = 4, .value = {38 * T + 4, -999 * two(61), -2 * T - 2 + 3 * quarter}, .position = -8 * T},
       2,
       1},
      {"label alone: sum", {.n = 5, .value = {32 * T + 4, -999 * two(61), -8 * T - 1}}, 2, 1},
  };
}

} // namespace

TEST_CASE("attention-only: an input that ties is never counted, whatever is rounded") {
  start_rounding_on_this_thread();
  const std::vector<std::string> rules = {"near-far@1", "band@1", "cubic@1", "subcubic@1", "placements@1"};
  std::uint64_t shown = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    const std::size_t V = 2 + (seed % 3 == 2), n = 2 + seed / 3 % (V == 2 ? 3 : 2);
    Critical critical(V, n, seed % 5 == 0, seed);
    CAPTURE(seed);
    const auto truths = attention::by_label(critical.model());
    Certificate certificate = attention::certificate(critical.model(), rules[0], witnesses(critical));
    for (const std::string& rule : rules) { // the tables that any of them needs
      certificate.steps.push_back(certificate.steps.front());
      certificate.steps.back().rule = rule;
    }
    const auto prover = make_prover(certificate, {.threads = 1});
    const auto worker = prover->worker();
    for (const std::string& rule : rules)
      for (std::uint64_t m = 0; m < V; ++m) {
        CAPTURE(rule);
        CAPTURE(m);
        Budget unlimited{.declared = UINT64_MAX};
        Meter meter(unlimited);
        const Established found = worker->close(rule, {m, m + 1}, true, meter);
        CHECK(found.correct <= truths[m].correct);
        CHECK(exact(found.upper.hi) >= truths[m].loss.rational() * (1 - mpq_class(1) / (mpz_class(1) << 300)));
        shown += found.correct.get_ui();
      }
  }
  CHECK(shown > 10000);
  CHECK(rounding_was_clean_on_this_thread());
}

TEST_CASE(
    "attention-only: no count is above its theorem's, and no trivial bound below its lemma's, whatever is rounded") {
  start_rounding_on_this_thread();
  std::uint64_t shown = 0;
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    CriticalTest critical(seed % 10 == 0 ? 1 : 2 + seed % 3, seed % 4 == 0, seed);
    shown += check_counts(critical.numbers(), critical.hints());
  }
  CHECK(shown > 10000);
  CHECK(rounding_was_clean_on_this_thread());
}

TEST_CASE("attention-only: where one rounding decides, it is the right one") {
  start_rounding_on_this_thread();
  for (Decisive& decisive : decisive_models()) {
    CAPTURE(decisive.rounding);
    ThreeTokens& numbers = decisive.numbers;
    const auto scale = [](mpq_class& x) { mpq_div_2exp(x.get_mpq_t(), x.get_mpq_t(), 61); };
    for (auto* of_tokens : {&numbers.query, &numbers.value}) std::ranges::for_each(*of_tokens, scale);
    for (mpq_class* x : {&numbers.position, &numbers.query_of_1, &numbers.position_of_1}) scale(*x);
    const std::size_t V = ThreeTokens::V;
    Hints hints{
        .near = {0, 0, decisive.near}, .heads = {}, .joint = {0, 0, decisive.joint}, .gaps = {}, .head_count = 0};
    for (std::size_t m = 0; m < V; ++m)
      for (std::size_t q = 0; q < V; ++q)
        for (std::size_t s = 0; s < numbers.n; ++s) {
          const bool open = q == m ? s >= 1 : q < m && s + 2 <= numbers.n;
          const std::size_t most = !open ? 0 : q == m ? m : m - q;
          hints.gaps.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(decisive.gap, most)));
        }
    check_counts(numbers, hints);
  }
  CHECK(rounding_was_clean_on_this_thread());
}
