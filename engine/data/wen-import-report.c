/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was read from a file, as a value that is passed on. */

#include "config.h"

#include "wen-dataset.h"

GType
wen_import_report_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenImportReport",
                                                            (GBoxedCopyFunc) wen_import_report_copy,
                                                            (GBoxedFreeFunc) wen_import_report_free));
  return type;
}

/**
 * wen_import_report_copy:
 * @self: a report
 *
 * Copies a report with all that belongs to it.
 *
 * Returns: (transfer full): the copy
 */
WenImportReport *
wen_import_report_copy (const WenImportReport *self)
{
  WenImportReport *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->encoding = g_strdup (self->encoding);
  copy->text_column = g_strdup (self->text_column);
  copy->label_column = g_strdup (self->label_column);
  copy->warnings = g_strdupv (self->warnings);
  return copy;
}

/**
 * wen_import_report_free:
 * @self: (transfer full): a report
 *
 * Frees a report with all that belongs to it.
 */
void
wen_import_report_free (WenImportReport *self)
{
  g_free (self->encoding);
  g_free (self->text_column);
  g_free (self->label_column);
  g_strfreev (self->warnings);
  g_free (self);
}
