#include "frontier/table.hpp"

#include "certificates/claims.hpp"
#include "certificates/task_json.hpp"
#include "families/families.hpp"
#include "families/token_sum/strategies/strategies.hpp"
#include "files/csv.hpp"
#include "frontier/measures.hpp"
#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned places = 9; // of bounds in the table for people

std::string joined(const std::map<std::string, std::string>& parameters) {
  std::string result;
  for (const auto& [key, value] : parameters) result += (result.empty() ? "" : " ") + key + "=" + value;
  return result;
}

const char* yes_or_no(bool value) {
  return value ? "yes" : "no";
}

std::string seconds(double value) {
  return fmt::format("{:.3f}", value);
}

Rational number(const std::string& decimal) {
  return parse_long_decimal(decimal).value();
}

// The multiplications of what a rule adds (its tables, its steps), relative to those of symmetry's steps.
// Nothing for a family without that rule.
std::string mul_of_symmetry(const Frontier& frontier, const Verification& v) {
  if (!frontier.shape || frontier.shape->family != &token_sum_family) return {};
  const Shape& shape = *frontier.shape;
  std::size_t claims = 1; // the length, and each other that there is
  for (const auto& claim : {v.upper, v.lower, v.accuracy, v.accuracy_upper, v.margin}) claims += claim.has_value();
  const Integer own = Integer(v.operations.mul) - Lengths(shape).tables({}).mul - claims;
  const Integer whole = products_of_symmetry(shape, false);
  if (own < 0 || whole == 0) return {};
  return decimal(Rational(own, whole), Direction::up, 6).value_or("");
}

void require_sound(const Rational& slack, const FinishedPoint& point) {
  if (slack < 0)
    throw Error(Exit::internal,
                fmt::format("the verified bound {} of {} lies below the exact loss {} that the generator computed",
                            *point.verification.upper, point.name, *point.exact_loss),
                "proofmark or proofmark-verify is wrong; please report it with the model");
}

std::optional<std::string> exact_loss(const Frontier& frontier) {
  for (const FinishedPoint& point : frontier.points)
    if (point.exact_loss) return point.exact_loss;
  return {};
}

Json measures_json(const Frontier& frontier) {
  if (!frontier.whole) return nullptr;
  const auto or_null = [](const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); };
  const Measures found = measures(frontier);
  Json within = Json::array();
  for (const WithinShare& best : found.within)
    within.push_back({{"share", best.share}, {"upper", or_null(best.upper)}, {"accuracy", or_null(best.accuracy)}});
  Json finishing;
  if (found.finishing)
    finishing = {{"name", found.finishing->name},
                 {"length", found.finishing->verification.operations.length()},
                 {"share", or_null(share_of_whole(frontier, *found.finishing))}};
  return {{"whole", frontier.whole->str()}, {"within", within}, {"finishing", finishing}};
}

// Numbers for people: outward, and "-" where there is none.
std::string shown(const std::optional<std::string>& decimal, Direction direction, unsigned digits = places) {
  return decimal ? fixed_decimal(number(*decimal), direction, digits) : "-";
}
std::string shown_slack(const std::string& decimal) {
  return decimal.empty() ? "-" : scientific(number(decimal), Direction::up);
}

std::string measures_text(const Frontier& frontier) {
  if (!frontier.whole) return {};
  const Measures found = measures(frontier);
  std::string result = fmt::format("Of {} operations, which {} take:", frontier.whole->str(),
                                   frontier.shape ? "enumeration would" : "all inputs by themselves would");
  for (const WithinShare& best : found.within)
    result += fmt::format(" within {} % accuracy >= {}, loss <= {};", exact_decimal(number(best.share) * 100),
                          shown(best.accuracy, Direction::down), shown(best.upper, Direction::up));
  if (!found.finishing) return result + " no proof has the exact accuracy.\n";
  return result + fmt::format(" the exact accuracy from {} operations on ({}).\n",
                              grouped(found.finishing->verification.operations.length()), found.finishing->name);
}

} // namespace

