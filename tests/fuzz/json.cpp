// The strict JSON layer: it reads what its peer reads, and all typed access to what it accepts is safe.
#include "../unit/verifier/json_peer.hpp"
#include "reading/forms.hpp"

#include <cstdio>
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
    for (const auto& [key, value] : json.members())
      if (!json.has(key)) std::abort();
  });
  allow_failure([&] {
    for (const auto& [key, value] : json.members()) visit(value);
  });
  allow_failure([&] { json.take_data(); });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!json_peer::agree(text)) {
    std::fprintf(stderr, "ours: %s\npeer: %s\n", json_peer::ours(text).c_str(), json_peer::peer(text).c_str());
    std::abort();
  }
  for (const Form* form : {&json_peer::anything, &forms::certificate, &forms::question, &forms::header})
    allow_failure([&] { visit(Document(text, *form).root()); });
  return 0;
}
