// Sums over all sorted inputs, for multipliers and for the levels that inputs get.
#pragma once

#include "families/token_sum/head_tail/landscape.hpp"
#include "families/token_sum/head_tail/sums.hpp"
#include "support/parallel.hpp"

namespace proofmark::head_tail_search {

// ln m(t) = beta[label] + the sum of alpha over the other tokens. (The rule's multipliers u, v say the same: the label
// is one of the tokens.)
struct Multipliers {
  Eigen::ArrayXd alpha, beta; // [V]
};

// The logarithms of L, U and Z - L that inputs have at present.
struct Bounds {
  const std::vector<float>*low, *high, *gap;
};

// For inputs side by side with ln m = s: value = phi + m Z and slope = its derivative by s.
void tangent(Index length, const Eigen::ArrayXf& s, const float* z, const float* low, const float* high,
             const float* gap, Eigen::ArrayXf& value, Eigen::ArrayXf& slope, Eigen::ArrayXf& at_best);

// Sums over all inputs that the search needs: one pass over the landscape. Pieces of labels are summed by themselves
// and then in order, so that the number of threads does not show.
class Passes {
public:
  Passes(const Task& task, const Landscape& land, unsigned threads)
      : task_(task), land_(land), threads_(threads), pieces_(head_tail_pieces(task)) {}

  struct Sums {
    double value = 0;
    Eigen::ArrayXd by_token, by_label, weight_by_token, weight_by_label, value_by_label;
    std::vector<std::int64_t> spent_at; // for Choice
  };

  // `rows(piece's sums, tail, first input, weights, ln m of the inputs)` for every row.
  template <class Rows>
  Sums over_rows(const Multipliers& x, const Rows& rows) const {
    const auto V = static_cast<Index>(task_.vocabulary);
    std::vector<Sums> parts(pieces_.size());
    for_each_piece(pieces_.size(), threads_, [&](std::size_t piece) {
      Sums& part = parts[piece];
      for (Eigen::ArrayXd* sum :
           {&part.by_token, &part.by_label, &part.weight_by_token, &part.weight_by_label, &part.value_by_label})
        sum->setZero(V);
      const Eigen::ArrayXf alpha = x.alpha.cast<float>();
      Eigen::ArrayXf s(V), work[3] = {Eigen::ArrayXf(V), Eigen::ArrayXf(V), Eigen::ArrayXf(V)};
      for (std::uint64_t y = pieces_[piece].from; y < pieces_[piece].to; ++y) {
        Tokens tail{y};
        std::uint64_t first = first_sorted_input(task_, y);
        for_each_row(
            task_.context, tail, [] {},
            [&] {
              const auto length = static_cast<Index>(tail.back()) + 1;
              double base = x.beta[static_cast<Index>(y)];
              for (std::size_t i = 1; i < tail.size(); ++i) base += x.alpha[static_cast<Index>(tail[i])];
              s.head(length) = alpha.head(length) + static_cast<float>(base);
              rows(part, tail, first, length, s, work);
              first += static_cast<std::uint64_t>(length);
            });
      }
    });
    Sums result = std::move(parts[0]);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      result.value += parts[i].value;
      result.by_token += parts[i].by_token;
      result.by_label += parts[i].by_label;
      result.weight_by_token += parts[i].weight_by_token;
      result.weight_by_label += parts[i].weight_by_label;
      result.value_by_label += parts[i].value_by_label;
      result.spent_at.resize(std::max(result.spent_at.size(), parts[i].spent_at.size()));
      for (std::size_t j = 0; j < parts[i].spent_at.size(); ++j) result.spent_at[j] += parts[i].spent_at[j];
    }
    return result;
  }

  // The sum of w (phi + m Z), and its derivatives.
  Sums objective(const Multipliers&, const Bounds&) const;

  // Residuals of ln m = -ln Z, weighted by what the tail leaves open.
  Sums residuals(const Multipliers&, const Bounds&) const;

private:
  const Task& task_;
  const Landscape& land_;
  unsigned threads_;
  std::vector<LabelRange> pieces_;
};

} // namespace proofmark::head_tail_search
