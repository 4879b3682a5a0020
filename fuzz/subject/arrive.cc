#include "fuzz/subject/arrive.h"

#include "fuzz/subject/host.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

// Whether they are live is judged first, so that the verdict comes before AddressSanitizer's report.
void touch(const void* data, unsigned entry) {
  const ProbeObjects& objects = ProbeObjects::instance();
  if (!objects.functions().live(entry) || !objects.data().live(data)) host().late();
  if (data != nullptr) static_cast<void>(*static_cast<const volatile char*>(data));
}

}  // namespace

void arrive(void* data, unsigned entry) {
  const bool direct = !host().dispatched();
  host().call(Functions::number_of_entry(entry), ProbeObjects::instance().data().number_of(data));
  touch(data, entry);
  if (direct) host().point(tp::Point::dispatched);
  host().hit_nested();
  touch(data, entry);
  if (direct) host().point(tp::Point::called);
}

void clobber(void* object) { *static_cast<volatile char*>(object) = 1; }

}  // namespace tpfuzz
