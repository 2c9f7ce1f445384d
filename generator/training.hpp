// Trains a token-sum network the way the public compact-proofs tutorial does, and returns it as a model that
// can be proved.
//
// Recipe: weights uniform in +-1/sqrt(fan in), as nn.Linear starts them (the fan in of the embedding is V, of
// the others d); in every step a fresh batch of uniform inputs, the mean cross-entropy against the largest
// token, and one step of AdamW on all three matrices.
//
// Training for provability departs from it in one thing: every step minimises the head-tail upper bound of the
// loss in place of the loss, because that is what a short proof can state. (docs/training.md has measurements,
// and why no steps on the cross-entropy come first.)
//
// One stream of random numbers serves everything in this order: embedding.weight, linear.weight,
// unembedding.weight, each row by row; then the batches. The result depends on the options and the build,
// never on the number of threads.
#pragma once

#include "adamw.hpp"
#include "task.hpp"
#include "token_sum_layers.hpp"
#include "token_sum_model.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace proofmark {

enum class Objective { cross_entropy, head_tail };

std::string_view name(Objective); // "cross-entropy", "head-tail"

struct TrainingOptions {
  Task task;
  std::uint64_t width = 128; // d
  std::uint64_t steps = 410; // two epochs of 5 % of the 2048^2 inputs
  std::uint64_t batch = 1024;
  AdamWOptions optimizer;
  Objective objective = Objective::cross_entropy; // head_tail: of 2 or 3 tokens only
  std::uint64_t head = 1;                         // m, columns in the head of each token
  std::uint64_t seed = 57;
  unsigned threads = 1;
};

struct Training {
  TokenSumModel model;        // float32
  std::vector<double> losses; // [steps], in nats, of the objective, each before its step was taken
};

// Called after each step with the number of steps done and the loss of the last.
using AfterStep = std::function<void(std::uint64_t done, double loss)>;

// Throws Error (usage) when the objective does not fit the task.
void require_objective(const TrainingOptions&);

// Throws Error: usage as require_objective, interrupted when the user asks to stop, data when
// the loss is no longer a finite number.
Training train(const TrainingOptions&, const AfterStep& = {});

// The mean of the last five losses (of all, when there are fewer): what the tutorial looks at in the end.
double final_loss(const std::vector<double>& losses);

TokenSumWeights<float> initial_weights(const Task&, std::uint64_t width, Random&);

} // namespace proofmark
