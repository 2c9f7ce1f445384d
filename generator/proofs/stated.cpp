#include "proofs/stated.hpp"

#include "families/described_model.hpp"
#include "models/family.hpp"
#include "tasks/task.hpp"

namespace proofmark {

const Family* family_of(const StatedCertificate& stated) {
  return family_described(stated.architecture);
}

std::uint64_t classes_of(const StatedCertificate& stated) {
  const std::optional<Task> task = over_vocabulary(stated.task);
  return family_of(stated) && task ? task->vocabulary : 0;
}

std::string family_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  return family ? std::string(family->name) : "described in the certificate";
}

std::string function_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  const std::optional<Task> task = over_vocabulary(stated.task);
  return family && task ? function_in_words(*family, *task) : "a function that is not known here";
}

} // namespace proofmark
