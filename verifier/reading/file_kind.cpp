#include "reading/file_kind.hpp"

#include <array>

namespace verifier {

std::string_view file_kind(std::string_view file) {
  struct Kind {
    std::string_view start, what;
  };
  constexpr std::array kinds{Kind{"PK\3\4", "a zip file, as torch.save writes"},
                             Kind{"\x80\2\x8a", "a Python pickle, as torch.save once wrote"},
                             Kind{"\x1f\x8b\b", "a file compressed with gzip"},
                             Kind{"version https://", "a pointer of Git LFS"},
                             Kind{"<", "a web page"},
                             Kind{"{", "JSON text, such as a certificate or the index of several files"}};
  constexpr std::size_t header = 8; // where that of safetensors starts
  if (file.size() > header && file[header] == '{') return {};
  for (const Kind& kind : kinds)
    if (file.starts_with(kind.start)) return kind.what;
  return {};
}

} // namespace verifier
