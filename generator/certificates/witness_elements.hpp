// The numbers of a witness.
#pragma once

#include "certificates/witness.hpp"

namespace proofmark {

template <class Element>
std::vector<Element> elements_of(const Witness& witness) {
  std::vector<Element> result(witness.bytes.size() / sizeof(Element));
  std::memcpy(result.data(), witness.bytes.data(), result.size() * sizeof(Element));
  return result;
}

} // namespace proofmark
