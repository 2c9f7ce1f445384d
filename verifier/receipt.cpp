#include "receipt.hpp"

#include "family.hpp"
#include "number.hpp"
#include "version.hpp"
#include "words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace verifier {
namespace {

using Json = nlohmann::ordered_json;

Json operations_json(const Operations& operations) {
  Json json;
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    json[std::string(Operations::names[i])] = operations.*Operations::kinds[i];
  json["length"] = operations.total();
  return json;
}

std::string outward(const Claim& claim, const mpq_class& bound) {
  return decimal(bound, claim.direction == Direction::upper ? Round::up : Round::down, bound_digits);
}

// How far the established bounds on the mean loss are apart, and why: what the rules leave open (the noise that worst-case
// reasoning pays for), and at most how much the arithmetic adds.
std::string gap_line(const Run& run) {
  mpq_class gap = 0, open = 0;
  for (const StepResult& step : run.result->steps) {
    gap += exact(step.loss.hi) - exact(step.loss.lo);
    // The lower bound counts from 0 on, as it does in step.loss.
    const mpq_class inner = exact(step.established.upper.lo) - std::max(mpq_class(0), exact(step.established.lower.hi));
    if (inner > 0) open += inner;
  }
  mpz_class inputs;
  mpz_ui_pow_ui(inputs.get_mpz_t(), run.certificate->task.vocabulary, run.certificate->task.context);
  gap /= inputs;
  open /= inputs;
  const mpq_class rounding = gap - open;
  return "c gap " + decimal(gap, Round::up, 3) + " nats between the bounds on the mean loss: the rules leave open " +
         decimal(gap - rounding, Round::down, 3) + ", rounding adds at most " + decimal(rounding, Round::up, 3) + "\n";
}

std::string verified_lines(const Run& run, bool verbose) {
  const Certificate& certificate = *run.certificate;
  const Result& result = *run.result;
  std::string text;
  for (std::size_t i = 0; i < certificate.claims.size(); ++i) {
    const Claim& claim = certificate.claims[i];
    text += "c claim " + in_words(claim, certificate.task) + "\n";
    text += "c established " + std::string(claim.direction == Direction::upper ? "at most " : "at least ") +
            outward(claim, result.established[i]) + ", slack " +
            decimal(abs(claim.bound - result.established[i]), Round::up, 3) + "\n";
  }
  text += gap_line(run);
  text += "c model " + certificate.model.family + " " + certificate.model.sha256 + "\n";
  text += "c steps " + std::to_string(certificate.steps.size()) + " (" + rules_used(certificate) + ")\n";
  mpz_class correct = 0, undecided = 0;
  for (const StepResult& step : result.steps) {
    correct += step.established.correct;
    undecided += step.established.undecided;
  }
  if (certificate.states_correct())
    text += "c correct " + correct.get_str() + " inputs, undecided " + undecided.get_str() + "\n";
  text += "c operations";
  for (std::size_t i = 0; i < Operations::kinds.size(); ++i)
    text += " " + std::string(Operations::names[i]) + " " + std::to_string(result.operations.*Operations::kinds[i]);
  text += "\nc length " + std::to_string(result.operations.total()) + "\n";
  text += "c profile gbmi " + std::to_string(result.operations.total() - result.operations.read) + " operations\n";
  text += "c profile tutorial " + tutorial_multiply_adds(certificate).get_str() +
          " multiply-adds when evaluated the tutorial's way\n";
  text += "c engine " + std::string(name(run.engine)) + ", " + std::to_string(precision) + " bits";
  if (result.tables_engine != name(run.engine)) text += ", fell back to " + result.tables_engine;
  if (result.decided_by_reference > 0)
    text += ", " + std::to_string(result.decided_by_reference) + " steps decided by reference";
  text += "\n";
  if (verbose) {
    for (std::size_t i = 0; i < result.steps.size(); ++i) {
      const StepResult& step = result.steps[i];
      text += "c step " + std::to_string(i) + " loss [" + hexadecimal(step.loss.lo) + ", " + hexadecimal(step.loss.hi) +
              "] correct " + step.established.correct.get_str() + ", slack " +
              decimal(abs(certificate.steps[i].loss_upper - exact(step.loss.hi)), Round::up, 3) + "\n";
    }
  }
  return text;
}

std::string failure_lines(const Failure& failure) {
  std::string text = "c reason " + std::string(code(failure.reason));
  if (!failure.pointer.empty()) text += " at " + failure.pointer;
  text += "\n";
  const auto line = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += "c " + std::string(label) + " " + value + "\n";
  };
  line("rule", failure.rule);
  line("expected", failure.expected);
  line("found", failure.found);
  line("by", failure.by);
  line("hint:", failure.hint);
  return text;
}

} // namespace

std::string receipt(const Run& run) {
  Json json;
  json["format"] = "proofmark-receipt";
  json["version"] = 1;
  json["verdict"] = std::string(name(run.verdict));
  json["reason"] = run.failure ? Json(std::string(code(run.failure->reason))) : Json(nullptr);
  json["certificate_sha256"] = run.certificate_sha256;
  json["model_sha256"] = run.certificate ? Json(run.certificate->model.sha256) : Json(nullptr);
  json["task"] = nullptr;
  json["claims"] = nullptr;
  if (run.certificate) {
    const Task& task = run.certificate->task;
    json["task"] = {{"name", "max"}, {"context", task.context}, {"vocabulary", task.vocabulary}, {"inputs", "uniform"}};
    json["claims"] = Json::array();
    for (std::size_t i = 0; i < run.certificate->claims.size(); ++i) {
      const Claim& claim = run.certificate->claims[i];
      json["claims"].push_back(
          {{"quantity", std::string(name(claim.quantity))},
           {"direction", std::string(name(claim.direction))},
           {"bound", claim.text},
           {"established", run.result ? Json(outward(claim, run.result->established[i])) : Json(nullptr)}});
    }
  }
  json["operations"] = run.result ? operations_json(run.result->operations) : Json(nullptr);
  json["engine"] = std::string(name(run.engine));
  json["precision"] = precision;
  json["verifier"] = {{"name", program_name}, {"version", program_version}};
  return json.dump(2) + "\n";
}

std::string summary(const Run& run, bool verbose) {
  std::string text = "s " + std::string(name(run.verdict)) + "\n";
  if (run.verdict == Verdict::verified) return text + verified_lines(run, verbose);
  if (run.failure) text += failure_lines(*run.failure);
  return text;
}

} // namespace verifier
