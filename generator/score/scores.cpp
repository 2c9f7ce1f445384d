#include "score/scores.hpp"

#include "certificates/task_json.hpp"
#include "numbers/outward.hpp"
#include "support/messages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace proofmark {

namespace {

using Json = nlohmann::ordered_json;

Rational number(const std::string& decimal) {
  return parse_long_decimal(decimal).value();
}

std::optional<Rational> number(const std::optional<std::string>& decimal) {
  return decimal ? std::optional(number(*decimal)) : std::nullopt;
}

Integer power_of_ten(unsigned exponent) {
  Integer result = 1;
  for (unsigned i = 0; i < exponent; ++i) result *= 10;
  return result;
}

// Whole multiples of 10^-18, downwards.
Rational rounded(const Rational& x) {
  static const Integer unit = power_of_ten(18);
  const Rational scaled = x * Rational(unit);
  Integer floor = numerator(scaled) / denominator(scaled);
  if (Rational(floor) > scaled) --floor;
  return Rational(floor, unit);
}

// As tables show them: what looks equal there is equal here.
Rational rounded(const std::string& bound, Direction direction) {
  constexpr unsigned places = 9;
  return number(fixed_decimal(number(bound), direction, places));
}

bool as_good(const ScoredProof& a, const ScoredProof& b) { // shorter or tighter than b, and neither longer nor looser
  const Integer length = a.verification.operations.length(), others = b.verification.operations.length();
  if (length > others) return false;
  bool better = length < others;
  const auto compare_ends = [&](const auto& own, const auto& other, Direction direction, int sign) {
    if (!other) return true;
    if (!own) return false;
    const Rational gain = (rounded(*other, direction) - rounded(*own, direction)) * sign;
    better = better || gain > 0;
    return gain >= 0;
  };
  return compare_ends(a.verification.upper, b.verification.upper, Direction::up, 1) &&
         compare_ends(a.verification.accuracy, b.verification.accuracy, Direction::down, -1) && better;
}

// ---- for people --------------------------------------------------------------------------------------------------------

std::string shown(const std::optional<std::string>& decimal, Direction direction) {
  constexpr unsigned places = 6;
  if (!decimal) return "-";
  const Rational value = number(*decimal);
  return value > 0 && value < Rational(1, 1000) ? scientific(value, direction)
                                                : fixed_decimal(value, direction, places);
}

std::string share(const Integer& length, const std::optional<Integer>& of) {
  if (!of || *of == 0) return "-";
  return fixed_decimal(Rational(length * 100, *of), Direction::up, 2) + " %";
}

std::string about(const Rational& x) {
  return fmt::format("{:.3g}", x.convert_to<double>());
}

std::string aligned(const std::vector<std::vector<std::string>>& cells, std::size_t left) {
  std::vector<std::size_t> widths(cells.front().size());
  for (const auto& row : cells)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string result;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_left = i < left || i + 1 == row.size();
      line += (i == 0 ? "" : "  ") +
              (is_left ? fmt::format("{:<{}}", row[i], widths[i]) : fmt::format("{:>{}}", row[i], widths[i]));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

std::string standing_in_words(const ScoredProof& proof) {
  if (!proof.verified()) return proof.verification.verdict + " " + proof.verification.reason;
  const std::string words = in_words(proof.standing);
  if (proof.behind.empty()) return words;
  return fmt::format("{}{}behind {}", words, words.empty() ? "" : ", ", proof.behind);
}

// The largest parts by name, those of one kind together where there are many.
std::string parts_in_words(const std::vector<SlackPart>& parts, const char* unit) {
  constexpr std::size_t most = 6;
  std::vector<SlackPart> order = parts;
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return abs(a.amount) > abs(b.amount); });
  std::string result;
  Rational rest;
  while (order.size() > 1 && abs(order.back().amount) * 1'000'000'000'000 < abs(order.front().amount)) order.pop_back();
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i >= most)
      rest += order[i].amount;
    else
      result += fmt::format("  {:>10} {}  {}\n", about(order[i].amount), unit, order[i].what);
  }
  if (order.size() > most) result += fmt::format("  {:>10} {}  {} others\n", about(rest), unit, order.size() - most);
  return result;
}

