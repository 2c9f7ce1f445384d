// What is known here of a certificate that somebody else may have written.
#pragma once

#include "certificates/reader.hpp"

namespace proofmark {

const Family* family_of(const StatedCertificate&); // null where this program does not know the description

// Of a description that this program does not know, they say so.
std::string family_in_words(const StatedCertificate&);
std::string function_in_words(const StatedCertificate&);

} // namespace proofmark
