#include "report/evidence/inputs.hpp"

#include "certificates/receipt.hpp"
#include "families/described_model.hpp"
#include "families/families.hpp"
#include "files/json_file.hpp"
#include "files/temporary_folder.hpp"
#include "frontier/finished_point.hpp"
#include "models/tensors.hpp"
#include "numbers/outward.hpp"
#include "proofs/stated.hpp"
#include "score/reading.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace proofmark {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t most_blocks = 64; // of the heat map
constexpr std::size_t longest_name = 40;

struct GivenCertificate {
  fs::path path;
  ShownProof proof;
};

struct GivenReceipt {
  fs::path path;
  Receipt receipt;
};

struct Given {
  std::vector<GivenCertificate> certificates;
  std::vector<GivenReceipt> receipts;
  std::vector<std::string> left_out;
  std::vector<Scores> scores;
};

Error refused(const fs::path& path, const std::string& why, const std::string& hint) {
  return Error(Exit::data, in_quotes(path.string()) + ": " + why, hint);
}

std::string without(std::string name, std::string_view ending) {
  if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
  return name;
}

std::string strategy_of(const std::vector<StatedStep>& steps) {
  const std::string& first = steps.front().rule;
  const bool one = std::all_of(steps.begin(), steps.end(), [&](const StatedStep& step) { return step.rule == first; });
  return one ? in_document(first.substr(0, first.find('@')), longest_name) : "mixed";
}

ShownProof proof_of(const fs::path& path) {
  ShownProof proof;
  proof.certificate = read_certificate(path);
  proof.strategy = strategy_of(proof.certificate.steps);
  proof.file = in_document(path.filename().string());
  proof.name = in_document(without(without(path.filename().string(), ".json"), ".cert"), longest_name);
  return proof;
}

bool plain_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
}

// Where the table of a frontier has what was established.
const char* column(Quantity quantity, Side side) {
  if (quantity == Quantity::margin) return "margin";
  if (quantity == Quantity::accuracy) return side == Side::upper ? "accuracy_upper" : "accuracy";
  return side == Side::upper ? "upper" : "lower";
}

// What the table of a frontier folder says of a point must be what the point's files say.
void require_same(const fs::path& table, const Json& point, const ShownProof& proof, const Receipt* receipt) {
  const std::string name = point.at("name");
  const auto differ = [&](const char* what) {
    return refused(table, fmt::format("its {} of {} is not that of the file", what, in_quotes(name)),
                   "run proofmark frontier again: it redoes what was changed");
  };
  if (point.at("certificate_sha256") != proof.certificate.sha256) throw differ("certificate_sha256");
  if (!receipt || receipt->verdict != "VERIFIED") throw differ("verdict");
  for (const ReceiptClaim& c : receipt->claims) {
    if (c.claim.quantity == Quantity::length) continue; // compared below
    const char* const key = column(c.claim.quantity, c.claim.direction);
    if (point.at(key) != c.established.value()) throw differ(key);
  }
  if (point.at("operations").at("length") != receipt->operations.length()) throw differ("length");
}

// What `proofmark score --output` keeps. Points of a frontier that it compared with are not there.
void read_scored_folder(const fs::path& path, Given& given) {
  const Folder folder{path};
  Scores scores = read_scores(path / "score.json");
  const auto add = [&](const ScoredProof& proof) {
    if (!fs::exists(folder.certificate(proof.name))) return;
    GivenCertificate next{folder.certificate(proof.name), proof_of(folder.certificate(proof.name))};
    next.proof.name = proof.name;
    if (fs::exists(folder.receipt(proof.name)))
      given.receipts.push_back({folder.receipt(proof.name), read_receipt(folder.receipt(proof.name))});
    given.certificates.push_back(std::move(next));
  };
  if (scores.exact) add(*scores.exact);
  for (const ScoredProof& proof : scores.proofs) add(proof);
  given.scores.push_back(std::move(scores));
}

