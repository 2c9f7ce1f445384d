// proofmark(1) in the man(7) macros: one page for all commands.

#include "manual/description.hpp"

#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace manual {

namespace {

// Text as groff prints it: hyphens that can be copied, no escapes, no line taken for a request.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else if (c == '\'' || c == '`')
      result += c == '\'' ? "\\(aq" : "\\(ga";
    else if (c == '^' || c == '~')
      result += c == '^' ? "\\(ha" : "\\(ti";
    else
      result += c;
  }
  return result.starts_with('.') ? "\\&" + result : result;
}

std::string capital(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string title(const Option& option) {
  std::string result;
  for (const std::string& name : option.names)
    result += fmt::format("{}\\fB{}\\fR", result.empty() ? "" : ", ", plain(name));
  if (option.value != Value::none || option.names.empty())
    result += fmt::format("{}\\fI{}\\fR", result.empty() ? "" : " ", plain(option.shown));
  return result;
}

std::string details(const Option& option) {
  std::string result = plain(option.summary);
  const auto add = [&](const std::string& text) { result += "; " + text; };
  if (!option.choices.empty()) {
    std::string words;
    for (const std::string& word : option.choices)
      words += fmt::format("{}\\fB{}\\fR", words.empty() ? "" : ", ", plain(word));
    add("one of " + words);
  }
  if (!option.range.empty()) add(plain(option.range));
  if (!option.preset.empty()) add("default " + plain(option.preset));
  if (option.required) add("required");
  return result;
}

std::string synopsis(const Command& command) {
  std::string result = fmt::format("\\fBproofmark{}{}\\fR", command.name.empty() ? "" : " ", plain(command.name));
  for (const Option& argument : command.arguments) result += fmt::format(" \\fI{}\\fR", plain(argument.shown));
  for (const Option& option : command.options)
    if (option.required) result += " " + title(option);
  return result + (command.name.empty() ? " [\\-\\-help] [\\-\\-version]" : " [\\fIoptions\\fR]");
}

// The free text of --help: indented lines stand as they are, a line that ends with a colon before them introduces them,
// everything else is paragraphs.
std::string notes(const std::string& text, bool first) {
  std::string result;
  std::istringstream lines(text);
  bool verbatim = false, paragraph = first; // directly below a heading no paragraph has to be begun
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with(' ');
    if (verbatim && !indented) result += ".EE\n";
    if (!indented && !line.empty() && !paragraph) result += ".PP\n";
    if (indented && !verbatim) result += ".PP\n.EX\n";
    verbatim = indented;
    paragraph = !indented && !line.empty();
    if (!line.empty()) result += plain(line) + "\n";
  }
  return result + (verbatim ? ".EE\n" : "");
}

} // namespace

std::string man_page(const std::vector<Command>& commands) {
  const Command& program = commands.front();
  std::string result = fmt::format(".\\\" Made by generator/manual from the program's own options: do not edit.\n"
                                   ".TH PROOFMARK 1 \"\" \"proofmark {}\" \"Proofmark\"\n"
                                   ".SH NAME\nproofmark \\- train a model, prove how well it performs\n"
                                   ".SH SYNOPSIS\n",
                                   proofmark::version);
  for (const Command& command : commands) result += (&command == &program ? "" : ".br\n") + synopsis(command) + "\n";
  result += ".SH DESCRIPTION\n"
            "A certificate states bounds on the performance of a small network over all its inputs, with a proof that\n"
            ".BR proofmark\\-verify (1)\n"
            "checks. Nothing that\n.B proofmark\nwrites has to be trusted.\n";
  for (const Command& command : commands) {
    result += command.name.empty() ? ".SH OPTIONS\n" : fmt::format(".SH PROOFMARK {}\n", capital(command.name));
    if (!command.name.empty()) result += plain(command.summary) + "\n";
    for (const auto* options : {&command.arguments, &command.options})
      for (const Option& option : *options) result += fmt::format(".TP\n{}\n{}\n", title(option), details(option));
    if (!command.name.empty()) result += notes(command.notes, false);
  }
  return result + ".SH NOTES\n" + notes(program.notes, true) + ".SH SEE ALSO\n.BR proofmark\\-verify (1)\n";
}

} // namespace manual
