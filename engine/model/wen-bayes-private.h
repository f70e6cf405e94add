/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "bayes": how often each n-gram stands in the texts of each label. */

#pragma once

#include "wen-ngram-model-private.h"

#define WEN_TYPE_BAYES (wen_bayes_get_type ())
G_DECLARE_FINAL_TYPE (WenBayes, wen_bayes, WEN, BAYES, WenNgramModel)
