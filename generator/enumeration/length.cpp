#include "enumeration/length.hpp"

#include <algorithm>

namespace proofmark::enumeration {

namespace {

using namespace lengths;
using lengths::Tensor;
using networks::Network;

// The program of the rule, on the logits of one input.
void rule(const Tensor& logits, Compared compared, Operations& once) {
  const Tensor beyond = sums(logits);
  add_to_total(log_sum_exp(beyond));
  if ((!compared.correct && !compared.margin) || logits.columns == 1) return;
  numbers(once, 1);
  margins(copied(column(largest_of_others(beyond))), compared);
}

std::uint64_t whole(const Operations& operations) {
  return static_cast<std::uint64_t>(operations.length());
}

} // namespace

void margins(const Tensor& largest, Compared compared) {
  sums(largest);
  for (int i = 0; i < 4; ++i) signs(largest); // both signs, the least, the least of those that are not open
  if (compared.margin) signs(largest);        // which reach what is declared
}

BatchLength batch_length(const Network& network, Compared compared) {
  Forward forward(network);
  const Forward::Value logits = forward.read_out(network.readout.size());
  BatchLength result{{}, {}, {}, logits.on, {}};
  numbers(result.of_copied_input, 1, logits.x.columns);
  rule({&result.of_input, 1, logits.x.columns}, compared, forward.once);
  result.of_row = std::move(forward.of_row), result.once = forward.once;
  return result;
}

Length::Length(const Network& network, const Domain& domain, Compared compared)
    : domain_(domain), tables_(tables_length(network).length()) {
  const BatchLength batch = batch_length(network, compared);
  for (const auto& [on, operations] : batch.of_row) {
    if (on == batch.logits) logits_ = sets_.size();
    sets_.push_back(on);
    of_row_.push_back(whole(operations));
  }
  of_input_ = whole(batch.of_input), once_ = whole(batch.once), of_copied_input_ = whole(batch.of_copied_input);
}

Integer Length::batch(std::uint64_t from, std::uint64_t to) const {
  const std::vector<std::uint64_t> counts = rows(domain_, from, to, sets_);
  Integer length = Integer(of_input_) * (to - from) + once_;
  for (std::size_t i = 0; i < sets_.size(); ++i) length += Integer(of_row_[i]) * counts[i];
  if (counts[logits_] != to - from) length += Integer(of_copied_input_) * (to - from);
  return length;
}

Integer Length::step(std::uint64_t from, std::uint64_t to) const {
  Integer length;
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t end = std::min(to, (at / batch_size + 1) * batch_size);
    length += batch(at, end);
    at = end;
  }
  return length;
}

Integer Length::about(std::uint64_t from, std::uint64_t to) const {
  constexpr std::uint64_t samples = 1024;
  const std::uint64_t batches = (to - from) / batch_size;
  if (batches <= 2 * samples) return step(from, to);
  Integer length;
  for (std::uint64_t i = 0; i < samples; ++i) {
    const std::uint64_t first = (from / batch_size + batches / samples * i) * batch_size;
    length += batch(first, first + batch_size);
  }
  return length * batches / samples;
}

Integer unshared_length(const Network& network, const Integer& inputs, Compared compared) {
  const BatchLength batch = batch_length(network, compared);
  Integer each = batch.of_input.length() + batch.once.length();
  for (const auto& [on, operations] : batch.of_row) each += operations.length();
  return each * inputs;
}

} // namespace proofmark::enumeration
