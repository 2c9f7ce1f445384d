// What others wrote of a certificate: receipts, what a verifier that is run answers, and whether they are of what was asked.

#include "certificates/receipt.hpp"
#include "certificates/verification.hpp"
#include "certificates/writer.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "proofs/proving.hpp"
#include "report/evidence/inputs.hpp"
#include "small_models.hpp"
#include "support/error.hpp"
#include "tasks/task.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

using namespace proofmark;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "proofmark-receipts-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  fs::path path;
};

const std::string some_digest(64, 'a'), another_digest(64, 'b');

Json honest() {
  return Json::parse(R"({"format": "proofmark-receipt", "version": 2, "verdict": "VERIFIED", "reason": null,
      "task": {"inputs": {"ranges": [[0, 5], [0, 5]]}, "label": {"name": "max"}}, "architecture": {"positions": 2},
      "claims": [{"quantity": "margin", "direction": "lower", "bound": "-1.5", "established": "-1.25"},
                 {"quantity": "accuracy", "direction": "upper", "bound": "0.5", "established": "0.5"},
                 {"quantity": "length", "direction": "upper", "bound": "9", "established": "8"}],
      "operations": {"add": 1, "mul": 1, "div": 1, "sqrt": 1, "exp": 1, "log": 1, "compare": 1, "read": 1, "length": 8},
      "engine": "fast", "precision": 53, "verifier": {"name": "proofmark-verify", "version": "1"}})")
      .patch(Json{{{"op", "add"}, {"path", "/certificate_sha256"}, {"value", some_digest}},
                  {{"op", "add"}, {"path", "/model_sha256"}, {"value", another_digest}}});
}

// What refuses it; empty when it is read.
std::string refusal(const fs::path& folder, const Json& receipt) {
  write_file(folder / "receipt.json", receipt.dump());
  try {
    read_receipt(folder / "receipt.json");
  } catch (const Error& error) {
    CHECK(error.exit == Exit::data);
    return error.what();
  }
  return {};
}

} // namespace

TEST_CASE("a receipt is read for what it says, and one that contradicts itself is none") {
  const TemporaryFolder folder;
  CHECK(refusal(folder.path, honest()).empty());
  const Receipt receipt = read_receipt(folder.path / "receipt.json");
  CHECK(receipt.task == finite_task({2, 5}));
  CHECK(receipt.architecture == R"({"positions":2})");
  CHECK(receipt.claims[0].established == "-1.25");
  CHECK(receipt.operations.length() == 8);
  CHECK(receipt.weights_sha256.empty());

  struct Change {
    const char *place, *value, *words;
  };
  const Change changes[] = {
      {"/version", "1", "another format or version"},
      {"/claims/0/established", R"("-1.51")", "stronger than what was established"},
      {"/claims/0/established", R"("-0")", "not a decimal"},
      {"/claims/0/direction", R"("upper")", "a direction that this program does not know"},
      {"/claims/1/bound", R"("-0.5")", "a bound is not a decimal"},
      {"/claims/2/direction", R"("lower")", "a direction that this program does not know"},
      {"/claims/2/quantity", R"("weight")", "a quantity that this program does not know"},
      {"/operations/length", "9", "do not add up"},
      {"/architecture", "null", "lacks what was verified"},
      {"/weights_sha256", R"("x")", "64 hexadecimal digits"},
      {"/claim_sha256", R"("x")", "64 hexadecimal digits"},
      {"/task/label/positions", "[2]", "not one that this program knows"},
      {"/task/label/name", R"("sum")", "not one that this program knows"},
      {"/task/label/modulus", "5", "not one that this program knows"},
      {"/task/inputs/ranges/0", "[5]", "not one that this program knows"},
      {"/task/inputs/ranges/1", "[5, 5]", "outside the limits"},
      {"/task/inputs/ranges", "[]", "outside the limits"},
  };
  for (const Change& change : changes) {
    CAPTURE(change.place);
    CAPTURE(change.value);
    Json receipt_changed = honest();
    receipt_changed[Json::json_pointer(change.place)] = Json::parse(change.value);
    CHECK(refusal(folder.path, receipt_changed).find(change.words) != std::string::npos);
  }
}

TEST_CASE("a verifier is believed when its receipt is of the files that it was given") {
  const TemporaryFolder folder;
  const fs::path weights = folder.path / "weights", claim = folder.path / "claim", script = folder.path / "verifier";
  write_file(weights, "weights");
  write_file(claim, "claim");
  write_file(script, "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = --receipt ] && cp \"$0.says\" \"$2\"; shift; done\n"
                     "echo 's VERIFIED'\n");
  fs::permissions(script, fs::perms::owner_all);
  const auto verdict = [&](const Json& receipt, bool files) {
    write_file(folder.path / "verifier.says", receipt.dump());
    Expected expected{some_digest, another_digest, finite_task({2, 5}), 0};
    if (files) expected.weights = weights, expected.claim = claim;
    return verify({script, "1"}, folder.path / "certificate", folder.path / "receipt.json", expected, 1, [](double) {});
  };
  const Verification verified = verdict(honest(), false);
  CHECK(verified.verdict == "VERIFIED");
  CHECK(verified.margin == "-1.25");
  CHECK(verified.accuracy_upper == "0.5");
  CHECK_FALSE(verified.accuracy);
  CHECK_FALSE(verified.upper);
  CHECK(verified.operations.length() == 8);
  CHECK(verdict(honest(), true).reason == "receipt-unusable"); // it compared with no file
  Json with_files = honest();
  with_files["weights_sha256"] = sha256_of_file(weights);
  with_files["claim_sha256"] = sha256_of_file(claim);
  CHECK(verdict(with_files, true).verdict == "VERIFIED");
  CHECK(verdict(with_files, false).reason == "receipt-unusable");
  for (const char* const file : {"weights_sha256", "claim_sha256", "certificate_sha256", "model_sha256"}) {
    Json other = with_files;
    other[file] = std::string(64, 'c');
    CHECK_MESSAGE(verdict(other, true).reason == "receipt-unusable", file);
  }
}

TEST_CASE("a report takes a receipt for a certificate's only where they say the same") {
  const TemporaryFolder folder;
  ProofOptions options;
  options.context = 2;
  options.strategy = "symmetry";
  const Certificate certificate = test::proved(test::random_model(5, 3, 1, 1), options).certificate;
  std::string text;
  write_certificate(certificate, [&](std::string_view piece) { text += piece; });
  const fs::path proof = folder.path / "proof.json", receipt = folder.path / "receipt.json";
  write_file(proof, text);
  const Json written = Json::parse(text);
  Json said = honest();
  said["certificate_sha256"] = sha256_of_file(proof);
  said["model_sha256"] = certificate.model_sha256;
  said["architecture"] = written["model"]["architecture"];
  said["claims"] = written["claims"];
  for (Json& claim : said["claims"]) claim["established"] = claim["bound"];
  InputOptions how;
  how.verify = Verify::none;
  const auto refused = [&](const Json& changed) {
    write_file(receipt, changed.dump());
    try {
      const Evidence evidence = gather({proof, receipt}, how);
      CHECK(evidence.models.front().proofs.front().verified());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused(said).empty());
  Json other = said;
  other["architecture"]["pool"] = "last";
  CHECK(refused(other).find("another description") != std::string::npos);
  other = said;
  const Integer beyond = length(certificate) - 7 + 1; // seven operations are of other kinds
  other["operations"]["add"] = beyond.convert_to<std::uint64_t>();
  other["operations"]["length"] = beyond.convert_to<std::uint64_t>() + 7;
  CHECK(refused(other).find("another count of operations") != std::string::npos);
}
