#include "networks/training/training.hpp"

#include "models/tensors.hpp"
#include "networks/metadata.hpp"
#include "networks/training/factored.hpp"
#include "networks/training/gradient.hpp"
#include "networks/training/low_rank.hpp"
#include "support/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <malloc.h>
#include <numeric>

namespace proofmark::networks {

namespace {

constexpr std::uint64_t most_tokens = std::uint64_t{1} << 26; // of all inputs together

struct State {
  Stored stored;
  std::deque<Factors> factors;
  std::optional<LowRankPenalty> penalty;
};

LowRankPenalty low_rank_penalty(const Weights<float>& weights, std::uint64_t rank) {
  const auto* last = weights.readout.empty() ? nullptr : std::get_if<Matrices<float>::Map>(&weights.readout.back());
  if (!last)
    throw Error(Exit::usage, "the objective low-rank is of a readout that ends with a map, which this one does not",
                "use --objective cross-entropy");
  const auto most = static_cast<std::uint64_t>(std::min(last->weight.rows(), last->weight.cols()));
  if (rank >= most)
    throw Error(Exit::usage, fmt::format("--rank {}: the last map has no rank beyond {}", rank, most),
                fmt::format("give a rank below {}", most));
  return LowRankPenalty(static_cast<Eigen::Index>(rank));
}

// As TransformerLens starts networks: the normal distribution of variance 0.8² / d; of factored ones what remains is uniform
// within 1 / sqrt(d). Tensors in ascending order of name.
void start(State& state, const std::map<std::string, Blank>& blanks, const NetworkTraining& training, Random& random) {
  const double width = static_cast<double>(training.sizes.width);
  if (training.factored) state.factors = random_factors(state.stored, random);
  for (std::size_t t = 0; t < state.stored.tensors.size(); ++t) {
    StoredTensor& tensor = state.stored.tensors[t];
    const Blank::Start start = blanks.at(tensor.name).start;
    if (std::any_of(state.factors.begin(), state.factors.end(), [&](const Factors& f) { return f.tensor == t; }))
      continue;
    for (float& value : tensor.values.reshaped())
      if (training.factored)
        value = (2 * random.uniform() - 1) / std::sqrt(static_cast<float>(width));
      else if (start == Blank::Start::random)
        value = static_cast<float>(0.8 / std::sqrt(width) * random.normal());
      else
        value = start == Blank::Start::ones ? 1 : 0;
  }
  for (const Factors& factors : state.factors) multiply(factors, state.stored.tensors[factors.tensor]);
  load_weights(state.stored);
}

Trainee trainee(State& state) {
  Trainee result;
  std::vector<bool> product(state.stored.tensors.size());
  for (Factors& factors : state.factors) {
    product[factors.tensor] = true;
    result.parts.push_back({&factors.embedding, &factors.embedding_gradient});
    result.parts.push_back({&factors.linear, &factors.linear_gradient});
  }
  for (std::size_t t = 0; t < product.size(); ++t) {
    StoredTensor& tensor = state.stored.tensors[t];
    if (!product[t]) result.parts.push_back({&tensor.values, &tensor.gradient, tensor.bias});
  }
  result.loss_and_gradient = [&state](const Batch& batch, unsigned threads) {
    Stored& stored = state.stored;
    for (const Factors& factors : state.factors) multiply(factors, stored.tensors[factors.tensor]);
    load_weights(stored);
    double loss = loss_and_gradient(stored.weights, batch, stored.gradient, threads);
    if (state.penalty) loss += state.penalty->add(stored.weights, stored.gradient);
    store_gradient(stored);
    for (Factors& factors : state.factors) split_gradient(factors, stored.tensors[factors.tensor]);
    return loss;
  };
  return result;
}

std::vector<std::uint64_t> drawn_share(std::uint64_t inputs, double share, Random& random) {
  std::vector<std::uint64_t> all(inputs);
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  if (share == 1) return all;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(inputs)));
  for (std::uint64_t i = 0; i < wanted; ++i) std::swap(all[i], all[i + random.below(inputs - i)]);
  all.resize(wanted);
  std::sort(all.begin(), all.end()); // neighbours share work
  return all;
}

