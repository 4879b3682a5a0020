#include "counted.h"

extern "C" int plugin_sum() { return sum_of_two(); }
