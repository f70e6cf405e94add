/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The moving average of the weights.
 *
 * DESIGN.  After step t the average of a weight is
 *
 *   average_t = average_{t - 1} + share_t * (weight_t - average_{t - 1})
 *   share_t   = the larger of 1 - keep and 5 / (t + 4)
 *
 * At the beginning it is therefore an average over about the last fifth of all steps,
 * so that a short training does not end with what it began with, and later over
 * about the last 1 / (1 - keep) of them.  While a weight stays as it is, many steps are
 * one multiplication, so the rows of n-grams catch up when they occur again, and when
 * the average is looked at.
 *
 * To be looked at, average and weights change places, since everybody who predicts or
 * keeps weights reads the encoder's.
 *
 * Source: Polyak and Juditsky 1992, "Acceleration of stochastic approximation by
 * averaging"; Shamir and Zhang 2013, "Stochastic gradient descent for non-smooth
 * optimization", section 4, for the beginning. */

#include "config.h"

#include "wen-encoder-trainer-parts-private.h"

#include <math.h>

/* The beginning: share_t = (ORDER + 1) / (t + ORDER). */
#define ORDER 4

/* The last step of the beginning. */
static double
get_beginning (double keep)
{
  return floor ((ORDER + 1) / (1.0 - keep) - ORDER);
}

static double
get_share (double  keep,
           guint64 step)
{
  return (double) step <= get_beginning (keep) ? (ORDER + 1) / ((double) step + ORDER) : 1.0 - keep;
}

/* How much is left of an average after steps in which the weight does not change: the
 * product of 1 - share_t over all t from first + 1 to last. */
static double
get_kept (double keep,
          double first,
          double last)
{
  double turn = CLAMP (get_beginning (keep), first, last);
  double kept = pow (keep, last - turn);

  /* Of (t - 1) / (t + ORDER), most cancel out. */
  for (guint i = 0; i <= ORDER && turn > first; i++)
    kept *= (first + i) / (turn + i);
  return kept;
}

/* Round 3, after the update of a range of the block. */
void
wen_encoder_trainer_average_range (WenEncoderTrainer *self,
                                   gsize              begin,
                                   gsize              end)
{
  wen_approach (self->averages + begin, self->encoder->parameters + begin, end - begin,
                (float) get_share (self->config.weight_averaging, self->step));
}

/* Brings the average of a row up to a step, where the row has not changed since the
 * step up to which its average has come. */
void
wen_encoder_trainer_average_ngram (WenEncoderTrainer *self,
                                   gsize              row,
                                   guint64            step)
{
  double first = (double) self->ngram_steps[row];
  gsize  hidden_size = self->encoder->config.hidden_size;
  gsize  offset = self->encoder->n_dense_parameters + row * hidden_size;
  double kept;

  if ((double) step <= first)
    return;
  kept = get_kept (self->config.weight_averaging, first, (double) step);
  wen_approach (self->averages + offset, self->encoder->parameters + offset, hidden_size, (float) (1.0 - kept));
  self->ngram_steps[row] = (float) step;
}

static void
catch_up_part (guint    index,
               gpointer data)
{
  WenEncoderTrainer *self = data;
  gsize              n_ngrams = self->encoder->config.n_ngrams;
  gsize              end = wen_part_begin (self, index + 1, n_ngrams, 1);

  for (gsize row = wen_part_begin (self, index, n_ngrams, 1); row < end; row++)
    wen_encoder_trainer_average_ngram (self, row, self->step);
}

/*< private >
 * wen_encoder_trainer_show_average:
 * @self: a trainer
 * @show: whether the encoder is to have the average of its weights
 * @step: the last step that was run
 *
 * Puts the average of the weights into the encoder, to look at it, or the weights
 * themselves, to go on training.
 *
 * Does nothing where there is no average, or where it is so already.
 */
void
wen_encoder_trainer_show_average (WenEncoderTrainer *self,
                                  gboolean           show,
                                  guint64            step)
{
  g_return_if_fail (self != NULL);

  if (self->averages == NULL || step == 0 || show == (self->shows_average > 0.0f))
    return;

  self->step = step;
  if (show)
    wen_worker_pool_run (self->pool, catch_up_part, self);
  for (gsize i = 0; i < self->encoder->n_parameters; i++)
    {
      float value = self->encoder->parameters[i];

      self->encoder->parameters[i] = self->averages[i];
      self->averages[i] = value;
    }
  self->shows_average = show ? 1.0f : 0.0f;
}
