#include "check/rules.hpp"

#include "check/check.hpp"
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
constexpr WitnessUse of_subcubic[] = {
    {.name = "gaps", .needed = "the gaps that it shows"},
};

namespace token_sum = rules::token_sum;
namespace attention = rules::attention;

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
};

std::string positions_in_words(const Rule& rule) {
  const std::string from = std::to_string(rule.least_positions), to = std::to_string(rule.most_positions);
  return rule.most_positions == limits::context ? "at least " + from : from == to ? from : from + " to " + to;
}

// Rows of the embedding.
std::uint64_t tokens(const Certificate& certificate) {
  const Map& map = certificate.architecture.tokens;
  const auto& shape = certificate.tensors.at(map.weight).shape;
  return shape.at(map.layout == Layout::tokens_width ? 0 : 1);
}

// The rule can close this step.
void require_closable(const Certificate& certificate, const Rule& rule, const Step& step) {
  const std::string place = "/steps/" + std::to_string(step.id);
  const std::string name(rule.name);
  const std::uint64_t V = certificate.classes, n = certificate.architecture.positions;
  require(tokens(certificate) == V && is_max_of(certificate.task, V), reason::rule_task, place + "/rule",
          "a rule for this task", name + ", which is for the largest of all tokens");
  require(certificate.parts == Parts::labels, reason::rule_steps, place + "/inputs", name + " with a range of labels",
          "a range of inputs");
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

ModelShape Rule::shape() const {
  return std::holds_alternative<OfTokenSum>(close) ? ModelShape::token_sum : ModelShape::attention_only;
}

std::span<const Rule> all_rules() {
  return registry;
}

const Rule* find_rule(ModelShape shape, std::string_view name) {
  const auto* found =
      std::ranges::find_if(registry, [&](const Rule& rule) { return rule.shape() == shape && rule.name == name; });
  return found == std::end(registry) ? nullptr : found;
}

std::string known_rules(ModelShape shape) {
  std::string names;
  for (const Rule& rule : registry)
    if (rule.shape() == shape) names += (names.empty() ? "" : ", ") + std::string(rule.name);
  return names;
}

std::vector<const Rule*> rules_of_steps(const Certificate& certificate) {
  const ModelShape shape = shape_of(certificate.architecture);
  require(shape != ModelShape::other, reason::architecture_unsupported, "/model/architecture",
          "a description with rules: token-sum, attention-only", "another one");
  std::vector<const Rule*> rules;
  for (const Step& step : certificate.steps) {
    try {
      const Rule* rule = find_rule(shape, step.rule);
      require(rule != nullptr, reason::rule_unknown, "/steps/" + std::to_string(step.id) + "/rule", known_rules(shape),
              shown(step.rule));
      require_closable(certificate, *rule, step);
      rules.push_back(rule);
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
