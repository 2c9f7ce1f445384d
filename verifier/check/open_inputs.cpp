#include "check/open_inputs.hpp"

#include "kernel/parallel.hpp"
#include "reading/limits.hpp"

#include <algorithm>
#include <mutex>

namespace verifier {

using rules::OpenInputs;

bool has_few_open_inputs(const rules::Result& found) {
  return !found.open.indices.empty() && found.open.indices.size() <= OpenInputs::most;
}

std::optional<rules::Result> with_open_inputs_decided(rules::Result found, const Rule& rule,
                                                      const Problem& by_reference, const Certificate& certificate,
                                                      const Step& step, const Options& options) {
  constexpr std::size_t at_a_time = 64;
  std::vector<mpz_class> open = std::move(found.open.indices);
  std::ranges::sort(open); // those that follow each other share most
  rules::Result decided;
  std::mutex mutex; // of it
  try {
    kernel::in_parallel((open.size() + at_a_time - 1) / at_a_time, options.threads, [&](std::size_t i) {
      const auto from = open.begin() + static_cast<std::ptrdiff_t>(i * at_a_time);
      const auto to = open.end() - from > std::ptrdiff_t{at_a_time} ? from + at_a_time : open.end();
      kernel::Budget budget(UINT64_MAX, options.stop);
      kernel::Meter meter(budget);
      kernel::Kernel k{kernel::reference(), meter};
      const rules::Result some = close_inputs(rule, k, by_reference, certificate, step, {from, to});
      const std::lock_guard lock(mutex);
      decided.add(some);
    });
  } catch (const kernel::OutOfRange&) {
    return std::nullopt;
  } catch (const kernel::OverMemory&) {
    return std::nullopt;
  }
  if (step.correct) { // else the signs of the others may be open
    found.correct_at_least = found.open.others_correct + decided.correct_at_least;
    found.correct_at_most = found.open.others_correct + decided.correct_at_most;
  }
  found.margin = found.open.others_margin;
  found.margin.add(decided.margin);
  found.open = {};
  return found;
}

} // namespace verifier
