#include "demands.hpp"

#include <algorithm>
#include <initializer_list>

namespace verifier::attention_only {
namespace {

bool uses_any(const Certificate& certificate, std::initializer_list<std::string_view> rules) {
  return std::ranges::any_of(certificate.steps, [&](const Step& step) {
    return std::ranges::find(rules, std::string_view(step.rule)) != rules.end();
  });
}

} // namespace

bool needs_fixed_outputs(const Certificate& certificate) {
  return uses_any(certificate, {enumeration_rule});
}

bool needs_tops(const Certificate& certificate) {
  return uses_any(certificate, {band_rule, near_far_rule, subcubic_rule});
}

bool needs_highest_scores(const Certificate& certificate) {
  return uses_any(certificate, {band_rule, near_far_rule, subcubic_rule, soft_near_far_rule, placements_rule});
}

bool needs_weight_sums(const Certificate& certificate) {
  return uses_any(certificate, {soft_near_far_rule, placements_rule});
}

bool needs_direct_ranges(const Certificate& certificate) {
  return needs_gaps(certificate);
}

bool needs_near(const Certificate& certificate) {
  return uses_any(certificate, {band_rule, near_far_rule, soft_near_far_rule, placements_rule});
}

bool takes_columns(const Certificate& certificate) {
  return uses_any(certificate, {band_rule, near_far_rule, soft_near_far_rule});
}

bool needs_filled(const Certificate& certificate) {
  return uses_any(certificate, {placements_rule});
}

bool needs_gaps(const Certificate& certificate) {
  return uses_any(certificate, {subcubic_rule});
}

} // namespace verifier::attention_only
