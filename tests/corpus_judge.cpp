// Judges the whole corpus in one process, for mutation testing: as `test_corpus.py` does with the program, without the
// cost of starting it some two thousand times. Stops at the first file that it judges otherwise than expected.
//
//   corpus_judge LIST     with lines  KIND CODE PATH  (certificate, claim, weights, and first of all base)
//
// Of an accepted certificate it asks two things more: that the bounds which the verifier established are at least as strong as the
// claims, and that no more operations were performed than the budgets allow.
#include "check/check.hpp"
#include "reading/files.hpp"
#include "reading/limits.hpp"
#include "reading/question.hpp"
#include "reading/reason.hpp"

#include <cstdio>
#include <fstream>
#include <string>

namespace {

using namespace verifier;

void judge(const std::string& kind, const std::string& path, const std::string& base, Engine engine) {
  const std::string text = read_file(kind == "certificate" ? path : base, limits::file_bytes);
  const Certificate certificate = read_certificate(text);
  if (kind == "claim") require_claim(certificate, read_file(path, limits::file_bytes));
  if (kind == "weights") require_weights(certificate, read_file(path, limits::file_bytes), path);
  const Result result = check(certificate, {.engine = engine});
  for (std::size_t i = 0; i < certificate.claims.size(); ++i) {
    const Claim& claim = certificate.claims[i];
    const bool holds = claim.direction == Direction::upper ? result.established.at(i) <= claim.bound
                                                           : result.established.at(i) >= claim.bound;
    if (!holds) throw std::runtime_error("an established bound is weaker than its claim");
  }
  if (mpz_class(std::to_string(sum(result.operations))) > length(certificate))
    throw std::runtime_error("more operations performed than the budgets allow");
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream list(argv[1]);
  std::string kind, code, path, base;
  int judged = 0;
  while (list >> kind >> code >> path) {
    if (kind == "base") {
      base = path;
      continue;
    }
    for (const Engine engine : {Engine::fast, Engine::reference}) {
      std::string found = "accept";
      try {
        judge(kind, path, base, engine);
      } catch (const Failure& failure) {
        found = std::string(verifier::code(failure.reason));
      } catch (const std::exception& error) {
        found = error.what();
      }
      ++judged;
      if (found == code) continue;
      std::printf("%s (%s): expected %s, found %s\n", path.c_str(), std::string(name(engine)).c_str(), code.c_str(),
                  found.c_str());
      return 1;
    }
  }
  std::printf("%d judged as expected\n", judged);
  return judged == 0;
}