std::string slack_in_words(const Scores& scores, const ScoredProof& proof) {
  std::string result;
  const Verification& v = proof.verification;
  if (!proof.loss.empty())
    result += fmt::format("{}: the loss is bounded {} nats above the exact one:\n", proof.name,
                          about(number(*v.upper) - *exact_loss(scores))) +
              parts_in_words(proof.loss, "nats");
  const bool short_of = !proof.accuracy.empty() && number(*v.accuracy) < *exact_accuracy(scores);
  if (short_of)
    result += fmt::format("{}: the accuracy is bounded {} below the exact one:\n", proof.name,
                          about(*exact_accuracy(scores) - number(*v.accuracy))) +
              parts_in_words(proof.accuracy, "of all inputs");
  return result;
}

// ---- for scripts -------------------------------------------------------------------------------------------------------

Json or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json share_json(const Integer& length, const std::optional<Integer>& of) {
  if (!of || *of == 0) return nullptr;
  return decimal(Rational(length, *of), Direction::up, 6).value_or("");
}

Json parts_json(const std::vector<SlackPart>& parts) {
  if (parts.empty()) return nullptr;
  Json list = Json::array();
  Rational sum;
  for (const SlackPart& part : parts) {
    list.push_back({{"kind", part.kind}, {"what", part.what}, {"amount", exact_decimal(part.amount)}});
    sum += part.amount;
  }
  return {{"whole", exact_decimal(sum)}, {"parts", std::move(list)}};
}

Json proof_json(const Scores& scores, const ScoredProof& proof) {
  const Verification& v = proof.verification;
  const Integer length = v.operations.length();
  Json json;
  json["name"] = proof.name;
  json["explanation"] = proof.explanation.empty() ? Json(nullptr) : Json(proof.explanation);
  json["strategy"] = proof.strategy;
  json["verdict"] = v.verdict;
  json["reason"] = v.reason.empty() ? Json(nullptr) : Json(v.reason);
  json["upper"] = or_null(v.upper);
  json["lower"] = or_null(v.lower);
  json["accuracy"] = or_null(v.accuracy);
  json["accuracy_upper"] = or_null(v.accuracy_upper);
  json["margin"] = or_null(v.margin);
  json["length"] = proof.verified() ? Json(v.operations.length()) : Json(nullptr);
  json["of_enumeration"] = proof.verified() ? share_json(length, scores.enumeration) : Json(nullptr);
  json["of_every_input_by_itself"] =
      proof.verified() ? share_json(length, scores.every_input_by_itself) : Json(nullptr);
  json["loss_slack"] = parts_json(proof.loss);
  json["accuracy_slack"] = parts_json(proof.accuracy);
  json["vacuous"] = proof.standing.vacuous;
  json["pareto_loss"] = proof.standing.pareto_loss;
  json["pareto_accuracy"] = proof.standing.pareto_accuracy;
  json["behind"] = proof.behind.empty() ? Json(nullptr) : Json(proof.behind);
  json["certificate_sha256"] = proof.certificate_sha256;
  json["certificate_bytes"] = proof.certificate_bytes;
  return json;
}

} // namespace

std::optional<Rational> exact_loss(const Scores& scores) {
  return scores.exact ? number(scores.exact->verification.lower) : std::nullopt;
}

std::optional<Rational> exact_accuracy(const Scores& scores) {
  return scores.exact ? number(scores.exact->verification.accuracy) : std::nullopt;
}

