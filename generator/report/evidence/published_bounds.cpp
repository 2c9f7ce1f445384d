#include "report/evidence/published_bounds.hpp"

#include "families/families.hpp"
#include "tasks/labels.hpp"
#include "tasks/task.hpp"

#include <array>

namespace proofmark {

namespace {

struct OfContext {
  std::uint64_t context;
  PublishedBound bound;
};

constexpr std::array largest{
    OfContext{4, {"paper: cubic", 0.954, 35e6, 35e6}},      OfContext{4, {"paper: subcubic", 0.821, 2.5e6, 3.8e6}},
    OfContext{4, {"paper: low-rank", 0.795, 2.7e6, 4.7e6}}, OfContext{5, {"paper: cubic", 0.942, 0, 0}},
    OfContext{5, {"paper: subcubic", 0.806, 0, 0}},         OfContext{10, {"paper: cubic", 0.915, 0, 0}},
    OfContext{10, {"paper: subcubic", 0.673, 0, 0}},        OfContext{20, {"paper: cubic", 0.888, 0, 0}},
    OfContext{20, {"paper: subcubic", 0.563, 0, 0}},
};
constexpr std::string_view of_largest =
    "Bounds named after the paper (Gross et al. 2024, arXiv 2406.11779) are means over its models of accuracies "
    "relative to the true ones, in float32 and not verified, with lengths as its program counts them, or without "
    "where it gives none.";

// Of 100 models; the length is 4 % of what running every input takes here.
constexpr PublishedBound permutations{"paper: mean of 100 models", 0.51, 18.4e6, 18.4e6};
constexpr std::string_view of_permutations =
    "The bound named after the paper (Wu et al. 2024, arXiv 2410.07476) is the mean over its 100 models, of which 45 "
    "have at least 0.95 and 46 have 0, in float32 and not verified; its length is an estimate, 4 % of running every "
    "input.";

} // namespace

Published published_bounds(const ShownModel& model) {
  const Labelling& label = model.task.label;
  if (label.function == &symmetric_group_labels && label.parameter == 5) return {{permutations}, of_permutations};
  const std::optional<Task> task = over_vocabulary(model.task);
  if (model.family != &attention_only_family || !task || task->vocabulary != 64) return {};
  Published published{{}, of_largest};
  for (const OfContext& of : largest)
    if (of.context == task->context) published.bounds.push_back(of.bound);
  return published;
}

} // namespace proofmark
