// Which features a description has, and the linear map from them to its logits (docs/rules/any/low-rank.md, "Features").
#pragma once

#include "reading/certificate.hpp"
#include "rules/any/features.hpp"

namespace verifier {

bool ends_with_maps(const Architecture&); // its readout does; what follows is about these

rules::any::FeaturesOf features_of(const Architecture&);
std::uint64_t width_of_features(const Certificate&); // m
rules::any::Features prepare_features(kernel::Kernel&, const rules::any::Network&, const Certificate&);

} // namespace verifier
