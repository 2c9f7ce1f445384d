#include "families/token_sum/bounds/products.hpp"

#include <algorithm>

namespace proofmark {

DirectSums::DirectSums(const TokenSumTables& tables)
    : tables_(tables), sums_(tables.task.vocabulary), terms_(tables.task.vocabulary) {}

std::vector<std::int64_t>& DirectSums::logits(const Tokens& input) {
  std::copy_n(tables_.logits.row(input[0]), sums_.size(), sums_.begin());
  for (std::size_t i = 1; i < input.size(); ++i) {
    const std::int64_t* const row = tables_.logits.row(input[i]);
    for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += row[k];
  }
  return sums_;
}

void DirectSums::multiply(LogSum& target, const Tokens& input) {
  logits(input);
  const std::int64_t top = *std::max_element(sums_.begin(), sums_.end());
  for (std::int64_t& u : sums_) u = top - u;
  tables_.exponential(sums_, terms_.data());
  double sum = 0;
  for (std::size_t k = 0; k < terms_.size(); k += panel) {
    double part = 0;
    for (std::size_t j = k; j < std::min(terms_.size(), k + panel); ++j) part += terms_[j];
    sum += part;
  }
  target.multiply(sum);
  target.offset += top;
  for (const std::uint64_t token : input) target.offset -= tables_.shift[token];
}

double error_per_input(const TokenSumTables& tables) {
  const auto n = static_cast<double>(tables.task.context);
  const std::uint64_t panels = (tables.task.vocabulary + panel - 1) / panel;
  const double roundings = n + static_cast<double>(panel) + static_cast<double>(panels) + 4;
  const double of_ln_z = n * Exponential::log_error + roundings * 0x1p-52 + 0x1p-69;
  return (of_ln_z + 2 * n * tables.logit_error) * (1 + 0x1p-40);
}

LabelSum with_label_terms(const TokenSumTables& tables, std::uint64_t y, const Interval& logarithms) {
  const std::uint64_t n = tables.task.context;
  LogSum::Wide deficits = 0;
  for (std::uint64_t a = 0; a < y; ++a) deficits += tables.deficit(a, y);
  const Integer all = power(y + 1, n - 1), without_label = n == 1 ? Integer(1) : power(y, n - 1);
  const Integer terms = n * (all - without_label) * integer(deficits) + n * all * Integer(tables.deficit(y, y));
  const Interval count = enclose(inputs_with_label(tables.task, y)), exact_terms = enclose(terms, -tables.logits.scale);
  LabelSum result;
  result.loss = widen(logarithms + exact_terms, count * enclose(error_per_input(tables)));
  // Each of the n deficits of an input differs from the real one by the errors of a logit and of its shift.
  result.label_terms = widen(exact_terms, count * enclose(2 * static_cast<double>(n)) * enclose(tables.logit_error));
  return result;
}

} // namespace proofmark
