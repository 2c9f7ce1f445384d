// What the C++ library of Debian's emscripten (LLVM 13) lacks of C++20 and the verifier uses. Included before every source by
// web/build, and by nothing else.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <thread>

static_assert(_LIBCPP_VERSION < 15000, "this library has what web/libcxx.hpp adds: remove it from web/build");

namespace std::ranges {

// What an algorithm compares: the projection of an element.
template <class F, class Projection>
constexpr auto projected(F f, Projection p) {
  return [f, p](auto&& x) mutable -> bool { return std::invoke(f, std::invoke(p, x)); };
}
template <class F, class Projection>
constexpr auto both_projected(F f, Projection p) {
  return [f, p](auto&& x, auto&& y) mutable -> bool { return std::invoke(f, std::invoke(p, x), std::invoke(p, y)); };
}

template <class R, class P, class Projection = identity>
constexpr bool all_of(R&& r, P p, Projection by = {}) {
  return std::all_of(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class P, class Projection = identity>
constexpr bool any_of(R&& r, P p, Projection by = {}) {
  return std::any_of(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class P, class Projection = identity>
constexpr bool none_of(R&& r, P p, Projection by = {}) {
  return std::none_of(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class P, class Projection = identity>
constexpr auto find_if(R&& r, P p, Projection by = {}) {
  return std::find_if(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class T, class Projection = identity>
constexpr auto find(R&& r, const T& x, Projection by = {}) {
  return std::find_if(std::begin(r), std::end(r), [&](auto&& y) { return std::invoke(by, y) == x; });
}
template <class R, class P, class Projection = identity>
constexpr auto count_if(R&& r, P p, Projection by = {}) {
  return std::count_if(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class T, class Projection = identity>
constexpr auto count(R&& r, const T& x, Projection by = {}) {
  return std::count_if(std::begin(r), std::end(r), [&](auto&& y) { return std::invoke(by, y) == x; });
}
template <class R, class Out>
constexpr void copy(R&& r, Out to) {
  std::copy(std::begin(r), std::end(r), to);
}
template <class R, class T>
constexpr void fill(R&& r, const T& x) {
  std::fill(std::begin(r), std::end(r), x);
}
template <class R, class Less = std::less<>, class Projection = identity>
constexpr void sort(R&& r, Less less = {}, Projection by = {}) {
  std::sort(std::begin(r), std::end(r), both_projected(less, by));
}
template <class R, class Less = std::less<>, class Projection = identity>
void stable_sort(R&& r, Less less = {}, Projection by = {}) {
  std::stable_sort(std::begin(r), std::end(r), both_projected(less, by));
}
template <class R, class Less = std::less<>, class Projection = identity>
constexpr bool is_sorted(R&& r, Less less = {}, Projection by = {}) {
  return std::is_sorted(std::begin(r), std::end(r), both_projected(less, by));
}
template <class R, class Less = std::less<>, class Projection = identity>
constexpr auto max_element(R&& r, Less less = {}, Projection by = {}) {
  return std::max_element(std::begin(r), std::end(r), both_projected(less, by));
}
template <class R, class Less = std::less<>, class Projection = identity>
constexpr auto min_element(R&& r, Less less = {}, Projection by = {}) {
  return std::min_element(std::begin(r), std::end(r), both_projected(less, by));
}
template <class R>
constexpr auto max(R&& r) {
  return *std::max_element(std::begin(r), std::end(r));
}
template <class R>
constexpr auto min(R&& r) {
  return *std::min_element(std::begin(r), std::end(r));
}
template <class R, class P, class Projection = identity>
constexpr auto partition_point(R&& r, P p, Projection by = {}) {
  return std::partition_point(std::begin(r), std::end(r), projected(p, by));
}
template <class R, class T, class Less = std::less<>, class Projection = identity>
constexpr auto lower_bound(R&& r, const T& x, Less less = {}, Projection by = {}) {
  return std::lower_bound(std::begin(r), std::end(r), x,
                          [&](auto&& y, const T& value) { return std::invoke(less, std::invoke(by, y), value); });
}
template <class R, class T, class Less = std::less<>, class Projection = identity>
constexpr bool binary_search(R&& r, const T& x, Less less = {}, Projection by = {}) {
  const auto found = ranges::lower_bound(r, x, less, by);
  return found != std::end(r) && !std::invoke(less, x, std::invoke(by, *found));
}

} // namespace std::ranges

namespace std {

// Here there are no threads: making one throws, as the standard has it, so that none is ever joined.
using jthread = thread;

template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  return __builtin_bit_cast(To, from);
}

} // namespace std
