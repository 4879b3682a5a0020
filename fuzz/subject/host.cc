#include "fuzz/subject/host.h"

#include <cstdio>
#include <cstdlib>

#include "fuzz/subject/point_log.h"

namespace tpfuzz {

void calling::no_host() {
  std::fputs("tpfuzz: a subject was called outside of an execution\n", stderr);
  std::abort();
}

void pass_point(tp::Point point) {
  PointLog& log = point_log;
  if ((log.asks & bit(point)) != 0 || log.steps == 0) return host().point(point);
  --log.steps;
  Event event = log.stamp;
  event.point = point;
  *log.next++ = event;
}

}  // namespace tpfuzz
