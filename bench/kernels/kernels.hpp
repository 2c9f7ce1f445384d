// What the kernel does most of its work in, one call each, on fixed data: what `benchmarks` times and `count` counts the instructions of.
#pragma once

#include "workload.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace kernels {

struct Measured {
  std::string_view name;
  std::string_view unit;                 // what a unit of its work is
  std::size_t (*units)(const Workload&); // in one run
  void (*run)(Workload&);                // leaves its result in the workload
};

std::span<const Measured> all();

} // namespace kernels
