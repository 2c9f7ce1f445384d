// proofmark evaluate: enclosures of what a model computes on a few inputs, and whose numbers lie elsewhere.

#include "networks/evaluate.hpp"
#include "commands/commands.hpp"
#include "families/described_model.hpp"
#include "models/model_file.hpp"
#include "networks/evaluation/answers.hpp"
#include "networks/tasks/number_rows.hpp"
#include "networks/tasks/spelled.hpp"
#include "networks/words.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <memory>
#include <sstream>
#include <thread>

namespace proofmark {

namespace {

using namespace networks;

struct Options {
  std::string model, architecture, label, input, tokens, expect, tolerance;
  unsigned threads = 1;
  bool json = false;
};

// "3,7"
Domain one_input(const std::string& text) {
  Domain result;
  std::istringstream list(text + ",");
  for (std::string word; std::getline(list, word, ',');) {
    Token token = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), token);
    if (error != std::errc() || end != word.data() + word.size() || word.empty())
      throw Error(Exit::usage, fmt::format("--input has {}, expected a token", in_quotes(word)),
                  "tokens are whole numbers between commas: --input 3,7");
    result.list.push_back(token);
  }
  result.positions = result.list.size();
  return result;
}

Domain listed_inputs(const Options& options) {
  if (options.input.empty() == options.tokens.empty())
    throw Error(Exit::usage, options.input.empty() ? "there is no input" : "--input and --tokens exclude each other",
                "give --input 3,7, or --tokens FILE with one input a row");
  if (options.tokens.empty()) return one_input(options.input);
  const NumberRows rows = read_number_rows(options.tokens);
  if (rows.rows() == 0)
    throw Error(Exit::data, in_quotes(options.tokens) + " has no input", "write the tokens of one input a row");
  Domain result;
  result.positions = rows.columns;
  result.list = rows.numbers;
  return result;
}

std::string input_text(const Domain& domain, std::uint64_t index) {
  std::string text;
  for (std::uint64_t p = 0; p < domain.positions; ++p)
    text += fmt::format("{}{}", p == 0 ? "" : ",", domain.list[index * domain.positions + p]);
  return text;
}

Inputs inputs_of(const Domain& domain, const Network& network) {
  if (domain.positions != network.positions)
    throw Error(Exit::data,
                fmt::format("an input has {} tokens, expected {}, the positions of the model", domain.positions,
                            network.positions),
                "");
  Inputs inputs;
  inputs.tokens.resize(domain.positions);
  for (std::uint64_t i = 0; i < domain.list.size(); ++i) {
    const std::uint64_t position = i % domain.positions;
    if (domain.list[i] >= network.vocabulary(position))
      throw Error(Exit::data,
                  fmt::format("the input {} has token {} at position {}, expected one below {}",
                              input_text(domain, i / domain.positions), domain.list[i], position,
                              network.vocabulary(position)),
                  "positions and tokens are counted from 0");
    inputs.tokens[position].push_back(domain.list[i]);
  }
  return inputs;
}

std::vector<Token> labels_of(const Labelling& labelling, const Domain& domain, std::uint64_t classes) {
  require_labels({domain, labelling}, classes);
  std::vector<Token> labels;
  for (std::uint64_t i = 0; i * domain.positions < domain.list.size(); ++i) {
    const auto input = std::span(domain.list).subspan(i * domain.positions, domain.positions);
    labels.push_back(static_cast<Token>(*label_of(labelling, i, input)));
  }
  return labels;
}

std::vector<Evaluated> evaluated(const Options& options, const Domain& domain, const Network& network) {
  const Inputs inputs = inputs_of(domain, network);
  std::vector<Token> labels;
  if (!options.label.empty()) labels = labels_of(parse_label(options.label, domain), domain, network.classes);
  const Matrix<Interval> values = [&] {
    Progress progress("evaluating");
    return logits<Interval>(network, inputs, options.threads, [&](double done) { progress(done); });
  }();
  std::vector<Evaluated> result(values.rows);
  for (std::size_t i = 0; i < values.rows; ++i) {
    result[i].input = input_text(domain, i);
    result[i].logits.assign(values.row(i), values.row(i) + values.columns);
    for (const Interval& value : result[i].logits)
      if (!finite(value))
        throw Error(Exit::data, fmt::format("a logit of the input {} is too large to be enclosed", result[i].input),
                    "");
  }
  if (labels.empty()) return result;
  const auto of_labels = losses(values, labels);
  for (std::size_t i = 0; i < values.rows; ++i) result[i].label = labels[i], result[i].loss = of_labels[i].loss;
  return result;
}

