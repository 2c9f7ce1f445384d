// Loops that are compiled for several kinds of processor, so that one build is fast on all of them.
//
// Every kind gives the same bits, as long as what a loop computes does not depend on the length of vectors: operations on
// elements, and sums in an order that the source fixes. The compiler contracts nothing (-ffp-contract=off) and reorders no
// sum.
#pragma once

#include <type_traits>

namespace proofmark {

namespace vectors {

// How many bytes a vector has, as a type.
template <int bytes>
using Bytes = std::integral_constant<int, bytes>;

template <class Work>
[[gnu::flatten]] void with_any(const Work& work) {
  work(Bytes<16>());
}

#ifdef __x86_64__
template <class Work>
[[gnu::target("avx2"), gnu::flatten]] void with_avx2(const Work& work) {
  work(Bytes<32>());
}

template <class Work>
[[gnu::target("avx512f"), gnu::flatten]] void with_avx512(const Work& work) {
  work(Bytes<64>());
}
#endif

} // namespace vectors

// Calls work(bytes), compiled for the longest vectors that this processor has.
template <class Work>
void with_longest_vectors(const Work& work) {
#ifdef __x86_64__
  static const bool avx512 = __builtin_cpu_supports("avx512f"), avx2 = __builtin_cpu_supports("avx2");
  if (avx512) return vectors::with_avx512(work);
  if (avx2) return vectors::with_avx2(work);
#endif
  vectors::with_any(work);
}

} // namespace proofmark
