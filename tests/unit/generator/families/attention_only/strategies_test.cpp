// Proofs of transformers: tables, what the strategies count, what their proofs cost.

#include "certificates/writer.hpp"
#include "families/attention_only/bounds/columns.hpp"
#include "families/attention_only/bounds/tables.hpp"
#include "families/attention_only/strategies/strategies.hpp"
#include "models/tensors.hpp"
#include "proofs/proving.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using namespace proofmark;
using namespace proofmark::test;

namespace {

using attention_only::Tables;
using attention_only::tables;

std::string text(const Certificate& certificate) {
  std::string result;
  write_certificate(certificate, [&](std::string_view piece) { result += piece; });
  return result;
}

ProofOptions options(const char* strategy, std::optional<std::uint64_t> near = 4, std::uint64_t heads = 0,
                     bool joint = false) {
  ProofOptions result;
  result.context = 0;
  result.strategy = strategy;
  result.how.near = near;
  result.how.outputs = heads;
  result.how.joint = joint;
  return result;
}

std::vector<ProofOptions> all_options() {
  return {options("near-far"),
          options("near-far", 1, 0, true),
          options("near-far", {}, 2, true),
          options("near-far", 0, 1),
          options("near-far", 9, 3),
          options("band"),
          options("band", {}, 2, true),
          options("cubic"),
          options("subcubic")};
}

using Exact = std::vector<std::vector<Rational>>;

Exact exact(const Tensor& tensor) {
  const MatrixD values = exact_values(tensor);
  Exact result(static_cast<std::size_t>(values.rows()));
  for (Eigen::Index i = 0; i < values.rows(); ++i)
    for (const double value : values.row(i)) result[static_cast<std::size_t>(i)].emplace_back(value);
  return result;
}

Exact product(const Exact& a, const Exact& b) {
  Exact result(a.size(), std::vector<Rational>(b.front().size()));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.front().size(); ++j)
      for (std::size_t k = 0; k < b.size(); ++k) result[i][j] += a[i][k] * b[k][j];
  return result;
}

Exact transposed(const Exact& a) {
  Exact result(a.front().size(), std::vector<Rational>(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a[i].size(); ++j) result[j][i] = a[i][j];
  return result;
}

// Labels' inputs by going through all of them in the words of the definition, in double: those that are surely correct, and
// those that may be.
struct Truth {
  std::uint64_t sure = 0, possible = 0;
};

std::vector<Truth> truth(const Model& model) {
  const std::uint64_t V = model.vocabulary, n = *model.context;
  const MatrixD E = exact_values(tensor(model, attention_only::embedding)),
                P = exact_values(tensor(model, attention_only::positions)),
                Q = exact_values(tensor(model, attention_only::query)),
                K = exact_values(tensor(model, attention_only::key)),
                values = exact_values(tensor(model, attention_only::value)),
                O = exact_values(tensor(model, attention_only::output)),
                U = exact_values(tensor(model, attention_only::unembedding));
  std::vector<Truth> result(V);
  std::vector<Eigen::Index> x(n);
  for (std::uint64_t input = 0; input < power(V, n).convert_to<std::uint64_t>(); ++input) {
    std::uint64_t rest = input;
    for (auto& token : x) token = static_cast<Eigen::Index>(rest % V), rest /= V;
    MatrixD rows(static_cast<Eigen::Index>(n), E.cols());
    for (Eigen::Index p = 0; p < rows.rows(); ++p) rows.row(p) = E.row(x[static_cast<std::size_t>(p)]) + P.row(p);
    const auto last = rows.row(rows.rows() - 1);
    Eigen::RowVectorXd attention = (last * Q) * (rows * K).transpose() / std::sqrt(static_cast<double>(K.cols()));
    attention = (attention.array() - attention.maxCoeff()).exp();
    attention /= attention.sum();
    const Eigen::RowVectorXd logits = (last + attention * rows * values * O) * U;
    const Eigen::Index label = *std::max_element(x.begin(), x.end());
    double margin = -INFINITY;
    for (Eigen::Index w = 0; w < logits.size(); ++w)
      if (w != label) margin = std::max(margin, logits(w) - logits(label));
    result[static_cast<std::size_t>(label)].sure += margin < -1e-9;
    result[static_cast<std::size_t>(label)].possible += margin < 1e-9;
  }
  return result;
}

} // namespace

