#include "training/adamw.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace proofmark {

template <class Scalar>
AdamW<Scalar>::AdamW(Eigen::Index size, const AdamWOptions& options, bool bias)
    : options_(options), mean_(Array::Zero(size)), square_(Array::Zero(size)) {
  if (bias) options_.l2 = 0;
}

template <class Scalar>
void AdamW<Scalar>::step(Scalar* weights, const Scalar* gradient, unsigned threads) {
  ++steps_;
  const auto beta1 = static_cast<Scalar>(options_.beta1);
  const auto beta2 = static_cast<Scalar>(options_.beta2);
  const auto rest1 = static_cast<Scalar>(1 - options_.beta1);
  const auto rest2 = static_cast<Scalar>(1 - options_.beta2);
  const auto epsilon = static_cast<Scalar>(options_.epsilon);
  double learning_rate = options_.learning_rate;
  if (steps_ < options_.warm_up)
    learning_rate = learning_rate * static_cast<double>(steps_) / static_cast<double>(options_.warm_up);
  if (options_.cool_from < steps_ && steps_ <= options_.cool_to)
    learning_rate = learning_rate * static_cast<double>(options_.cool_to + 1 - steps_) /
                    static_cast<double>(options_.cool_to + 1 - options_.cool_from);
  const auto l2 = static_cast<Scalar>(options_.l2);
  const auto shrink = static_cast<Scalar>(1 - learning_rate * options_.weight_decay);
  const auto rate = static_cast<Scalar>(learning_rate / (1 - elementary::power(options_.beta1, steps_)));
  const auto unbias = static_cast<Scalar>(1 / std::sqrt(1 - elementary::power(options_.beta2, steps_)));

  constexpr Eigen::Index piece_size = 1 << 14; // four arrays of this length fit in a core's second cache
  const Eigen::Index size = mean_.size();
  const Eigen::Index pieces = (size + piece_size - 1) / piece_size;
  for_each_piece(static_cast<std::size_t>(pieces), threads, [&](std::size_t piece) {
    const Eigen::Index begin = static_cast<Eigen::Index>(piece) * piece_size;
    const Eigen::Index length = std::min(piece_size, size - begin);
    Eigen::Map<Array> w(weights + begin, length);
    const Eigen::Map<const Array> given(gradient + begin, length);
    auto m = mean_.segment(begin, length);
    auto v = square_.segment(begin, length);
    const auto move = [&](const auto& g) {
      m = beta1 * m + rest1 * g;
      v = beta2 * v + rest2 * g * g;
    };
    l2 == 0 ? move(given) : move(given + l2 * w);
    w = shrink * w - rate * m / (unbias * v.sqrt() + epsilon);
  });
}

template class AdamW<float>;
template class AdamW<double>;

} // namespace proofmark
