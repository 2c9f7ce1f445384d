// Trains a network of any family and returns it as a model that can be proved. What differs by family is in training/ of its
// folder: the recipe, the objectives, the initial weights and the gradient.
// Described networks have theirs in networks/training/. Here is what all share: in every step a batch, an objective (the
// mean cross-entropy, or a bound of it) and its gradient, and one step of AdamW on all weights.
//
// One stream of random numbers serves everything in this order: the initial weights, as the family says; then the
// batches. The result depends on the options, never on the number of threads or the
// processor (docs/training.md, "One seed, one model").
#pragma once

#include "models/model.hpp"
#include "tasks/batch.hpp"
#include "training/adamw.hpp"
#include "training/panels.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace proofmark {

// head_tail is of token-sum, cubic of attention-only, low_rank of described networks.
enum class Objective { cross_entropy, head_tail, cubic, low_rank };

std::string_view name(Objective);            // "cross-entropy", "head-tail", "cubic", "low-rank"
std::vector<std::string> objective_names();  // all of them
Objective objective_named(std::string_view); // one of these names

// The numbers that have defaults of their own in each family are those of its recipe().
struct TrainingOptions {
  const Family* family = nullptr;
  Task task;
  std::uint64_t width = 0;      // d
  std::uint64_t head_width = 0; // h, attention-only; 0: d
  std::uint64_t steps = 0;
  std::uint64_t batch = 0;
  AdamWOptions optimizer;
  Objective objective = Objective::cross_entropy;
  std::uint64_t top = 1; // m, columns in the head of each token; head_tail only
  std::uint64_t seed = 57;
  unsigned threads = 1;
};

struct Training {
  Model model;                // float32
  std::vector<double> losses; // [steps], in nats, of the objective, each before its step was taken
};

// A network as the loop sees it. Functions and matrices share one state, which lives as long as any of the functions.
struct Trainee {
  struct Part {
    Matrix<float>* weights;
    const Matrix<float>* gradient; // filled by the function below
    bool bias = false;
  };
  std::vector<Part> parts;
  std::function<double(const Batch&, unsigned threads)> loss_and_gradient; // of the objective
  std::function<Model()> model;                                            // as trained so far
};

// What a family trains.
struct Trainer {
  TrainingOptions (*recipe)();            // the usual task and sizes: of the tutorial, of the paper
  Shape (*shape)(const TrainingOptions&); // of the model, float32

  // Throws Error (usage) when the objective does not fit the family or the task.
  void (*require_objective)(const TrainingOptions&);

  Trainee (*trainee)(const TrainingOptions&, Random&);
};

struct Schedule {
  std::uint64_t steps = 0;
  AdamWOptions optimizer;
  unsigned threads = 1;
};

// Called after each step with the number of steps done and the loss of the last.
using AfterStep = std::function<void(std::uint64_t done, double loss)>;

// Trains in place and returns the losses [steps], each before its step was taken. Throws Error: interrupted when the user asks
// to stop, data when the loss is no longer a finite number.
std::vector<double> train(const Trainee&, const Schedule&, const std::function<Batch()>& next_batch,
                          const AfterStep& = {});

// A network of a family, on fresh uniform inputs. Throws Error as above, and usage as the family's require_objective.
Training train(const TrainingOptions&, const AfterStep& = {});

// The mean of the last five losses (of all, when there are fewer): what the tutorial looks at in the end.
double final_loss(const std::vector<double>& losses);

// A float32 tensor with the elements of a matrix, in row-major order; the shape may have more dimensions.
Tensor float32_tensor(const std::string& name, const Matrix<float>&, std::vector<std::uint64_t> shape);

} // namespace proofmark
