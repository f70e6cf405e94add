/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each cleaning step on texts whose result is known by hand. */

#include "config.h"

#include "wen-cleaner.h"

typedef struct
{
  const char *step;
  const char *text;
  const char *cleaned;
} Case;

static const Case cases[] = {
  { "html", "很<b>好</b>吃", "很好吃" },
  { "html", "one<br>two<BR/>three", "one two three" },
  { "html", "a<p class=\"x\">b</p>c", "a b c" },
  { "html", "x<script>if (a<b) {}</script>y", "x y" },
  { "html", "x<!-- gone -->y", "x y" },
  { "html", "Tom &amp; Jerry &lt;3 &#20320;&#x597D;", "Tom & Jerry <3 你好" },
  { "html", "1<2 and 3>2, I <3 you", "1<2 and 3>2, I <3 you" },
  { "html", "AT&T; &unknown; & &;", "AT&T; &unknown; & &;" },
  { "html", "a < b", "a < b" },
  { "html", "open <b", "open <b" },
  { "urls", "看http://a.cn/x?y=1&z=2很好", "看很好" },
  { "urls", "see https://example.org/a_(b), please", "see , please" },
  { "urls", "go to www.example.org.", "go to ." },
  { "urls", "awww.that is http:// nothing", "awww.that is http:// nothing" },
  { "urls", "地址：HTTPS://A.B/c。好", "地址：。好" },
  { "emails", "写信到li.na@example.com.cn，谢谢", "写信到，谢谢" },
  { "emails", "mail a.b+c@mail.example.org.", "mail ." },
  { "emails", "3 @ 5 and @home, a@b", "3 @ 5 and @home, a@b" },
  { "mentions", "@张三 你好，@li_na-2!", " 你好，!" },
  { "mentions", "#今天天气#真好 #sunny day", "真好  day" },
  { "mentions", "#1 in town, a@b.cn, # and @", "#1 in town, a@b.cn, # and @" },
  { "mentions", "#好吃的店我很喜欢", "#好吃的店我很喜欢" },
  { "personal-data", "电话13812345678，身份证11010519491231002X。", "电话***，身份证***。" },
  { "personal-data", "订单20240101123456789，价格1299.00", "订单20240101123456789，价格1299.00" },
  { "simplified", "說話的時候，請輸入資訊", "说话的时候，请输入资讯" },
  { "simplified", "简体字不变 plain", "简体字不变 plain" },
  { "emoji", "好👍🏽吃❤️了👩‍👩‍👧！", "好吃了！" },
  { "emoji", "© 2024 ™ → 1️⃣ 🇨🇳", "© 2024 ™ → 1️⃣ " },
  { "repeats", "哈哈哈哈，sooo good!!!! 10000", "哈哈，soo good!! 10000" },
  { "repeats", "好好 aa", "好好 aa" },
  { "brackets", "好[微笑]吃【转发】了［图］", "好吃了" },
  { "brackets", "a [b [c] d", "a [b  d" },
  { "brackets", "no ] open [ close", "no ] open [ close" },
  { "width", "Ａ１！　ｂ", "A1! b" },
  { "width", "①㎏ﬁ", "1kgfi" },
  { "width", "e\xcc\x81", "é" },
  { "width", "中文，。「」", "中文,。「」" },
  { "lower-case", "Hello WORLD", "hello world" },
  { "lower-case", "ÄÖÜ ΣΑΣ 中文ABC", "äöü σας 中文abc" },
  { "digits", "买3送1，２０２４年٣", "买送，年" },
  { "punctuation", "well,then", "well then" },
  { "punctuation", "don't stop!", "dont stop" },
  { "punctuation", "好，吃！（真的）", "好吃真的" },
  { "punctuation", "great 👍🏽❤️ ¥5", "great  5" },
  { "stop-words", "the theatre is good", " theatre  good" },
  { "stop-words", "The food was NOT good", " food  NOT good" },
  { "stop-words", "我们的目的地", "目的地" },
  { "white-space", "  a \t\n b　c  ", "a b c" },
  { "white-space", "a\xe2\x80\x8b\xef\xbb\xbf b", "a b" },
  { "white-space", " 　\n", "" },
};

static char *
clean_with_step (const char *step,
                 const char *text)
{
  const char *const steps[] = { step, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (steps, &error);

  g_assert_no_error (error);
  return wen_cleaner_clean (cleaner, text);
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cleaned = clean_with_step (cases[i].step, cases[i].text);

      g_test_message ("%s: “%s”", cases[i].step, cases[i].text);
      g_assert_cmpstr (cleaned, ==, cases[i].cleaned);
    }
}

/* Entities and tags unpack in layers; every other step has nothing left to do. */
static void
test_idempotent (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *once = clean_with_step (cases[i].step, cases[i].text);
      g_autofree char *twice = clean_with_step (cases[i].step, once);

      if (!g_str_equal (cases[i].step, "html") && !g_str_equal (cases[i].step, "brackets"))
        g_assert_cmpstr (once, ==, twice);
    }
}

