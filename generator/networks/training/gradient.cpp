#include "networks/training/gradient.hpp"

#include "networks/training/weights.hpp"
#include "support/parallel.hpp"
#include "training/cross_entropy.hpp"

#include <algorithm>
#include <atomic>

namespace proofmark::networks {

namespace {

using Eigen::Index;

// A batch is worked on in slices, whose gradients are added in order: a matter of rounding, and so of no threads.
constexpr std::size_t slice_inputs = 512;

struct Slice {
  Inputs inputs;
  std::span<const Token> labels;
};

Slice slice(const Batch& batch, std::size_t number) {
  const std::size_t begin = number * slice_inputs, size = std::min(slice_inputs, batch.size() - begin);
  Slice result{{std::vector(batch.context, std::vector<Token>(size))}, std::span(batch.labels).subspan(begin, size)};
  for (std::size_t p = 0; p < batch.context; ++p)
    for (std::size_t i = 0; i < size; ++i) result.inputs.tokens[p][i] = batch.token(begin + i, p);
  return result;
}

std::size_t slices(const Batch& batch) {
  return (batch.size() + slice_inputs - 1) / slice_inputs;
}

template <class Scalar>
void set_zero(Weights<Scalar>& weights) {
  for (const std::span<Scalar> array : arrays(weights)) std::fill(array.begin(), array.end(), Scalar{0});
}

template <class Scalar>
void add(Weights<Scalar>& sum, Weights<Scalar>& term) {
  const auto to = arrays(sum), from = arrays(term);
  for (std::size_t i = 0; i < to.size(); ++i)
    for (std::size_t k = 0; k < to[i].size(); ++k) to[i][k] += from[i][k];
}

// The sum of the losses of a slice; its part of the mean's gradient is put in `gradient`.
template <class Scalar>
double of_slice(const Weights<Scalar>& weights, const Batch& batch, std::size_t number, Weights<Scalar>& gradient) {
  const Slice own = slice(batch, number);
  set_zero(gradient);
  Tape<Scalar> tape(own.inputs);
  Value<Scalar>& value = logits(tape, weights, gradient);
  const std::vector<std::uint32_t>& row = tape.combinations.of_inputs(value.positions);
  Table<Scalar> each(static_cast<Index>(row.size()), value.rows.cols());
  for (std::size_t i = 0; i < row.size(); ++i) each.row(static_cast<Index>(i)) = value.rows.row(row[i]);
  Eigen::ArrayXd losses(each.rows());
  logits_to_gradient(each, own.labels, batch.size(), {0, each.rows()}, losses);
  for (std::size_t i = 0; i < row.size(); ++i) value.gradient.row(row[i]) += each.row(static_cast<Index>(i));
  tape.go_back();
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return sum;
}

} // namespace

template <class Scalar>
std::vector<std::span<Scalar>> arrays(Weights<Scalar>& weights) {
  std::vector<std::span<Scalar>> result;
  const auto append = [&](auto& matrix) {
    result.emplace_back(matrix.data(), static_cast<std::size_t>(matrix.size()));
  };
  for_each_weight(weights, [&](auto& weight) {
    if constexpr (requires { weight.bias; }) {
      append(weight.weight);
      if (weight.bias) append(*weight.bias);
    } else {
      append(weight);
    }
  });
  return result;
}

template <class Scalar>
double loss_and_gradient(const Weights<Scalar>& weights, const Batch& batch, Weights<Scalar>& gradient,
                         unsigned threads) {
  const std::size_t all = slices(batch);
  std::vector<Weights<Scalar>> own(std::min<std::size_t>(all, 4 * threads), weights);
  std::vector<double> losses(own.size());
  double loss = 0;
  set_zero(gradient);
  for (std::size_t first = 0; first < all; first += own.size()) {
    const std::size_t count = std::min(own.size(), all - first);
    for_each_piece(count, threads, [&](std::size_t i) { losses[i] = of_slice(weights, batch, first + i, own[i]); });
    for (std::size_t i = 0; i < count; ++i) {
      loss += losses[i];
      add(gradient, own[i]);
    }
  }
  return loss / static_cast<double>(batch.size());
}

std::uint64_t correct_inputs(const Weights<float>& weights, const Batch& batch, unsigned threads) {
  std::atomic<std::uint64_t> correct{0};
  for_each_piece(slices(batch), threads, [&](std::size_t number) {
    const Slice own = slice(batch, number);
    Weights<float> unused = weights; // there is no way back
    Tape<float> tape(own.inputs);
    const Value<float>& value = logits(tape, weights, unused);
    const std::vector<std::uint32_t>& row = tape.combinations.of_inputs(value.positions);
    for (std::size_t i = 0; i < row.size(); ++i) {
      Vector<float> others = value.rows.row(row[i]);
      const float of_label = others(own.labels[i]);
      others(own.labels[i]) = -std::numeric_limits<float>::infinity();
      correct += of_label > others.maxCoeff() ? 1 : 0;
    }
  });
  return correct;
}

template std::vector<std::span<float>> arrays(Weights<float>&);
template std::vector<std::span<double>> arrays(Weights<double>&);
template double loss_and_gradient(const Weights<float>&, const Batch&, Weights<float>&, unsigned);
template double loss_and_gradient(const Weights<double>&, const Batch&, Weights<double>&, unsigned);

} // namespace proofmark::networks
