/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JSON that anybody may have written: it is read, or refused with a reason, and a
 * member is never taken for what it is not. */

#include "config.h"

#include "wen-json-private.h"
#include "wen-random-private.h"

#include <string.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = wen_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static void
test_members (void)
{
  g_autoptr (JsonNode) node = parse ("{\"text\":\"好\",\"whole\":-7,\"large\":9223372036854775807,\"part\":7.5,"
                                     "\"yes\":true,\"no\":false,\"nothing\":null,\"list\":[1],\"inner\":{\"a\":1}}");
  JsonObject *object = wen_json_get_object (node);
  const char *names[] = { "text", "whole", "large", "part", "yes", "no", "nothing", "list", "inner", "absent" };
  gint64 number;
  gboolean flag;

  g_assert_nonnull (object);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *name = names[i];
      gboolean is_whole = g_str_equal (name, "whole") || g_str_equal (name, "large");
      gboolean is_flag = g_str_equal (name, "yes") || g_str_equal (name, "no");

      number = 99;
      flag = 99;
      g_assert_cmpstr (wen_json_get_string_member (object, name), ==, g_str_equal (name, "text") ? "好" : NULL);
      g_assert_cmpint (wen_json_get_int_member (object, name, &number), ==, is_whole);
      g_assert_cmpint (wen_json_get_boolean_member (object, name, &flag), ==, is_flag);
      g_assert_cmpint (wen_json_get_object_member (object, name) != NULL, ==, g_str_equal (name, "inner"));
      g_assert_cmpint (wen_json_get_array_member (object, name) != NULL, ==, g_str_equal (name, "list"));
      /* What is not there leaves the caller's default alone. */
      if (!is_whole)
        g_assert_cmpint (number, ==, 99);
      if (!is_flag)
        g_assert_cmpint (flag, ==, 99);
    }
  g_assert_true (wen_json_get_int_member (object, "whole", &number));
  g_assert_cmpint (number, ==, -7);
  g_assert_true (wen_json_get_int_member (object, "large", &number));
  g_assert_cmpint (number, ==, G_MAXINT64);
  g_assert_true (wen_json_get_boolean_member (object, "yes", &flag));
  g_assert_true (flag);
  g_assert_true (wen_json_get_boolean_member (object, "no", &flag));
  g_assert_false (flag);
}

static void
test_not_an_object (void)
{
  const char *texts[] = { "[]", "7", "\"text\"", "true", "null" };

  g_assert_null (wen_json_get_object (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = parse (texts[i]);

      g_assert_null (wen_json_get_object (node));
    }
}

static void
assert_refused (const char *text,
                gsize       length_bytes)
{
  /* A copy of its own, so that a sanitizer sees a byte read too far. */
  g_autofree char *copy = g_memdup2 (text, length_bytes);
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_json_parse (copy != NULL ? copy : "", length_bytes, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, JSON_PARSER_ERROR);
  g_assert_cmpuint (strlen (error->message), >, 0);
}

static void
test_refused (void)
{
  const char *texts[] = {
    "",
    " \n\t",
    "{",
    "}",
    "{\"a\":}",
    "{\"a\":1",
    "{\"a\":1]",
    "[1,2",
    "{} {}",
    "[1] ]",
    "7 8",
    "{'single':1}",
    "/* comment */ {}",
    "var name = {}",
    "[0x10]",
    "[NaN]",
    "[1,]",
    "\"open",
    "\"ends in a backslash\\",
    "nonsense",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\xed\xa0\x80\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *readable = g_strescape (texts[i], NULL);

      g_test_message ("%s", readable);
      assert_refused (texts[i], strlen (texts[i]));
    }
  /* A zero byte ends nothing: the rest is looked at as well. */
  assert_refused ("{}\0{}", 5);
  assert_refused ("\0", 1);
}

static char *
nest (guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, i % 2 ? "{\"a\":" : "[");
  g_string_append_c (text, '1');
  for (guint i = depth; i > 0; i--)
    g_string_append_c (text, (i - 1) % 2 ? '}' : ']');
  return g_string_free (text, FALSE);
}

/* Two escapes may make one character; one half alone is none. */
static void
test_halves_of_characters (void)
{
  static const char *const halves[] = {
    "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\\uDBFFx\"]", "[\"\\ud800\\n\"]", "[\"\\ud800\\ud800\"]", "{\"\\udfff\": 1}", "[\"\\ud800\\u",
  };
  g_autoptr (JsonNode) whole = parse ("[\"\\ud83d\\ude00 \\\\ud800 \\u4f60\"]");

  g_assert_cmpstr (json_array_get_string_element (json_node_get_array (whole), 0), ==, "😀 \\ud800 你");
  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    assert_refused (halves[i], strlen (halves[i]));
}

