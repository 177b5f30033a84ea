// OpenCASCADE's memory: small blocks from free lists by size instead of calloc, which misses the C library's own quick
// path and takes a quarter of a boolean operation. These definitions take the place of the ones in libTKernel for the
// whole program (the dynamic linker looks in the executable first). Lists belong to threads; a block may be freed by
// another thread than it came from. Blocks are zeroed, as the kernel's objects expect. What was once taken for small
// blocks stays with the process for the next ones.
#include <Standard.hxx>
#include <Standard_OutOfMemory.hxx>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#if !defined(__SANITIZE_ADDRESS__)

namespace {

constexpr std::size_t kStep = 16;
constexpr std::size_t kClasses = 64;  // up to 1024 bytes
constexpr std::size_t kSlab = 256 * 1024;

// In front of every block. Large blocks have their own allocation and class 0.
struct alignas(kStep) Header {
  std::size_t sizeClass;
  std::size_t size;
};
static_assert(sizeof(Header) == kStep);

struct FreeBlock {
  FreeBlock* next;
};

struct Pool {
  FreeBlock* free[kClasses + 1];
  char* slab;
  std::size_t left;
};

thread_local Pool pool;

Header* headerOf(void* block) { return reinterpret_cast<Header*>(static_cast<char*>(block) - sizeof(Header)); }

void* allocateLarge(std::size_t size) {
  void* memory = std::calloc(1, size + sizeof(Header));
  if (memory == nullptr) throw Standard_OutOfMemory("not enough memory for the kernel");
  auto* header = static_cast<Header*>(memory);
  header->size = size;
  return header + 1;
}

void* carve(std::size_t sizeClass) {
  const std::size_t need = sizeClass * kStep + sizeof(Header);
  if (pool.left < need) {
    pool.slab = static_cast<char*>(std::malloc(kSlab));
    pool.left = pool.slab == nullptr ? 0 : kSlab;
    if (pool.slab == nullptr) throw Standard_OutOfMemory("not enough memory for the kernel");
  }
  auto* header = reinterpret_cast<Header*>(pool.slab);
  pool.slab += need;
  pool.left -= need;
  header->sizeClass = sizeClass;
  return header + 1;
}

}  // namespace

Standard_Address Standard::Allocate(const Standard_Size size) {
  const std::size_t sizeClass = std::max<std::size_t>(1, (size + kStep - 1) / kStep);
  if (sizeClass > kClasses) return allocateLarge(size);
  void* block = pool.free[sizeClass];
  if (block != nullptr) {
    pool.free[sizeClass] = static_cast<FreeBlock*>(block)->next;
  } else {
    block = carve(sizeClass);
  }
  headerOf(block)->size = size;
  std::memset(block, 0, sizeClass * kStep);
  return block;
}

void Standard::Free(const Standard_Address block) {
  if (block == nullptr) return;
  Header* header = headerOf(block);
  if (header->sizeClass == 0) {
    std::free(header);
    return;
  }
  auto* entry = static_cast<FreeBlock*>(block);
  entry->next = pool.free[header->sizeClass];
  pool.free[header->sizeClass] = entry;
}

Standard_Address Standard::Reallocate(const Standard_Address block, const Standard_Size size) {
  if (block == nullptr) return Allocate(size);
  Header* header = headerOf(block);
  if (header->sizeClass > 0 && header->sizeClass * kStep >= size) {
    header->size = size;
    return block;
  }
  void* grown = Allocate(size);
  std::memcpy(grown, block, std::min<std::size_t>(header->size, size));
  Free(block);
  return grown;
}

#endif
