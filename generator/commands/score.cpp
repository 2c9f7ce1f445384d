// proofmark score: a model and explanations of it in; what each is worth, out.

#include "certificates/writer.hpp"
#include "commands/commands.hpp"
#include "commands/planned_proof.hpp"
#include "files/atomic_file.hpp"
#include "files/digest.hpp"
#include "files/folder_lock.hpp"
#include "files/json_file.hpp"
#include "files/places.hpp"
#include "files/temporary_folder.hpp"
#include "frontier/finished_point.hpp"
#include "models/model_file.hpp"
#include "network_proofs/plan.hpp"
#include "report/figures/figures.hpp"
#include "score/slack.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/limits.hpp"
#include "support/messages.hpp"
#include "support/progress.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>
#include <thread>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

struct Options {
  ProofOptions proof; // what all proofs share
  Question question;
  std::string model;
  std::vector<std::string> explanations;
  std::string frontier, verifier, figure, output;
  bool json = false;
};

struct Work {
  const Options& options;
  const SafetensorsFile& model;
  const SeparateVerifier& verifier;
  const Folder& folder;
  Progress& progress;
};

// A name for files: letters, digits and hyphens of the explanation's, another for each.
std::string name_of(const std::string& file, std::set<std::string>& taken) {
  constexpr std::size_t longest = 40;
  std::string plain;
  for (const char c : fs::path(file).stem().string())
    plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  plain.resize(std::min(plain.size(), longest));
  if (plain.empty()) plain = "explanation";
  std::string result = plain;
  for (int i = 2; !taken.insert(result).second; ++i) result = fmt::format("{}-{}", plain, i);
  return result;
}

struct Made {
  Certificate certificate;
  ScoredProof proof;
};

// Proves, writes the certificate, and has the separate verifier say what it establishes.
Made make(const Work& work, const std::string& name, const PlannedProof& planned, const std::string& strategy) {
  work.progress.say(fmt::format("{}: about {} operations", name, planned.length.str()));
  MadeProof made = planned.make([&](double done) { work.progress(done, "proving " + name); }, nullptr,
                                [&](const std::string& line) { work.progress.say(line); });
  Made result{std::move(made.certificate), {}};
  const Certificate& certificate = result.certificate;
  const fs::path path = work.folder.certificate(name);
  {
    AtomicFile file(path);
    write_certificate(certificate, [&](std::string_view text) { file.write(text); });
    file.commit();
  }
  ScoredProof& proof = result.proof;
  proof.name = name, proof.strategy = strategy;
  proof.certificate_sha256 = sha256_of_file(path), proof.certificate_bytes = fs::file_size(path);
  const std::size_t with_loss = certificate.steps.front().loss ? certificate.steps.size() : 0;
  proof.verification =
      verify(work.verifier, path, work.folder.receipt(name),
             {proof.certificate_sha256, certificate.model_sha256, certificate.task, with_loss},
             work.options.proof.threads, [&](double done) { work.progress(done, "verifying " + name); });
  return result;
}

PlannedProof planned(const Work& work, const std::string& strategy,
                     std::shared_ptr<const explanations::File> explanation) {
  ProofOptions proof = work.options.proof;
  proof.strategy = strategy;
  proof.explanation = std::move(explanation);
  PlannedProof result = planned_proof(work.model, work.options.question, proof);
  Patience{patience_of(proof)}.begin(result.seconds);
  return result;
}

// The exact proof; nothing, and a note, where there is none that could be made in time.
std::optional<Made> exact_proof(const Work& work, std::vector<std::string>& notes) {
  Options plain = work.options;
  plain.proof.how = {};
  const Work without_price{plain, work.model, work.verifier, work.folder, work.progress};
  try {
    Made result = make(work, "exact", planned(without_price, "", nullptr), "");
    const std::string& rule = result.certificate.steps.front().rule;
    result.proof.strategy = rule.substr(0, rule.find('@'));
    return result;
  } catch (const Error& error) {
    if (error.exit != Exit::usage) throw;
    notes.push_back(fmt::format("the exact numbers are not known: {}", error.what()));
    return std::nullopt;
  }
}

std::optional<Integer> length_of_enumeration(const Work& work, const std::optional<Made>& exact) {
  if (exact && exact->certificate.steps.front().rule == "enumeration@1")
    return Integer(exact->proof.verification.operations.length());
  ProofOptions proof = work.options.proof;
  proof.how = {}, proof.strategy = "enumeration", proof.explanation = nullptr;
  try {
    return planned_proof(work.model, work.options.question, proof).length;
  } catch (const Error& error) {
    if (error.exit != Exit::usage) throw;
    return std::nullopt; // longer than any proof may be
  }
}