static void
test_depth (void)
{
  g_autofree char *deep = nest (64);
  g_autofree char *too_deep = nest (65);
  g_autofree char *far_too_deep = nest (1000000);
  g_autoptr (JsonNode) node = parse (deep);
  g_autoptr (JsonNode) brackets_in_text = NULL;
  g_autoptr (GString) wide = g_string_new ("{\"text\":\"");
  g_autoptr (JsonNode) siblings = NULL;
  g_autoptr (GString) row = g_string_new ("[[]");

  assert_refused (too_deep, strlen (too_deep));
  assert_refused (far_too_deep, strlen (far_too_deep));

  /* Brackets in a string are letters, also behind an escaped quotation mark. */
  for (guint i = 0; i < 1000; i++)
    g_string_append (wide, "[{\\\"");
  g_string_append (wide, "\"}");
  brackets_in_text = parse (wide->str);
  g_assert_cmpuint (strlen (wen_json_get_string_member (wen_json_get_object (brackets_in_text), "text")), ==, 3000);

  /* Side by side is not in one another. */
  for (guint i = 0; i < 1000; i++)
    g_string_append (row, ",[]");
  g_string_append_c (row, ']');
  siblings = parse (row->str);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (siblings)), ==, 1001);
}

/* Other quotation marks and comments would let brackets pass for letters. */
static void
test_hidden_depth (void)
{
  g_autofree char *nested = nest (1000000);
  g_autofree char *behind_comment = g_strconcat ("/* \" */", nested, NULL);
  g_autofree char *behind_quotes = g_strconcat ("['\"',", nested, "]", NULL);
  g_autofree char *behind_second = g_strconcat ("[]", nested, NULL);

  assert_refused (behind_comment, strlen (behind_comment));
  assert_refused (behind_quotes, strlen (behind_quotes));
  assert_refused (behind_second, strlen (behind_second));
}

static void
test_byte_order_mark (void)
{
  g_autoptr (JsonNode) node = parse ("\xef\xbb\xbf{\"a\":\"b\"}");

  g_assert_cmpstr (wen_json_get_string_member (wen_json_get_object (node), "a"), ==, "b");
  assert_refused ("\xef\xbb\xbf", 3);
  assert_refused ("\xef\xbb", 2);
}

static const char whole[] = "{\"format\":\"wenlei\",\"n\":[1,2.5e3,-4],\"中\":{\"t\":true,\"f\":null,\"s\":\"\\u597d\\n\"}}";

static void
test_every_truncation (void)
{
  g_autoptr (JsonNode) node = parse (whole);

  g_assert_nonnull (wen_json_get_object (node));
  for (gsize size = 0; size < strlen (whole); size++)
    assert_refused (whole, size);
}

/* Flipped bytes are another value or an error with a reason. */
static void
test_flipped_bytes (void)
{
  guint n_refused = 0;

  for (guint i = 0; i < 5000; i++)
    {
      gsize size_bytes = strlen (whole);
      g_autofree char *copy = g_memdup2 (whole, size_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = NULL;

      for (guint j = 0; j < 1 + i % 3; j++)
        copy[wen_random_u64 (1, i, j) % size_bytes] ^= (char) (1 + wen_random_u64 (2, i, j) % 255);
      node = wen_json_parse (copy, size_bytes, &error);
      g_assert_true ((node != NULL) == (error == NULL));
      n_refused += node == NULL;
    }
  g_assert_cmpuint (n_refused, >, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/core/json/members", test_members);
  g_test_add_func ("/wen/core/json/not-an-object", test_not_an_object);
  g_test_add_func ("/wen/core/json/refused", test_refused);
  g_test_add_func ("/wen/core/json/halves-of-characters", test_halves_of_characters);
  g_test_add_func ("/wen/core/json/depth", test_depth);
  g_test_add_func ("/wen/core/json/hidden-depth", test_hidden_depth);
  g_test_add_func ("/wen/core/json/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/wen/core/json/every-truncation", test_every_truncation);
  g_test_add_func ("/wen/core/json/flipped-bytes", test_flipped_bytes);

  return g_test_run ();
}
