// What a report is about, as one plain data structure: certificates, grouped by model and task, each with what a verifier
// said of it. Everything that others wrote is still as they wrote it; whoever prints it escapes it.
#pragma once

#include "certificates/reader.hpp"
#include "lengths/operations.hpp"
#include "models/model.hpp"
#include "report/evidence/logit_blocks.hpp"
#include "report/evidence/training_curve.hpp"
#include "score/scores.hpp"

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

enum class Source { nobody, receipt, verifier }; // who says the verdict: a file, or the program, run for this report

struct Verdict {
  Source said_by = Source::nobody;
  std::string word;       // "VERIFIED", "REJECTED", ..; empty when nobody said anything
  std::string reason;     // why not, a code of schema/reasons.md
  std::string details;    // the verifier's own lines, when it was run and did not verify
  std::string verifier;   // its version
  std::string receipt;    // the file's name, when a receipt says it
  std::size_t joined = 0; // it was drawn from so many parts (`proofmark-verify --join`), when a receipt says so
};

struct ShownProof {
  std::string name; // printable; unique within the report
  std::string file; // the certificate's own name, without folders
  std::string path; // the same with its folders, where it lies below the page's
  StatedCertificate certificate;
  std::string
      strategy; // of its rules: "symmetry", or "mixed"; of a frontier's point, what the frontier calls it; printable
  Verdict verdict;
  // Of each of the certificate's claims, what the verifier established: decimals. Empty unless verified.
  std::vector<std::string> established;
  OperationCounts<std::uint64_t> operations; // of the whole proof, as verified

  bool verified() const { return verdict.word == "VERIFIED"; }
  std::optional<std::string> bound(Quantity, Side) const; // established; nothing where nothing is claimed of it
};

// All proofs about one model and one task.
struct ShownModel {
  FiniteTask task;
  std::string sha256;
  const Family* family;  // null, or where its description is that of a family
  std::uint64_t classes; // 0: not known
  std::string shape;     // family and tensors in words, as stated; printable
  std::string formula;   // of what it computes; printable; empty where its description is not known
  std::vector<ShownProof> proofs;
  std::optional<LogitBlocks> logits; // where the family is known and the weights have the digest
  std::optional<Scores> scores; // of explanations: those proofs that are among these, verified, with the same bounds
};

// A receipt whose certificate was not given: hearsay.
struct LoneReceipt {
  std::string file, verdict, reason, certificate_sha256, model_sha256, verifier;
};

struct Evidence {
  std::vector<ShownModel> models;
  std::vector<LoneReceipt> receipts;
  std::vector<std::string> left_out; // of frontier folders: "NAME: why"
  std::optional<TrainingCurve> training;
};

} // namespace proofmark