void compare(Scores& scores) {
  std::vector<ScoredProof*> all;
  for (ScoredProof& proof : scores.proofs) all.push_back(&proof);
  if (scores.exact) all.push_back(&*scores.exact);
  std::vector<Compared> compared;
  for (const ScoredProof* proof : all) {
    compared.push_back({proof->verification.operations.length(), {}, {}});
    if (!proof->verified()) continue;
    compared.back().upper = proof->verification.upper, compared.back().accuracy = proof->verification.accuracy;
  }
  const std::vector<Standing> standing = standings(compared, scores.classes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i]->standing = standing[i];
    all[i]->behind.clear();
    for (const ScoredProof* other : all)
      if (all[i]->behind.empty() && all[i]->verified() && other->verified() && as_good(*other, *all[i]))
        all[i]->behind = other->name;
  }
}

std::vector<SlackPart> closed(std::vector<SlackPart> parts, const Rational& whole) {
  Rational rest = whole;
  for (SlackPart& part : parts) {
    part.amount = rounded(part.amount);
    rest -= part.amount;
  }
  parts.push_back({"rounding", "rounding, outward and to decimals", rest});
  return parts;
}

std::string text(const Scores& scores) {
  std::string result = scores.function + "\n" +
                       fmt::format("{}; the label is {}\n", in_words(scores.task.domain), in_words(scores.task.label));
  if (scores.exact)
    result += fmt::format("exact: mean cross-entropy {}, accuracy {}\n",
                          shown(scores.exact->verification.lower, Direction::down),
                          shown(scores.exact->verification.accuracy, Direction::down));
  result += fmt::format("length of enumeration: {} operations; of every input by itself, nothing shared: {}\n\n",
                        scores.enumeration ? grouped(*scores.enumeration) : "more than the verifier takes",
                        grouped(scores.every_input_by_itself));
  std::vector<std::vector<std::string>> cells{
      {"proof", "strategy", "loss <=", "loss >=", "accuracy >=", "operations", "of enumeration", "of unshared", ""}};
  const auto add_row = [&](const ScoredProof& proof) {
    const Verification& v = proof.verification;
    const Integer length = v.operations.length();
    const auto if_verified = [&](const std::string& words) { return proof.verified() ? words : std::string("-"); };
    cells.push_back({proof.name, proof.strategy, shown(v.upper, Direction::up), shown(v.lower, Direction::down),
                     shown(v.accuracy, Direction::down), if_verified(grouped(length)),
                     if_verified(share(length, scores.enumeration)),
                     if_verified(share(length, scores.every_input_by_itself)), standing_in_words(proof)});
  };
  for (const ScoredProof& proof : scores.proofs) add_row(proof);
  if (scores.exact) add_row(*scores.exact);
  result += aligned(cells, 2);
  for (const ScoredProof& proof : scores.proofs)
    if (!proof.explanation.empty())
      if (const std::string slack = slack_in_words(scores, proof); !slack.empty()) result += "\n" + slack;
  for (const std::string& note : scores.notes) result += "note: " + note + "\n";
  return result;
}

std::string json(const Scores& scores) {
  Json json;
  json["format"] = "proofmark-score";
  json["version"] = 1;
  json["task"] = task_json(scores.task);
  json["function"] = scores.function;
  json["model_sha256"] = scores.model_sha256;
  json["classes"] = scores.classes;
  json["generator"] = "proofmark " + scores.generator;
  json["verifier"] = "proofmark-verify " + scores.verifier;
  json["exact"] = nullptr;
  if (scores.exact) json["exact"] = proof_json(scores, *scores.exact);
  json["length_of_enumeration"] = scores.enumeration ? Json(scores.enumeration->str()) : Json(nullptr);
  json["length_of_every_input_by_itself"] = scores.every_input_by_itself.str();
  json["proofs"] = Json::array();
  for (const ScoredProof& proof : scores.proofs) json["proofs"].push_back(proof_json(scores, proof));
  json["notes"] = scores.notes;
  return json_text(json);
}

} // namespace proofmark
