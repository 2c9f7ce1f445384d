#include "report/figures/scale.hpp"

#include "numbers/elementary.hpp"
#include "numbers/outward.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace proofmark {

namespace {

constexpr std::size_t fewest_ticks = 4, most_ticks = 9;

std::string superscript(int exponent) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string result = exponent < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(exponent))) result += digits[c - '0'];
  return result;
}

// Plain digits where they are few, powers of ten otherwise.
std::string label(double value) {
  const double magnitude = std::abs(value);
  if (value == 0 || (magnitude >= 1e-3 && magnitude < 1e5)) return fmt::format("{:.6g}", value);
  const int exponent = elementary::decimal_exponent(magnitude * (1 + 1e-9));
  const std::string mantissa = fmt::format("{:.4g}", value / elementary::power_of_ten(exponent));
  return fmt::format("{}10{}", mantissa == "1" ? "" : mantissa + "×", superscript(exponent));
}

constexpr double least_shown = 1e-30; // on a logarithmic axis

std::vector<double> linear_ticks(double lo, double hi, double least_step = 0) {
  const double rough = (hi - lo) / 5, power = elementary::power_of_ten(elementary::decimal_exponent(rough));
  const double ratio = rough / power;
  const double step = std::max(least_step, power * (ratio < 1.5 ? 1 : ratio < 3 ? 2 : ratio < 7 ? 5 : 10));
  std::vector<double> result;
  for (double i = std::ceil(lo / step - 1e-9); i * step <= hi + 1e-9 * step; ++i)
    result.push_back(i * step + 0.0); // no -0
  return result;
}

std::vector<double> logarithmic_ticks(double lo, double hi) {
  const int first = elementary::decimal_exponent(lo), last = elementary::decimal_exponent(hi) + 1;
  const auto within = [&](const std::vector<double>& mantissas, int stride) {
    std::vector<double> result;
    for (int exponent = first; exponent <= last; ++exponent)
      for (const double mantissa : mantissas)
        if (const double value = mantissa * elementary::power_of_ten(exponent);
            exponent % stride == 0 && value >= lo * (1 - 1e-9) && value <= hi * (1 + 1e-9))
          result.push_back(value);
    return result;
  };
  for (const int stride : {5, 4, 3, 2, 1})
    if (const auto ticks = within({1}, stride); ticks.size() >= fewest_ticks) return ticks;
  const std::vector<std::vector<double>> sets = {{1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}};
  for (const auto& mantissas : sets)
    if (const auto ticks = within(mantissas, 1); ticks.size() >= fewest_ticks && ticks.size() <= most_ticks)
      return ticks;
  return linear_ticks(lo, hi);
}

} // namespace

Scale::Scale(Kind kind, double lo, double hi, double first_pixel, double last_pixel)
    : kind_(kind), lo_(std::min(lo, hi)), hi_(std::max(lo, hi)), first_(first_pixel), last_(last_pixel) {
  if (kind_ == Kind::logarithmic) lo_ = std::max(lo_, least_shown), hi_ = std::max(hi_, lo_);
  const double largest = std::max(std::abs(lo_), std::abs(hi_));
  if (hi_ - lo_ > std::max(1e-9 * largest, 1e-300)) return;
  if (kind_ == Kind::logarithmic) {
    lo_ /= 2, hi_ *= 2;
  } else {
    const double apart = largest > 1e-290 ? largest / 2 : 0.5;
    lo_ -= apart, hi_ += apart;
  }
}

Scale Scale::linear(double lo, double hi, double first_pixel, double last_pixel) {
  return {Kind::linear, lo, hi, first_pixel, last_pixel};
}

Scale Scale::counting(double lo, double hi, double first_pixel, double last_pixel) {
  return {Kind::counting, lo, hi, first_pixel, last_pixel};
}

Scale Scale::logarithmic(double lo, double hi, double first_pixel, double last_pixel) {
  return {Kind::logarithmic, lo, hi, first_pixel, last_pixel};
}

double Scale::operator()(double value) const {
  const double x = std::clamp(value, lo_, hi_);
  const double part =
      kind_ == Kind::logarithmic ? elementary::log(x / lo_) / elementary::log(hi_ / lo_) : (x - lo_) / (hi_ - lo_);
  return first_ + part * (last_ - first_);
}

std::vector<Tick> Scale::ticks() const {
  std::vector<Tick> result;
  for (const double value : kind_ == Kind::logarithmic ? logarithmic_ticks(lo_, hi_)
                                                       : linear_ticks(lo_, hi_, kind_ == Kind::counting ? 1 : 0))
    result.push_back({value, label(value)});
  return result;
}

} // namespace proofmark
