#include "judge.hpp"

#include "reading/question.hpp"
#include "reading/sha256.hpp"
#include "reading/text.hpp"

#include <new>

namespace verifier {
namespace {

// Every check, in order; the last line is reached if and only if all have passed.
void verify(const Pieces& pieces, const Question& question, const Options& options, Judgement& judgement) {
  Sha256 digest;
  const Certificate certificate = read_certificate([&] { // every piece is taken, also when it fails
    const std::string_view piece = pieces();
    digest.update(piece);
    if (piece.empty()) judgement.certificate_sha256 = Sha256(digest).hexadecimal();
    return piece;
  });
  judgement.outline = certificate;
  if (options.understood) options.understood(certificate);
  if (question.claim) require_claim(certificate, *question.claim);
  if (question.weights) judgement.ignored = require_weights(certificate, *question.weights, question.weights_path);
  judgement.result = check(certificate, options);
  judgement.verdict = Verdict::verified;
}

} // namespace

Judgement judge(const Pieces& certificate, const Question& question, const Options& options) {
  Judgement judgement;
  if (question.claim) judgement.claim_sha256 = sha256(*question.claim);
  if (question.weights) judgement.weights_sha256 = sha256(*question.weights);
  const auto record = [&](const Failure& failure) {
    judgement.result.reset();
    judgement.failure = failure;
    judgement.verdict = failure.reason.verdict;
  };
  try {
    verify(certificate, question, options, judgement);
  } catch (const Failure& failure) {
    record(failure);
  } catch (const std::bad_alloc&) {
    record({reason::internal, "", "enough memory", "not enough"});
  } catch (const Interrupted&) {
    throw; // the caller's own wish
  } catch (const std::exception& error) {
    record({reason::internal, "", "", shown(error.what())});
  }
  return judgement;
}

} // namespace verifier
