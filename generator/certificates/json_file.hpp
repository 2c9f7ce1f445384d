// JSON files that others wrote, read with messages that name the file.
#pragma once

#include "certificates/certificate.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace proofmark {

// The whole file. Throws Error (io), also for what is not a regular file or is larger than 1 GiB.
std::string read_text(const std::filesystem::path&);

// Throws Error (data) when the text is not JSON.
nlohmann::json parse_json(const std::filesystem::path& name, const std::string& text);

// Runs `read`, and turns what it throws about the shape of the JSON (an absent key, another type, a std::runtime_error)
// into Error (data): "'NAME' is not WHAT: why".
void reading(const std::filesystem::path& name, const char* what, const std::function<void()>& read);

// Parts that certificates, receipts and tables share. They throw std::runtime_error.
std::string digest_in(const nlohmann::json&);
Task task_in(const nlohmann::json&);   // of FORMAT.md, section 4, within its limits, where this program knows it
nlohmann::json task_json(const Task&); // which it reads
Claim claim_in(const nlohmann::json&); // quantity, direction and bound; other keys are left to the caller
OperationCounts<std::uint64_t> operations_in(const nlohmann::json&); // each count below 2^60

} // namespace proofmark
