// What the steps of a certificate by block-tables@1 declare: what a form with its opened classes shows, with room for what the verifier
// rounds.
#pragma once

#include "block_tables/search.hpp"
#include "strategies/network_strategy.hpp"

namespace proofmark::block_tables {

NetworkFindings findings(const NetworkAssignment&, const Additive&, const LabelsOfInputs&, const Found&);

} // namespace proofmark::block_tables
