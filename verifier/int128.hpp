// Integers of 128 bits: what the exact engines add their products in.
#pragma once

#include <gmpxx.h>

#include <cstdint>

namespace verifier {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

// The least b with |x| < 2^b.
int bit_length(Int128 x);

// x / 2^shift to the nearest integer, 0 <= shift, |x| < 2^126; the result must fit.
std::int64_t shift_right_nearest(Int128 x, long shift);

// ceil(x / 2^shift) for any shift, |x| < 2^126; the result must fit.
std::int64_t ceiling_of_quotient(Int128 x, long shift);

mpz_class integer(Int128 x);

} // namespace verifier
