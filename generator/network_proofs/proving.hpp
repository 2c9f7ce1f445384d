// From a plan to a certificate.
#pragma once

#include "network_proofs/plan.hpp"

namespace proofmark::network_proofs {

struct NetworkProof {
  Certificate certificate;
  Integer undecided;              // inputs that are tied or too close to call
  NetworkExplanation explanation; // that gives the same witnesses
};

// `progress` is told the fraction that is done; `ledger`, when given, keeps what the strategy keeps. Throws Error when the claims are not
// supported.
NetworkProof prove(const NetworkPlan&, const std::function<void(double)>& progress = {}, KeptLines* ledger = nullptr);

std::string ledger_of(const NetworkPlan&); // what a ledger for such a proof is of; empty where it has none

} // namespace proofmark::network_proofs
