// README.md of one certificate's folder: a model card, with the front matter that Hugging Face reads.
#pragma once

#include "archive/archived_proof.hpp"
#include "archive/description.hpp"

#include <string>

namespace proofmark {

std::string model_card(const Description&, const ArchivedProof&);

} // namespace proofmark
