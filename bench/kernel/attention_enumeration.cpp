// What enumeration@1 of the family attention-only costs on the kernel: every input of a model.
//
//   kernel-attention-enumeration MODEL.safetensors VOCABULARY [--threads N]
#include "measure.hpp"

#include "rules/attention/problem.hpp"

#include <cmath>

using namespace verifier::rules;
using namespace verifier::kernel;

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) return 2;
  const Model model = read(argv[1]);
  const std::size_t V = std::stoul(argv[2]), d = model.at("embed.W_E").size() / V;
  const std::size_t n = model.at("pos_embed.W_pos").size() / d, h = model.at("blocks.0.attn.W_Q").size() / d;
  Budget budget(UINT64_MAX);
  Meter meter(budget);
  Kernel k{fast(), meter};
  const Clock whole;
  const Weights E = weights(k, model, "embed.W_E", V), P = weights(k, model, "pos_embed.W_pos", n);
  const Weights Q = weights(k, model, "blocks.0.attn.W_Q", d), K = weights(k, model, "blocks.0.attn.W_K", d);
  const Weights W = weights(k, model, "blocks.0.attn.W_V", d), O = weights(k, model, "blocks.0.attn.W_O", h);
  const Weights U = weights(k, model, "unembed.W_U", d);
  const attention::Problem problem = attention::prepare(k, {E, P, Q, K, W, O, U}, {});
  whole.say("tables");
  const unsigned threads = argc == 5 ? static_cast<unsigned>(std::stoul(argv[4])) : 2;
  const Result all = in_units<Result>(k, V, threads, [&](Kernel& own, std::size_t m) {
    return attention::establish(attention::enumeration, own, problem, static_cast<Index>(m));
  });
  whole.say("in all");
  report(all.at_least, all.correct_at_least, std::pow(static_cast<double>(V), static_cast<double>(n)),
         meter.performed());
}
