// Files that list inputs: rows of whole numbers.
#pragma once

#include "tasks/labels.hpp"

#include <filesystem>

namespace proofmark {

struct NumberRows {
  std::uint64_t columns = 0;
  std::vector<Token> numbers = {};       // [rows x columns]
  std::vector<std::uint64_t> lines = {}; // where each row stands in the file; none: its number is its place

  std::uint64_t rows() const { return columns == 0 ? 0 : numbers.size() / columns; }
  std::span<const Token> row(std::uint64_t i) const { return std::span(numbers).subspan(i * columns, columns); }
};

// CSV: numbers below 2^32 between commas, white space around them, as many in every row; blank lines and a first line of names count
// for nothing. Or safetensors: one tensor of whole numbers, [rows, columns]. Throws Error (io, data) that names the line.
NumberRows read_number_rows(const std::filesystem::path&);

} // namespace proofmark
