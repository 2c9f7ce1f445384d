#include "parts/part.hpp"

#include "kernel/integers.hpp"
#include "kernel/reference/number.hpp"
#include "reading/reason.hpp"

#include <algorithm>
#include <chrono>

namespace verifier {
namespace {

// The first step of part `index` of `of`: the first one before which at least (index - 1) / of of all budgets lie.
std::uint64_t first_step(const Outline& outline, std::uint64_t index, std::uint64_t of) {
  if (index > of) return outline.steps.size();
  mpz_class all = 0, before = 0;
  for (const Step& step : outline.steps) all += integer(step.operations);
  std::uint64_t i = 0;
  for (; i < outline.steps.size() && before * integer(of) < all * integer(index - 1); ++i)
    before += integer(outline.steps[i].operations);
  return i;
}

} // namespace

std::uint64_t precision(Engine engine) {
  return engine == Engine::fast ? 53 : std::uint64_t{kernel::exactly::bits};
}

Part unchecked_part(const Certificate& certificate, const std::string& certificate_sha256, std::uint64_t index,
                    std::uint64_t of, Engine engine) {
  Part part{.certificate_sha256 = certificate_sha256,
            .outline = certificate,
            .index = index,
            .of = of,
            .from = first_step(certificate, index, of),
            .to = first_step(certificate, index + 1, of),
            .step_count = certificate.steps.size(),
            .engine = engine,
            .results = {}};
  part.outline.steps.clear();
  return part;
}

void require_same_check(const Part& expected, const Part& found) {
  const auto require_equal = [](const std::string& a, const std::string& b, const std::string& pointer) {
    require(a == b, reason::part_mismatch, pointer, a, b);
  };
  const auto require_equal_numbers = [&](std::uint64_t a, std::uint64_t b, const std::string& pointer) {
    require_equal(std::to_string(a), std::to_string(b), pointer);
  };
  const Outline &a = expected.outline, &b = found.outline;
  require_equal(expected.certificate_sha256, found.certificate_sha256, "/certificate_sha256");
  require_equal(a.architecture.text, b.architecture.text, "/model/architecture");
  require_equal_numbers(a.classes, b.classes, "/model/classes");
  require_equal(a.model_sha256, b.model_sha256, "/model/sha256");
  require(a.task == b.task, reason::part_mismatch, "/task", in_words(a.task), in_words(b.task));
  require_equal_numbers(a.claims.size(), b.claims.size(), "/claims");
  for (std::size_t i = 0; i < a.claims.size(); ++i)
    require_equal(kind(a.claims[i]) + " " + a.claims[i].text, kind(b.claims[i]) + " " + b.claims[i].text,
                  "/claims/" + std::to_string(i));
  require_equal_numbers(a.tables, b.tables, "/tables/operations");
  require_equal_numbers(expected.step_count, found.step_count, "/step_count");
  require_equal_numbers(expected.of, found.of, "/part/of");
  require_equal(std::string(name(expected.engine)), std::string(name(found.engine)), "/engine");
}

void take_up(Part& part, const Certificate& certificate, Part previous) {
  require_same_check(part, previous);
  require(part.index == previous.index && part.from == previous.from && part.to == previous.to, reason::part_mismatch,
          "/part/index", std::to_string(part.index), std::to_string(previous.index));
  for (std::size_t i = 0; i < previous.outline.steps.size(); ++i) {
    const Step& step = previous.outline.steps[i];
    require(previous.outline.parts == certificate.parts && step == certificate.steps[step.id] &&
                step_holds(step, inputs_of(certificate, step), previous.results.steps[i], false),
            reason::part_mismatch, "/steps/" + std::to_string(i), "the certificate's step", "another one");
  }
  part.outline.steps = std::move(previous.outline.steps);
  part.results = std::move(previous.results);
}

void complete(Part& part, const Certificate& certificate, const Options& options,
              const std::function<void(const Part&)>& save) {
  check_outline(certificate);
  check_rules(certificate);
  std::vector<std::size_t> open;
  for (std::uint64_t i = part.from; i < part.to; ++i)
    if (std::ranges::none_of(part.outline.steps, [&](const Step& step) { return step.id == i; })) open.push_back(i);
  if (open.empty()) return;

  using Clock = std::chrono::steady_clock;
  constexpr auto between_saves = std::chrono::seconds(1);
  auto saved = Clock::now();
  const auto take = [&](std::size_t i, const StepResult& result, const kernel::Performed& tables) {
    part.results.tables = tables;
    auto& steps = part.outline.steps;
    const auto place = std::ranges::lower_bound(steps, i, {}, &Step::id) - steps.begin();
    steps.insert(steps.begin() + place, certificate.steps[i]);
    part.results.steps.insert(part.results.steps.begin() + place, result);
    if (Clock::now() - saved < between_saves) return;
    save(part);
    saved = Clock::now();
  };
  Options watched = options;
  watched.held = take;
  try {
    check_steps(certificate, open, watched);
  } catch (const Interrupted&) {
    save(part);
    throw;
  }
}

} // namespace verifier
