// The reviewer owns the question: --claim and --weights say what the certificate has to be about.
#pragma once

#include "reading/certificate.hpp"

#include <string>
#include <vector>

namespace verifier {

// schema/FORMAT.md, section 10. Fails with claim-mismatch when the certificate is about another task, model
// or claim.
void require_claim(const Outline&, const std::string& claim_file_text);

// Fails with weights-mismatch unless the file holds the certificate's tensors. What else it holds is no part of the function: returns
// the names, in order.
std::vector<std::string> require_weights(const Certificate&, const std::string& safetensors, const std::string& path);
// The same where only the model's description and digest are at hand.
std::vector<std::string> require_weights(const Outline&, const std::string& safetensors, const std::string& path);

} // namespace verifier
