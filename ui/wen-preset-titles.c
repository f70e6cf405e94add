/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What presets are called. */

#include "config.h"

#include "wen-preset-titles.h"

#include <glib/gi18n.h>

static const struct
{
  const char *preset;
  const char *title;
} titles[] = {
  { "auto", N_("Automatic") },
  { "bayes", N_("Naive Bayes") },
  { "linear", N_("Linear") },
  { "average", N_("Averaged Embeddings") },
  { "small", N_("Small Transformer") },
  { "classic", N_("Classic Transformer") },
  { "base", N_("Base Transformer") },
  { "ensemble", N_("Ensemble") },
};

/**
 * wen_preset_get_title:
 * @preset: (nullable): a preset
 *
 * Gets what to call a preset.
 *
 * Returns: (transfer none): a title; the preset itself where it has none
 */
const char *
wen_preset_get_title (const char *preset)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i].preset, preset) == 0)
      return _(titles[i].title);

  return preset != NULL ? preset : "";
}
