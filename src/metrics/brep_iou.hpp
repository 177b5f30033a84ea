// Intersection over union of two solids by the kernel's boolean, in a worker process with limits: a boolean can hang or
// crash. One thread a worker.
#pragma once

#include <optional>
#include <string>

#include "cloud/frame.hpp"
#include "metrics/alignment.hpp"
#include "sandbox/worker_pool.hpp"

namespace cadrecode::metrics {

struct BrepSolid {
  std::string brep;    // bytes of a BREP file
  cloud::Frame frame;  // the solid is compared in this frame's local units,
  Motion motion;       // and moved there
};

struct BrepIou {
  std::optional<double> iou;
  double volumeA = 0, volumeB = 0, volumeBoth = 0;  // in hundredths of the frame's unit, cubed
  std::string reason;                               // why there is no iou: "timeout", "the kernel found no result", ...
};

class BrepIouWorker {
 public:
  explicit BrepIouWorker(sandbox::Limits limits = {.wallSeconds = 20});
  // 0 for solids that have nothing in common. Never throws for what the kernel makes of the solids: see `reason`.
  BrepIou run(const BrepSolid& a, const BrepSolid& b);

 private:
  sandbox::WorkerPool pool_;
};

}  // namespace cadrecode::metrics
