// What a certificate may claim: what follows exactly from the ends that its steps declare.
#pragma once

#include "certificates/certificate.hpp"

#include <span>
#include <string_view>

namespace proofmark {

// What the steps support, as exact numbers.
struct Supported {
  std::optional<Rational> loss_lower, loss_upper;         // LO / N and HI / N, where steps state `loss`
  std::optional<Rational> accuracy_lower, accuracy_upper; // LEAST / N and MOST / N, where steps state `correct`
  std::optional<Rational> margin;                         // the least, where steps state `margin`
};
Supported supported(const Integer& inputs, const std::vector<Step>&);

// A bound that the user asks for: "0.2342" or "accuracy:lower:0.96". Without a quantity, cross-entropy from
// above. Throws Error (usage) when the text does not follow `[quantity:direction:]decimal`.
Claim parse_bound(std::string_view);

// The quantities that a certificate is to speak of.
struct Quantities {
  bool cross_entropy = true, accuracy = true, margin = true, length = true;

  bool has(Quantity) const;
  bool operator==(const Quantities&) const = default;
};

std::vector<std::string> quantity_names();                 // "all" and each quantity's
Quantities quantities_named(std::span<const std::string>); // of these; of none: all
std::string text(const Quantities&);                       // "accuracy,length", or "all"

// Bounds that the steps support, as strong as so many decimal digits can say: rounded up for an upper claim,
// down for a lower one. A bound beyond the format's 20 digits is left out (upper) or lowered to what fits
// (lower). What says nothing is left out, too: an accuracy of at most 1, and a loss from below where rules do not bound it.
std::vector<Claim> best_claims(const Supported&, bool loss_from_below = true);

// The claim on the length of a certificate whose other claims are made: it counts itself.
Claim claim_of_length(const Certificate&);

// Whether a claim says no more than what every sensible model achieves: a mean loss of ln C or more, which
// guessing uniformly among so many classes has.
bool vacuous(const Claim&, std::uint64_t classes);
bool vacuous(const Rational& mean_loss, std::uint64_t classes);

// Throws Error (data) that says what is supported when the certificate does not support a claim of its own.
void require_supported(const Claim&, const Supported&, const Integer& length);

} // namespace proofmark
