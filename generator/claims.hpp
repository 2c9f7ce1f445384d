// What a certificate may claim: means computed exactly from the ends that its steps declare.
#pragma once

#include "certificate.hpp"

#include <string_view>

namespace proofmark {

// What the steps support, as exact numbers.
struct Supported {
  Rational loss_lower, loss_upper;        // LO / V^n and HI / V^n
  std::optional<Rational> accuracy_lower; // C / V^n, where steps state `correct`
};
Supported supported(const Task&, const std::vector<Step>&);

// A bound that the user asks for: "0.2342" or "accuracy:lower:0.96". Without a quantity, cross-entropy from
// above. Throws Error (usage) when the text does not follow `[quantity:direction:]decimal`.
Claim parse_bound(std::string_view);

// What a certificate is to claim by itself.
struct Wanted {
  bool loss_upper = true, loss_lower = true, accuracy = true;
};

// Bounds that the steps support, as strong as so many decimal digits can say: rounded up for an upper claim,
// down for a lower one. A bound beyond the format's 20 digits is left out (upper) or lowered to what fits
// (lower).
std::vector<Claim> best_claims(const Supported&, const Wanted&);

// Whether a claim says no more than what every sensible model achieves: a mean loss of ln V or more, which
// guessing uniformly has.
bool vacuous(const Claim&, const Task&);
bool vacuous(const Rational& mean_loss, const Task&);

// Throws Error (data) that says what is supported when a claim is not.
void require_supported(const Claim&, const Supported&);

} // namespace proofmark
