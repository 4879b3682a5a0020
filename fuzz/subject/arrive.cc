#include "fuzz/subject/arrive.h"

#include <algorithm>

#include "fuzz/subject/arguments.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/point_log.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

// Whether they are live is judged first, so that the verdict comes before AddressSanitizer's report.
void touch(const ProbeObjects& objects, const void* data, std::uint64_t entry) {
  if (!objects.functions().live(entry) || !objects.data().live(data)) host().late();
  if (data != nullptr) static_cast<void>(*static_cast<const volatile char*>(data));
}

// Whether `value` is what was passed as `argument`; if not, the Host knows.
bool judge(int argument, std::uint64_t value, const ArgumentValues& passed) {
  if (value == passed[static_cast<std::size_t>(argument)]) return true;
  const auto other = std::ranges::find(passed, value);
  host().wrong_argument(argument, value == 0              ? kGotNothing
                                  : other != passed.end() ? static_cast<int>(other - passed.begin())
                                                          : kGotOther);
  return false;
}

// Up to the first wrong one. The object comes last, as to look at it may be a fault. A function owns its arguments and
// may use them up: so the object is moved away.
void take_arguments(const Arrived& arrived, const CurrentHit& hit) {
  if (hit.tracepoint != kTracepointWithArguments) return;
  const ArgumentValues passed = arguments_of(hit);
  const auto& [rsi, rdx, rcx, r8, r9] = arrived.registers;
  const bool right = judge(0, rsi, passed) && judge(1, rdx, passed) && judge(2, rcx, passed) && judge(4, r9, passed) &&
                     judge(5, arrived.xmm0, passed) && judge(6, arrived.on_stack[0], passed);
  if (!right) return;
  const bool is_address = r8 != 0 && r8 % alignof(Token) == 0;
  if (!is_address) return host().wrong_argument(kTokenArgument, kGotOther);
  auto& token = *reinterpret_cast<Token*>(r8);
  if (judge(kTokenArgument, token.value(), passed)) const Token used(std::move(token));
}

}  // namespace

void arrive(void* data, const Arrived& arrived) {
  const ProbeObjects& objects = ProbeObjects::instance();
  const CurrentHit hit = host().hit();
  host().call(Functions::number_of_entry(arrived.entry), objects.data().number_of(data));
  touch(objects, data, arrived.entry);
  take_arguments(arrived, hit);
  if (!hit.dispatched) pass_point(tp::Point::dispatched);
  if (hit.nests) host().hit_nested();
  touch(objects, data, arrived.entry);
  if (!hit.dispatched) pass_point(tp::Point::called);
}

void clobber(void* object) { *static_cast<volatile char*>(object) = 1; }

}  // namespace tpfuzz
