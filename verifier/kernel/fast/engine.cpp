#include "fast.hpp"

namespace verifier::kernel {

const Engine& fast() {
  static const doubles::Fast engine;
  return engine;
}

} // namespace verifier::kernel
