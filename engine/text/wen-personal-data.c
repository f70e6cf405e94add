/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds what tells about a person: numbers and addresses of eight kinds.
 *
 * DESIGN: each kind has a function that says whether one begins at a place.  Where a
 * kind has a check digit, it decides: an order number looks like an identity
 * number, but passes its check once in eleven times, and its date hardly ever.  All
 * look only at so many bytes, so the time grows with the text and not faster.
 *
 * Digits are those of ASCII: the cleaning step for full width comes first.
 *
 * Sources: GB 11643 (identity numbers), ISO/IEC 7812 (cards, Luhn's check), ISO
 * 13616 (IBAN), GA 36 (licence plates). */

#include "config.h"

#include "wen-personal-data-private.h"

#include <string.h>

#include "wen-i18n-private.h"

#define MAXIMUM_DIGITS 19
#define MAXIMUM_LOCAL_PART 64
#define MAXIMUM_DOMAIN 253
#define MAXIMUM_IBAN 34

/* Written as one number: digits, with single spaces or dashes between them. */
typedef struct
{
  char        digits[MAXIMUM_DIGITS + 1];
  gsize       n_digits;
  gsize       n_separators;
  guint8      groups[MAXIMUM_DIGITS]; /* digits before each separator, and at the end */
  const char *end;
} Number;

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Whether nothing follows that would make it part of something longer. */
static gboolean
ends_here (const char *p)
{
  return !is_word_byte (p[0]) && !((p[0] == '.' || p[0] == '-' || p[0] == '/') && g_ascii_isdigit (p[1]));
}

static gboolean
read_number (Number     *number,
             const char *p)
{
  guint8 group = 0;

  *number = (Number) { 0 };
  while (g_ascii_isdigit (*p) || ((*p == ' ' || *p == '-') && number->n_digits > 0 && g_ascii_isdigit (p[1])))
    {
      if (!g_ascii_isdigit (*p))
        {
          number->groups[number->n_separators++] = group;
          group = 0;
        }
      else if (number->n_digits == MAXIMUM_DIGITS)
        {
          return FALSE;
        }
      else
        {
          number->digits[number->n_digits++] = *p;
          group++;
        }
      p++;
    }
  number->groups[number->n_separators] = group;
  number->end = p;
  return number->n_digits > 0;
}

static guint
read_decimal (const char *digits,
              gsize       n_digits)
{
  guint value = 0;

  for (gsize i = 0; i < n_digits; i++)
    value = value * 10 + (guint) g_ascii_digit_value (digits[i]);
  return value;
}

/* Six digits of a region, the date of birth, three of an order, and a check. */
static const char *
match_id_number (const char *p)
{
  static const guint weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  static const char checks[] = "10X98765432";
  guint sum = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      if (!g_ascii_isdigit (p[i]))
        return NULL;
      sum += weights[i] * (guint) g_ascii_digit_value (p[i]);
    }
  if (g_ascii_toupper (p[17]) != checks[sum % 11] || p[0] == '0' || p[0] == '9'
      || read_decimal (p + 6, 4) < 1880 || read_decimal (p + 6, 4) > 2099
      || !g_date_valid_dmy ((GDateDay) read_decimal (p + 12, 2), (GDateMonth) read_decimal (p + 10, 2),
                            (GDateYear) read_decimal (p + 6, 4)))
    return NULL;
  return ends_here (p + 18) ? p + 18 : NULL;
}

