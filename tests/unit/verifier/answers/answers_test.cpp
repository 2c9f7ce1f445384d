// Answers: what is said in words, and what a receipt has.
#include "answers/receipt.hpp"
#include "answers/words.hpp"
#include "reading/forms.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace verifier;

namespace {

Task task_of(std::string_view text) {
  Document document(text, forms::task);
  return read_task(document.root());
}

Task max_of(std::uint64_t V, std::size_t n) {
  Task task;
  task.ranges.assign(n, {0, V});
  task.label.name = "max";
  return task;
}

Outline outline(Task task, const std::string& rest) { // of the description, with one map of tokens "E"
  const std::string text = "{\"positions\": " + std::to_string(task.positions()) +
                           R"(, "embedding": {"tokens": {"weight": "E", "layout": "tokens,width"}}, )" + rest + "}";
  Document document(text, forms::architecture);
  document.require_form();
  Outline result{};
  result.task = std::move(task);
  result.architecture = read_architecture(document.root());
  return result;
}

// What stands between the quotes of the keys on the second level, in order.
std::vector<std::string> keys(const std::string& json) {
  std::vector<std::string> result;
  for (std::size_t at = json.find("\n  \""); at != std::string::npos; at = json.find("\n  \"", at + 1))
    result.push_back(json.substr(at + 4, json.find('"', at + 4) - at - 4));
  return result;
}

} // namespace

TEST_CASE("a description in words") {
  const std::string sum = R"("blocks": [], "pool": "sum",
    "readout": [{"weight": "W", "layout": "in,out"}, {"weight": "U", "layout": "out,in"}])";
  CHECK(function_in_words(outline(max_of(2048, 2), sum)) ==
        "2 tokens of 2048, summed; no nonlinearity, no normalisation");
  // Not every position has the tokens 0 .. V-1: no number of tokens is named.
  const Task equals = task_of(R"({"inputs": {"ranges": [[0, 113], [113, 114]]}, "label": {"name": "max"}})");
  CHECK(function_in_words(outline(equals, sum)) == "2 tokens, summed; no nonlinearity, no normalisation");
}

TEST_CASE("claims in words") {
  const Task task = max_of(10, 3);
  CHECK(in_words(Claim{Quantity::cross_entropy, Direction::upper, 0, "0.2"}, task) ==
        "the mean cross-entropy over all 1000 inputs is at most 0.2 nats");
  CHECK(in_words(Claim{Quantity::cross_entropy, Direction::lower, 0, "0.2"}, task) ==
        "the mean cross-entropy over all 1000 inputs is at least 0.2 nats");
  CHECK(in_words(Claim{Quantity::accuracy, Direction::lower, 0, "0.9"}, task) ==
        "the share of all 1000 inputs that are classified correctly is at least 0.9");
  CHECK(in_words(Claim{Quantity::accuracy, Direction::upper, 0, "1"}, task) ==
        "the share of all 1000 inputs that are classified correctly is at most 1");
  CHECK(in_words(Claim{Quantity::margin, Direction::lower, 0, "-0.5"}, task) ==
        "the margin of every input is at least -0.5 nats");
  CHECK(in_words(Claim{Quantity::length, Direction::upper, 0, "107"}, task) == "checking takes at most 107 operations");
}

TEST_CASE("tasks in words") {
  Certificate certificate{};
  certificate.steps.emplace_back();
  const auto first_line = [&](Task task) {
    certificate.task = std::move(task);
    const std::string text = explanation(certificate);
    const std::size_t from = text.find("Task: ") + 6;
    return text.substr(from, text.find('\n', from) - from);
  };
  CHECK(first_line(max_of(10, 3)) == "from 3 tokens out of 10, drawn uniformly, name the largest.");
  CHECK(first_line(
            task_of(R"({"inputs": {"ranges": [[0, 9], [9, 10]]}, "label": {"name": "max", "positions": [1, 0]}})")) ==
        "from 2 tokens, drawn uniformly from 0 .. 8, 9 .. 9, name the largest of those at 1, 0.");
  CHECK(first_line(task_of(R"({"inputs": {"list": {"dtype": "uint8", "shape": [2, 2], "data": "AAEBAA=="}},
                              "label": {"table": {"dtype": "uint8", "shape": [2], "data": "AP8="}}})")) ==
        "from 2 tokens, one of 2 listed inputs, name the label that a table gives.");
}

TEST_CASE("a receipt has its keys in order, and digests of files only where there were files") {
  Run run;
  run.verdict = Verdict::malformed;
  run.failure = Failure(reason::json_syntax, "/");
  CHECK(keys(receipt(run)) == std::vector<std::string>{"format", "version", "verdict", "reason", "certificate_sha256",
                                                       "model_sha256", "task", "architecture", "function", "formula",
                                                       "claims", "operations", "engine", "precision", "verifier"});
  run.weights_sha256 = run.claim_sha256 = std::string(64, '0');
  run.parts_sha256 = {std::string(64, '1')};
  run.engine = Engine::reference;
  const std::string text = receipt(run);
  CHECK(keys(text) == std::vector<std::string>{"format", "version", "verdict", "reason", "certificate_sha256",
                                               "model_sha256", "weights_sha256", "claim_sha256", "task", "architecture",
                                               "function", "formula", "claims", "operations", "engine", "precision",
                                               "verifier", "joined"});
  CHECK(text.find("\"precision\": 128") != std::string::npos);
}
