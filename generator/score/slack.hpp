// How what lies between an established bound and the exact number comes about.
#pragma once

#include "certificates/certificate.hpp"
#include "score/scores.hpp"

namespace proofmark {

// A proof with its certificate, as it was written.
struct Checked {
  const Certificate& certificate;
  const Verification& verification;
};

// Of the bound on the mean loss from above; both are verified, and the exact one bounds the loss. By the tensors and groups that
// the rule does not treat exactly (block-tables, low-rank), or else by labels or inputs. Empty where nothing bounds the loss.
std::vector<SlackPart> loss_slack(const Checked&, const Checked& exact, unsigned threads);

// Of the accuracy from below, by labels or inputs.
std::vector<SlackPart> accuracy_slack(const Checked&, const Checked& exact);

} // namespace proofmark
