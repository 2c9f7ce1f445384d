#include "low_rank/search.hpp"

#include "numbers/elementary.hpp"
#include "support/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace proofmark::low_rank {

namespace {

constexpr std::size_t most_labellings = 3;
constexpr std::size_t sampled = 512; // inputs by which candidates are compared
constexpr std::size_t looked_at = 4; // candidates that are compared by all inputs

struct Candidate {
  std::size_t labellings = 0; // the first so many
  std::uint64_t rank = 0;
  double keep = 0;
};

// Losses that hardly differ are the same.
double fineness(double loss) {
  constexpr double hardly = 0.002;
  return loss > 0 ? std::floor(elementary::log(loss) / hardly) : -std::numeric_limits<double>::infinity();
}

// What a candidate gives with the classes that are opened.
struct Judged {
  std::vector<opened::Pair> opened;
  double loss = 0;     // the sum
  bool fits = true;    // the budget
  bool decides = true; // opens whatever it has to
  Integer length;      // tables and steps
};

class Searching {
public:
  explicit Searching(const Search& s) : s_(s), inputs_(s.features.inputs()) {
    const MatrixD& U = s.features.U;
    MatrixD first(static_cast<Eigen::Index>(s.said.directions.size()), U.rows());
    for (Eigen::Index i = 0; i < first.rows(); ++i)
      first.row(i) =
          (U * Eigen::Map<const Eigen::VectorXd>(s.said.directions[static_cast<std::size_t>(i)].data(), U.cols()))
              .transpose();
    directions_ = directions(U, first);
    std::vector<NamedLabelling> labellings =
        s.said.labellings ? *s.said.labellings
                          : best_labellings(s.features.h, known_labellings(s.task), most_labellings, s.threads);
    for (std::size_t count = s.said.labellings ? labellings.size() : 0; count <= labellings.size(); ++count)
      tables_.push_back(
          fitted(s.features.h, {labellings.begin(), labellings.begin() + static_cast<std::ptrdiff_t>(count)}));
  }

  std::variant<Found, Beyond> best() {
    const std::vector<Candidate> all = candidates();
    std::vector<std::size_t> some(std::min(sampled, inputs_));
    for (std::size_t i = 0; i < some.size(); ++i) some[i] = (2 * i + 1) * inputs_ / (2 * some.size());
    std::vector<Judged> judged(all.size());
    for_each_piece(
        all.size(), s_.threads, [&](std::size_t i) { judged[i] = judge(all[i], some); },
        [&](std::size_t done) {
          if (s_.progress) s_.progress(0.7 * static_cast<double>(done) / static_cast<double>(all.size()));
        });
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return better(judged[i], judged[j]); });

    std::vector<std::size_t> every(inputs_);
    std::iota(every.begin(), every.end(), std::size_t{0});
    std::optional<std::size_t> best;
    Judged with;
    Integer least = judged[order[0]].length;
    for (std::size_t i = 0; i < order.size() && (i < looked_at || (!best && judged[order[i]].fits)); ++i) {
      const Judged next = judge(all[order[i]], every);
      least = i == 0 ? next.length : std::min(least, next.length);
      if (!next.fits && s_.budget) continue;
      if (!best || better(next, with)) best = order[i], with = next;
      if (s_.progress) s_.progress(0.7 + 0.1 * static_cast<double>(std::min(i, std::size_t{2})));
    }
    if (!best) return Beyond{least};
    const Candidate& chosen = all[*best];
    const Basis basis = basis_of(chosen);
    const Tables& tables = tables_of(chosen);
    return Found{tables, basis, std::move(with.opened), chosen.rank, chosen.keep};
  }

