// Whole certificates: the ends that steps declare, and the text.

#include "certificate_writer.hpp"
#include "claims.hpp"
#include "models.hpp"
#include "steps.hpp"
#include "truth.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace proofmark;
using namespace proofmark::test;

namespace {

Certificate certificate(const TokenSumModel& model, std::uint64_t n, const Strategy& strategy, std::uint64_t steps,
                        unsigned threads, bool states_correct = true) {
  Certificate result;
  result.task = {n, model.vocabulary};
  result.family = Family::token_sum;
  result.tensors = tensors(model);
  result.model_sha256 = model_sha256(model);
  const std::vector<LabelRange> ranges = equal_ranges(model.vocabulary, steps);
  const StrategyOptions how;
  const LabelSumOptions options{states_correct, threads, {}};
  const Plan plan = strategy.plan({Model(model), result.task, how, true, options, ranges, Patience{INFINITY}});
  result.witnesses = plan.witnesses;
  for (const LabelRange labels : ranges)
    result.steps.push_back(declared_step(plan.rule(0), result.task, labels, plan.sums.labels, states_correct));
  result.claims = best_claims(supported(result.task, result.steps), {true, strategy.from_below, states_correct});
  result.tables = table_operations(plan.rules, shape_of(model, n));
  result.conclusion = conclusion_operations(steps, result.claims.size(), states_correct);
  result.provenance = {{"generator", "test"}};
  return result;
}

std::string text(const Certificate& certificate) {
  std::string result;
  write_certificate(certificate, [&](std::string_view piece) { result += piece; });
  return result;
}

// What a 64-bit verifier may compute: within 1e-13 nats an input of the truth.
void check_room(const TokenSumModel& model, std::uint64_t n, std::uint64_t steps) {
  const Certificate c = certificate(model, n, symmetry, steps, 2);
  const std::vector<Truth> truths = truth(model, n);
  for (const Step& step : c.steps) {
    Real sum = 0;
    Integer correct = 0;
    for (std::uint64_t y = step.labels.from; y < step.labels.to; ++y) {
      sum += truths[y].loss;
      correct += truths[y].correct;
    }
    const Real room = Real("1e-13") * Real(inputs_in(c.task, step.labels));
    CHECK(real(exact(step.lo)) <= (sum > room ? Real(sum - room) : Real(0)));
    CHECK(real(exact(step.hi)) >= sum + room);
    CHECK(Integer(step.correct.value()) == correct);
  }
}

} // namespace

TEST_CASE("declared ends contain the truth with room for the verifier's enclosures") {
  for (const std::uint64_t V : {1, 2, 5, 17})
    for (const std::uint64_t n : {1, 2, 3})
      for (const std::uint64_t steps : {std::uint64_t(1), V})
        check_room(random_model(V, 3, 1.5, static_cast<unsigned>(V + n)), n, steps);
  check_room(peaked_model(24, 60, 1), 2, 5);
}

TEST_CASE("every strategy declares the same numbers, because S does not depend on the rule") {
  const TokenSumModel model = random_model(9, 3, 1, 1);
  const Certificate e = certificate(model, 3, enumeration, 4, 2), s = certificate(model, 3, symmetry, 4, 2);
  for (std::size_t i = 0; i < e.steps.size(); ++i) {
    CHECK(exact(e.steps[i].hi) == exact(s.steps[i].hi));
    CHECK(e.steps[i].correct == s.steps[i].correct);
    CHECK(e.steps[i].rule == "enumeration@1");
    CHECK(s.steps[i].rule == "symmetry@1");
    if (i + 1 == e.steps.size()) CHECK(e.steps[i].operations.length() > s.steps[i].operations.length());
  }
}

TEST_CASE("convexity states upper ends, and counts that are true") {
  for (const std::uint64_t V : {1, 2, 5, 9})
    for (const std::uint64_t n : {1, 2, 3, 4})
      for (const bool learnt : {false, true})
        for (const std::uint64_t steps : {std::uint64_t(1), V}) {
          const TokenSumModel model = learnt ? peaked_model(V, 200, static_cast<unsigned>(V + n))
                                             : random_model(V, 3, 1.5, static_cast<unsigned>(V + n));
          const Certificate c = certificate(model, n, convexity, steps, 2);
          const std::vector<Truth> truths = truth(model, n);
          for (const Step& step : c.steps) {
            Real sum = 0;
            Integer correct = 0;
            for (std::uint64_t y = step.labels.from; y < step.labels.to; ++y) {
              sum += truths[y].loss;
              correct += truths[y].correct;
            }
            CHECK(real(exact(step.hi)) >= sum);
            CHECK(Integer(step.correct.value()) <= correct);
          }
          const auto json = nlohmann::json::parse(text(c));
          CHECK(json["claims"].size() == 2);
          CHECK(json["operations"]["tables"]["exp"] == V * V);
          for (const auto& step : json["steps"]) {
            CHECK(step["rule"] == "convexity@1");
            CHECK(step["loss"][0] == "0x0p+0");
          }
        }
}

