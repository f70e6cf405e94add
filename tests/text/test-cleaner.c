/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each cleaning step on texts whose result is known by hand. */

#include "config.h"

#include "wen-cleaner.h"

#include <unicode/ucasemap.h>

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
  { "chinese", "說話的時候，請輸入資訊", "说话的时候，请输入资讯" },
  { "chinese", "简体字不变 plain", "简体字不变 plain" },
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

  { "mentions?which=names", "@张三 #天气#好", " #天气#好" },
  { "mentions?which=topics", "@张三 #天气#好", "@张三 好" },
  { "brackets?pairs=()%20%EF%BC%88%EF%BC%89", "好(转)吃（图）[微笑]", "好吃[微笑]" },
  { "width?form=nfc", "e\xcc\x81 Ａ①", "é Ａ①" },
  { "personal-data?phone=no", "电话13812345678，卡4111 1111 1111 1111", "电话13812345678，卡***" },
  { "personal-data?patterns=EMP-%5Cd%7B6%7D%0A%E5%B7%A5%E5%8F%B7%5Cw%2B", "我是EMP-123456，工号A77，13812345678",
    "我是***，***，***" },
  { "personal-data?rows=leave-out", "打13812345678", "打***" },
  { "chinese?become=traditional", "说话的时候", "說話的時候" },
  { "emoji?become=name", "好👍🏽！", "好 thumbs up sign ！" },
  { "repeats?keep=3", "哈哈哈哈哈 aaaa", "哈哈哈 aaa" },
  { "repeats?keep=0", "哈哈 aa", "哈 a" },
  { "digits?become=zero", "2024年5月٣", "0000年0月0" },
  { "punctuation?which=ascii", "好，吃! a,b", "好，吃 a b" },
  { "punctuation?which=other", "好，吃! a,b", "好吃! a,b" },
  { "stop-words?list=zh", "the food 的", "the food " },
  { "stop-words?list=none&words=food%0AThe", "the food is", "  is" },
  { "stop-words?keep=not", "not the food", "not  food" },
  { "pattern", "nothing to find", "nothing to find" },
  { "pattern?find=a.c&become=%5C1", "abc a.c", "abc \\1" },
  { "pattern?find=(%5Cd%2B)%E5%85%83&become=%3C%5C1%3E&as=pattern", "花了25元和3元", "花了<25>和<3>" },
  { "pattern?find=x*&as=pattern", "axxb", "ab" },
  { "pattern?find=(?i)SPAM&as=pattern", "sPaM spam ham", "  ham" },
  { "length?minimum=5", "abc", "abc" },
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

      if (!g_str_equal (cases[i].step, "html") && !g_str_has_prefix (cases[i].step, "brackets")
          && !g_str_has_prefix (cases[i].step, "pattern"))
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

