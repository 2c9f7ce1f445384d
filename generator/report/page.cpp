#include "report/page.hpp"

#include "certificates/base64.hpp"
#include "certificates/writer.hpp"
#include "numbers/outward.hpp"
#include "report/escape.hpp"
#include "report/page_files.hpp"
#include "report/words.hpp"
#include "support/in_quotes.hpp"
#include "support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <span>

namespace proofmark {

namespace {

constexpr std::size_t most_table_rows = 130, most_open_proofs = 3, longest_provenance = 300;
constexpr unsigned places = 9; // of bounds in tables

std::string data_link(const std::string& file, const char* type, const std::string& content, const char* label,
                      const std::string& about) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(content.data());
  return fmt::format("<a download=\"{}\" href=\"data:{};base64,{}\">{}<span class=\"aside\">: {}</span></a>\n",
                     html(file), type, base64({bytes, content.size()}), label, html(about));
}

std::string scrolling(const std::string& label, const std::string& content) {
  return fmt::format("<section class=\"scroll\" tabindex=\"0\" aria-label=\"{}\">\n{}</section>\n", html(label),
                     content);
}

// The first row is the heading, the first cell of each row its name; `numbers`: the columns from this one on.
std::string table(const std::string& caption, const std::vector<std::vector<std::string>>& rows, std::size_t numbers,
                  const char* kind = "plain") {
  std::string text = fmt::format("<table class=\"{}\">\n<caption>{}</caption>\n<thead>\n<tr>", kind, html(caption));
  for (std::size_t i = 0; i < rows.front().size(); ++i)
    text += fmt::format("<th scope=\"col\"{}>{}</th>", i >= numbers ? " class=\"number\"" : "", html(rows.front()[i]));
  text += "</tr>\n</thead>\n<tbody>\n";
  for (std::size_t r = 1; r < rows.size(); ++r) {
    text += "<tr>";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const char* const look = i >= numbers ? " class=\"number\"" : "";
      text += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", look, html(rows[r][i]))
                     : fmt::format("<td{}>{}</td>", look, html(rows[r][i]));
    }
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n";
}

std::string shown(const Figure& figure) {
  std::string text = fmt::format("<figure id=\"{}\">\n<figcaption><strong>{}.</strong> {}</figcaption>\n",
                                 html(figure.name), html(figure.title), html(figure.caption));
  text += scrolling(figure.title + ", picture", figure.svg);
  text += "<p class=\"save\">" +
          data_link(figure.name + ".svg", "image/svg+xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + figure.svg,
                    "Save this figure as SVG", figure.title) +
          data_link(figure.name + ".csv", "text/csv", csv(figure), "Save its data as CSV", figure.title) + "</p>\n";
  if (figure.data.size() <= most_table_rows && figure.data.front().size() < 12)
    text += "<details>\n<summary>The data as a table</summary>\n" +
            scrolling(figure.title + ", data", table(figure.title, figure.data, figure.data.front().size(), "wide")) +
            "</details>\n";
  return text + "</figure>\n";
}

std::string shown(const std::optional<Figure>& figure) {
  return figure ? shown(*figure) : "";
}

const char* look_of(const ShownProof& proof) {
  return proof.verified() ? "good" : proof.verdict.word.empty() ? "open" : "bad";
}

std::string word_of(const ShownProof& proof) {
  return proof.verdict.word.empty() ? "not verified" : proof.verdict.word;
}

std::string word_shown(const ShownProof& proof) {
  return fmt::format("<span class=\"word {}\">{}</span>", look_of(proof), html(word_of(proof)));
}

std::vector<const ShownProof*> all_proofs(const Evidence& evidence) {
  std::vector<const ShownProof*> result;
  for (const ShownModel& model : evidence.models)
    for (const ShownProof& proof : model.proofs) result.push_back(&proof);
  return result;
}

// One line that says what a reader may rely on.
std::string headline(const Evidence& evidence) {
  const auto proofs = all_proofs(evidence);
  const auto count = [&](auto which) { return std::count_if(proofs.begin(), proofs.end(), which); };
  const auto verified = count([](const ShownProof* p) { return p->verified(); });
  const auto refused = count([](const ShownProof* p) { return !p->verified() && !p->verdict.word.empty(); });
  const auto open = static_cast<std::ptrdiff_t>(proofs.size()) - verified - refused;
  if (proofs.empty())
    return "<p class=\"verdict open\">Not verified: receipts without their certificates. Nothing could be "
           "compared.</p>\n";
  if (proofs.size() == 1) {
    const ShownProof& proof = *proofs.front();
    const Verdict& verdict = proof.verdict;
    if (verdict.word.empty())
      return "<p class=\"verdict open\">Not verified by anybody: no verifier was run and no receipt was given.</p>\n";
    const std::string reason = verdict.reason.empty() ? "" : fmt::format(" ({})", in_document(verdict.reason));
    return fmt::format("<p class=\"verdict {}\">{} {}{}, says {}</p>\n", look_of(proof), proof.verified() ? "✓" : "✗",
                       html(verdict.word), html(reason), html(in_words(verdict)));
  }
  std::string text = fmt::format("{} of {} certificates: VERIFIED", verified, proofs.size());
  if (refused > 0) text += fmt::format("; {} refused", refused);
  if (open > 0) text += fmt::format("; {} not verified by anybody", open);
  return fmt::format("<p class=\"verdict {}\">{}{}</p>\n",
                     refused > 0 ? "bad"
                     : open > 0  ? "open"
                                 : "good",
                     refused > 0 ? "✗ "
                     : open > 0  ? ""
                                 : "✓ ",
                     html(text));
}

std::string digests(const Evidence& evidence) {
  std::string rows;
  for (const ShownProof* proof : all_proofs(evidence))
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"digest\">{}</td></tr>\n",
                    html(proof->name), word_shown(*proof), html(in_words(proof->verdict)), proof->certificate.sha256);
  return scrolling("Verdicts",
                   "<table>\n<caption>Verdicts and the SHA-256 digests of the certificates</caption>\n<thead>\n<tr><th "
                   "scope=\"col\">proof</th><th scope=\"col\">verdict</th>"
                   "<th scope=\"col\">says</th><th scope=\"col\">certificate</th></tr>\n</thead>\n<tbody>\n" +
                       rows + "</tbody>\n</table>\n");
}

