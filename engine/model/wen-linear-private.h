/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "linear": a weight for each n-gram and label, of support vector machines. */

#pragma once

#include "wen-ngram-model-private.h"

#define WEN_TYPE_LINEAR (wen_linear_get_type ())
G_DECLARE_FINAL_TYPE (WenLinear, wen_linear, WEN, LINEAR, WenNgramModel)
