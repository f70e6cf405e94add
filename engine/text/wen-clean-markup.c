/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps for texts from web pages: HTML and web addresses. */

#include "config.h"

#include "wen-cleaning-private.h"

/* Longer than any tag that people write; beyond it a "<" is just a sign. */
#define MAXIMUM_TAG_BYTES 2048
#define MAXIMUM_ENTITY_BYTES 12

typedef struct
{
  const char *name;
  const char *text;
} Entity;

static const Entity entities[] = {
  { "amp", "&" },     { "lt", "<" },      { "gt", ">" },     { "quot", "\"" },  { "apos", "'" },
  { "nbsp", " " },    { "ldquo", "“" },   { "rdquo", "”" },  { "lsquo", "‘" },  { "rsquo", "’" },
  { "hellip", "…" },  { "mdash", "—" },   { "ndash", "–" },  { "middot", "·" }, { "bull", "•" },
  { "copy", "©" },    { "reg", "®" },     { "times", "×" },  { "yen", "¥" },    { "pound", "£" },
  { "euro", "€" },    { "deg", "°" },     { "laquo", "«" },  { "raquo", "»" },  { "emsp", " " },
  { "ensp", " " },    { "thinsp", " " },
};

/* Tags inside a line of text, which leave no gap behind. */
static const char *const inline_tags[] = {
  "a", "abbr", "b", "big", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "small", "span",
  "strike", "strong", "sub", "sup", "tt", "u", "wbr",
};

/* Bytes of a tag's name at text, which follows "<" or "</". */
static gsize
measure_name (const char *text,
              const char *end)
{
  gsize n = 0;

  while (text + n < end && g_ascii_isalnum (text[n]))
    n++;
  return n;
}

static gboolean
is_inline_tag (const char *name,
               gsize       length_bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inline_tags); i++)
    if (strlen (inline_tags[i]) == length_bytes
        && g_ascii_strncasecmp (inline_tags[i], name, length_bytes) == 0)
      return TRUE;
  return FALSE;
}

static const char *
find_ignoring_case (const char *text,
                    const char *end,
                    const char *needle)
{
  gsize length_bytes = strlen (needle);

  for (; (gsize) (end - text) >= length_bytes; text++)
    if (g_ascii_strncasecmp (text, needle, length_bytes) == 0)
      return text;
  return NULL;
}

/* What ends a stretch that begins with a tag or a comment, and whether the rest of
 * the text is known not to have it: without that, a text of many beginnings and
 * no end would be searched over and over. */
typedef struct
{
  const char *closing;
  gboolean    is_absent;
} Terminator;

typedef struct
{
  Terminator comment;
  Terminator script;
  Terminator style;
} Terminators;

/* After the terminator, or NULL. */
static const char *
find_terminator (Terminator *terminator,
                 const char *text,
                 const char *end)
{
  const char *found = terminator->is_absent ? NULL : find_ignoring_case (text, end, terminator->closing);

  terminator->is_absent = found == NULL;
  return found != NULL ? found + strlen (terminator->closing) : NULL;
}

/* After the element that begins here, where its contents are code, not text. */
static const char *
skip_code_element (Terminators *terminators,
                   const char  *tag_end,
                   const char  *end,
                   const char  *name,
                   gsize        name_bytes)
{
  const char *after = NULL;

  if (name_bytes == 6 && g_ascii_strncasecmp (name, "script", 6) == 0)
    after = find_terminator (&terminators->script, tag_end, end);
  else if (name_bytes == 5 && g_ascii_strncasecmp (name, "style", 5) == 0)
    after = find_terminator (&terminators->style, tag_end, end);
  return after != NULL ? after : tag_end;
}

/* After the tag or comment that begins at "<", or NULL where there is none. */
static const char *
match_tag (Terminators *terminators,
           const char  *text,
           const char  *end,
           gboolean    *leaves_gap)
{
  const char *name = text + 1;
  const char *limit = MIN (end, text + MAXIMUM_TAG_BYTES);
  const char *close;
  gsize name_bytes;

  *leaves_gap = TRUE;
  if (end - text >= 4 && memcmp (text, "<!--", 4) == 0)
    return find_terminator (&terminators->comment, text + 4, end);
  if (name < end && *name == '/')
    name++;
  if (name >= end || !(g_ascii_isalpha (*name) || *name == '!'))
    return NULL;

  for (close = name; close < limit && *close != '>'; close++)
    if (*close == '<')
      return NULL;
  if (close >= limit)
    return NULL;
  name_bytes = measure_name (name, close);
  /* A name is followed by space, "/" or ">"; “<3>” or “a<b，c>d” are no tags. */
  if (name_bytes == 0 ? *name != '!' : !strchr (" \t\r\n/>", name[name_bytes]))
    return NULL;
  *leaves_gap = !is_inline_tag (name, name_bytes);
  return skip_code_element (terminators, close + 1, end, name, name_bytes);
}

