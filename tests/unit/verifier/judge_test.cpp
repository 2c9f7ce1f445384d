// The verifier as a function: bytes and a question in, verdict and digests out.
#include "certificates.hpp"

#include "judge.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cfenv>
#include <stdexcept>
#include <string>

using namespace verifier;
using certificates::Tree;

namespace {

Tree good() {
  Tree tree = certificates::token_sum();
  for (Tree& step : tree["steps"]) {
    step["loss"] = {"0x0p+0", "0x1p+20"}, step["correct"] = {0, 9}, step["margin"] = "-0x1p+20";
    step["operations"] = 1 << 20;
  }
  tree["tables"]["operations"] = 1 << 20;
  tree["claims"] = Tree::array({{{"quantity", "accuracy"}, {"direction", "lower"}, {"bound", "0"}}});
  return tree;
}
std::string claim_about(const Tree& certificate, const std::string& bound) {
  return Tree{{"format", "proofmark-claim"},
              {"version", 2},
              {"task", certificate["task"]},
              {"model_sha256", certificate["model"]["sha256"]},
              {"claims", Tree::array({{{"quantity", "accuracy"}, {"direction", "lower"}, {"bound", bound}}})}}
      .dump();
}
Judgement judged(const std::string& text, const Question& question = {}, const Options& options = {}) {
  return judge(in_one_piece(text), question, options);
}

} // namespace

TEST_CASE("a proof that holds is verified, with what it established and the digest of its bytes") {
  const std::string text = good().dump();
  for (const Engine engine : {Engine::fast, Engine::reference}) {
    const Judgement judgement = judged(text, {}, {.engine = engine});
    CHECK(judgement.verdict == Verdict::verified);
    CHECK_FALSE(judgement.failure.has_value());
    REQUIRE(judgement.result.has_value());
    CHECK(judgement.result->established.size() == 1);
    REQUIRE(judgement.outline.has_value());
    CHECK(judgement.outline->steps.size() == 2);
    CHECK(judgement.certificate_sha256 == sha256(text));
    CHECK(judgement.claim_sha256.empty());
    CHECK(judgement.weights_sha256.empty());
  }
  // In pieces of any size.
  for (const std::size_t size : {1U, 7U, 1000U}) {
    std::size_t at = 0;
    const Judgement judgement = judge(
        [&] {
          const std::string_view piece = std::string_view(text).substr(at, size);
          at += piece.size();
          return piece;
        },
        {}, {});
    CHECK(judgement.verdict == Verdict::verified);
    CHECK(judgement.certificate_sha256 == sha256(text));
  }
}

TEST_CASE("what is wrong is told, with the verdict of its reason and without a result") {
  const auto told = [](const std::string& text, Verdict verdict, Reason reason, bool well_formed,
                       const Question& question = {}) {
    const Judgement judgement = judged(text, question);
    CHECK(judgement.verdict == verdict);
    REQUIRE(judgement.failure.has_value());
    CHECK(judgement.failure->reason.code == reason.code);
    CHECK_FALSE(judgement.result.has_value());
    CHECK(judgement.outline.has_value() == well_formed);
    CHECK(judgement.certificate_sha256 == sha256(text));
    CHECK(judgement.claim_sha256 == (question.claim ? sha256(*question.claim) : ""));
    CHECK(judgement.weights_sha256 == (question.weights ? sha256(*question.weights) : ""));
  };
  const Tree tree = good();
  told(tree.dump() + "x", Verdict::malformed, reason::json_syntax, false);
  Tree changed = tree;
  changed["version"] = 1;
  told(changed.dump(), Verdict::declined, reason::version_unknown, false);
  changed = tree;
  changed["steps"][1]["loss"][1] = "0x1p-20";
  told(changed.dump(), Verdict::rejected, reason::loss_upper, true);
  changed = tree;
  changed["claims"][0]["bound"] = "1";
  told(changed.dump(), Verdict::rejected, reason::claim_not_implied, true);
  changed = tree;
  changed["steps"][1]["rule"] = "symmetry@9";
  told(changed.dump(), Verdict::declined, reason::rule_unknown, true);
  changed = tree;
  changed["steps"][0]["operations"] = 1;
  told(changed.dump(), Verdict::rejected, reason::operations_budget, true);

  // The reviewer's question.
  const Question asked{.claim = claim_about(tree, "0"), .weights = {}, .weights_path = {}};
  const Judgement answered = judged(tree.dump(), asked);
  CHECK(answered.verdict == Verdict::verified);
  CHECK(answered.claim_sha256 == sha256(*asked.claim));
  told(tree.dump(), Verdict::rejected, reason::claim_mismatch, true,
       {.claim = claim_about(tree, "0.5"), .weights = {}, .weights_path = {}});
  told(tree.dump(), Verdict::malformed, reason::safetensors, true, {.claim = {}, .weights = "x", .weights_path = "f"});
}

TEST_CASE("nothing is thrown but a stop that was asked for") {
  const std::string text = good().dump();
  const Judgement failed = judge([]() -> std::string_view { throw std::runtime_error("no \n more"); }, {}, {});
  CHECK(failed.verdict == Verdict::error);
  REQUIRE(failed.failure.has_value());
  CHECK(failed.failure->reason == reason::internal);
  CHECK(failed.failure->found.find('\n') == std::string::npos);
  const Judgement without_memory = judge([]() -> std::string_view { throw std::bad_alloc(); }, {}, {});
  CHECK(without_memory.verdict == Verdict::error);
  CHECK(without_memory.failure->expected == "enough memory");
  const std::atomic<bool> stop = true;
  CHECK_THROWS_AS(judged(text, {}, {.stop = &stop}), Interrupted);

  std::fesetround(FE_TOWARDZERO);
  const Judgement rounded = judged(text);
  std::fesetround(FE_TONEAREST);
  CHECK(rounded.verdict == Verdict::error);
}
