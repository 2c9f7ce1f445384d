// Runs every kernel once, inside a function that callgrind is told to count and to write down after each call, and lists them in that
// order: name, unit, units in one run, separated by tabs. bench/proofmark_bench/instructions.py is its caller.
#include "kernels.hpp"

#include <cstdio>

extern "C" [[gnu::noinline]] void counted(const kernels::Measured& kernel, kernels::Workload& workload) {
  kernel.run(workload);
}

int main() {
  kernels::Workload workload({.vocabulary = 256, .width = 32, .reference_vocabulary = 64});
  for (const kernels::Measured& kernel : kernels::all()) {
    kernel.run(workload); // tables, bins and the dynamic linker are warm
    counted(kernel, workload);
    std::printf("%s\t%s\t%zu\n", kernel.name.data(), kernel.unit.data(), kernel.units(workload));
  }
}
