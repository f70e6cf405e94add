/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading JSON from files that anybody may have written. */

#pragma once

#include <json-glib/json-glib.h>

JsonNode   *wen_json_parse           (const char  *text,
                                      gsize        length_bytes,
                                      GError     **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *wen_json_get_object      (JsonNode    *node);
JsonObject *wen_json_get_object_member (JsonObject  *object,
                                        const char  *name);
JsonArray  *wen_json_get_array_member  (JsonObject  *object,
                                        const char  *name);
const char *wen_json_get_string_member (JsonObject  *object,
                                        const char  *name);
gboolean    wen_json_get_int_member    (JsonObject  *object,
                                        const char  *name,
                                        gint64      *value);
gboolean    wen_json_get_boolean_member (JsonObject *object,
                                         const char *name,
                                         gboolean   *value);