std::string lone_receipts(const Evidence& evidence) {
  if (evidence.receipts.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"receipt", "it says", "reason", "of the certificate", "of the model"}};
  for (const LoneReceipt& r : evidence.receipts)
    rows.push_back({r.file, r.verdict, r.reason.empty() ? "–" : r.reason,
                    r.certificate_sha256.empty() ? "–" : r.certificate_sha256,
                    r.model_sha256.empty() ? "–" : r.model_sha256});
  return "<h2>Receipts without their certificates</h2>\n<p>A receipt says what a verifier said of one certificate. "
         "Without that certificate there is nothing to compare it with: this is hearsay.</p>\n" +
         scrolling("Receipts", table("What the receipts say", rows, 5));
}

std::string strongest(const ModelReport& model) {
  const FiniteTask& task = model.model->task;
  const auto sentence = [&](const std::optional<Strongest>& best, Quantity quantity, Side side) {
    if (!best) return std::string();
    const std::string text = in_words(Claim{quantity, side, best->bound}, task);
    return fmt::format("<li>{} <span class=\"soft-text\">({})</span></li>\n", html(text),
                       html(model.model->proofs[best->proof].name));
  };
  const std::string list = sentence(model.comparison.upper, Quantity::cross_entropy, Side::upper) +
                           sentence(model.comparison.lower, Quantity::cross_entropy, Side::lower) +
                           sentence(model.comparison.accuracy, Quantity::accuracy, Side::lower) +
                           sentence(model.comparison.accuracy_upper, Quantity::accuracy, Side::upper) +
                           sentence(model.comparison.margin, Quantity::margin, Side::lower);
  if (list.empty()) return "<p>Nothing: no certificate of this model was verified.</p>\n";
  return "<p>For the real function of the exact stored weights, as the verifier established it:</p>\n<ul>\n" + list +
         "</ul>\n";
}

