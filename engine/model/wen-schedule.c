/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The learning rate of each step: it rises in a straight line while training
 * warms up, and then falls as the recipe says. */

#include "config.h"

#include "wen-schedule-private.h"

#include <math.h>

/* step: from 1 to n_steps.  The last step of a decay is the last one above zero. */
double
wen_schedule_get_learning_rate (const WenRecipe *recipe,
                                guint64          step,
                                guint64          n_steps)
{
  double n_warmup_steps = floor (recipe->warmup_share * (double) n_steps);
  double done;

  if ((double) step <= n_warmup_steps)
    return recipe->learning_rate * (double) step / n_warmup_steps;

  /* Share of the decay that lies behind the step, from 0 to just below 1. */
  done = ((double) step - 1 - n_warmup_steps) / ((double) n_steps - n_warmup_steps);
  switch (recipe->decay)
    {
    case WEN_DECAY_LINEAR:
      return recipe->learning_rate * (1 - done);
    case WEN_DECAY_COSINE:
      return recipe->learning_rate * 0.5 * (1 + cos (G_PI * done));
    case WEN_DECAY_NONE:
    default:
      return recipe->learning_rate;
    }
}
