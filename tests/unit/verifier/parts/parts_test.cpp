// Parts: how steps are divided, and the file, which is read as it was written or not at all.
#include "parts/json_writer.hpp"
#include "parts/part_file.hpp"
#include "reading/forms.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace verifier;

namespace {

std::string reason_of(auto&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return std::string(failure.reason.code);
  }
  return "none";
}

Architecture architecture() {
  Document document(
      R"({"positions": 2, "embedding": {"tokens": {"weight": "e \"\\", "layout": "width,tokens"}}, "blocks": [],
    "pool": "sum", "readout": [{"weight": "w", "layout": "out,in"}, {"weight": "u", "layout": "out,in"}]})",
      forms::architecture);
  return read_architecture(document.root());
}

// A certificate whose steps declare what is asked for, one label a step, with these budgets.
Certificate certificate(const std::vector<std::uint64_t>& budgets, bool loss, bool correct, bool margin) {
  Certificate result{};
  result.claims = {{Quantity::margin, Direction::lower, -1, "-1"}, {Quantity::length, Direction::upper, 1000, "1000"}};
  result.classes = budgets.size();
  result.task.ranges = {{0, result.classes}, {0, result.classes}};
  result.task.label.name = "max";
  result.architecture = architecture();
  result.model_sha256 = std::string(64, 'a');
  result.parts = Parts::labels;
  result.tables = 7;
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    Step step;
    step.id = i, step.rule = "symmetry@1", step.from = i, step.to = i + 1, step.operations = budgets[i];
    if (loss) step.loss = Step::Loss{0, mpq_class(3, 4)};
    if (correct) step.correct = Step::Correct{1, mpz_class(1) << 70};
    if (margin) step.margin = mpq_class(-3, 8);
    result.steps.push_back(step);
  }
  return result;
}

// The only part, of steps that were found to hold.
Part checked(const Certificate& certificate) {
  Part part = unchecked_part(certificate, std::string(64, 'b'), 1, 1, Engine::fast);
  part.outline.steps = certificate.steps;
  for (const Step& step : certificate.steps) {
    StepResult result;
    Established& found = result.established;
    if (step.loss)
      found.at_least = {-5, -3}, found.at_most = kernel::Total{mpz_class(1) << 200, (mpz_class(1) << 200) + 1};
    if (step.correct) found.correct_at_least = 2, found.correct_at_most = mpz_class(1) << 69;
    if (step.margin) {
      found.margin.emplace();
      if (step.id == 0) found.margin->lower = -10, found.margin->upper = -9;
    }
    result.operations = {0, 1, 0, 0, 0, 0, 2, 0};
    result.by_reference = step.id == 1;
    part.results.steps.push_back(result);
  }
  part.results.tables = {1, 2, 0, 0, 0, 0, 0, 3};
  return part;
}

std::string sealed(const std::string& text) {
  const std::size_t at = text.rfind("\"seal\"");
  return text.substr(0, at) + "\"seal\": \"" + hmac_sha256("", text.substr(0, at)) + "\"\n}\n";
}

std::string replaced(std::string text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  REQUIRE(at != std::string::npos);
  return sealed(text.replace(at, before.size(), after));
}

} // namespace

TEST_CASE("the parts take every step once, in order, and divide the budgets") {
  const std::vector<std::uint64_t> budgets = {5, 1, 1, 1, 9, 2, 1, 40, 1, 1};
  const Certificate whole = certificate(budgets, true, false, false);
  for (const std::uint64_t of : {1, 2, 3, 7, 10, 100}) {
    std::uint64_t covered = 0;
    for (std::uint64_t index = 1; index <= of; ++index) {
      const Part part = unchecked_part(whole, "", index, of, Engine::fast);
      CHECK(part.from == covered);
      std::uint64_t before = 0;
      for (std::uint64_t i = 0; i < part.from; ++i) before += budgets[i];
      CHECK(before * of >= (index - 1) * 62);
      if (part.from > 0) CHECK((before - budgets[part.from - 1]) * of < (index - 1) * 62);
      covered = part.to;
    }
    CHECK(covered == budgets.size());
  }
}

