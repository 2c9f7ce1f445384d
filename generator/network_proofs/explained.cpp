#include "network_proofs/explained.hpp"

#include "explanations/labellings.hpp"
#include "explanations/partitions.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace proofmark::network_proofs {

namespace {

using Json = nlohmann::ordered_json;
using explanations::BlockTables;
using explanations::LowRank;

constexpr const char *open_key = "open", *budget_key = "budget";
constexpr std::string_view searched = "search", exactly = "exact", written_out = "list";

// ---- what both take: the price -----------------------------------------------------------------------------------------

void require_said_once(const StrategyOptions& given, const char* key) {
  if (given.parameters().count(key) != 0)
    throw Error(Exit::usage, fmt::format("--{} and the explanation's '{}' say the same thing", key, key),
                "keep one of them");
}

void read_price(const JsonPlace& root, StrategyOptions& options) {
  for (const char* key : {open_key, budget_key})
    if (root.has(key)) require_said_once(options, key);
  if (root.has(open_key))
    options.open = parse_open(root.at(open_key).text("a decimal in quotes such as \"0\", or \"none\""));
  if (root.has(budget_key))
    options.budget = parse_budget(root.at(budget_key).text("a decimal in quotes such as \"0.1\""));
}

void write_price(Json& json, const StrategyOptions& options) {
  if (options.open) json[open_key] = options.open->text;
  if (options.budget) json[budget_key] = options.budget->text;
}

// ---- low-rank ----------------------------------------------------------------------------------------------------------

// cos and sin of 2 pi k / p, the doubles nearest to them on every machine.
std::array<double, 2> on_circle(std::uint64_t k, std::uint64_t p) {
  constexpr mpfr_prec_t bits = 128;
  mpfr_t angle, cosine, sine;
  mpfr_inits2(bits, angle, cosine, sine, static_cast<mpfr_ptr>(nullptr));
  mpfr_const_pi(angle, MPFR_RNDN);
  mpfr_mul_ui(angle, angle, 2 * (k % p), MPFR_RNDN);
  mpfr_div_ui(angle, angle, p, MPFR_RNDN);
  mpfr_sin_cos(sine, cosine, angle, MPFR_RNDN);
  const std::array<double, 2> result{mpfr_get_d(cosine, MPFR_RNDN), mpfr_get_d(sine, MPFR_RNDN)};
  mpfr_clears(angle, cosine, sine, static_cast<mpfr_ptr>(nullptr));
  return result;
}

void read_frequencies(const JsonPlace& root, std::uint64_t classes, LowRank& result) {
  if (!root.has("frequencies") && !root.has("modulus")) return;
  if (!root.has("frequencies") || !root.has("modulus"))
    root.refuse_as(fmt::format("has no '{}'", root.has("modulus") ? "frequencies" : "modulus"),
                   "frequencies k stand for the rows cos and sin(2 pi k c / modulus) over the classes c");
  const std::uint64_t modulus = root.at("modulus").whole_number(2, limits::vocabulary);
  const JsonPlace at = root.at("frequencies");
  result.modulus = modulus;
  const std::size_t count = at.elements(1, modulus, "frequencies");
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t k = at.at(i).whole_number(0, modulus / 2);
    if (!seen.insert(k).second) at.refuse_as(fmt::format("has the frequency {} twice", k), "");
    result.frequencies.push_back(k);
    std::vector<double> cosines, sines;
    for (std::uint64_t c = 0; c < classes; ++c) {
      const auto [cosine, sine] = on_circle(k * (c % modulus), modulus);
      cosines.push_back(cosine), sines.push_back(sine);
    }
    result.directions.push_back(std::move(cosines));
    if (2 * k % modulus != 0) result.directions.push_back(std::move(sines));
  }
}

