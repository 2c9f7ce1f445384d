#include "archive/description.hpp"

#include "archive/escape.hpp"
#include "support/error.hpp"
#include "support/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace proofmark {

namespace {

constexpr std::string_view orcid_start = "https://orcid.org/";

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(' ');
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

// The check digit of ISO 7064, MOD 11-2, over the first fifteen digits.
char check_digit(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) sum = (sum + (digits[i] - '0')) * 2;
  const int check = (12 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

std::string orcid(std::string text) {
  if (text == "-" || text.empty()) return {};
  if (text.starts_with(orcid_start)) text.erase(0, orcid_start.size());
  std::string digits;
  bool valid = text.size() == 19;
  for (std::size_t i = 0; valid && i < text.size(); ++i) {
    if (i % 5 == 4) {
      valid = text[i] == '-';
    } else {
      valid = (text[i] >= '0' && text[i] <= '9') || (i == 18 && text[i] == 'X');
      digits += text[i];
    }
  }
  if (!valid || check_digit(digits) != digits.back())
    throw Error(Exit::usage, fmt::format("--orcid {} is not an ORCID iD", in_quotes(text)),
                "sixteen digits like 0000-0002-1825-0097, the last of which checks the others; - for none");
  return text;
}

} // namespace

std::vector<Author> authors(const std::vector<std::string>& names, const std::vector<std::string>& orcids) {
  if (!orcids.empty() && orcids.size() != names.size())
    throw Error(Exit::usage, fmt::format("--orcid is given {} times, --author {}", orcids.size(), names.size()),
                "give one for each author, in the same order, and - for an author who has none");
  std::vector<Author> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    require_plain_text("--author", names[i]);
    Author author{trimmed(names[i]), {}, {}, orcids.empty() ? "" : orcid(orcids[i])};
    if (const std::size_t comma = author.name.find(','); comma != author.name.npos) {
      author.family = trimmed(author.name.substr(0, comma));
      author.given = trimmed(author.name.substr(comma + 1));
      if (author.family.empty() || author.given.empty())
        throw Error(Exit::usage, fmt::format("--author {} has nothing on one side of the comma", in_quotes(names[i])),
                    "write 'Family, Given', or a name without a comma; repeat --author for each author");
    }
    result.push_back(author);
  }
  return result;
}

std::string licence(const std::string& text) {
  const bool valid =
      !text.empty() && text.size() <= 64 && text.front() != '-' &&
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-") == text.npos;
  if (!valid)
    throw Error(Exit::usage, fmt::format("--licence {} is not an SPDX identifier", in_quotes(text)),
                "for example CC-BY-4.0, CC0-1.0 or MIT; see https://spdx.org/licenses/");
  return text;
}

std::string date(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto read = [&](std::size_t from, std::size_t size, auto& number) {
    const char* const end = text.data() + from + size;
    return std::from_chars(text.data() + from, end, number).ptr == end;
  };
  const bool valid =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && text[0] != '-' && read(0, 4, year) &&
      read(5, 2, month) && read(8, 2, day) &&
      std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)).ok();
  if (!valid)
    throw Error(Exit::usage, fmt::format("--date {} is not a day", in_quotes(text)), "write it as YYYY-MM-DD");
  return text;
}

std::string orcid_url(const Author& author) {
  return std::string(orcid_start) + author.orcid;
}

std::string licence_url(const Description& description) {
  return "https://spdx.org/licenses/" + description.licence;
}

} // namespace proofmark
