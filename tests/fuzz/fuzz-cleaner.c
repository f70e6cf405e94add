/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any entries of a recipe and any text: the steps are refused in a sentence, or leave
 * valid UTF-8 of which each byte comes from somewhere in the text.  What stands before
 * the first line end are the entries, with commas between them; the rest is the text. */

#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "wen-cleaner.h"

const char *const fuzz_inputs[] = {
  "html,urls,width,lower-case,white-space\n<b>Ａ</b> http://a.cn/x &amp; Good",
  "emails,mentions,emoji?become=name,repeats?keep=1\nli.na@example.com @张三 #好# 👍🏽❤️ 哈哈哈哈",
  "brackets?pairs=()%20%E3%80%90%E3%80%91,personal-data?patterns=EMP-%5Cd%2B&rows=leave-out\n(a)【b】13812345678 EMP-1",
  "personal-data\n11010519491231002X 4111 1111 1111 1111 E12345678 京A·12345 GB82 WEST 1234 5698 7654 32",
  "chinese,chinese?become=traditional,digits?become=zero\n說話 说话 2024 ٣",
  "punctuation?which=ascii,stop-words?words=food%0Aa&keep=not,white-space,length?minimum=3&maximum=9\nthe food, not!",
  "pattern?find=(a%2B)%2B%5Bbc%5D&as=pattern&become=%5C1x\naaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "pattern?find=.&become=ab\na.b.c",
  "width?form=nfc\ne\xcc\x81 \xe1\x84\x80\xe1\x85\xa1",
  NULL,
};

const char *const fuzz_signs[] = {
  "?", "&", "=", "%", ",", "\n", "<", ">", "&lt;", "<!--", "[", "]", "@", "#", "://", "www.", "\xff", "\xed\xa0\x80", "\xcc\x81",
  "\xe2\x80\x8d", "\xf0\x9f\x91\x8d", "\xe2\x80\x8f", "(", ")", "*", "+", "\\", "{9}", "html", "width", "pattern?find=",
  "&as=pattern", "personal-data?patterns=", "stop-words", "emoji", "138", NULL,
};

static void
check (WenCleaner *cleaner,
       const char *text)
{
  g_autoptr (GArray) spans = NULL;
  WenCleaningOutcome outcome;
  g_autofree char *plain = wen_cleaner_clean (cleaner, text);
  g_autofree char *row = wen_cleaner_clean_row (cleaner, text, &outcome);
  g_autofree char *traced = wen_cleaner_trace (cleaner, text, &spans);
  gsize n_bytes = strlen (text);

  g_assert_true (g_utf8_validate (plain, -1, NULL));
  g_assert_cmpstr (row, ==, plain);
  g_assert_cmpstr (traced, ==, plain);
  g_assert_cmpuint (spans->len, ==, strlen (plain));
  for (guint i = 0; i < spans->len; i++)
    {
      WenTypedSpan span = g_array_index (spans, WenTypedSpan, i);

      g_assert_cmpuint (span.start, <=, span.end);
      g_assert_cmpuint (span.end, <=, n_bytes);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         n_bytes)
{
  g_autofree char *input = n_bytes > 0 ? g_strndup ((const char *) bytes, n_bytes) : g_strdup ("");
  char *text = strchr (input, '\n');
  g_auto (GStrv) entries = NULL;
  g_autoptr (WenCleaner) cleaner = NULL;
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    *text++ = '\0';
  entries = g_strsplit (input, ",", 40);
  cleaner = wen_cleaner_new ((const char *const *) entries, &error);
  g_assert_true ((cleaner == NULL) == (error != NULL));
  if (cleaner == NULL)
    g_assert_cmpstr (error->message, !=, "");
  else
    check (cleaner, text != NULL ? text : "");
  return 0;
}
