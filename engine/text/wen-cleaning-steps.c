/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All cleaning steps: what they are called, what they do, and their settings.
 *
 * The window, the command line and every message about a wrong setting follow from
 * this table. */

#include "config.h"

#include "wen-cleaning-private.h"

#include "wen-i18n-private.h"

#define CHOICE(id, title, explanation, default_value, choices, titles) \
  { id, title, explanation, WEN_CLEANING_SETTING_CHOICE, default_value, 0, choices, titles }
#define WHOLE(id, title, explanation, default_value, maximum) \
  { id, title, explanation, WEN_CLEANING_SETTING_WHOLE_NUMBER, default_value, maximum, NULL, NULL }
#define YES_NO(id, title, default_value) \
  { id, title, NULL, WEN_CLEANING_SETTING_YES_NO, default_value, 0, NULL, NULL }
#define TEXT(id, title, explanation, default_value) \
  { id, title, explanation, WEN_CLEANING_SETTING_TEXT, default_value, 0, NULL, NULL }
#define LINES(id, title, explanation) \
  { id, title, explanation, WEN_CLEANING_SETTING_LINES, "", 0, NULL, NULL }

static const char *const mention_kinds[] = { "both", "names", "topics", NULL };
static const char *const mention_titles[] = { N_ ("@Names and #topics#"), N_ ("@Names"), N_ ("#Topics#"), NULL };
static const WenCleaningSetting mention_settings[] = {
  CHOICE ("which", N_ ("Take Out"), NULL, "both", mention_kinds, mention_titles),
};

static const WenCleaningSetting bracket_settings[] = {
  TEXT ("pairs", N_ ("Brackets"), N_ ("Opening and closing one side by side, with spaces between the pairs."),
        "[] 【】 ［］"),
};

static const char *const forms[] = { "nfkc", "nfc", NULL };
static const char *const form_titles[] = {
  N_ ("Wide as narrow, ① as 1 (NFKC)"), N_ ("Only put accents and letters together (NFC)"), NULL,
};
static const WenCleaningSetting width_settings[] = {
  CHOICE ("form", N_ ("Form"), NULL, "nfkc", forms, form_titles),
};

static const char *const row_choices[] = { "mask", "leave-out", NULL };
static const char *const row_titles[] = { N_ ("Write *** for it"), N_ ("Do not learn from such rows"), NULL };
static const WenCleaningSetting personal_data_settings[] = {
  CHOICE ("rows", N_ ("What to Do"), NULL, "mask", row_choices, row_titles),
  YES_NO ("id-number", N_ ("Identity Numbers"), "yes"),
  YES_NO ("phone", N_ ("Phone Numbers"), "yes"),
  YES_NO ("bank-card", N_ ("Bank Cards"), "yes"),
  YES_NO ("email", N_ ("E-Mail Addresses"), "yes"),
  YES_NO ("ip-address", N_ ("IP Addresses"), "yes"),
  YES_NO ("passport", N_ ("Passport Numbers"), "yes"),
  YES_NO ("licence-plate", N_ ("Licence Plates"), "yes"),
  YES_NO ("iban", N_ ("IBANs"), "yes"),
  LINES ("patterns", N_ ("Own Patterns"),
         N_ ("Regular expressions, one a line, such as EMP-\\d{6} for the numbers of a company’s staff.")),
};
G_STATIC_ASSERT (G_N_ELEMENTS (personal_data_settings) <= WEN_CLEANING_MAXIMUM_SETTINGS);

static const char *const chinese_choices[] = { "simplified", "traditional", NULL };
static const char *const chinese_titles[] = { N_ ("Simplified: 说"), N_ ("Traditional: 說"), NULL };
static const WenCleaningSetting chinese_settings[] = {
  CHOICE ("become", N_ ("Write As"), NULL, "simplified", chinese_choices, chinese_titles),
};

static const char *const emoji_choices[] = { "nothing", "name", NULL };
static const char *const emoji_titles[] = { N_ ("Take out"), N_ ("Write their English names"), NULL };
static const WenCleaningSetting emoji_settings[] = {
  CHOICE ("become", N_ ("What to Do"), NULL, "nothing", emoji_choices, emoji_titles),
};