std::string proof_table(const ModelReport& report, std::size_t number) {
  std::vector<std::vector<std::string>> rows{
      {"proof", "strategy", "loss ≤", "loss ≥", "accuracy ≥", "operations", "bytes", "note"}};
  for (std::size_t i = 0; i < report.model->proofs.size(); ++i) {
    const ShownProof& proof = report.model->proofs[i];
    const auto bound = [&](Quantity quantity, Side side) { return rounded(proof.bound(quantity, side), side, places); };
    rows.push_back({proof.name, proof.strategy, bound(Quantity::cross_entropy, Side::upper),
                    bound(Quantity::cross_entropy, Side::lower), bound(Quantity::accuracy, Side::lower),
                    proof.verified() ? grouped(proof.operations.length()) : "–", grouped(proof.certificate.bytes),
                    proof.verified() ? in_words(report.comparison.standings[i]) : word_of(proof)});
  }
  return scrolling(
      numbered_title("Proofs", number),
      table("Bounds as established by the verifier, rounded outward to nine digits after the point; losses in nats",
            rows, 2, "wide"));
}

std::string claims(const ShownModel& model, const ShownProof& proof) {
  std::string text = "<ul>\n";
  for (std::size_t i = 0; i < proof.certificate.claims.size(); ++i) {
    const Claim& claim = proof.certificate.claims[i];
    text += "<li>" + html(in_words(claim, model.task));
    if (proof.verified())
      text += fmt::format("; established: at {} {}", claim.direction == Side::upper ? "most" : "least",
                          html(proof.established[i]));
    text += "</li>\n";
  }
  return text + "</ul>\n";
}

std::string operations(const ShownProof& proof) {
  const StatedCertificate& c = proof.certificate;
  std::vector<std::vector<std::string>> budgets{
      {"operations", "tables", "steps", "conclusion", "all"},
      {"budget", grouped(c.tables), grouped(c.all_steps), grouped(c.conclusion), grouped(c.length())}};
  std::string result = scrolling("Budgets of " + proof.name,
                                 table("Operations that checking may take, as declared", budgets, 1, "wide"));
  if (!proof.verified()) return result;
  std::vector<std::vector<std::string>> performed{{"operations"}, {"performed"}};
  for (const auto& [kind, count] : kinds(proof.operations)) {
    performed[0].emplace_back(kind);
    performed[1].push_back(grouped(*count));
  }
  performed[0].emplace_back("all");
  performed[1].push_back(grouped(proof.operations.length()));
  return result + scrolling("Operations of " + proof.name,
                            table("Operations by kind, as the verifier performed them", performed, 1, "wide"));
}

std::string provenance(const ShownProof& proof) {
  if (proof.certificate.provenance.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"key", "value"}};
  for (const auto& [key, value] : proof.certificate.provenance)
    rows.push_back({in_document(key, longest_provenance), in_document(value, longest_provenance)});
  return scrolling("Provenance of " + proof.name, table("Provenance: said by the author, not checked", rows, 2));
}

std::string rules(const ShownProof& proof) {
  std::map<std::string, std::size_t> count;
  for (const StatedStep& step : proof.certificate.steps) ++count[in_document(step.rule, 40)];
  std::string text;
  for (const auto& [rule, steps] : count) text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", steps, rule);
  return text;
}

std::string details(const ModelReport& report, std::size_t i, bool open) {
  const ShownModel& model = *report.model;
  const ShownProof& proof = model.proofs[i];
  std::string text = fmt::format("<details class=\"proof\"{}>\n<summary>{} {}</summary>\n", open ? " open" : "",
                                 html(proof.name), word_shown(proof));
  text += fmt::format("<p>{}: {}.</p>\n", proof.verified() ? "Verdict" : "No proof",
                      html(proof.verdict.word.empty() ? "not verified, " + in_words(proof.verdict)
                                                      : proof.verdict.word + ", says " + in_words(proof.verdict)));
  if (!proof.verdict.reason.empty())
    text += fmt::format("<p>Reason: <code>{}</code>. schema/reasons.md says what it means.</p>\n",
                        html(in_document(proof.verdict.reason)));
  if (!proof.verdict.details.empty()) {
    std::string lines;
    for (std::size_t from = 0; from < proof.verdict.details.size();) {
      const std::size_t end = std::min(proof.verdict.details.find('\n', from), proof.verdict.details.size());
      lines += html(in_document(proof.verdict.details.substr(from, end - from), 400)) + "\n";
      from = end + 1;
    }
    text += scrolling("What the verifier said of " + proof.name, "<pre>" + lines + "</pre>\n");
  }
  text += fmt::format("<h3>{}</h3>\n",
                      proof.verified() ? "What it claims, and what was established" : "What it claims, not verified");
  text += claims(model, proof);
  const StepRange& last = proof.certificate.steps.back().range;
  text += fmt::format("<p>The proof splits the {} 0 to {} into {} ranges ({}).</p>\n", name(last.of), last.to - 1,
                      proof.certificate.steps.size(), html(rules(proof)));
  text += shown(report.labels[i]) + operations(proof) + provenance(proof);
  return text + "</details>\n";
}

