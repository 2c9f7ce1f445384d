// The strict JSON layer, and all typed access to what it accepts.
#include "json_reader.hpp"

#include <cstdlib>

using namespace verifier;

namespace {

template <class Action>
void allow_failure(Action action) {
  try {
    action();
  } catch (const Failure&) {
  }
}

void visit(const JsonView& json) {
  allow_failure([&] {
    if (json.unsigned_integer() >> 63) std::abort();
  });
  allow_failure([&] {
    for (const char c : json.text())
      if (c < ' ' || c > '~') std::abort();
  });
  allow_failure([&] {
    for (const JsonView& element : json.array()) visit(element);
  });
  allow_failure([&] {
    json.require_keys({"a", "b"}, {"c"});
    if (!json.has("a") || json.members().size() > 3) std::abort();
  });
  allow_failure([&] {
    for (const auto& [key, value] : json.members()) visit(value);
  });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  allow_failure([&] {
    Json document = parse_json({reinterpret_cast<const char*>(data), size});
    visit({document, ""});
  });
  return 0;
}
