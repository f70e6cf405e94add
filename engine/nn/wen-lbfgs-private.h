/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds the least value of a smooth function of many numbers. */

#pragma once

#include <glib.h>

/* Returns the value at x, and writes the gradient [n_values]. */
typedef double (*WenObjectiveFunc) (const double *x,
                                    double       *gradient,
                                    gpointer      user_data);

/* Asked between two iterations; TRUE ends the search with the best so far. */
typedef gboolean (*WenStopFunc) (gpointer user_data);

double wen_lbfgs_minimize (double           *x,
                           gsize             n_values,
                           guint             max_iterations,
                           double            tolerance,
                           WenObjectiveFunc  objective,
                           WenStopFunc       stops,
                           gpointer          user_data);
