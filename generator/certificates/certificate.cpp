#include "certificates/certificate.hpp"

#include "lengths/lengths.hpp"

namespace proofmark {

std::string name(Quantity quantity) {
  switch (quantity) {
  case Quantity::cross_entropy:
    return "cross-entropy";
  case Quantity::accuracy:
    return "accuracy";
  case Quantity::margin:
    return "margin";
  case Quantity::length:
    break;
  }
  return "length";
}

std::string name(Side side) {
  return side == Side::lower ? "lower" : "upper";
}

std::string_view name(StepRange::Of of) {
  return of == StepRange::Of::labels ? "labels" : "inputs";
}

std::string in_words(Quantity quantity, Side side) {
  return (quantity == Quantity::cross_entropy ? "mean cross-entropy" : name(quantity)) +
         (side == Side::upper ? " <=" : " >=");
}

std::size_t numbers_of(const Step& step) {
  return (step.loss ? 2 : 0) + (step.correct ? 2 : 0) + (step.margin ? 1 : 0);
}

Integer length(const Certificate& certificate) {
  const std::vector<Step>& steps = certificate.steps;
  Integer sum = certificate.tables +
                conclusion_operations(steps.size(), numbers_of(steps.front()), certificate.claims.size()).length();
  for (const Step& step : certificate.steps) sum += step.operations;
  return sum;
}

} // namespace proofmark
