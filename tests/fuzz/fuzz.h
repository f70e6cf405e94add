/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What libFuzzer, or the driver beside it, calls with each input. */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* Inputs to begin with, and signs that mean something in them; both end with NULL. */
extern const char *const fuzz_inputs[];
extern const char *const fuzz_signs[];

int LLVMFuzzerTestOneInput (const uint8_t *bytes,
                            size_t         n_bytes);
