// The shapes of descriptions that have rules of their own (schema/FORMAT.md, section 5).
#pragma once

#include "models/architecture.hpp"

namespace verifier {

enum class ModelShape { token_sum, attention_only, other };
ModelShape shape_of(const Architecture&);

} // namespace verifier
