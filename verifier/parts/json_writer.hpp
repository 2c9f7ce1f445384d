// JSON that is written: receipts and parts.
#pragma once

#include "kernel/meter.hpp"
#include "reading/certificate.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace verifier {

class Output {
public:
  using Array = std::vector<Output>;
  using Object = std::vector<std::pair<std::string, Output>>; // in this order

  Output() = default; // null
  Output(std::uint64_t number) : value_(number) {}
  Output(std::string_view text) : value_(std::string(text)) {}
  Output(const std::string& text) : value_(text) {}
  Output(const char* text) : value_(std::string(text)) {}
  Output(Array elements) : value_(std::move(elements)) {}
  Output(Object members) : value_(std::move(members)) {}

  // Arrays and objects that fit stand on one line; in others every element and member has a line of its own, `indent` spaces
  // deeper than what holds it.
  std::string text(std::size_t indent, std::size_t depth = 0) const;

private:
  std::variant<std::nullptr_t, std::uint64_t, std::string, Array, Object> value_;
};

inline constexpr std::array<std::string_view, std::tuple_size_v<kernel::Performed>> operation_names = {
    "add", "mul", "div", "sqrt", "exp", "log", "compare", "read"}; // by kernel::Operation

Output::Object operations_json(const kernel::Performed&);
Output count_json(const mpz_class&); // of inputs: from 2^63 on a string of its digits
Output task_json(const Task&);
Output architecture_json(const Architecture&); // as it was read
Output::Object claim_json(const Claim&);

} // namespace verifier
