/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables of which each row is a JSON object on a line of its own, as CSV. */

#pragma once

#include <glib.h>

typedef struct _WenJsonLines WenJsonLines;

gboolean      wen_json_lines_detect       (const char    *text,
                                           gsize          length_bytes,
                                           gboolean       whole_file);
WenJsonLines *wen_json_lines_new          (void);
void          wen_json_lines_free         (WenJsonLines  *self);
void          wen_json_lines_convert      (WenJsonLines  *self,
                                           const char    *text,
                                           gsize          length_bytes,
                                           gboolean       is_last,
                                           GString       *csv);
guint64       wen_json_lines_get_n_rows   (WenJsonLines  *self);
guint64       wen_json_lines_get_n_bad    (WenJsonLines  *self,
                                           guint64       *first_line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenJsonLines, wen_json_lines_free)