static gboolean
passes_luhn (const Number *number)
{
  guint sum = 0;

  for (gsize i = 0; i < number->n_digits; i++)
    {
      guint digit = (guint) g_ascii_digit_value (number->digits[number->n_digits - 1 - i]);

      if (i % 2 == 1)
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
  return sum % 10 == 0;
}

/* In one piece, or in groups of four, of which the last may differ. */
static const char *
match_bank_card (const char *p)
{
  Number number;
  gboolean is_amex;

  if (!read_number (&number, p))
    return NULL;
  is_amex = number.n_digits == 15 && (g_str_has_prefix (number.digits, "34") || g_str_has_prefix (number.digits, "37"));
  if (!is_amex && (number.n_digits < 16 || number.digits[0] < '3' || number.digits[0] > '6'))
    return NULL;
  if (!is_amex)
    for (gsize i = 0; i < number.n_separators; i++)
      if (number.groups[i] != 4)
        return NULL;
  return passes_luhn (&number) && ends_here (number.end) ? number.end : NULL;
}

static gboolean
has_groups (const Number *number,
            guint8        first,
            guint8        second,
            guint8        third)
{
  const guint8 expected[] = { first, second, third };

  for (gsize i = 0; i <= number->n_separators; i++)
    if (i >= G_N_ELEMENTS (expected) || number->groups[i] != expected[i])
      return FALSE;
  return TRUE;
}

/* 13912345678, 139 1234 5678, 139-1234-5678 */
static const char *
match_mobile (const char *p)
{
  Number number;

  if (p[0] != '1' || p[1] < '3' || p[1] > '9' || !read_number (&number, p) || number.n_digits != 11)
    return NULL;
  if (number.n_separators > 0 && !has_groups (&number, 3, 4, 4))
    return NULL;
  return ends_here (number.end) ? number.end : NULL;
}

/* An area code of three or four digits, and seven or eight more. */
static const char *
match_landline (const char *p)
{
  Number number;
  guint8 area;
  gsize n_local;

  if (p[0] != '0' || !read_number (&number, p))
    return NULL;
  area = number.digits[1] <= '2' ? 3 : 4;
  if (number.digits[1] == '0' || number.n_digits <= area)
    return NULL;
  n_local = number.n_digits - area;
  if ((area == 3 && n_local != 8) || (n_local != 7 && n_local != 8))
    return NULL;
  if (number.n_separators > 0 && !has_groups (&number, area, (guint8) n_local, 0)
      && !has_groups (&number, area, (guint8) (n_local - 4), 4))
    return NULL;
  return ends_here (number.end) ? number.end : NULL;
}

/* With "+86", "0086" or "86" before it, or any other country's behind a "+". */
static const char *
match_phone (const char *p)
{
  static const char *const prefixes[] = { "+86", "0086", "86" };
  Number number;

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (strncmp (p, prefixes[i], strlen (prefixes[i])) == 0)
      {
        const char *rest = p + strlen (prefixes[i]);
        const char *end = match_mobile (*rest == ' ' || *rest == '-' ? rest + 1 : rest);

        if (end != NULL)
          return end;
      }
  if (*p == '+' && p[1] != '0' && read_number (&number, p + 1) && number.n_digits >= 10 && number.n_digits <= 15)
    return ends_here (number.end) ? number.end : NULL;
  if (match_mobile (p) != NULL)
    return match_mobile (p);
  return match_landline (p);
}

static gboolean
is_local_byte (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("._%+-", c) != NULL);
}

static const char *
match_email (const char *p)
{
  const char *at = p;
  const char *label;
  const char *end = NULL;

  while (at - p < MAXIMUM_LOCAL_PART && is_local_byte (*at))
    at++;
  if (*at != '@' || at == p)
    return NULL;
  for (label = at + 1; label - at < MAXIMUM_DOMAIN;)
    {
      const char *label_end = label;
      gboolean only_letters = TRUE;

      while (g_ascii_isalnum (*label_end) || *label_end == '-')
        only_letters &= g_ascii_isalpha (*label_end++);
      if (label_end == label)
        break;
      /* What ends it is a name such as "com", behind at least one other. */
      if (label > at + 1 && only_letters && label_end - label >= 2)
        end = label_end;
      if (*label_end != '.')
        break;
      label = label_end + 1;
    }
  return end != NULL && !is_word_byte (*end) ? end : NULL;
}

static const char *
match_ip_address (const char *p)
{
  for (guint octet = 0; octet < 4; octet++)
    {
      gsize n_digits = 0;

      while (n_digits < 4 && g_ascii_isdigit (p[n_digits]))
        n_digits++;
      if (n_digits == 0 || n_digits > 3 || read_decimal (p, n_digits) > 255 || (n_digits > 1 && p[0] == '0'))
        return NULL;
      p += n_digits;
      if (octet < 3 && *p++ != '.')
        return NULL;
    }
  return ends_here (p) ? p : NULL;
}