void run(const Options& options) {
  if (options.expect.empty() != options.tolerance.empty())
    throw Error(Exit::usage,
                options.expect.empty() ? "--tolerance is of --expect, which is not given"
                                       : "--expect needs --tolerance: how far your numbers may lie outside",
                "of a float32 forward pass often 1e-4; no number is assumed");
  std::optional<Rational> tolerance;
  if (!options.tolerance.empty()) {
    tolerance = parse_number(options.tolerance);
    if (!tolerance || *tolerance < 0)
      throw Error(Exit::usage, "--tolerance is " + in_quotes(options.tolerance) + ", expected a number from 0",
                  "for example 1e-4");
  }
  const Domain domain = listed_inputs(options);
  const SafetensorsFile file = read_model_file(options.model);
  const Description description = description_of(file, options.architecture, domain.positions);
  const Network network = networks::network(description, file);
  const std::vector<Evaluated> results = evaluated(options, domain, network);
  std::vector<Outside> outside;
  std::size_t compared = 0;
  if (tolerance) outside = numbers_outside(results, options.expect, *tolerance, compared);
  const std::string function = in_one_line(description, network);
  if (options.json) {
    nlohmann::ordered_json document = {
        {"function", function}, {"formula", formula(description)}, {"evaluated", json(results)}};
    if (tolerance) document["compared"] = compared, document["outside"] = json(outside, results);
    print(json_text(document));
  } else {
    say(function + "\n" + formula(description) + "\n");
    print(text(results));
    for (const Outside& number : outside) say(text(number, results) + "\n");
  }
  if (!outside.empty())
    throw Error(Exit::not_verified,
                fmt::format("{} of {} numbers lie farther than {} outside their enclosures", outside.size(), compared,
                            options.tolerance),
                "the description says another function than the one that gave these numbers, or the tolerance is less "
                "than its rounding");
  if (tolerance) say(fmt::format("all {} numbers lie within {} of their enclosures\n", compared, options.tolerance));
}

} // namespace

Command evaluate_command() {
  const auto options = std::make_shared<Options>();
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  return {
      "evaluate",
      "Enclose a model's logits on some inputs, and compare them with your own.",
      {required(text("", "MODEL", options->model,
                     "the model, a safetensors file or the index of several; - for standard input"))},
      {
          text("--architecture", "FILE", options->architecture,
               "its description (default: what the file or the names of its tensors say)"),
          text("--label", "NAME", options->label, "enclose the loss too, with this label (proofmark task lists them)"),
          text("--input", "TOKENS", options->input, "one input, its tokens between commas"),
          text("--tokens", "CSV", options->tokens, "inputs, one a row"),
          text("--expect", "CSV", options->expect,
               "what your own forward pass gives: the logits of one input a row, then perhaps its loss"),
          text("--tolerance", "T", options->tolerance, "how far these may lie outside the enclosures"),
          threads(options->threads, "default: every core"),
          flag("--json", options->json, "print JSON"),
      },
      R"(What is enclosed is the value of the real function that the description says, of the stored weights as exact
numbers. So --expect notices a description that says something else than your program computes.

Exit codes: 0, done, and all numbers of --expect lie within the tolerance; 1, some do not, and each is named; 64, 65,
66 as for the other commands.

examples:
  proofmark evaluate model.safetensors --architecture model.json --input 3,7
  proofmark evaluate model.safetensors --architecture model.json --tokens inputs.csv --label max
  proofmark evaluate model.safetensors --architecture model.json --tokens inputs.csv --expect logits.csv \
    --tolerance 1e-4
)",
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