std::vector<Row> rows(const Frontier& frontier) {
  const std::optional<std::string> exact = exact_loss(frontier);
  std::vector<Row> result;
  std::vector<Compared> compared;
  for (const FinishedPoint& point : frontier.points) {
    const Verification& v = point.verification;
    Row row{&point, {}, share_of_whole(frontier, point).value_or(""), {}, {}, {}, {}};
    compared.push_back({v.operations.length(), {}, {}});
    if (point.verified()) compared.back() = {v.operations.length(), v.upper, v.accuracy};
    if (exact) row.exact_loss = *exact;
    if (point.verified() && v.upper) {
      const Rational upper = number(*v.upper);
      row.mul_of_symmetry = mul_of_symmetry(frontier, v);
      row.rounding_slack = exact_decimal(number(*v.claimed_upper) - upper);
      if (exact) {
        const Rational tail = upper - number(*exact);
        require_sound(tail, point);
        row.tail_slack = exact_decimal(tail);
      }
    }
    result.push_back(row);
  }
  const std::vector<Standing> all = standings(compared, frontier.classes);
  for (std::size_t i = 0; i < result.size(); ++i) result[i].standing = all[i];
  return result;
}

std::string csv(const std::vector<Row>& rows) {
  std::string result = "name,strategy,parameters,upper,lower,accuracy,accuracy_upper,margin,vacuous,pareto_loss,pareto_"
                       "accuracy,length,share,mul_of_symmetry,"
                       "add,mul,div,sqrt,exp,log,compare,read,certificate_bytes,prove_s,verify_s,"
                       "claimed_upper,exact_loss,tail_slack,rounding_slack,verdict,reason\n";
  for (const Row& row : rows) {
    const FinishedPoint& p = *row.point;
    const Verification& v = p.verification;
    const auto& o = v.operations;
    const bool known = p.verified();
    const auto count = [&](std::uint64_t n) { return known ? std::to_string(n) : std::string(); };
    result += csv_line({p.name,
                        p.strategy,
                        joined(p.parameters),
                        v.upper.value_or(""),
                        v.lower.value_or(""),
                        v.accuracy.value_or(""),
                        v.accuracy_upper.value_or(""),
                        v.margin.value_or(""),
                        known && v.upper ? yes_or_no(row.standing.vacuous) : "",
                        yes_or_no(row.standing.pareto_loss),
                        yes_or_no(row.standing.pareto_accuracy),
                        count(o.length()),
                        row.share,
                        row.mul_of_symmetry,
                        count(o.add),
                        count(o.mul),
                        count(o.div),
                        count(o.sqrt),
                        count(o.exp),
                        count(o.log),
                        count(o.compare),
                        count(o.read),
                        std::to_string(p.certificate_bytes),
                        seconds(p.prove_s),
                        seconds(v.seconds),
                        v.claimed_upper.value_or(""),
                        row.exact_loss,
                        row.tail_slack,
                        row.rounding_slack,
                        v.verdict,
                        v.reason});
  }
  return result;
}

std::string json(const Frontier& frontier, const std::vector<Row>& rows) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  const auto or_null = [&](const std::optional<std::string>& text) { return text_or_null(text.value_or("")); };
  Json json;
  json["format"] = "proofmark-frontier";
  json["version"] = 2;
  json["task"] = task_json(frontier.task);
  json["function"] = frontier.function;
  json["model_sha256"] = frontier.model_sha256;
  json["generator"] = "proofmark " + frontier.generator;
  json["verifier"] = "proofmark-verify " + frontier.verifier;
  json["exact_loss"] = or_null(exact_loss(frontier));
  json["measures"] = measures_json(frontier);
  json["points"] = Json::array();
  for (const Row& row : rows) {
    const FinishedPoint& p = *row.point;
    const Verification& v = p.verification;
    const auto& o = v.operations;
    Json point;
    point["name"] = p.name;
    point["strategy"] = p.strategy;
    point["parameters"] = p.parameters;
    point["upper"] = or_null(v.upper);
    point["lower"] = or_null(v.lower);
    point["accuracy"] = or_null(v.accuracy);
    point["accuracy_upper"] = or_null(v.accuracy_upper);
    point["margin"] = or_null(v.margin);
    point["vacuous"] = p.verified() && v.upper ? Json(row.standing.vacuous) : Json(nullptr);
    point["pareto_loss"] = row.standing.pareto_loss;
    point["pareto_accuracy"] = row.standing.pareto_accuracy;
    point["operations"] = nullptr;
    if (p.verified())
      point["operations"] = {{"add", o.add},         {"mul", o.mul},   {"div", o.div},
                             {"sqrt", o.sqrt},       {"exp", o.exp},   {"log", o.log},
                             {"compare", o.compare}, {"read", o.read}, {"length", o.length()}};
    point["share"] = text_or_null(row.share);
    point["mul_of_symmetry"] = text_or_null(row.mul_of_symmetry);
    point["certificate"] = "certificates/" + p.name + ".json";
    point["certificate_sha256"] = p.certificate_sha256;
    point["certificate_bytes"] = p.certificate_bytes;
    point["receipt"] = p.verified() ? Json("receipts/" + p.name + ".json") : Json(nullptr);
    point["prove_s"] = seconds(p.prove_s);
    point["verify_s"] = seconds(v.seconds);
    point["claimed_upper"] = or_null(v.claimed_upper);
    point["tail_slack"] = text_or_null(row.tail_slack);
    point["rounding_slack"] = text_or_null(row.rounding_slack);
    point["verdict"] = v.verdict;
    point["reason"] = text_or_null(v.reason);
    json["points"].push_back(point);
  }
  json["left_out"] = Json::array();
  for (const LeftOut& point : frontier.left_out) json["left_out"].push_back({{"name", point.name}, {"why", point.why}});
  return json.dump(2) + "\n";
}

