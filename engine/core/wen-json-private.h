/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading JSON from files that anybody may have written, and writing members. */

#pragma once

#include <json-glib/json-glib.h>

JsonNode   *wen_json_parse              (const char   *text,
                                         gsize         length_bytes,
                                         GError      **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *wen_json_get_object         (JsonNode     *node);
JsonObject *wen_json_get_object_member  (JsonObject   *object,
                                         const char   *name);
JsonArray  *wen_json_get_array_member   (JsonObject   *object,
                                         const char   *name);
const char *wen_json_get_string_member  (JsonObject   *object,
                                         const char   *name);
gboolean    wen_json_get_int_member     (JsonObject   *object,
                                         const char   *name,
                                         gint64       *value);
gboolean    wen_json_get_boolean_member (JsonObject   *object,
                                         const char   *name,
                                         gboolean     *value);

void        wen_json_add_string         (JsonBuilder  *builder,
                                         const char   *name,
                                         const char   *value);
void        wen_json_add_int            (JsonBuilder  *builder,
                                         const char   *name,
                                         gint64        value);
void        wen_json_add_double         (JsonBuilder  *builder,
                                         const char   *name,
                                         double        value);
void        wen_json_add_boolean        (JsonBuilder  *builder,
                                         const char   *name,
                                         gboolean      value);
void        wen_json_add_json           (JsonBuilder  *builder,
                                         const char   *name,
                                         const char   *json);
