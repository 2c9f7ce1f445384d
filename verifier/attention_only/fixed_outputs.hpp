// EU, OV and PO as integers on one grid: what the exact engine of enumeration@1 adds up.
#pragma once

#include "tables.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace verifier::attention_only {

// Each entry x is held as floor(x · 2^places), below 2^58 in absolute value (or -2^58).
struct FixedOutputs {
  long places;                          // 48 to 58
  std::vector<std::int64_t> EU, OV, PO; // shapes as in Tables
};

// None when an entry is 2^10 or more in absolute value: then use the reference.
std::optional<FixedOutputs> make_fixed_outputs(const Tables&, unsigned threads);

} // namespace verifier::attention_only
