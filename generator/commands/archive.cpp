// proofmark archive: certificates in, the folder that goes beside a paper out.

#include "archive/archive.hpp"
#include "archive/escape.hpp"
#include "commands/commands.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

namespace proofmark {

namespace {

struct Options {
  std::vector<std::string> certificates;
  std::string model, page;
  std::string title = "Proof certificates of model performance";
  std::vector<std::string> authors, orcids;
  std::string licence, date;
  bool ro_crate = false;
  unsigned threads = 1;
  std::string verifier;
  std::string output;
};

Description description(const Options& options) {
  require_plain_text("--title", options.title);
  Description result{options.title, authors(options.authors, options.orcids), {}, {}};
  if (!options.licence.empty()) result.licence = licence(options.licence);
  if (!options.date.empty()) result.date = date(options.date);
  if (options.ro_crate && result.date.empty())
    throw Error(Exit::usage, "--ro-crate needs --date, which RO-Crate asks for",
                "the day of publication, YYYY-MM-DD; this program does not look at the clock");
  return result;
}

SeparateVerifier verifier(const Options& options) {
  SeparateVerifier result = separate_verifier(options.verifier);
  if (result.version != version)
    throw Error(Exit::io,
                fmt::format("{} is version {}, but the source that goes into the archive is version {}",
                            in_quotes(result.program.string()), in_quotes(result.version), version),
                "an archive's receipts come from the verifier that it holds; --verifier PATH says where one is");
  return result;
}

void run(const Options& options) {
  ArchiveOptions archive;
  archive.certificates.assign(options.certificates.begin(), options.certificates.end());
  archive.model = options.model;
  archive.page = options.page;
  archive.description = description(options);
  archive.ro_crate = options.ro_crate;
  archive.verifier = verifier(options);
  archive.threads = options.threads;
  {
    Progress progress("archiving");
    archive.progress = [&](double done, const std::string& note) { progress(done, note); };
    write_archive(options.output, archive);
  }
  if (archive.description.authors.empty()) say("note: CITATION.cff names no author; --author 'Family, Given' does");
  if (archive.description.licence.empty())
    say("note: the archive states no licence for the certificates and models; --licence does");
  if (archive.page.empty())
    say("note: the archive has no page that verifies in a browser; web/build makes one, and --page FILE takes it");
  print(fmt::format("{} holds {} certificate{}, verified; its README.md says how to check {}.\n",
                    in_quotes(options.output), archive.certificates.size(), archive.certificates.size() == 1 ? "" : "s",
                    archive.certificates.size() == 1 ? "it" : "them"));
}

} // namespace

Command archive_command() {
  const auto options = std::make_shared<Options>();
  options->threads = std::max(1u, std::thread::hardware_concurrency());
  return {
      "archive",
      "Put certificates into a folder that goes beside a paper.",
      {required(texts("", "CERT", options->certificates, "the certificates; their folders are called after them"))},
      {
          text("--model", "FILE", options->model,
               "the model of all certificates (safetensors); by default it is made from the certificate's weights"),
          text("--page", "FILE", options->page,
               "the page that verifies in a browser, as web/build writes it, goes beside the certificates"),
          text("--title", "TEXT", options->title, "of the archive"),
          texts("--author", "NAME", options->authors, "an author, 'Family, Given' or any name"),
          texts("--orcid", "ID", options->orcids, "the ORCID iD of each author in turn; - for none"),
          text("--licence, --license", "SPDX", options->licence, "of certificates and models, an SPDX identifier"),
          text("--date", "DATE", options->date, "the day of publication, YYYY-MM-DD"),
          flag("--ro-crate", options->ro_crate, "describe the files for machines too: ro-crate-metadata.json"),
          threads(options->threads, "of the verifier (default: every core); no byte of the archive depends on them"),
          text("--verifier", "FILE", options->verifier,
               "the separate verifier, a program (default: proofmark-verify beside this one)"),
          required(text("--output", "DIR", options->output, "the folder to write")),
      },
      R"(DIR is written whole or not at all, and must not exist or be empty. It holds for each certificate a folder with
proof, model, claim, receipt and model card; the verifier's source, which builds there with one command; README.md,
CITATION.cff and SHA256SUMS. docs/archive.md has more.

Exit codes: 0, every certificate was verified and archived; 1, one was not, and nothing was written; 64, 65, 66 as
for the other commands.

examples:
  proofmark archive proof.cert.json --output archive
  proofmark archive a.cert.json b.cert.json --title 'Max of two' --author 'Doe, Jane' --licence CC-BY-4.0 \
    --ro-crate --date 2024-06-17 --output archive
)",
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
