// What symmetry@1 costs on the kernel, for two tokens: tables, then every pair of tokens.
//
//   kernel-symmetry MODEL.safetensors|VOCABULARY [--loss-only] [--threads N] [--engine reference]
//
// A number instead of a model takes random weights of width 128. It trusts its file: it measures, and verifies nothing.
#include "measure.hpp"

#include "rules/token_sum/tables.hpp"

#include <cmath>
#include <random>

using namespace verifier::kernel;
using namespace verifier::rules;

namespace {

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
  const std::size_t d = static_cast<std::size_t>(std::sqrt(model.at("linear.weight").size()));
  const std::size_t V = model.at("embedding.weight").size() / d;
  const Weights E = transposed(weights(k, model, "embedding.weight", d)),
                W = transposed(weights(k, model, "linear.weight", d));
  const Weights U = transposed(weights(k, model, "unembedding.weight", V));
  const token_sum::Problem problem = token_sum::prepare(k, {E, W, U}, 2, accuracy, threads);
  whole.say("tables");
  constexpr std::size_t some = 48;
  const Result all = in_units<Result>(k, (V + some - 1) / some, threads, [&](Kernel& own, std::size_t i) {
    return token_sum::symmetry(own, problem,
                               {static_cast<Index>(i * some), static_cast<Index>(std::min(V, (i + 1) * some))});
  });
  whole.say("in all");
  report(all.at_least, all.correct_at_least, static_cast<double>(V) * static_cast<double>(V), meter.performed());
}
