// Reading witnesses: what families have in common.
#pragma once

#include "certificate.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

std::string witness_pointer(const std::string& name);
const Tensor* find_witness(const Certificate&, const std::string& name); // null if there is none
// Fails with witness-missing.
const Tensor& need_witness(const Certificate&, const std::string& name, std::string_view why);
// Fails with witness-shape.
void require_witness_shape(const Tensor&, bool dtype_fits, std::string_view dtypes, bool shape_fits,
                           const std::string& shape);
std::string at_element(const Tensor&, std::size_t i); // in words

} // namespace verifier
