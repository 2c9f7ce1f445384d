#include "figure.hpp"

#include "../csv.hpp"

namespace proofmark {

std::string csv(const Figure& figure) {
  std::string result;
  for (const auto& row : figure.data) result += csv_line(row);
  return result;
}

} // namespace proofmark
