// What symmetry@1 costs on the kernel, for two tokens: tables, then every pair of tokens.
//
//   kernel-symmetry MODEL.safetensors|VOCABULARY [--loss-only] [--threads N] [--engine reference]
//
// A number instead of a model takes random weights of width 128. It trusts its file: it measures, and verifies nothing.
#include "measure.hpp"

#include <cmath>
#include <random>

using namespace verifier::kernel;

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
  void add(const Result& x) { loss.add(x.loss), correct += x.correct; }
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
  const Result all = in_units<Result>(k, (p.vocabulary + some - 1) / some, threads, [&](Kernel& own, std::size_t i) {
    return symmetry(own, p, static_cast<Index>(i * some), static_cast<Index>(std::min(p.vocabulary, (i + 1) * some)),
                    accuracy);
  });
  steps.say("steps"), whole.say("in all");
  const double V = static_cast<double>(p.vocabulary);
  report(all.loss, all.correct, V * V, meter.performed());
}
