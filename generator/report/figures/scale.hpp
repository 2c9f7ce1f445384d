// Axes: from numbers to pixels, and where the ticks stand. Drawing only: nothing here is a bound.
#pragma once

#include <string>
#include <vector>

namespace proofmark {

struct Tick {
  double value;
  std::string label; // "0.25", "2×10⁹"
};

class Scale {
public:
  // Finite; of a logarithmic scale not negative, and 1e-30 stands for what is less. Ends that are equal, or nearly, are moved
  // apart. Pixels may run either way.
  static Scale linear(double lo, double hi, double first_pixel, double last_pixel);
  static Scale counting(double lo, double hi, double first_pixel, double last_pixel); // linear, ticks at whole numbers
  static Scale logarithmic(double lo, double hi, double first_pixel, double last_pixel);

  double operator()(double value) const; // values beyond the ends are drawn at the ends
  std::vector<Tick> ticks() const;       // 2 or more within the ends, about 5

private:
  enum class Kind { linear, counting, logarithmic };
  Scale(Kind kind, double lo, double hi, double first_pixel, double last_pixel);

  Kind kind_;
  double lo_, hi_, first_, last_;
};

} // namespace proofmark
