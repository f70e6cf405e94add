/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning steps, as functions over valid UTF-8. */

#pragma once

#include <glib.h>

/* Each reads `text` and writes the cleaned text to `out`, which is empty.  Returns
 * FALSE, with `out` undefined, where the step changes nothing: most texts hold
 * nothing that most steps look for, and are not copied then. */
typedef gboolean (*WenCleaningFunc) (const char *text,
                                     gsize       length_bytes,
                                     GString    *out);

gboolean wen_clean_emails        (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_mentions      (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_personal_data (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_simplified    (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_emoji         (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_repeats       (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_html          (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_urls          (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_brackets      (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_width         (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_lower_case    (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_digits        (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_punctuation   (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_stop_words    (const char *text, gsize length_bytes, GString *out);
gboolean wen_clean_white_space   (const char *text, gsize length_bytes, GString *out);
