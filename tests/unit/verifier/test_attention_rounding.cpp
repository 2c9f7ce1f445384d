// Roundings of the rules of attention-only: models in which one input ties, exactly or to 100 bits on the side that is wrong.
// A rule that rounds the right way never counts it; with one rounding turned round it may.
#include "attention_models.hpp"
#include "family.hpp"
#include "meter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace verifier;
using attention::Big;
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
