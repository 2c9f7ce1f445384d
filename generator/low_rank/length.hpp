// What checking low-rank@1 takes: the program of docs/rules/any/low-rank.md on shapes.
#pragma once

#include "certificates/certificate.hpp"
#include "enumeration/length.hpp"
#include "low_rank/form.hpp"

namespace proofmark::low_rank {

// Witnesses, as far as lengths depend on them.
struct Sizes {
  std::uint64_t rank = 0, entries = 0, rows = 0; // of the basis: k, those that are not zero, rows that have one
  std::uint64_t labellings = 0, table_rows = 0;  // of all tables together
};

class Length {
public:
  Length(const networks::Network&, const Form&, const Domain&, const Stated&);

  Integer tables(const Sizes&) const;
  Integer step(std::uint64_t from, std::uint64_t to, const Sizes&, std::uint64_t opened) const; // exactly
  std::uint64_t of_opened() const { return of_opened_; } // a class that is opened and not the label

  // The same in parts: what a step takes for features, and an input for all else.
  Integer features(std::uint64_t from, std::uint64_t to) const;
  Integer of_input(const Sizes&) const;

private:
  const Domain& domain_;
  const Form form_;
  const Stated stated_;
  Integer tables_; // but for what depends on witnesses
  std::vector<enumeration::PositionSet> sets_;
  std::vector<std::uint64_t> of_row_; // of each set
  std::uint64_t once_ = 0, of_opened_ = 0;
  struct Copied { // of an input, where the set has not as many rows as there are inputs
    std::size_t set;
    std::uint64_t numbers;
  };
  std::vector<Copied> copied_;
  bool added_ = false; // s
};

} // namespace proofmark::low_rank
