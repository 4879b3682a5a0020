#include <linux/static_key.h>
