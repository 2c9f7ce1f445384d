// Sums and minima of entries, in multiples of 2^-60: the ends that leave the kernel.
//
// Ends are rounded outward when they come in. Adding is exact after that, in integers of any size: order, threads and parts
// change nothing.
#pragma once

#include "operations.hpp"

namespace verifier::kernel {

using Integer = mpz_class;

inline constexpr int step_bits = 60; // a step is 2^-60

// How often each entry of a tensor counts: entry (i, j) `of_entries[i * columns + j] * of_rows[i]` times.
struct Multiplicities {
  std::span<const std::uint32_t> of_entries;
  std::span<const Integer> of_rows;
};

struct Total {
  Integer lower, upper;
  void add(const Real& x);                       // all entries
  void add(const Real& x, const Integer& times); // all entries, each so many times; may be negative
  void add(const Real& x, const Multiplicities& times);
  void add(const Total& x) { lower += x.lower, upper += x.upper; }
};

// The least of real numbers lies between these; none so far where they are empty.
struct Least {
  std::optional<Integer> lower, upper;
  void add(const Real& x); // all entries
  void add(const Least& x);
};

// How often entries occur that are certainly negative, or certainly not.
Integer count_negative(const Real& x, const Multiplicities& times);
Integer count_not_negative(const Real& x, const Multiplicities& times);

} // namespace verifier::kernel