void read_folder(const fs::path& path, Given& given) {
  if (fs::exists(path / "score.json")) return read_scored_folder(path, given);
  const Folder folder{path};
  const fs::path table = path / "frontier.json";
  if (!fs::exists(table))
    throw Error(Exit::io, in_quotes(path.string()) + " is a folder without frontier.json or score.json",
                "give a folder that proofmark frontier or score wrote, or the certificates themselves");
  reading(table, "a frontier's table", [&] {
    const Json json = parse_json(table, read_text(table));
    if (json.at("format") != "proofmark-frontier" || json.at("version") != 2)
      throw std::runtime_error("it has another format or version");
    for (const Json& point : json.at("points")) {
      const auto name = point.at("name").get<std::string>();
      if (!plain_name(name)) throw std::runtime_error("a point has a name that is none");
      GivenCertificate next{folder.certificate(name), proof_of(folder.certificate(name))};
      next.proof.name = name;
      next.proof.strategy = in_document(point.at("strategy").get<std::string>(), longest_name);
      if (point.at("verdict") == "VERIFIED") {
        const Receipt receipt = read_receipt(folder.receipt(name));
        require_same(table, point, next.proof, &receipt);
        given.receipts.push_back({folder.receipt(name), receipt});
      }
      given.certificates.push_back(std::move(next));
    }
    for (const Json& point : json.at("left_out"))
      given.left_out.push_back(in_document(point.at("name").get<std::string>(), longest_name) + ": " +
                               in_document(point.at("why").get<std::string>(), 300));
  });
}

void read_file(const fs::path& path, Given& given) {
  const Json json = parse_json(path, read_text(path));
  const Json format = json.is_object() ? json.value("format", Json()) : Json();
  if (format == "proofmark-certificate") {
    given.certificates.push_back({path, proof_of(path)});
  } else if (format == "proofmark-receipt") {
    given.receipts.push_back({path, read_receipt(path)});
  } else {
    throw refused(path, "this is neither a certificate nor a receipt",
                  "give what proofmark prove, proofmark-verify --receipt or proofmark frontier wrote");
  }
}

bool same_claims(const std::vector<Claim>& stated, const std::vector<ReceiptClaim>& said) {
  return std::equal(stated.begin(), stated.end(), said.begin(), said.end(), [](const Claim& a, const ReceiptClaim& b) {
    return a.quantity == b.claim.quantity && a.direction == b.claim.direction && a.bound == b.claim.bound;
  });
}

// Takes over what a verifier said in a receipt. The digest of the certificate agrees already.
void take(const fs::path& path, const Receipt& receipt, ShownProof& proof) {
  const StatedCertificate& c = proof.certificate;
  proof.verdict.word = receipt.verdict;
  proof.verdict.reason = receipt.reason;
  proof.verdict.verifier = in_document(receipt.verifier, longest_name);
  if (receipt.verdict != "VERIFIED") return;
  const auto contradicts = [&](const char* what) {
    return refused(path,
                   fmt::format("this receipt has another {} than its certificate {}", what, in_quotes(proof.file)),
                   "no verifier writes such a receipt; make it anew with proofmark-verify --receipt");
  };
  if (receipt.model_sha256 != c.model_sha256) throw contradicts("model");
  if (receipt.task != c.task) throw contradicts("task");
  if (!same_claims(c.claims, receipt.claims)) throw contradicts("claim");
  if (receipt.architecture != c.architecture) throw contradicts("description");
  if (receipt.operations.length() > c.length()) throw contradicts("count of operations");
  for (const ReceiptClaim& claim : receipt.claims) proof.established.push_back(claim.established.value());
  proof.operations = receipt.operations;
}

