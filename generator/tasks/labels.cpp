#include "tasks/labels.hpp"

#include <array>

namespace proofmark {

std::span<const Labels* const> all_labels() {
  static constexpr std::array all{
      &max_labels,       &min_labels,          &sum_modulo_labels, &symmetric_group_labels, &balanced_brackets_labels,
      &induction_labels, &longest_cycle_labels};
  return all;
}

std::vector<std::string> label_names() {
  std::vector<std::string> names;
  for (const Labels* labels : all_labels()) names.emplace_back(labels->name);
  return names;
}

const Labels* labels_named(std::string_view name) {
  for (const Labels* labels : all_labels())
    if (labels->name == name) return labels;
  return nullptr;
}

std::string in_words(const Labels& labels, const std::string& parameter) {
  std::string words(labels.in_words);
  const std::size_t place = words.find("{}");
  return place == std::string::npos ? words : words.replace(place, 2, parameter);
}

} // namespace proofmark
