/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* L-BFGS: steps along the gradient, bent by what the last steps told about the
 * curvature.
 *
 * A step is halved until it lowers the value by a part of what the slope promises.
 * The function must be smooth, and is best convex.
 *
 * Source: Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and 3.1. */

#include "config.h"

#include "wen-lbfgs-private.h"

#include <math.h>
#include <string.h>

#define N_PAIRS 10
#define MAX_HALVINGS 30
#define SUFFICIENT_DECREASE 1e-4
#define LEAST_CURVATURE 1e-12

/* What the last steps were, and how they changed the gradient; a ring. */
typedef struct
{
  gsize   n_values;
  guint   n_pairs;
  guint   next;
  double *steps;              /* [N_PAIRS][n_values] */
  double *changes;            /* [N_PAIRS][n_values] */
  double  products[N_PAIRS];  /* step · change */
} Memory;

static double
multiply (const double *a,
          const double *b,
          gsize         n_values)
{
  double sum = 0;

  for (gsize i = 0; i < n_values; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
add_scaled (double       *sum,
            const double *values,
            double        scale,
            gsize         n_values)
{
  for (gsize i = 0; i < n_values; i++)
    sum[i] += scale * values[i];
}

/* The pair that is i steps back: 0 is the newest. */
static guint
get_pair (const Memory *memory,
          guint         i)
{
  return (memory->next + N_PAIRS - 1 - i) % N_PAIRS;
}

/* Writes where to go: minus the gradient times the inverse curvature. */
static void
find_direction (const Memory *memory,
                const double *gradient,
                double       *direction)
{
  gsize n_values = memory->n_values;
  double shares[N_PAIRS];

  for (gsize i = 0; i < n_values; i++)
    direction[i] = -gradient[i];
  for (guint i = 0; i < memory->n_pairs; i++)
    {
      guint pair = get_pair (memory, i);

      shares[pair] = multiply (memory->steps + pair * n_values, direction, n_values) / memory->products[pair];
      add_scaled (direction, memory->changes + pair * n_values, -shares[pair], n_values);
    }
  if (memory->n_pairs > 0)
    {
      guint newest = get_pair (memory, 0);
      const double *change = memory->changes + newest * n_values;
      double scale = memory->products[newest] / multiply (change, change, n_values);

      for (gsize i = 0; i < n_values; i++)
        direction[i] *= scale;
    }
  for (guint i = memory->n_pairs; i-- > 0;)
    {
      guint pair = get_pair (memory, i);
      double back = multiply (memory->changes + pair * n_values, direction, n_values) / memory->products[pair];

      add_scaled (direction, memory->steps + pair * n_values, shares[pair] - back, n_values);
    }
}

/* Keeps a step, unless it tells of no curvature. */
static void
remember (Memory       *memory,
          const double *x,
          const double *new_x,
          const double *gradient,
          const double *new_gradient)
{
  double *step = memory->steps + memory->next * memory->n_values;
  double *change = memory->changes + memory->next * memory->n_values;
  double product;

  for (gsize i = 0; i < memory->n_values; i++)
    {
      step[i] = new_x[i] - x[i];
      change[i] = new_gradient[i] - gradient[i];
    }
  product = multiply (step, change, memory->n_values);
  if (product <= LEAST_CURVATURE * multiply (change, change, memory->n_values))
    return;
  memory->products[memory->next] = product;
  memory->next = (memory->next + 1) % N_PAIRS;
  memory->n_pairs = MIN (N_PAIRS, memory->n_pairs + 1);
}

/* Goes from x to the least value of a function that can be found in max_iterations, or
 * until no part of the gradient is larger than tolerance.  stops may be NULL.  Returns
 * the value there. */
double
wen_lbfgs_minimize (double           *x,
                    gsize             n_values,
                    guint             max_iterations,
                    double            tolerance,
                    WenObjectiveFunc  objective,
                    WenStopFunc       stops,
                    gpointer          user_data)
{
  g_autofree double *gradient = g_new (double, n_values);
  g_autofree double *new_gradient = g_new (double, n_values);
  g_autofree double *new_x = g_new (double, n_values);
  g_autofree double *direction = g_new (double, n_values);
  g_autofree double *steps = g_new (double, N_PAIRS * n_values);
  g_autofree double *changes = g_new (double, N_PAIRS * n_values);
  Memory memory = { .n_values = n_values, .steps = steps, .changes = changes };
  double value = objective (x, gradient, user_data);

  for (guint iteration = 0; iteration < max_iterations; iteration++)
    {
      double largest = 0;
      double slope;
      double length;
      double new_value = value;
      guint n_halvings = 0;

      for (gsize i = 0; i < n_values; i++)
        largest = MAX (largest, fabs (gradient[i]));
      if (largest <= tolerance || (stops != NULL && stops (user_data)))
        break;

      find_direction (&memory, gradient, direction);
      slope = multiply (gradient, direction, n_values);
      length = memory.n_pairs > 0 ? 1 : MIN (1, 1 / largest);
      for (; n_halvings < MAX_HALVINGS; n_halvings++, length /= 2)
        {
          memcpy (new_x, x, n_values * sizeof *x);
          add_scaled (new_x, direction, length, n_values);
          new_value = objective (new_x, new_gradient, user_data);
          if (new_value <= value + SUFFICIENT_DECREASE * length * slope)
            break;
        }
      /* As far as the precision of the value allows. */
      if (n_halvings == MAX_HALVINGS)
        break;

      remember (&memory, x, new_x, gradient, new_gradient);
      memcpy (x, new_x, n_values * sizeof *x);
      memcpy (gradient, new_gradient, n_values * sizeof *gradient);
      value = new_value;
    }
  return value;
}
