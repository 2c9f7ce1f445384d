// Whole certificates: the ends that steps declare, and the text.

#include "certificates/base64.hpp"
#include "certificates/writer.hpp"
#include "families/described_model.hpp"
#include "families/families.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "families/token_sum/truth.hpp"
#include "files/digest.hpp"
#include "proofs/proving.hpp"
#include "small_models.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace proofmark;
using namespace proofmark::test;

namespace {

Certificate certificate(const Model& model, std::uint64_t n, const Strategy& strategy, std::uint64_t steps,
                        unsigned threads, const Quantities& quantities = {}) {
  ProofOptions options;
  options.context = n;
  options.strategy = strategy.name;
  options.steps = steps;
  options.threads = threads;
  options.quantities = quantities;
  return proved(model, options).certificate;
}

std::string text(const Certificate& certificate) {
  std::string result;
  write_certificate(certificate, [&](std::string_view piece) { result += piece; });
  return result;
}

// What a 64-bit verifier may compute: within 1e-13 nats an input of the truth.
void check_room(const Model& model, std::uint64_t n, std::uint64_t steps) {
  const Certificate c = certificate(model, n, symmetry, steps, 2);
  const std::vector<Truth> truths = truth(model, n);
  for (const Step& step : c.steps) {
    Real sum = 0;
    Integer correct = 0;
    std::optional<Rational> margin;
    for (std::uint64_t y = step.range.from; y < step.range.to; ++y) {
      sum += truths[y].loss;
      correct += truths[y].correct;
      if (truths[y].margin) margin = std::min(margin.value_or(*truths[y].margin), *truths[y].margin);
    }
    const Real room = Real("1e-13") * Real(inputs_in(*over_vocabulary(c.task), step.range.labels()));
    CHECK(real(step.loss->lo) <= (sum > room ? Real(sum - room) : Real(0)));
    CHECK(real(step.loss->hi) >= sum + room);
    CHECK(step.correct == CorrectInputs{correct, correct});
    REQUIRE(step.margin.has_value() == margin.has_value());
    if (margin) CHECK(*step.margin <= *margin - Rational(1, power(10, 13)));
    if (margin) CHECK(*step.margin >= *margin - Rational(1, power(10, 9)));
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
  const Model model = random_model(9, 3, 1, 1);
  const Certificate e = certificate(model, 3, enumeration, 4, 2), s = certificate(model, 3, symmetry, 4, 2);
  for (std::size_t i = 0; i < e.steps.size(); ++i) {
    CHECK(e.steps[i].loss->hi == s.steps[i].loss->hi);
    CHECK(e.steps[i].correct == s.steps[i].correct);
    CHECK(*e.steps[i].margin == *s.steps[i].margin);
    CHECK(e.steps[i].rule == "enumeration@1");
    CHECK(s.steps[i].rule == "symmetry@1");
    if (i + 1 == e.steps.size()) CHECK(e.steps[i].operations > s.steps[i].operations);
  }
}

TEST_CASE("convexity states upper ends, and counts that are true") {
  for (const std::uint64_t V : {1, 2, 5, 9})
    for (const std::uint64_t n : {1, 2, 3, 4})
      for (const bool learnt : {false, true})
        for (const std::uint64_t steps : {std::uint64_t(1), V}) {
          const Model model = learnt ? peaked_model(V, 200, static_cast<unsigned>(V + n))
                                     : random_model(V, 3, 1.5, static_cast<unsigned>(V + n));
          const Certificate c = certificate(model, n, convexity, steps, 2);
          const std::vector<Truth> truths = truth(model, n);
          for (const Step& step : c.steps) {
            Real sum = 0;
            Integer correct = 0;
            for (std::uint64_t y = step.range.from; y < step.range.to; ++y) {
              sum += truths[y].loss;
              correct += truths[y].correct;
            }
            CHECK(real(step.loss->hi) >= sum);
            if (!step.correct) continue; // where none is shown to be correct
            CHECK(step.correct->least <= correct);
            CHECK(step.correct->most == inputs_in(*over_vocabulary(c.task), step.range.labels()));
          }
          const auto json = nlohmann::json::parse(text(c));
          CHECK(json["claims"].size() == (c.steps.front().correct ? 3 : 2));
          for (const auto& step : json["steps"]) {
            CHECK(step["rule"] == "convexity@1");
            CHECK(step["loss"][0] == "0x0p+0");
          }
        }
}

TEST_CASE("the same bytes for 1, 2 and 5 threads") {
  for (const auto& [n, V] : {std::pair<std::uint64_t, std::uint64_t>{1, 40}, {2, 200}, {3, 25}}) {
    const Model model = random_model(V, 5, 1, 7);
    const std::string one = text(certificate(model, n, symmetry, 7, 1));
    CHECK(one == text(certificate(model, n, symmetry, 7, 2)));
    CHECK(one == text(certificate(model, n, symmetry, 7, 5)));
    CHECK(text(certificate(model, n, convexity, 7, 1)) == text(certificate(model, n, convexity, 7, 5)));
  }
}

TEST_CASE("the text is what FORMAT.md says") {
  const Model model = random_model(6, 3, 1, 8);
  const Certificate c = certificate(model, 2, symmetry, 3, 1);
  const auto json = nlohmann::json::parse(text(c));
  CHECK(json.size() == 9);
  CHECK(json["format"] == "proofmark-certificate");
  CHECK(json["version"] == 2);
  CHECK(json["claims"].size() == 6);
  CHECK(json["claims"][0] ==
        nlohmann::json{{"quantity", "cross-entropy"}, {"direction", "upper"}, {"bound", c.claims[0].bound}});
  CHECK(json["task"] == nlohmann::json::parse(R"({"inputs": {"ranges": [[0, 6], [0, 6]]}, "label": {"name": "max"}})"));
  CHECK(json["model"]["architecture"].dump() == token_sum_family.architecture(2));
  CHECK(json["model"]["sha256"] == model_sha256(model, 2));
  CHECK(json["model"]["tensors"].size() == 3);
  CHECK(json["model"]["tensors"]["embedding.weight"]["shape"] == nlohmann::json{3, 6});
  CHECK(json["model"]["tensors"]["embedding.weight"]["dtype"] == "float64");
  CHECK(json["model"]["tensors"]["embedding.weight"]["data"].get<std::string>().size() == 192);
  CHECK(json["witnesses"].empty());
  REQUIRE(json["steps"].size() == 3);
  Integer budgets = json["tables"]["operations"].get<std::uint64_t>();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(json["steps"][i].size() == 7);
    CHECK(json["steps"][i]["id"] == i);
    CHECK(json["steps"][i]["labels"] == nlohmann::json{2 * i, 2 * i + 2});
    CHECK(json["steps"][i]["loss"].size() == 2);
    CHECK(json["steps"][i]["correct"].size() == 2);
    CHECK(json["steps"][i]["margin"].is_string());
    budgets += json["steps"][i]["operations"].get<std::uint64_t>();
  }
  // Five numbers of three steps are added and compared, six claims multiplied and compared.
  CHECK(length(c) == budgets + 2 * 5 * 3 + 2 * 6);
  CHECK(json["claims"][5] ==
        nlohmann::json{{"quantity", "length"}, {"direction", "upper"}, {"bound", length(c).str()}});
}

TEST_CASE("the digest of a model is of what it computes and of its tensors, as FORMAT.md says") {
  Model model = random_model(2, 1, 1, 8);
  std::string bytes =
      "proofmark-model 2\n"
      R"(architecture {"blocks":[],"embedding":{"tokens":{"layout":"width,tokens","weight":"embedding.weight"}},)"
      R"("pool":"sum","positions":3,"readout":[{"layout":"out,in","weight":"linear.weight"},)"
      R"({"layout":"out,in","weight":"unembedding.weight"}]})"
      "\n";
  const char* const lines[] = {"embedding.weight float64 1x2\n", "linear.weight float64 1x1\n",
                               "unembedding.weight float64 2x1\n"};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<std::uint8_t> data = model.tensors[i].bytes;
    bytes += lines[i];
    bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  CHECK(model_sha256(model, 3) == Sha256().update(bytes).hex());
  CHECK(model_sha256(model, 2) != model_sha256(model, 3)); // another function
  model.tensors[1].bytes[0] ^= 1;
  CHECK(model_sha256(model, 3) != Sha256().update(bytes).hex());
}

TEST_CASE("descriptions of both families are read back") {
  for (const Family* const family : families()) {
    const std::string described = family->architecture(4);
    CHECK(nlohmann::json::parse(described).dump() == described);
    CHECK(family_described(described) == family);
  }
  const auto transformer = nlohmann::json::parse(attention_only_family.architecture(4));
  CHECK(transformer["embedding"]["positions"] == "pos_embed.W_pos");
  CHECK(transformer["blocks"][0]["attention"]["output"]["layout"] == "heads,head,out");
}

TEST_CASE("what is left out of a certificate is not stated and not claimed") {
  const Model model = random_model(4, 2, 1, 8);
  const auto json = [&](const Quantities& quantities) {
    return nlohmann::json::parse(text(certificate(model, 2, symmetry, 2, 1, quantities)));
  };
  const auto loss = json({true, false, false, false});
  CHECK(loss["claims"].size() == 2);
  CHECK(loss["steps"][0].contains("loss"));
  CHECK_FALSE(loss["steps"][0].contains("correct"));
  CHECK_FALSE(loss["steps"][0].contains("margin"));
  const auto margin = json({false, false, true, false});
  CHECK(margin["claims"].size() == 1);
  CHECK_FALSE(margin["steps"][0].contains("loss"));
  CHECK(margin["steps"][0].contains("margin"));
  CHECK(margin["steps"][0]["operations"] > loss["steps"][0]["operations"]); // which needs no logits
}

TEST_CASE("a model with one output has no margin, and steps take at least one operation") {
  const Certificate c = certificate(random_model(1, 2, 1, 8), 2, symmetry, 1, 1);
  CHECK_FALSE(c.steps[0].margin);
  ProofOptions options;
  options.strategy = "enumeration";
  CHECK(proved(random_transformer(1, 2, 3, 3, 0.5, 1), options).certificate.steps[0].operations == 1);
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
