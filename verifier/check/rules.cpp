#include "check/rules.hpp"

#include "check/block_tables.hpp"
#include "check/check.hpp"
#include "check/features.hpp"
#include "kernel/integers.hpp"
#include "models/matrices.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"

#include <algorithm>

namespace verifier {
namespace {

constexpr WitnessUse of_head_tail[] = {
    {.name = "heads", .needed = "the outputs of each token's head"},
    {.name = "head-sizes", .needed = "the head size of each level"},
    {.name = "levels"},
    {.name = "column-groups"},
    {.name = "column-weights", .most_positions = 3},
    {.name = "token-multipliers"},
    {.name = "label-multipliers"},
};
constexpr WitnessUse of_block_jensen[] = {
    {.name = "blocks", .needed = "the first token of each block"},
    {.name = "block-multipliers"},
};
constexpr WitnessUse of_columns[] = {
    {.name = "near", .needed = "how many tokens below a label are near"},
    {.name = "heads"},
    {.name = "joint"},
};
constexpr WitnessUse of_placements[] = {
    {.name = "near", .needed = "how many tokens below a label are near"},
    {.name = "filled", .needed = "up to how many near positions are filled in full"},
};
constexpr WitnessUse of_low_rank[] = {
    {.name = "basis"},        {.name = "metric"},        {.name = "labels"},         {.name = "label-counts"},
    {.name = "label-tables"}, {.name = "opened-inputs"}, {.name = "opened-classes"},
};
constexpr WitnessUse of_block_tables[] = {
    {.name = "right-groups", .needed = "the group of each neuron"},
    {.name = "right-blocks", .needed = "the block of each symbol in each group"},
    {.name = "right-tree"},
    {.name = "right-fold"},
    {.name = "left-groups"},
    {.name = "left-blocks"},
    {.name = "left-trees"},
    {.name = "radii", .needed = "the kind of each group"},
    {.name = "opened-inputs"},
    {.name = "opened-classes"},
};
constexpr WitnessUse of_subcubic[] = {
    {.name = "gaps", .needed = "the gaps that it shows"},
};

namespace token_sum = rules::token_sum;
namespace attention = rules::attention;
namespace any = rules::any;

std::optional<std::string> why_no_low_rank(const Certificate& certificate) {
  if (!ends_with_maps(certificate.architecture)) return "a readout that ends with a map";
  if (certificate.task.inputs() > mpz_class(1) << 32) return "at most 2^32 inputs";
  return std::nullopt;
}

constexpr Rule registry[] = {
    {.name = "block-jensen@1",
     .close = token_sum::block_jensen,
     .least_positions = 2,
     .most_positions = 2,
     .loss_from_above = true,
     .whole_blocks = true,
     .witnesses = of_block_jensen},
    {.name = "convexity@1", .close = token_sum::convexity, .loss_from_above = true},
    {.name = "enumeration@1", .close = token_sum::enumeration, .exact = true},
    {.name = "head-tail@1",
     .close = token_sum::head_tail,
     .least_positions = 2,
     .loss_from_above = true,
     .loss_from_below = true,
     .witnesses = of_head_tail},
    {.name = "symmetry@1", .close = token_sum::symmetry, .exact = true},
    {.name = "band@1", .close = attention::band, .witnesses = of_columns},
    {.name = "cubic@1", .close = attention::cubic},
    {.name = "enumeration@1", .close = attention::enumeration, .exact = true},
    {.name = "near-far@1", .close = attention::near_far, .witnesses = of_columns},
    {.name = "placements@1",
     .close = attention::placements,
     .loss_from_above = true,
     .loss_from_below = true,
     .witnesses = of_placements},
    {.name = "soft-near-far@1", .close = attention::soft_near_far, .loss_from_above = true, .witnesses = of_columns},
    {.name = "subcubic@1", .close = attention::subcubic, .witnesses = of_subcubic},
    {.name = "block-tables@1",
     .close = any::block_tables,
     .exact = true,
     .by_sets = true,
     .whole_rows = true,
     .why_not = why_no_block_tables,
     .witnesses = of_block_tables},
    {.name = "enumeration@1", .close = any::enumeration, .exact = true},
    {.name = "low-rank@1",
     .close = any::low_rank,
     .exact = true,
     .by_sets = true,
     .why_not = why_no_low_rank,
     .witnesses = of_low_rank},
};

std::string positions_in_words(const Rule& rule) {
  const std::string from = std::to_string(rule.least_positions), to = std::to_string(rule.most_positions);
  return rule.most_positions == limits::context ? "at least " + from : from == to ? from : from + " to " + to;
}

// The names of all rules for which this is so, each once.
template <class Is>
std::string names_of(Is is) {
  std::vector<std::string> names;
  for (const Rule& rule : registry)
    if (is(rule)) names.emplace_back(rule.name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The rule of that name for such models, tasks and ranges.
const Rule& rule_for(const Certificate& certificate, const Step& step) {
  const ModelShape shape = shape_of(certificate.architecture);
  if (const Rule* rule = find_rule(shape, certificate.parts, step.rule)) return *rule;
  const std::string place = "/steps/" + std::to_string(step.id);
  const auto closes = [&](Parts parts) {
    return std::ranges::any_of(registry, [&](const Rule& r) { return r.name == step.rule && r.parts() == parts; });
  };
  require(closes(Parts::labels) || closes(Parts::inputs), reason::rule_unknown, place + "/rule", known_rules(),
          shown(step.rule));
  const bool labels = certificate.parts == Parts::labels;
  require(closes(certificate.parts), reason::rule_steps, place + (labels ? "/labels" : "/inputs"),
          step.rule + " with a range of " + (labels ? "inputs" : "labels"),
          std::string("a range of ") + (labels ? "labels" : "inputs"));
  const std::string others = names_of([&](const Rule& r) { return r.parts() == Parts::labels && r.is_for(shape); });
  fail(reason::rule_task, place + "/rule",
       others.empty() ? "ranges of inputs, and a rule for any description: enumeration@1"
                      : "a rule for this description: " + others,
       step.rule + ", which is for another");
}

// Rows of the embedding, of one map.
std::uint64_t tokens(const Certificate& certificate) {
  const Map& map = certificate.architecture.tokens.front();
  return Cut::of(map, certificate.tensors.at(map.weight).shape).value().shape().rows;
}

// A rule for ranges of labels is for the largest of all tokens.
void require_largest_of_all(const Certificate& certificate, const std::string& name, const std::string& place) {
  const std::uint64_t V = certificate.classes;
  require(tokens(certificate) == V && is_max_of(certificate.task, V), reason::rule_task, place, "a rule for this task",
          name + " by labels, which is for the largest of all tokens");
}

// The rule can close this step.
void require_closable(const Certificate& certificate, const Rule& rule, const Step& step) {
  const std::string place = "/steps/" + std::to_string(step.id);
  const std::string name(rule.name);
  const std::uint64_t V = certificate.classes, n = certificate.architecture.positions;
  if (rule.parts() == Parts::labels) require_largest_of_all(certificate, name, place + "/rule");
  if (const auto why_not = rule.why_not ? rule.why_not(certificate) : std::nullopt)
    fail(reason::rule_task, place + "/rule", *why_not, name + " for another");
  if (rule.whole_rows) {
    const mpz_class inputs = integer(right_symbols(certificate.task));
    require(step.from % inputs == 0 && step.to % inputs == 0, reason::step_blocks, place + "/inputs",
            "multiples of " + inputs.get_str() + ", the tokens of the last position that has several",
            "[" + step.from.get_str() + ", " + step.to.get_str() + ")");
  }
  if (rule.is_for(ModelShape::attention_only) && rule.parts() == Parts::labels)
    require(V <= limits::attention_vocabulary, reason::limit_vocabulary, "/model",
            "at most " + std::to_string(limits::attention_vocabulary) + " tokens and classes, for " + name,
            std::to_string(V));
  require(rule.least_positions <= n && n <= rule.most_positions, reason::rule_context, place + "/rule",
          name + " with " + positions_in_words(rule) + " positions", std::to_string(n));
  if (step.loss) {
    require(rule.loss_from_above, reason::rule_loss, place + "/loss", "no loss, of which " + name + " says nothing",
            "a loss");
    require(rule.loss_from_below || step.loss->lower == 0, reason::rule_direction, place + "/loss/0",
            "0x0p+0: " + name + " bounds the loss from above only", "a positive number");
  }
  if (step.correct)
    require(rule.exact || inputs_of(certificate, step) <= step.correct->most, reason::correct_count,
            place + "/correct/1", "all inputs: " + name + " bounds correct ones from below only",
            step.correct->most.get_str());
  if (step.margin)
    require(rule.exact && V > 1, reason::rule_margin, place + "/margin",
            V > 1 ? "no margin, of which " + name + " says nothing" : "no margin, where there is one class",
            "a margin");
}

void require_witnesses(const Certificate& certificate, std::span<const Rule* const> rules) {
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(certificate.witnesses, [&](const Tensor& t) { return t.name == name; });
  };
  for (const Tensor& witness : certificate.witnesses) {
    const auto takes_it = [&](const WitnessUse& use) {
      return use.name == witness.name && certificate.architecture.positions <= use.most_positions;
    };
    require(
        std::ranges::any_of(rules, [&](const Rule* rule) { return std::ranges::any_of(rule->witnesses, takes_it); }),
        reason::witness_unused, "/witnesses", "witnesses that the rules of the steps take", shown(witness.name));
  }
  for (const Rule* rule : rules)
    for (const WitnessUse& use : rule->witnesses)
      require(use.needed.empty() || has(use.name), reason::witness_missing, "/witnesses",
              "\"" + std::string(use.name) + "\": " + std::string(rule->name) + " needs " + std::string(use.needed));
}

} // namespace

Parts Rule::parts() const {
  return std::holds_alternative<OfAny>(close) ? Parts::inputs : Parts::labels;
}
bool Rule::is_for(ModelShape shape) const {
  if (std::holds_alternative<OfTokenSum>(close)) return shape == ModelShape::token_sum;
  return std::holds_alternative<OfAny>(close) || shape == ModelShape::attention_only;
}

std::span<const Rule> all_rules() {
  return registry;
}

const Rule* find_rule(ModelShape shape, Parts parts, std::string_view name) {
  const auto* found = std::ranges::find_if(
      registry, [&](const Rule& rule) { return rule.name == name && rule.parts() == parts && rule.is_for(shape); });
  return found == std::end(registry) ? nullptr : found;
}

std::string known_rules() {
  return names_of([](const Rule&) { return true; });
}

std::vector<const Rule*> rules_of_steps(const Certificate& certificate) {
  std::vector<const Rule*> rules;
  for (const Step& step : certificate.steps) {
    try {
      const Rule& rule = rule_for(certificate, step);
      require_closable(certificate, rule, step);
      rules.push_back(&rule);
    } catch (Failure& failure) {
      failure.rule = step.rule;
      throw;
    }
  }
  std::vector<const Rule*> each = rules;
  std::ranges::sort(each);
  each.erase(std::unique(each.begin(), each.end()), each.end()); // clang 14 has no std::ranges::unique of this library
  require_witnesses(certificate, each);
  return rules;
}

} // namespace verifier
