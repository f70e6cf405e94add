/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names that columns of texts and of labels often have, in English and Chinese. */

#include "config.h"

#include "wen-csv-names-private.h"

#include <string.h>

/* A whole name counts more than one that only has such a word in it. */
#define WHOLE_NAME 1000
#define PART_OF_NAME 100

/* Each list begins with what says it most clearly.  All in lower case. */
static const char *const text_names[] = {
  "text", "texts", "文本", "文本内容", "content", "内容", "正文", "评论", "评论内容", "review", "reviews", "comment",
  "comments", "sentence", "句子", "message", "body", "question", "query", "utterance", "document", "tweet", "评价",
  "评价内容", "留言", "问题", "消息", "短信", "新闻", "news", "description", "描述", "title", "标题", "input",
};
static const char *const label_names[] = {
  "label", "labels", "标签", "标注", "class", "类别", "分类", "category", "categories", "sentiment", "情感", "情感倾向",
  "target", "intent", "意图", "tag", "topic", "主题", "话题", "polarity", "type", "类型", "种类", "output", "y", "rating",
  "评分", "score", "结果",
};
static const char *const text_words[] = {
  "text", "文本", "content", "内容", "评论", "review", "comment", "sentence",
};
static const char *const label_words[] = {
  "label", "标签", "类别", "分类", "category", "class", "sentiment",
};

/* Position in a list, the first counting most; 0 where func holds for none. */
static guint
rate (const char        *name,
      const char *const *list,
      gsize              n_list,
      gboolean         (*func) (const char *name, const char *entry),
      guint              best)
{
  for (gsize i = 0; i < n_list; i++)
    if (func (name, list[i]))
      return best - (guint) i;
  return 0;
}

static gboolean
is_same (const char *name,
         const char *entry)
{
  return strcmp (name, entry) == 0;
}

/* "review_text" has the word, "textile" has not. */
static gboolean
has_word (const char *name,
          const char *word)
{
  gsize length_bytes = strlen (word);

  for (const char *found = name; (found = strstr (found, word)) != NULL; found += length_bytes)
    if ((guchar) *word >= 0x80
        || ((found == name || !g_ascii_isalpha (found[-1])) && !g_ascii_isalpha (found[length_bytes])))
      return TRUE;
  return FALSE;
}

/* Also sentences have such words in them: a name is short. */
static gboolean
is_short (const char *name)
{
  return g_utf8_strlen (name, -1) <= 20 && strchr (name, ' ') == NULL;
}

static guint
rate_name (const char        *name,
           const char *const *names,
           gsize              n_names,
           const char *const *words,
           gsize              n_words)
{
  g_autofree char *lower = g_strstrip (g_utf8_strdown (name, -1));
  guint rating = rate (lower, names, n_names, is_same, WHOLE_NAME);

  if (rating == 0 && is_short (lower))
    rating = rate (lower, words, n_words, has_word, PART_OF_NAME);
  return rating;
}

/* How much a name sounds like that of a column of texts: 0 for not at all. */
guint
wen_csv_names_rate_text (const char *name)
{
  return rate_name (name, text_names, G_N_ELEMENTS (text_names), text_words, G_N_ELEMENTS (text_words));
}

/* How much a name sounds like that of a column of labels: 0 for not at all. */
guint
wen_csv_names_rate_label (const char *name)
{
  return rate_name (name, label_names, G_N_ELEMENTS (label_names), label_words, G_N_ELEMENTS (label_words));
}

/* Whether it is one of the names, not just something that has such a word in it. */
gboolean
wen_csv_names_is_known (const char *name)
{
  return MAX (wen_csv_names_rate_text (name), wen_csv_names_rate_label (name)) > PART_OF_NAME;
}
