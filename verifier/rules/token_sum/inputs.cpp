#include "rules/token_sum/inputs.hpp"

#include <algorithm>

namespace verifier::rules::token_sum {
namespace {

void clear(Batch& batch, std::size_t context) {
  batch.tokens.assign(context - 1, {});
  batch.labels.clear();
  batch.inputs = {};
  batch.times.clear();
}
bool is_full(const Batch& batch, std::size_t inputs) { // for a row of so many more; a row without tokens is a batch
  const std::size_t most = batch.tokens.empty() ? 1 : most_rows;
  return !batch.labels.empty() && (batch.labels.size() == most || batch.inputs.size() + inputs > most_inputs);
}
void add_row(Batch& batch, std::span<const Token> row, Token label) {
  for (std::size_t i = 0; i < row.size(); ++i) batch.tokens[i].push_back(row[i]);
  batch.labels.push_back(label);
}
void add_input(Batch& batch, Token first, Index kind) { // to the last row
  batch.inputs.first.push_back(first);
  batch.inputs.row.push_back(static_cast<Index>(batch.labels.size() - 1));
  batch.inputs.label.push_back(batch.labels.back());
  batch.inputs.kind.push_back(kind);
}

// n! over the factorials of the multiplicities, for t_2 before the sorted row t_2 <= .. <= t_n.
Integer orderings_of_tie(std::span<const Token> row) {
  Integer count = 1;
  std::size_t run = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    run = i == 0 || row[i] == row[i - 1] ? run + 1 : 1;
    count = count * (i + 2) / run; // a multinomial coefficient of the first i + 2: exact
  }
  return count;
}

} // namespace

SortedInputs::SortedInputs(Labels labels, std::size_t context)
    : labels_(labels), row_(context - 1, 0), more_(labels.from < labels.to) {
  if (!row_.empty()) row_.back() = labels.from;
}

bool SortedInputs::next() {
  const std::size_t n = row_.size() + 1;
  clear(*this, n);
  while (more_ && !is_full(*this, n == 1 ? 1 : row_.front() + 1)) {
    if (n == 1) { // no rows to choose from: one for each label
      add_row(*this, {}, labels_.from);
      times = {1};
      add_input(*this, labels_.from++, 0);
      more_ = labels_.from < labels_.to;
      continue;
    }
    const Token t_2 = row_.front();
    add_row(*this, row_, row_.back());
    const auto run =
        static_cast<unsigned long>(std::ranges::find_if(row_, [&](Token t) { return t != t_2; }) - row_.begin());
    times.push_back(orderings_of_tie(row_));
    times.push_back(times.back() * (run + 1)); // t_1 < t_2: the ties of t_2 are one fewer
    const auto tie = static_cast<Index>(times.size() - 2), below = tie + 1;
    for (Token a = 0; a <= t_2; ++a) add_input(*this, a, a < t_2 ? below : tie);
    // The next row: a larger token at the last place that has one, and the least ones after it.
    std::size_t i = row_.size();
    while (i > 0 && row_[i - 1] + 1 == labels_.to) --i;
    more_ = i > 0;
    if (!more_) break;
    std::fill(row_.begin() + static_cast<std::ptrdiff_t>(i) - 1, row_.end(), row_[i - 1] + 1);
    row_.back() = std::max(row_.back(), labels_.from);
  }
  return !this->labels.empty();
}

AllInputs::AllInputs(Labels labels, std::size_t context) : labels_(labels), row_(context - 1, 0) {}

bool AllInputs::next() {
  clear(*this, row_.size() + 1);
  times = {1};
  while (labels_.from < labels_.to) {
    const Token y = labels_.from;
    const bool holds_label = std::ranges::find(row_, y) != row_.end();
    if (is_full(*this, holds_label ? y + 1 : 1)) break;
    add_row(*this, row_, y);
    for (Token a = holds_label ? 0 : y; a <= y; ++a) add_input(*this, a, 0);
    // The next row of tokens up to y, or the first of the next label.
    std::size_t i = row_.size();
    while (i > 0 && row_[i - 1] == y) row_[--i] = 0;
    if (i > 0)
      ++row_[i - 1];
    else
      ++labels_.from;
  }
  return !this->labels.empty();
}

} // namespace verifier::rules::token_sum
