// The verifier for a page: takes files from worker.js piece by piece, has a certificate judged, and hands back the words and the
// receipt that proofmark-verify would write. Nothing here decides anything.
#include "answers/receipt.hpp"
#include "answers/words.hpp"
#include "check/check.hpp"
#include "judge.hpp"
#include "models/words.hpp"
#include "parts/json_writer.hpp"
#include "reading/limits.hpp"
#include "reading/reason.hpp"

#include <emscripten.h>
#include <gmp.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

using namespace verifier;

// ---- what worker.js gives and takes ----------------------------------------------------------------------------------

enum class File : int { certificate, claim, weights };

// clang-format off
// Bytes of a file, -1 if it was not given; up to `most` bytes that follow, 0 at the end, -1 if it cannot be read.
EM_JS(double, size_of, (int file), { return Module.sizeOf(file); });
EM_JS(int, piece_of, (int file, char* to, int most), { return Module.pieceOf(file, HEAPU8.subarray(to, to + most)); });
EM_JS(void, tell, (const char* what, const char* text), { Module.tell(UTF8ToString(what), UTF8ToString(text)); });
EM_JS(void, tell_progress, (double done, double total), { Module.tellProgress(done, total); });
// clang-format on

namespace {

// A file, piece by piece. Fails with io, or with limit-file.
class InputFile {
public:
  InputFile(File file, std::string name) : file_(static_cast<int>(file)), name_(std::move(name)) {
    require(size_of(file_) <= static_cast<double>(limits::file_bytes), reason::limit_file, name_,
            "at most " + std::to_string(limits::file_bytes) + " bytes", "more");
  }
  std::string_view next() {
    const int count = piece_of(file_, buffer_.data(), static_cast<int>(buffer_.size()));
    require(count >= 0, reason::io, name_, "a readable file", "a file that the browser does not read");
    return {buffer_.data(), static_cast<std::size_t>(count)};
  }

private:
  const int file_;
  const std::string name_;
  std::array<char, 1 << 16> buffer_;
};

// The whole of a file that a reviewer may give.
std::optional<std::string> contents(File file, const std::string& name) {
  if (size_of(static_cast<int>(file)) < 0) return std::nullopt;
  InputFile pieces(file, name);
  std::string text;
  for (std::string_view piece = pieces.next(); !piece.empty(); piece = pieces.next()) text += piece;
  return text;
}

// What a certificate claims, and of which function, before anything is verified.
std::string outline_json(const Outline& outline) {
  Output::Array claims;
  for (const Claim& claim : outline.claims) {
    Output::Object json = claim_json(claim);
    json.emplace_back("words", in_words(claim, outline.task));
    claims.push_back(std::move(json));
  }
  return Output(Output::Object{{"claims", std::move(claims)},
                               {"inputs", outline.task.inputs().get_str()},
                               {"task", task_in_words(outline.task)},
                               {"function", function_in_words(outline)},
                               {"formula", formula(outline.architecture)},
                               {"model", outline.model_sha256},
                               {"proof", rules_used(outline)}})
      .text(0);
}

void take_memory_in_order() {
  static constexpr auto require_memory = [](void* memory) {
    if (memory == nullptr) { // GMP and MPFR, which are C, could not pass an exception on
      tell("memory", "");
      std::abort();
    }
    return memory;
  };
  mp_set_memory_functions(
      [](std::size_t size) { return require_memory(std::malloc(size)); },
      [](void* old, std::size_t, std::size_t size) { return require_memory(std::realloc(old, size)); },
      [](void* memory, std::size_t) { std::free(memory); });
}

} // namespace

extern "C" {

// The certificate and what is asked of it, once in the life of this module.
EMSCRIPTEN_KEEPALIVE void verify(bool by_reference, const char* name, const char* claim_name,
                                 const char* weights_name) {
  take_memory_in_order();
  Options options{.engine = by_reference ? Engine::reference : Engine::fast, .threads = 1};
  options.understood = [](const Outline& outline) { tell("outline", outline_json(outline).c_str()); };
  options.progress = [](std::uint64_t done, std::uint64_t total) {
    tell_progress(static_cast<double>(done), static_cast<double>(total));
  };
  Run run;
  run.engine = options.engine;
  try {
    const Question question{contents(File::claim, claim_name), contents(File::weights, weights_name), weights_name};
    InputFile certificate(File::certificate, name);
    static_cast<Judgement&>(run) = judge([&] { return certificate.next(); }, question, options);
  } catch (const Failure& failure) { // of files
    run.failure = failure;
    run.verdict = failure.reason.verdict;
  } catch (const std::bad_alloc&) {
    run.failure = Failure(reason::internal, "", "enough memory", "not enough");
  }
  if (run.verdict != Verdict::error) tell("receipt", receipt(run).c_str());
  tell("answer", summary(run, false, true).c_str());
}
}
