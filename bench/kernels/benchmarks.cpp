// Times each kernel with Google Benchmark; an item is a unit of its work. Options are the library's own (--help).
#include "kernels.hpp"

#include <benchmark/benchmark.h>

#include <string>

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
  kernels::Workload workload({.vocabulary = 2048, .width = 128, .reference_vocabulary = 128});
  for (const kernels::Measured& kernel : kernels::all()) {
    benchmark::RegisterBenchmark(std::string(kernel.name).c_str(), [&](benchmark::State& state) {
      for (auto _ : state) kernel.run(workload);
      state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kernel.units(workload)));
      state.SetLabel(std::string(kernel.unit));
    });
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