// Each receipt to the certificate that it is of.
void assign_receipts(Given& given, Evidence& evidence) {
  for (const auto& [path, receipt] : given.receipts) {
    const std::string file = in_document(path.filename().string());
    if (given.certificates.empty()) {
      evidence.receipts.push_back({file, receipt.verdict, receipt.reason, receipt.certificate_sha256,
                                   receipt.model_sha256, in_document(receipt.verifier, longest_name)});
      continue;
    }
    const auto found = std::find_if(given.certificates.begin(), given.certificates.end(), [&](const auto& certificate) {
      return certificate.proof.certificate.sha256 == receipt.certificate_sha256;
    });
    if (found == given.certificates.end()) {
      const bool same_model = std::any_of(given.certificates.begin(), given.certificates.end(), [&](const auto& other) {
        return other.proof.certificate.model_sha256 == receipt.model_sha256;
      });
      throw refused(path,
                    fmt::format("this receipt is not of any certificate given: it is of one with SHA-256 {}, {}",
                                receipt.certificate_sha256.empty() ? "unknown" : receipt.certificate_sha256,
                                same_model ? "about the same model" : "and about another model"),
                    "leave it out, and the verifier is run; or give the certificate that it is of");
    }
    take(path, receipt, found->proof);
    found->proof.verdict.said_by = Source::receipt;
    found->proof.verdict.receipt = file;
    found->proof.verdict.joined = receipt.joined;
  }
}

void run_verifier(Given& given, const InputOptions& options) {
  const auto wanted = [&](const GivenCertificate& certificate) {
    return options.verify == Verify::all ||
           (options.verify == Verify::missing && certificate.proof.verdict.said_by == Source::nobody);
  };
  const auto count = std::count_if(given.certificates.begin(), given.certificates.end(), wanted);
  if (count == 0) return;
  const SeparateVerifier verifier = separate_verifier(options.verifier);
  const TemporaryFolder folder;
  const fs::path receipt = folder.path() / "receipt.json";
  double done = 0;
  for (auto& [path, proof] : given.certificates) {
    if (!wanted({path, proof})) continue;
    const StatedCertificate& c = proof.certificate;
    const Verification result =
        verify(verifier, path, receipt, {c.sha256, c.model_sha256, c.task, c.steps_with_loss()}, options.threads,
               [&](double part) { options.progress((done + part) / static_cast<double>(count), proof.file); });
    proof.established.clear();
    proof.verdict = {Source::verifier, result.verdict,
                     result.reason,    result.verdict == "VERIFIED" ? "" : result.answer,
                     verifier.version, {}};
    if (proof.verified()) take(receipt, read_receipt(receipt), proof);
    done += 1;
  }
}

std::string shape_of(const StatedCertificate& c) {
  std::string result = function_in_words(c) + "; " + family_in_words(c) + ":";
  for (std::size_t i = 0; i < std::min<std::size_t>(c.tensors.size(), 12); ++i)
    result += fmt::format("{} {} {} {}", i == 0 ? "" : ",", in_document(c.tensors[i].name, longest_name),
                          certificate_name(c.tensors[i].dtype), shape_text(c.tensors[i].shape));
  return result + (c.tensors.size() > 12 ? ", .." : "");
}

std::optional<LogitBlocks> logits_of(const StatedCertificate& c) {
  try {
    if (family_of(c) != &token_sum_family) return {};
    const auto model = described_model(networks::read_description(c.architecture, "the description"), {c.tensors, {}});
    if (!model || model_sha256(c.architecture, c.tensors) != c.model_sha256 ||
        over_vocabulary(c.task).value_or(Task{}).vocabulary != model->vocabulary)
      return {};
    return logit_blocks(*model, most_blocks);
  } catch (const Error&) { // another family, or what the verifier refuses, too
    return {};
  }
}

// By model and task, in the order in which they were given. Weights are needed no longer.
std::vector<ShownModel> grouped_by_model(std::vector<GivenCertificate> certificates) {
  std::vector<ShownModel> models;
  for (GivenCertificate& next : certificates) {
    StatedCertificate& c = next.proof.certificate;
    auto found = std::find_if(models.begin(), models.end(), [&](const ShownModel& model) {
      return model.sha256 == c.model_sha256 && model.task == c.task;
    });
    if (found == models.end())
      found = models.insert(models.end(), ShownModel{c.task,
                                                     c.model_sha256,
                                                     family_of(c),
                                                     classes_of(c),
                                                     shape_of(c),
                                                     in_document(formula_of(c), std::string::npos),
                                                     {},
                                                     {},
                                                     {}});
    if (!found->logits) found->logits = logits_of(c);
    c.tensors.clear();
    found->proofs.push_back(std::move(next.proof));
  }
  return models;
}