// The verified points of a frontier's folder that are about this model and task.
std::vector<ScoredProof> points_of(const fs::path& path, const Certificate& about) {
  const Folder folder{path};
  const fs::path table = path / "frontier.json";
  std::vector<ScoredProof> result;
  reading(table, "a frontier's table", [&] {
    const nlohmann::json json = parse_json(table, read_text(table));
    if (json.at("format") != "proofmark-frontier") throw std::runtime_error("it has another format");
    for (const auto& point : json.at("points")) {
      const auto name = point.at("name").get<std::string>();
      if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != name.npos)
        throw std::runtime_error("a point has a name that is none");
      if (point.at("verdict") != "VERIFIED") continue;
      ScoredProof proof;
      proof.name = name, proof.strategy = in_document(point.at("strategy").get<std::string>());
      proof.certificate_sha256 = point.at("certificate_sha256").get<std::string>();
      proof.certificate_bytes = point.at("certificate_bytes").get<std::uint64_t>();
      proof.verification =
          verified_by(folder.receipt(name), {proof.certificate_sha256, about.model_sha256, about.task, 0});
      if (proof.verified()) result.push_back(std::move(proof));
    }
  });
  if (result.empty())
    throw Error(Exit::data, fmt::format("{} has no verified point of this model and task", in_quotes(path.string())),
                "give a folder that proofmark frontier wrote about it");
  return result;
}

Scores score(const Work& work) {
  const Options& options = work.options;
  std::vector<std::shared_ptr<const explanations::File>> files;
  for (const std::string& path : options.explanations)
    files.push_back(std::make_shared<const explanations::File>(path));
  // Everything that is refused is refused before the work.
  std::set<std::string> taken{"exact"};
  std::vector<std::string> strategies;
  for (const auto& file : files) {
    planned(work, file->strategy(), file);
    if (std::find(strategies.begin(), strategies.end(), file->strategy()) == strategies.end())
      strategies.push_back(file->strategy());
  }
  Scores scores;
  scores.generator = version, scores.verifier = work.verifier.version;
  std::optional<Made> exact = exact_proof(work, scores.notes);
  std::vector<Made> made;
  for (std::size_t i = 0; i < files.size(); ++i) {
    made.push_back(make(work, name_of(options.explanations[i], taken), planned(work, files[i]->strategy(), files[i]),
                        files[i]->strategy()));
    made.back().proof.explanation = files[i]->name();
  }
  for (const std::string& strategy : strategies) {
    const std::string name = name_of("searched-" + strategy, taken);
    try {
      made.push_back(make(work, name, planned(work, strategy, nullptr), strategy));
    } catch (const Error& error) {
      if (error.exit != Exit::usage && error.exit != Exit::data) throw;
      scores.notes.push_back(fmt::format("the search alone, {}, finds no proof: {}", strategy, error.what()));
    }
  }
  const Certificate& first = made.front().certificate;
  scores.task = first.task, scores.function = first.function, scores.model_sha256 = first.model_sha256;
  scores.classes = first.classes;
  scores.enumeration = length_of_enumeration(work, exact);
  scores.every_input_by_itself = network_proofs::whole_length(
      networks::model_of(networks::read_description(first.architecture, "the description"), {first.tensors, {}}),
      first.task);
  for (Made& one : made) {
    if (exact && exact->proof.verified() && one.proof.verified() && !one.proof.explanation.empty()) {
      const Checked own{one.certificate, one.proof.verification}, other{exact->certificate, exact->proof.verification};
      one.proof.loss = loss_slack(own, other, options.proof.threads);
      one.proof.accuracy = accuracy_slack(own, other);
    }
    scores.proofs.push_back(std::move(one.proof));
  }
  if (!options.frontier.empty())
    for (ScoredProof& point : points_of(options.frontier, first)) {
      point.name = name_of(point.name, taken);
      scores.proofs.push_back(std::move(point));
    }
  if (exact) scores.exact = std::move(exact->proof);
  compare(scores);
  return scores;
}

void require_verified(const Scores& scores) {
  std::string refused;
  const auto add = [&](const ScoredProof& proof) {
    if (!proof.verified())
      refused += fmt::format("{}{} ({} {})", refused.empty() ? "" : ", ", proof.name, proof.verification.verdict,
                             proof.verification.reason);
  };
  if (scores.exact) add(*scores.exact);
  for (const ScoredProof& proof : scores.proofs) add(proof);
  if (!refused.empty())
    throw Error(Exit::not_verified, "not verified: " + refused, "schema/reasons.md explains the reason codes");
}

