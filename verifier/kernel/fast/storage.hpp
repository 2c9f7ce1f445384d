// Where the fast engine keeps its numbers: ends, two doubles an entry, or one and a gap a row in large tables.
#pragma once

#include "../engine.hpp"
#include "lanes.hpp"

#include <mutex>

namespace verifier::kernel::doubles {

// Room for n doubles and a whole vector after the last. Buffers of up to 16 MiB are used again: malloc, free and
// page faults would cost as much as an operation on a few thousand entries.
class Buffer {
public:
  explicit Buffer(std::size_t n);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  double* get() const { return p_; }

private:
  unsigned list_;
  double* p_;
};

// Of each stored row: bounds from above of the gaps between its ends, the largest, and the largest relative to the upper end, of
// entries above `least_relative`; and its largest upper end.
struct Gaps {
  explicit Gaps(std::size_t rows = 0) : absolute(rows), relative(rows), largest(rows) {}
  std::vector<double> absolute, relative, largest;
};
inline constexpr double least_relative = 0x1p-800;

// Where a view's ends stand.
struct In {
  const double *lo, *hi;
  std::size_t row, column;
};
// The ends of up to four entries of a row, `count` of them; in place of those that are missing stands `rest`.
struct Entries {
  v4 lo, hi;
};
PROOFMARK_INLINE Entries load(const In& x, std::size_t i, std::size_t j, std::size_t count, double rest) {
  const std::size_t p = i * x.row + j * x.column;
  return {load(x.lo + p, x.column, count, rest), load(x.hi + p, x.column, count, rest)};
}

// An array of enclosures. Where `sign` is given it is a table that keeps upper ends and gaps alone: a lower end lies below by its
// row's gap, the relative one if no number is negative.
class Doubles final : public Numbers {
public:
  explicit Doubles(Shape shape) : shape(shape), upper_(shape.size()), lower_(std::in_place, shape.size()) {}
  Doubles(Shape shape, Sign sign) : shape(shape), sign_(sign), upper_(shape.size()), gaps_(shape.rows) {}

  double* hi() const { return upper_.get(); }
  double* lo() const { return lower_->get(); } // where they are kept
  bool has_lower_ends() const { return lower_.has_value(); }
  const Gaps& gaps() const;                     // found once, where they are not kept: a function of the ends
  void fill(std::size_t row, const View& band); // of a table
  void lower_ends_of(std::size_t from, std::size_t count, double* to) const; // of a table, in its order

  const Shape shape; // as stored

private:
  std::optional<Sign> sign_;
  Buffer upper_;
  std::optional<Buffer> lower_;
  mutable std::once_flag once_;
  mutable Gaps gaps_;
};
using MadeDoubles = std::shared_ptr<Doubles>;
inline MadeDoubles make(Shape shape) {
  return std::make_shared<Doubles>(shape);
}

void take(const View& x, std::size_t i, std::size_t j, double* lo, double* hi); // the ends of entry (i, j)
MadeDoubles copy(const View& x);                                                // row by row

// A view's ends, to be read while this exists: of a table that keeps no lower ends, those of a copy.
class Source : public In {
public:
  explicit Source(const View& x);

private:
  std::shared_ptr<const Doubles> keep_;
};

// f(lower, upper) of each entry, row by row.
template <class F>
void each(const View& x, F f) {
  const Source from(x);
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) {
      const std::size_t p = i * from.row + j * from.column;
      f(from.lo[p], from.hi[p]);
    }
}

// A view as rows of upper ends without gaps between their entries, with the rows' gaps: whole rows of an array, or of a copy.
struct Rows {
  explicit Rows(const View& x);
  const double* hi;
  std::size_t count, length;
  std::span<const double> absolute, relative, largest;

private:
  std::shared_ptr<const Doubles> keep_;
};

} // namespace verifier::kernel::doubles
