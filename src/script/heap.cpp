#include "core/error.hpp"
#include "script/value.hpp"

namespace cadrecode::script {

namespace {
thread_local Heap* currentHeap = nullptr;
}

Heap& Heap::current() { return *currentHeap; }
void Heap::setCurrent(Heap* heap) { currentHeap = heap; }

void Heap::fail(std::size_t bytes) const {
  throw Error(ErrorCode::limit, "HeapLimit",
              "the script needs more than " + std::to_string(limit_ >> 20) + " MiB of memory (" +
                  std::to_string(bytes) + " bytes more)");
}

// Deletes without recursion: what an object held is queued while another is being deleted.
void Heap::destroy(Object* object) {
  if (destroying_) {
    dead_.push_back(object);
    return;
  }
  Heap* outside = currentHeap;
  currentHeap = this;
  destroying_ = true;
  delete object;
  while (!dead_.empty()) {
    Object* next = dead_.back();
    dead_.pop_back();
    delete next;
  }
  destroying_ = false;
  currentHeap = outside;
}

void Heap::collect() {
  std::vector<Object*> all;
  all.reserve(count_);
  for (Object* object = first_; object; object = object->next_) {
    object->retain();
    all.push_back(object);
  }
  for (Object* object : all) object->clear();
  for (Object* object : all) object->release();
}

Object::Object(Kind kind, Class* cls)
    : heap_(currentHeap), cls_(cls), serial_(++currentHeap->serial_), kind_(kind), permanent_(currentHeap->permanent_) {
  if (permanent_) return;
  ++heap_->count_;
  next_ = heap_->first_;
  if (next_) next_->previous_ = this;
  heap_->first_ = this;
}

Object::~Object() {
  if (permanent_) return;
  --heap_->count_;
  if (previous_) {
    previous_->next_ = next_;
  } else {
    heap_->first_ = next_;
  }
  if (next_) next_->previous_ = previous_;
}

void* Object::operator new(std::size_t size) {
  currentHeap->charge(size);
  return ::operator new(size);
}
void Object::operator delete(void* pointer, std::size_t size) {
  currentHeap->discharge(size);
  ::operator delete(pointer);
}

}  // namespace cadrecode::script
