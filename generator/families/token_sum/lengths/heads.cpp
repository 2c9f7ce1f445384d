#include "families/token_sum/lengths/heads.hpp"

#include <algorithm>
#include <span>
#include <utility>

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

// A set of outputs.
class Seen {
public:
  explicit Seen(std::uint64_t outputs) : has_(outputs) {}
  void forget() {
    for (const std::uint16_t k : all_) has_[k] = 0;
    all_.clear();
  }
  bool add(std::uint16_t k) { // whether it is new
    if (has_[k] != 0) return false;
    has_[k] = 1, all_.push_back(k);
    return true;
  }
  std::uint64_t count() const { return all_.size(); }
  std::uint64_t count_with(std::span<const std::uint16_t> others) const {
    std::uint64_t both = 0;
    for (const std::uint16_t k : others) both += has_[k];
    return all_.size() + others.size() - both;
  }

private:
  std::vector<std::uint8_t> has_;
  std::vector<std::uint16_t> all_;
};

// The inputs of a label, batch by batch as the rule takes them.
class Walk {
public:
  Walk(const HeadTail& h, std::uint64_t label)
      : h_(h), n_(h.task.context), label_(label), kinds_(2 * h.sizes.size()),
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
    std::vector<OfLevel> result;
    for (std::size_t i = 0; i < kinds_.size(); ++i)
      result.push_back({i / 2, i % 2 == 1, kinds_[i].inputs, kinds_[i].outputs, kinds_[i].rows});
    return result;
  }

private:
  struct Kind { // inputs of one level, with multipliers or not
    std::uint64_t inputs = 0, outputs = 0, rows = 0;
    std::uint64_t pieces = 0, of_piece = 0; // of the batch; outputs of its last piece
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
    Kind& k = kinds_[kind];
    if (k.pieces == 0 || k.of_piece >= most_outputs) ++k.pieces, k.of_piece = 0;
    ++k.inputs, k.outputs += outputs, k.of_piece += outputs;
  }
  // Of the heads of token a and of the row together.
  std::uint64_t outputs(std::uint64_t a, std::size_t level) {
    Seen& of_row = heads_[level];
    if (!in_heads_[level]) {
      in_heads_[level] = true;
      of_row.forget();
      for (const std::uint64_t t : row_)
        for (const std::uint16_t k : head(h_, t, level)) of_row.add(k);
    }
    return of_row.count_with(head(h_, a, level));
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
    for (Kind& kind : kinds_) kind.rows += rows_ * std::exchange(kind.pieces, 0);
    rows_ = inputs_ = 0;
  }

  const HeadTail& h_;
  std::uint64_t n_, label_;
  std::vector<Kind> kinds_;
  std::vector<Seen> heads_;    // by level, of the row
  std::vector<bool> in_heads_; // whether they are there
  std::vector<std::uint64_t> row_, before_;
  std::uint64_t rows_ = 0, inputs_ = 0; // of the batch
};

// Of any heads, and with multipliers that may be 0: at most. Each level may be in each batch.
std::vector<OfLevel> most_of_label(const HeadTail& h, std::uint64_t label) {
  const std::uint64_t n = h.task.context, V = h.task.vocabulary;
  const Integer rows = binomial(label + n - 2, n - 2);
  std::vector<OfLevel> result;
  const std::vector<std::uint64_t> inputs = inputs_by_level(h, label);
  for (std::size_t level = 0; level < inputs.size(); ++level) {
    OfLevel some{level, h.multipliers(), inputs[level], 0, rows};
    if (!h.exact(level)) some.outputs = some.inputs * std::min(V, n * h.sizes[level]);
    some.rows += some.outputs * std::min(rows, Integer(most_rows)) / most_outputs;
    result.push_back(some);
    if (h.multipliers()) result.push_back({level, false, 0, 0, rows});
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
          if (in_heads.add(k)) --left[group(k)], taken[group(k)] = true;
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
