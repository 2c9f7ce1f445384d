#include "report/evidence/training_curve.hpp"

#include "files/json_file.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace proofmark {

TrainingCurve read_training_curve(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  const auto refuse = [&](std::size_t line, const std::string& why) {
    return Error(Exit::data,
                 fmt::format("{} is not a history of losses: line {} {}", in_quotes(path.string()), line, why),
                 "proofmark train --history FILE writes one");
  };
  TrainingCurve curve{in_document(path.filename().string()), "", {}};
  std::size_t line = 0;
  for (std::size_t from = 0; from < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view row = std::string_view(text).substr(from, end - from);
    from = end + 1;
    if (line == 0) {
      if (row != "step,loss,objective") throw refuse(1, "is not step,loss,objective");
      continue;
    }
    const std::size_t comma = row.find(','), second = row.find(',', std::min(comma, row.size() - 1) + 1);
    if (second == row.npos || row.substr(0, comma) != std::to_string(line))
      throw refuse(line + 1, "is not the next step");
    double loss = 0;
    const char* const stop = row.data() + second;
    const auto [at, error] = std::from_chars(row.data() + comma + 1, stop, loss);
    if (error != std::errc() || at != stop || !std::isfinite(loss)) throw refuse(line + 1, "has no finite loss");
    curve.losses.push_back(loss);
    curve.objective = in_document(row.substr(second + 1));
  }
  if (curve.losses.empty()) throw refuse(1, "is the last one");
  return curve;
}

} // namespace proofmark
