#include "block_tables/search.hpp"

#include "block_tables/groups.hpp"
#include "numbers/elementary.hpp"
#include "numbers/random.hpp"
#include "support/error.hpp"
#include "support/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace proofmark::block_tables {

namespace {

std::size_t rows_of(const Question& asked) {
  return static_cast<std::size_t>(asked.additive.left.rows());
}
std::size_t symbols_of(const Question& asked) {
  return static_cast<std::size_t>(asked.additive.right.rows());
}

// ---- forms -----------------------------------------------------------------------------------------------------------

void set_kinds(Side& side, bool positive_parts) { // neurons that hardly vary, or hardly matter, by norms
  for (Group& group : side) group.positive_parts = positive_parts && group.count > 1;
}

struct Sides {
  Side right, left;
};

// Partitions by several gaps; where an explanation has them, those of the explanation.
std::vector<Sides> partitions(const Question& asked) {
  const explanations::BlockTables* given = asked.given;
  const std::vector<bool> live = live_neurons(asked.additive);
  const auto of_side = [&](const MatrixD& columns, const std::optional<explanations::Side>& side, Grouping how) {
    return side ? groups(columns, live, how, *side) : groups(columns, live, how);
  };
  std::vector<Sides> result;
  const auto add = [&](Sides sides) {
    const auto same = [](const Side& a, const Side& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                        [](const Group& c, const Group& d) { return c.neurons == d.neurons && c.blocks == d.blocks; });
    };
    for (const Sides& other : result)
      if (same(other.right, sides.right) && same(other.left, sides.left)) return;
    result.push_back(std::move(sides));
  };
  const bool few_on_the_left = asked.additive.left.rows() <= 0x10000; // blocks are numbers of 16 bits
  for (const double gap : {0.15, 0.05, 0.1, 0.2, 0.3, 0.5})
    for (const std::uint32_t slack : {2U, 0U}) {
      const Grouping how{gap, slack};
      const Side right = of_side(asked.additive.right, given ? given->right : std::nullopt, how);
      const bool two_sided = given && given->two_sided ? *given->two_sided : given && given->left;
      if (few_on_the_left && (two_sided || !(given && given->two_sided)))
        add({right, of_side(asked.additive.left, given ? given->left : std::nullopt, how)});
      if (!two_sided) add({right, {}});
    }
  return result;
}

// ---- what a form is worth --------------------------------------------------------------------------------------------

