// What checking block-tables@1 takes: the program of docs/rules/any/block-tables.md on shapes.
#pragma once

#include "block_tables/form.hpp"
#include "certificates/certificate.hpp"
#include "enumeration/length.hpp"
#include "tasks/domain.hpp"

namespace proofmark::block_tables {

class Length {
public:
  Length(const networks::Network&, const Domain&, const Form&, const Stated&);

  const Integer& tables() const { return tables_; }
  const Integer& row() const { return row_; } // of all inputs with one left symbol, when nothing is opened

  // Of opened classes of these: so much for each input, for each class, and once where there is any.
  struct Opened {
    std::uint64_t input, one, row;
  };
  const Opened& opened() const { return opened_; }

  Integer step(std::uint64_t rows, std::uint64_t rows_with_opened, std::uint64_t inputs, std::uint64_t classes) const;

private:
  Integer tables_, row_;
  Opened opened_{};
};

} // namespace proofmark::block_tables