/* E12345678, EA1234567, G12345678 */
static const char *
match_passport (const char *p)
{
  gsize n_letters = p[0] == 'E' && g_ascii_isupper (p[1]) ? 2 : 1;
  gsize n_digits = 0;

  if (p[0] != 'E' && p[0] != 'G')
    return NULL;
  while (n_digits < 9 && g_ascii_isdigit (p[n_letters + n_digits]))
    n_digits++;
  return n_letters + n_digits == 9 && ends_here (p + 9) ? p + 9 : NULL;
}

/* Letters count as 10 to 35; the number, with its first four places behind the
 * others, leaves 1 when divided by 97. */
static const char *
match_iban (const char *p)
{
  char places[MAXIMUM_IBAN + 1];
  gsize n_places = 0;
  guint rest = 0;

  if (!g_ascii_isupper (p[0]) || !g_ascii_isupper (p[1]) || !g_ascii_isdigit (p[2]) || !g_ascii_isdigit (p[3]))
    return NULL;
  for (; g_ascii_isdigit (*p) || g_ascii_isupper (*p) || (*p == ' ' && n_places % 4 == 0 && g_ascii_isalnum (p[1]));
       p++)
    if (*p != ' ')
      {
        if (n_places == MAXIMUM_IBAN)
          return NULL;
        places[n_places++] = *p;
      }
  if (n_places < 15)
    return NULL;
  for (gsize i = 0; i < n_places; i++)
    {
      char c = places[(i + 4) % n_places];

      if (g_ascii_isdigit (c))
        rest = (rest * 10 + (guint) g_ascii_digit_value (c)) % 97;
      else
        rest = (rest * 100 + (guint) (c - 'A' + 10)) % 97;
    }
  return rest == 1 && ends_here (p) ? p : NULL;
}

/* A province, a letter, perhaps a dot, and five or six letters and digits. */
static const char *
match_licence_plate (const char *p)
{
  static const char provinces[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  static const char dot[] = "·";
  gsize n_places = 0;
  gsize n_digits = 0;
  gboolean is_province = FALSE;

  /* What seldom follows a Chinese character is looked for first. */
  if (!g_ascii_isupper (p[1] != '\0' && p[2] != '\0' ? p[3] : '\0'))
    return NULL;
  for (gsize i = 0; i < sizeof provinces - 1 && !is_province; i += 3)
    is_province = strncmp (p, provinces + i, 3) == 0;
  if (!is_province || p[3] == 'I' || p[3] == 'O')
    return NULL;
  p += 4;
  if (strncmp (p, dot, sizeof dot - 1) == 0)
    p += sizeof dot - 1;
  else if (*p == ' ')
    p++;
  while (n_places < 7 && (g_ascii_isdigit (p[n_places]) || g_ascii_isupper (p[n_places])))
    n_digits += g_ascii_isdigit (p[n_places++]);
  return (n_places == 5 || n_places == 6) && n_digits >= 2 && !is_word_byte (p[n_places]) ? p + n_places : NULL;
}

typedef const char *(*MatchFunc) (const char *p);

/* In the order in which they are tried: the most certain first. */
static const struct
{
  WenPersonalDataKind kind;
  MatchFunc           match;
} kinds[] = {
  { WEN_PERSONAL_DATA_EMAIL, match_email },
  { WEN_PERSONAL_DATA_IBAN, match_iban },
  { WEN_PERSONAL_DATA_ID_NUMBER, match_id_number },
  { WEN_PERSONAL_DATA_PHONE, match_phone },
  { WEN_PERSONAL_DATA_BANK_CARD, match_bank_card },
  { WEN_PERSONAL_DATA_IP_ADDRESS, match_ip_address },
  { WEN_PERSONAL_DATA_PASSPORT, match_passport },
};

/* Whether something may begin at p, which is not the middle of a word or number. */
static gboolean
may_begin (const char *text,
           const char *p)
{
  char before = p > text ? p[-1] : ' ';

  if (*p == '+')
    return !is_word_byte (before);
  return g_ascii_isalnum (*p) && !is_word_byte (before)
         && !((before == '.' || before == '-' || before == '/') && p > text + 1 && is_word_byte (p[-2]));
}

/* The piece of one of the kinds, a bit for each, that begins at p. */
gboolean
wen_personal_data_match (const char      *text,
                         const char      *p,
                         guint            wanted_kinds,
                         WenPersonalData *found)
{
  const char *end = NULL;

  if ((guchar) *p >= 0xE4)
    {
      found->kind = WEN_PERSONAL_DATA_LICENCE_PLATE;
      end = (wanted_kinds & 1 << WEN_PERSONAL_DATA_LICENCE_PLATE) != 0 ? match_licence_plate (p) : NULL;
    }
  else if (may_begin (text, p))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (kinds) && end == NULL; i++)
        {
          found->kind = kinds[i].kind;
          end = (wanted_kinds & 1 << found->kind) != 0 ? kinds[i].match (p) : NULL;
        }
    }
  if (end == NULL)
    return FALSE;
  found->begin = (gsize) (p - text);
  found->end = (gsize) (end - text);
  return TRUE;
}

