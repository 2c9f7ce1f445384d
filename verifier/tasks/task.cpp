#include "tasks/task.hpp"

#include "reading/limits.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <array>

namespace verifier {
namespace {

constexpr std::array all_types = {DType::float16, DType::bfloat16, DType::float32, DType::float64,
                                  DType::uint8,   DType::uint16,   DType::uint32};

void require_positions(std::uint64_t positions, const std::string& pointer) {
  require(positions >= 1 && positions <= limits::context, reason::limit_context, pointer,
          "1 to " + std::to_string(limits::context) + " positions", std::to_string(positions));
}

std::vector<TokenRange> read_ranges(const JsonView& json) {
  std::vector<TokenRange> ranges;
  for (const JsonView& range : json.array()) {
    const auto ends = range.array_of(2);
    const TokenRange tokens{ends[0].unsigned_integer(), ends[1].unsigned_integer()};
    require(tokens.from < tokens.to && tokens.to <= limits::token_range, reason::task_inputs, range.pointer(),
            "a range that is not empty and ends at most at 2^32",
            "[" + std::to_string(tokens.from) + ", " + std::to_string(tokens.to) + ")");
    ranges.push_back(tokens);
  }
  require_positions(ranges.size(), json.pointer());
  return ranges;
}

Tensor read_list(const JsonView& json) {
  Tensor list = read_tensor("list", json, all_types);
  const bool is_integer = list.dtype == DType::uint8 || list.dtype == DType::uint16 || list.dtype == DType::uint32;
  require(is_integer && list.shape.size() == 2, reason::task_inputs, json.pointer(),
          "uint8, uint16 or uint32, one input a row", std::string(name(list.dtype)) + " " + shape_in_words(list.shape));
  const std::uint64_t inputs = list.shape[0], positions = list.shape[1];
  require_positions(positions, json.pointer() + "/shape/1");
  for (std::uint64_t i = 1; i < inputs; ++i) {
    std::uint64_t p = 0; // where two rows differ first
    const auto token = [&](std::uint64_t row) { return unsigned_value(list, row * positions + p); };
    while (p + 1 < positions && token(i - 1) == token(i)) ++p;
    require(token(i - 1) < token(i), reason::task_inputs, json.pointer() + "/data", "rows that increase",
            "row " + std::to_string(i) + " not above the row before");
  }
  return list;
}

Tensor read_table(const JsonView& json, const mpz_class& inputs) {
  Tensor table = read_tensor("table", json, all_types);
  const bool fits = (table.dtype == DType::uint8 || table.dtype == DType::uint16) && table.shape.size() == 1 &&
                    inputs == mpz_class(std::to_string(table.shape[0]));
  require(fits, reason::task_label, json.pointer(), "uint8 or uint16, [" + inputs.get_str() + "]",
          std::string(name(table.dtype)) + " " + shape_in_words(table.shape));
  return table;
}

std::vector<std::uint64_t> read_label_positions(const JsonView& json, std::uint64_t all) {
  std::vector<std::uint64_t> positions;
  for (const JsonView& element : json.array()) {
    const std::uint64_t position = element.unsigned_integer();
    require(position < all, reason::task_label, element.pointer(), "a position below " + std::to_string(all),
            std::to_string(position));
    require(std::ranges::find(positions, position) == positions.end(), reason::task_label, element.pointer(),
            "different positions", std::to_string(position) + " twice");
    positions.push_back(position);
  }
  require(!positions.empty(), reason::task_label, json.pointer(), "at least one position", "none");
  return positions;
}

Label read_label(const JsonView& json, const Task& task) {
  Label label;
  if (!json.has_first_of("name", "table")) {
    require(!json.has("positions"), reason::key_unknown, json.pointer(), "no positions beside a table", "positions");
    label.table = read_table(json.at("table"), task.inputs());
    return label;
  }
  label.name = json.at("name").text();
  require(label.name == "max", reason::task_unknown, json.at("name").pointer(), "max", shown(label.name));
  if (json.has("positions")) label.positions = read_label_positions(json.at("positions"), task.positions());
  return label;
}

// The largest token in each position, of any input.
std::vector<std::uint64_t> largest_tokens(const Task& task) {
  std::vector<std::uint64_t> largest(task.positions());
  for (std::uint64_t p = 0; p < largest.size(); ++p)
    if (!task.list)
      largest[p] = task.ranges[p].to - 1;
    else
      for (std::uint64_t i = 0; i < task.list->shape[0]; ++i)
        largest[p] = std::max<std::uint64_t>(largest[p], unsigned_value(*task.list, i * largest.size() + p));
  return largest;
}

// The largest label that an input has: by a table's entries, or of max.
std::uint64_t largest_label(const Label& label, const std::vector<std::uint64_t>& largest_tokens) {
  std::uint64_t largest = 0;
  if (label.table)
    for (std::uint64_t i = 0; i < label.table->shape[0]; ++i)
      largest = std::max<std::uint64_t>(largest, unsigned_value(*label.table, i));
  else if (label.positions.empty())
    largest = std::ranges::max(largest_tokens);
  else
    for (const std::uint64_t position : label.positions) largest = std::max(largest, largest_tokens[position]);
  return largest;
}

} // namespace

std::uint64_t Task::positions() const {
  return list ? list->shape[1] : ranges.size();
}

mpz_class Task::inputs() const {
  if (list) return mpz_class(std::to_string(list->shape[0]));
  mpz_class product = 1;
  for (const TokenRange& range : ranges) product *= mpz_class(std::to_string(range.to - range.from));
  return product;
}

Task read_task(const JsonView& json) {
  Task task;
  const JsonView inputs = json.at("inputs");
  if (inputs.has_first_of("ranges", "list"))
    task.ranges = read_ranges(inputs.at("ranges"));
  else
    task.list = read_list(inputs.at("list"));
  task.label = read_label(json.at("label"), task);
  return task;
}

void require_fitting(const Task& task, std::uint64_t tokens, std::uint64_t classes, const std::string& pointer) {
  const std::vector<std::uint64_t> largest = largest_tokens(task);
  const std::uint64_t token = std::ranges::max(largest), label = largest_label(task.label, largest);
  require(token < tokens, reason::task_inputs, pointer + "/inputs", "tokens below " + std::to_string(tokens),
          std::to_string(token));
  require(label < classes, reason::label_range, pointer + "/label", "labels below " + std::to_string(classes),
          std::to_string(label));
}

bool is_max_of(const Task& task, std::uint64_t vocabulary) {
  const bool all_tokens = std::ranges::all_of(task.ranges, [&](const TokenRange& range) {
    return range == TokenRange{0, vocabulary};
  });
  return !task.list && all_tokens && task.label.name == "max" && task.label.positions.empty();
}

std::string in_words(const Task& task) {
  std::string words;
  if (task.list) {
    words = task.inputs().get_str() + " inputs of " + std::to_string(task.positions()) + " positions";
  } else {
    for (std::size_t i = 0, same = 0; i < task.ranges.size(); i += same) { // runs of the same range
      const TokenRange& range = task.ranges[i];
      for (same = 1; i + same < task.ranges.size() && task.ranges[i + same] == range;) ++same;
      words += (words.empty() ? "" : ", ") + std::to_string(same) + " x [" + std::to_string(range.from) + ", " +
               std::to_string(range.to) + ")";
    }
  }
  words += "; label " + (task.label.table ? "by table" : task.label.name);
  if (task.label.positions.empty()) return words;
  words += " of positions";
  for (const std::uint64_t position : task.label.positions) words += " " + std::to_string(position);
  return words;
}

} // namespace verifier
