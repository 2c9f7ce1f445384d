// The library behind `proofmark prove`: a model and a plan, in; a certificate, out. Commands parse, open files and talk;
// strategies find bounds; this is what lies between, and whoever makes certificates goes through it.
#pragma once

#include "proofs/plan.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace proofmark {

struct Proof {
  Certificate certificate;
  LabelSums sums;     // what the strategy found, by label
  bool exact = false; // whether they are the exact sums
};

// `progress`, when given, is told the fraction that is done, 0 to 1; `ledger`, when given, keeps exact sums; `say` gets a
// line where the work turns out to take much longer. Throws Error when the work turns out to take too long, and when the
// claims are not supported.
Proof prove(const Model&, const Plan&, const std::function<void(double)>& progress = {}, Ledger* ledger = nullptr,
            const std::function<void(const std::string&)>& say = {});

// What a ledger for such a proof is of: exact sums are the same for all strategies that find as much of them.
std::string ledger_of(const Model&, const Plan&);
// Where it is kept while `certificate`, a file, is made.
std::filesystem::path ledger_path(const std::filesystem::path& certificate);

// What any certificate states and may be, however its steps were found: the claims that are asked for, or the best that the steps
// support (`loss_from_below`: where their rules bound it); a file that the verifier takes. Throws Error.
void state_claims(Certificate&, const ProofOptions&, bool loss_from_below);
void require_size_of_text(const Certificate&);

Integer undecided(const Proof&); // inputs that are tied or too close to call

} // namespace proofmark
