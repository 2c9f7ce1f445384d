// What a step declares of enclosed differences.
#include "opened/declared.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace proofmark;
using opened::Declared;

TEST_CASE("losses, counts and margin of inputs whose logits are enclosed") {
  Declared step;
  const double room = 1e-9;
  step.add(std::vector{0.0, -3.0, -4.0}, std::vector{0.0, -2.0, -4.0}, 0, room); // correct
  step.add(std::vector{-1.0, 0.0, 0.5}, std::vector{-1.0, 0.0, 0.5}, 1, room);   // wrong
  step.add(std::vector{-1.0, -9.0, 0.0}, std::vector{1.0, -9.0, 0.0}, 2, room);  // open
  const StepFindings found = step.findings();
  CHECK(found.least == 1);
  CHECK(found.most == 2);
  const auto loss = [](double a, double b) { return std::log(1 + std::exp(a) + std::exp(b)); };
  const double upper = loss(-2, -4) + loss(-1, 0.5) + loss(1, -9), lower = loss(-3, -4) + loss(-1, 0.5) + loss(-1, -9);
  CHECK(found.hi.convert_to<double>() >= upper);
  CHECK(found.hi.convert_to<double>() <= upper + 1e-7);
  CHECK(found.lo.convert_to<double>() <= lower);
  CHECK(found.lo.convert_to<double>() >= lower - 1e-7);
  REQUIRE(found.margin);
  CHECK(found.margin->convert_to<double>() <= -1 - room);
  CHECK(found.margin->convert_to<double>() >= -1 - 1e-6);
}

TEST_CASE("what is within the room of a tie is neither correct nor wrong") {
  const double room = 1e-6;
  for (const double x : {-5e-7, 0.0, 5e-7}) {
    Declared step;
    step.add(std::vector{0.0, x}, std::vector{0.0, x}, 0, room);
    CHECK(step.findings().least == 0);
    CHECK(step.findings().most == 1);
  }
}

TEST_CASE("parts add up; large differences stay finite; one class has no margin") {
  Declared a, b, together;
  const std::vector low{0.0, -800.0}, high{0.0, 900.0}, tiny{0.0, -30.0};
  a.add(low, high, 0, 0), b.add(tiny, tiny, 0, 0);
  together.add(low, high, 0, 0), together.add(tiny, tiny, 0, 0);
  a.add(b);
  CHECK(a.findings().hi == together.findings().hi);
  CHECK(a.findings().lo == together.findings().lo);
  CHECK(a.findings().hi.convert_to<double>() >= 900);
  CHECK(a.findings().hi.convert_to<double>() < 900.001);
  CHECK(b.findings().hi.convert_to<double>() > std::exp(-30.0));
  CHECK(b.findings().lo.convert_to<double>() > 0.99 * std::exp(-30.0)); // small losses keep their digits
  Declared one;
  one.add(std::vector{0.0}, std::vector{0.0}, 0, 0);
  CHECK_FALSE(one.findings().margin);
  CHECK(one.findings().least == 1);
  CHECK(one.findings().most == 1);
}
