// From the command line's files and folders to the evidence. Here it is decided which verdict stands beside which
// certificate: a receipt's, if it is of these bytes, or the separate verifier's.
#pragma once

#include "certificates/verification.hpp"
#include "report/evidence/evidence.hpp"

#include <functional>

namespace proofmark {

enum class Verify { missing, all, none }; // which certificates the verifier is run on: those without a receipt, ..

struct InputOptions {
  Verify verify = Verify::missing;
  std::filesystem::path verifier; // empty: the one beside this program
  unsigned threads = 1;
  std::filesystem::path page;                               // that is being made
  std::function<void(double, const std::string&)> progress; // a fraction and a note
};

// `inputs` are certificates, receipts and frontier folders, told apart by what they hold. Throws Error: io and data as
// the readers do; data when a receipt is not of any certificate given, contradicts its certificate, or when a
// frontier folder's files are not those of its table.
Evidence gather(const std::vector<std::filesystem::path>& inputs, const InputOptions&);

} // namespace proofmark
