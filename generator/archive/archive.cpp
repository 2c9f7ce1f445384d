#include "archive/archive.hpp"

#include "archive/archived_proof.hpp"
#include "archive/checksums.hpp"
#include "archive/citation.hpp"
#include "archive/embedded_files.hpp"
#include "archive/model_card.hpp"
#include "archive/readme.hpp"
#include "archive/ro_crate.hpp"
#include "files/json_file.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <set>

namespace proofmark {

namespace fs = std::filesystem;

namespace {

void require_different_names(const std::vector<fs::path>& certificates) {
  std::set<std::string> names;
  for (const fs::path& certificate : certificates)
    if (const std::string name = archived_name(certificate); !names.insert(name).second)
      throw Error(Exit::usage, fmt::format("two certificates would have the folder certificates/{}", name),
                  "folders are called after files; rename one of them");
}

// The page that verifies, of the version whose source goes into the archive.
std::string page_that_verifies(const fs::path& path) {
  std::string page = read_text(path);
  if (page.find(fmt::format("<meta name=\"proofmark-verify\" content=\"{}\">", version)) == std::string::npos)
    throw Error(
        Exit::data,
        fmt::format("{} is not a page that verifies as proofmark-verify {} does", in_quotes(path.string()), version),
        "web/build makes it: build-web/verify.html");
  return page;
}

// What the page is made of, beside the verifier's source: whoever changes GMP or MPFR can build it anew.
bool is_of_page(const EmbeddedFile& file) {
  return file.path.starts_with("web/") || file.path.starts_with("scripts/");
}

} // namespace

void write_archive(const fs::path& output, const ArchiveOptions& options) {
  require_different_names(options.certificates);
  const std::string page = options.page.empty() ? "" : page_that_verifies(options.page);
  StagedFolder folder(output);
  std::vector<ArchivedProof> proofs;
  const auto count = static_cast<double>(options.certificates.size());
  for (const fs::path& certificate : options.certificates) {
    const auto before = static_cast<double>(proofs.size());
    proofs.push_back(
        archive_proof(folder, certificate, options.model, options.verifier, options.threads,
                      [&](double done) { options.progress((before + done) / count, archived_name(certificate)); }));
    folder.write(proofs.back().folder() + "README.md", model_card(options.description, proofs.back()));
    write_checksums(folder, proofs.back().folder());
  }
  for (const EmbeddedFile& file : embedded_files())
    if (!page.empty() || !is_of_page(file)) folder.write(std::string(file.path), file.text);
  if (!page.empty()) folder.write(page_file, page);
  folder.write("README.md", readme(options.description, proofs, !page.empty(), options.ro_crate));
  folder.write("CITATION.cff", citation(options.description));
  if (options.ro_crate) folder.write(ro_crate_file, ro_crate(folder, options.description, proofs));
  write_checksums(folder, "");
  folder.commit();
}

} // namespace proofmark
