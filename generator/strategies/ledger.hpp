// What a long proof has found by label, kept on disk while it goes on. Numbers are exact: a proof that was taken up has the bytes of one
// that was not.
#pragma once

#include "strategies/kept_lines.hpp"
#include "strategies/label_sum.hpp"

namespace proofmark {

class Ledger : public KeptLines {
public:
  using KeptLines::KeptLines;

  std::optional<LabelSum> find(std::uint64_t label) const;
  void add(std::uint64_t label, const LabelSum&); // throws Error (io)
};

} // namespace proofmark
