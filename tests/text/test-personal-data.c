/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Personal data among text that looks like it: known cases, and thousands of made
 * ones of which it is known what is personal. */

#include "config.h"

#include "wen-cleaner.h"
#include "wen-personal-data.h"
#include "wen-random-private.h"

#include <string.h>

static const struct
{
  const char         *text;
  WenPersonalDataKind kind;
  const char         *piece;
} cases[] = {
  { "身份证11010519491231002X，谢谢", WEN_PERSONAL_DATA_ID_NUMBER, "11010519491231002X" },
  { "id 440524188001010014.", WEN_PERSONAL_DATA_ID_NUMBER, "440524188001010014" },
  { "打13812345678找我", WEN_PERSONAL_DATA_PHONE, "13812345678" },
  { "+86 138-1234-5678", WEN_PERSONAL_DATA_PHONE, "+86 138-1234-5678" },
  { "call +44 20 7946 0958 now", WEN_PERSONAL_DATA_PHONE, "+44 20 7946 0958" },
  { "座机010-62770334", WEN_PERSONAL_DATA_PHONE, "010-62770334" },
  { "0571 8888 8888", WEN_PERSONAL_DATA_PHONE, "0571 8888 8888" },
  { "card 4111 1111 1111 1111", WEN_PERSONAL_DATA_BANK_CARD, "4111 1111 1111 1111" },
  { "卡号6222021234567890128。", WEN_PERSONAL_DATA_BANK_CARD, "6222021234567890128" },
  { "amex 378282246310005", WEN_PERSONAL_DATA_BANK_CARD, "378282246310005" },
  { "写li.na+x@mail.example.com吧", WEN_PERSONAL_DATA_EMAIL, "li.na+x@mail.example.com" },
  { "from 192.168.0.254, port 80", WEN_PERSONAL_DATA_IP_ADDRESS, "192.168.0.254" },
  { "护照E12345678", WEN_PERSONAL_DATA_PASSPORT, "E12345678" },
  { "passport EA1234567!", WEN_PERSONAL_DATA_PASSPORT, "EA1234567" },
  { "车牌京A·12B45在楼下", WEN_PERSONAL_DATA_LICENCE_PLATE, "京A·12B45" },
  { "粤B12345D", WEN_PERSONAL_DATA_LICENCE_PLATE, "粤B12345D" },
  { "GB29 NWBK 6016 1331 9268 19 please", WEN_PERSONAL_DATA_IBAN, "GB29 NWBK 6016 1331 9268 19" },
  { "DE89370400440532013000", WEN_PERSONAL_DATA_IBAN, "DE89370400440532013000" },
};

/* Nothing of it is personal. */
static const char *const innocent[] = {
  "", "房间很好", "1299.00元", "2024-01-31 18:05:09", "订单20240131180509123", "v1.2.30", "Windows 10.0.19041.1",
  "11010519491231002Y", "110105194912310021", "110105194913310029", "4111 1111 1111 1112", "12345678901", "400-820-8820",
  "a@b", "@home", "mail@", "192.168.0", "256.1.1.1", "1.2.3.4.5", "E1234567", "AE12345678", "A380", "京A", "京ABCDE 是什么",
  "GB00NWBK60161331926819", "1381234567", "138123456789", "100000000000000000000000", "ISBN 9787111213826", "3.1415926535",
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize n_found;
      g_autofree WenPersonalData *found = wen_personal_data_find (cases[i].text, &n_found);
      g_autofree char *piece = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (n_found, ==, 1);
      piece = g_strndup (cases[i].text + found[0].begin, found[0].end - found[0].begin);
      g_assert_cmpstr (piece, ==, cases[i].piece);
      g_assert_cmpint (found[0].kind, ==, cases[i].kind);
      g_assert_nonnull (wen_personal_data_get_name (found[0].kind));
    }
}

static void
test_innocent (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (innocent); i++)
    {
      gsize n_found;
      g_autofree WenPersonalData *found = wen_personal_data_find (innocent[i], &n_found);

      g_test_message ("%s", innocent[i]);
      g_assert_cmpuint (n_found, ==, 0);
    }
}

/* Making pieces of each kind, and look-alikes. */

typedef struct
{
  guint64 item;
  guint64 n_drawn;
} Dice;

static guint
draw (Dice *dice,
      guint n_sides)
{
  return (guint) (wen_random_u64 (11, dice->item, dice->n_drawn++) % n_sides);
}

