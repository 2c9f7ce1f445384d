// The rules on the kernel beside those that are written by hand, on the certificates of the project and of the corpus: what they
// establish of each step meets, and is no worse.
#include "token_sum_models.hpp"

#include "check.hpp"
#include "files.hpp"
#include "integers.hpp"
#include "limits.hpp"
#include "token_sum/witnesses.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>

using namespace token_sum_models;

namespace {

namespace by_hand = verifier::token_sum;

std::vector<double> doubles(const std::vector<verifier::Dyadic>& values) {
  std::vector<double> result;
  for (const verifier::Dyadic& x : values) result.push_back(std::ldexp(static_cast<double>(x.mantissa), x.exponent));
  return result;
}
kernel::Weights weights(kernel::Kernel& k, const verifier::Certificate& certificate, const std::string& name) {
  const auto tensor = std::ranges::find(certificate.tensors, name, &verifier::Tensor::name);
  return transposed(kernel::Weights(k, {tensor->shape[0], tensor->shape[1]},
                                    doubles(exact_values(*tensor, name, verifier::Reason::weight_not_finite))));
}

struct Twin { // of a certificate, on one engine
  kernel::Budget budget{UINT64_MAX};
  kernel::Meter meter{budget};
  kernel::Kernel k;
  rules::Problem problem{};

  Twin(const kernel::Engine& engine, const verifier::Certificate& certificate) : k{engine, meter} {
    const std::size_t V = certificate.task.vocabulary, n = certificate.task.context;
    problem = rules::prepare(k,
                             {weights(k, certificate, "embedding.weight"), weights(k, certificate, "linear.weight"),
                              weights(k, certificate, "unembedding.weight")},
                             n, certificate.states_correct(), 2);
    if (n == 2) rules::add_squares(k, problem);
    if (const auto w = by_hand::block_witness(certificate)) {
      std::vector<double> u = doubles(w->factors);
      if (u.empty()) u.assign(V, 1);
      rules::add_blocks(k, problem, {w->starts.begin(), w->starts.end()}, u);
    }
    if (const auto w = by_hand::head_tail_witness(certificate))
      rules::add_head_tail_tables(k, problem,
                                  {.longest = w->longest,
                                   .heads = {w->heads.begin(), w->heads.end()},
                                   .sizes = {w->sizes.begin(), w->sizes.end()},
                                   .levels = {w->levels.begin(), w->levels.end()},
                                   .groups = {w->groups.begin(), w->groups.end()},
                                   .weights = doubles(w->weights),
                                   .token_multipliers = doubles(w->token_factors),
                                   .label_multipliers = doubles(w->label_factors)});
  }
  Result run(const verifier::Step& step) {
    static const std::map<std::string, Rule> by_name = {{"enumeration@1", rules::enumeration},
                                                        {"symmetry@1", rules::symmetry},
                                                        {"convexity@1", rules::convexity},
                                                        {"block-jensen@1", rules::block_jensen},
                                                        {"head-tail@1", rules::head_tail}};
    return by_name.at(step.rule)(k, problem, {static_cast<Token>(step.from), static_cast<Token>(step.to)});
  }
};

mpq_class nats(const Integer& steps) {
  mpq_class x = steps;
  mpq_div_2exp(x.get_mpq_t(), x.get_mpq_t(), kernel::step_bits);
  return x;
}

// No worse than 1e-12 an input; in doubles, with many tokens, large logits or multipliers, than a part of the width that the twin
// states of its own bound.
void check_twins(const Result& found, const verifier::Established& twin, const mpq_class& inputs, std::uint64_t n,
                 bool counts, bool by_reference) {
  const auto end = [](const verifier::Real& x) { return verifier::exact(x); };
  mpq_class slack = inputs * mpq_class(1, 1'000'000'000'000);
  if (!by_reference)
    slack += slack * mpq_class(n, 10) + abs(end(twin.upper.hi)) * mpq_class(1, mpz_class(1) << 46) +
             (end(twin.upper.hi) - end(twin.upper.lo)) * mpq_class(1, 8);
  CHECK(nats(found.at_most.lower) <= end(twin.upper.hi));
  CHECK(end(twin.upper.lo) <= nats(found.at_most.upper));
  CHECK(nats(found.at_least.lower) <= end(twin.lower.hi));
  CHECK(end(twin.lower.lo) <= nats(found.at_least.upper));
  CHECK(nats(found.at_most.upper) <= end(twin.upper.hi) + slack);
  CHECK(nats(found.at_least.lower) >= end(twin.lower.lo) - slack);
  if (!counts) return;
  CHECK(found.correct_at_least <= twin.correct + twin.undecided);
  CHECK(twin.correct <= found.correct_at_most);
  if (by_reference || twin.undecided == 0) CHECK(found.correct_at_least >= twin.correct);
}

int compared = 0, beyond_fast = 0, beyond_reference = 0;
void compare(const std::filesystem::path& path) {
  const std::string text = verifier::read_file(path.string(), verifier::limits::file_bytes);
  if (text.find("\"token-sum\"") == std::string::npos) return;
  CAPTURE(path.string());
  const verifier::Certificate certificate = verifier::read_certificate(text);
  std::vector<std::size_t> all(certificate.steps.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const verifier::StepResults by_hand =
      check_steps(certificate, all, {.engine = verifier::Engine::exact, .threads = 2});
  for (const kernel::Engine* engine : {&kernel::fast(), &kernel::reference()}) {
    const bool by_reference = engine == &kernel::reference();
    if (by_reference && certificate.task.vocabulary > 64) continue; // MPFR takes minutes
    try {
      Twin twin(*engine, certificate);
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (!by_reference && path.stem() == "huge-equal-but-one-ulp") continue; // of logits of 2^52
        CAPTURE(i);
        CAPTURE(by_reference);
        const verifier::Step& step = certificate.steps[i];
        const std::uint64_t n = certificate.task.context;
        const mpq_class inputs = verifier::power(step.to, n) - verifier::power(step.from, n);
        check_twins(twin.run(step), by_hand.steps[i].established, inputs, n, certificate.states_correct(),
                    by_reference);
        ++compared;
      }
    } catch (const kernel::OutOfRange&) {
      ++(by_reference ? beyond_reference : beyond_fast);
    }
  }
}

} // namespace

TEST_CASE("token-sum: rules meet their twins on the published certificates") {
  compared = beyond_fast = beyond_reference = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PROOFMARK_CERTIFICATES))
    if (std::filesystem::exists(entry.path() / "proof.cert.json")) compare(entry.path() / "proof.cert.json");
  CHECK(compared > 100);
  CHECK(beyond_fast == 0);
  CHECK(beyond_reference == 0);
}

TEST_CASE("token-sum: rules meet their twins on the corpus") {
  compared = beyond_fast = beyond_reference = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PROOFMARK_CORPUS "/accept"))
    if (entry.path().extension() == ".json") compare(entry.path());
  CHECK(compared > 300);
  CHECK(beyond_reference <= 1); // huge-ties: logits of 159 bits
  MESSAGE(compared, " steps compared, certificates beyond the fast engine: ", beyond_fast);
}
