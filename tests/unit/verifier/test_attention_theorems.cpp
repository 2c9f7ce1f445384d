// Models of attention-only in which one part of a theorem decides: without it the bound would be false.
#include "attention_models.hpp"
#include "family.hpp"
#include "meter.hpp"

#include <doctest/doctest.h>

using namespace verifier;
using attention::Big;
using attention::Matrix;
using attention::Model;
using attention::witness;

namespace {

// A model with these tables EU and OV [V x V], scores A [V x V], and positions that weigh the same and add nothing.
Model with_tables(std::size_t n, const Matrix& EU, const Matrix& OV, const Matrix& A) {
  const std::size_t V = EU.size(), d = 2 * V, h = V; // a vector: the token, and what attention adds
  const auto zero = [](std::size_t rows, std::size_t columns) { return Matrix(rows, std::vector<mpq_class>(columns)); };
  REQUIRE(V == 4); // sqrt(h) = 2
  Model model{V, n, d, h, zero(V, d), zero(n, d), zero(d, h), zero(d, h), zero(d, h), zero(h, d), zero(d, V)};
  for (std::size_t t = 0; t < V; ++t) {
    model.E[t][t] = model.W_K[t][t] = model.W_V[t][t] = model.W_O[t][V + t] = 1;
    for (std::size_t k = 0; k < V; ++k) {
      model.W_Q[t][k] = 2 * A[t][k];
      model.U[t][k] = EU[t][k];
      model.U[V + t][k] = OV[t][k];
    }
  }
  return model;
}

Established close(const Certificate& certificate, std::size_t label) {
  start_rounding_on_this_thread();
  const auto prover = make_prover(certificate, {});
  Budget unlimited{.declared = UINT64_MAX};
  Meter meter(unlimited);
  return prover->worker()->close(certificate.steps[label].rule, {label, label + 1}, true, meter);
}

} // namespace

// L4 with a mass beside: token 1 weighs next to nothing and has a large loss, token 2 a small one and outweighs it, and the far
// token 0 outweighs both. Two near slots then lose more than mean(D L) mean(1/D), which takes the weights for those without the
// far token: they are nearly equal with it, and the mean loss is the larger of the two that the lemma names.
TEST_CASE("attention-only: where far slots weigh in, mixtures lose the mean") {
  const Matrix EU(4, std::vector<mpq_class>(4));
  for (const int far_score : {5, 6, 7, 9})
    for (const int margin : {-230, -220, -210, -200}) {
      Matrix OV(4, {0, -1000, -1000, 0}), A(4, {-40, -40, -40, 0}); // other queries attend to the label alone
      A[3] = {far_score, -20, 4, 0};
      OV[0][0] = 20;
      OV[1][0] = -10;
      OV[2][0] = margin;
      OV[3][0] = -10;
      const Model model = with_tables(4, EU, OV, A);
      const Big truth = attention::by_label(model)[3].loss;
      const std::vector<Tensor> near = {witness("near", DType::uint16, {4}, {0, 1, 2, 2})};
      std::vector<Tensor> filled = near;
      filled.insert(filled.begin(), witness("filled", DType::uint8, {4}, {1, 1, 1, 1}));
      CAPTURE(far_score);
      CAPTURE(margin);
      for (const Certificate& certificate : {attention::certificate(model, "placements@1", filled),
                                             attention::certificate(model, "soft-near-far@1", near)}) {
        const Established found = close(certificate, 3);
        CHECK(truth.rational() <= exact(found.upper.hi));
      }
    }
}
