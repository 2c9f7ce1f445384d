#include "heads.hpp"

#include <algorithm>
#include <span>

namespace proofmark::lengths::token_sum {
namespace {

// Rows of a batch, its inputs unless it has one row alone, and outputs of a piece of it but for the last input's.
constexpr std::uint64_t most_rows = 48, most_inputs = 1u << 17, most_outputs = 1u << 20;

std::span<const std::uint16_t> head(const HeadTail& h, std::uint64_t token, std::size_t level) {
  return std::span(h.heads).subspan(token * h.widest, h.sizes[level]);
}
bool positive(const std::vector<double>& x, std::uint64_t token) {
  return !x.empty() && x[token] > 0;
}

// Outputs that were seen since the last `forget`.
class Seen {
public:
  explicit Seen(std::uint64_t outputs) : at_(outputs) {}
  void forget() { ++now_, count_ = 0; }
  void add(std::span<const std::uint16_t> outputs) {
    for (const std::uint16_t k : outputs)
      if (at_[k] != now_) at_[k] = now_, ++count_;
  }
  std::uint64_t count() const { return count_; }
  std::uint64_t not_in(std::span<const std::uint16_t> outputs) const {
    std::uint64_t result = 0;
    for (const std::uint16_t k : outputs) result += at_[k] != now_ ? 1 : 0;
    return result;
  }
  bool operator[](std::uint64_t k) const { return at_[k] == now_; }

private:
  std::vector<std::uint64_t> at_;
  std::uint64_t now_ = 1, count_ = 0;
};

// The inputs of a label, batch by batch as the rule takes them.
class Walk {
public:
  Walk(const HeadTail& h, std::uint64_t label)
      : h_(h), n_(h.task.context), label_(label), kinds_(2 * h.sizes.size()), pieces_(kinds_.size()),
        heads_(h.sizes.size(), Seen(h.task.vocabulary)), in_heads_(h.sizes.size()), row_(n_ - 1, 0) {
    row_.back() = label;
    for (std::uint64_t place = 0; place < n_; ++place) // an input's index: the sum of C(t_i + i - 1, i)
      for (std::uint64_t t = 0; t <= label && !h.levels.empty(); ++t)
        before_.push_back(binomial(t + place, place + 1).convert_to<std::uint64_t>());
  }
  std::vector<OfLevel> run() {
    do {
      if (rows_ == most_rows || (rows_ > 0 && inputs_ + row_.front() + 1 > most_inputs)) end_batch();
      add_row();
    } while (next_row());
    end_batch();
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
      kinds_[kind].level = kind / 2, kinds_[kind].multiplied = kind % 2 == 1;
    return kinds_;
  }

private:
  struct Pieces {                         // of the inputs of one kind in a batch
    std::uint64_t count = 0, outputs = 0; // of the last
  };

  void add_row() {
    ++rows_, inputs_ += row_.front() + 1;
    std::uint64_t index = 0;
    bool multiplied = positive(h_.label_multipliers, label_);
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (!h_.levels.empty()) index += before_[(i + 1) * (label_ + 1) + row_[i]];
      multiplied = multiplied && positive(h_.token_multipliers, row_[i]);
    }
    in_heads_.assign(in_heads_.size(), false);
    for (std::uint64_t a = 0; a <= row_.front(); ++a) {
      const std::size_t level = h_.levels.empty() ? 0 : h_.levels[index + a];
      add_input(2 * level + (multiplied && positive(h_.token_multipliers, a) ? 1 : 0),
                h_.exact(level) ? 0 : outputs(a, level));
    }
  }
  void add_input(std::size_t kind, std::uint64_t outputs) {
    Pieces& pieces = pieces_[kind];
    if (pieces.count == 0 || pieces.outputs >= most_outputs) ++pieces.count, pieces.outputs = 0;
    pieces.outputs += outputs;
    kinds_[kind].inputs += 1, kinds_[kind].outputs += outputs;
  }
  // Of the heads of token a and of the row together.
  std::uint64_t outputs(std::uint64_t a, std::size_t level) {
    Seen& of_row = heads_[level];
    if (!in_heads_[level]) {
      in_heads_[level] = true;
      of_row.forget();
      for (const std::uint64_t t : row_) of_row.add(head(h_, t, level));
    }
    return of_row.count() + of_row.not_in(head(h_, a, level));
  }
  // A larger token at the last place that has one, and the least ones after it; the label stays.
  bool next_row() {
    std::size_t i = row_.size() - 1;
    while (i > 0 && row_[i - 1] == label_) --i;
    if (i == 0) return false;
    std::fill(row_.begin() + static_cast<std::ptrdiff_t>(i) - 1, row_.end() - 1, row_[i - 1] + 1);
    return true;
  }
  void end_batch() {
    for (std::size_t kind = 0; kind < pieces_.size(); ++kind) kinds_[kind].rows += rows_ * pieces_[kind].count;
    pieces_.assign(pieces_.size(), {});
    rows_ = inputs_ = 0;
  }

