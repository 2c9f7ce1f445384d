#include "certificates/writer.hpp"

#include "certificates/base64.hpp"
#include "certificates/task_json.hpp"
#include "numbers/outward.hpp"

#include <fmt/format.h>

#include <limits>

namespace proofmark {

namespace {

// Our own strings are printable ASCII; quotes and backslashes are all that JSON needs escaped among those.
std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// From 2^63 on as a string (FORMAT.md, section 7).
std::string count_json(const Integer& count) {
  return count <= std::numeric_limits<std::int64_t>::max() ? count.str() : json_string(count.str());
}

std::string step_json(const Step& step, std::size_t id) {
  const std::string loss =
      step.loss ? fmt::format(R"("loss": ["{}", "{}"], )", hexadecimal(step.loss->lo), hexadecimal(step.loss->hi)) : "";
  const std::string correct = step.correct ? fmt::format(R"("correct": [{}, {}], )", count_json(step.correct->least),
                                                         count_json(step.correct->most))
                                           : "";
  const std::string margin = step.margin ? fmt::format(R"("margin": "{}", )", hexadecimal(*step.margin)) : "";
  return fmt::format(R"({{"id": {}, "rule": {}, "{}": [{}, {}], {}{}{}"operations": {}}})", id, json_string(step.rule),
                     name(step.range.of), step.range.from, step.range.to, loss, correct, margin, step.operations.str());
}

std::string shape_json(const std::vector<std::uint64_t>& shape) {
  std::string result;
  for (const std::uint64_t dimension : shape) result += (result.empty() ? "" : ", ") + std::to_string(dimension);
  return "[" + result + "]";
}

} // namespace

void write_certificate(const Certificate& certificate, const std::function<void(std::string_view)>& write) {
  const auto separator = [](std::size_t i, std::size_t count) { return i + 1 < count ? ",\n" : "\n"; };

  const auto write_tensor = [&](std::string_view name, std::string_view dtype, const std::vector<std::uint64_t>& shape,
                                std::span<const std::uint8_t> bytes) {
    write(fmt::format(R"({}: {{"dtype": "{}", "shape": {}, "data": ")", json_string(name), dtype, shape_json(shape)));
    write(base64(bytes));
    write("\"}");
  };

  write("{\n\"format\": \"proofmark-certificate\",\n\"version\": 2,\n\"claims\": [\n");
  for (std::size_t i = 0; i < certificate.claims.size(); ++i) {
    const Claim& claim = certificate.claims[i];
    write(fmt::format(R"({{"quantity": "{}", "direction": "{}", "bound": "{}"}})", name(claim.quantity),
                      name(claim.direction), claim.bound));
    write(separator(i, certificate.claims.size()));
  }
  write(fmt::format("],\n\"task\": {},\n", task_text(certificate.task)));

  write(fmt::format("\"model\": {{\"architecture\": {}, \"tensors\": {{\n", certificate.architecture));
  const std::vector<Tensor>& all = certificate.tensors;
  for (std::size_t i = 0; i < all.size(); ++i) {
    write_tensor(all[i].name, certificate_name(all[i].dtype), all[i].shape, all[i].bytes);
    write(separator(i, all.size()));
  }
  write(fmt::format("}}, \"sha256\": \"{}\"}},\n", certificate.model_sha256));

  write("\"witnesses\": {");
  std::size_t witness_index = 0;
  for (const auto& [name, witness] : certificate.witnesses) {
    write(witness_index == 0 ? "\n" : "");
    write_tensor(name, witness.dtype, witness.shape, witness.bytes);
    write(separator(witness_index++, certificate.witnesses.size()));
  }
  write(fmt::format("}},\n\"tables\": {{\"operations\": {}}},\n\"steps\": [\n", certificate.tables.str()));
  for (std::size_t i = 0; i < certificate.steps.size(); ++i) {
    write(step_json(certificate.steps[i], i));
    write(separator(i, certificate.steps.size()));
  }
  write("],\n\"provenance\": {");
  std::size_t i = 0;
  for (const auto& [key, value] : certificate.provenance)
    write(fmt::format("{}{}: {}", i++ == 0 ? "" : ", ", json_string(key), json_string(value)));
  write("}\n}\n");
}

} // namespace proofmark
