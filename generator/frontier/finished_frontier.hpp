// The frontier of one model, done: all its points, and what they are compared by.
#pragma once

#include "frontier/finished_point.hpp"
#include "models/model.hpp"

namespace proofmark {

struct LeftOut {
  std::string name, why;
};

struct Frontier {
  FiniteTask task;
  std::string function; // in one line
  std::uint64_t classes = 0;
  std::optional<Shape> shape;     // of a family's model
  std::optional<Integer> whole;   // operations of enumeration; of a described network of every input by itself
  std::vector<std::string> exact; // strategies that find the accuracy itself
  std::string model_sha256, generator, verifier;
  std::vector<FinishedPoint> points;
  std::vector<LeftOut> left_out;
};

} // namespace proofmark
