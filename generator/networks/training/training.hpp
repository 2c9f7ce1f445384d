// Trains a described network on a task with finitely many inputs and returns it as a file that says what it is.
//
// Of the inputs a share is trained on, drawn once. A step takes all of these, or a batch of some. Random numbers serve in this
// order: the initial weights, the share, the batches.
#pragma once

#include "models/safetensors.hpp"
#include "networks/training/shapes.hpp"
#include "tasks/labelling.hpp"
#include "training/training.hpp"

namespace proofmark::networks {

struct NetworkTraining {
  Description description;
  FiniteTask task;
  Sizes sizes;
  bool factored = false;   // token tables are products while they are trained (factored.hpp)
  double share = 1;        // of the inputs, from 0 to 1
  std::uint64_t batch = 0; // inputs a step; 0: all of the share
  std::uint64_t rank = 0;  // with a penalty for what the last map has beyond it (low_rank.hpp); 0: without
  Schedule schedule;
  std::uint64_t seed = 57;
};

struct TrainedNetwork {
  SafetensorsFile file; // float32
  std::string sha256;   // of the model
  std::vector<double> losses;
  std::uint64_t inputs, trained_on, correct; // all of the task's; those of the share; of all, as far as floats can tell
};

// The labels of all inputs, by index. Throws Error: usage where there are too many inputs to train on, data where one has none.
std::vector<Token> labels_of_all(const FiniteTask&);

// Throws Error: data where tensors of such sizes do not fit the description, usage where the last map has no more than the
// rank, and as `train` of every network.
TrainedNetwork train(const NetworkTraining&, const AfterStep& = {});

} // namespace proofmark::networks
