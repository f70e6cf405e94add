/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How gradients change a classifier of bags of embeddings, and the moving average of it.
 *
 * Adam changes the layers, and AdaGrad the rows of the table, of which most are in few
 * batches: a step must not touch the others.  So weight decay stands still in steps
 * without the row, and the moving average catches up when the row comes again, or the
 * average is wanted.  Biases do not decay.
 *
 * DESIGN.  Adam for rows, its moments standing still in between as in PyTorch's
 * "SparseAdam", takes its largest steps for the rarest n-grams: two labels were learnt by
 * heart in one epoch, and the state was as large as three tables.  A square of its own
 * for each number of a row was no better than one for the row. */

#include "config.h"

#include "wen-bag-optimizer-private.h"

#include <math.h>
#include <string.h>

/* How much faster rows learn than layers. */
#define ROW_RATE 3.0f
#define ROW_EPSILON 1e-10f

static gboolean
has_average (const WenBagOptimizer *self)
{
  return self->config->averaging > 0;
}

static void
add_state (WenBagOptimizer *self,
           const char      *name,
           float           *values,
           gsize            n_values)
{
  wen_tensor_set (&self->state[self->n_state++], name, values, n_values, 0);
}

/* bag and config must outlive the optimizer. */
void
wen_bag_optimizer_init (WenBagOptimizer            *self,
                        WenBag                     *bag,
                        const WenBagTrainingConfig *config)
{
  const WenBagConfig *shape = wen_bag_get_config (bag);
  gsize n_rows = wen_bag_count_rows (shape);
  gsize n_head;

  *self = (WenBagOptimizer) { .shape = shape, .config = config };
  self->parameters = wen_bag_get_parameters (bag, &self->n_parameters);
  self->n_embeddings = n_rows * shape->hidden_size;
  self->weights = self->parameters;
  n_head = self->n_parameters - self->n_embeddings;
  self->means = g_new0 (float, n_head);
  self->squares = g_new0 (float, n_head);
  self->row_squares = g_new0 (float, n_rows);
  add_state (self, "optimizer.mean", self->means, n_head);
  add_state (self, "optimizer.square", self->squares, n_head);
  add_state (self, "optimizer.row_square", self->row_squares, n_rows);
  if (!has_average (self))
    return;

  self->weights = g_aligned_alloc (self->n_parameters, sizeof (float), 64);
  memcpy (self->weights, self->parameters, self->n_parameters * sizeof (float));
  self->averaged = g_new0 (float, n_rows);
  wen_lazy_average_init (&self->average, config->averaging, (gsize) config->n_epoch_steps);
  add_state (self, "optimizer.weight", self->weights, self->n_parameters);
  add_state (self, "optimizer.averaged", self->averaged, n_rows);
}

void
wen_bag_optimizer_clear (WenBagOptimizer *self)
{
  if (has_average (self))
    g_aligned_free (self->weights);
  g_free (self->means);
  g_free (self->squares);
  g_free (self->row_squares);
  g_free (self->averaged);
  wen_lazy_average_clear (&self->average);
}

/* step: from 1, over all epochs. */
void
wen_bag_optimizer_begin_step (WenBagOptimizer *self,
                              guint64          step,
                              float            learning_rate)
{
  const WenBagTrainingConfig *config = self->config;

  self->row_rate = ROW_RATE * learning_rate;
  self->adam = (WenAdam) {
    .gradient_scale = 1.0f,
    .beta1 = config->beta1,
    .beta2 = config->beta2,
    .rate = (float) ((double) learning_rate / (1.0 - pow ((double) config->beta1, (double) step))),
    .root_scale = (float) (1.0 / sqrt (1.0 - pow ((double) config->beta2, (double) step))),
    .epsilon = config->epsilon,
    .shrink = 1.0f - learning_rate * config->weight_decay,
  };
  if (has_average (self))
    self->epoch_step = wen_lazy_average_begin_step (&self->average, step);
}

/* Of the table. */
void
wen_bag_optimizer_update_row (WenBagOptimizer *self,
                              gsize            row,
                              const float     *gradient)
{
  gsize hidden_size = self->shape->hidden_size;
  gsize offset = row * hidden_size;
  float rate = wen_adagrad_get_rate (&self->row_squares[row], gradient, hidden_size, 1.0f, self->row_rate, ROW_EPSILON);

  if (has_average (self))
    {
      wen_lazy_average_catch_up (&self->average, self->parameters + offset, self->weights + offset, hidden_size,
                                 (gsize) self->averaged[row], self->epoch_step - 1);
      self->averaged[row] = (float) (self->epoch_step - 1);
    }
  wen_descend (self->weights + offset, gradient, hidden_size, rate, self->adam.shrink);
}

/* A range of the parameters that are not embeddings, counted from the first of these.
 *
 *   head_gradient   [n_parameters - n_embeddings] */
void
wen_bag_optimizer_update_head (WenBagOptimizer *self,
                               const float     *head_gradient,
                               gsize            begin,
                               gsize            end)
{
  gsize n_hidden = (gsize) self->shape->head_size * self->shape->hidden_size;
  gsize n_classifier = (gsize) self->shape->n_labels * wen_bag_get_n_features (self->shape);
  const struct
  {
    gsize    n_values;
    gboolean decays;
  } tensors[] = {
    { n_hidden, TRUE }, { self->shape->head_size, FALSE }, { n_classifier, TRUE }, { self->shape->n_labels, FALSE },
  };
  gsize tensor_begin = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      gsize tensor_end = tensor_begin + tensors[i].n_values;
      gsize first = MAX (begin, tensor_begin);
      gsize last = MIN (end, tensor_end);
      gsize offset = self->n_embeddings + first;
      WenAdam adam = self->adam;

      tensor_begin = tensor_end;
      if (first >= last)
        continue;
      if (!tensors[i].decays)
        adam.shrink = 1.0f;
      wen_adam_update (self->weights + offset, self->means + first, self->squares + first, head_gradient + first,
                       last - first, &adam);
      if (has_average (self))
        wen_lazy_average_catch_up (&self->average, self->parameters + offset, self->weights + offset, last - first,
                                   self->epoch_step - 1, self->epoch_step);
    }
}

/* Brings the averages of a range of rows to those after the step. */
void
wen_bag_optimizer_catch_up (WenBagOptimizer *self,
                            gsize            begin,
                            gsize            end)
{
  gsize hidden_size = self->shape->hidden_size;
  gboolean epoch_ends = self->epoch_step == self->average.n_steps;

  for (gsize row = begin; row < end; row++)
    {
      wen_lazy_average_catch_up (&self->average, self->parameters + row * hidden_size,
                                 self->weights + row * hidden_size, hidden_size, (gsize) self->averaged[row],
                                 self->epoch_step);
      self->averaged[row] = epoch_ends ? 0.0f : (float) self->epoch_step;
    }
}

/* After the state was set to that of a checkpoint, which may hold anything. */
void
wen_bag_optimizer_restore (WenBagOptimizer *self)
{
  gsize n_rows = wen_bag_count_rows (self->shape);

  if (!has_average (self))
    return;
  for (gsize row = 0; row < n_rows; row++)
    if (!(self->averaged[row] >= 0.0f && self->averaged[row] <= (float) self->average.n_steps))
      self->averaged[row] = 0.0f;
}
