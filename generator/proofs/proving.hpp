// The library behind `proofmark prove`: a model and what is asked for, in; a certificate, out. Commands parse, open
// files and talk; strategies find bounds; this is what lies between, and whoever makes certificates goes through it.
#pragma once

#include "certificates/certificate.hpp"
#include "certificates/claims.hpp"
#include "families/token_sum/bounds/engines.hpp"
#include "strategies/options.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace proofmark {

// One certificate's parameters, as `prove` has them on its command line.
struct ProofOptions {
  std::uint64_t context = 0; // tokens of an input; 0: as the model says
  std::string strategy;      // a name of strategies/
  StrategyOptions how;       // of that strategy
  std::uint64_t steps = 0;   // 0: 64, or V where that is less
  Quantities quantities;     // to claim; what is left out need not be found
  std::vector<Claim> bounds; // claims to make; none: the best that the proof supports
  unsigned threads = 1;      // the certificate does not depend on them
  bool force = false;        // start even when the work is likely to take more than half an hour
};

struct Proof {
  Certificate certificate; // refers to the model
  LabelSums sums;          // what the strategy found, by label
};

// How many tokens an input has: what the user says (0: nothing), or else what the model says. Throws Error (usage) when
// neither says it, and when the user's number is not that of the positions of a model that has some.
std::uint64_t context_of(const Model&, std::uint64_t given);

// What to say of a context that is not the one in the model's file; empty where it is.
std::string context_note(const Model&, std::uint64_t context);

// How many steps a certificate gets; throws Error (usage) when there are not so many labels.
std::uint64_t number_of_steps(Family, const Task&, const ProofOptions&);

// Everything that tells one certificate of a model from another, by the names of the command line ("context", "steps");
// what is left at its default is left out. A new option of a strategy gets its line here.
std::map<std::string, std::string> parameters(const ProofOptions&);

// What is known of a proof before the work.
struct Outlook {
  Integer length; // by a dry run
  double seconds; // of finding it, likely; with the threads of the options
};

// Throws Error when it can be known before the work that there is no such proof, or that the verifier would decline it: an
// unknown strategy, claims that no steps could support, a length or a file beyond the limits. Takes milliseconds.
Outlook outlook(const Shape&, const ProofOptions&);

// The same, and throws Error (usage) also when the work is likely to take more than half an hour, without --force.
Outlook require_provable(const Shape&, const ProofOptions&);

// What to say of a proof before work that takes longer than a moment; empty where it does not.
std::string announcement(const Outlook&, unsigned threads);

// `progress`, when given, is told the fraction that is done, 0 to 1; `ledger`, when given, keeps exact sums; `say` gets a
// line where the work turns out to take much longer. Throws like require_provable, and when the claims are not supported.
Proof prove(const Model&, const ProofOptions&, const std::function<void(double)>& progress = {},
            Ledger* ledger = nullptr, const std::function<void(const std::string&)>& say = {});

// What a ledger for such a proof is of: exact sums are the same for all strategies that find as much of them.
std::string ledger_of(const Model&, const ProofOptions&);
// Where it is kept while `certificate`, a file, is made.
std::filesystem::path ledger_path(const std::filesystem::path& certificate);

Integer undecided(const Proof&); // inputs that are tied or too close to call

} // namespace proofmark
