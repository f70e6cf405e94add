/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The safetensors file format: named arrays of numbers. */

#pragma once

#include <gio/gio.h>

#include "wen-encoder-private.h"

GBytes  *wen_safetensors_write (const WenTensor *tensors,
                                gsize            n_tensors);
gsize    wen_safetensors_get_length (GBytes      *bytes,
                                     const char  *name);
gboolean wen_safetensors_read  (GBytes          *bytes,
                                const WenTensor *tensors,
                                gsize            n_tensors,
                                GError         **error);
