// The described network of a certificate as rules for any description see it.
#pragma once

#include "reading/certificate.hpp"
#include "rules/any/problem.hpp"

namespace verifier {

// Throws what the kernel throws.
rules::any::Network prepare_network(kernel::Kernel&, const Certificate&);

// Elements that a batch keeps alive, about: of every position its rows of the widest block, and the logits.
std::uint64_t elements_of_batch(const rules::any::Network&);

} // namespace verifier
