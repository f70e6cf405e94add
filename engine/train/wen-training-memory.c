/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much memory a training run needs, and whether there is so much. */

#include "config.h"

#include "wen-training-memory-private.h"

#include <unistd.h>

#include "wen-i18n-private.h"
#include "wen-model-private.h"
#include "wen-trainer.h"

/* Copies of the parameters beside the gradients of each worker: the parameters,
 * the best ones, and the two moments of Adam. */
#define N_COPIES_OF_PARAMETERS 4

/* Physical memory, or 0 where the system does not tell. */
static guint64
get_memory_bytes (void)
{
  glong n_pages = sysconf (_SC_PHYS_PAGES);
  glong page_bytes = sysconf (_SC_PAGESIZE);

  return n_pages > 0 && page_bytes > 0 ? (guint64) n_pages * (guint64) page_bytes : 0;
}

/* Every setting of a recipe may be fine and the model too large all the same; it
 * is better said in a sentence than by the kernel. */
gboolean
wen_training_fits_memory (const WenRecipe *recipe,
                          guint            n_vocabulary,
                          guint            n_labels,
                          guint            n_workers,
                          GError         **error)
{
  guint64 n_values = wen_model_forecast_values (recipe, n_vocabulary, n_labels);
  guint64 needed_bytes = n_values * (N_COPIES_OF_PARAMETERS + n_workers) * sizeof (float);
  guint64 memory_bytes = get_memory_bytes ();
  g_autofree char *needed = NULL;
  g_autofree char *memory = NULL;

  if (memory_bytes == 0 || needed_bytes < memory_bytes)
    return TRUE;

  needed = g_format_size (needed_bytes);
  memory = g_format_size (memory_bytes);
  g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE,
               _ ("Training this model needs %s of memory, and this computer has %s: choose fewer layers, "
                  "a smaller hidden size or a smaller vocabulary."),
               needed, memory);
  return FALSE;
}
