/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dropout whose choices are a function of what is dropped: see the header. */

#include "config.h"

#include "wen-dropout-private.h"
#include "wen-random-private.h"

/* Numbers the uses of one seed: weights take the streams from 0 on, see
 * wen_encoder_initialize(). */
#define DROPOUT_STREAM G_GUINT64_CONSTANT (0x64726f706f757400)

/*< private >
 * wen_dropout_new:
 * @rate: the share of elements that are dropped, in [0, 1)
 * @seed: the seed of the run
 * @step: the step of the run
 * @place: which dropout of the network, below 256
 *
 * Prepares the choices of one dropout in one step.
 *
 * Returns: the choices
 */
WenDropout
wen_dropout_new (float   rate,
                 guint64 seed,
                 guint64 step,
                 guint   place)
{
  guint64    key = wen_random_u64 (seed, DROPOUT_STREAM + place, step);
  WenDropout dropout = { (guint32) key, (guint32) (key >> 32), 0, 1.0f };

  if (rate > 0.0f)
    {
      dropout.threshold = (guint32) ((double) rate * 0x1p31);
      dropout.scale = 1.0f / (1.0f - rate);
    }

  return dropout;
}

/* rows *= dropout; the backward pass is the same.
 *
 *   rows      [n_rows][n_columns]
 *   row_ids   [n_rows]: what the choices of each row hang on */
WEN_VARIANTS void
wen_dropout_apply (float         *restrict rows,
                   const guint32 *restrict row_ids,
                   gsize                   n_rows,
                   gsize                   n_columns,
                   WenDropout              dropout)
{
  if (dropout.threshold == 0)
    return;

  for (gsize i = 0; i < n_rows; i++)
    {
      float   *restrict row = rows + i * n_columns;
      guint32           key = wen_dropout_row_key (dropout, row_ids[i]);

      WEN_SIDE_BY_SIDE
      for (guint32 j = 0; j < (guint32) n_columns; j++)
        row[j] *= wen_dropout_factor (dropout, key, j);
    }
}
