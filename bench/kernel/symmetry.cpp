// What symmetry@1 costs on the kernel, for two tokens: tables, then every pair of tokens.
//
//   kernel-symmetry MODEL.safetensors|VOCABULARY [--loss-only] [--threads N] [--engine reference]
//
// A number instead of a model takes random weights of width 128. It trusts its file: it measures, and verifies nothing.
#include "kernel/bands.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

using namespace verifier::kernel;

namespace {

using Model = std::map<std::string, std::vector<double>>; // embedding [d x V], linear [d x d], unembedding [V x d]

Model read(const std::string& path) {
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
Model random_model(std::size_t V) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  Model model;
  const auto draw = [&](const char* name, std::size_t size, float scale) {
    for (std::size_t i = 0; i < size; ++i) model[name].push_back(scale * normal(random));
  };
  draw("embedding.weight", V * 128, 1), draw("linear.weight", 128 * 128, 0.09F),
      draw("unembedding.weight", V * 128, 0.2F);
  return model;
}

struct Problem {
  std::size_t vocabulary;
  Table<Real> L;     // [V x V] logits of a token, less any number of its row
  Table<Positive> A; // [V x V] exp L
};
Problem tables(Kernel& k, const Model& model, unsigned threads) {
  const std::size_t d = static_cast<std::size_t>(std::sqrt(model.at("linear.weight").size()));
  const std::size_t V = model.at("embedding.weight").size() / d;
  const Weights embedding(k, {d, V}, model.at("embedding.weight")), linear(k, {d, d}, model.at("linear.weight"));
  const Table<Weights> tokens = transposed(embedding) * transposed(linear);
  const Table<Weights> outputs = transposed(Weights(k, {V, d}, model.at("unembedding.weight")));
  Problem p{V, {}, {}};
  p.L = in_bands<Real>(k, {V, V}, threads, [&](Kernel& k, std::size_t from, std::size_t to) {
    const Real M = rounded(rows(with(k, tokens), from, to) * with(k, outputs));
    return M - repeat_columns(any_number_in(largest(M)), V);
  });
  p.A = in_bands<Positive>(k, {V, V}, threads, [&](Kernel& k, std::size_t from, std::size_t to) {
    return exp(rows(with(k, p.L), from, to));
  });
  return p;
}

struct Result {
  Total loss;
  Integer correct;
};
// Inputs (t_1, y), t_1 <= y, for the labels y from .. to-1: those with t_1 < y stand for two.
Result symmetry(Kernel& k, const Problem& p, Index from, Index to, bool accuracy) {
  Result result;
  std::vector<Index> labels, kind; // an input stands for `kind` of them
  for (Index y = from; y < to; ++y) labels.push_back(y);
  for (Index y = from; y < to; ++y)
    for (Index t = 0; t < to; ++t) kind.push_back(t < y ? 2 : t == y ? 1 : 0);
  const std::vector<Integer> times{0, 1, 2};
  const Real L = rows(with(k, p.L), 0, to);
  const Positive A = rows(with(k, p.A), 0, to);
  const Real sums = rows_at(with(k, p.L), labels);
  const Real own = repeat_columns(pick(sums, labels), to) + transposed(columns_at(L, labels));
  result.loss.add(log(dots(rows_at(with(k, p.A), labels), A)) - own, {kind, times});
  if (accuracy) result.correct = count_negative(largest_sums(sums, L, labels) - own, {kind, times});
  return result;
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

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const Engine* engine = &fast();
  unsigned threads = 2;
  bool accuracy = true;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--loss-only")
      accuracy = false;
    else if (argument == "--threads" && i + 1 < argc)
      threads = static_cast<unsigned>(std::stoul(argv[++i]));
    else if (argument == "--engine" && i + 1 < argc)
      engine = argv[++i] == std::string("reference") ? &reference() : &fast();
    else
      return 2;
  }
  const bool random = std::strspn(argv[1], "0123456789") == std::strlen(argv[1]);
  const Model model = random ? random_model(std::stoul(argv[1])) : read(argv[1]);
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  Kernel k{*engine, meter};
  const Clock whole;
  const Problem p = tables(k, model, threads);
  whole.say("tables");
  const Clock steps;
  constexpr std::size_t some = 48;
  std::vector<Result> results((p.vocabulary + some - 1) / some);
  std::vector<Performed> performed(results.size());
  in_parallel(results.size(), threads, [&](std::size_t i) {
    const std::size_t unit = results.size() - 1 - i; // the largest first
    Meter own(budget);
    Kernel k{*engine, own};
    results[unit] = symmetry(k, p, static_cast<Index>(unit * some),
                             static_cast<Index>(std::min(p.vocabulary, (unit + 1) * some)), accuracy);
    performed[unit] = own.performed();
  });
  steps.say("steps"), whole.say("in all");
  Result all;
  for (const Result& r : results) all.loss.add(r.loss), all.correct += r.correct;
  for (const Performed& x : performed) meter.add(x);
  const double inputs = static_cast<double>(p.vocabulary) * static_cast<double>(p.vocabulary);
  const Integer width = all.loss.upper - all.loss.lower;
  std::printf("mean loss in [%.16f, %.16f], width %.2g; correct %s\n", all.loss.lower.get_d() * 0x1p-60 / inputs,
              all.loss.upper.get_d() * 0x1p-60 / inputs, width.get_d() * 0x1p-60 / inputs,
              all.correct.get_str().c_str());
  std::printf("ends %s %s\nlength", all.loss.lower.get_str(16).c_str(), all.loss.upper.get_str(16).c_str());
  std::uint64_t length = 0;
  for (const std::uint64_t n : meter.performed()) std::printf(" %llu", static_cast<unsigned long long>(n)), length += n;
  std::printf(": %llu\n", static_cast<unsigned long long>(length));
}
