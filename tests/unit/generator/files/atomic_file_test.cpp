#include "files/atomic_file.hpp"
#include "refusal.hpp"
#include "temporary_directory.hpp"

#include <doctest/doctest.h>

using namespace proofmark;

TEST_CASE("a committed file is complete and alone") {
  const TemporaryDirectory directory;
  const std::string large(3'000'000, 'x');
  write_file(directory / "large", large);
  CHECK(read_text(directory / "large") == large);
  write_file(directory / "large", "small");
  CHECK(read_text(directory / "large") == "small");
  write_file(directory / "empty", "");
  CHECK(read_text(directory / "empty").empty());
  CHECK(directory.size() == 2);
}

TEST_CASE("without commit nothing changes and nothing is left") {
  const TemporaryDirectory directory;
  write_text(directory / "old", "old");
  {
    AtomicFile changed(directory / "old"), created(directory / "new");
    changed.write(std::string(3'000'000, 'x'));
    created.write("new");
    CHECK(read_text(directory / "old") == "old");
    CHECK_FALSE(std::filesystem::exists(directory / "new"));
  }
  CHECK(read_text(directory / "old") == "old");
  CHECK(directory.size() == 1);
}

TEST_CASE("a link is followed, a device is written to") {
  const TemporaryDirectory directory;
  write_text(directory / "target", "old");
  std::filesystem::create_symlink("target", directory / "link");
  write_file(directory / "link", "new");
  CHECK(std::filesystem::is_symlink(directory / "link"));
  CHECK(read_text(directory / "target") == "new");

  write_file("/dev/null", "gone");
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("what cannot be written is refused by name") {
  const TemporaryDirectory directory;
  const auto missing = refusal([&] { write_file(directory / "no/such/file", "x"); });
  REQUIRE(missing);
  CHECK(missing->exit == Exit::io);
  CHECK(std::string(missing->what()).find("no/such/file") != std::string::npos);
  CHECK(missing->hint == "the directory must exist already");

  for (const std::filesystem::path& path : {directory.path, directory / "new/", std::filesystem::path()}) {
    const auto refused = refusal([&] { write_file(path, "x"); });
    REQUIRE(refused);
    CHECK(refused->exit == Exit::io);
  }
  CHECK(directory.size() == 0);

  const auto full = refusal([&] { write_file("/dev/full", "x"); });
  REQUIRE(full);
  CHECK(full->exit == Exit::io);
}