static const WenCleaningSetting repeat_settings[] = {
  WHOLE ("keep", N_ ("How Many Stay"), NULL, "2", 99),
};

static const char *const digit_choices[] = { "nothing", "zero", NULL };
static const char *const digit_titles[] = { N_ ("Take out"), N_ ("Write 0 for each"), NULL };
static const WenCleaningSetting digit_settings[] = {
  CHOICE ("become", N_ ("What to Do"), N_ ("With 0 for each, 2024 and 1999 look alike, but stay numbers."), "nothing",
          digit_choices, digit_titles),
};

static const char *const punctuation_choices[] = { "all", "ascii", "other", NULL };
static const char *const punctuation_titles[] = {
  N_ ("All"), N_ ("Only narrow ones: , . !"), N_ ("Only others: ，。！"), NULL,
};
static const WenCleaningSetting punctuation_settings[] = {
  CHOICE ("which", N_ ("Take Out"), NULL, "all", punctuation_choices, punctuation_titles),
};

static const char *const stop_word_lists[] = { "both", "zh", "en", "none", NULL };
static const char *const stop_word_titles[] = {
  N_ ("Chinese and English"), N_ ("Chinese"), N_ ("English"), N_ ("Only own words"), NULL,
};
static const WenCleaningSetting stop_word_settings[] = {
  CHOICE ("list", N_ ("List"), NULL, "both", stop_word_lists, stop_word_titles),
  LINES ("words", N_ ("Own Words"), N_ ("One a line, besides those of the list.")),
  LINES ("keep", N_ ("Words That Stay"), N_ ("One a line, such as “not”, which may matter.")),
};

static const char *const pattern_kinds[] = { "text", "pattern", NULL };
static const char *const pattern_titles[] = { N_ ("As it is typed"), N_ ("As a regular expression"), NULL };
static const WenCleaningSetting pattern_settings[] = {
  TEXT ("find", N_ ("Find"), NULL, ""),
  TEXT ("become", N_ ("Replace With"), N_ ("Nothing, to take it out. In a regular expression \\1 is its first group."), ""),
  CHOICE ("as", N_ ("Read It"), NULL, "text", pattern_kinds, pattern_titles),
};

static const WenCleaningSetting length_settings[] = {
  WHOLE ("minimum", N_ ("Fewest Characters"), NULL, "2", 1000000),
  WHOLE ("maximum", N_ ("Most Characters"), N_ ("0 sets no limit."), "0", 1000000000),
};

/* In the order in which they do best: what hides text first, what evens it out
 * next, and white space, which the others leave behind, last. */