void run(Options options) {
  if (options.json && options.figure == "-")
    throw Error(Exit::usage, "--json prints on standard output, which has the figure already",
                "write the figure to a file");
  std::vector<Place> inputs = {{"the model", options.model},
                               {"--architecture", options.question.architecture},
                               {"--verifier", options.verifier},
                               {"--frontier", options.frontier, true}};
  for (const std::string& file : options.explanations) inputs.push_back({"an explanation", file});
  require_apart(inputs, {{"--figure", options.figure}, {"--output", options.output, true}});
  options.proof.context = options.question.context;
  const SafetensorsFile model = read_model_file(options.model);
  const SeparateVerifier verifier = separate_verifier(options.verifier);
  std::optional<AtomicFile> figure;
  if (!options.figure.empty()) figure.emplace(options.figure);
  std::optional<TemporaryFolder> temporary;
  if (options.output.empty()) temporary.emplace();
  const Folder folder{temporary ? temporary->path() : fs::path(options.output)};
  for (const fs::path& path : {folder.path, folder.certificate("-").parent_path(), folder.receipt("-").parent_path()}) {
    std::error_code error;
    fs::create_directory(path, error);
    if (error || !fs::is_directory(path, error))
      throw Error(Exit::io, fmt::format("cannot make the folder {}", in_quotes(path.string())),
                  "--output names a folder; the one that it lies in must exist");
  }
  std::optional<FolderLock> lock;
  if (!temporary) lock.emplace(folder.path);
  const Scores scores = [&] {
    Progress progress("score");
    return score({options, model, verifier, folder, progress});
  }();
  if (figure) {
    figure->write(score_figure(scores, 0).svg);
    figure->commit();
  }
  if (!options.output.empty()) {
    write_file(folder.path / "score.json", json(scores));
    write_file(folder.path / "score.svg", score_figure(scores, 0).svg);
  }
  print(options.json ? json(scores) : text(scores));
  require_verified(scores);
}

} // namespace

Command score_command() {
  const auto options = std::make_shared<Options>();
  ProofOptions& proof = options->proof;
  proof.threads = std::max(1u, std::thread::hardware_concurrency());
  return {
      "score",
      "Say what explanations of a model are worth: prove with each, verify, compare.",
      {required(text("", "MODEL", options->model, "the model, a safetensors file; - for standard input")),
       required(
           texts("", "EXPLANATION", options->explanations, "what somebody says of how it works (docs/explanations.md)"),
           "'proofmark prove MODEL --write-explanation FILE ..' writes one to begin with; docs/explanations.md")},
      {
          text("--architecture", "FILE", options->question.architecture,
               "the description of a network (default: the file's metadata, or the names of a family)"),
          text("--inputs", "SPEC", options->question.inputs,
               "its inputs, as prove takes them (default: the metadata, or every token)"),
          text("--label", "NAME", options->question.label,
               "what it is to find, as prove takes it (default: the metadata)"),
          number("--context", "N", options->question.context, 1, limits::context,
                 "tokens of an input (default: what the model's file says)"),
          {"--budget", "F", "what each proof may take, as of prove; the same for all, unless an explanation says it",
           [&proof](const std::string& text) { proof.how.budget = parse_budget(text); }},
          {"--open", "TAU", "low-rank, block-tables: classes that are evaluated exactly, as of prove",
           [&proof](const std::string& text) { proof.how.open = parse_open(text); }},
          text("--frontier", "DIR", options->frontier,
               "also compare with the points of this folder, which 'proofmark frontier' wrote"),
          flag("--json", options->json, "print the scores as JSON instead of text"),
          text("--figure", "FILE", options->figure, "also draw them (SVG)"),
          text("--output", "DIR", options->output,
               "also keep what was made: certificates, receipts, score.json, score.svg; 'proofmark report DIR' shows "
               "it"),
          text("--verifier", "FILE", options->verifier,
               "the separate verifier, a program (default: proofmark-verify beside this one)"),
          threads(proof.threads, "threads of both programs (default: every core); no number depends on them"),
          flag("--force", proof.force, "prove even what is likely to take more than half an hour"),
      },
      R"(Each explanation becomes a certificate, and proofmark-verify says what it establishes. Beside that stand the exact
loss and accuracy, the length of enumeration, what the search finds without an explanation, and where the slack comes
from: parts that add up to the established bound less the exact loss. docs/explanations.md has examples.

Exit codes: 0; 1, a certificate was not verified; 64, 65, 66 as for the other commands; 130, interrupted.

examples:
  proofmark score model.safetensors mine.json theirs.json
  proofmark score model.safetensors mine.json --figure score.svg --output score
  proofmark score s5.safetensors residues.json images.json --architecture s5.architecture.json \
    --inputs 0..120,0..120 --label symmetric-group:5 --budget 0.05
)",
      [options](const Given&) { run(*options); }};
}

} // namespace proofmark
