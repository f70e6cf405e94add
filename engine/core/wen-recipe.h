/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-macros.h"

G_BEGIN_DECLS

/**
 * WenTooLong:
 * @WEN_TOO_LONG_CUT: keep the first tokens
 * @WEN_TOO_LONG_LEAVE_OUT: do not train or validate on such rows
 *
 * What becomes of a training text with more tokens than the maximum length.
 * Measuring and predicting always cut, because every text is to get an answer.
 */
typedef enum
{
  WEN_TOO_LONG_CUT,
  WEN_TOO_LONG_LEAVE_OUT,
} WenTooLong;

/**
 * WenPooling:
 * @WEN_POOLING_MEAN: the mean over all tokens
 * @WEN_POOLING_FIRST: the first token, `[CLS]`
 *
 * How the vectors of the tokens become one vector of the text.
 */
typedef enum
{
  WEN_POOLING_MEAN,
  WEN_POOLING_FIRST,
} WenPooling;

/**
 * WenBayesKind:
 * @WEN_BAYES_COMPLEMENT: an n-gram speaks for a label as it is rare under all others
 * @WEN_BAYES_MULTINOMIAL: an n-gram speaks for a label as it is common under it
 *
 * How naive Bayes weighs n-grams.
 */
typedef enum
{
  WEN_BAYES_COMPLEMENT,
  WEN_BAYES_MULTINOMIAL,
} WenBayesKind;

/**
 * WenOptimizer:
 * @WEN_OPTIMIZER_ADAMW: Adam with decoupled weight decay
 * @WEN_OPTIMIZER_ADAM: Adam; weight decay is added to the gradient (L2)
 *
 * How gradients change the weights.
 */
typedef enum
{
  WEN_OPTIMIZER_ADAMW,
  WEN_OPTIMIZER_ADAM,
} WenOptimizer;

/**
 * WenDecay:
 * @WEN_DECAY_LINEAR: in a straight line to zero
 * @WEN_DECAY_COSINE: along half a cosine to zero
 * @WEN_DECAY_NONE: stays where it is
 *
 * How the learning rate falls after the warm-up.
 */
typedef enum
{
  WEN_DECAY_LINEAR,
  WEN_DECAY_COSINE,
  WEN_DECAY_NONE,
} WenDecay;

#define WEN_TYPE_RECIPE (wen_recipe_get_type ())

typedef struct _WenRecipe WenRecipe;

/**
 * WenRecipe:
 *
 * Every choice that makes a classifier, as plain fields.  The same choices have
 * names ("training.learning_rate"), titles, explanations and ranges:
 * see wen_recipe_list_settings().
 */
struct _WenRecipe
{
  char        *preset;             /* "linear", "bayes", "small", "classic": where the values came from */

  char       **cleaning;           /* ids of cleaning steps, in order: see WenCleaner */

  char        *tokenizer;          /* tokens.tokenizer            "character", "word", "bpe", "wordpiece" */
  char       **dictionary;         /* tokens.dictionary           words that stay whole; of "word" */
  char        *vocabulary_file;    /* tokens.vocabulary_file      vocab.txt or tokenizer.json; "" learns one */
  guint        minimum_count;      /* tokens.minimum_count        rarer tokens become [UNK] */
  guint        maximum_vocabulary; /* tokens.maximum_vocabulary   special tokens included */
  guint        maximum_length;     /* tokens.maximum_length       tokens a text, [CLS] included */
  WenTooLong   too_long;           /* tokens.too_long             "cut", "leave-out" */

  double       test_share;         /* split.test_share            of all rows */
  double       validation_share;   /* split.validation_share      of the rest */
  guint64      seed;               /* split.seed                  also of weights, order, dropout */

  char        *family;             /* model.family                "transformer", "linear", "bayes" */
  guint        longest_ngram;      /* model.longest_ngram         tokens; of "linear" and "bayes" */
  double       cost;               /* model.cost                  of a mistake; of "linear" */
  WenBayesKind bayes;              /* model.bayes                 "complement", "multinomial" */
  double       smoothing;          /* model.smoothing             added to counts; of "bayes" */
  guint        hidden_size;        /* model.hidden_size */
  guint        n_layers;           /* model.layers */
  guint        n_heads;            /* model.heads */
  guint        feed_forward_size;  /* model.feed_forward_size */
  gboolean     norm_first;         /* model.norm_first            pre-norm, else post-norm */
  WenPooling   pooling;            /* model.pooling               "mean", "first" */
  double       dropout;            /* model.dropout */

