/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "wen-macros.h"

G_BEGIN_DECLS

/* An entry of WenRecipe.cleaning: the id of a step, and its settings where they are not
 * the default ones, written like the query of a web address: "digits?become=zero".
 *
 * An entry of WenRecipe.members has the same syntax, so these functions are for both: the
 * name of a preset stands for the step, "linear?tokens.tokenizer=word". */

WEN_API
char   *wen_cleaning_entry_dup_step  (const char   *entry);
WEN_API
char  **wen_cleaning_entry_dup_keys  (const char   *entry);
WEN_API
char   *wen_cleaning_entry_dup_value (const char   *entry,
                                      const char   *key);
WEN_API
char   *wen_cleaning_entry_set_value (const char   *entry,
                                      const char   *key,
                                      const char   *value);

G_END_DECLS