TEST_CASE("tables of transformers are within their stated error of the exact ones") {
  for (const double size : {0.1, 1.0, 3.0})
    for (const auto& [V, n, d, h] : {std::array<std::uint64_t, 4>{5, 3, 4, 3}, {1, 1, 1, 1}, {7, 1, 2, 5}}) {
      const Model model = random_transformer(V, n, d, h, size, static_cast<unsigned>(V + n));
      const Tables t = tables(model);
      Exact query = exact(tensor(model, attention_only::embedding));
      const Exact positions = exact(tensor(model, attention_only::positions)),
                  U = exact(tensor(model, attention_only::unembedding));
      for (auto& row : query)
        for (std::size_t k = 0; k < row.size(); ++k) row[k] += positions.back()[k];
      const auto check = [](const MatrixD& found, const Exact& expected, double error) {
        for (Eigen::Index i = 0; i < found.rows(); ++i)
          for (Eigen::Index j = 0; j < found.cols(); ++j) {
            const Rational difference =
                Rational(found(i, j)) - expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
            CHECK(abs(difference) <= Rational(error));
          }
      };
      const Exact moved = product(
          product(exact(tensor(model, attention_only::value)), exact(tensor(model, attention_only::output))), U);
      check(t.EU, product(query, U), t.value_error);
      check(t.OV, product(exact(tensor(model, attention_only::embedding)), moved), t.value_error);
      check(t.PO, product(positions, moved), t.value_error);
      CHECK(t.value_error < 1e-11);
      CHECK(t.score_error < 1e-11);
      // Scores are irrational: compared where the root of h is 1 or 2, below.
      if (h != 1) continue;
      const Exact scores = product(product(query, exact(tensor(model, attention_only::query))),
                                   transposed(product(exact(tensor(model, attention_only::embedding)),
                                                      exact(tensor(model, attention_only::key)))));
      check(t.A, scores, t.score_error);
    }
  const Model model = random_transformer(4, 2, 3, 4, 1.0, 9);
  const Tables t = tables(model);
  Exact query = exact(tensor(model, attention_only::embedding));
  for (auto& row : query)
    for (std::size_t k = 0; k < row.size(); ++k) row[k] += exact(tensor(model, attention_only::positions)).back()[k];
  const Exact queries = product(query, exact(tensor(model, attention_only::query)));
  const Exact scores = product(queries, transposed(product(exact(tensor(model, attention_only::embedding)),
                                                           exact(tensor(model, attention_only::key))))),
              places = product(queries, transposed(product(exact(tensor(model, attention_only::positions)),
                                                           exact(tensor(model, attention_only::key)))));
  for (std::size_t q = 0; q < 4; ++q) {
    for (std::size_t k = 0; k < 4; ++k) CHECK(abs(Rational(t.A(q, k)) - scores[q][k] / 2) <= Rational(t.score_error));
    for (std::size_t p = 0; p < 2; ++p) CHECK(abs(Rational(t.B(q, p)) - places[q][p] / 2) <= Rational(t.score_error));
  }
}

TEST_CASE("models that doubles do not reach are declined") {
  CHECK_THROWS_WITH_AS(tables(learnt_transformer(5, 3, 500, 8, 0, 1)), doctest::Contains("nats apart"), Error);
  CHECK_THROWS_WITH_AS(tables(random_transformer(3, 2, 2, 2, 1e-60, 1)), doctest::Contains("outside what doubles can"),
                       Error);
  CHECK_THROWS_WITH_AS(tables(random_transformer(8, 3, 6, 6, 30, 1)), doctest::Contains("are only known to"), Error);
  CHECK_NOTHROW(tables(random_transformer(8, 3, 6, 6, 2, 1)));
}

