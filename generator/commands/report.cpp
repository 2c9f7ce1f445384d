// proofmark report: certificates, receipts and frontier folders in; one page, and what a paper needs, out.

#include "commands/commands.hpp"
#include "files/atomic_file.hpp"
#include "files/places.hpp"
#include "frontier/finished_point.hpp"
#include "report/evidence/inputs.hpp"
#include "report/figures/files.hpp"
#include "report/latex.hpp"
#include "report/page.hpp"
#include "support/error.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

struct Options {
  std::vector<fs::path> inputs;
  std::string verify = "missing";
  std::string verifier, history, output, figures, latex;
  std::vector<std::string> formats{"svg", "csv"};
  unsigned places = 6;
  unsigned threads = 1;
};

void require_verified(const Evidence& evidence) {
  std::string refused;
  for (const ShownModel& model : evidence.models)
    for (const ShownProof& proof : model.proofs) {
      if (proof.verdict.said_by == Source::nobody)
        say(fmt::format("note: {} was not verified by anybody, and the report says so", proof.name));
      else if (!proof.verified())
        refused += fmt::format("{}{} ({} {})", refused.empty() ? "" : ", ", proof.name, proof.verdict.word,
                               proof.verdict.reason);
    }
  if (!refused.empty())
    throw Error(Exit::not_verified, "not verified: " + refused,
                "the report was written and says so; schema/reasons.md explains the reason codes");
}

// What is read, and all else that stands in a frontier's folder; other files there are nobody's.
std::vector<Place> places(const Options& options) {
  std::vector<Place> result = {{"the history", options.history}, {"the verifier", options.verifier}};
  for (const fs::path& input : options.inputs) {
    std::error_code ignored;
    const std::vector<Place> files = fs::is_directory(input, ignored) ? Folder{input}.places("the frontier's")
                                                                      : std::vector<Place>{{"the input", input}};
    result.insert(result.end(), files.begin(), files.end());
  }
  return result;
}

void run(const Options& options) {
  const FigureFormats formats = figure_formats(options.formats);
  if (!options.figures.empty()) require_converter(formats);
  const std::vector<Place> inputs = places(options);
  std::vector<Place> outputs = {{"--output", options.output}, {"--latex", options.latex}};
  require_apart(inputs, outputs);
  // Opened before the work: a destination that cannot be written is found out at once.
  AtomicFile file(options.output);
  std::optional<AtomicFile> latex;
  if (!options.latex.empty()) latex.emplace(options.latex);
  std::optional<TrainingCurve> training;
  if (!options.history.empty()) training = read_training_curve(options.history);

  Evidence evidence = [&] {
    Progress progress("verifying");
    return gather(options.inputs, {options.verify == "all"    ? Verify::all
                                   : options.verify == "none" ? Verify::none
                                                              : Verify::missing,
                                   options.verifier, options.threads, options.output,
                                   [&](double done, const std::string& note) { progress(done, note); }});
  }();
  evidence.training = std::move(training);
  const Report report = make_report(evidence);
  if (!options.figures.empty()) {
    for (const fs::path& path : figure_files(figures(report), formats, options.figures))
      outputs.push_back({"a file of --figures", path});
    require_apart(inputs, outputs);
    write_figures(figures(report), formats, options.figures);
  }
  if (latex) {
    latex->write(latex_file(report, options.places));
    latex->commit();
  }
  file.write(page(report));
  file.commit();
  require_verified(evidence);
}

} // namespace

Command report_command() {
  const auto options = std::make_shared<Options>();
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  return {"report",
          "Show certificates in one HTML page, and make figures and LaTeX.",
          {required(texts("", "INPUT", options->inputs, "certificates, receipts and folders of frontier or score"))},
          {
              required(text("--output", "FILE", options->output, "the page to write (HTML), - for standard output")),
              text("--history", "FILE", options->history, "losses of the training (CSV), from train --history"),
              text("--figures", "DIR", options->figures, "also write every figure into this folder"),
              words("--formats", options->formats, {"format", "formats", {"svg", "csv", "pdf", "png"}},
                    "of the figures; pdf and png with rsvg-convert"),
              text("--latex", "FILE", options->latex, "also write the numbers as LaTeX macros and a table"),
              number("--places", "N", options->places, 1, 40, "LaTeX: digits after the point, rounded the safe way"),
              word("--verify", options->verify, {"way to verify", "ways to verify", {"missing", "all", "none"}},
                   "run the verifier on certificates without a receipt (missing), all, or none"),
              text("--verifier", "FILE", options->verifier,
                   "the separate verifier, a program (default: proofmark-verify beside this one)"),
              threads(options->threads, "of the verifier (default: every core)"),
          },
          R"(INPUT is a certificate, a receipt (proofmark-verify --receipt) or a folder that proofmark frontier or
proofmark score --output wrote. Verdicts come from receipts whose digest is that of the certificate, or from the
separate verifier, which is run on every certificate without a receipt. Nothing else makes the page say VERIFIED.
docs/report.md explains it.

Exit codes: 0; 1, the verifier refused a certificate (the report is written and says so); 64, 65, 66 as for the
other commands; 130, interrupted.

examples:
  proofmark report proof.json --output report.html
  proofmark report proof.json receipt.json --history history.csv --output report.html
  proofmark report frontier --output report.html --figures figures --latex numbers.tex
)",
          [options](const Given&) { run(*options); }};
}

} // namespace proofmark
