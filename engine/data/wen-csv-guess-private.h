/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the first rows of a table tell about it. */

#pragma once

#include <glib.h>

/* The first rows, as arrays of strings; (element-type GStrv). */
typedef GPtrArray WenCsvSample;

/* How the rows of a table are written. */
typedef struct
{
  char        delimiter;
  gboolean    has_quoting; /* quotes around a field are none of it */
  const char *reason;      /* why, as a translated sentence */
} WenCsvLayout;

WenCsvSample *wen_csv_sample_new    (const char          *text,
                                     gsize                length_bytes,
                                     gboolean             whole_file,
                                     const WenCsvLayout  *layout);
gsize         wen_csv_sample_count_columns (WenCsvSample *sample,
                                            gboolean      has_header);
WenCsvLayout  wen_csv_guess_layout  (const char          *text,
                                     gsize                length_bytes,
                                     gboolean             whole_file,
                                     char                 delimiter);
gboolean      wen_csv_guess_header  (WenCsvSample        *sample,
                                     const char         **reason);
void          wen_csv_guess_columns (WenCsvSample        *sample,
                                     gboolean             has_header,
                                     gssize              *text_column,
                                     gssize              *label_column,
                                     const char         **text_reason,
                                     const char         **label_reason);