void read_labellings(const JsonPlace& at, const FiniteTask& task, LowRank& result) {
  constexpr std::size_t most = 64;
  constexpr std::uint64_t most_inputs = 1u << 28;
  const std::size_t count = at.elements(0, most, "labellings");
  if (size_of(task.domain) > most_inputs)
    at.refuse_as(fmt::format("would have a label for each of {} inputs, expected at most {}",
                             size_of(task.domain).str(), most_inputs),
                 "--inputs 0..2,0..2,5 takes fewer inputs");
  const auto inputs = static_cast<std::uint64_t>(size_of(task.domain));
  result.labellings.emplace();
  for (std::size_t i = 0; i < count; ++i) {
    const JsonPlace own = at.at(i);
    if (own.is_text()) {
      const std::string name = own.text("");
      try {
        result.labellings->push_back({name, explanations::labelling_named(name, task)});
      } catch (const std::invalid_argument& error) {
        own.refuse_as(std::string("is no labelling: ") + error.what(),
                      "token@0, label, difference-modulo:113@0,1, or what 'proofmark task' lists");
      } catch (const Error& error) {
        own.refuse_as(std::string("is no labelling: ") + error.what(),
                      "token@0, label, difference-modulo:113@0,1, or what 'proofmark task' lists");
      }
      continue;
    }
    own.elements(inputs, inputs, "labels, one an input");
    explanations::NamedLabelling list{std::string(written_out), {}};
    for (std::uint64_t j = 0; j < inputs; ++j)
      list.labels.push_back(static_cast<std::uint16_t>(own.at(j).whole_number(0, 65535)));
    result.labellings->push_back(std::move(list));
  }
}

LowRank low_rank(const explanations::File& file, std::uint64_t classes, const FiniteTask& task,
                 StrategyOptions& options) {
  file.require_keys(std::array{"rank", "frequencies", "modulus", "keep", "labellings", open_key, budget_key});
  const JsonPlace root = file.fields();
  LowRank result;
  read_price(root, options);
  read_frequencies(root, classes, result);
  if (root.has("rank")) {
    require_said_once(options, "rank");
    result.rank = root.at("rank").whole_number(0, limits::width);
    if (*result.rank < result.directions.size())
      root.at("rank").refuse(fmt::format("at least the {} rows of the frequencies", result.directions.size()),
                             "each frequency is two rows, cos and sin");
  }
  if (root.has("keep")) result.keep = root.at("keep").positive_number(static_cast<double>(limits::width));
  if (root.has("labellings")) read_labellings(root.at("labellings"), task, result);
  return result;
}

Json written(const LowRank& said, Json json) {
  if (said.rank) json["rank"] = *said.rank;
  if (said.modulus != 0) json["modulus"] = said.modulus, json["frequencies"] = said.frequencies;
  if (said.keep) json["keep"] = *said.keep;
  if (said.labellings) {
    json["labellings"] = Json::array();
    for (const explanations::NamedLabelling& labelling : *said.labellings)
      json["labellings"].push_back(labelling.name == written_out ? Json(labelling.labels) : Json(labelling.name));
  }
  return json;
}

// ---- block-tables ------------------------------------------------------------------------------------------------------

// How many symbols each side has: the last position with more than one token, and all positions before it.
struct Symbols {
  std::uint64_t right = 1, left = 1;
};

Symbols symbols_of(const Domain& domain) {
  Symbols result;
  bool found = false;
  for (auto range = domain.ranges.rbegin(); range != domain.ranges.rend(); ++range) {
    const std::uint64_t tokens = range->to - range->from;
    (found ? result.left : result.right) *= tokens;
    found = found || tokens > 1;
  }
  return result;
}

explanations::Partition partition(const JsonPlace& at, std::uint64_t symbols) {
  if (at.is_text()) {
    const std::string name = at.text("");
    try {
      return {name, explanations::partition_named(name, symbols), {}};
    } catch (const std::invalid_argument& error) {
      at.refuse_as(fmt::format("is {}: {}", in_quotes(name), error.what()),
                   "docs/explanations.md lists the names of partitions");
    }
  }
  at.elements(symbols, symbols, "numbers of blocks, one a symbol");
  std::vector<std::uint64_t> labels;
  for (std::uint64_t i = 0; i < symbols; ++i)
    labels.push_back(at.at(i).whole_number(0, std::min<std::uint64_t>(symbols, 65536) - 1));
  return {std::string(written_out), explanations::in_order(labels), {}};
}

