#include "frontier/frontier.hpp"

#include "certificates/task_json.hpp"
#include "certificates/writer.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "numbers/outward.hpp"
#include "proofs/proving.hpp"
#include "strategies/ledger.hpp"
#include "support/error.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace proofmark {

namespace {

class Clock {
public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

FinishedPoint unfinished(const Point& point, const Subject& subject, const SeparateVerifier& verifier) {
  FinishedPoint result;
  result.name = point.name;
  result.strategy = point.proof.strategy;
  result.parameters = parameters(point.proof);
  if (!subject.shape) { // their task is no context alone
    result.parameters.erase("context");
    result.parameters["inputs"] = text(subject.task.domain), result.parameters["label"] = text(subject.task.label);
    if (!subject.task.domain.is_product() || !subject.task.label.function) // whose texts do not say it all
      result.parameters["task"] = Sha256().update(task_text(subject.task)).hex();
  }
  result.model_sha256 = subject.model_sha256;
  result.generator = version;
  result.verifier = verifier.version;
  return result;
}

// Estimates for the line of progress: seconds are taken to be proportional to lengths.
class Schedule {
public:
  Schedule(const FrontierOptions& options, Integer whole)
      : options_(options), whole_(std::max(whole.convert_to<double>(), 1.0)) {}

  // Proving takes little of a point's time, verifying the rest.
  void proving(const Point& point, double done) { show(0.1 * done, "proving " + point.name); }
  void verifying(const Point& point, double done) { show(0.1 + 0.9 * done, "verifying " + point.name); }

  void begin(const Integer& length) { current_ = length.convert_to<double>(); }
  void end() { done_ += current_; }

private:
  void show(double part, const std::string& note) {
    if (options_.progress) options_.progress((done_ + part * current_) / whole_, note);
  }

  const FrontierOptions& options_;
  double whole_, done_ = 0, current_ = 0;
};

// As many as the verifier tells of.
std::size_t enclosures_of_loss(const Certificate& certificate) {
  return certificate.steps.front().loss ? certificate.steps.size() : 0;
}

void prove_and_verify(const Subject& subject, const PlannedPoint& plan, const Point& point,
                      const FrontierOptions& options, Schedule& schedule, FinishedPoint& result) {
  const Folder& folder = options.folder;
  const std::filesystem::path path = folder.certificate(point.name), receipt = folder.receipt(point.name);
  Clock clock;
  std::optional<Ledger> ledger;
  if (!plan.ledger_of.empty()) ledger.emplace(ledger_path(path), plan.ledger_of);
  const Certificate certificate =
      plan.prove([&](double done) { schedule.proving(point, done); }, ledger ? &*ledger : nullptr, options.say);
  {
    AtomicFile file(path);
    write_certificate(certificate, [&](std::string_view text) { file.write(text); });
    file.commit();
    if (ledger) ledger->remove();
  }
  result.prove_s = clock.seconds();
  result.certificate_sha256 = sha256_of_file(path);
  result.certificate_bytes = std::filesystem::file_size(path);

  result.verification =
      verify(options.verifier, path, receipt,
             {result.certificate_sha256, result.model_sha256, subject.task, enclosures_of_loss(certificate)},
             point.proof.threads, [&](double done) { schedule.verifying(point, done); });
  if (!result.verified()) return;
  result.receipt_sha256 = sha256_of_file(receipt);
  plan.compare(result);
}

// The order of the tables: the longest proof first, and after all proofs what was not verified.
bool longer(const FinishedPoint& a, const FinishedPoint& b) {
  if (a.verified() != b.verified()) return a.verified();
  return a.verification.operations.length() > b.verification.operations.length();
}

void write_tables(const Frontier& frontier, const Folder& folder) {
  const std::vector<Row> all = rows(frontier);
  write_file(folder.path / "frontier.csv", csv(all));
  write_file(folder.path / "labels.csv", labels_csv(frontier));
  write_file(folder.path / "frontier.json", json(frontier, all));
}

std::string outcome(const FinishedPoint& point) {
  const Verification& v = point.verification;
  if (!point.verified()) return fmt::format("{}: {} {}\n{}", point.name, v.verdict, v.reason, v.answer);
  const auto shown = [](const std::string& bound, Direction direction) {
    return fixed_decimal(parse_long_decimal(bound).value(), direction, 9);
  };
  return fmt::format("{}: verified in {:.1f} s, {}, length {}", point.name, v.seconds,
                     v.upper      ? "loss <= " + shown(*v.upper, Direction::up)
                     : v.accuracy ? "accuracy >= " + shown(*v.accuracy, Direction::down)
                                  : "loss not bounded from above",
                     v.operations.length());
}

} // namespace

Frontier make_frontier(const Subject& subject, const Selected& selected, const FrontierOptions& options) {
  Frontier frontier{subject.task,
                    subject.function,
                    subject.classes,
                    subject.shape,
                    subject.whole,
                    subject.exact,
                    subject.model_sha256,
                    version,
                    options.verifier.version,
                    {},
                    selected.left_out};

  // What is to be done, before any of it: what cannot be proved is found out now.
  struct Work {
    const Point* point;
    std::optional<FinishedPoint> kept;
    std::optional<PlannedPoint> plan; // of what is not kept
  };
  std::vector<Work> work;
  Integer length;
  double seconds = 0;
  for (const Point& point : selected.points) {
    Work next{&point, kept_point(options.folder, unfinished(point, subject, options.verifier)), {}};
    try {
      if (!next.kept) {
        next.plan = subject.plan(point);
        length += next.plan->length;
        seconds += next.plan->seconds;
      }
    } catch (const Error& error) {
      if (selected.required || (error.exit != Exit::usage && error.exit != Exit::data)) throw;
      frontier.left_out.push_back({point.name, error.what()});
      continue;
    }
    work.push_back(std::move(next));
  }
  for (const Point& point : selected.others)
    if (auto kept = kept_point(options.folder, unfinished(point, subject, options.verifier)))
      work.push_back({&point, std::move(kept), {}});

  const unsigned threads = selected.points.empty() ? 1 : selected.points.front().proof.threads;
  if (const std::string words = announcement(length, seconds, threads); !words.empty())
    options.say("proofs of together " + words);
  Schedule schedule(options, length);
  std::vector<std::optional<FinishedPoint>> done;
  for (const Work& next : work) {
    done.push_back(next.kept);
    if (next.kept) options.say(next.point->name + ": kept");
  }
  const auto tables = [&] {
    frontier.points.clear();
    for (const auto& point : done)
      if (point) frontier.points.push_back(*point);
    std::stable_sort(frontier.points.begin(), frontier.points.end(), longer);
    write_tables(frontier, options.folder);
  };
  tables(); // also finds out whether they can be written
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (done[i]) continue;
    const Point& point = *work[i].point;
    FinishedPoint result = unfinished(point, subject, options.verifier);
    schedule.begin(work[i].plan->length);
    try {
      prove_and_verify(subject, *work[i].plan, point, options, schedule, result);
    } catch (const Error& error) {
      if (selected.required || (error.exit != Exit::usage && error.exit != Exit::data)) throw;
      frontier.left_out.push_back({point.name, error.what()});
      options.say(fmt::format("{}: left out: {}", point.name, error.what()));
      schedule.end();
      continue;
    }
    schedule.end();
    write_record(options.folder, result);
    options.say(outcome(result));
    done[i] = std::move(result);
    tables();
  }
  tables();
  return frontier;
}

} // namespace proofmark