TEST_CASE("no strategy counts more correct inputs than there are") {
  unsigned seed = 0;
  Integer shown = 0;
  for (const auto& [V, n] :
       {std::array<std::uint64_t, 2>{1, 1}, {1, 3}, {2, 1}, {2, 2}, {5, 1}, {5, 2}, {6, 3}, {5, 4}, {3, 5}})
    for (int kind = 0; kind < 4; ++kind) {
      const Model model = kind < 2 ? random_transformer(V, n, 4, 3, kind == 0 ? 0.7 : 1.4, ++seed)
                                   : learnt_transformer(V, n, kind == 2 ? 1.5 : 4, 8, 0.2, ++seed);
      const std::vector<Truth> truths = truth(model);
      for (const ProofOptions& how : all_options()) {
        if (how.how.outputs + 2 > V && how.how.outputs > 0) continue;
        CAPTURE(how.strategy);
        const Task task{n, V};
        const LabelSumOptions sums{.threads = 2};
        const Findings found = find_strategy(attention_only_family, how.strategy)
                                   ->find({model, task, how.how, false, sums, {}, Patience{INFINITY}});
        for (std::uint64_t m = 0; m < V; ++m) {
          CHECK(found.sums.labels[m].correct <= truths[m].possible);
          shown += found.sums.labels[m].correct;
        }
      }
    }
  CHECK(shown > 10'000);
}

TEST_CASE("a model that has learnt the task well is shown to be correct everywhere") {
  const Model model = learnt_transformer(20, 4, 6, 30, 1e-3, 3);
  for (const Truth& label : truth(learnt_transformer(5, 4, 6, 30, 1e-3, 3))) CHECK(label.sure > 0);
  for (const char* const strategy : {"near-far", "band", "cubic"}) {
    CAPTURE(strategy);
    Integer correct;
    for (const Step& step : proved(model, options(strategy)).certificate.steps) correct += step.correct->least;
    CHECK(correct == power(20, 4));
  }
}

TEST_CASE("counts beyond 2^63 are written as strings") {
  const Model model = learnt_transformer(12, 40, 9, 40, 1e-3, 3);
  const std::string written = text(proved(model, options("near-far")).certificate);
  CHECK(written.find(R"("correct": [")") != std::string::npos);
  CHECK(written.find(R"("correct": [1, 1])") != std::string::npos);
}

TEST_CASE("near tokens of the best number and exchanged heads show no less, and threads do not show") {
  const Model model = learnt_transformer(14, 4, 3, 9, 0.15, 5);
  const auto correct = [&](ProofOptions how, unsigned threads = 2) {
    how.threads = threads;
    Integer sum;
    for (const Step& step : proved(model, how).certificate.steps) sum += step.correct->least;
    return sum;
  };
  CHECK(correct(options("near-far", {})) >= correct(options("near-far", 4)));
  CHECK(correct(options("near-far", 4, 3, true)) >= correct(options("near-far", 4, 0, true)));
  CHECK(correct(options("near-far", 4, 0, true)) >= correct(options("near-far", 4)));
  CHECK(correct(options("near-far")) >= correct(options("band")));
  ProofOptions one = options("near-far", {}, 3, true), five = one;
  five.threads = 5;
  CHECK(text(proved(model, one).certificate) == text(proved(model, five).certificate));
}

TEST_CASE("what is asked of the wrong family, context or quantity is refused") {
  const Model transformer = random_transformer(5, 3, 3, 3, 0.5, 1), network = random_model(5, 3, 1, 1);
  const auto refusal = [](const Model& model, const ProofOptions& how) {
    try {
      proved(model, how);
    } catch (const Error& error) {
      CHECK(error.exit == Exit::usage);
      return std::string(error.what()) + "; " + error.hint;
    }
    return std::string();
  };
  CHECK(refusal(transformer, options("symmetry")).find("subcubic") != std::string::npos);
  ProofOptions how = options("near-far");
  how.context = 2;
  CHECK(refusal(network, how).find("symmetry") != std::string::npos);
  how.context = 4;
  CHECK(refusal(transformer, how).find("3 positions") != std::string::npos);
  how = options("near-far", 4, 4);
  CHECK(refusal(transformer, how).find("--outputs 4") != std::string::npos);
  how = options("cubic", 3);
  CHECK(refusal(transformer, how).find("does not take --near") != std::string::npos);
  how = options("near-far");
  how.quantities.accuracy = false;
  CHECK(refusal(transformer, how).find("nothing of the loss") != std::string::npos);
  how = options("cubic");
  how.bounds = {{Quantity::cross_entropy, Side::upper, "1000"}};
  CHECK(refusal(transformer, how).find("nothing of the loss") != std::string::npos);
  how.bounds = {{Quantity::accuracy, Side::upper, "1"}};
  CHECK(refusal(transformer, how).find("bounds it from below only") != std::string::npos);
  how.bounds = {{Quantity::margin, Side::lower, "-1000"}};
  CHECK(refusal(transformer, how).find("bounds no margin; --strategy enumeration does") != std::string::npos);
  how = options("soft-near-far");
  how.bounds = {{Quantity::cross_entropy, Side::lower, "0"}};
  CHECK(refusal(transformer, how).find("bounds it from above only") != std::string::npos);
  how.bounds = {};
  how.quantities = {false, false, true, true};
  CHECK(refusal(transformer, how).find("bounds no margin") != std::string::npos);
  how.quantities = {false, false, false, true};
  CHECK(refusal(transformer, how).find("a length alone says nothing") != std::string::npos);
  how = options("enumeration");
  how.quantities = {false, false, true, false};
  CHECK(refusal(random_transformer(1, 2, 3, 3, 0.5, 1), how).find("has no margin") != std::string::npos);
}

TEST_CASE("a step states what the rule bounds and what is wanted, and no more") {
  const Model model = random_transformer(4, 2, 3, 3, 0.5, 1);
  const auto first = [&](const char* strategy, const Quantities& wanted) {
    ProofOptions how = options(strategy);
    how.quantities = wanted;
    return proved(model, how).certificate.steps.front();
  };
  const Step each = first("enumeration", {});
  CHECK((each.loss && each.correct && each.margin));
  CHECK(each.correct->least == each.correct->most);
  CHECK((each.correct->least == 1) == (*each.margin > 0)); // there is one input
  const Step accuracy = first("near-far", {});
  CHECK((!accuracy.loss && accuracy.correct && !accuracy.margin));
  const Step margin = first("enumeration", {false, false, true, true});
  CHECK((!margin.loss && !margin.correct && margin.margin));
  const Step loss = first("placements", {true, false, true, true});
  CHECK((loss.loss && !loss.correct && !loss.margin));
}
