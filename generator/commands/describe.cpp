// proofmark describe: from the names of a model's tensors to its description, with '?' for what no tensor shows.

#include "commands/commands.hpp"
#include "files/atomic_file.hpp"
#include "files/places.hpp"
#include "models/model_file.hpp"
#include "networks/naming/draft.hpp"
#include "networks/network.hpp"
#include "networks/words.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/spelling.hpp"

#include <fmt/format.h>

#include <memory>

namespace proofmark {

namespace {

using namespace networks;

struct Options {
  std::string model, like, prefix, config, output;
  std::vector<std::string> facts;
};

bool same_network(const Parts& a, const Parts& b) {
  return draft(a, {}, {}) == draft(b, {}, {});
}

std::string listed(const std::vector<std::string>& names, std::string_view what) {
  return names.empty() ? std::string() : fmt::format("{}: {}\n", what, joined(names, ", "));
}

// What the description leaves out, by name.
std::string left_out(const Parts& parts, const SafetensorsFile& file) {
  std::vector<std::string> zeros, others;
  for (const Tensor* bias : parts.zero_biases) zeros.push_back(printable(bias->name));
  for (const Tensor* tensor : parts.others)
    others.push_back(fmt::format("{} {}", printable(tensor->name), shape_text(tensor->shape)));
  for (const OtherTensor& tensor : file.others)
    others.push_back(fmt::format("{} {} {}", printable(tensor.name), tensor.type, shape_text(tensor.shape)));
  return listed(zeros, "left out, biases of zeros") + listed(others, "left out, no part of the network");
}

std::string open_text(const nlohmann::ordered_json& json, bool configurations) {
  std::vector<std::string> open = open_places(nlohmann::json(json));
  if (open.empty()) return {};
  const std::string settings = settings_for(open);
  for (std::string& place : open) place = printable(place);
  return listed(open, "a person must say ('?')") + "hint: write it there, or give " + settings +
         (configurations ? ", or --config FILE, TransformerLens' configuration" : "") + "\n";
}

void run(const Options& options) {
  require_apart({{"the model", options.model}, {"--config", options.config}}, {{"--output", options.output}});
  Facts facts;
  for (const std::string& text : options.facts) say_fact(facts, text);
  if (!options.config.empty()) read_configuration(facts, options.config);
  const SafetensorsFile file = read_model_file(options.model);
  const Parts parts = parts_of(file, options.like, options.prefix, same_network);
  const nlohmann::ordered_json result = draft(parts, facts, file);
  network(read_description(filled_in(result).dump(), "the draft"), file.tensors); // whether the shapes fit
  write_file(options.output, readable(result));
  say(fmt::format("names of {}; {} block{}\n", parts.scheme->name, parts.blocks, parts.blocks == 1 ? "" : "s"));
  for (const std::string& note : taken_for_granted(parts, facts, file)) facts.notes.push_back(note);
  for (const std::string& note : facts.notes) say("note: " + note + "\n");
  if (open_places(nlohmann::json(result)).empty()) say(formula(read_description(result.dump(), "the draft")) + "\n");
  if (const std::string text =
          left_out(parts, file) +
          open_text(result, options.config.empty() && parts.scheme->name.starts_with("transformer-lens"));
      !text.empty())
    say(text);
}

std::string notes() {
  std::string text = "Schemes of names, for --like:\n";
  for (const Scheme& scheme : schemes()) text += fmt::format("  {:<20}{}\n", scheme.name, scheme.summary);
  return text + "\nWhat no tensor shows, for --set:\n" + fact_help() + R"(
What no tensor shows stands as '?' in the description, and a person must say it: in the file, or with --set. A
description with a '?' is refused everywhere. One that says something else than the model computes cannot be noticed
by looking at tensors: compare with your own forward pass ('proofmark evaluate --expect').

examples:
  proofmark describe model.safetensors --output model.json
  proofmark describe model.safetensors --config config.json --set pool=last --output model.json
  proofmark describe model.safetensors.index.json --like torch --prefix module. --set heads=4 --output model.json
)";
}

} // namespace

Command describe_command() {
  const auto options = std::make_shared<Options>();
  return {"describe",
          "Write the description of a model from the names of its tensors.",
          {required(text("", "MODEL", options->model,
                         "the model, a safetensors file or the index of several; - for standard input"))},
          {
              word("--like", options->like, {"scheme", "schemes", scheme_names()}, "whose names they are (below)"),
              text("--prefix", "TEXT", options->prefix, "what all names of the network begin with, such as module."),
              text("--config", "FILE", options->config, "what a configuration of TransformerLens says, as JSON"),
              texts("--set", "KEY=VALUE", options->facts, "what no tensor shows (below)"),
              required(text("--output", "FILE", options->output, "the description to write, - for standard output")),
          },
          notes(),
          [options](const Given&) { run(*options); }};
}

} // namespace proofmark
