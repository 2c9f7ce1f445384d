#include "reading/safetensors.hpp"

#include "reading/file_kind.hpp"
#include "reading/forms.hpp"
#include "reading/limits.hpp"
#include "reading/reason.hpp"
#include "reading/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace verifier {
namespace {

constexpr std::size_t length_bytes = 8;

std::optional<DType> dtype_of(std::string_view name) {
  using Pair = std::pair<std::string_view, DType>;
  for (const auto& [known, type] : std::array{Pair{"F16", DType::float16}, Pair{"BF16", DType::bfloat16},
                                              Pair{"F32", DType::float32}, Pair{"F64", DType::float64}})
    if (name == known) return type;
  return std::nullopt;
}

struct Entry {
  Tensor tensor; // without a type: no weights, and only its name and place matter
  bool is_weights;
  std::uint64_t begin, end; // in the data after the header
};

Entry read_entry(const std::string& name, const JsonView& json) {
  const auto type = dtype_of(json.at("dtype").text());
  Entry entry{{name, type.value_or(DType::float32), {}, {}}, type.has_value(), 0, 0};
  for (const JsonView& dimension : json.at("shape").array()) entry.tensor.shape.push_back(dimension.unsigned_integer());
  const auto offsets = json.at("data_offsets").array_of(2);
  entry.begin = offsets[0].unsigned_integer();
  entry.end = offsets[1].unsigned_integer();
  const auto bytes = byte_count(entry.tensor.dtype, entry.tensor.shape);
  const bool fits = !entry.is_weights || (bytes && *bytes == entry.end - entry.begin);
  require(entry.begin <= entry.end && fits, reason::safetensors, json.at("data_offsets").pointer(),
          "offsets that fit dtype and shape");
  return entry;
}

WeightsFile read(std::string_view file) {
  const auto require_valid = [](bool ok, const std::string& expected) {
    require(ok, reason::safetensors, "", expected);
  };
  require_valid(file.size() >= length_bytes, "a header length of 8 bytes");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(file[i])} << (8 * i);
  require_valid(length <= limits::safetensors_header_bytes && length <= file.size() - length_bytes,
                "a header of at most 100 MB inside the file");
  const std::string_view header = file.substr(length_bytes, length), data = file.substr(length_bytes + length);
  require_valid(header.starts_with('{'), "a header that starts with {");

  Document document(header, forms::header);
  document.require_form();
  std::vector<Entry> entries;
  for (const auto& [name, value] : document.root().members()) {
    if (name == "__metadata__") {
      for (const auto& [key, text] : value.members()) text.string();
    } else {
      entries.push_back(read_entry(name, value));
    }
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  std::uint64_t covered = 0;
  for (Entry& entry : entries) {
    require_valid(entry.begin == covered && entry.end <= data.size(),
                  "tensors one after another, without gap or overlap");
    const std::string_view bytes = data.substr(entry.begin, entry.end - entry.begin);
    if (entry.is_weights) entry.tensor.bytes.assign(bytes.begin(), bytes.end());
    covered = entry.end;
  }
  require_valid(covered == data.size(), "no bytes after the last tensor");
  WeightsFile weights;
  for (Entry& entry : entries) {
    if (entry.is_weights)
      weights.tensors.emplace(entry.tensor.name, std::move(entry.tensor));
    else
      weights.others.push_back(entry.tensor.name);
  }
  return weights;
}

} // namespace

WeightsFile read_safetensors(std::string_view file, const std::string& path) {
  try {
    return read(file);
  } catch (const Failure& failure) {
    // Whatever is wrong inside the header is wrong with this file, not with the certificate.
    const Reason reason = failure.reason.verdict == Verdict::malformed ? reason::safetensors : failure.reason;
    const std::string expected =
        failure.reason == reason ? failure.expected : std::string(failure.reason.code) + ": " + failure.expected;
    throw Failure(reason, path + (failure.pointer.empty() ? "" : ": " + failure.pointer), expected,
                  failure.found.empty() ? std::string(file_kind(file)) : failure.found);
  }
}

} // namespace verifier
