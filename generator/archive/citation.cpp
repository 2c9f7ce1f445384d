#include "archive/citation.hpp"

#include "archive/escape.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

namespace proofmark {

namespace {

std::string author_lines(const Author& author) {
  std::string lines = author.family.empty()
                          ? fmt::format("  - name: {}\n", in_double_quotes(author.name))
                          : fmt::format("  - family-names: {}\n    given-names: {}\n", in_double_quotes(author.family),
                                        in_double_quotes(author.given));
  if (!author.orcid.empty()) lines += fmt::format("    orcid: {}\n", in_double_quotes(orcid_url(author)));
  return lines;
}

} // namespace

std::string citation(const Description& description) {
  std::string authors;
  for (const Author& author : description.authors) authors += author_lines(author);
  if (authors.empty()) authors = "  - name: anonymous\n";
  std::string optional;
  if (!description.date.empty()) optional += fmt::format("date-released: {}\n", in_double_quotes(description.date));
  if (!description.licence.empty()) optional += fmt::format("license: {}\n", in_double_quotes(description.licence));
  return fmt::format(
      "cff-version: 1.2.0\nmessage: If you use these certificates, please cite them as below.\n"
      "title: {}\ntype: dataset\nauthors:\n{}{}"
      "references:\n  - type: software\n    title: \"Proofmark: proof certificates of model performance\"\n"
      "    version: {}\n    license: MIT\n    authors:\n      - name: The Proofmark authors\n",
      in_double_quotes(description.title), authors, optional, in_double_quotes(version));
}

} // namespace proofmark
