// Trains a token-sum network the way the public compact-proofs tutorial does, and returns it as a model that
// can be proved.
//
// Recipe: weights uniform in +-1/sqrt(fan in), as nn.Linear starts them (the fan in of the embedding is V, of
// the others d); in every step a fresh batch of uniform inputs, the mean cross-entropy against the largest
// token, and one step of AdamW on all three matrices.
//
// One stream of random numbers serves everything in this order: embedding.weight, linear.weight,
// unembedding.weight, each row by row; then the batches. The result depends on the options and the build,
// never on the number of threads.
#pragma once

#include "adamw.hpp"
#include "task.hpp"
#include "token_sum_gradient.hpp"
#include "token_sum_model.hpp"

#include <functional>
#include <vector>

namespace proofmark {

struct TrainingOptions {
  Task task;
  std::uint64_t width = 128; // d
  std::uint64_t steps = 410; // two epochs of 5 % of the 2048^2 inputs
  std::uint64_t batch = 1024;
  AdamWOptions optimizer;
  std::uint64_t seed = 57;
  unsigned threads = 1;
};

struct Training {
  TokenSumModel model;        // float32
  std::vector<double> losses; // [steps], in nats, each before its step was taken
};

// Called after each step with the number of steps done and the loss of the last.
using AfterStep = std::function<void(std::uint64_t done, double loss)>;

// Throws Error: interrupted when the user asks to stop, data when the loss is no longer a finite number.
Training train(const TrainingOptions&, const AfterStep& = {});

// The mean of the last five losses (of all, when there are fewer): what the tutorial looks at in the end.
double final_loss(const std::vector<double>& losses);

TokenSumWeights<float> initial_weights(const Task&, std::uint64_t width, Random&);

} // namespace proofmark
