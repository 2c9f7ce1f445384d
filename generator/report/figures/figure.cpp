#include "report/figures/figure.hpp"

#include "files/csv.hpp"

#include <fmt/format.h>

namespace proofmark {

std::string csv(const Figure& figure) {
  std::string result;
  for (const auto& row : figure.data) result += csv_line(row);
  return result;
}

std::string numbered_name(const std::string& name, std::size_t number) {
  return number == 0 ? name : fmt::format("{}-{}", name, number);
}

std::string numbered_title(const std::string& title, std::size_t number) {
  return number == 0 ? title : fmt::format("{}, model {}", title, number);
}

} // namespace proofmark
