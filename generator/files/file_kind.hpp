// What a file is that was given in place of a model, so that a message can say so.
#pragma once

#include <string_view>

namespace proofmark {

struct FileKind {
  const char* what; // "a zip file, as torch.save writes"
  const char* hint; // what to do about it
};

// By how it starts; null for what is not known. 16 bytes are enough for all but pages that begin with white space.
const FileKind* file_kind(std::string_view start);

} // namespace proofmark
