#include "proofs/stated.hpp"

#include "families/described_model.hpp"
#include "models/family.hpp"
#include "networks/words.hpp"
#include "support/error.hpp"
#include "tasks/task.hpp"

#include <functional>

namespace proofmark {

namespace {

// What is said of a description; nothing where this program would not take it.
template <class Answer>
Answer known(const StatedCertificate& stated, const std::function<Answer(const networks::Description&)>& say) {
  try {
    return say(networks::read_description(stated.architecture, "the certificate's description"));
  } catch (const Error& error) {
    if (error.exit != Exit::data) throw;
    return {};
  }
}

} // namespace

const Family* family_of(const StatedCertificate& stated) {
  return family_described(stated.architecture);
}

std::uint64_t classes_of(const StatedCertificate& stated) {
  const std::optional<Task> task = over_vocabulary(stated.task);
  if (family_of(stated) && task) return task->vocabulary;
  return known<std::uint64_t>(stated, [&](const networks::Description& description) {
    return networks::network(description, stated.tensors).classes;
  });
}

std::string family_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  return family ? std::string(family->name) : "described in the certificate";
}

std::string function_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  const std::optional<Task> task = over_vocabulary(stated.task);
  if (family && task) return function_in_words(*family, *task);
  const auto words = known<std::string>(stated, [&](const networks::Description& description) {
    return networks::in_one_line(description, vocabulary_of(stated.task.domain));
  });
  return words.empty() ? "a function that is not known here" : words;
}

std::string formula_of(const StatedCertificate& stated) {
  return known<std::string>(stated, networks::formula);
}

} // namespace proofmark
