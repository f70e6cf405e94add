/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tests of the tables of characters that stand for one another, and of noise made
 * with them. */

#include "config.h"

#include "wen-character-noise-private.h"

#include <gio/gio.h>
#include <string.h>

#include "wen-character-groups-private.h"

#define N_TEXTS 400

static gboolean
is_han (gunichar c)
{
  return g_unichar_get_script (c) == G_UNICODE_SCRIPT_HAN;
}

/* Every line is a comment, or a group of two or more Chinese characters, none twice. */
static void
check_form (const char *name,
            guint       n_least_groups)
{
  g_autofree char *path = g_strconcat ("/org/wenlei/Wenlei/engine/noise/", name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) lines = NULL;

  g_assert_nonnull (bytes);
  g_assert_true (g_utf8_validate (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "# "));
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      if (*lines[i] == '#' || lines[i + 1] == NULL)
        continue;
      g_assert_cmpint (g_utf8_strlen (lines[i], -1), >=, 2);
      g_assert_true (g_hash_table_add (groups, lines[i]));
      for (const char *p = lines[i]; *p != '\0'; p = g_utf8_next_char (p))
        {
          g_assert_true (is_han (g_utf8_get_char (p)));
          g_assert_null (g_utf8_strchr (g_utf8_next_char (p), -1, g_utf8_get_char (p)));
        }
    }
  g_assert_cmpuint (g_hash_table_size (groups), >=, n_least_groups);
}

static void
test_tables (void)
{
  check_form ("homophones.txt", 400);
  check_form ("look-alikes.txt", 100);
}

static gboolean
is_other (WenCharacterTable table,
          gunichar          character,
          gunichar          other)
{
  guint n_others;
  const gunichar *others = wen_character_groups_find (table, character, &n_others);

  for (guint i = 0; i < n_others; i++)
    if (others[i] == other)
      return TRUE;
  return FALSE;
}

static void
test_groups (void)
{
  guint n_others;

  g_assert_true (is_other (WEN_HOMOPHONES, 0x5728 /* 在 */, 0x518D /* 再 */));
  g_assert_true (is_other (WEN_HOMOPHONES, 0x518D, 0x5728));
  g_assert_false (is_other (WEN_HOMOPHONES, 0x5728, 0x5728));
  g_assert_true (is_other (WEN_LOOK_ALIKES, 0x672A /* 未 */, 0x672B /* 末 */));
  /* 长 sounds like 常, and like 掌. */
  g_assert_true (is_other (WEN_HOMOPHONES, 0x957F, 0x5E38));
  g_assert_true (is_other (WEN_HOMOPHONES, 0x957F, 0x638C));
  g_assert_null (wen_character_groups_find (WEN_LOOK_ALIKES, 'a', &n_others));
  g_assert_cmpuint (n_others, ==, 0);
}

static gunichar *
add_noise (const WenCharacterNoise *noise,
           const char              *text,
           guint64                  seed,
           glong                   *n_characters)
{
  g_autoptr (GString) result = g_string_new ("what stood there before");

  wen_character_noise_add (noise, text, seed, result);
  g_assert_true (g_utf8_validate (result->str, (gssize) result->len, NULL));
  return g_utf8_to_ucs4_fast (result->str, -1, n_characters);
}

static void
assert_share (double share,
              double expected)
{
  g_assert_cmpfloat (share, >, expected * 0.9);
  g_assert_cmpfloat (share, <, expected * 1.1);
}

/* Every character has one of the same sound and one of similar shape. */
static void
check_replaced (WenCharacterNoise noise,
                WenCharacterTable table,
                double            expected)
{
  static const char text[] = "未在他请晴喝天午大己侯候情王主";
  glong n_typed;
  g_autofree gunichar *typed = g_utf8_to_ucs4_fast (text, -1, &n_typed);
  guint n_eligible = 0;
  guint n_changed = 0;

  for (guint64 seed = 0; seed < N_TEXTS; seed++)
    {
      glong n_characters;
      g_autofree gunichar *changed = add_noise (&noise, text, seed, &n_characters);

      g_assert_cmpint (n_characters, ==, n_typed);
      for (glong i = 0; i < n_typed; i++)
        {
          guint n_others;

          n_eligible += wen_character_groups_find (table, typed[i], &n_others) != NULL;
          n_changed += changed[i] != typed[i];
          g_assert_true (changed[i] == typed[i] || is_other (table, typed[i], changed[i]));
        }
    }
  assert_share ((double) n_changed / (double) n_eligible, expected);
}

