#include "proofs/explained.hpp"

#include "certificates/witness_elements.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <set>
#include <string_view>

namespace proofmark {

namespace {

using Json = nlohmann::ordered_json;
using explanations::ByLabel;
using explanations::OfFamily;

// What is being read, and into what.
struct Reading {
  const Task& task;
  std::string_view strategy;
  StrategyOptions options;
  OfFamily said;

  std::uint64_t V() const { return task.vocabulary; }
  bool heads_are_of_labels() const { return strategy != "head-tail" && strategy != "mixed"; }
};

// ---- one value for all, a list with one for each, or an object with those of some ------------------------------------

std::uint64_t label_in(const JsonPlace& at, const std::string& key, std::uint64_t V) {
  const bool digits = !key.empty() && key.size() < 6 && key.find_first_not_of("0123456789") == key.npos;
  if (!digits || std::stoull(key) >= V || std::to_string(std::stoull(key)) != key)
    at.refuse_as(fmt::format("has the key {}, expected a token from 0 to {}", in_quotes(key), V - 1), "");
  return std::stoull(key);
}

// Calls each(label, its place) for those of which something is said: a list may say null, an object leave a label out.
void for_each_said(const JsonPlace& at, std::uint64_t V, const char* what,
                   const std::function<void(std::uint64_t, const JsonPlace&)>& each) {
  if (at.value().is_object()) {
    for (const auto& [key, ignored] : at.value().items()) each(label_in(at, key, V), at.at(key.c_str()));
    return;
  }
  at.elements(V, V, what);
  for (std::uint64_t i = 0; i < V; ++i)
    if (const JsonPlace own = at.at(i); !own.value().is_null()) each(i, own);
}

template <class Value, class Read>
ByLabel<Value> by_label(const JsonPlace& at, std::uint64_t V, const char* what, const Read& read) {
  ByLabel<Value> result(V);
  for_each_said(at, V, what, [&](std::uint64_t label, const JsonPlace& own) { result[label] = read(label, own); });
  return result;
}

bool for_all(const JsonPlace& at) {
  return !at.value().is_structured();
}

// ---- the fields ------------------------------------------------------------------------------------------------------

void read_top(const JsonPlace& at, Reading& r) {
  r.options.top = at.whole_number(1, r.V());
}

void read_outputs(const JsonPlace& at, Reading& r) {
  r.options.outputs = at.whole_number(0, r.V() < 2 ? 0 : r.V() - 2);
}

void read_heads(const JsonPlace& at, Reading& r) {
  r.said.heads.resize(r.V());
  std::size_t longest = 0;
  const std::uint64_t most = r.heads_are_of_labels() ? r.options.outputs : r.options.top.value_or(0);
  for_each_said(at, r.V(), "heads, one a token", [&](std::uint64_t label, const JsonPlace& own) {
    own.elements(0, most != 0 ? most : r.V(), "outputs");
    for (std::size_t i = 0; i < own.value().size(); ++i) {
      const auto output = static_cast<std::uint16_t>(own.at(i).whole_number(0, r.V() - 1));
      std::vector<std::uint16_t>& head = r.said.heads[label];
      if (std::find(head.begin(), head.end(), output) != head.end())
        own.refuse_as(fmt::format("has the output {} twice", output), "each output stands in a head once");
      if (r.heads_are_of_labels() && output == label)
        own.refuse_as(fmt::format("has the output {}, which is the label itself", output),
                      "the head of a label holds wrong outputs");
      head.push_back(output);
    }
    longest = std::max(longest, own.value().size());
  });
  if (!r.heads_are_of_labels() || r.options.outputs != 0) return;
  if (longest + 2 > r.V())
    at.refuse_as(fmt::format("has {} outputs of a label, and the model has {} outputs", longest, r.V()),
                 "one output is the label's, and one at least must be left for the tail");
  r.options.outputs = longest;
}

void read_groups(const JsonPlace& at, Reading& r) {
  if (for_all(at)) {
    r.options.groups = at.whole_number(1, r.V());
    return;
  }
  at.elements(r.V(), r.V(), "groups, one an output");
  std::set<std::uint64_t> all;
  for (std::uint64_t k = 0; k < r.V(); ++k) {
    r.said.groups.push_back(static_cast<std::uint16_t>(at.at(k).whole_number(0, r.V() - 1)));
    all.insert(r.said.groups.back());
  }
  if (*all.rbegin() + 1 != all.size())
    at.refuse_as(fmt::format("has {} groups, and the largest is {}", all.size(), *all.rbegin()),
                 "groups are counted from 0, and each has an output");
  r.options.groups = all.size();
}

void read_weights(const JsonPlace& at, Reading& r) {
  if (for_all(at)) {
    r.options.weights = at.truth();
    return;
  }
  at.elements(r.V(), r.V(), "weights, one an output");
  constexpr double most = 1e30; // and not below its inverse, so that a float holds it
  for (std::uint64_t k = 0; k < r.V(); ++k) {
    const double weight = at.at(k).positive_number(most);
    if (weight < 1 / most) at.at(k).refuse(fmt::format("a number from {} to {}", 1 / most, most), "");
    r.said.weights.push_back(static_cast<float>(weight));
  }
  r.options.weights = true;
}

void read_multipliers(const JsonPlace& at, Reading& r) {
  r.options.multipliers = at.truth();
}

void read_budget(const JsonPlace& at, Reading& r) {
  r.options.budget = parse_budget(at.text("a decimal in quotes such as \"0.02\""));
}

void read_blocks(const JsonPlace& at, Reading& r) {
  if (for_all(at)) {
    r.options.blocks = at.whole_number(1, r.V());
    return;
  }
  const std::size_t count = at.elements(1, r.V(), "tokens, with which a block begins each");
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t least = i == 0 ? 0 : r.said.blocks.back().from + 1, most = i == 0 ? 0 : r.V() - 1;
    if (least > most) at.refuse_as("has a block after the last token", "");
    const std::uint64_t from = at.at(i).whole_number(least, most);
    if (i > 0) r.said.blocks.back().to = from;
    r.said.blocks.push_back({from, r.V()});
  }
}

void read_rules(const JsonPlace& at, Reading& r) {
  constexpr std::array<std::string_view, 3> words = {"symmetry", "convexity", "head-tail"};
  const std::size_t count = at.elements(1, r.V(), "strategies, one a step");
  for (std::size_t i = 0; i < count; ++i) r.said.rules.emplace_back(words[at.at(i).word(words)]);
}

void read_near(const JsonPlace& at, Reading& r) {
  const bool may_be_open = r.strategy != "placements";
  if (at.is_text() && may_be_open) {
    if (at.text("") != "best") at.refuse("a number of tokens, 'best', or a list of numbers", "");
    r.options.near.reset();
  } else if (for_all(at)) {
    r.options.near = at.whole_number(0, limits::attention_vocabulary - 1);
  } else {
    r.said.near =
        by_label<std::uint16_t>(at, r.V(), "numbers, one a label", [](std::uint64_t label, const JsonPlace& own) {
          return static_cast<std::uint16_t>(own.whole_number(0, label));
        });
    if (may_be_open) r.options.near.reset(); // each label has its own, and those that are left open are searched
  }
}

void read_joint(const JsonPlace& at, Reading& r) {
  if (for_all(at))
    r.options.joint = at.truth();
  else
    r.said.joint = by_label<bool>(at, r.V(), "words, true or false, one a label",
                                  [](std::uint64_t, const JsonPlace& own) { return own.truth(); });
}

void read_fill(const JsonPlace& at, Reading& r) {
  constexpr std::uint64_t most = 63;
  if (for_all(at))
    r.options.fill = at.whole_number(0, most);
  else
    r.said.fill = by_label<std::uint64_t>(at, r.V(), "numbers, one a label", [](std::uint64_t, const JsonPlace& own) {
      return own.whole_number(0, most);
    });
}

void read_gaps(const JsonPlace& at, Reading& r) {
  const std::uint64_t V = r.V(), n = r.task.context;
  r.said.gaps.resize(V * V * n);
  const auto slots = [&](std::uint64_t m, std::uint64_t q) { return q < m ? n - 1 : n; }; // 0 .. this, and less
  const auto most = [&](std::uint64_t m, std::uint64_t q, std::uint64_t s) {
    return s >= slots(m, q) || (q == m && s == 0) ? 0 : q < m ? m - q : m;
  };
  const auto same = [&](const JsonPlace& own, std::uint64_t m, std::uint64_t q) { // as far as there may be such a gap
    const std::uint64_t gap = own.whole_number(0, V);
    for (std::uint64_t s = 0; s < n; ++s)
      r.said.gaps[(m * V + q) * n + s] = static_cast<std::uint16_t>(std::min(gap, most(m, q, s)));
  };
  const auto of_query = [&](const JsonPlace& own, std::uint64_t m, std::uint64_t q) {
    if (for_all(own)) return same(own, m, q);
    own.elements(n, n, "gaps, one for each number of free slots that do not hold the label");
    for (std::uint64_t s = 0; s < n; ++s)
      if (const JsonPlace one = own.at(s); !one.value().is_null())
        r.said.gaps[(m * V + q) * n + s] = static_cast<std::uint16_t>(one.whole_number(0, most(m, q, s)));
  };
  const auto of_label = [&](const JsonPlace& own, std::uint64_t m) {
    if (for_all(own)) {
      for (std::uint64_t q = 0; q <= m; ++q) same(own, m, q);
      return;
    }
    for_each_said(own, m + 1, "queries, from 0 to the label",
                  [&](std::uint64_t q, const JsonPlace& one) { of_query(one, m, q); });
  };
  if (for_all(at))
    for (std::uint64_t m = 0; m < V; ++m) of_label(at, m);
  else
    for_each_said(at, V, "gaps, one a label", [&](std::uint64_t m, const JsonPlace& own) { of_label(own, m); });
}

struct Field {
  const char* key;
  bool is_option; // prove has one of this name
  void (*read)(const JsonPlace&, Reading&);
};

constexpr Field top{"top", true, read_top}, outputs{"outputs", true, read_outputs}, heads{"heads", false, read_heads},
    groups{"groups", true, read_groups}, weights{"weights", true, read_weights},
    multipliers{"multipliers", true, read_multipliers}, budget{"budget", true, read_budget},
    blocks{"blocks", true, read_blocks}, rules{"rules", false, read_rules}, near{"near", true, read_near},
    joint{"joint", true, read_joint}, fill{"fill", true, read_fill}, gaps{"gaps", false, read_gaps};

struct OfStrategy {
  std::string_view strategy;
  std::vector<Field> fields; // in the order in which they are read
};

const std::vector<OfStrategy>& strategies() {
  static const std::vector<OfStrategy> all = {
      {"head-tail", {top, heads, groups, weights, multipliers, budget}},
      {"mixed", {rules, heads, multipliers, budget}},
      {"block-jensen", {blocks}},
      {"band", {near, outputs, heads, joint}},
      {"near-far", {near, outputs, heads, joint}},
      {"soft-near-far", {near, outputs, heads, joint}},
      {"placements", {near, fill}},
      {"subcubic", {gaps}},
  };
  return all;
}

const std::vector<Field>* fields_of(const std::string& strategy) {
  for (const OfStrategy& row : strategies())
    if (row.strategy == strategy) return &row.fields;
  return nullptr;
}

// ---- writing ---------------------------------------------------------------------------------------------------------

template <class Element>
std::vector<Element> elements(const Certificate& certificate, const char* name) {
  const auto found = certificate.witnesses.find(name);
  if (found == certificate.witnesses.end()) return {};
  return elements_of<Element>(found->second);
}

Json rows(const std::vector<std::uint16_t>& values, std::uint64_t width) {
  Json result = Json::array();
  for (std::size_t i = 0; i < values.size(); i += width)
    result.push_back(std::vector<std::uint16_t>(values.begin() + static_cast<std::ptrdiff_t>(i),
                                                values.begin() + static_cast<std::ptrdiff_t>(i + width)));
  return result;
}

} // namespace

