#include "certificate.hpp"

namespace proofmark {

std::string name(Quantity quantity) {
  return quantity == Quantity::cross_entropy ? "cross-entropy" : "accuracy";
}

std::string name(Side side) {
  return side == Side::lower ? "lower" : "upper";
}

Operations step_operations(const Certificate& certificate) {
  Operations sum;
  for (const Step& step : certificate.steps) sum += step.operations;
  return sum;
}

Integer length(const Certificate& certificate) {
  return certificate.tables.length() + step_operations(certificate).length() + certificate.conclusion.length();
}

} // namespace proofmark