std::string title_case(std::string_view name) {
  std::string result(name);
  result.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(result.front())));
  return result;
}

std::string model_section(const ModelReport& report, std::size_t number, std::size_t open_proofs) {
  const ShownModel& model = *report.model;
  const std::string computes = number == 0 ? "What it computes" : fmt::format("What model {} computes", number);
  std::string text = fmt::format(
      "<h2>{}</h2>\n<p>Task: {}. Model: {}; SHA-256 <span class=\"digest\">{}</span>.</p>\n{}",
      html(number == 0 ? title_case(title(model.task)) : fmt::format("Model {}: {}", number, title(model.task))),
      html(in_words(model.task)), html(model.shape), model.sha256,
      model.formula.empty() ? "" : scrolling(computes, "<pre>" + html(model.formula) + "</pre>\n"));
  text += "<h3>What is proved</h3>\n" + strongest(report) + proof_table(report, number);
  text += shown(report.frontier) + shown(report.accuracy) + shown(report.slack) + shown(report.score) +
          shown(report.logits);
  text += "<h3>Proof by proof</h3>\n";
  for (std::size_t i = 0; i < model.proofs.size(); ++i) text += details(report, i, i < open_proofs);
  return text;
}

std::string left_out(const Evidence& evidence) {
  if (evidence.left_out.empty()) return {};
  std::string text = "<p>Left out by <code>proofmark frontier</code>:</p>\n<ul>\n";
  for (const std::string& line : evidence.left_out) text += "<li>" + html(line) + "</li>\n";
  return text + "</ul>\n";
}

// A file's name as a word of a shell's command line.
std::string shell_word(const std::string& name) {
  std::string result = name.starts_with('-') ? "'./" : "'";
  for (const char c : name) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string how_to_verify(const Evidence& evidence) {
  const auto proofs = all_proofs(evidence);
  if (proofs.empty()) return {};
  const ShownProof& first = *proofs.front();
  std::string commands =
      html(fmt::format("sha256sum {}\n# {}\nproofmark-verify {}{}\n", shell_word(first.path), first.certificate.sha256,
                       shell_word(first.path), first.verified() ? "      # first line: s VERIFIED" : ""));
  if (proofs.size() > 1) commands += "# and likewise for the other certificates\n";
  return "<h2>How to verify it yourself</h2>\n<p>Take the certificate from wherever this page came from, and "
         "proofmark-verify from its own source (verifier/ in the Proofmark repository: one compiler command, MPFR and "
         "GMP). "
         "Compare the digest, and run it (the path is seen from the folder of this page). With <code>--weights "
         "MODEL.safetensors</code> it also checks that the "
         "certificate is about the weights that you have, and with <code>--claim FILE</code> that it proves what you "
         "ask.</p>\n" +
         scrolling("Commands", "<pre>" + commands + "</pre>\n");
}

} // namespace

std::string page(const Report& report) {
  const Evidence& evidence = *report.evidence;
  const std::size_t count = all_proofs(evidence).size();
  std::string models;
  for (std::size_t i = 0; i < report.models.size(); ++i)
    models +=
        model_section(report.models[i], report.models.size() == 1 ? 0 : i + 1, count <= most_open_proofs ? count : 0);
  return fmt::format(fmt::runtime(embedded(page_files(), "page.html")),
                     fmt::arg("style", embedded(page_files(), "page.css")), fmt::arg("headline", headline(evidence)),
                     fmt::arg("digests", evidence.models.empty() ? "" : digests(evidence)), fmt::arg("models", models),
                     fmt::arg("left_out", left_out(evidence)), fmt::arg("receipts", lone_receipts(evidence)),
                     fmt::arg("training", report.training ? "<h2>Training</h2>\n" + shown(report.training) : ""),
                     fmt::arg("verifying", how_to_verify(evidence)), fmt::arg("version", version));
}

} // namespace proofmark
