// Sums and minima of entries, in multiples of 2^-60: the ends that leave the kernel.
//
// Ends are rounded outward when they come in. Adding is exact after that, in integers of any size: order, threads and parts
// change nothing.
#pragma once

#include "operations.hpp"

namespace verifier::kernel {

using Integer = mpz_class;

inline constexpr int step_bits = 60; // a step is 2^-60

// How often each entry of a tensor counts, row by row: entry i times[kind[i]] times, which may be negative.
struct Multiplicities {
  Indices kind;
  std::span<const Integer> times;
  Integer sum() const;
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
  void add(const Real& x);                                   // all entries
  void add(const Real& x, const std::vector<bool>& counted); // x: one column; those that count
  void add(const Least& x);
};

// x: one column. Which entries are certainly not below so many steps, row by row.
std::vector<bool> not_below(const Real& x, const Integer& steps);

// How many numbers of ln 2 and more can be in a sum that is not above the total's upper end.
Integer most_of_ln_2(Kernel& k, const Total& total);

// How often entries occur that are certainly negative, or certainly not.
Integer count_negative(const Real& x, const Multiplicities& times);
Integer count_not_negative(const Real& x, const Multiplicities& times);

} // namespace verifier::kernel
