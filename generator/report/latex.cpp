#include "report/latex.hpp"

#include "numbers/outward.hpp"
#include "report/escape.hpp"
#include "report/words.hpp"
#include "support/in_quotes.hpp"
#include "tasks/task.hpp"

#include <fmt/format.h>

#include <cctype>
#include <set>
#include <span>

namespace proofmark {

namespace {

// A proof's name as a key: nothing in it has a meaning to TeX.
std::string key_of(const std::string& name, std::set<std::string>& taken) {
  std::string plain;
  for (const char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  std::string key = plain;
  for (int i = 2; !taken.insert(key).second; ++i) key = fmt::format("{}-{}", plain, i);
  return key;
}

// Groups of three digits, apart by thin spaces.
std::string spaced(const Integer& number) {
  std::string result;
  for (const char c : grouped(number)) result += c == ' ' ? std::string("\\,") : std::string(1, c);
  return result;
}

std::string macro(const std::string& key, const char* what, const std::string& value, const std::string& comment) {
  return fmt::format("\\@namedef{{proofmark@{}@{}}}{{{}}}%{}\n", key, what, value,
                     comment.empty() ? "" : fmt::format(" {}", comment));
}

struct Bound {
  const char* what;
  Quantity quantity;
  Side side;
};
constexpr Bound bounds[] = {{"upper", Quantity::cross_entropy, Side::upper},
                            {"lower", Quantity::cross_entropy, Side::lower},
                            {"accuracy", Quantity::accuracy, Side::lower},
                            {"accuracy-upper", Quantity::accuracy, Side::upper},
                            {"margin", Quantity::margin, Side::lower}};
constexpr std::size_t columns = 3; // of the table

std::string macros(const ShownModel& model, const ShownProof& proof, const std::string& key, unsigned places) {
  std::string text = fmt::format("% {}\n", printable(proof.name, 100, Charset::ascii));
  for (const Bound& b : bounds)
    if (const auto established = proof.bound(b.quantity, b.side))
      text += macro(key, b.what, rounded(established, b.side, places), "established " + *established);
  text +=
      macro(key, "length", spaced(proof.operations.length()), "exactly " + std::to_string(proof.operations.length()));
  text += macro(key, "strategy", latex(proof.strategy), "");
  text += macro(key, "context", std::to_string(model.task.domain.positions), "");
  if (const auto task = over_vocabulary(model.task))
    text += macro(key, "vocabulary", std::to_string(task->vocabulary), "");
  text += macro(key, "inputs", spaced(size_of(model.task.domain)), "");
  text += macro(key, "certificate", proof.certificate.sha256, "");
  return text + macro(key, "model", model.sha256, "");
}

std::string row(const ShownProof& proof, unsigned places) {
  std::string text = fmt::format("  {}", latex(proof.name));
  for (const Bound& b : std::span(bounds).first(columns)) {
    const auto established = proof.bound(b.quantity, b.side);
    text += established ? fmt::format(" & ${}$", rounded(established, b.side, places)) : " & --";
  }
  return text + fmt::format(" & ${}$ \\\\\n", spaced(proof.operations.length()));
}

} // namespace

std::string latex_file(const Report& report, unsigned places) {
  std::string defined, table;
  std::set<std::string> keys;
  for (const ModelReport& each : report.models) {
    const ShownModel& model = *each.model;
    std::string rows;
    for (const ShownProof& proof : model.proofs) {
      if (!proof.verified()) {
        defined += fmt::format("% {}: not verified, left out\n", printable(proof.name, 100, Charset::ascii));
        continue;
      }
      defined += macros(model, proof, key_of(proof.name, keys), places);
      rows += row(proof, places);
    }
    if (rows.empty()) continue;
    table += fmt::format("  \\midrule\n  \\multicolumn{{5}}{{l}}{{{}}} \\\\\n", latex(title(model.task))) + rows;
  }
  std::string text = fmt::format(
      "% Numbers of proofmark certificates: established by proofmark-verify, rounded to {} digits after "
      "the point, upper bounds up and lower bounds down.\n"
      "% \\usepackage{{booktabs}}, then \\input this file. \\proofmark{{NAME}}{{WHAT}} prints a number: "
      "WHAT is upper, lower, accuracy, accuracy-upper, margin, length,\n"
      "% strategy, context, vocabulary, inputs, certificate or model (SHA-256). \\proofmarktable prints them all.\n"
      "\\makeatletter\n"
      "\\providecommand{{\\proofmark}}[2]{{\\@ifundefined{{proofmark@#1@#2}}{{\\PackageError{{proofmark}}{{"
      "There is no #2 of #1}}{{}}}}{{\\csname proofmark@#1@#2\\endcsname}}}}\n",
      places);
  text += defined;
  text += "\\makeatother\n"
          "\\providecommand{\\proofmarktable}{%\n"
          "  \\begin{tabular}{lrrrr}\n"
          "  \\toprule\n"
          "  proof & loss $\\le$ & loss $\\ge$ & accuracy $\\ge$ & operations \\\\\n" +
          table +
          "  \\bottomrule\n"
          "  \\end{tabular}}\n";
  return text;
}

} // namespace proofmark