// Some rows, all over; all of them where they are few.
std::vector<std::size_t> some_rows(const Question& asked) {
  constexpr std::uint64_t most_logits = 400'000;
  const std::uint64_t each = symbols_of(asked) * static_cast<std::uint64_t>(asked.additive.bias.size());
  const std::uint64_t count = std::clamp<std::uint64_t>(most_logits / each, 4, 1024);
  std::vector<std::size_t> rows(rows_of(asked));
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (rows.size() <= count) return rows;
  Random random(0);
  for (std::size_t i = 0; i < count; ++i) std::swap(rows[i], rows[i + random.below(rows.size() - i)]);
  rows.resize(count);
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::span<const std::uint16_t> labels_of(const Question& asked, std::size_t x) {
  return std::span(asked.labels).subspan(x * symbols_of(asked), symbols_of(asked));
}

// What the bounds put above -tau, by room for what the verifier may find.
std::vector<opened::Pair> above(const Question& asked, const Bounds& bounds, std::size_t x, double tau) {
  const auto labels = labels_of(asked, x);
  const Differences d = differences(bounds, x, labels);
  const double least = -tau - room(asked.additive);
  std::vector<opened::Pair> pairs;
  for (std::size_t y = 0; y < labels.size(); ++y)
    for (Eigen::Index c = 0; c < d.upper.cols(); ++c)
      if (c != labels[y] && d.upper(static_cast<Eigen::Index>(y), c) >= least)
        pairs.push_back({x * labels.size() + y, static_cast<std::uint16_t>(c)});
  return pairs;
}

// What may be opened of the inputs of a row, with the sums that are to fall: the loss as the bounds have it.
struct Offers {
  struct OfInput {
    std::uint64_t input;
    double sum;
    std::vector<opened::ByGain::Candidate> candidates;
  };
  std::vector<OfInput> inputs;
  double loss = 0;
};
Offers offers_of(const Question& asked, const Bounds& bounds, std::size_t x) {
  constexpr double worth_a_look = 0.01; // of what an input's class contributes on average
  const auto labels = labels_of(asked, x);
  const Differences d = differences(bounds, x, labels);
  MatrixD upper = d.upper, middle = 0.5 * (d.upper + d.lower);
  elementary::replace_by_exp(upper.data(), upper.size()), elementary::replace_by_exp(middle.data(), middle.size());
  Offers result;
  for (std::size_t y = 0; y < labels.size(); ++y) upper(static_cast<Eigen::Index>(y), labels[y]) = 0;
  const double least = worth_a_look * upper.mean();
  for (std::size_t y = 0; y < labels.size(); ++y) {
    const auto row = static_cast<Eigen::Index>(y);
    Offers::OfInput one{x * labels.size() + y, upper.row(row).sum(), {}};
    result.loss += elementary::log1p(one.sum);
    for (Eigen::Index c = 0; c < upper.cols(); ++c)
      if (upper(row, c) > least)
        one.candidates.push_back({static_cast<std::uint16_t>(c), upper(row, c) - middle(row, c)});
    result.inputs.push_back(std::move(one));
  }
  return result;
}

struct Worth {
  Integer length; // with what is opened, on the average of the rows that are looked at
  double loss = 0;
};

template <class Result>
std::vector<Result> of_rows(const Question& asked, const std::vector<std::size_t>& rows,
                            const std::function<Result(std::size_t)>& find) {
  std::vector<Result> results(rows.size());
  for_each_piece(rows.size(), asked.threads, [&](std::size_t i) { results[i] = find(rows[i]); });
  return results;
}

// The pairs that tau asks for, of these rows.
std::vector<opened::Pair> all_above(const Question& asked, const Bounds& bounds, const std::vector<std::size_t>& rows) {
  std::vector<opened::Pair> all;
  if (!asked.tau) return all;
  for (const auto& pairs : of_rows<std::vector<opened::Pair>>(
           asked, rows, [&](std::size_t x) { return above(asked, bounds, x, *asked.tau); }))
    all.insert(all.end(), pairs.begin(), pairs.end());
  return all;
}

// The pairs that gain most within what a budget leaves, and the loss with them, of these rows.
struct WithinBudget {
  std::vector<opened::Pair> pairs;
  double loss = 0;
};
WithinBudget within_budget(const Question& asked, const Bounds& bounds, const Length& length, std::uint64_t operations,
                           const std::vector<std::size_t>& rows) {
  const std::uint64_t once = length.opened().row * rows.size();
  opened::ByGain choice({length.opened().input, length.opened().one});
  WithinBudget result;
  for (Offers& offers : of_rows<Offers>(asked, rows, [&](std::size_t x) { return offers_of(asked, bounds, x); })) {
    result.loss += offers.loss;
    for (auto& one : offers.inputs) choice.offer(one.input, one.sum, std::move(one.candidates));
  }
  auto chosen = choice.within(operations > once ? operations - once : 0);
  result.pairs = std::move(chosen.pairs), result.loss -= chosen.gain;
  return result;
}

class Search {
public:
  explicit Search(const Question& asked) : asked_(asked), sample_(some_rows(asked)) {}

  Found found() {
    std::vector<Sides> all = partitions(asked_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      consider(std::move(all[i]));
      if (asked_.progress) asked_.progress(static_cast<double>(i + 1) / static_cast<double>(all.size()));
    }
    if (!best_)
      throw Error(Exit::usage,
                  fmt::format("--budget leaves {} operations for tables and steps, and the shortest proof by "
                              "block-tables takes {}",
                              asked_.budget->str(), shortest_->str()),
                  "a larger budget, or --strategy enumeration");
    return complete(*std::move(best_));
  }

private:
  void consider(Sides sides) {
    Form form = block_tables::form(std::move(sides.right), std::move(sides.left), false);
    const auto& positive = asked_.given ? asked_.given->positive_parts : std::nullopt;
    for (const bool folded : {true, false}) {
      if (form.right_tree.steps.empty() && folded) continue;
      form.fold.reset();
      if (folded) form.fold = folded_node(form.right_tree, partitions_of(form.right));
      for (const bool right : {false, true})
        for (const bool left : {false, true}) {
          if (!form.two_sided() && left) continue;
          if (positive && (right != *positive || (form.two_sided() && left != *positive))) continue;
          set_kinds(form.right, right), set_kinds(form.left, left);
          weigh(form);
        }
    }
  }

  void weigh(const Form& form) {
    const Length length(asked_.network, asked_.task.domain, form, asked_.stated);
    const Integer least = length.tables() + length.row() * rows_of(asked_);
    if (!shortest_ || least < *shortest_) shortest_ = least;
    if (asked_.budget ? least > *asked_.budget : best_ && least >= best_worth_.length) return;
    const Bounds bounds(asked_.additive, form);
    Worth worth{least, 0};
    const auto factor = [&](const Integer& of_sample) { return Integer(of_sample * rows_of(asked_) / sample_.size()); };
    if (asked_.budget) {
      const Integer share = (*asked_.budget - least) * sample_.size() / rows_of(asked_);
      worth.loss = within_budget(asked_, bounds, length, static_cast<std::uint64_t>(share), sample_).loss;
    } else {
      const opened::Counts counts = opened::counts_of(all_above(asked_, bounds, sample_), symbols_of(asked_));
      worth.length += factor(length.step(0, counts.rows, counts.inputs, counts.classes));
    }
    if (best_ && (asked_.budget ? worth.loss >= best_worth_.loss : worth.length >= best_worth_.length)) return;
    best_ = form, best_worth_ = worth;
  }

  Found complete(Form form) const {
    std::vector<std::size_t> rows(rows_of(asked_));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    const Length length(asked_.network, asked_.task.domain, form, asked_.stated);
    const Bounds bounds(asked_.additive, form);
    if (!asked_.budget) return {form, all_above(asked_, bounds, rows)};
    const Integer rest = *asked_.budget - length.tables() - length.row() * rows.size();
    return {form, within_budget(asked_, bounds, length, static_cast<std::uint64_t>(rest), rows).pairs};
  }

  const Question& asked_;
  std::vector<std::size_t> sample_;
  std::optional<Form> best_;
  Worth best_worth_;
  std::optional<Integer> shortest_;
};

} // namespace

Found search(const Question& asked) {
  return Search(asked).found();
}

} // namespace proofmark::block_tables
