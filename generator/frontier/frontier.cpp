#include "frontier/frontier.hpp"

#include "certificates/writer.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "numbers/outward.hpp"
#include "proofs/exact_loss.hpp"
#include "proofs/proving.hpp"
#include "strategies/ledger.hpp"
#include "strategies/strategy.hpp"
#include "support/error.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace proofmark {

namespace {

constexpr double exact_patience_s = 60; // for the exact loss, where no point needs it
constexpr unsigned digits = 17;

class Clock {
public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

FinishedPoint unfinished(const Point& point, const std::string& model_sha256, const SeparateVerifier& verifier) {
  FinishedPoint result;
  result.name = point.name;
  result.strategy = point.proof.strategy;
  result.parameters = parameters(point.proof);
  result.model_sha256 = model_sha256;
  result.generator = version;
  result.verifier = verifier.version;
  return result;
}

std::optional<std::string> as_decimal(const std::optional<Rational>& exact_loss) {
  if (!exact_loss) return {};
  return decimal(*exact_loss, Direction::down, digits);
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
std::size_t enclosures_of_loss(const Proof& proof) {
  const std::vector<Step>& steps = proof.certificate.steps;
  return steps.front().loss ? steps.size() : 0;
}

void prove_and_verify(const Model& model, const Plan& plan, const Point& point, const FrontierOptions& options,
                      Schedule& schedule, ExactLoss& exact_loss, FinishedPoint& result) {
  const Task& task = plan.task();
  const Folder& folder = options.folder;
  const std::filesystem::path certificate = folder.certificate(point.name), receipt = folder.receipt(point.name);
  Clock clock;
  Ledger ledger(ledger_path(certificate), ledger_of(model, plan));
  const Proof proof = prove(
      model, plan, [&](double done) { schedule.proving(point, done); }, &ledger, options.say);
  {
    AtomicFile file(certificate);
    write_certificate(proof.certificate, [&](std::string_view text) { file.write(text); });
    file.commit();
    ledger.remove();
  }
  result.prove_s = clock.seconds();
  result.certificate_sha256 = sha256_of_file(certificate);
  result.certificate_bytes = std::filesystem::file_size(certificate);

  result.verification =
      verify(options.verifier, certificate, receipt,
             {result.certificate_sha256, result.model_sha256, finite_task(task), enclosures_of_loss(proof)},
             point.proof.threads, [&](double done) { schedule.verifying(point, done); });
  if (!result.verified()) return;
  result.receipt_sha256 = sha256_of_file(receipt);
  exact_loss.take(proof);
  // Of no use beside a rule that says nothing of the loss.
  const bool bounds_loss = plan.strategy->rule.loss;
  const auto share_of = [&](LabelRange labels) {
    return bounds_loss ? as_decimal(exact_loss.share(labels)) : std::nullopt;
  };
  result.exact_loss = share_of({0, task.vocabulary});
  const Rational inputs(power(task.vocabulary, task.context));
  for (std::size_t i = 0; i < proof.certificate.steps.size(); ++i) {
    const LabelRange labels = proof.certificate.steps[i].range.labels();
    std::optional<std::string> upper;
    if (proof.certificate.steps[i].loss)
      upper = decimal(result.verification.step_uppers[i] / inputs, Direction::up, digits).value();
    result.steps.push_back({labels, upper, share_of(labels)});
  }
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

Frontier make_frontier(const Model& model, const Task& task, const Selected& selected, const FrontierOptions& options) {
  Frontier frontier{
      task, model.family,     model.width, model_sha256(model, task.context), version, options.verifier.version,
      {},   selected.left_out};

  // What is to be done, before any of it: what cannot be proved is found out now.
  struct Work {
    const Point* point;
    std::optional<FinishedPoint> kept;
    std::optional<Plan> plan; // of what is not kept
  };
  std::vector<Work> work;
  Integer length;
  double seconds = 0;
  const Shape shape = shape_of(model, task.context);
  for (const Point& point : selected.points) {
    Work next{&point, kept_point(options.folder, unfinished(point, frontier.model_sha256, options.verifier)), {}};
    try {
      if (!next.kept) {
        next.plan = plan(shape, point.proof);
        require_patience(*next.plan);
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
    if (auto kept = kept_point(options.folder, unfinished(point, frontier.model_sha256, options.verifier)))
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
  ExactLoss exact_loss(model, task, threads, exact_patience_s);
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (done[i]) continue;
    const Point& point = *work[i].point;
    FinishedPoint result = unfinished(point, frontier.model_sha256, options.verifier);
    schedule.begin(work[i].plan->length);
    try {
      prove_and_verify(model, *work[i].plan, point, options, schedule, exact_loss, result);
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