TEST_CASE("a part's file is read as it was written") {
  for (const unsigned states : {1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    const Part part = checked(certificate({4, 5, 6}, states & 1, states & 2, states & 4));
    for (const char* key : {"", "secret"}) {
      const std::string text = part_text(part, key);
      const Part read = read_part(text, key);
      CHECK(part_text(read, key) == text);
      CHECK(read.outline.steps == part.outline.steps);
      CHECK(read.results.tables == part.results.tables);
      CHECK(read.is_complete());
      CHECK(reason_of([&] { read_part(text, "another"); }) == "part-seal");
    }
  }
  const Part part = checked(certificate({4}, true, true, true));
  const Established read = read_part(part_text(part, ""), "").results.steps[0].established;
  CHECK(read.at_least.lower == 0); // no loss is below 0
  CHECK(read.at_least.upper == -3);
  CHECK(read.at_most->lower == mpz_class(1) << 200);
  CHECK(read.at_most->upper == (mpz_class(1) << 200) + 1);
  CHECK(read.correct_at_least == 2);
  CHECK(read.correct_at_most == mpz_class(1) << 69);
  CHECK(*read.margin->lower == -10);
  CHECK(*read.margin->upper == -9);
}

TEST_CASE("a part's file that says something else is refused") {
  const std::string text = part_text(checked(certificate({4}, true, true, true)), "");
  CHECK(reason_of([&] { read_part(sealed(text), ""); }) == "none");
  const auto reason = [&](const std::string& before, const std::string& after) {
    return reason_of([&] { read_part(replaced(text, before, after), ""); });
  };
  CHECK(reason("\"margin\": [\"-10\", \"-9\"]", "\"margin\": [\"-9\", \"-10\"]") == "interval-reversed");
  CHECK(reason("\"loss\": [\"0\"", "\"loss\": [\"-1\"") == "interval-reversed");
  CHECK(reason("\"correct\": [\"2\"", "\"correct\": [\"02\"") == "number-grammar");
  CHECK(reason("\"correct\": [\"2\"", "\"correct\": [\"-0\"") == "number-grammar");
  CHECK(reason("\"compare\": 2", "\"compare\": 3") == "none"); // of the step's budget of 4
  CHECK(reason("\"compare\": 2", "\"compare\": 4") == "operations-budget");
  CHECK(reason("\"read\": 3", "\"read\": 4") == "none"); // of the tables' 7
  CHECK(reason("\"read\": 3", "\"read\": 5") == "operations-budget");
  CHECK(reason("symmetry@1", "symmetry@9") == "rule-unknown");
  CHECK(reason("\"precision\": 53", "\"precision\": 54") == "part-mismatch");
  CHECK(reason("\"name\": \"proofmark-verify\"", "\"name\": \"proofmark-verity\"") == "part-mismatch");
  CHECK(reason("\"to\": 1", "\"to\": 2") == "part-coverage");
  CHECK(reason("\"id\": 0", "\"id\": 1") == "part-coverage");
}

TEST_CASE("what is written of a task and a description is what was read") {
  const Architecture model = architecture();
  Document again(architecture_json(model).text(1), forms::architecture);
  CHECK(read_architecture(again.root()).text == model.text);
  for (const char* text : {R"({"inputs": {"ranges": [[0, 3], [2, 3]]}, "label": {"name": "max", "positions": [1, 0]}})",
                           R"({"inputs": {"list": {"dtype": "uint8", "shape": [2, 2], "data": "AAEBAA=="}},
                               "label": {"table": {"dtype": "uint8", "shape": [2], "data": "AP8="}}})"}) {
    Document document(text, forms::task);
    const Task task = read_task(document.root());
    Document written(task_json(task).text(1), forms::task);
    CHECK(read_task(written.root()) == task);
  }
}

TEST_CASE("values that fit stand on one line") {
  CHECK(Output(Output::Array{std::uint64_t{1}, "two", Output()}).text(2) == "[1, \"two\", null]");
  CHECK(Output(Output::Object{}).text(2) == "{}");
  const std::string wide(118, 'x');
  CHECK(Output(Output::Array{wide}).text(2) == "[\n  \"" + wide + "\"\n]");
  CHECK(Output(Output::Object{{"a", Output::Array{wide, std::uint64_t{1}}}, {"b", std::uint64_t{2}}}).text(1) ==
        "{\n \"a\": [\n  \"" + wide + "\",\n  1\n ],\n \"b\": 2\n}");
}
