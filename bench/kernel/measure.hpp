// What the programs that measure rules on the kernel share: models, clocks, units on threads. They trust their files.
#pragma once

#include "kernel/bands.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using Model = std::map<std::string, std::vector<double>>; // tensors by name, row by row, from float32

inline Model read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), 8);
  const std::string head = bytes.substr(8, size);
  Model model;
  for (std::size_t at = head.find("\"data_offsets\""); at != std::string::npos;
       at = head.find("\"data_offsets\"", at + 1)) {
    const std::size_t open = head.rfind('{', at), end = head.rfind('"', open), begin = head.rfind('"', end - 1);
    std::size_t from = 0, to = 0;
    std::sscanf(head.c_str() + head.find('[', at), "[%zu,%zu]", &from, &to);
    std::vector<float> weights((to - from) / sizeof(float));
    std::memcpy(weights.data(), bytes.data() + 8 + size + from, to - from);
    model[head.substr(begin + 1, end - begin - 1)].assign(weights.begin(), weights.end());
  }
  return model;
}
class Clock {
public:
  void say(const char* what) const {
    const rusage r = usage();
    std::printf("%-7s cpu %7.3f (+ system %.3f) wall %7.3f s, %ld MB\n", what,
                seconds(r.ru_utime) - seconds(before_.ru_utime), seconds(r.ru_stime) - seconds(before_.ru_stime),
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(), r.ru_maxrss / 1024);
  }

private:
  static rusage usage() {
    rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r;
  }
  static double seconds(timeval t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  rusage before_ = usage();
};

// A row `M` by its name, of so many rows.
inline verifier::kernel::Weights weights(verifier::kernel::Kernel& k, const Model& model, const char* name,
                                         std::size_t rows) {
  const std::vector<double>& x = model.at(name);
  return {k, {rows, x.size() / rows}, x};
}

// Result unit(k, i) for each i below `count`, the last first, since they are the largest; their sum does not depend on threads.
template <class Result>
Result in_units(const verifier::kernel::Kernel& k, std::size_t count, unsigned threads,
                const std::function<Result(verifier::kernel::Kernel&, std::size_t)>& unit) {
  using namespace verifier::kernel;
  std::vector<Result> results(count);
  std::vector<Performed> performed(count);
  in_parallel(count, threads, [&](std::size_t i) {
    Meter meter(k.meter.budget());
    Kernel own{k.engine, meter};
    results[i] = unit(own, count - 1 - i), performed[i] = meter.performed();
  });
  Result sum;
  for (const Result& r : results) sum.add(r);
  for (const Performed& x : performed) k.meter.add(x);
  return sum;
}

inline void report(const verifier::kernel::Total& loss, const verifier::kernel::Integer& correct, double inputs,
                   const verifier::kernel::Performed& performed) {
  const verifier::kernel::Integer width = loss.upper - loss.lower;
  std::printf("mean loss in [%.16f, %.16f], width %.2g; correct %s\n", loss.lower.get_d() * 0x1p-60 / inputs,
              loss.upper.get_d() * 0x1p-60 / inputs, width.get_d() * 0x1p-60 / inputs, correct.get_str().c_str());
  std::printf("ends %s %s\nlength", loss.lower.get_str(16).c_str(), loss.upper.get_str(16).c_str());
  std::uint64_t length = 0;
  for (const std::uint64_t n : performed) std::printf(" %llu", static_cast<unsigned long long>(n)), length += n;
  std::printf(": %llu\n", static_cast<unsigned long long>(length));
}