private:
  const Tables& tables_of(const Candidate& candidate) const {
    return tables_[std::min(candidate.labellings, tables_.size() - 1)];
  }

  std::size_t entries_of(std::uint64_t rank, double keep) const {
    const auto m = static_cast<double>(s_.features.U.rows()), all = m * static_cast<double>(rank);
    return static_cast<std::size_t>(std::min(all, std::floor(keep * m + 0.5)));
  }

  Basis basis_of(const Candidate& candidate) const {
    const std::size_t entries = entries_of(candidate.rank, candidate.keep);
    const auto rank = static_cast<Eigen::Index>(candidate.rank);
    if (entries == entries_of(candidate.rank, static_cast<double>(candidate.rank)))
      return basis(directions_.topRows(rank), entries);
    return basis(turned_.at(candidate.rank), entries);
  }

  Sizes sizes_of(std::uint64_t rank, std::uint64_t entries, std::uint64_t rows, const Tables& tables) const {
    return {rank, entries, rows, tables.labellings.size(), tables.all_rows()};
  }
  Integer length_of(const Sizes& sizes) const {
    return s_.length.tables(sizes) + s_.apart + s_.length.of_input(sizes) * inputs_;
  }
  Integer most() const { return s_.budget.value_or(s_.usual); }

  std::vector<Candidate> candidates() {
    const auto dimensions = static_cast<std::uint64_t>(directions_.rows());
    std::vector<std::uint64_t> ranks{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,  15, 16,
                                     17, 18, 20, 22, 24, 28, 32, 36, 40, 48, 56, 64, 80, 96, 112, 128};
    std::optional<std::uint64_t> asked = s_.options.rank ? s_.options.rank : s_.said.rank;
    if (!asked && !s_.said.directions.empty()) asked = s_.said.directions.size();
    if (asked) ranks = {std::min(*asked, dimensions)};
    std::erase_if(ranks, [&](std::uint64_t rank) { return rank > dimensions; });
    std::vector<Candidate> result;
    std::vector<std::uint64_t> to_turn;
    for (const std::uint64_t rank : ranks)
      for (std::size_t i = 0; i < tables_.size(); ++i)
        for (const double keep : keeps_of(rank)) {
          const std::size_t entries = entries_of(rank, keep);
          const bool may_fit = length_of(sizes_of(rank, entries, rank, tables_[i])) <= most();
          if (!may_fit && rank != ranks.front()) continue; // the shortest ones stay, whatever the budget
          result.push_back({i, rank, keep});
          if (entries < entries_of(rank, static_cast<double>(rank))) to_turn.push_back(rank);
        }
    to_turn.erase(std::unique(to_turn.begin(), to_turn.end()), to_turn.end());
    std::vector<MatrixD> turned_rows(to_turn.size());
    for_each_piece(to_turn.size(), s_.threads, [&](std::size_t i) {
      turned_rows[i] = turned(directions_.topRows(static_cast<Eigen::Index>(to_turn[i])));
    });
    for (std::size_t i = 0; i < to_turn.size(); ++i) turned_[to_turn[i]] = std::move(turned_rows[i]);
    return result;
  }

  std::vector<double> keeps_of(std::uint64_t rank) const {
    const auto all = static_cast<double>(rank);
    if (rank == 0) return {0};
    if (s_.said.keep) return {std::min(all, *s_.said.keep)};
    std::vector<double> result;
    for (const double keep : {1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0})
      if (keep < all) result.push_back(keep);
    result.push_back(all);
    return result;
  }

  bool better(const Judged& a, const Judged& b) const {
    if (a.fits != b.fits) return a.fits;
    if (a.decides != b.decides) return a.decides;
    if (!a.fits || !s_.loss) return a.length < b.length;
    const double by_loss = fineness(a.loss), other = fineness(b.loss);
    return by_loss != other ? by_loss < other : a.length < b.length;
  }

  // By these inputs, which stand for all.
  Judged judge(const Candidate& candidate, const std::vector<std::size_t>& inputs) const {
    const Basis basis = basis_of(candidate);
    const Tables& tables = tables_of(candidate);
    const Bounds bounds(s_.features, tables, basis);
    const Sizes sizes =
        sizes_of(static_cast<std::uint64_t>(basis.rows.rows()), basis.entries, basis.rows_with_entries, tables);
    const Integer least = length_of(sizes);
    const bool asked = s_.options.open.has_value();
    const std::optional<double> tau = asked ? s_.options.open->tau : std::optional(0.0);
    Judged result = opened_of(bounds, inputs, least, tau, !asked && s_.loss);
    if (result.fits || asked || !s_.budget || !s_.loss) return result;
    if (least > *s_.budget) {
      result.length = least;
      return result;
    }
    result = opened_of(bounds, inputs, least, {}, true); // what gains most, at least
    result.decides = false;
    return result;
  }

  Judged opened_of(const Bounds& bounds, const std::vector<std::size_t>& inputs, const Integer& least,
                   const std::optional<double>& tau, bool fill) const {
    constexpr std::size_t at_once = 1024;
    constexpr double largest = 600, little = 1e-13;
    opened::ByGain by_gain({0, s_.length.of_opened()});
    Judged result;
    for (std::size_t from = 0; from < inputs.size(); from += at_once) {
      const std::vector<std::size_t> some(inputs.begin() + static_cast<std::ptrdiff_t>(from),
                                          inputs.begin() +
                                              static_cast<std::ptrdiff_t>(std::min(inputs.size(), from + at_once)));
      const Ends ends = bounds.of(some);
      for (std::size_t i = 0; i < some.size(); ++i) {
        const double room = bounds.room(some[i], s_.blur);
        std::vector<opened::ByGain::Candidate> classes;
        double sum = 0;
        for (Eigen::Index c = 0; c < ends.upper.cols(); ++c) {
          if (static_cast<Token>(c) == s_.features.labels[some[i]]) continue;
          const auto row = static_cast<Eigen::Index>(i);
          const double upper = ends.upper(row, c), exact = ends.exact(row, c);
          if (tau && !(upper < -*tau - room)) {
            result.opened.push_back({some[i], static_cast<std::uint16_t>(c)});
            sum += elementary::exp(std::min(largest, exact));
            continue;
          }
          const double bound = elementary::exp(std::min(largest, upper));
          sum += bound;
          if (!fill) continue;
          const double excess = bound - elementary::exp(std::min(largest, exact));
          if (excess > little) classes.push_back({static_cast<std::uint16_t>(c), excess});
        }
        result.loss += elementary::log1p(sum);
        if (!classes.empty()) by_gain.offer(some[i], sum, std::move(classes));
      }
    }
    const Integer of_opened = s_.length.of_opened(), all = inputs_, part = inputs.size();
    result.length = least + of_opened * result.opened.size() * all / part;
    result.fits = result.length <= most();
    if (!result.fits || !fill) return result;
    const auto chosen = by_gain.within(static_cast<std::uint64_t>(Integer((most() - result.length) * part / all)));
    result.loss -= chosen.gain;
    result.length += Integer(chosen.operations) * all / part;
    result.opened.insert(result.opened.end(), chosen.pairs.begin(), chosen.pairs.end());
    std::sort(result.opened.begin(), result.opened.end());
    return result;
  }

  const Search& s_;
  std::size_t inputs_;
  MatrixD directions_;
  std::vector<Tables> tables_; // with more and more labellings
  std::map<std::uint64_t, MatrixD> turned_;
};

} // namespace

Sizes Found::sizes() const {
  return {static_cast<std::uint64_t>(basis.rows.rows()), basis.entries, basis.rows_with_entries,
          tables.labellings.size(), tables.all_rows()};
}

std::variant<Found, Beyond> search(const Search& asked) {
  return Searching(asked).best();
}

} // namespace proofmark::low_rank
