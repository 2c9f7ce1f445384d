// How many inputs steps are about.
#pragma once

#include "reading/certificate.hpp"

namespace verifier {

mpz_class inputs_of(const Outline&, const Step&);

} // namespace verifier
