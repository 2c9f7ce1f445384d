// Both number grammars. What is accepted must be the number that is written, and what is printed of it must enclose it.
#include "reading/number.hpp"
#include "reading/reason.hpp"

#include <algorithm>
#include <cstdlib>

using namespace verifier;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

// [-] digits [. digits], read the slow way.
mpq_class spelt(const std::string& text) {
  mpq_class value = 0, unit = 1;
  bool after_point = false;
  for (const char c : text) {
    if (c == '-') continue;
    if (c == '.') {
      after_point = true;
      continue;
    }
    value = value * 10 + (c - '0');
    if (after_point) unit *= 10;
  }
  return text.starts_with('-') ? mpq_class(-value / unit) : mpq_class(value / unit);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const mpq_class value = parse_decimal(text, "/x");
    must(text.find_first_not_of("-0123456789.") == std::string::npos && text.size() <= 82);
    must(value == spelt(text));
    must(spelt(decimal(value, Round::down, bound_digits)) <= value);
    must(value <= spelt(decimal(value, Round::up, bound_digits)));
  } catch (const Failure& failure) {
    must(failure.reason == reason::number_grammar);
  }
  try {
    const mpq_class value = parse_hexadecimal(text, "/x");
    must(value >= 0 && text.find_first_not_of("0123456789abcdefxp.+-") == std::string::npos);
    must((value == 0) == (text == "0x0p+0"));
    must(parse_signed_hexadecimal(text, "/x") == value);
    must(parse_signed_hexadecimal(hexadecimal(value), "/x") == value);
    if (value != 0) must(parse_signed_hexadecimal("-" + text, "/x") == -value);
  } catch (const Failure& failure) {
    must(failure.reason == reason::number_grammar);
  }
  return 0;
}