static void
append_digits (GString *text,
               Dice    *dice,
               guint    n_digits)
{
  for (guint i = 0; i < n_digits; i++)
    g_string_append_c (text, (char) ('0' + draw (dice, 10)));
}

static void
make_id_number (GString *text,
                Dice    *dice)
{
  static const guint weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  gsize begin = text->len;
  guint sum = 0;

  g_string_append_printf (text, "%u", 11 + draw (dice, 50));
  append_digits (text, dice, 4);
  g_string_append_printf (text, "%u%02u%02u", 1930 + draw (dice, 90), 1 + draw (dice, 12), 1 + draw (dice, 28));
  append_digits (text, dice, 3);
  for (guint i = 0; i < 17; i++)
    sum += weights[i] * (guint) (text->str[begin + i] - '0');
  g_string_append_c (text, "10X98765432"[sum % 11]);
}

static void
make_bank_card (GString *text,
                Dice    *dice)
{
  gsize begin = text->len;
  guint n_digits = draw (dice, 2) ? 16 : 19;
  guint sum = 0;

  g_string_append (text, draw (dice, 2) ? "62" : "45");
  append_digits (text, dice, n_digits - 3);
  for (guint i = 0; i < n_digits - 1; i++)
    {
      guint digit = (guint) (text->str[begin + n_digits - 2 - i] - '0');

      if (i % 2 == 0)
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
  g_string_append_c (text, (char) ('0' + (10 - sum % 10) % 10));
}

static void
make_phone (GString *text,
            Dice    *dice)
{
  static const char *const starts[] = { "", "+86", "+86 ", "86-" };
  guint separator = draw (dice, 3);

  if (draw (dice, 4) == 0)
    {
      g_string_append_printf (text, "0%u%s", 21 + draw (dice, 9), draw (dice, 2) ? "-" : "");
      g_string_append_c (text, (char) ('2' + draw (dice, 8)));
      append_digits (text, dice, 7);
      return;
    }
  g_string_append_printf (text, "%s1%u", starts[draw (dice, 4)], 3 + draw (dice, 7));
  append_digits (text, dice, 1);
  for (guint group = 0; group < 2; group++)
    {
      if (separator > 0)
        g_string_append_c (text, separator == 1 ? ' ' : '-');
      append_digits (text, dice, 4);
    }
}

static void
make_email (GString *text,
            Dice    *dice)
{
  static const char *const hosts[] = { "qq.com", "163.com", "mail.example.org", "pku.edu.cn" };

  g_string_append_printf (text, "%c%s", 'a' + draw (dice, 26), draw (dice, 2) ? "li.na_" : "zhang");
  append_digits (text, dice, 1 + draw (dice, 8));
  g_string_append_printf (text, "@%s", hosts[draw (dice, 4)]);
}

static void
make_ip_address (GString *text,
                 Dice    *dice)
{
  g_string_append_printf (text, "%u.%u.%u.%u", 1 + draw (dice, 254), draw (dice, 256), draw (dice, 256),
                          draw (dice, 256));
}

static void
make_passport (GString *text,
               Dice    *dice)
{
  gboolean is_long = draw (dice, 2) == 0;

  g_string_append (text, is_long ? "E" : "EJ");
  append_digits (text, dice, is_long ? 8 : 7);
}

static void
make_licence_plate (GString *text,
                    Dice    *dice)
{
  static const char *const provinces[] = { "京", "沪", "粤", "川", "琼" };

  g_string_append_printf (text, "%s%c%s", provinces[draw (dice, 5)], 'A' + draw (dice, 8), draw (dice, 2) ? "·" : "");
  append_digits (text, dice, 2);
  g_string_append_c (text, (char) ('A' + draw (dice, 8)));
  append_digits (text, dice, 2 + draw (dice, 2));
}

/* The check digits that leave 1, found by trying. */
static void
make_iban (GString *text,
           Dice    *dice)
{
  g_autoptr (GString) account = g_string_new (NULL);
  guint rest = 0;

  append_digits (account, dice, 18);
  for (gsize i = 0; i < 18; i++)
    rest = (rest * 10 + (guint) (account->str[i] - '0')) % 97;
  /* "DE00" behind the account. */
  rest = (rest * 100 + 13) % 97;
  rest = (rest * 100 + 14) % 97;
  rest = (rest * 100) % 97;
  g_string_append_printf (text, "DE%02u%s", 98 - rest, account->str);
}

static void
make_look_alike (GString *text,
                 Dice    *dice)
{
  switch (draw (dice, 8))
    {
    case 0:
      g_string_append_printf (text, "订单2024%02u%02u", 1 + draw (dice, 12), 1 + draw (dice, 28));
      append_digits (text, dice, 4 + draw (dice, 8));
      break;
    case 1:
      g_string_append_printf (text, "%u.%02u元", draw (dice, 100000), draw (dice, 100));
      break;
    case 2:
      g_string_append_printf (text, "2024-%02u-%02u %02u:%02u", 1 + draw (dice, 12), 1 + draw (dice, 28),
                              draw (dice, 24), draw (dice, 60));
      break;
    case 3:
      g_string_append_printf (text, "v%u.%u.%u", draw (dice, 20), draw (dice, 20), draw (dice, 3000));
      break;
    case 4:
      g_string_append (text, "房间号");
      append_digits (text, dice, 3 + draw (dice, 2));
      break;
    case 5:
      g_string_append_printf (text, "型号%c%u-%u", 'A' + draw (dice, 26), draw (dice, 10000), draw (dice, 100));
      break;
    case 6:
      g_string_append (text, "运单SF");
      append_digits (text, dice, 13);
      break;
    default:
      g_string_append_printf (text, "@user%u", draw (dice, 100000));
      break;
    }
}

/* At least 95 of 100 are found, and at least 98 of 100 that are found are right. */
static void
test_recall_and_precision (void)
{
  static void (*const makers[]) (GString *, Dice *) = {
    make_id_number, make_phone, make_bank_card, make_email, make_ip_address, make_passport, make_licence_plate, make_iban,
  };
  static const char *const before[] = { "客服你好，", "my number is ", "：", "（", "" };
  static const char *const after[] = { "，谢谢", " please", "。", "）", "", "请回复" };
  guint n_planted = 0;
  guint n_found_planted = 0;
  guint n_found_all = 0;

  for (guint64 item = 0; item < 20000; item++)
    {
      Dice dice = { .item = item };
      g_autoptr (GString) text = g_string_new (before[draw (&dice, 5)]);
      guint maker = draw (&dice, 2 * G_N_ELEMENTS (makers));
      gboolean is_personal = maker < G_N_ELEMENTS (makers);
      gsize begin = text->len;
      gsize end;
      gsize n_found;
      g_autofree WenPersonalData *found = NULL;

      if (is_personal)
        makers[maker] (text, &dice);
      else
        make_look_alike (text, &dice);
      end = text->len;
      g_string_append (text, after[draw (&dice, 6)]);

      found = wen_personal_data_find (text->str, &n_found);
      n_planted += is_personal;
      n_found_all += (guint) n_found;
      for (gsize i = 0; i < n_found; i++)
        if (is_personal && found[i].begin == begin && found[i].end == end && found[i].kind == maker)
          n_found_planted++;
        else if (g_test_verbose ())
          g_test_message ("Wrong: %s", text->str);
    }
  g_test_message ("Of %u planted pieces %u were found; %u were found in all", n_planted, n_found_planted, n_found_all);
  g_assert_cmpfloat ((double) n_found_planted / n_planted, >=, 0.95);
  g_assert_cmpfloat ((double) n_found_planted / n_found_all, >=, 0.98);
}

/* What was masked is not found again. */
static void
test_masked (void)
{
  const char *const steps[] = { "personal-data", NULL };
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (steps, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *cleaned = wen_cleaner_clean (cleaner, cases[i].text);
      gsize n_found;
      g_autofree WenPersonalData *found = wen_personal_data_find (cleaned, &n_found);

      g_assert_cmpuint (n_found, ==, 0);
      g_assert_nonnull (strstr (cleaned, "***"));
      g_assert_null (strstr (cleaned, cases[i].piece));
    }
}

static void
test_suspicious (void)
{
  static const char *const suspicious[] = { "13812345678", "##345678", "li.na@example.com", "a@b", "192.168.1.10" };
  static const char *const fine[] = { "", "好吃", "2024", "##2024", "12345", "@", "@张三", "3.14", "10:30" };

  for (gsize i = 0; i < G_N_ELEMENTS (suspicious); i++)
    g_assert_true (wen_personal_data_is_suspicious (suspicious[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_false (wen_personal_data_is_suspicious (fine[i]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/text/personal-data/cases", test_cases);
  g_test_add_func ("/wen/text/personal-data/innocent", test_innocent);
  g_test_add_func ("/wen/text/personal-data/recall-and-precision", test_recall_and_precision);
  g_test_add_func ("/wen/text/personal-data/masked", test_masked);

  g_test_add_func ("/wen/text/personal-data/suspicious", test_suspicious);

  return g_test_run ();
}
