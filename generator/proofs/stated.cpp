#include "proofs/stated.hpp"

#include "families/families.hpp"

namespace proofmark {

const Family* family_of(const StatedCertificate& stated) {
  return family_described(stated.architecture, stated.task.context);
}

std::string family_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  return family ? std::string(family->name) : "described in the certificate";
}

std::string function_in_words(const StatedCertificate& stated) {
  const Family* const family = family_of(stated);
  return family ? function_in_words(*family, stated.task) : "a function that is not known here";
}

} // namespace proofmark
