#include "archive/readme.hpp"

#include "archive/checksums.hpp"
#include "archive/embedded_files.hpp"
#include "archive/escape.hpp"
#include "archive/ro_crate.hpp"
#include "support/error.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark {

namespace {

// The command that verifier/README.md gives, so that there is one.
std::string build_command() {
  const auto& files = embedded_files();
  const auto page = std::find_if(files.begin(), files.end(),
                                 [](const EmbeddedFile& file) { return file.path == "verifier/README.md"; });
  constexpr std::string_view start = "\n    g++ ";
  const std::size_t found = page == files.end() ? std::string_view::npos : page->text.find(start);
  if (found == std::string_view::npos) throw Error(Exit::internal, "verifier/README.md does not say how to build it");
  const std::size_t from = found + start.size() - 4;
  return std::string(page->text.substr(from, page->text.find('\n', from) - from));
}

std::string licence_text(const Description& description) {
  return description.licence.empty() ? "The author has not stated a licence for the certificates and models."
                                     : fmt::format("The certificates and models are licensed under [{}]({}).",
                                                   description.licence, licence_url(description));
}

std::string by(const std::vector<Author>& authors) {
  std::string result;
  for (const Author& author : authors)
    result += (result.empty() ? "" : "; ") +
              (author.orcid.empty() ? in_markdown(author.name)
                                    : fmt::format("[{}]({})", in_markdown(author.name), orcid_url(author)));
  return result.empty() ? "" : "By " + result + ".\n\n";
}

std::string proof_section(const ArchivedProof& proof) {
  return fmt::format("### {}\n\n    {}\n\nmust print\n\n```\n{}```\n\nThe same with `--receipt FILE` writes the bytes "
                     "of `{}{}`.\n\n",
                     in_markdown(proof.name), verify_command("./proofmark-verify", proof.folder()), proof.answer,
                     proof.folder(), receipt_file);
}

std::string table(const std::vector<ArchivedProof>& proofs, bool page, bool ro_crate) {
  std::string rows;
  for (const ArchivedProof& proof : proofs)
    rows += fmt::format("| `{0}` | `{1}` (the proof), `{2}` (the model that it is about), `{3}` (what to ask of it), "
                        "`{4}` (what the verifier wrote), `README.md` (a model card), `{5}` |\n",
                        proof.folder(), certificate_file, model_file, claim_file, receipt_file, checksums_file);
  if (page)
    rows += fmt::format("| `{}` | the verifier as a page; `web/` and `scripts/` are what it is made with, beside "
                        "`verifier/` |\n",
                        page_file);
  return fmt::format("| | |\n| --- | --- |\n{}"
                     "| `verifier/` | the verifier's source; `verifier/README.md` gives the order to read it in |\n"
                     "| `docs/trust.md` | what VERIFIED means, and what it rests on |\n"
                     "| `docs/rules/`, `docs/numerics.md` | the theorems behind each step, and the rounding |\n"
                     "| `schema/` | the formats, and the codes of refusals |\n"
                     "| `CITATION.cff` | how to cite this |\n{}"
                     "| `{}` | digests of all files |\n",
                     rows,
                     ro_crate ? fmt::format("| `{}` | all of this for machines (RO-Crate) |\n", ro_crate_file) : "",
                     checksums_file);
}

} // namespace

std::string readme(const Description& description, const std::vector<ArchivedProof>& proofs, bool page, bool ro_crate) {
  std::string sections;
  for (const ArchivedProof& proof : proofs) sections += proof_section(proof);
  const std::string browser =
      page ? fmt::format(
                 "## Check it in a browser\n\nOpen `{}` and drop the folder `certificates` on it. The page is the "
                 "verifier below, compiled to WebAssembly. It runs on your machine and can reach no network.\n\n",
                 page_file)
           : "";
  return fmt::format(
      "# {title}\n\n{by}"
      "Certificates of model performance that nobody has to take on trust, made with Proofmark {version}. A "
      "certificate "
      "is one file with the exact weights of a model, a proof made of interval bounds, and the claims that it proves "
      "about the model's behaviour on *all* inputs. The verifier, whose source is here, rechecks every step.\n\n"
      "{browser}## {check}\n\n"
      "    sha256sum --strict --quiet -c {checksums}\n"
      "    {build}\n\n"
      "The first prints nothing and ends with exit code 0 when no file has changed. The second needs a C++20 compiler, "
      "MPFR and GMP (Debian: `apt-get install g++ libmpfr-dev`) and builds the verifier from its source; it takes "
      "about "
      "two minutes and prints nothing, either.\n\n"
      "The first line of each answer below is the verdict, `s VERIFIED` with exit code 0. The lines `c claim` are what "
      "is thereby proved, and the lines `c established` the bounds that the verifier itself arrived at.\n\n"
      "{sections}"
      "## What is here\n\n{table}\n"
      "## Licence\n\n{licence} The verifier is under the MIT licence (`verifier/LICENSE`).\n",
      fmt::arg("title", in_markdown(description.title)), fmt::arg("by", by(description.authors)),
      fmt::arg("version", version), fmt::arg("browser", browser),
      fmt::arg("check", page ? "Check it with a compiler" : "Check it"), fmt::arg("checksums", checksums_file),
      fmt::arg("build", build_command()), fmt::arg("sections", sections),
      fmt::arg("table", table(proofs, page, ro_crate)), fmt::arg("licence", licence_text(description)));
}

} // namespace proofmark