TEST_CASE("the same bytes for 1, 2 and 5 threads") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 40}, {2, 200}, {3, 25}}) {
    const TokenSumModel model = random_model(V, 5, 1, 7);
    const std::string one = text(certificate(model, n, symmetry, 7, 1));
    CHECK(one == text(certificate(model, n, symmetry, 7, 2)));
    CHECK(one == text(certificate(model, n, symmetry, 7, 5)));
    CHECK(text(certificate(model, n, convexity, 7, 1)) == text(certificate(model, n, convexity, 7, 5)));
  }
}

TEST_CASE("the text is what FORMAT.md says") {
  const TokenSumModel model = random_model(6, 3, 1, 8);
  const Certificate c = certificate(model, 2, symmetry, 3, 1);
  const auto json = nlohmann::json::parse(text(c));
  CHECK(json.size() == 9);
  CHECK(json["format"] == "proofmark-certificate");
  CHECK(json["version"] == 1);
  CHECK(json["claims"].size() == 3);
  CHECK(json["claims"][0] ==
        nlohmann::json{{"quantity", "cross-entropy"}, {"direction", "upper"}, {"bound", c.claims[0].bound}});
  CHECK(json["task"] == nlohmann::json{{"name", "max"}, {"context", 2}, {"vocabulary", 6}, {"inputs", "uniform"}});
  CHECK(json["model"]["family"] == "token-sum");
  CHECK(json["model"]["sha256"] == model_sha256(model));
  CHECK(json["model"]["tensors"].size() == 3);
  CHECK(json["model"]["tensors"]["embedding.weight"]["shape"] == nlohmann::json{3, 6});
  CHECK(json["model"]["tensors"]["embedding.weight"]["dtype"] == "float64");
  CHECK(json["model"]["tensors"]["embedding.weight"]["data"].get<std::string>().size() == 192);
  CHECK(json["witnesses"].empty());
  REQUIRE(json["steps"].size() == 3);
  std::uint64_t steps_add = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(json["steps"][i].size() == 6);
    CHECK(json["steps"][i]["id"] == i);
    CHECK(json["steps"][i]["labels"] == nlohmann::json{2 * i, 2 * i + 2});
    CHECK(json["steps"][i]["operations"].size() == 8);
    steps_add += json["steps"][i]["operations"]["add"].get<std::uint64_t>();
  }
  CHECK(json["operations"]["steps"]["add"] == steps_add);
  std::uint64_t length = 0;
  for (const char* const part : {"tables", "steps", "conclusion"})
    for (const auto& count : json["operations"][part]) length += count.get<std::uint64_t>();
  CHECK(json["operations"]["length"] == length);
}

TEST_CASE("without correct, no step has it and no accuracy is claimed") {
  const TokenSumModel model = random_model(4, 2, 1, 8);
  const auto json = nlohmann::json::parse(text(certificate(model, 2, symmetry, 2, 1, false)));
  CHECK(json["claims"].size() == 2);
  CHECK_FALSE(json["steps"][0].contains("correct"));
  CHECK(json["operations"]["conclusion"]["add"] == 4);
  CHECK(json["operations"]["conclusion"]["compare"] == 6);
}

TEST_CASE("base64, by the vectors of RFC 4648") {
  const auto encode = [](const std::string& s) {
    return base64({reinterpret_cast<const std::uint8_t*>(s.data()), s.size()});
  };
  CHECK(encode("") == "");
  CHECK(encode("f") == "Zg==");
  CHECK(encode("fo") == "Zm8=");
  CHECK(encode("foo") == "Zm9v");
  CHECK(encode("foobar") == "Zm9vYmFy");
  CHECK(encode("\xff\xfe\xfd\xfb") == "//79+w==");
}