Batch batch_of(const FiniteTask& task, const std::vector<Token>& labels, const std::vector<std::uint64_t>& inputs) {
  const std::uint64_t n = task.domain.positions;
  Batch batch{n, std::vector<Token>(n * inputs.size()), {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    input_at(task.domain, inputs[i], std::span(batch.tokens).subspan(n * i, n));
    batch.labels.push_back(labels[inputs[i]]);
  }
  return batch;
}

std::uint64_t correct_of_all(const Stored& stored, const FiniteTask& task, const std::vector<Token>& labels,
                             unsigned threads) {
  constexpr std::uint64_t at_once = 1 << 14;
  std::uint64_t correct = 0;
  for (std::uint64_t first = 0; first < labels.size(); first += at_once) {
    std::vector<std::uint64_t> inputs(std::min<std::uint64_t>(at_once, labels.size() - first));
    std::iota(inputs.begin(), inputs.end(), first);
    correct += correct_inputs(stored.weights, batch_of(task, labels, inputs), threads);
  }
  return correct;
}

// Lists and tables are files of their own, which the model's file does not hold.
std::map<std::string, std::string> metadata(const NetworkTraining& training) {
  std::map<std::string, std::string> result{{architecture_key, training.description.text}};
  if (training.task.domain.is_product()) result[inputs_key] = text(training.task.domain);
  if (training.task.label.function) result[label_key] = text(training.task.label);
  return result;
}

// Each step takes the memory that the one before gave back: the system is not asked for it again. A third of the time at width 64.
void keep_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 28);
  mallopt(M_TRIM_THRESHOLD, 1 << 28);
#endif
}

} // namespace

std::vector<Token> labels_of_all(const FiniteTask& task) {
  const Integer inputs = size_of(task.domain);
  if (inputs > most_tokens / task.domain.positions)
    throw Error(Exit::usage,
                fmt::format("there are {} inputs, more than the {} that `train` takes of {} tokens", inputs.str(),
                            most_tokens / task.domain.positions, task.domain.positions),
                "--inputs says which");
  require_labels(task, limits::vocabulary);
  std::vector<Token> labels(static_cast<std::size_t>(inputs)), input(task.domain.positions);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    input_at(task.domain, i, input);
    labels[i] = static_cast<Token>(*label_of(task.label, i, input));
  }
  return labels;
}

TrainedNetwork train(const NetworkTraining& training, const AfterStep& after_step) {
  keep_memory();
  Random random(training.seed);
  const auto needed = blanks(training.description, training.sizes);
  State state{stored(training.description, needed), {}, {}};
  if (training.rank != 0) state.penalty = low_rank_penalty(state.stored.weights, training.rank);
  start(state, needed, training, random);
  const std::vector<Token> labels = labels_of_all(training.task);
  const std::vector<std::uint64_t> share = drawn_share(labels.size(), training.share, random);
  const bool whole = training.batch == 0;
  const Batch all = whole ? batch_of(training.task, labels, share) : Batch{};
  const auto next_batch = [&] {
    if (whole) return all;
    std::vector<std::uint64_t> inputs(training.batch);
    for (std::uint64_t& input : inputs) input = share[random.below(share.size())];
    std::sort(inputs.begin(), inputs.end());
    return batch_of(training.task, labels, inputs);
  };
  std::vector<double> losses = train(trainee(state), training.schedule, next_batch, after_step);
  for (const Factors& factors : state.factors) multiply(factors, state.stored.tensors[factors.tensor]);
  load_weights(state.stored);
  const std::uint64_t correct = correct_of_all(state.stored, training.task, labels, training.schedule.threads);
  SafetensorsFile file{tensors(state.stored), metadata(training)};
  std::string sha256 = model_sha256(training.description.text, file.tensors);
  return {std::move(file), std::move(sha256), std::move(losses), labels.size(), share.size(), correct};
}

} // namespace proofmark::networks
