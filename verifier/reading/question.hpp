// The reviewer owns the question: --claim and --weights say what the certificate has to be about.
#pragma once

#include "reading/certificate.hpp"

#include <string>

namespace verifier {

// schema/FORMAT.md, section 10. Fails with claim-mismatch when the certificate is about another task, model
// or claim.
void require_claim(const Outline&, const std::string& claim_file_text);

// Fails with weights-mismatch unless the file holds exactly the certificate's tensors.
void require_weights(const Certificate&, const std::string& safetensors, const std::string& path);
// The same where only the model's digest is at hand.
void require_weights(const Outline&, const std::string& safetensors, const std::string& path);

} // namespace verifier
