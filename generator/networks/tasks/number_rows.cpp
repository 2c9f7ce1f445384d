#include "networks/tasks/number_rows.hpp"

#include "files/json_file.hpp"
#include "models/safetensors.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace proofmark {

namespace {

constexpr std::string_view white_space = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(white_space);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(white_space) + 1 - from);
}

std::optional<Token> token_in(std::string_view cell) {
  cell = trimmed(cell);
  Token token = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), token);
  return error == std::errc() && end == cell.data() + cell.size() ? std::optional(token) : std::nullopt;
}

// A number, or what somebody wrote for one: "0" in quotes, [0, -1, a byte order mark before it. Headings have none.
bool resembles_number(std::string_view cell) {
  const std::size_t start = cell.find_first_not_of(" \t\r\"'[(+-.\xef\xbb\xbf");
  return start != cell.npos && cell[start] >= '0' && cell[start] <= '9';
}

std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> result;
  for (;;) {
    const std::size_t end = std::min(line.find(','), line.size());
    result.push_back(line.substr(0, end));
    if (end == line.size()) return result;
    line.remove_prefix(end + 1);
  }
}

NumberRows rows_of_csv(const std::filesystem::path& path, std::string_view text) {
  const auto fail = [&](std::uint64_t line, const std::string& what) {
    return Error(Exit::data, fmt::format("{}, line {}: {}", in_quotes(path.string()), line, what),
                 "each row has the same number of whole numbers, with commas between them");
  };
  NumberRows result;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trimmed(line).empty()) continue;
    const std::vector<std::string_view> row = cells(line);
    const bool names = number == 1 && std::none_of(row.begin(), row.end(), resembles_number);
    if (names) continue;
    if (result.columns == 0) result.columns = row.size();
    if (row.size() != result.columns)
      throw fail(number, fmt::format("expected {} numbers, found {}", result.columns, row.size()));
    for (const std::string_view cell : row) {
      const auto token = token_in(cell);
      if (!token)
        throw fail(number, fmt::format("expected a whole number below 2^32, found {}", in_quotes(trimmed(cell))));
      result.numbers.push_back(*token);
    }
    result.lines.push_back(number);
  }
  return result;
}

// The one tensor of whole numbers, whatever else there is.
NumberRows rows_of_safetensors(const std::filesystem::path& path) {
  const SafetensorsFile file = read_safetensors(path);
  const auto fail = [&](const std::string& what) {
    return Error(Exit::data, fmt::format("{} is no list of inputs: {}", in_quotes(path.string()), what),
                 "it has one tensor of tokens, [inputs, n], of type U8, U16, U32 or I64");
  };
  if (file.others.size() != 1)
    throw fail(fmt::format("it has {} tensors of whole numbers, expected one", file.others.size()));
  const OtherTensor& tensor = file.others.front();
  if (tensor.shape.size() != 2 || tensor.shape[1] == 0)
    throw fail(fmt::format("tensor {} has the shape {}, expected [inputs, n]", in_quotes(tensor.name),
                           shape_text(tensor.shape)));
  const std::size_t width = tensor.type.ends_with("8")    ? 1
                            : tensor.type.ends_with("16") ? 2
                            : tensor.type.ends_with("32") ? 4
                                                          : 8;
  if (tensor.type == "BOOL" || tensor.bytes.size() != tensor.shape[0] * tensor.shape[1] * width)
    throw fail(fmt::format("tensor {} has elements of type {}", in_quotes(tensor.name), in_quotes(tensor.type)));
  const bool is_signed = tensor.type.starts_with('I');
  NumberRows result{tensor.shape[1]};
  for (std::size_t i = 0; i < tensor.bytes.size(); i += width) {
    std::uint64_t number = 0;
    std::memcpy(&number, tensor.bytes.data() + i, width);
    const bool negative = is_signed && (number >> (8 * width - 1) & 1) == 1;
    if (negative || number > std::numeric_limits<Token>::max())
      throw fail(fmt::format("row {} has {}, expected tokens from 0 to 2^32 - 1", i / width / result.columns,
                             negative ? std::string("a negative number") : std::to_string(number)));
    result.numbers.push_back(static_cast<Token>(number));
  }
  return result;
}

} // namespace

NumberRows read_number_rows(const std::filesystem::path& path) {
  NumberRows result =
      path.extension() == ".safetensors" ? rows_of_safetensors(path) : rows_of_csv(path, read_text(path));
  if (result.rows() == 0)
    throw Error(Exit::data, fmt::format("{} lists no input", in_quotes(path.string())), "one input a row");
  return result;
}

} // namespace proofmark
