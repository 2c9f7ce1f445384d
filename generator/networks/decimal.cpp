#include "networks/architecture.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace proofmark::networks {

std::optional<Decimal> parse_exact_decimal(std::string_view text) {
  const auto place_of = [](char c, std::string_view part) {
    return static_cast<std::size_t>(std::ranges::find(part, c) - part.begin());
  };
  const std::size_t e = place_of('e', text);
  const std::string_view number = text.substr(0, e);
  const std::size_t point = place_of('.', number);
  const std::string_view whole = number.substr(0, point), fraction = number.substr(std::min(point + 1, number.size()));
  const auto digits = [](std::string_view part, std::size_t most) {
    return !part.empty() && part.size() <= most && part.find_first_not_of("0123456789") == part.npos;
  };
  if (!digits(whole, 18) || (whole.size() > 1 && whole[0] == '0')) return {};
  if (point < number.size() && !digits(fraction, 18)) return {};
  int exponent = 0;
  if (e < text.size()) {
    const std::string_view power = text.substr(e + 1);
    if (!digits(power.substr(power.starts_with('-') ? 1 : 0), 2)) return {};
    std::from_chars(power.data(), power.data() + power.size(), exponent);
  }
  std::string all = std::string(whole) + std::string(fraction);
  all.erase(0, std::min(all.find_first_not_of('0'), all.size() - 1)); // GMP reads a leading zero as octal
  Integer value(all);
  exponent -= static_cast<int>(fraction.size());
  if (value == 0) exponent = 0;
  for (; exponent < 0 && value % 10 == 0; ++exponent) value /= 10;
  if (exponent > 0) value *= power(10, static_cast<std::uint64_t>(exponent));
  if (value > std::numeric_limits<std::int64_t>::max() || exponent < -18) return {};
  return Decimal{value.convert_to<std::uint64_t>(), exponent < 0 ? static_cast<unsigned>(-exponent) : 0,
                 std::string(text)};
}

double Decimal::nearest() const {
  double power = 1; // of ten: exact up to 10^22
  for (unsigned i = 0; i < places; ++i) power *= 10;
  return static_cast<double>(digits) / power;
}

Interval Decimal::enclosure() const {
  return enclose(Integer(digits)) / enclose(power(10, places));
}

} // namespace proofmark::networks
