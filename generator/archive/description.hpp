// What the user says about an archive: nothing of it is known otherwise, so nothing of it is made up.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace proofmark {

struct Author {
  std::string name;   // as given
  std::string family; // of "Family, Given"; both are empty when the name has no comma
  std::string given;  //
  std::string orcid;  // "0000-0002-1825-0097"; empty when not given
};

struct Description {
  std::string title;
  std::vector<Author> authors;
  std::string licence; // of certificates and models, an SPDX identifier; empty: not stated
  std::string date;    // of publication, "2024-06-17"; empty: not stated
};

// Each throws Error (usage) when a text cannot be what its option asks for. An ORCID iD must have the right check digit;
// "-" and nothing are none. Given at all, there is one for each author.
std::vector<Author> authors(const std::vector<std::string>& names, const std::vector<std::string>& orcids);
std::string licence(const std::string&); // the grammar of SPDX identifiers; whether one exists is not looked up
std::string date(const std::string&);    // a day of the calendar, YYYY-MM-DD

std::string orcid_url(const Author&);        // "https://orcid.org/0000-0002-1825-0097"
std::string licence_url(const Description&); // "https://spdx.org/licenses/MIT"

} // namespace proofmark
