/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-macros.h"

G_BEGIN_DECLS

#define WEN_DICTIONARY_ERROR (wen_dictionary_error_quark ())
WEN_API
GQuark   wen_dictionary_error_quark (void);

/**
 * WenDictionaryError:
 * @WEN_DICTIONARY_ERROR_INVALID: too large, not UTF-8, without words, or with a word that
 *   has a comma in it
 */
typedef enum
{
  WEN_DICTIONARY_ERROR_INVALID,
} WenDictionaryError;

WEN_API
char   **wen_dictionary_read        (GFile         *file,
                                     GCancellable  *cancellable,
                                     GError       **error);

G_END_DECLS
