#include "numbers/grid.hpp"

namespace proofmark {

namespace {

constexpr unsigned grid = 60;

Integer quotient(const Integer& top, const Integer& bottom, Direction direction) {
  Integer floor = top / bottom; // towards 0
  if (floor * bottom > top) floor -= 1;
  if (direction == Direction::up && floor * bottom != top) floor += 1;
  return floor;
}

} // namespace

Rational on_grid(const Rational& x, Direction direction) {
  constexpr unsigned most_bits = 128;
  const Integer scale = Integer(1) << grid;
  Integer steps = quotient(numerator(x) * scale, denominator(x), direction);
  const auto bits = steps == 0 ? 0 : msb(Integer(abs(steps))) + 1;
  if (bits > most_bits) {
    const Integer unit = Integer(1) << (bits - most_bits);
    steps = quotient(steps, unit, direction) * unit;
  }
  return Rational(steps, scale);
}

Rational grid_steps(const Integer& count) {
  return Rational(count, Integer(1) << grid);
}

Rational exactly(double x) {
  return exact(dyadic(x));
}

} // namespace proofmark
