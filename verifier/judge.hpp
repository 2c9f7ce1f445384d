// The verifier as a function: the bytes of a certificate in, a verdict out. No files, no signals, no output; the command line
// and whoever embeds the verifier call it.
#pragma once

#include "check/check.hpp"
#include "reading/reason.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

// What a reviewer asks beside the certificate: the bytes of a claim file and of a safetensors file.
struct Question {
  std::optional<std::string> claim, weights;
  std::string weights_path; // for messages
};

struct Judgement {
  Verdict verdict = Verdict::error;
  std::optional<Failure> failure;
  std::string certificate_sha256, claim_sha256, weights_sha256; // empty: not given, or not read
  std::vector<std::string> ignored; // tensors of the file of weights that the certificate does not have
  std::optional<Outline> outline;   // if the certificate is well formed
  std::optional<Result> result;     // if it was verified
};

// Throws nothing but Interrupted, if Options::stop says so.
Judgement judge(const Pieces& certificate, const Question&, const Options&);

} // namespace verifier
