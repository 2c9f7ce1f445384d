#include "report/evidence/published_bounds.hpp"

#include "families/families.hpp"
#include "tasks/task.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace proofmark {

namespace {

constexpr std::array paper{
    PublishedBound{4, "paper: cubic", 0.954, 35e6, 35e6},
    PublishedBound{4, "paper: subcubic", 0.821, 2.5e6, 3.8e6},
    PublishedBound{4, "paper: low-rank", 0.795, 2.7e6, 4.7e6},
    PublishedBound{5, "paper: cubic", 0.942, 0, 0},
    PublishedBound{5, "paper: subcubic", 0.806, 0, 0},
    PublishedBound{10, "paper: cubic", 0.915, 0, 0},
    PublishedBound{10, "paper: subcubic", 0.673, 0, 0},
    PublishedBound{20, "paper: cubic", 0.888, 0, 0},
    PublishedBound{20, "paper: subcubic", 0.563, 0, 0},
};

} // namespace

std::vector<PublishedBound> published_bounds(const ShownModel& model) {
  std::vector<PublishedBound> bounds;
  const std::optional<Task> task = over_vocabulary(model.task);
  if (model.family == &attention_only_family && task && task->vocabulary == 64)
    std::copy_if(paper.begin(), paper.end(), std::back_inserter(bounds),
                 [&](const PublishedBound& bound) { return bound.context == task->context; });
  return bounds;
}

} // namespace proofmark
