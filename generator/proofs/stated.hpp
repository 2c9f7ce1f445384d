// What is known here of a certificate that somebody else may have written.
#pragma once

#include "certificates/reader.hpp"
#include "models/model.hpp"

namespace proofmark {

const Family* family_of(const StatedCertificate&);  // null where its description is that of no family
std::uint64_t classes_of(const StatedCertificate&); // C; 0: not known

// Of a description that this program does not know, they say so.
std::string family_in_words(const StatedCertificate&);
std::string function_in_words(const StatedCertificate&);
std::string formula_of(const StatedCertificate&); // empty

} // namespace proofmark