/* Messages name the step, the setting and the value. */
static void
test_wrong_settings (void)
{
  static const struct
  {
    const char     *entry;
    WenCleanerError code;
    const char     *named;
  } wrong[] = {
    { "digits?becom=zero", WEN_CLEANER_ERROR_UNKNOWN_SETTING, "becom" },
    { "html?x=1", WEN_CLEANER_ERROR_UNKNOWN_SETTING, "html" },
    { "digits?become=one", WEN_CLEANER_ERROR_INVALID_VALUE, "digits.become" },
    { "repeats?keep=100", WEN_CLEANER_ERROR_INVALID_VALUE, "99" },
    { "repeats?keep=-1", WEN_CLEANER_ERROR_INVALID_VALUE, "-1" },
    { "personal-data?phone=maybe", WEN_CLEANER_ERROR_INVALID_VALUE, "yes or no" },
    { "personal-data?patterns=(", WEN_CLEANER_ERROR_INVALID_VALUE, "(" },
    { "brackets?pairs=((", WEN_CLEANER_ERROR_INVALID_VALUE, "((" },
    { "brackets?pairs=abc", WEN_CLEANER_ERROR_INVALID_VALUE, "abc" },
    { "pattern?find=(a&as=pattern", WEN_CLEANER_ERROR_INVALID_VALUE, "(a" },
    { "pattern?find=a&become=%5Cg%3C&as=pattern", WEN_CLEANER_ERROR_INVALID_VALUE, "\\g<" },
    { "pattern?become=%5Cg%3C&as=pattern", WEN_CLEANER_ERROR_INVALID_VALUE, "\\g<" },
    { "length?minimum=9&maximum=3", WEN_CLEANER_ERROR_INVALID_VALUE, "length.maximum" },
    { "digits?become=%00", WEN_CLEANER_ERROR_INVALID_VALUE, "digits" },
    { "polish?a=b", WEN_CLEANER_ERROR_UNKNOWN_STEP, "polish" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const entries[] = { wrong[i].entry, NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", wrong[i].entry);
      g_assert_null (wen_cleaner_new (entries, &error));
      g_assert_error (error, WEN_CLEANER_ERROR, (int) wrong[i].code);
      g_assert_nonnull (strstr (error->message, wrong[i].named));
    }
}

static WenCleaningOutcome
get_outcome (const char *entry,
             const char *text)
{
  const char *const entries[] = { entry, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (entries, &error);
  g_autofree char *cleaned = NULL;
  WenCleaningOutcome outcome;

  g_assert_no_error (error);
  cleaned = wen_cleaner_clean_row (cleaner, text, &outcome);
  return outcome;
}

static void
test_rows_left_out (void)
{
  g_assert_cmpint (get_outcome ("length?minimum=3&maximum=5", "好吃"), ==, WEN_CLEANING_LEFT_OUT);
  g_assert_cmpint (get_outcome ("length?minimum=3&maximum=5", "很好吃"), ==, WEN_CLEANING_DONE);
  g_assert_cmpint (get_outcome ("length?minimum=3&maximum=5", "很好吃呀呀"), ==, WEN_CLEANING_DONE);
  g_assert_cmpint (get_outcome ("length?minimum=3&maximum=5", "很好吃呀呀呀"), ==, WEN_CLEANING_LEFT_OUT);
  g_assert_cmpint (get_outcome ("personal-data?rows=leave-out", "打13812345678"), ==, WEN_CLEANING_LEFT_OUT);
  g_assert_cmpint (get_outcome ("personal-data?rows=leave-out", "没有"), ==, WEN_CLEANING_DONE);
  g_assert_cmpint (get_outcome ("personal-data", "打13812345678"), ==, WEN_CLEANING_DONE);
}

/* Each of these takes longer for every letter than for all before it. */
static void
test_catastrophic_patterns (void)
{
  static const char *const patterns[] = { "(a%2B)%2B[bc]", "(a*)*[bc]", "(a|aa)%2B[bc]", "(.*a){20}[bc]" };
  g_autofree char *letters = g_strnfill (200000, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *entry = g_strdup_printf ("pattern?find=%s&become=X&as=pattern", patterns[i]);
      g_autofree char *cleaned = clean_with_step (entry, letters);

      g_assert_cmpint (get_outcome (entry, letters), ==, WEN_CLEANING_GAVE_UP);
      g_assert_cmpstr (cleaned, ==, letters);
    }
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

static char *
make_random_text (void)
{
  static const gunichar alphabet[] = { 'a', 'A', 'b', ' ', '\n', '1', '[', ']', 0x3010, 0x3011, 0x3001, 0x3000, 0xFF01,
                                       0xFF21, 0x0301, 0x0327, 0x4F60, 0x8AAA, 0x0130, 0x03A3, 0x03B1, 0x1E9B, 0x1100,
                                       0x1161, 0x11A8, 0xAC00, 0x304B, 0x3099, 0xFF76, 0xFF9E, 0x0E33, 0x1F600, 0xFB01,
                                       0x2460, 0x0041, 0x030A, 0x200D, 0x00AD, 0x0345 };
  GString *text = g_string_new (NULL);

  for (gint i = g_test_rand_int_range (0, 30); i > 0; i--)
    g_string_append_unichar (text, alphabet[g_test_rand_int_range (0, G_N_ELEMENTS (alphabet))]);
  return g_string_free (text, FALSE);
}

/* Stretch by stretch is the same as the whole text at once, by others' functions. */
static void
test_normal_forms_and_case (void)
{
  const UCaseMap *case_map = NULL;
  UErrorCode status = U_ZERO_ERROR;

  case_map = ucasemap_open ("", 0, &status);
  g_assert_true (U_SUCCESS (status));
  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *text = make_random_text ();
      g_autofree char *nfkc = clean_with_step ("width", text);
      g_autofree char *nfc = clean_with_step ("width?form=nfc", text);
      g_autofree char *lower = clean_with_step ("lower-case", text);
      g_autofree char *expected_nfkc = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
      g_autofree char *expected_nfc = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
      char expected_lower[1024];

      ucasemap_utf8ToLower (case_map, expected_lower, sizeof expected_lower, text, -1, &status);
      g_assert_true (U_SUCCESS (status));
      g_assert_cmpstr (nfkc, ==, expected_nfkc);
      g_assert_cmpstr (nfc, ==, expected_nfc);
      g_assert_cmpstr (lower, ==, expected_lower);
    }
  ucasemap_close ((UCaseMap *) case_map);
}

/* Every byte of the result comes from a place not before that of the byte before it;
 * and bytes that no step changed from themselves. */
static void
test_trace (void)
{
  g_autoptr (WenCleaner) all = new_cleaner_with_all_steps ();
  const char *const entries[] = { "html", "digits", "width", "white-space", NULL };
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (entries, NULL);
  g_autoptr (GArray) known = NULL;
  const char *typed = "<b>Ａ</b>  \xff&amp;7é";
  g_autofree char *cleaned = wen_cleaner_trace (cleaner, typed, &known);
  static const WenTypedSpan expected[] = {
    { 3, 6 }, { 10, 12 }, { 12, 13 }, { 12, 13 }, { 12, 13 }, { 13, 18 }, { 19, 20 }, { 20, 21 },
  };

  g_assert_cmpstr (cleaned, ==, "A \xef\xbf\xbd&é");
  g_assert_cmpuint (known->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < known->len; i++)
    {
      g_assert_cmpuint (g_array_index (known, WenTypedSpan, i).start, ==, expected[i].start);
      g_assert_cmpuint (g_array_index (known, WenTypedSpan, i).end, ==, expected[i].end);
    }

  for (guint round = 0; round < 5000; round++)
    {
      g_autofree char *text = make_random_text ();
      g_autofree char *plain = wen_cleaner_clean (all, text);
      g_autoptr (GArray) spans = NULL;
      g_autofree char *traced = wen_cleaner_trace (all, text, &spans);
      guint32 before = 0;

      g_assert_cmpstr (traced, ==, plain);
      g_assert_cmpuint (spans->len, ==, strlen (plain));
      for (guint i = 0; i < spans->len; i++)
        {
          WenTypedSpan span = g_array_index (spans, WenTypedSpan, i);

          g_assert_cmpuint (span.start, >=, before);
          g_assert_cmpuint (span.end, >, span.start);
          g_assert_cmpuint (span.end, <=, strlen (text));
          if (span.end == span.start + 1 && (guchar) text[span.start] < 0x80 && !g_ascii_isspace (text[span.start]))
            g_assert_true (g_ascii_tolower (text[span.start]) == plain[i] || plain[i] == ' ');
          before = span.start;
        }
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
  g_test_add_func ("/wen/text/cleaner/wrong-settings", test_wrong_settings);
  g_test_add_func ("/wen/text/cleaner/rows-left-out", test_rows_left_out);
  g_test_add_func ("/wen/text/cleaner/catastrophic-patterns", test_catastrophic_patterns);
  g_test_add_func ("/wen/text/cleaner/normal-forms-and-case", test_normal_forms_and_case);
  g_test_add_func ("/wen/text/cleaner/trace", test_trace);
  g_test_add_func ("/wen/text/cleaner/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/wen/text/cleaner/random", test_random_text_stays_valid);
  g_test_add_func ("/wen/text/cleaner/ten-megabytes", test_ten_megabytes_of_one_character);

  return g_test_run ();
}
