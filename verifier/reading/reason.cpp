#include "reading/reason.hpp"

#include <array>

namespace verifier {

int exit_code(Verdict verdict, const Reason& reason) {
  constexpr std::array by_verdict = {0, 0, 0, 1, 2, 3};
  if (verdict != Verdict::error) return by_verdict.at(static_cast<std::size_t>(verdict));
  return reason == reason::usage ? 64 : reason == reason::io ? 66 : 70;
}

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, 7> by_verdict = {"VERIFIED", "JOINED",    "PARTIAL", "REJECTED",
                                                          "DECLINED", "MALFORMED", "ERROR"};
  return by_verdict.at(static_cast<std::size_t>(verdict));
}

void fail(const Reason& reason, std::string pointer, std::string expected, std::string found, std::string by) {
  throw Failure(reason, std::move(pointer), std::move(expected), std::move(found), std::move(by));
}

} // namespace verifier
