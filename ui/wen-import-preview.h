/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>
#include "wen-csv-reader.h"

G_BEGIN_DECLS

/* Candidates that a person is asked about, at most. */
#define WEN_IMPORT_PREVIEW_MOST_CANDIDATES 3

typedef struct _WenImportPreview WenImportPreview;

/**
 * WenImportPreview:
 * @columns: (array zero-terminated=1): names
 * @rows: (element-type GStrv): the first rows, each as long as the file has it
 * @text_column: guessed; -1 for none
 * @label_column: guessed; -1 for none
 * @text_reason: (nullable): why @text_column
 * @label_reason: (nullable): why @label_column
 * @reasons: (array zero-terminated=1): why it was read so
 * @warnings: (array zero-terminated=1): what had to be repaired in the first rows
 * @encoding: as read
 * @is_certain: whether nobody needs to look at the encoding
 * @candidates: what the encoding may be, the likeliest first; only where it is not certain
 * @samples: some text of the file in each of them
 * @n_candidates: how many
 *
 * What the beginning of a table looks like.
 */
struct _WenImportPreview
{
  char      **columns;
  GPtrArray  *rows;
  gssize      text_column;
  gssize      label_column;
  char       *text_reason;
  char       *label_reason;
  char      **reasons;
  char      **warnings;
  char       *encoding;
  gboolean    is_certain;
  char       *candidates[WEN_IMPORT_PREVIEW_MOST_CANDIDATES];
  char       *samples[WEN_IMPORT_PREVIEW_MOST_CANDIDATES];
  guint       n_candidates;
};

void              wen_import_preview_free        (WenImportPreview     *self);
void              wen_import_preview_read_async  (GFile                *file,
                                                  const WenCsvOptions  *options,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
WenImportPreview *wen_import_preview_read_finish (GAsyncResult         *result,
                                                  GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenImportPreview, wen_import_preview_free)

G_END_DECLS