static const WenCleaningStep steps[] = {
  { "html", N_ ("HTML Tags"),
    N_ ("Takes out tags such as <br> and turns &amp; into &, as needed for texts from web pages."), NULL, 0 },
  { "urls", N_ ("Web Addresses"), N_ ("Takes out links, which seldom say what a text is about."), NULL, 0 },
  { "emails", N_ ("E-Mail Addresses"), N_ ("Takes out addresses such as li.na@example.com."), NULL, 0 },
  { "mentions", N_ ("Names and Topics of Networks"),
    N_ ("Takes out @names and #topics#, which say who is spoken to rather than what is said."), mention_settings,
    G_N_ELEMENTS (mention_settings) },
  { "brackets", N_ ("Text in Brackets"),
    N_ ("Takes out what stands in [ ] or 【 】, often names of stickers, sources or tags."), bracket_settings,
    G_N_ELEMENTS (bracket_settings) },
  { "width", N_ ("Full to Half Width"),
    N_ ("Writes wide letters, digits and signs such as Ａ１！ as A1!, so that both count as the same."), width_settings,
    G_N_ELEMENTS (width_settings) },
  { "personal-data", N_ ("Personal Data"),
    N_ ("Writes *** for identity numbers, phone numbers, bank cards, e-mail and IP addresses, passports, licence "
        "plates and IBANs, so that the classifier never learns them."),
    personal_data_settings, G_N_ELEMENTS (personal_data_settings) },
  { "chinese", N_ ("Traditional and Simplified Chinese"),
    N_ ("Writes 說 as 说, or the other way round, so that both spellings count as the same."), chinese_settings,
    G_N_ELEMENTS (chinese_settings) },
  { "lower-case", N_ ("Lower Case"),
    N_ ("Writes capital letters small, so that “Good” and “good” count as the same."), NULL, 0 },
  { "emoji", N_ ("Emoji"), N_ ("Takes out little pictures. Leave it off where mood matters: they tell a lot."),
    emoji_settings, G_N_ELEMENTS (emoji_settings) },
  { "repeats", N_ ("Repeated Characters"),
    N_ ("Leaves two of any character that stands three times or more in a row: 哈哈哈哈 becomes 哈哈. Digits stay."),
    repeat_settings, G_N_ELEMENTS (repeat_settings) },
  { "digits", N_ ("Digits"), N_ ("Takes out all digits. Leave it off where prices, dates or amounts matter."),
    digit_settings, G_N_ELEMENTS (digit_settings) },
  { "punctuation", N_ ("Punctuation and Symbols"),
    N_ ("Takes out commas, marks and emoji. Leave it off where tone matters: “!” and “?” tell a lot."),
    punctuation_settings, G_N_ELEMENTS (punctuation_settings) },
  { "stop-words", N_ ("Stop Words"),
    N_ ("Takes out very common words such as “the” or “的” where they stand as words."), stop_word_settings,
    G_N_ELEMENTS (stop_word_settings) },
  { "pattern", N_ ("Find and Replace"), N_ ("Replaces what you say, or takes it out."), pattern_settings,
    G_N_ELEMENTS (pattern_settings) },
  { "white-space", N_ ("White Space"),
    N_ ("Makes one space of any run of spaces, tabs, line ends and invisible signs."), NULL, 0 },
  { "length", N_ ("Short and Long Texts"),
    N_ ("Does not learn from rows with very little text, or with far too much. They still get an answer when "
        "measuring and predicting."),
    length_settings, G_N_ELEMENTS (length_settings) },
};

/* In the order of the table above. */
static const WenCleaningFunctions functions[] = {
  { wen_clean_html, NULL, NULL },
  { wen_clean_urls, NULL, NULL },
  { wen_clean_emails, NULL, NULL },
  { wen_clean_mentions, NULL, NULL },
  { wen_clean_brackets, wen_prepare_brackets, g_free },
  { wen_clean_width, NULL, NULL },
  { wen_clean_personal_data, wen_prepare_personal_data, wen_release_personal_data },
  { wen_clean_chinese, NULL, NULL },
  { wen_clean_lower_case, NULL, NULL },
  { wen_clean_emoji, NULL, NULL },
  { wen_clean_repeats, NULL, NULL },
  { wen_clean_digits, NULL, NULL },
  { wen_clean_punctuation, NULL, NULL },
  { wen_clean_stop_words, wen_prepare_stop_words, (void (*) (gpointer)) g_hash_table_unref },
  { wen_clean_pattern, wen_prepare_pattern, wen_release_pattern },
  { wen_clean_white_space, NULL, NULL },
  { wen_clean_length, wen_prepare_length, NULL },
};
G_STATIC_ASSERT (G_N_ELEMENTS (steps) == G_N_ELEMENTS (functions));

const WenCleaningFunctions *
wen_cleaning_get_functions (gsize step)
{
  return &functions[step];
}

/**
 * wen_cleaner_list_steps:
 * @n_steps: (out): length of the returned array
 *
 * Describes all cleaning steps, in the order in which they do best.
 *
 * Titles and explanations are English; dgettext ("wenlei", …) translates them.
 *
 * Returns: (array length=n_steps) (transfer none): the steps
 */
const WenCleaningStep *
wen_cleaner_list_steps (gsize *n_steps)
{
  *n_steps = G_N_ELEMENTS (steps);
  return steps;
}

/**
 * wen_cleaner_find_step:
 * @id: the name of a step in a recipe
 *
 * Finds the description of one step.
 *
 * Returns: (transfer none) (nullable): the step, or `NULL` if there is none
 */
const WenCleaningStep *
wen_cleaner_find_step (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (steps[i].id, id) == 0)
      return &steps[i];
  return NULL;
}
