#include "archive/archived_proof.hpp"

#include "certificates/task_json.hpp"
#include "files/json_file.hpp"
#include "models/model.hpp"
#include "models/safetensors.hpp"
#include "networks/metadata.hpp"
#include "proofs/stated.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

// FORMAT.md, section 9.
std::string claim_json(const StatedCertificate& stated) {
  std::string claims;
  for (const Claim& claim : stated.claims)
    claims += fmt::format("{}\n{{\"quantity\": \"{}\", \"direction\": \"{}\", \"bound\": \"{}\"}}",
                          claims.empty() ? "" : ",", name(claim.quantity), name(claim.direction), claim.bound);
  return fmt::format("{{\n\"format\": \"proofmark-claim\",\n\"version\": 2,\n\"task\": {},\n\"model_sha256\": \"{}\",\n"
                     "\"claims\": [{}\n]\n}}\n",
                     task_json(stated.task).dump(), stated.model_sha256, claims);
}

[[noreturn]] void refuse(const fs::path& certificate, const Verification& verification) {
  const std::string file = in_quotes(certificate.string());
  throw Error(
      Exit::not_verified,
      fmt::format("{} is {}, {}; nothing was archived", file,
                  verification.verdict == "ERROR" ? "not verified" : verification.verdict, verification.reason),
      verification.reason == "weights-mismatch"
          ? "--model names another model than the certificate's; without it, the model is made from the certificate"
          : fmt::format("proofmark-verify says of {} where and by how much; schema/reasons.md explains the codes",
                        file));
}

// What a model's file says of itself, so that it need not be said again: of a family's own tensors how many tokens a sum
// takes; of others the description and the task, as far as a command line can have it.
std::map<std::string, std::string> metadata_of(const StatedCertificate& stated) {
  const Domain& domain = stated.task.domain;
  const Family* const family = family_of(stated);
  if (family && family->architecture(domain.positions) == stated.architecture) {
    if (family->positions) return {};
    return {{context_key, std::to_string(domain.positions)}};
  }
  std::map<std::string, std::string> metadata = {{architecture_key, stated.architecture}};
  if (domain.is_product()) metadata[inputs_key] = text(domain);
  if (stated.task.label.function) metadata[label_key] = text(stated.task.label);
  return metadata;
}

// A file that this program cannot read is the verifier's to judge.
StatedCertificate read(const fs::path& certificate, const SeparateVerifier& verifier, const fs::path& receipt) {
  try {
    return read_certificate(certificate);
  } catch (const Error& error) {
    if (error.exit != Exit::data) throw;
    const Verification verification = verify(verifier, certificate, receipt, {}, 1, [](double) {});
    if (verification.verdict == "ERROR") throw;
    refuse(certificate, verification);
  }
}

} // namespace

std::string verify_command(const std::string& program, const std::string& folder) {
  return fmt::format("{} {}{} --weights {}{} --claim {}{}", program, folder, certificate_file, folder, model_file,
                     folder, claim_file);
}

std::string archived_name(const fs::path& certificate) {
  std::string name = certificate.filename().string();
  for (const std::string_view end : {".json", ".cert"})
    if (name.size() > end.size() && name.ends_with(end)) name.resize(name.size() - end.size());
  const bool valid =
      !name.empty() && name.front() != '.' && name.front() != '-' &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == name.npos;
  if (!valid)
    throw Error(Exit::usage, "a folder of the archive cannot be called after " + in_quotes(certificate.string()),
                "rename the file: letters, digits, '_', '.' and '-', and neither of the last two first");
  return name;
}

ArchivedProof archive_proof(StagedFolder& folder, const fs::path& certificate, const fs::path& model,
                            const SeparateVerifier& verifier, unsigned threads,
                            const std::function<void(double)>& progress) {
  ArchivedProof proof;
  proof.name = archived_name(certificate);
  const auto place = [&](const char* file) { return proof.folder() + file; };
  folder.write(place(certificate_file), read_text(certificate));
  const fs::path receipt = folder.path(place(receipt_file));
  proof.stated = read(certificate, verifier, receipt);
  if (model.empty())
    write_safetensors(folder.path(place(model_file)), {proof.stated.tensors, metadata_of(proof.stated)});
  else
    folder.write(place(model_file), read_text(model));
  folder.write(place(claim_file), claim_json(proof.stated));

  const fs::path archived = folder.path(place(certificate_file));
  const Verification verification =
      verify(verifier, archived, receipt,
             {proof.stated.sha256, proof.stated.model_sha256, proof.stated.task, proof.stated.steps_with_loss(),
              folder.path(place(model_file)), folder.path(place(claim_file))},
             threads, progress);
  if (verification.verdict != "VERIFIED") refuse(certificate, verification);
  proof.answer = verification.answer;

  const ChildResult explained = run_program(verifier.program, {"--explain", archived.string()});
  if (explained.exit != 0)
    throw Error(Exit::io, "the verifier does not explain " + in_quotes(certificate.string()),
                "--verifier PATH says where the separate verifier is");
  proof.explanation = printable_lines(explained.output, Charset::utf8);
  return proof;
}

} // namespace proofmark
