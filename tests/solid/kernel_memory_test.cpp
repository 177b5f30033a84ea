// The kernel's allocator: zeroed blocks of every size, kept apart, grown in place or moved, freed by another thread.
#include <gtest/gtest.h>

#include <Standard.hxx>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace {

bool isAll(const void* block, std::size_t size, unsigned char value) {
  const auto* bytes = static_cast<const unsigned char*>(block);
  return std::all_of(bytes, bytes + size, [value](unsigned char b) { return b == value; });
}

TEST(KernelMemory, blocksAreZeroedAlignedAndApart) {
  std::mt19937 random(7);
  struct Block {
    void* memory;
    std::size_t size;
    unsigned char fill;
  };
  std::vector<Block> blocks;
  for (int round = 0; round < 20000; ++round) {
    if (!blocks.empty() && random() % 2 == 0) {
      const std::size_t victim = random() % blocks.size();
      EXPECT_TRUE(isAll(blocks[victim].memory, blocks[victim].size, blocks[victim].fill));
      Standard::Free(blocks[victim].memory);
      blocks[victim] = blocks.back();
      blocks.pop_back();
      continue;
    }
    const std::size_t size = random() % 10 == 0 ? random() % 5000 : random() % 200;
    void* memory = Standard::Allocate(size);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 8, 0u);
    EXPECT_TRUE(isAll(memory, size, 0));
    const auto fill = static_cast<unsigned char>(1 + random() % 255);
    std::memset(memory, fill, size);
    blocks.push_back({memory, size, fill});
  }
  for (const Block& block : blocks) {
    EXPECT_TRUE(isAll(block.memory, block.size, block.fill));
    Standard::Free(block.memory);
  }
}

TEST(KernelMemory, growingKeepsTheContent) {
  void* memory = Standard::Allocate(10);
  std::memset(memory, 7, 10);
  std::size_t held = 10;
  for (const std::size_t size : {20u, 100u, 1000u, 1100u, 5000u, 100000u, 50u}) {
    memory = Standard::Reallocate(memory, size);
    EXPECT_TRUE(isAll(memory, std::min(held, size), 7));
    std::memset(memory, 7, size);
    held = size;
  }
  Standard::Free(memory);
  void* fresh = Standard::Reallocate(nullptr, 30);
  EXPECT_NE(fresh, nullptr);
  Standard::Free(fresh);
}

TEST(KernelMemory, freedByAnotherThread) {
  std::vector<void*> blocks(1000);
  for (void*& block : blocks) block = Standard::Allocate(48);
  std::thread other([&blocks] {
    for (void* block : blocks) Standard::Free(block);
    for (void*& block : blocks) block = Standard::Allocate(48);
  });
  other.join();
  for (void* block : blocks) {
    EXPECT_TRUE(isAll(block, 48, 0));
    Standard::Free(block);
  }
}

TEST(KernelMemory, nothingToFree) { Standard::Free(static_cast<void*>(nullptr)); }

}  // namespace
