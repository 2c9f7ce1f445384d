// Certificates as JSON text: one line a claim, a tensor and a step; the same bytes for the same certificate.
#pragma once

#include "certificates/certificate.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace proofmark {

// Hands the text to `write` piece by piece; only one tensor is ever held as text.
void write_certificate(const Certificate&, const std::function<void(std::string_view)>& write);

} // namespace proofmark