explanations::Side side(const JsonPlace& at, std::uint64_t symbols) {
  explanations::Side result;
  std::set<std::uint64_t> seen;
  const std::size_t count = at.elements(1, limits::width, "partitions");
  for (std::size_t i = 0; i < count; ++i) {
    const JsonPlace own = at.at(i);
    if (own.is_text() && own.text("") == searched) {
      result.search = true;
      continue;
    }
    if (!own.value().is_object()) {
      result.partitions.push_back(partition(own, symbols));
      continue;
    }
    own.require_keys({"partition"}, {"neurons"});
    result.partitions.push_back(partition(own.at("partition"), symbols));
    if (!own.has("neurons")) continue;
    const JsonPlace neurons = own.at("neurons");
    std::vector<std::uint64_t> list;
    for (std::size_t j = 0, n = neurons.elements(1, limits::width, "neurons"); j < n; ++j) {
      list.push_back(neurons.at(j).whole_number(0, limits::width - 1));
      if (!seen.insert(list.back()).second)
        neurons.at(j).refuse_as(fmt::format("is the neuron {} again", list.back()), "a neuron follows one partition");
    }
    result.partitions.back().neurons = std::move(list);
  }
  return result;
}

BlockTables block_tables(const explanations::File& file, const FiniteTask& task, StrategyOptions& options) {
  file.require_keys(std::array{"right", "left", "radii", open_key, budget_key});
  const JsonPlace root = file.fields();
  if (!task.domain.is_product())
    throw Error(Exit::usage, "--strategy block-tables takes inputs as ranges, and these are listed",
                "--inputs 0..120,0..120 has one range a position");
  const Symbols symbols = symbols_of(task.domain);
  BlockTables result;
  read_price(root, options);
  if (root.has("right")) result.right = side(root.at("right"), symbols.right);
  if (root.has("left")) {
    const JsonPlace left = root.at("left");
    if (left.is_text() && left.text("") != exactly)
      left.refuse("a list of partitions, or 'exact'", "'exact' leaves the left side as it is");
    result.two_sided = !left.is_text();
    if (!left.is_text()) result.left = side(left, symbols.left);
  }
  if (root.has("radii")) {
    constexpr std::array<std::string_view, 2> words = {"norms", "positive-parts"};
    result.positive_parts = root.at("radii").word(words) == 1;
  }
  return result;
}

Json written(const explanations::Side& said) {
  Json json = Json::array();
  for (const explanations::Partition& partition : said.partitions) {
    const std::string name = explanations::name_of(partition.blocks);
    Json own{{"partition", name.empty() ? Json(partition.blocks) : Json(name)}};
    if (partition.neurons) own["neurons"] = *partition.neurons;
    json.push_back(std::move(own));
  }
  if (said.search) json.push_back(searched);
  return json;
}

Json written(const BlockTables& said, Json json) {
  if (said.right) json["right"] = written(*said.right);
  if (said.two_sided == false)
    json["left"] = exactly;
  else if (said.left)
    json["left"] = written(*said.left);
  if (said.positive_parts) json["radii"] = *said.positive_parts ? "positive-parts" : "norms";
  return json;
}

} // namespace

Explained explained(const explanations::File& file, const networks::DescribedModel& model, const FiniteTask& task,
                    const StrategyOptions& given) {
  Explained result{{}, given};
  if (file.strategy() == "low-rank")
    result.explanation = low_rank(file, model.network.classes, task, result.options);
  else if (file.strategy() == "block-tables")
    result.explanation = block_tables(file, task, result.options);
  else
    throw Error(Exit::usage,
                fmt::format("--strategy {} takes no explanation of a described network", printable(file.strategy())),
                "low-rank and block-tables do; docs/explanations.md");
  return result;
}

std::string explanation_of(std::string_view strategy, const NetworkExplanation& explanation,
                           const StrategyOptions& options) {
  Json json = explanations::begun(std::string(strategy));
  if (const auto* said = std::get_if<LowRank>(&explanation))
    json = written(*said, std::move(json));
  else if (const auto* tables = std::get_if<BlockTables>(&explanation))
    json = written(*tables, std::move(json));
  else
    return {};
  write_price(json, options);
  return explanations::text_of(json);
}

} // namespace proofmark::network_proofs
