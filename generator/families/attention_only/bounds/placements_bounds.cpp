#include "families/attention_only/bounds/placements_bounds.hpp"

#include "numbers/elementary.hpp"
#include "support/interrupt.hpp"

#include <cmath>

namespace proofmark::attention_only {

namespace {

using Index = Eigen::Index;
using Row = Eigen::RowVectorXd;

// One label, placement by placement.
class Placements {
public:
  Placements(const Relative& label, double clear, std::uint64_t near, std::uint64_t filled)
      : label_(label), clear_(clear), c_(static_cast<Index>(near)), f_(static_cast<Index>(label.m - near)),
        filled_(filled), free_(static_cast<Index>(label.n) - 1) {
    for (Index p = 0; p <= free_; ++p) values_.push_back(label_.v.rowwise() + label_.pi.row(p));
    if (f_ == 0) return;
    far_most_ = label_.v.topRows(f_).colwise().maxCoeff();
    far_least_ = label_.v.topRows(f_).colwise().minCoeff();
  }

  void run() {
    const auto m = static_cast<Index>(label_.m);
    for (q_ = free_ == 0 ? m : 0; q_ <= m; ++q_) {
      stop_if_interrupted();
      far_weight_ = f_ > 0 ? label_.r.row(q_).head(f_).maxCoeff() : 0;
      far_mean_ = f_ > 0 ? label_.r.row(q_).head(f_).mean() : 0;
      const double own = weight(free_, q_);
      walk(0, own, own * values_.back().row(q_), q_ == m);
    }
  }

  double lower = 0, upper = 0;
  Integer correct;

private:
  double weight(Index position, Index token) const { return label_.r(q_, token) * label_.b(q_, position); }

  // Free slots from `slot` on; mass and numerator of the query and of the label's slots so far.
  void walk(Index slot, double mass, const Row& numerator, bool has_label) {
    if (slot == free_) {
      if (has_label) placement(mass, numerator);
      return;
    }
    const auto m = static_cast<Index>(label_.m);
    const double own = weight(slot, m);
    walk(slot + 1, mass + own, numerator + own * values_[static_cast<std::size_t>(slot)].row(m), true);
    for (auto& [slots, tokens] : {std::pair{&near_, c_}, std::pair{&far_, f_}}) {
      if (tokens == 0) continue;
      slots->push_back(slot);
      walk(slot + 1, mass, numerator, has_label);
      slots->pop_back();
    }
  }

  void placement(double mass, const Row& numerator) {
    const auto m = static_cast<Index>(label_.m);
    far_sum_ = 0;
    if (!far_.empty()) {
      Row most = label_.pi.row(far_.front()), least = most;
      for (const Index p : far_) {
        far_sum_ += label_.b(q_, p);
        most = most.cwiseMax(label_.pi.row(p));
        least = least.cwiseMin(label_.pi.row(p));
      }
      highest_ = label_.u.row(q_) + far_most_ + most;
      lowest_ = label_.u.row(q_) + far_least_ + least;
    }
    sums_ = {};
    const bool full = near_.size() <= filled_;
    double same = 1; // Λ
    if (full)
      fill(0, mass, numerator);
    else {
      Row most = label_.pi.row(near_.front());
      double of_near = 0, squares = 0;
      for (const Index p : near_) {
        most = most.cwiseMax(label_.pi.row(p));
        of_near += label_.b(q_, p);
        squares += label_.b(q_, p) * label_.b(q_, p);
      }
      same = squares / (of_near * of_near);
      for (Index k = f_; k < m; ++k) {
        const double own = of_near * label_.r(q_, k);
        row(mass + own, numerator + own * (label_.v.row(k) + most), false);
      }
    }
    const auto of_far = power(static_cast<std::uint64_t>(f_), far_.size());
    const double fillings = elementary::power(static_cast<double>(c_), near_.size()) *
                            elementary::power(static_cast<double>(f_), far_.size());
    const double rows = sums_.rows, over = sums_.over / rows; // mean(1/D)
    const auto mix = [&](double losses, double heavy, bool others) {
      const double mean = losses / rows, apart = heavy / rows * over;
      return full ? mean : same * mean + (1 - same) * (others ? std::max(mean, apart) : apart);
    };
    double bound = mix(sums_.worst, sums_.heavy_worst, !far_.empty());
    if (!far_.empty())
      bound = std::min(bound, mix(sums_.pure, sums_.heavy, false) +
                                  far_sum_ * far_mean_ * over * loss_of(highest_.data(), highest_.size()));
    upper += fillings * bound;
    lower += of_far.convert_to<double>() * sums_.best;
    const std::uint64_t passing = sums_.passing;
    correct += of_far * (full ? Integer(passing) : power(passing, near_.size()));
  }

  // Near slots from number `at` on, with every near token.
  void fill(std::size_t at, double mass, const Row& numerator) {
    if (at == near_.size()) return row(mass, numerator, true);
    const auto m = static_cast<Index>(label_.m);
    for (Index k = f_; k < m; ++k) {
      const double own = weight(near_[at], k);
      fill(at + 1, mass + own, numerator + own * values_[static_cast<std::size_t>(near_[at])].row(k));
    }
  }

  void row(double mass, const Row& numerator, bool full) {
    margins_ = numerator / mass + label_.u.row(q_);
    const double pure = loss_of(margins_.data(), margins_.size());
    double worst = pure, best = pure;
    if (far_.empty())
      sums_.passing += margins_.maxCoeff() < -clear_;
    else {
      const double a = far_sum_ * far_weight_ / (mass + far_sum_ * far_weight_);
      moved_ = margins_ + a * (highest_ - margins_).cwiseMax(0);
      worst = loss_of(moved_.data(), moved_.size());
      sums_.passing += moved_.maxCoeff() < -clear_;
      if (full) {
        moved_ = margins_ + a * (lowest_ - margins_).cwiseMin(0);
        best = loss_of(moved_.data(), moved_.size());
      }
    }
    sums_.rows += 1;
    sums_.pure += pure;
    sums_.worst += worst;
    sums_.heavy += mass * pure;
    sums_.heavy_worst += mass * worst;
    sums_.over += 1 / mass;
    if (full) sums_.best += best;
  }

  // Over the rows of a placement: losses of Δ, Δ⁺ and Δ⁻, those times D, 1/D.
  struct Sums {
    double rows = 0, pure = 0, worst = 0, best = 0, heavy = 0, heavy_worst = 0, over = 0;
    std::uint64_t passing = 0;
  };

  const Relative& label_;
  double clear_;
  Index c_, f_;
  std::uint64_t filled_;
  Index free_, q_ = 0;
  std::vector<MatrixD> values_; // by position: v + pi  [m+1 x W]
  Row far_most_, far_least_;    // of v over far tokens  [W]
  double far_weight_ = 0, far_mean_ = 0;
  std::vector<Index> near_, far_; // slots of the placement
  double far_sum_ = 0;            // R
  Row highest_, lowest_;          // Y, Y_lo
  Row margins_, moved_;
  Sums sums_;
};

} // namespace

LabelSum placements_sum(const Relative& label, const Errors& errors, std::uint64_t near, std::uint64_t filled) {
  if (label.W == 0) return {Interval(0), Interval(0), 1, 0};
  Placements placements(label, clear_margin(errors), near, filled);
  placements.run();
  return {bounds(placements.lower, placements.upper, errors), Interval(0), placements.correct, 0};
}

} // namespace proofmark::attention_only
