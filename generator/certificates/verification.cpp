#include "certificates/verification.hpp"

#include "certificates/receipt.hpp"
#include "files/digest.hpp"
#include "numbers/outward.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

constexpr const char* program_name = "proofmark-verify";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    result.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return result;
}

fs::path found_beside() {
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& place : {self / program_name, self.parent_path() / "verifier" / program_name})
    if (fs::is_regular_file(place, ignored)) return place;
  throw Error(Exit::io,
              fmt::format("there is no {} beside this program, in {}", program_name, in_quotes(self.string())),
              "--verifier PATH says where the separate verifier is");
}

// "c step 3 loss [0x1.8p+3, 0x1.9p+3] correct 12": the upper end of each step, in order; empty when a line is missing.
std::vector<Rational> step_uppers(const std::vector<std::string>& output, std::size_t steps) {
  std::vector<Rational> result;
  for (const std::string& line : output) {
    const std::string start = fmt::format("c step {} loss [", result.size());
    if (!line.starts_with(start)) continue;
    const std::size_t comma = line.find(", ", start.size()), end = line.find(']', start.size());
    if (comma == line.npos || end == line.npos || comma > end) return {};
    const auto upper = parse_hexadecimal(std::string_view(line).substr(comma + 2, end - comma - 2));
    if (!upper) return {};
    result.push_back(*upper);
  }
  return result.size() == steps ? result : std::vector<Rational>();
}

bool about(const Receipt& receipt, const Expected& expected) {
  const auto digest = [](const fs::path& file) { return file.empty() ? std::string() : sha256_of_file(file); };
  return receipt.certificate_sha256 == expected.certificate_sha256 && receipt.model_sha256 == expected.model_sha256 &&
         receipt.weights_sha256 == digest(expected.weights) && receipt.claim_sha256 == digest(expected.claim) &&
         receipt.task == expected.task;
}

// "\rverifying:  42 %, about 3 s left": the fraction of the last such line; 0 when there is none.
double last_fraction(const std::string& errors) {
  constexpr std::string_view start = "verifying:";
  const std::size_t found = errors.rfind(start);
  return found == errors.npos ? 0 : std::clamp(std::atoi(errors.c_str() + found + start.size()), 0, 100) / 100.0;
}

// The verifier writes its receipt beside its place, and may be ended just then.
void remove_unfinished(const fs::path& receipt) {
  std::error_code ignored;
  const std::string start = receipt.filename().string() + ".partial-";
  for (const auto& entry : fs::directory_iterator(receipt.parent_path(), ignored))
    if (entry.path().filename().string().starts_with(start)) fs::remove(entry.path(), ignored);
}

void take(const Receipt& receipt, Verification& result) {
  for (const ReceiptClaim& c : receipt.claims) {
    const bool upper = c.claim.direction == Side::upper;
    switch (c.claim.quantity) {
    case Quantity::cross_entropy:
      (upper ? result.upper : result.lower) = c.established;
      if (upper) result.claimed_upper = c.claim.bound;
      break;
    case Quantity::accuracy:
      (upper ? result.accuracy_upper : result.accuracy) = c.established;
      break;
    case Quantity::margin:
      result.margin = c.established;
      break;
    case Quantity::length: // what was performed, which is counted by kind
      break;
    }
  }
  result.operations = receipt.operations;
}

// What the verifier says of a certificate that it does not verify: its verdict and its reason code.
void read_refusal(const ChildResult& child, const std::vector<std::string>& output, Verification& result) {
  if (child.signal != 0) {
    result.reason = fmt::format("ended-by-signal-{}", child.signal);
    return;
  }
  result.reason = "no-answer";
  for (const std::string& line : output) {
    if (line.starts_with("s ")) result.verdict = line.substr(2);
    if (line.starts_with("c reason ")) result.reason = in_document(line.substr(9, line.find(' ', 9) - 9));
  }
  const std::string& verdict = result.verdict;
  if (verdict != "REJECTED" && verdict != "DECLINED" && verdict != "MALFORMED") result.verdict = "ERROR";
}

} // namespace

SeparateVerifier separate_verifier(const fs::path& given) {
  SeparateVerifier verifier{given.empty() ? found_beside() : given, {}};
  const ChildResult child = run_program(verifier.program, {"--version"});
  const std::string start = std::string(program_name) + " ";
  if (child.exit != 0 || !child.output.starts_with(start))
    throw Error(Exit::io, in_quotes(verifier.program.string()) + " does not answer like " + program_name,
                "--verifier PATH says where the separate verifier is");
  verifier.version =
      in_document(child.output.substr(start.size(), child.output.find_first_of(" \n", start.size()) - start.size()));
  return verifier;
}

Verification verified_by(const fs::path& receipt, const Expected& expected) {
  Verification result;
  const Receipt said = read_receipt(receipt);
  if (said.verdict != "VERIFIED" || !about(said, expected)) {
    result.reason = "receipt-unusable";
    return result;
  }
  take(said, result);
  result.verdict = "VERIFIED";
  return result;
}

Verification verify(const SeparateVerifier& verifier, const fs::path& certificate, const fs::path& receipt,
                    const Expected& expected, unsigned threads, const std::function<void(double)>& progress) {
  std::error_code ignored;
  fs::remove(receipt, ignored); // one that is there afterwards is this run's
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::string> arguments = {"--verbose", "--progress",    "--threads", std::to_string(threads),
                                        "--receipt", receipt.string()};
  if (!expected.weights.empty()) arguments.insert(arguments.end(), {"--weights", expected.weights.string()});
  if (!expected.claim.empty()) arguments.insert(arguments.end(), {"--claim", expected.claim.string()});
  arguments.push_back(certificate.string());
  const ChildResult child = [&] {
    try {
      return run_program(verifier.program, arguments,
                         [&](const std::string& errors) { progress(last_fraction(errors)); });
    } catch (...) {
      remove_unfinished(receipt);
      throw;
    }
  }();
  Verification result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const std::vector<std::string> output = lines(child.output);
  for (const std::string& line : output)
    if (!line.starts_with("c step ")) result.answer += in_document(line, 1000) + "\n";
  if (child.exit != 0 || output.empty() || output.front() != "s VERIFIED") {
    read_refusal(child, output, result);
    return result;
  }
  try {
    const Receipt said = read_receipt(receipt);
    if (said.verdict != "VERIFIED" || !about(said, expected))
      throw std::runtime_error("the receipt is about something else");
    take(said, result);
    result.step_uppers = step_uppers(output, expected.steps);
    if (result.step_uppers.size() != expected.steps)
      throw std::runtime_error("the enclosures of the steps are missing");
    result.verdict = "VERIFIED";
  } catch (const std::exception& error) {
    Verification unusable;
    unusable.reason = "receipt-unusable";
    unusable.answer = in_document(error.what(), 1000) + "\n";
    unusable.seconds = result.seconds;
    return unusable;
  }
  return result;
}

} // namespace proofmark
