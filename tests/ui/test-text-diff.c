/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tests how differences between two texts are marked. */

#include "config.h"

#include "wen-text-diff.h"

#include <glib.h>
#include <string.h>

static const WenDiffMark removed = { "[", "]" };
static const WenDiffMark added = { "{", "}" };

static void
assert_marked (const char *before,
               const char *after,
               const char *expected_before,
               const char *expected_after)
{
  g_autofree char *before_markup = NULL;
  g_autofree char *after_markup = NULL;

  wen_text_diff_to_markup (before, after, &removed, &added, G_MAXSIZE, 1000, &before_markup, &after_markup);
  g_assert_cmpstr (before_markup, ==, expected_before);
  g_assert_cmpstr (after_markup, ==, expected_after);
}

static void
test_by_hand (void)
{
  assert_marked ("", "", "", "");
  assert_marked ("same", "same", "same", "same");
  assert_marked ("Hello", "hello", "[H]ello", "{h}ello");
  assert_marked ("A1b2", "Ab", "A[1]b[2]", "Ab");
  assert_marked ("Ab", "A1b2", "Ab", "A{1}b{2}");
  assert_marked ("不错，下次再买", "不错下次再买", "不错[，]下次再买", "不错下次再买");
  assert_marked ("ＡＢ", "AB", "[ＡＢ]", "{AB}");
  assert_marked ("all of it", "", "[all of it]", "");
}

static void
test_escapes (void)
{
  assert_marked ("a <br> b & c", "a  b & c", "a [&lt;br&gt;] b &amp; c", "a  b &amp; c");
}

static void
test_white_space_is_seen (void)
{
  assert_marked ("a\nb", "a b", "a[↵]b", "a{ }b");
  assert_marked ("a\tb", "ab", "a[⇥]b", "ab");
  assert_marked ("a\x01" "b", "ab", "a[\uFFFD]b", "ab");
}

static void
test_invalid_utf8 (void)
{
  assert_marked ("a\xff", "a", "a[\uFFFD]", "a");
}

static void
test_excerpt (void)
{
  g_autofree char *before_markup = NULL;
  g_autofree char *after_markup = NULL;

  wen_text_diff_to_markup ("0123456789X0123456789", "01234567890123456789", &removed, &added, 3, 8,
                           &before_markup, &after_markup);
  g_assert_cmpstr (before_markup, ==, "…789[X]0123…");
  g_assert_cmpstr (after_markup, ==, "…78901234…");
}

/* What stands outside the marks. */
static char *
get_unmarked (const char *markup,
              char        start,
              char        end)
{
  GString *kept = g_string_new (NULL);
  gboolean inside = FALSE;

  for (const char *p = markup; *p; p++)
    if (*p == start || *p == end)
      inside = *p == start;
    else if (!inside)
      g_string_append_c (kept, *p);

  return g_string_free (kept, FALSE);
}

/* The length of a longest common subsequence, straight from its definition. */
static guint
measure_common (const char *a,
                const char *b)
{
  guint without_a;
  guint without_b;

  if (*a == '\0' || *b == '\0')
    return 0;
  if (*a == *b)
    return 1 + measure_common (a + 1, b + 1);

  without_a = measure_common (a + 1, b);
  without_b = measure_common (a, b + 1);

  return MAX (without_a, without_b);
}

static void
test_keeps_as_much_as_possible (void)
{
  for (guint round = 0; round < 500; round++)
    {
      char before[9] = { 0 };
      char after[9] = { 0 };
      g_autofree char *before_markup = NULL;
      g_autofree char *after_markup = NULL;
      g_autofree char *before_kept = NULL;
      g_autofree char *after_kept = NULL;

      for (int i = g_test_rand_int_range (0, 9); i-- > 0;)
        before[i] = 'a' + g_test_rand_int_range (0, 3);
      for (int i = g_test_rand_int_range (0, 9); i-- > 0;)
        after[i] = 'a' + g_test_rand_int_range (0, 3);

      wen_text_diff_to_markup (before, after, &removed, &added, G_MAXSIZE, 100, &before_markup, &after_markup);
      before_kept = get_unmarked (before_markup, '[', ']');
      after_kept = get_unmarked (after_markup, '{', '}');
      g_assert_cmpstr (before_kept, ==, after_kept);
      g_assert_cmpuint (strlen (before_kept), ==, measure_common (before, after));
    }
}

/* Two long texts with nothing in common must not take long. */
static void
test_long_texts (void)
{
  g_autofree char *before = g_strnfill (15000, 'a');
  g_autofree char *after = g_strnfill (15000, 'b');
  g_autofree char *before_markup = NULL;
  g_autofree char *after_markup = NULL;

  wen_text_diff_to_markup (before, after, &removed, &added, 10, 5, &before_markup, &after_markup);
  g_assert_cmpstr (before_markup, ==, "[aaaaa]…");
  g_assert_cmpstr (after_markup, ==, "{bbbbb}…");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wen/ui/text-diff/by-hand", test_by_hand);
  g_test_add_func ("/wen/ui/text-diff/escapes", test_escapes);
  g_test_add_func ("/wen/ui/text-diff/white-space-is-seen", test_white_space_is_seen);
  g_test_add_func ("/wen/ui/text-diff/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/wen/ui/text-diff/excerpt", test_excerpt);
  g_test_add_func ("/wen/ui/text-diff/keeps-as-much-as-possible", test_keeps_as_much_as_possible);
  g_test_add_func ("/wen/ui/text-diff/long-texts", test_long_texts);

  return g_test_run ();
}
