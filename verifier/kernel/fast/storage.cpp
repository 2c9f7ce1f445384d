#include "storage.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

namespace verifier::kernel::doubles {
namespace {

constexpr unsigned lists = 22;                           // list i: buffers of 2^i doubles
constexpr std::size_t most_spare = std::size_t{1} << 24; // doubles that are kept: 128 MiB

// Buffers that are free: each begins with the address of the next of its list, so that keeping one takes no memory. Nothing is
// thread_local: glibc ends the program where it has no memory to note that a thread's destructor must run.
struct Spares {
  std::mutex mutex;
  std::array<double*, lists> first{};
  std::size_t doubles = 0;

  bool keep(unsigned list, double* p) { // false if there are enough
    const std::lock_guard lock(mutex);
    const std::size_t size = std::size_t{1} << list;
    if (doubles + size > most_spare) return false;
    std::memcpy(p, &first[list], sizeof(double*));
    first[list] = p;
    doubles += size;
    return true;
  }
  double* take(unsigned list) { // null if there is none
    const std::lock_guard lock(mutex);
    double* const p = first[list];
    if (p == nullptr) return nullptr;
    std::memcpy(&first[list], p, sizeof(double*));
    doubles -= std::size_t{1} << list;
    return p;
  }
};
constinit Spares spares;

// Of row i. Gaps are rounded up. Three roundings: the difference, the quotient, the factor.
PROOFMARK_CLONES void find_gaps(In x, std::size_t columns, Gaps& gaps, std::size_t i) {
  v4 a = all(0), r = all(0), most = all(-infinity);
  for (std::size_t j = 0; j < columns; j += 4) {
    const std::size_t n = columns - j;
    const v4 lo = load(x.lo + j * x.column, x.column, n, 0), hi = load(x.hi + j * x.column, x.column, n, 0);
    const v4 gap = hi - lo;
    a = max4(a, gap), r = max4(r, hi > least_relative ? gap / hi : all(0));
    most = max4(most, load(x.hi + j * x.column, x.column, n, -infinity));
  }
  gaps.absolute[i] = largest_lane(a) * (1 + 4 * u), gaps.relative[i] = largest_lane(r) * (1 + 4 * u);
  gaps.largest[i] = largest_lane(most);
}

} // namespace

Buffer::Buffer(std::size_t n) : list_(static_cast<unsigned>(std::bit_width(n + 3))) {
  if (n > SIZE_MAX / sizeof(double) / 2) throw std::bad_alloc();
  p_ = list_ < lists ? spares.take(list_) : nullptr;
  if (p_ == nullptr) {
    const std::size_t bytes = (list_ < lists ? std::size_t{1} << list_ : n + 4) * sizeof(double);
    p_ = static_cast<double*>(std::malloc(bytes));
    if (p_ == nullptr) throw std::bad_alloc();
  }
  std::fill(p_ + n, p_ + n + 4, 0.0); // vectors may read what they do not use
}
Buffer::~Buffer() {
  if (list_ >= lists || !spares.keep(list_, p_)) std::free(p_);
}

const Gaps& Doubles::gaps() const {
  if (has_lower_ends())
    std::call_once(once_, [&] {
      Gaps g(shape.rows);
      for (std::size_t i = 0; i < shape.rows; ++i)
        find_gaps({lo() + i * shape.columns, hi() + i * shape.columns, shape.columns, 1}, shape.columns, g, i);
      gaps_ = std::move(g);
    });
  return gaps_;
}
void Doubles::fill(std::size_t row, const View& band) {
  const Source x(band);
  for (std::size_t i = 0; i < band.shape.rows; ++i) {
    const In from{x.lo + i * x.row, x.hi + i * x.row, 0, x.column};
    find_gaps(from, shape.columns, gaps_, row + i);
    for (std::size_t j = 0; j < shape.columns; ++j) hi()[(row + i) * shape.columns + j] = from.hi[j * x.column];
  }
}
void Doubles::lower_ends_of(std::size_t from, std::size_t count, double* to) const {
  const std::size_t C = shape.columns;
  for (std::size_t some; count > 0; from += some, to += some, count -= some) { // of one row, which has its own gap
    some = std::min(count, C - from % C);
    const double* const h = hi() + from;
    const double absolute = gaps_.absolute[from / C], relative = gaps_.relative[from / C];
    if (*sign_ == Sign::any)
      for (std::size_t j = 0; j < some; ++j) to[j] = absolute == 0 ? h[j] : down(h[j] - absolute);
    else
      for (std::size_t j = 0; j < some; ++j)
        to[j] = h[j] <= least_relative ? 0 : relative == 0 ? h[j] : std::max(0.0, down(h[j] - up(h[j] * relative)));
  }
}

void take(const View& x, std::size_t i, std::size_t j, double* lo, double* hi) {
  const auto& from = static_cast<const Doubles&>(*x.numbers);
  const std::size_t p = x.offset + i * x.row_stride + j * x.column_stride;
  *hi = from.hi()[p];
  if (from.has_lower_ends())
    *lo = from.lo()[p];
  else
    from.lower_ends_of(p, 1, lo);
}
MadeDoubles copy(const View& x) {
  const MadeDoubles r = make(x.shape);
  double *lo = r->lo(), *hi = r->hi();
  for (std::size_t i = 0; i < x.shape.rows; ++i)
    for (std::size_t j = 0; j < x.shape.columns; ++j) take(x, i, j, lo++, hi++);
  return r;
}

Source::Source(const View& x) : In{nullptr, nullptr, x.row_stride, x.column_stride} {
  keep_ = std::static_pointer_cast<const Doubles>(x.numbers);
  std::size_t offset = x.offset;
  if (!keep_->has_lower_ends()) { // what repeats is copied once
    View once = x;
    if (row == 0) once.shape.rows = std::min<std::size_t>(1, once.shape.rows);
    if (column == 0) once.shape.columns = std::min<std::size_t>(1, once.shape.columns);
    keep_ = copy(once);
    offset = 0;
    if (row != 0) row = once.shape.columns;
    if (column != 0) column = 1;
  }
  lo = keep_->lo() + offset, hi = keep_->hi() + offset;
}

Rows::Rows(const View& x) : count(x.shape.rows), length(x.shape.columns) {
  keep_ = std::static_pointer_cast<const Doubles>(x.numbers);
  std::size_t offset = x.offset;
  const bool whole = x.column_stride == 1 && x.row_stride == length && keep_->shape.columns == length && length > 0 &&
                     offset % length == 0;
  if (!whole) {
    keep_ = copy(x);
    offset = 0;
  }
  hi = keep_->hi() + offset;
  const std::size_t first = length == 0 ? 0 : offset / length;
  absolute = std::span(keep_->gaps().absolute).subspan(first, count);
  relative = std::span(keep_->gaps().relative).subspan(first, count);
  largest = std::span(keep_->gaps().largest).subspan(first, count);
}

} // namespace verifier::kernel::doubles
