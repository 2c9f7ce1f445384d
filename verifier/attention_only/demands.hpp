// Family "attention-only": which tables and witnesses the rules of the steps need (docs/rules/attention/README.md).
#pragma once

#include "../certificate.hpp"

#include <string_view>

namespace verifier::attention_only {

inline constexpr std::string_view enumeration_rule = "enumeration@1", placements_rule = "placements@1",
                                  soft_near_far_rule = "soft-near-far@1", near_far_rule = "near-far@1",
                                  band_rule = "band@1", cubic_rule = "cubic@1", subcubic_rule = "subcubic@1";

bool needs_fixed_outputs(const Certificate&);
bool needs_tops(const Certificate&);
bool needs_highest_scores(const Certificate&);
bool needs_weight_sums(const Certificate&);
bool needs_direct_ranges(const Certificate&);

bool needs_near(const Certificate&);
bool takes_columns(const Certificate&); // heads and joint
bool needs_filled(const Certificate&);
bool needs_gaps(const Certificate&);

} // namespace verifier::attention_only
