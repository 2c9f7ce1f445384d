#include "tasks/task.hpp"

#include "kernel/integers.hpp"
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
  require_positions(list.shape[1], json.pointer() + "/shape/1");
  return list;
}

Tensor read_table(const JsonView& json, const mpz_class& inputs) {
  Tensor table = read_tensor("table", json, all_types);
  const bool fits = (table.dtype == DType::uint8 || table.dtype == DType::uint16) && table.shape.size() == 1 &&
                    inputs == integer(table.shape[0]);
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

const LabelFunction& function(const Label& label) {
  return *find_label_function(label.name);
}

Label read_label(const JsonView& json, const Task& task) {
  Label label;
  const auto require_no = [&](const char* key, const std::string& beside) {
    require(!json.has(key), reason::key_unknown, json.pointer(), "no " + std::string(key) + " beside " + beside, key);
  };
  if (!json.has_first_of("name", "table")) {
    for (const char* key : {"positions", "modulus", "degree"}) require_no(key, "a table");
    label.table = read_table(json.at("table"), task.inputs());
    return label;
  }
  label.name = json.at("name").text();
  const LabelFunction* known = find_label_function(label.name);
  require(known != nullptr, reason::task_unknown, json.at("name").pointer(), known_label_functions(),
          shown(label.name));
  for (const char* key : {"modulus", "degree"})
    if (known->parameter != key) require_no(key, label.name);
  if (!known->parameter.empty()) {
    const JsonView parameter = json.at(known->parameter);
    label.parameter = parameter.unsigned_integer();
    require(1 <= label.parameter && label.parameter <= known->most_parameter, reason::task_label, parameter.pointer(),
            "1 to " + std::to_string(known->most_parameter), std::to_string(label.parameter));
  }
  if (json.has("positions")) label.positions = read_label_positions(json.at("positions"), task.positions());
  const std::uint64_t reads = label.positions.empty() ? task.positions() : label.positions.size();
  require(known->least_positions <= reads && reads <= known->most_positions, reason::task_label, json.pointer(),
          label.name + " of " + (known->most_positions < limits::context ? "" : "at least ") +
              std::to_string(known->least_positions) + " positions",
          std::to_string(reads));
  return label;
}

} // namespace

std::uint64_t Task::positions() const {
  return list ? list->shape[1] : ranges.size();
}

mpz_class Task::inputs() const {
  if (list) return integer(list->shape[0]);
  mpz_class product = 1;
  for (const TokenRange& range : ranges) product *= integer(range.to - range.from);
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
  if (task.label.parameter > 0) words += " " + std::to_string(task.label.parameter);
  if (task.label.positions.empty()) return words;
  words += " of positions";
  for (const std::uint64_t position : task.label.positions) words += " " + std::to_string(position);
  return words;
}

std::string in_words(const Label& label) {
  if (label.table) return "the label that a table gives";
  std::string words(function(label).words), positions;
  if (label.parameter > 0) words += " " + std::to_string(label.parameter);
  for (const std::uint64_t position : label.positions)
    positions += (positions.empty() ? " of those at " : ", ") + std::to_string(position);
  return words + positions;
}

} // namespace verifier