/**
 * wen_personal_data_find:
 * @text: a text, valid UTF-8
 * @n_found: (out): length of the returned array
 *
 * Finds what tells about a person in a text: see [enum@PersonalDataKind].
 *
 * Names and postal addresses are not found.  Any thread may call it.
 *
 * Returns: (array length=n_found) (transfer full): the pieces, in the order of the
 *   text
 */
WenPersonalData *
wen_personal_data_find (const char *text,
                        gsize      *n_found)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (WenPersonalData));
  WenPersonalData found;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (n_found != NULL, NULL);

  for (const char *p = text; *p != '\0';)
    if (wen_personal_data_match (text, p, WEN_PERSONAL_DATA_ALL, &found))
      {
        g_array_append_val (all, found);
        p = text + found.end;
      }
    else
      {
        p++;
      }
  *n_found = all->len;
  return g_memdup2 (all->data, all->len * sizeof (WenPersonalData));
}

/**
 * wen_personal_data_get_name:
 * @kind: a kind
 *
 * Gets the name of a kind for people, in their language.
 *
 * Returns: the name
 */
const char *
wen_personal_data_get_name (WenPersonalDataKind kind)
{
  static const char *const names[WEN_N_PERSONAL_DATA_KINDS] = {
    N_ ("identity number"), N_ ("phone number"),    N_ ("bank card"),     N_ ("e-mail address"),
    N_ ("IP address"),      N_ ("passport number"), N_ ("licence plate"), N_ ("IBAN"),
  };

  g_return_val_if_fail (kind < WEN_N_PERSONAL_DATA_KINDS, NULL);

  return _ (names[kind]);
}

/* Digits in a row that no ordinary text has. */
#define SUSPICIOUS_DIGITS 6

/**
 * wen_personal_data_is_suspicious:
 * @piece: a piece of a text, such as a token of a vocabulary
 *
 * Says whether a piece looks as if it told about a person: it is what
 * wen_personal_data_find() finds, or may be a part of it, such as six digits in a row
 * or an "@" between letters.
 *
 * Returns: whether somebody should look at it before it is given away
 */
gboolean
wen_personal_data_is_suspicious (const char *piece)
{
  WenPersonalData found;
  gsize n_digits = 0;

  g_return_val_if_fail (piece != NULL, FALSE);

  for (const char *p = piece; *p != '\0'; p++)
    {
      n_digits = g_ascii_isdigit (*p) ? n_digits + 1 : 0;
      if (n_digits >= SUSPICIOUS_DIGITS || wen_personal_data_match (piece, p, WEN_PERSONAL_DATA_ALL, &found)
          || (*p == '@' && p > piece && g_ascii_isalnum (p[-1]) && g_ascii_isalnum (p[1])))
        return TRUE;
    }
  return FALSE;
}
