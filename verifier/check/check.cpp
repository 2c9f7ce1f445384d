#include "check/check.hpp"

#include "check/ready.hpp"
#include "kernel/integers.hpp"

#include <numeric>

namespace verifier {

std::string_view name(Engine engine) {
  return engine == Engine::fast ? "fast" : "reference";
}

mpz_class inputs_of(const Outline& outline, const Step& step) {
  if (outline.parts == Parts::inputs) return step.to - step.from;
  require(is_max_of(outline.task, outline.classes), reason::rule_task, "/steps/" + std::to_string(step.id) + "/labels",
          "the largest token, of all tokens in every position", "labels of another task");
  const std::uint64_t n = outline.architecture.positions;
  return power(step.to, n) - power(step.from, n);
}

Ready ready(const Certificate& certificate) {
  Ready ready{rules_of_steps(certificate), {}};
  ready.witnesses = read_witnesses(certificate, ready.rules);
  return ready;
}

void check_rules(const Certificate& certificate) {
  ready(certificate);
}

StepResults check_steps(const Certificate& certificate, const std::vector<std::size_t>& chosen,
                        const Options& options) {
  return check_steps(certificate, ready(certificate), chosen, options);
}

Result check(const Certificate& certificate, const Options& options) {
  const Ready prepared = ready(certificate);
  check_outline(certificate);
  std::vector<std::size_t> all(certificate.steps.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return conclude(certificate, check_steps(certificate, prepared, all, options));
}

} // namespace verifier
