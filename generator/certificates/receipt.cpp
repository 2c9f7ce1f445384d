#include "certificates/receipt.hpp"

#include "certificates/json.hpp"
#include "certificates/task_json.hpp"
#include "files/json_file.hpp"
#include "numbers/outward.hpp"

#include <algorithm>
#include <array>

namespace proofmark {

namespace {

using Json = nlohmann::json;

ReceiptClaim receipt_claim(const Json& json) {
  ReceiptClaim result{claim_in(json), {}};
  if (!json.at("established").is_null()) {
    result.established = json.at("established").get<std::string>();
    if (!parse_long_decimal(*result.established)) throw std::runtime_error("an established bound is not a decimal");
  }
  return result;
}

// Whether the established bound says at least what is claimed.
bool implies(const ReceiptClaim& c) {
  if (!c.established) return false;
  const Rational established = parse_long_decimal(*c.established).value(), bound = parse_decimal(c.claim.bound).value();
  return c.claim.direction == Side::upper ? established <= bound : established >= bound;
}

bool reason_code(const std::string& text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

void require_complete(const Receipt& receipt) {
  if (!receipt.reason.empty() || receipt.certificate_sha256.empty() || receipt.model_sha256.empty() || !receipt.task ||
      receipt.architecture.empty() || receipt.claims.empty() || receipt.operations.length() == 0)
    throw std::runtime_error("it says VERIFIED and lacks what was verified");
  if (!std::all_of(receipt.claims.begin(), receipt.claims.end(), implies))
    throw std::runtime_error("it says VERIFIED and a claim that is stronger than what was established");
}

Receipt from_json(const Json& json) {
  if (json.at("format") != "proofmark-receipt" || json.at("version") != 2)
    throw std::runtime_error("it has another format or version");
  Receipt receipt;
  receipt.verdict = json.at("verdict").get<std::string>();
  if (json.contains("joined"))
    for (const Json& digest : json.at("joined")) receipt.joined += !digest_in(digest).empty();
  if ((receipt.verdict == "JOINED") != (receipt.joined > 0))
    throw std::runtime_error("its verdict and its parts do not agree");
  if (receipt.verdict == "JOINED") receipt.verdict = "VERIFIED"; // by parts, which `joined` goes on to say
  const std::array<const char*, 4> verdicts = {"VERIFIED", "REJECTED", "DECLINED", "MALFORMED"};
  if (std::find(verdicts.begin(), verdicts.end(), receipt.verdict) == verdicts.end())
    throw std::runtime_error("its verdict is none of the format's");
  if (!json.at("reason").is_null()) {
    receipt.reason = json.at("reason").get<std::string>();
    if (!reason_code(receipt.reason)) throw std::runtime_error("its reason is not a reason code");
  }
  if (!json.at("certificate_sha256").is_null()) receipt.certificate_sha256 = digest_in(json.at("certificate_sha256"));
  if (!json.at("model_sha256").is_null()) receipt.model_sha256 = digest_in(json.at("model_sha256"));
  if (json.contains("weights_sha256")) receipt.weights_sha256 = digest_in(json.at("weights_sha256"));
  if (json.contains("claim_sha256")) receipt.claim_sha256 = digest_in(json.at("claim_sha256"));
  if (!json.at("task").is_null()) receipt.task = task_in(json.at("task"));
  if (!json.at("architecture").is_null()) receipt.architecture = json.at("architecture").dump();
  if (!json.at("claims").is_null())
    for (const Json& claim : json.at("claims")) receipt.claims.push_back(receipt_claim(claim));
  if (const Json& counts = json.at("operations"); !counts.is_null()) {
    receipt.operations = operations_in(counts);
    if (receipt.operations.length() != counts.at("length").get<std::uint64_t>())
      throw std::runtime_error("the operations do not add up to the length");
  }
  receipt.verifier = json.at("verifier").at("version").get<std::string>();
  if (receipt.verdict == "VERIFIED") require_complete(receipt);
  return receipt;
}

} // namespace

Receipt read_receipt(const std::filesystem::path& path) {
  Receipt receipt;
  reading(path, "a receipt", [&] { receipt = from_json(parse_json(path, read_text(path))); });
  return receipt;
}

} // namespace proofmark