  WenOptimizer optimizer;          /* training.optimizer          "adamw", "adam" */
  guint        batch_size;         /* training.batch_size         texts a step */
  guint        n_epochs;           /* training.epochs */
  double       learning_rate;      /* training.learning_rate      highest one */
  double       warmup_share;       /* training.warmup_share       of all steps */
  WenDecay     decay;              /* training.decay              "linear", "cosine", "none" */
  double       weight_decay;       /* training.weight_decay       L2 */
  double       clip_norm;          /* training.clip_norm          of the gradient; 0 is off */
  double       label_smoothing;    /* training.label_smoothing */
  guint        patience;           /* training.patience           epochs without progress; 0 is off */
  guint        n_threads;          /* training.threads            0: one a core */
};

/**
 * WenSettingKind:
 *
 * What values a setting takes.  %WEN_SETTING_LIST is several names with commas between
 * them, %WEN_SETTING_TEXT any text.
 */
typedef enum
{
  WEN_SETTING_WHOLE_NUMBER,
  WEN_SETTING_NUMBER,
  WEN_SETTING_YES_NO,
  WEN_SETTING_CHOICE,
  WEN_SETTING_LIST,
  WEN_SETTING_TEXT,
} WenSettingKind;

typedef struct _WenSetting WenSetting;

/**
 * WenSetting:
 * @key: its name in JSON and on the command line, such as "model.dropout"
 * @title: (not nullable): a short name for people, not yet translated
 * @explanation: one or two sentences without jargon, not yet translated
 * @kind: what values it takes
 * @minimum: the least value of a number
 * @maximum: the greatest value of a number
 * @choices: (array zero-terminated=1) (nullable): the ids of a choice
 *
 * One choice of a recipe, described once for the command line, for JSON, for
 * messages and for the window.
 */
struct _WenSetting
{
  const char         *key;
  const char         *title;
  const char         *explanation;
  WenSettingKind      kind;
  double              minimum;
  double              maximum;
  const char * const *choices;
  /*< private >*/
  gsize               offset;
};

#define WEN_RECIPE_ERROR (wen_recipe_error_quark ())
WEN_API
GQuark             wen_recipe_error_quark    (void);

/**
 * WenRecipeError:
 * @WEN_RECIPE_ERROR_UNKNOWN_KEY: no setting has that name
 * @WEN_RECIPE_ERROR_OUT_OF_RANGE: the value is not one the setting takes
 * @WEN_RECIPE_ERROR_PARSE: not JSON, or not an object
 */
typedef enum
{
  WEN_RECIPE_ERROR_UNKNOWN_KEY,
  WEN_RECIPE_ERROR_OUT_OF_RANGE,
  WEN_RECIPE_ERROR_PARSE,
} WenRecipeError;

WEN_API
GType              wen_recipe_get_type       (void) G_GNUC_CONST;
WEN_API
WenRecipe         *wen_recipe_new_preset     (const char        *preset,
                                              GError           **error);
WEN_API
const char * const *wen_recipe_list_presets  (void);
WEN_API
WenRecipe         *wen_recipe_new_from_json  (const char        *json,
                                              GError           **error);
WEN_API
char              *wen_recipe_to_json        (const WenRecipe   *self);
WEN_API
WenRecipe         *wen_recipe_copy           (const WenRecipe   *self);
WEN_API
void               wen_recipe_free           (WenRecipe         *self);
WEN_API
gboolean           wen_recipe_equal          (const WenRecipe   *a,
                                              const WenRecipe   *b);
WEN_API
gboolean           wen_recipe_validate       (const WenRecipe   *self,
                                              GError           **error);
WEN_API
const WenSetting  *wen_recipe_list_settings  (gsize             *n_settings);
WEN_API
const WenSetting  *wen_recipe_find_setting   (const char        *key);
WEN_API
gboolean           wen_recipe_uses_setting   (const WenRecipe   *self,
                                              const char        *key);
WEN_API
gboolean           wen_recipe_set            (WenRecipe         *self,
                                              const char        *key,
                                              const char        *value,
                                              GError           **error);
WEN_API
char              *wen_recipe_get            (const WenRecipe   *self,
                                              const char        *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenRecipe, wen_recipe_free)

G_END_DECLS
