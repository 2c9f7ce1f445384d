// One certificate of an archive: a folder with the proof, its model, its claim and what the verifier says of them.
#pragma once

#include "archive/staged_folder.hpp"
#include "certificates/reader.hpp"
#include "certificates/verification.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace proofmark {

struct ArchivedProof {
  std::string name; // "max2" of "../proofs/max2.cert.json"
  StatedCertificate stated;
  std::string answer;      // all that proofmark-verify prints; the first line is "s VERIFIED"
  std::string explanation; // all that its --explain prints

  std::string folder() const { return "certificates/" + name + "/"; }
};

// The names under which a certificate's folder holds things.
inline constexpr const char* certificate_file = "proof.cert.json";
inline constexpr const char* model_file = "model.safetensors";
inline constexpr const char* claim_file = "claim.json";
inline constexpr const char* receipt_file = "receipt.json";

// "proofmark-verify proof.cert.json --weights model.safetensors --claim claim.json", with the program and the names as
// they are seen from where it is run.
std::string verify_command(const std::string& program, const std::string& folder);

// The name of a certificate's folder. Throws Error (usage) when the file's name has characters that do not suit one.
std::string archived_name(const std::filesystem::path& certificate);

// Writes the four files into the folder of the proof's name. The model is `model`, or (where that is empty) made from
// the certificate's weights; the claim file asks for all that the certificate claims. Throws Error: not_verified when
// the verifier says anything but VERIFIED of these files, io and data when a file cannot be read or is no certificate.
ArchivedProof archive_proof(StagedFolder&, const std::filesystem::path& certificate, const std::filesystem::path& model,
                            const SeparateVerifier&, unsigned threads, const std::function<void(double)>& progress);

} // namespace proofmark