bool takes_explanation(const std::string& strategy) {
  return fields_of(strategy) != nullptr;
}

StrategyOptions explained(const explanations::File& file, const Task& task, const StrategyOptions& given) {
  const std::vector<Field>* const fields = fields_of(file.strategy());
  if (!fields)
    throw Error(Exit::usage, fmt::format("--strategy {} takes no explanation: it has no witnesses", file.strategy()),
                "docs/explanations.md lists the strategies that take one");
  std::vector<const char*> keys;
  for (const Field& field : *fields) keys.push_back(field.key);
  file.require_keys(keys);
  const std::map<std::string, std::string> on_command_line = given.parameters();
  const JsonPlace root = file.fields();
  Reading reading{task, file.strategy(), given, {}};
  for (const Field& field : *fields) {
    if (!root.has(field.key)) continue;
    if (field.is_option && on_command_line.count(field.key) != 0)
      throw Error(Exit::usage, fmt::format("--{} and the explanation's '{}' say the same thing", field.key, field.key),
                  "keep one of them");
    field.read(root.at(field.key), reading);
  }
  reading.options.explained = std::make_shared<const OfFamily>(std::move(reading.said));
  return reading.options;
}

std::string explanation_of(const std::string& strategy, const StrategyOptions& options,
                           const Certificate& certificate) {
  const std::vector<Field>* const fields = fields_of(strategy);
  if (!fields) return {};
  Json json = explanations::begun(strategy);
  const std::uint64_t V = certificate.classes, n = certificate.task.domain.positions;
  const auto has = [&](const char* witness) { return certificate.witnesses.count(witness) != 0; };
  const auto list = [&](const char* witness) { return elements<std::uint16_t>(certificate, witness); };
  const auto width = [&](const char* witness) { return certificate.witnesses.at(witness).shape.back(); };
  // Where every output of every token is in its head, there is nothing to say of heads.
  const bool all_in_heads = list("head-sizes") == std::vector{static_cast<std::uint16_t>(V)};
  // What was given as a number or a word stands as such, and what was found as a list.
  for (const Field& field : *fields) {
    const std::string_view key = field.key;
    if (key == "top" && options.top) json["top"] = *options.top;
    if (key == "outputs" && options.outputs != 0) json["outputs"] = options.outputs;
    if (key == "heads" && has("heads") && !all_in_heads) json["heads"] = rows(list("heads"), width("heads"));
    if (key == "groups" && has("column-groups")) json["groups"] = list("column-groups");
    if (key == "weights" && has("column-weights")) json["weights"] = elements<float>(certificate, "column-weights");
    if (key == "multipliers" && !options.multipliers) json["multipliers"] = false;
    if (key == "budget" && options.budget) json["budget"] = options.budget->text;
    if (key == "blocks") json["blocks"] = options.blocks ? Json(*options.blocks) : Json(list("blocks"));
    if (key == "rules") {
      json["rules"] = Json::array();
      for (const Step& step : certificate.steps) json["rules"].push_back(step.rule.substr(0, step.rule.find('@')));
    }
    if (key == "near") {
      const bool by_label = options.explained && !options.explained->near.empty();
      json["near"] = options.near && !by_label ? Json(*options.near) : Json(list("near"));
    }
    if (key == "joint") {
      const std::vector<std::uint8_t> joint = elements<std::uint8_t>(certificate, "joint");
      if (options.explained && !options.explained->joint.empty() && has("joint"))
        json["joint"] = std::vector<bool>(joint.begin(), joint.end());
      else
        json["joint"] = has("joint");
    }
    if (key == "fill") {
      const bool by_label = options.explained && !options.explained->fill.empty();
      json["fill"] = by_label ? Json(elements<std::uint8_t>(certificate, "filled")) : Json(options.fill);
    }
    if (key == "gaps") {
      const std::vector<std::uint16_t> all = list("gaps");
      json["gaps"] = Json::array();
      for (std::uint64_t m = 0; m < V; ++m)
        json["gaps"].push_back(rows({all.begin() + static_cast<std::ptrdiff_t>(m * V * n),
                                     all.begin() + static_cast<std::ptrdiff_t>((m * V + m + 1) * n)},
                                    n));
    }
  }
  return explanations::text_of(json);
}

} // namespace proofmark
