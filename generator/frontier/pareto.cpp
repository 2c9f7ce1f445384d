#include "frontier/pareto.hpp"

#include "certificates/claims.hpp"
#include "numbers/outward.hpp"

#include <algorithm>

namespace proofmark {

namespace {

constexpr unsigned places = 9; // of bounds in tables for people; what looks equal there is equal here

bool dominates(const Tradeoff& a, const Tradeoff& b) {
  return a.eligible && a.length <= b.length && a.upper <= b.upper && (a.length < b.length || a.upper < b.upper);
}

Rational rounded(const Rational& value, Direction direction) {
  return parse_long_decimal(fixed_decimal(value, direction, places)).value();
}

} // namespace

std::vector<bool> pareto_optimal(std::span<const Tradeoff> points) {
  std::vector<bool> marks;
  for (const Tradeoff& point : points)
    marks.push_back(point.eligible && std::none_of(points.begin(), points.end(),
                                                   [&](const Tradeoff& other) { return dominates(other, point); }));
  return marks;
}

std::vector<Standing> standings(std::span<const Compared> proofs, std::uint64_t classes) {
  std::vector<Standing> result(proofs.size());
  std::vector<Tradeoff> of_loss(proofs.size()), of_accuracy(proofs.size());
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    const Compared& proof = proofs[i];
    if (proof.upper) {
      const Rational upper = parse_long_decimal(*proof.upper).value();
      result[i].vacuous = vacuous(upper, classes);
      of_loss[i] = {!result[i].vacuous, proof.length, rounded(upper, Direction::up)};
    }
    if (proof.accuracy) { // what is to be small is the share that is left open
      const Rational accuracy = parse_long_decimal(*proof.accuracy).value();
      of_accuracy[i] = {accuracy > 0, proof.length, 1 - rounded(accuracy, Direction::down)};
    }
  }
  const std::vector<bool> loss = pareto_optimal(of_loss), accuracy = pareto_optimal(of_accuracy);
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    result[i].pareto_loss = loss[i];
    result[i].pareto_accuracy = accuracy[i];
  }
  return result;
}

std::string in_words(const Standing& standing) {
  const std::string pareto = !standing.pareto()          ? ""
                             : !standing.pareto_accuracy ? "Pareto-optimal in loss"
                             : !standing.pareto_loss     ? "Pareto-optimal in accuracy"
                                                         : "Pareto-optimal";
  if (!standing.vacuous) return pareto;
  return pareto.empty() ? "vacuous" : "vacuous, " + pareto;
}

} // namespace proofmark
