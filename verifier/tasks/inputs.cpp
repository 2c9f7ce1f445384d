// The inputs of a task one after another, with their labels; whether tokens and labels fit a model.
#include "tasks/task.hpp"

#include "kernel/integers.hpp"
#include "reading/reason.hpp"

#include <algorithm>

namespace verifier {
namespace {

const LabelFunction& function(const Label& label) {
  return *find_label_function(label.name);
}

std::vector<std::uint64_t> those_read(const Label& label, const std::vector<std::uint64_t>& tokens) {
  if (label.positions.empty()) return tokens;
  std::vector<std::uint64_t> some;
  for (const std::uint64_t position : label.positions) some.push_back(tokens[position]);
  return some;
}

// One input after another.
class Walk {
public:
  explicit Walk(const Task& task) : task_(task), tokens_(task.positions()) {}
  const std::vector<std::uint64_t>& tokens() const { return tokens_; }
  void go_to(const mpz_class& index) {
    index_ = index;
    if (task_.list) return read_row();
    mpz_class rest = index; // digits from the last position on
    for (std::size_t p = tokens_.size(); p > 0;) {
      --p;
      const mpz_class size = integer(task_.ranges[p].to - task_.ranges[p].from);
      tokens_[p] = task_.ranges[p].from + in_64_bits(rest % size);
      rest /= size;
    }
  }
  void go_on() { // nowhere from the last one
    ++index_;
    if (task_.list) return read_row();
    for (std::size_t p = tokens_.size(); p > 0;) {
      --p;
      if (++tokens_[p] < task_.ranges[p].to) return;
      tokens_[p] = task_.ranges[p].from;
    }
  }
  std::uint32_t label(std::uint64_t classes, const std::string& pointer) const {
    const Label& label = task_.label;
    const auto found = label.table ? unsigned_value(*label.table, in_64_bits(index_)) : of_function(label);
    if (!found.has_value()) // words are made where they are needed: there may be 2^30 inputs
      fail(reason::task_label, pointer + "/label", "inputs for which " + label.name + " is defined", in_words());
    if (*found >= classes)
      fail(reason::label_range, pointer + "/label", "labels below " + std::to_string(classes),
           std::to_string(*found) + " of " + in_words());
    return static_cast<std::uint32_t>(*found);
  }

private:
  static std::optional<std::uint64_t> unsigned_value(const Tensor& table, std::uint64_t i) {
    return verifier::unsigned_value(table, i);
  }
  std::optional<std::uint64_t> of_function(const Label& label) const {
    const std::vector<std::uint64_t> a = those_read(label, tokens_);
    const auto below = function(label).tokens_below;
    if (below != nullptr && std::ranges::max(a) >= below(a.size(), label.parameter)) return std::nullopt;
    return function(label).of(a, label.parameter);
  }
  void read_row() {
    if (index_ >= integer(task_.list->shape[0])) return;
    const std::uint64_t first = in_64_bits(index_) * tokens_.size();
    for (std::size_t p = 0; p < tokens_.size(); ++p) tokens_[p] = verifier::unsigned_value(*task_.list, first + p);
  }
  std::string in_words() const {
    std::string text;
    for (const std::uint64_t token : tokens_) text += (text.empty() ? "" : ", ") + std::to_string(token);
    return "input " + index_.get_str() + " (" + text + ")";
  }

  const Task& task_;
  mpz_class index_;
  std::vector<std::uint64_t> tokens_;
};

void add(SomeInputs& inputs, const Walk& walk, std::uint64_t classes) {
  inputs.labels.push_back(walk.label(classes, "/task"));
  for (std::size_t p = 0; p < inputs.tokens.size(); ++p)
    inputs.tokens[p].push_back(static_cast<std::uint32_t>(walk.tokens()[p]));
}

// Of all inputs, by their largest tokens.
void require_labels_of_ranges(const Task& task, std::uint64_t classes, const std::string& pointer) {
  const Label& label = task.label;
  std::vector<std::uint64_t> largest;
  for (const TokenRange& range : task.ranges) largest.push_back(range.to - 1);
  const std::vector<std::uint64_t> b = those_read(label, largest);
  if (const auto below = function(label).tokens_below) {
    const std::uint64_t end = below(b.size(), label.parameter);
    require(std::ranges::max(b) < end, reason::task_label, pointer + "/label",
            "tokens below " + std::to_string(end) + ", for which " + label.name + " is defined",
            std::to_string(std::ranges::max(b)));
  }
  const std::uint64_t most = function(label).at_most(b, label.parameter);
  require(most < classes, reason::label_range, pointer + "/label", "labels below " + std::to_string(classes),
          std::to_string(most));
}

} // namespace

void require_fitting(const Task& task, const std::vector<std::uint64_t>& tokens, std::uint64_t classes,
                     const std::string& pointer) {
  const auto require_token = [&](std::size_t p, std::uint64_t token) {
    if (token < tokens[p]) return;
    fail(reason::task_inputs, pointer + "/inputs", "tokens below " + std::to_string(tokens[p]),
         std::to_string(token) + " at position " + std::to_string(p));
  };
  for (std::size_t p = 0; p < tokens.size() && !task.list; ++p) require_token(p, task.ranges[p].to - 1);
  if (task.list)
    for (std::uint64_t i = 0; i < task.list->shape[0] * tokens.size(); ++i)
      require_token(i % tokens.size(), unsigned_value(*task.list, i));
  if (!task.list && !task.label.table) return require_labels_of_ranges(task, classes, pointer);
  Walk walk(task); // the inputs of a table of ranges are as many as its entries
  walk.go_to(0);
  for (mpz_class i = 0, inputs = task.inputs(); i < inputs; ++i, walk.go_on()) walk.label(classes, pointer);
}

SomeInputs inputs_from(const Task& task, const mpz_class& from, std::size_t count, std::uint64_t classes) {
  SomeInputs inputs{std::vector<std::vector<std::uint32_t>>(task.positions()), {}};
  Walk walk(task);
  walk.go_to(from);
  for (std::size_t i = 0; i < count; ++i, walk.go_on()) add(inputs, walk, classes);
  return inputs;
}

SomeInputs inputs_at(const Task& task, const std::vector<mpz_class>& indices, std::uint64_t classes) {
  SomeInputs inputs{std::vector<std::vector<std::uint32_t>>(task.positions()), {}};
  Walk walk(task);
  for (const mpz_class& index : indices) walk.go_to(index), add(inputs, walk, classes);
  return inputs;
}

} // namespace verifier
