#include "certificates/task_json.hpp"

#include "certificates/base64.hpp"
#include "support/limits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace proofmark {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr std::uint64_t most_tokens = std::uint64_t{1} << 32;

std::runtime_error unknown() {
  return std::runtime_error("its task is not one that this program knows");
}

// ---- tensors of whole numbers ----------------------------------------------------------------------------------------

template <class Element, class Number>
std::string packed(const std::vector<Number>& numbers) {
  static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");
  std::vector<std::uint8_t> bytes(numbers.size() * sizeof(Element));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto element = static_cast<Element>(numbers[i]);
    std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
  }
  return base64(bytes);
}

// In the shortest type that holds them.
template <class Number>
Ordered tensor_json(const std::vector<Number>& numbers, const std::vector<std::uint64_t>& shape) {
  const Number most = numbers.empty() ? Number(0) : *std::max_element(numbers.begin(), numbers.end());
  const bool one = most < 1 << 8, two = most < 1 << 16;
  return {{"dtype", one   ? "uint8"
                    : two ? "uint16"
                          : "uint32"},
          {"shape", shape},
          {"data", one   ? packed<std::uint8_t>(numbers)
                   : two ? packed<std::uint16_t>(numbers)
                         : packed<std::uint32_t>(numbers)}};
}

struct WholeNumbers {
  std::vector<std::uint64_t> shape;
  std::vector<std::uint32_t> numbers;
};

WholeNumbers tensor_in(const Json& json) {
  WholeNumbers result;
  const Json& dtype = json.at("dtype");
  const std::size_t size = dtype == "uint8" ? 1 : dtype == "uint16" ? 2 : dtype == "uint32" ? 4 : 0;
  if (size == 0) throw std::runtime_error("a tensor of its task has an element type that this program does not know");
  const std::vector<std::uint8_t> bytes = from_base64(json.at("data").get_ref<const std::string&>());
  result.shape = json.at("shape").get<std::vector<std::uint64_t>>();
  std::uint64_t elements = 1;
  for (const std::uint64_t dimension : result.shape)
    elements = dimension == 0 || elements > bytes.size() / dimension ? 0 : elements * dimension;
  if (elements == 0 || elements * size != bytes.size())
    throw std::runtime_error("a tensor of its task has more or less data than its shape needs");
  for (std::size_t i = 0; i < bytes.size(); i += size) {
    std::uint32_t number = 0;
    std::memcpy(&number, bytes.data() + i, size);
    result.numbers.push_back(number);
  }
  return result;
}

// ---- inputs and labels -----------------------------------------------------------------------------------------------

void require_limits(bool within) {
  if (!within) throw std::runtime_error("its task is outside the limits of the format");
}

Domain domain_in(const Json& json) {
  if (json.size() != 1) throw unknown();
  Domain domain;
  if (json.contains("list")) {
    WholeNumbers list = tensor_in(json.at("list"));
    require_limits(list.shape.size() == 2 && list.shape[1] <= limits::context);
    return {list.shape[1], {}, std::move(list.numbers)};
  }
  for (const Json& range : json.at("ranges")) {
    if (range.size() != 2) throw unknown();
    domain.ranges.push_back({range.at(0).get<std::uint64_t>(), range.at(1).get<std::uint64_t>()});
    require_limits(domain.ranges.back().from < domain.ranges.back().to && domain.ranges.back().to <= most_tokens);
  }
  domain.positions = domain.ranges.size();
  require_limits(domain.positions > 0 && domain.positions <= limits::context);
  return domain;
}

Labelling label_in(const Json& json) {
  Labelling label;
  if (json.contains("table")) {
    const WholeNumbers table = tensor_in(json.at("table"));
    for (const std::uint32_t number : table.numbers) {
      require_limits(number < 1 << 16);
      label.table.push_back(static_cast<std::uint16_t>(number));
    }
    return label;
  }
  label.function = labels_named(json.at("name").get<std::string>());
  if (!label.function) throw unknown();
  std::size_t keys = 1;
  if (const std::string parameter(label.function->parameter.name); !parameter.empty())
    label.parameter = json.at(parameter).get<std::uint64_t>(), ++keys;
  if (json.contains("positions")) label.positions = json.at("positions").get<std::vector<std::uint64_t>>(), ++keys;
  if (json.size() != keys) throw unknown();
  return label;
}

Ordered domain_json(const Domain& domain) {
  if (!domain.is_product())
    return {{"list", tensor_json(domain.list, {domain.list.size() / domain.positions, domain.positions})}};
  Ordered ranges = Ordered::array();
  for (const TokenRange& range : domain.ranges) ranges.push_back(Ordered::array({range.from, range.to}));
  return {{"ranges", ranges}};
}

Ordered label_json(const Labelling& label) {
  if (!label.function) return {{"table", tensor_json(label.table, {label.table.size()})}};
  Ordered json{{"name", label.function->name}};
  if (const std::string parameter(label.function->parameter.name); !parameter.empty())
    json[parameter] = label.parameter;
  if (!label.positions.empty()) json["positions"] = label.positions;
  return json;
}

// With a space after every comma and colon between values, as the pages write it; strings here have neither.
std::string spaced(const std::string& json) {
  std::string result;
  for (const char c : json) {
    result += c;
    if (c == ',' || c == ':') result += ' ';
  }
  return result;
}

} // namespace

FiniteTask task_in(const Json& json) {
  if (!json.is_object() || !json.at("inputs").is_object() || !json.at("label").is_object()) throw unknown();
  FiniteTask task{domain_in(json.at("inputs")), label_in(json.at("label"))};
  const Labelling& label = task.label;
  const bool reads = std::all_of(label.positions.begin(), label.positions.end(),
                                 [&](std::uint64_t position) { return position < task.domain.positions; });
  const std::uint64_t count = label.positions.empty() ? task.domain.positions : label.positions.size();
  if (!reads || count > limits::context) throw unknown();
  if (label.function && (count < label.function->least_tokens || count > label.function->most_tokens)) throw unknown();
  if (label.function && !label.function->parameter.name.empty() &&
      (label.parameter < label.function->parameter.least || label.parameter > label.function->parameter.most))
    throw unknown();
  if (!label.function && Integer(label.table.size()) != size_of(task.domain)) throw unknown();
  return task;
}

Json task_json(const FiniteTask& task) {
  return Json::parse(Ordered{{"inputs", domain_json(task.domain)}, {"label", label_json(task.label)}}.dump());
}

std::string task_text(const FiniteTask& task) {
  return spaced(Ordered{{"inputs", domain_json(task.domain)}, {"label", label_json(task.label)}}.dump());
}

} // namespace proofmark
