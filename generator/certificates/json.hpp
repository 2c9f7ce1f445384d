// Parts that certificates, receipts and tables share, as JSON.
#pragma once

#include "certificates/certificate.hpp"
#include "lengths/operations.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace proofmark {

// They throw std::runtime_error.
std::string digest_in(const nlohmann::json&);
Claim claim_in(const nlohmann::json&); // quantity, direction and bound; other keys are left to the caller
OperationCounts<std::uint64_t> operations_in(const nlohmann::json&); // each count below 2^60

} // namespace proofmark
