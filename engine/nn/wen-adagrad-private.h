/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Adagrad with one rate for each row of a table. */

#pragma once

#include <glib.h>

void wen_adagrad_update_row (float       *values,
                             float       *squares,
                             const float *gradient,
                             gsize        n_values,
                             float        rate,
                             float        epsilon,
                             float        shrink);