/* A well-known recipe deletes \w+ to get rid of English letters, and with them
 * every word there is. */
static void
test_words_stay (void)
{
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);

  for (gsize i = 0; i < n_steps; i++)
    {
      g_autofree char *chinese = clean_with_step (steps[i].id, "房间干净早餐丰富");
      g_autofree char *english = clean_with_step (steps[i].id, "rooms clean breakfast rich");

      g_assert_cmpstr (chinese, ==, "房间干净早餐丰富");
      g_assert_cmpstr (english, ==, "rooms clean breakfast rich");
    }
}

static void
test_order (void)
{
  const char *const width_first[] = { "width", "digits", NULL };
  const char *const digits_first[] = { "digits", "width", NULL };
  g_autoptr (WenCleaner) a = wen_cleaner_new (width_first, NULL);
  g_autoptr (WenCleaner) b = wen_cleaner_new (digits_first, NULL);
  g_autofree char *cleaned_a = wen_cleaner_clean (a, "x①y");
  g_autofree char *cleaned_b = wen_cleaner_clean (b, "x①y");

  g_assert_cmpstr (cleaned_a, ==, "xy");
  g_assert_cmpstr (cleaned_b, ==, "x1y");
}

static void
test_unknown_step (void)
{
  const char *const steps[] = { "width", "polish", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_cleaner_new (steps, &error));
  g_assert_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_UNKNOWN_STEP);
  g_assert_nonnull (strstr (error->message, "polish"));
}

static WenCleaner *
new_cleaner_with_all_steps (void)
{
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (gsize i = 0; i < n_steps; i++)
    g_ptr_array_add (ids, (gpointer) steps[i].id);
  g_ptr_array_add (ids, NULL);
  return wen_cleaner_new ((const char *const *) ids->pdata, NULL);
}

static void
test_invalid_utf8 (void)
{
  const char *const none[] = { NULL };
  g_autoptr (WenCleaner) nothing = wen_cleaner_new (none, NULL);
  g_autoptr (WenCleaner) all = new_cleaner_with_all_steps ();
  g_autofree char *cleaned = wen_cleaner_clean (nothing, "a\xff" "b\xe4\xbd");

  g_assert_cmpstr (cleaned, ==, "a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd");

  for (guint byte = 1; byte < 256; byte++)
    {
      char text[] = { '<', (char) byte, '&', (char) byte, '[', (char) byte, 'w', (char) byte, '\0' };
      g_autofree char *result = wen_cleaner_clean (all, text);

      g_assert_true (g_utf8_validate (result, -1, NULL));
    }
}

static void
test_random_text_stays_valid (void)
{
  static const gunichar alphabet[] = { '<', '>', '&', ';', '#', '[', ']', 0x3010, 0x3011, 'w', '.', '/', ':', 'h',
                                       't', 'p', 'A', '1', ' ', '\n', 0x3000, 0xFF01, 0x0301, 0x200D, 0x1F600,
                                       0x1F3FD, 0x4F60, 0x597D, 0x0130, 0xFE0F, 0x0E01, 0x0E33, 0xAC00, 0x1100 };
  g_autoptr (WenCleaner) cleaner = new_cleaner_with_all_steps ();

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *cleaned = NULL;

      for (gint i = g_test_rand_int_range (0, 40); i > 0; i--)
        g_string_append_unichar (text, alphabet[g_test_rand_int_range (0, G_N_ELEMENTS (alphabet))]);
      cleaned = wen_cleaner_clean (cleaner, text->str);
      g_assert_true (g_utf8_validate (cleaned, -1, NULL));
    }
}

static void
test_ten_megabytes_of_one_character (void)
{
  const char *const characters[] = { "<", "&", "[", "a", "，", "w", "的", " ", "<!--", "<script>", "<style >" };
  g_autoptr (WenCleaner) cleaner = new_cleaner_with_all_steps ();

  for (gsize i = 0; i < G_N_ELEMENTS (characters); i++)
    {
      gsize n = 10 * 1000 * 1000 / strlen (characters[i]) / (g_test_slow () ? 1 : 10);
      g_autoptr (GString) text = g_string_sized_new (n * strlen (characters[i]));
      g_autofree char *cleaned = NULL;

      for (gsize j = 0; j < n; j++)
        g_string_append (text, characters[i]);
      cleaned = wen_cleaner_clean (cleaner, text->str);
      g_assert_cmpuint (strlen (cleaned), <=, text->len);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/text/cleaner/cases", test_cases);
  g_test_add_func ("/wen/text/cleaner/idempotent", test_idempotent);
  g_test_add_func ("/wen/text/cleaner/words-stay", test_words_stay);
  g_test_add_func ("/wen/text/cleaner/order", test_order);
  g_test_add_func ("/wen/text/cleaner/unknown-step", test_unknown_step);
  g_test_add_func ("/wen/text/cleaner/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/wen/text/cleaner/random", test_random_text_stays_valid);
  g_test_add_func ("/wen/text/cleaner/ten-megabytes", test_ten_megabytes_of_one_character);

  return g_test_run ();
}
