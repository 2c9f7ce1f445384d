#include "check/inputs.hpp"

#include "kernel/integers.hpp"
#include "reading/reason.hpp"

namespace verifier {

mpz_class inputs_of(const Outline& outline, const Step& step) {
  if (outline.parts == Parts::inputs) return step.to - step.from;
  require(is_max_of(outline.task, outline.classes), Reason::rule_task, "/steps/" + std::to_string(step.id) + "/labels",
          "the largest token, of all tokens in every position", "labels of another task");
  const std::uint64_t n = outline.architecture.positions;
  return power(step.to.get_ui(), n) - power(step.from.get_ui(), n);
}

} // namespace verifier
