// What a thread holds while it closes a label, counted by the allocators: never more than its prover says, by which the number
// of threads is chosen.
#include "attention_models.hpp"
#include "attention_only/family.hpp"
#include "family.hpp"
#include "limits.hpp"
#include "meter.hpp"
#include "token_sum/family.hpp"
#include "token_sum/witnesses.hpp"
#include "witness_draws.hpp"

#include <doctest/doctest.h>

#include <malloc.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <new>
#include <set>
#include <thread>

using namespace verifier;

namespace {

thread_local std::int64_t held = 0, most = 0; // by this thread, in bytes

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  held += static_cast<std::int64_t>(malloc_usable_size(memory)) + 8; // and malloc's own word
  most = std::max(most, held);
  return memory;
}
void* discounted(void* memory) {
  if (memory != nullptr) held -= static_cast<std::int64_t>(malloc_usable_size(memory)) + 8;
  return memory;
}

// GMP's and MPFR's numbers too.
const bool numbers_are_counted = [] {
  mp_set_memory_functions(
      [](std::size_t size) { return counted(std::malloc(size)); },
      [](void* memory, std::size_t, std::size_t size) { return counted(std::realloc(discounted(memory), size)); },
      [](void* memory, std::size_t) { std::free(discounted(memory)); });
  return true;
}();

// By one worker on this thread, closing the labels.
std::int64_t most_held(const LabelProver& prover, const Certificate& certificate) {
  start_rounding_on_this_thread();
  const std::int64_t before = held;
  most = held;
  const auto worker = prover.worker();
  for (const Step& step : certificate.steps) {
    Budget unlimited{.declared = UINT64_MAX};
    Meter meter(unlimited);
    worker->close(step.rule, {step.from, step.to}, step.correct.has_value(), meter);
  }
  return most - before;
}

Tensor as_tensor(const std::string& name, const std::vector<std::uint64_t>& shape, std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  Tensor result{name, DType::float32, shape, {}};
  for (std::size_t i = 0; i < count; ++i)
    for (const std::uint64_t byte :
         {random() % 256, random() % 256, random() % 128, std::uint64_t{0x3e} + random() % 2})
      result.bytes.push_back(static_cast<std::uint8_t>(byte));
  return result;
}

Step step_of(const std::string& rule, std::uint64_t from, std::uint64_t to) {
  Step step;
  step.rule = rule;
  step.from = from;
  step.to = to;
  step.correct = 0;
  return step;
}

// One label by one rule of token-sum; head-tail@1 with as many groups as there are outputs, and column weights where it may.
Certificate token_sum_certificate(std::uint64_t V, std::uint64_t n, const std::string& rule) {
  Certificate certificate;
  certificate.task = {n, V};
  certificate.family = "token-sum";
  certificate.tensors = {as_tensor("embedding.weight", {1, V}, V, 1), as_tensor("linear.weight", {1, 1}, 1, 2),
                         as_tensor("unembedding.weight", {V, 1}, V, 3)};
  certificate.steps = {step_of(rule, rule == "block-jensen@1" ? 0 : V - 1, V)};
  if (rule == "block-jensen@1") certificate.witnesses = {attention::witness("blocks", DType::uint16, {1}, {0})};
  if (rule != "head-tail@1") return certificate;
  std::vector<std::uint16_t> outputs, sizes = {1};
  for (std::uint64_t k = 0; k < V; ++k) outputs.push_back(static_cast<std::uint16_t>(k));
  const std::vector<std::uint16_t> first(V, 0);
  certificate.witnesses = {attention::witness("column-groups", DType::uint16, {V}, outputs),
                           attention::witness("head-sizes", DType::uint16, {1}, sizes),
                           attention::witness("heads", DType::uint16, {V, 1}, first)};
  if (n <= 3) certificate.witnesses.insert(certificate.witnesses.begin() + 1, as_tensor("column-weights", {V}, V, 4));
  return certificate;
}

// One label by one rule of attention-only; with all heads and near tokens that there may be.
Certificate attention_certificate(std::size_t V, std::size_t n, const std::string& rule) {
  Certificate certificate = attention::certificate(attention::draw(attention::Kind::trained, V, n, 5), rule);
  certificate.steps = {step_of(rule, V - 1, V)};
  const auto add = [&](const std::string& name, DType type, const std::vector<std::uint64_t>& shape,
                       const std::vector<std::uint16_t>& values) {
    certificate.witnesses.push_back(attention::witness(name, type, shape, values));
  };
  const bool columns = rule == "band@1" || rule == "near-far@1" || rule == "soft-near-far@1";
  std::vector<std::uint16_t> heads, near;
  for (std::size_t m = 0; m < V; ++m) {
    near.push_back(static_cast<std::uint16_t>(m));
    for (std::size_t i = 1; i + 1 < V; ++i) heads.push_back(static_cast<std::uint16_t>((m + i) % V));
  }
  if (rule == "placements@1") add("filled", DType::uint8, {V}, std::vector<std::uint16_t>(V, n > 1));
  if (rule == "subcubic@1") add("gaps", DType::uint16, {V, V, n}, std::vector<std::uint16_t>(V * V * n, 0));
  if (columns) {
    add("heads", DType::uint16, {V, V - 2}, heads);
    add("joint", DType::uint8, {V}, std::vector<std::uint16_t>(V, 1));
  }
  if (columns || rule == "placements@1") add("near", DType::uint16, {V}, near);
  return certificate;
}

} // namespace