static void
test_replaced (void)
{
  check_replaced ((WenCharacterNoise) { .homophones = 0.3 }, WEN_HOMOPHONES, 0.3);
  check_replaced ((WenCharacterNoise) { .look_alikes = 0.2 }, WEN_LOOK_ALIKES, 0.2);
}

static void
test_width (void)
{
  static const char text[] = "Abc 12! 好。Ａ？";
  const WenCharacterNoise all = { .width = 1 };
  const WenCharacterNoise some = { .width = 0.25 };
  glong n_typed;
  g_autofree gunichar *typed = g_utf8_to_ucs4_fast (text, -1, &n_typed);
  g_autoptr (GString) result = g_string_new (NULL);
  guint n_changed = 0;

  wen_character_noise_add (&all, text, 1, result);
  g_assert_cmpstr (result->str, ==, "Ａｂｃ １２！ 好。A?");
  for (guint64 seed = 0; seed < N_TEXTS; seed++)
    {
      glong n_characters;
      g_autofree gunichar *changed = add_noise (&some, text, seed, &n_characters);

      g_assert_cmpint (n_characters, ==, n_typed);
      for (glong i = 0; i < n_typed; i++)
        n_changed += changed[i] != typed[i];
    }
  /* Eight of the signs have a form of another width. */
  assert_share (n_changed / (8.0 * N_TEXTS), 0.25);
}

static guint
count_marks (const gunichar *characters,
             glong           n_characters)
{
  guint n_marks = 0;

  for (glong i = 0; i < n_characters; i++)
    n_marks += g_unichar_ispunct (characters[i]);
  return n_marks;
}

/* Where no mark stands, one comes; where one stands, it goes or is another one. */
static void
test_punctuation (void)
{
  const WenCharacterNoise noise = { .punctuation = 0.2 };
  guint n_come = 0;
  guint n_gone = 0;
  guint n_other = 0;

  for (guint64 seed = 0; seed < N_TEXTS; seed++)
    {
      glong n_characters;
      g_autofree gunichar *words = add_noise (&noise, "one two three 四五六", seed, &n_characters);

      n_come += count_marks (words, n_characters);
      g_assert_cmpuint (count_marks (words, n_characters), ==, (guint) n_characters - 17);
    }
  for (guint64 seed = 0; seed < N_TEXTS; seed++)
    {
      glong n_characters;
      g_autofree gunichar *marks = add_noise (&noise, "!!!!!", seed, &n_characters);

      n_gone += 5 - (guint) n_characters;
      for (glong i = 0; i < n_characters; i++)
        n_other += marks[i] != '!';
    }
  assert_share (n_come / (6.0 * N_TEXTS), 0.2);
  assert_share ((n_gone + n_other) / (5.0 * N_TEXTS), 0.2);
  g_assert_cmpfloat (ABS ((double) n_gone - n_other), <, 100);
}

static void
test_half_marks (void)
{
  const WenCharacterNoise noise = { .punctuation = 1, .half_marks = TRUE };

  for (guint64 seed = 0; seed < N_TEXTS; seed++)
    {
      glong n_characters;
      g_autofree gunichar *changed = add_noise (&noise, "一二,三。", seed, &n_characters);

      for (glong i = 0; i < n_characters; i++)
        g_assert_cmpuint (changed[i], <, 0xFF00);
    }
}

static void
test_off (void)
{
  const WenCharacterNoise off = { 0 };
  const WenCharacterNoise on = { .look_alikes = 0.1 };
  g_autoptr (GString) result = g_string_new (NULL);

  g_assert_true (wen_character_noise_is_off (&off));
  g_assert_false (wen_character_noise_is_off (&on));
  wen_character_noise_add (&off, "未 Ａ，b", 5, result);
  g_assert_cmpstr (result->str, ==, "未 Ａ，b");
  wen_character_noise_add (&on, "", 5, result);
  g_assert_cmpstr (result->str, ==, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/text/character-noise/tables", test_tables);
  g_test_add_func ("/wen/text/character-noise/groups", test_groups);
  g_test_add_func ("/wen/text/character-noise/replaced", test_replaced);
  g_test_add_func ("/wen/text/character-noise/width", test_width);
  g_test_add_func ("/wen/text/character-noise/punctuation", test_punctuation);
  g_test_add_func ("/wen/text/character-noise/half-marks", test_half_marks);
  g_test_add_func ("/wen/text/character-noise/off", test_off);

  return g_test_run ();
}