std::string labels_csv(const Frontier& frontier) {
  std::string result = "name,from,to,inputs,exact_loss,upper,slack\n";
  for (const FinishedPoint& point : frontier.points)
    for (const StepShare& step : point.steps) {
      std::string slack;
      if (step.exact_loss && step.upper) slack = exact_decimal(number(*step.upper) - number(*step.exact_loss));
      result += csv_line({point.name, std::to_string(step.labels.from), std::to_string(step.labels.to),
                          inputs_in(frontier.shape->task, step.labels).str(), step.exact_loss.value_or(""),
                          step.upper.value_or(""), slack});
    }
  return result;
}

std::string text(const Frontier& frontier, const std::vector<Row>& rows, bool colour) {
  std::vector<std::vector<std::string>> cells{{"", "point", "loss <=", "loss >=", "accuracy >=", "operations",
                                               frontier.shape ? "mul / symmetry" : "share", "tail slack", "rounding",
                                               "bytes", "prove s", "verify s", ""}};
  for (const Row& row : rows) {
    const FinishedPoint& p = *row.point;
    const Verification& v = p.verification;
    const std::string note = !p.verified() ? v.verdict + " " + v.reason : in_words(row.standing);
    const std::string& part = frontier.shape ? row.mul_of_symmetry : row.share;
    const std::string fraction = part.empty() ? "-" : fixed_decimal(number(part) * 100, Direction::up, 2) + " %";
    cells.push_back({row.standing.pareto() ? "*" : "", p.name, shown(v.upper, Direction::up),
                     shown(v.lower, Direction::down), shown(v.accuracy, Direction::down),
                     p.verified() ? grouped(v.operations.length()) : "-", fraction, shown_slack(row.tail_slack),
                     shown_slack(row.rounding_slack), grouped(p.certificate_bytes), fmt::format("{:.1f}", p.prove_s),
                     fmt::format("{:.1f}", v.seconds), note});
  }
  std::vector<std::size_t> widths(cells.front().size());
  for (const auto& row : cells)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string result = frontier.function + "\n\n";
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool left = i <= 1 || i + 1 == widths.size();
      text += i == 0 ? "" : i == 1 ? " " : "  ";
      text += left ? fmt::format("{:<{}}", cells[r][i], widths[i]) : fmt::format("{:>{}}", cells[r][i], widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    const Row* row = r == 0 ? nullptr : &rows[r - 1];
    const char* code = !colour || row == nullptr ? ""
                       : !row->point->verified() ? "31"
                       : row->standing.pareto()  ? "1"
                       : row->standing.vacuous   ? "2"
                                                 : "";
    result += *code == '\0' ? text + "\n" : fmt::format("\x1b[{}m{}\x1b[0m\n", code, text);
  }
  result += fmt::format("\n* Pareto-optimal: no other verified proof is as short and as tight, in the loss or in the "
                        "accuracy. Bounds are the verifier's, in nats, "
                        "rounded outward;\nguessing uniformly has a loss of ln {} = {:.4f}, and a bound above that is "
                        "vacuous.\n",
                        frontier.classes, elementary::log(static_cast<double>(frontier.classes)));
  if (const auto exact = exact_loss(frontier))
    result += fmt::format("The exact loss is {} and a little: the bound is that plus the tail slack; the certificate "
                          "claims the bound plus "
                          "the rounding.\n",
                          fixed_decimal(number(*exact), Direction::down, places));
  result += measures_text(frontier);
  for (const LeftOut& point : frontier.left_out) result += fmt::format("left out: {}: {}\n", point.name, point.why);
  return result;
}

} // namespace proofmark