void* operator new(std::size_t size) {
  return counted(std::malloc(size));
}
void operator delete(void* memory) noexcept {
  std::free(discounted(memory));
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(discounted(memory));
}

TEST_CASE("a thread of token-sum holds no more than is said") {
  for (const Engine engine : {Engine::exact, Engine::reference})
    for (const std::uint64_t n : {2u, 3u, 4u})
      for (const std::string rule : {"enumeration@1", "symmetry@1", "convexity@1", "head-tail@1", "block-jensen@1"}) {
        if (rule == "block-jensen@1" && n != 2) continue;
        const std::uint64_t V = n == 4 ? 12 : 40;
        CAPTURE(rule);
        CAPTURE(n);
        const Certificate certificate = token_sum_certificate(V, n, rule);
        const auto prover = make_prover(certificate, {.engine = engine});
        CHECK(prover->engine() == name(engine));
        CHECK(most_held(*prover, certificate) <= static_cast<std::int64_t>(prover->worker_bytes()));
      }
}

TEST_CASE("a thread of attention-only holds no more than is said") {
  for (const Engine engine : {Engine::exact, Engine::reference})
    for (const std::size_t n : {1u, 2u, 4u})
      for (const std::string rule :
           {"band@1", "cubic@1", "enumeration@1", "near-far@1", "placements@1", "soft-near-far@1", "subcubic@1"}) {
        CAPTURE(rule);
        CAPTURE(n);
        const Certificate certificate = attention_certificate(12, n, rule);
        const auto prover = make_prover(certificate, {.engine = engine});
        CHECK(most_held(*prover, certificate) <= static_cast<std::int64_t>(prover->worker_bytes()));
      }
}

TEST_CASE("what a thread holds most of is not overstated") {
  struct Case {
    Certificate certificate;
    std::uint64_t without; // what is said for a smaller rule
  };
  const Task tokens{3, 100}, transformers{3, 48};
  for (const Case& one :
       {Case{token_sum_certificate(100, 3, "head-tail@1"), token_sum::worker_bytes(tokens, nullptr)},
        Case{attention_certificate(48, 3, "near-far@1"), attention_only::worker_bytes(transformers, 0, false)},
        Case{attention_certificate(48, 3, "soft-near-far@1"), attention_only::worker_bytes(transformers, 0, false)},
        Case{attention_certificate(48, 3, "enumeration@1"), attention_only::worker_bytes(transformers, 0, false)}}) {
    CAPTURE(one.certificate.steps[0].rule);
    const auto prover = make_prover(one.certificate, {});
    const std::int64_t measured = most_held(*prover, one.certificate);
    CHECK(measured <= static_cast<std::int64_t>(prover->worker_bytes()));
    CHECK(static_cast<std::int64_t>(prover->worker_bytes() - one.without) <= 2 * measured);
  }
}

// docs/limits.md
TEST_CASE("what a thread holds at the limits") {
  const auto megabytes = [](std::uint64_t bytes) { return bytes / 1'000'000; };
  const Task tokens{limits::context, limits::vocabulary}, transformers{limits::context, limits::attention_vocabulary};
  token_sum::HeadTailWitness witness{.vocabulary = limits::vocabulary,
                                     .longest = 1,
                                     .heads = {},
                                     .sizes = std::vector<std::uint16_t>(1, 1),
                                     .levels = {},
                                     .groups = {},
                                     .group_count = limits::tail_norms,
                                     .weights = {},
                                     .token_factors = {},
                                     .label_factors = {}};
  CHECK(megabytes(token_sum::worker_bytes(tokens, nullptr)) == 69);
  CHECK(megabytes(token_sum::worker_bytes(tokens, &witness)) == 875);
  CHECK(megabytes(attention_only::worker_bytes(transformers, 0, false)) == 34);
  CHECK(megabytes(attention_only::worker_bytes(transformers, limits::attention_vocabulary - 1, false)) == 369);
  CHECK(megabytes(attention_only::worker_bytes(transformers, 0, true)) == 571);
}
