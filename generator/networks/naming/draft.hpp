// The description that a scheme's names give, with '?' for what neither tensors nor facts show.
#pragma once

#include "networks/naming/facts.hpp"
#include "networks/naming/recognised_parts.hpp"

namespace proofmark::networks {

nlohmann::ordered_json draft(const Parts&, const Facts&, const SafetensorsFile&);

// What the draft takes for granted, a line each.
std::vector<std::string> taken_for_granted(const Parts&, const Facts&, const SafetensorsFile&);

// Indented, with the parts of a map on one line.
std::string readable(const nlohmann::ordered_json&);

// The same with some word for each '?', so that shapes can be checked already. Nothing more than that may be asked of it.
nlohmann::ordered_json filled_in(nlohmann::ordered_json);

} // namespace proofmark::networks