// Names of certificates, by their folders where all files are called the same and the folders are not.
void name_by_folders(std::vector<GivenCertificate>& certificates) {
  std::set<std::string> files, folders;
  for (const auto& [path, proof] : certificates) {
    files.insert(proof.file);
    folders.insert(path.lexically_normal().parent_path().filename().string());
  }
  if (certificates.size() < 2 || files.size() > 1 || folders.size() < certificates.size()) return;
  if (folders.contains("") || folders.contains(".") || folders.contains("..")) return;
  for (auto& [path, proof] : certificates)
    proof.name = in_document(path.lexically_normal().parent_path().filename().string(), longest_name);
}

// The same bytes twice are one certificate; the same name twice gets a number.
void make_distinct(std::vector<GivenCertificate>& certificates) {
  std::set<std::string> digests, names;
  std::erase_if(certificates,
                [&](const GivenCertificate& c) { return !digests.insert(c.proof.certificate.sha256).second; });
  name_by_folders(certificates);
  for (auto& [path, proof] : certificates) {
    const std::string name = proof.name;
    for (int i = 2; !names.insert(proof.name).second; ++i) proof.name = fmt::format("{} ({})", name, i);
  }
}

// Whether a proof that is in the report says what the scores say of it.
bool is_shown(const ScoredProof& scored, const ShownModel& model) {
  const auto same = [&](const ShownProof& proof) {
    const Verification& v = scored.verification;
    return proof.verified() && proof.certificate.sha256 == scored.certificate_sha256 &&
           proof.bound(Quantity::cross_entropy, Side::upper) == v.upper &&
           proof.bound(Quantity::cross_entropy, Side::lower) == v.lower &&
           proof.bound(Quantity::accuracy, Side::lower) == v.accuracy &&
           proof.operations.length() == v.operations.length();
  };
  return std::any_of(model.proofs.begin(), model.proofs.end(), same);
}

void assign_scores(std::vector<Scores> given, std::vector<ShownModel>& models) {
  for (Scores& scores : given)
    for (ShownModel& model : models) {
      if (model.sha256 != scores.model_sha256 || model.task != scores.task || model.scores) continue;
      std::erase_if(scores.proofs, [&](const ScoredProof& proof) { return !is_shown(proof, model); });
      if (scores.exact && !is_shown(*scores.exact, model)) scores.exact.reset();
      compare(scores);
      model.scores = scores;
    }
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// What lies below the page's folder goes where the page goes; of other files a page tells the name alone, and nothing of
// the machine.
fs::path seen_from_page(const fs::path& file, const fs::path& page) {
  std::error_code error;
  const fs::path folder = fs::relative(folder_of(file), folder_of(page), error);
  const bool below = page != "-" && !error && !folder.empty() && *folder.begin() != "..";
  return below && folder != "." ? folder / file.filename() : file.filename();
}

} // namespace

Evidence gather(const std::vector<fs::path>& inputs, const InputOptions& options) {
  Given given;
  for (const fs::path& path : inputs) {
    if (fs::is_directory(path))
      read_folder(path, given);
    else
      read_file(path, given);
  }
  if (given.certificates.empty() && given.receipts.empty())
    throw Error(Exit::data, "there is no certificate to report on", "the frontier's folder has no finished point");
  make_distinct(given.certificates);
  for (auto& [path, proof] : given.certificates)
    proof.path = in_document(seen_from_page(path, options.page).string(), std::string::npos);
  Evidence evidence;
  assign_receipts(given, evidence);
  run_verifier(given, options);
  evidence.models = grouped_by_model(std::move(given.certificates));
  assign_scores(std::move(given.scores), evidence.models);
  evidence.left_out = std::move(given.left_out);
  return evidence;
}

} // namespace proofmark