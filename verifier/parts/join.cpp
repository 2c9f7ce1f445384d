#include "parts/join.hpp"

#include "parts/part_file.hpp"
#include "reading/reason.hpp"
#include "reading/sha256.hpp"

#include <algorithm>

namespace verifier {
namespace {

struct Named {
  Part part;
  std::string path, sha256;
};

template <class Check>
auto about(const std::string& path, Check check) {
  try {
    return check();
  } catch (Failure& failure) {
    failure.file = path;
    throw;
  }
}

std::string place(const Part& part) {
  return "part " + std::to_string(part.index) + " of " + std::to_string(part.of);
}

std::vector<Named> read_all(const std::vector<PartFile>& files, std::string_view key) {
  std::vector<Named> parts;
  for (const PartFile& file : files)
    about(file.path, [&] {
      parts.push_back({read_part(file.text, key), file.path, sha256(file.text)});
      require_same_check(parts.front().part, parts.back().part);
    });
  std::ranges::stable_sort(parts, {}, [](const Named& named) { return named.part.index; });
  return parts;
}

void require_every_part_once(const std::vector<Named>& parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i)
    about(parts[i + 1].path, [&] {
      require(parts[i].part.index != parts[i + 1].part.index, reason::part_duplicate, "/part/index", "every part once",
              place(parts[i].part) + " twice");
    });
  for (std::size_t i = 0; i < parts.front().part.of; ++i)
    if (i >= parts.size() || parts[i].part.index != i + 1)
      fail(reason::part_missing, "/part/index",
           "part " + std::to_string(i + 1) + " of " + std::to_string(parts.front().part.of), "none");
}

// The ranges of the parts, in order, cover every step once, and every part has all steps of its range.
void require_every_step_once(const std::vector<Named>& parts) {
  std::uint64_t covered = 0;
  for (const Named& named : parts)
    about(named.path, [&] {
      const Part& part = named.part;
      require(part.from == covered, reason::part_coverage, "/part/from", std::to_string(covered),
              std::to_string(part.from));
      covered = part.to;
      if (part.is_complete()) return;
      Failure failure(reason::part_coverage, "/steps", std::to_string(part.to - part.from) + " steps that hold",
                      std::to_string(part.outline.steps.size()));
      failure.hint = place(part) + " is not finished; run it again as before, and it goes on";
      throw failure;
    });
  const Named& last = parts.back();
  about(last.path, [&] {
    require(covered == last.part.step_count, reason::part_coverage, "/part/to", std::to_string(last.part.step_count),
            std::to_string(covered));
  });
}

} // namespace

Joined join(const std::vector<PartFile>& files, std::string_view key) {
  const std::vector<Named> parts = read_all(files, key);
  require_every_part_once(parts);
  require_every_step_once(parts);

  const Part& first = parts.front().part;
  Joined joined{first.certificate_sha256, first.outline, {}, first.engine, {}};
  Outline& outline = joined.outline;
  StepResults results;
  outline.steps.clear();
  for (const Named& named : parts) {
    joined.parts_sha256.push_back(named.sha256);
    const Part& part = named.part;
    if (part.outline.steps.empty()) continue; // it has seen no tables
    if (outline.steps.empty()) outline.parts = part.outline.parts, results.tables = part.results.tables;
    about(named.path, [&] {
      require(part.outline.parts == outline.parts, reason::part_mismatch, "/steps/0",
              "ranges of the same as in the other parts", "of another");
      require(part.results.tables == results.tables, reason::part_mismatch, "/tables/performed",
              "what the other parts state", "other numbers");
    });
    outline.steps.insert(outline.steps.end(), part.outline.steps.begin(), part.outline.steps.end());
    results.steps.insert(results.steps.end(), part.results.steps.begin(), part.results.steps.end());
  }
  require_shape(outline, "/steps");
  for (const Named& named : parts)
    about(named.path, [&] {
      const Part& part = named.part;
      for (std::size_t i = 0; i < part.outline.steps.size(); ++i) {
        const Step& step = part.outline.steps[i];
        const bool holds = step_holds(step, inputs_of(outline, step), part.results.steps[i], false);
        require(holds, reason::internal, "/steps", "a step that holds or fails", "neither");
      }
    });
  check_outline(outline);
  joined.result = conclude(outline, std::move(results));
  return joined;
}

void require_certificate(const Joined& joined, const Certificate& certificate, const std::string& certificate_sha256) {
  // As parts that were just begun: what differs has a place.
  const auto as_part = [&](const std::string& digest, const Outline& outline) {
    return Part{.certificate_sha256 = digest,
                .outline = outline,
                .index = 1,
                .of = 1,
                .from = 0,
                .to = outline.steps.size(),
                .step_count = outline.steps.size(),
                .engine = joined.engine,
                .results = {}};
  };
  require_same_check(as_part(certificate_sha256, certificate), as_part(joined.certificate_sha256, joined.outline));
  for (std::size_t i = 0; i < certificate.steps.size(); ++i)
    require(certificate.parts == joined.outline.parts && certificate.steps[i] == joined.outline.steps[i],
            reason::part_mismatch, "/steps/" + std::to_string(i), "the certificate's step", "another one");
  check_rules(certificate);
}

} // namespace verifier
