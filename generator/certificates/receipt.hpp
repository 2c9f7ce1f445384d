// What proofmark-verify wrote down about a certificate (schema/FORMAT.md, section 11). A receipt is a file like any
// other: it says what a verifier said, to those who trust where the file comes from.
#pragma once

#include "certificates/certificate.hpp"
#include "lengths/operations.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct ReceiptClaim {
  Claim claim;
  std::optional<std::string> established; // a decimal, as it stands there
};

// Digests are empty and other members absent or empty where the verifier did not get so far.
struct Receipt {
  std::string
      verdict;        // VERIFIED, REJECTED, DECLINED or MALFORMED; of a receipt that says JOINED, VERIFIED and `joined`
  std::string reason; // a code of schema/reasons.md; empty when verified
  std::string certificate_sha256, model_sha256;
  std::string weights_sha256, claim_sha256; // of the files that were compared with; empty: none was given
  std::optional<FiniteTask> task;
  std::string architecture; // the description as the model's digest takes it
  std::vector<ReceiptClaim> claims;
  OperationCounts<std::uint64_t> operations; // performed, of the whole proof
  std::string verifier;                      // its version
  std::size_t joined = 0;                    // from so many parts, by `proofmark-verify --join`; 0: it was one run
};

// Throws Error: io when the file cannot be read, data when it is not a receipt, when a decimal, digest or word in it
// does not follow its grammar, or when its operations do not add up to its length. A receipt that says VERIFIED has
// everything, and establishes every claim.
Receipt read_receipt(const std::filesystem::path&);

} // namespace proofmark
