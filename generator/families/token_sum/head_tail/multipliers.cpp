#include "families/token_sum/head_tail/multipliers.hpp"

#include "numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace proofmark::head_tail_search {

Multipliers first_multipliers(const Task& task, const Passes& passes, const Bounds& bounds) {
  const auto V = static_cast<Index>(task.vocabulary);
  Multipliers x{Eigen::ArrayXd::Zero(V), Eigen::ArrayXd::Zero(V)};
  for (int turn = 0; turn < 10; ++turn) {
    Passes::Sums sums = passes.residuals(x, bounds);
    x.beta += sums.by_label / sums.weight_by_label;
    sums = passes.residuals(x, bounds);
    x.alpha += sums.by_token / sums.weight_by_token.max(1e-300) / static_cast<double>(task.context - 1);
  }
  return x;
}

Multipliers shifted(const Passes& passes, const Bounds& bounds, const Multipliers& x, std::span<const double> shifts) {
  Multipliers result = x;
  Eigen::ArrayXd least = Eigen::ArrayXd::Constant(x.beta.size(), std::numeric_limits<double>::infinity());
  for (const double shift : shifts) {
    Multipliers trial = x;
    trial.beta += shift;
    const Passes::Sums sums = passes.objective(trial, bounds);
    for (Index y = 0; y < least.size(); ++y)
      if (sums.value_by_label[y] < least[y]) {
        least[y] = sums.value_by_label[y];
        result.beta[y] = trial.beta[y];
      }
  }
  return result;
}

Multipliers improved(const Passes& passes, const Bounds& bounds, Multipliers x, int turns, double rate,
                     const std::function<void()>& tick) {
  const Index V = x.alpha.size();
  Eigen::ArrayXd first = Eigen::ArrayXd::Zero(2 * V), second = first, gradient(2 * V), step;
  Multipliers best = x;
  double least = std::numeric_limits<double>::infinity();
  for (int turn = 0; turn <= turns; ++turn) {
    const Passes::Sums sums = passes.objective(x, bounds);
    if (sums.value < least) {
      least = sums.value;
      best = x;
    }
    if (turn == turns) break;
    gradient << sums.by_token, sums.by_label;
    gradient /= static_cast<double>(V);
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient.square();
    const auto turns_done = static_cast<std::uint64_t>(turn) + 1;
    const double now = rate * (1 - static_cast<double>(turn) / turns) + 1e-3;
    step = now * (first / (1 - elementary::power(0.9, turns_done))) /
           ((second / (1 - elementary::power(0.999, turns_done))).sqrt() + 1e-8);
    x.alpha -= step.head(V);
    x.beta -= step.tail(V);
    tick();
  }
  return best;
}

void set_multipliers(HeadTail& witness, const Multipliers& x) {
  const auto n = static_cast<double>(witness.task.context);
  const double top = x.alpha.maxCoeff(), least = -300 / n;
  witness.token_multipliers.clear();
  witness.label_multipliers.clear();
  for (Index y = 0; y < x.alpha.size(); ++y) {
    const double u = std::max(x.alpha[y] - top, least);
    witness.token_multipliers.push_back(elementary::exp(u));
    const double v = x.beta[y] + (n - 1) * top - u;
    witness.label_multipliers.push_back(v < no_multiplier / 2 ? 0.0 : elementary::exp(std::clamp(v, -600.0, 600.0)));
  }
}

} // namespace proofmark::head_tail_search