  const HeadTail& h_;
  std::uint64_t n_, label_;
  std::vector<OfLevel> kinds_;
  std::vector<Pieces> pieces_;
  std::vector<Seen> heads_;    // by level, of the row
  std::vector<bool> in_heads_; // whether they are there
  std::vector<std::uint64_t> row_, before_;
  std::uint64_t rows_ = 0, inputs_ = 0; // of the batch
};

// Of any heads: at most.
std::vector<OfLevel> most_of_label(const HeadTail& h, std::uint64_t label) {
  const std::uint64_t n = h.task.context, V = h.task.vocabulary;
  const Integer rows = binomial(label + n - 2, n - 2);
  std::vector<OfLevel> result;
  const std::vector<std::uint64_t> inputs = inputs_by_level(h, label);
  for (std::size_t level = 0; level < inputs.size(); ++level) {
    OfLevel some{level, h.multipliers(), inputs[level], 0, 0};
    if (inputs[level] > 0) some.rows = rows;
    if (!h.exact(level)) {
      some.outputs = some.inputs * std::min(V, n * h.sizes[level]);
      some.rows += some.outputs * std::min(rows, Integer(most_rows)) / most_outputs;
    }
    result.push_back(some);
  }
  return result;
}

} // namespace

std::vector<OfLevel> inputs_of_label(const HeadTail& h, std::uint64_t label) {
  return h.heads.empty() ? most_of_label(h, label) : Walk(h, label).run();
}

TailLists tail_lists(const HeadTail& h, std::uint64_t tokens, std::optional<std::uint64_t> label) {
  const std::uint64_t V = h.task.vocabulary, levels = h.bounded_levels(), groups = h.group_count();
  TailLists result;
  if (levels == 0) return result;
  if (h.heads.empty()) {
    result.outputs = Integer(tokens) * (V - h.sizes[0]);
    result.additions = result.outputs - tokens; // some list has an output
    return result;
  }
  const auto group = [&](std::uint64_t k) { return h.groups.empty() ? 0 : h.groups[k]; };
  Seen in_heads(V);
  std::vector<std::uint64_t> of_group(groups), left;
  for (std::uint64_t k = 0; k < V; ++k) ++of_group[group(k)];
  Integer lists; // that are not empty
  for (std::uint64_t a = 0; a < tokens; ++a) {
    in_heads.forget();
    left = of_group;
    // From level to level heads take outputs out of the tail: those are in its list, and in the last one what is never taken.
    for (std::size_t level = 0; level < levels; ++level) {
      std::vector<bool> taken(groups);
      for (const std::uint64_t token : {a, label.value_or(a)})
        for (const std::uint16_t k : head(h, token, level))
          if (!in_heads[k]) in_heads.add({&k, 1}), --left[group(k)], taken[group(k)] = true;
      if (level == 0)
        result.outputs += V - in_heads.count();
      else
        lists += static_cast<std::uint64_t>(std::ranges::count(taken, true));
    }
    lists += static_cast<std::uint64_t>(std::ranges::count_if(left, [](std::uint64_t k) { return k > 0; }));
  }
  result.additions = result.outputs - lists;
  return result;
}

} // namespace proofmark::lengths::token_sum
