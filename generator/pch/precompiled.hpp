// Headers of other projects that most files include and that take seconds to parse, compiled once. A matter of
// build time alone: every file includes what it uses and compiles without this (meson configure -Db_pch=false).
#include <Eigen/Core>
#include <boost/multiprecision/gmp.hpp>
#include <boost/multiprecision/mpfi.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>