/* After the entity that begins at "&", or NULL; writes what it stands for. */
static const char *
decode_entity (const char *text,
               const char *end,
               char        decoded[8])
{
  const char *limit = MIN (end, text + MAXIMUM_ENTITY_BYTES);
  const char *close = text + 1;

  while (close < limit && *close != ';')
    close++;
  if (close >= limit || close == text + 1)
    return NULL;

  if (text[1] == '#')
    {
      gboolean hexadecimal = text[2] == 'x' || text[2] == 'X';
      char *number_end;
      guint64 character = g_ascii_strtoull (text + (hexadecimal ? 3 : 2), &number_end, hexadecimal ? 16 : 10);

      if (number_end != close || character == 0 || character > 0x10FFFF
          || !g_unichar_validate ((gunichar) character))
        return NULL;
      decoded[g_unichar_to_utf8 ((gunichar) character, decoded)] = '\0';
      return close + 1;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
    if (strlen (entities[i].name) == (gsize) (close - text - 1)
        && memcmp (entities[i].name, text + 1, close - text - 1) == 0)
      {
        g_strlcpy (decoded, entities[i].text, 8);
        return close + 1;
      }
  return NULL;
}

/* The next "<" or "&", or the end. */
static const char *
find_sign (const char *p,
           const char *end)
{
  while (p < end && *p != '<' && *p != '&')
    p++;
  return p;
}

/* Tags vanish, those that break the line leave a space; entities become the
 * character that they stand for.  Not idempotent by nature: "&amp;lt;". */
void
wen_clean_html (WenCleaning             *cleaning,
                const WenCleaningValues *values)
{
  Terminators terminators = { { "-->", FALSE }, { "</script>", FALSE }, { "</style>", FALSE } };
  const char *end = cleaning->end;

  for (const char *p = find_sign (cleaning->text, end); p < end;)
    {
      gboolean leaves_gap = FALSE;
      char decoded[8] = " ";
      const char *next = *p == '<' ? match_tag (&terminators, p, end, &leaves_gap) : decode_entity (p, end, decoded);

      if (next != NULL && *p == '<' && !leaves_gap)
        wen_cleaning_remove (cleaning, p, next);
      else if (next != NULL)
        wen_cleaning_replace (cleaning, p, next, decoded, strlen (decoded));
      p = find_sign (next != NULL ? next : p + 1, end);
    }
}

static gboolean
is_url_byte (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~:/?#[]@!$&'()*+,;=%", c) != NULL);
}

/* Before the signs at the end of an address that are none of it: marks, and
 * brackets that were opened before the address. */
static const char *
trim_url (const char *url,
          const char *url_end,
          const char *least_end)
{
  gboolean has_round = memchr (url, '(', url_end - url) != NULL;
  gboolean has_square = memchr (url, '[', url_end - url) != NULL;

  while (url_end > least_end
         && (strchr (".,;:!?'([", url_end[-1]) != NULL || (url_end[-1] == ')' && !has_round)
             || (url_end[-1] == ']' && !has_square)))
    url_end--;
  return url_end;
}

/* After the address that begins at p, or NULL.  Addresses are ASCII, so they end before
 * Chinese text and Chinese punctuation; a mark at the end belongs to the sentence. */
static const char *
match_url (const char *text,
           const char *p,
           const char *end)
{
  static const char *const beginnings[] = { "http://", "https://", "ftp://", "www." };

  if (p > text && g_ascii_isalnum (p[-1]))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      gsize n = strlen (beginnings[i]);
      const char *url_end;

      if ((gsize) (end - p) <= n || g_ascii_strncasecmp (p, beginnings[i], n) != 0)
        continue;
      for (url_end = p + n; url_end < end && is_url_byte (*url_end); url_end++)
        ;
      url_end = trim_url (p, url_end, p + n);
      return url_end > p + n ? url_end : NULL;
    }
  return NULL;
}

/* Where an address may begin that has its sign, ":" or the "." of "www.", at p. */
static const char *
find_beginning (const char *kept,
                const char *p)
{
  const char *begin = p;

  if (*p == '.')
    return p - kept >= 3 ? p - 3 : NULL;
  if (p[1] != '/' || p[2] != '/')
    return NULL;
  /* "https" is the longest; what runs into it from before is not one. */
  while (begin > kept && p - begin < 5 && g_ascii_isalpha (begin[-1]))
    begin--;
  return begin;
}

void
wen_clean_urls (WenCleaning             *cleaning,
                const WenCleaningValues *values)
{
  const char *end = cleaning->end;

  for (const char *p = cleaning->text; p < end;)
    {
      const char *begin = *p == ':' || *p == '.' ? find_beginning (cleaning->kept, p) : NULL;
      const char *next = begin != NULL ? match_url (cleaning->text, begin, end) : NULL;

      if (next != NULL)
        wen_cleaning_remove (cleaning, begin, next);
      p = next != NULL ? next : p + 1;
    }
}
