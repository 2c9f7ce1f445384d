// From a plan to a certificate.
#pragma once

#include "enumeration/plan.hpp"

namespace proofmark::enumeration {

struct NetworkProof {
  Certificate certificate;
  Integer undecided; // inputs that are tied or too close to call
};

// `progress` is told the fraction that is done; `ledger`, when given, keeps batches. Throws Error when the claims are not supported.
NetworkProof prove(const NetworkPlan&, const std::function<void(double)>& progress = {}, KeptLines* ledger = nullptr);

std::string ledger_of(const NetworkPlan&); // what a ledger for such a proof is of

} // namespace proofmark::enumeration
