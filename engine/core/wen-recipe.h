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
 * WenLinearLoss:
 * @WEN_LINEAR_LOSS_SQUARED_HINGE: a support vector machine for each label
 * @WEN_LINEAR_LOSS_LOGISTIC: multinomial logistic regression
 *
 * What the linear model takes for a mistake.
 */
typedef enum
{
  WEN_LINEAR_LOSS_SQUARED_HINGE,
  WEN_LINEAR_LOSS_LOGISTIC,
} WenLinearLoss;

/**
 * WenLoss:
 * @WEN_LOSS_CROSS_ENTROPY: of the softmax of the logits
 * @WEN_LOSS_SQUARED_ERROR: between the probabilities and the label's
 *
 * What averaged embeddings take for a mistake.
 */
typedef enum
{
  WEN_LOSS_CROSS_ENTROPY,
  WEN_LOSS_SQUARED_ERROR,
} WenLoss;

/**
 * WenActivation:
 *
 * How a hidden layer bends the numbers that go through it.
 */
typedef enum
{
  WEN_ACTIVATION_GELU,
  WEN_ACTIVATION_RELU,
  WEN_ACTIVATION_TANH,
  WEN_ACTIVATION_SIGMOID,
} WenActivation;

/**
 * WenClassWeights:
 * @WEN_CLASS_WEIGHTS_NONE: every text counts the same
 * @WEN_CLASS_WEIGHTS_BALANCED: every label counts the same
 * @WEN_CLASS_WEIGHTS_OWN: as the recipe says for each label
 *
 * How much the texts of each label count in training.
 */
typedef enum
{
  WEN_CLASS_WEIGHTS_NONE,
  WEN_CLASS_WEIGHTS_BALANCED,
  WEN_CLASS_WEIGHTS_OWN,
} WenClassWeights;

/**
 * WenCombination:
 * @WEN_COMBINATION_STACK: a small model learns from the members' out-of-fold probabilities
 * @WEN_COMBINATION_AVERAGE: a weighted mean, the weights fitted on the same probabilities
 *
 * How the members of an ensemble decide together.
 */
typedef enum
{
  WEN_COMBINATION_STACK,
  WEN_COMBINATION_AVERAGE,
} WenCombination;

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
  char        *preset;             /* where the values came from: see wen_recipe_list_presets() */

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

  char        *family;             /* model.family                "bayes", "linear", "average", "transformer", "ensemble" */
  guint        longest_ngram;      /* model.longest_ngram         tokens; of all but "ensemble" */
  guint        rarest_ngram;       /* model.rarest_ngram          texts; of "bayes", "linear", "average" */
  guint        hashed_ngrams;      /* model.hashed_ngrams         buckets; 0 counts them; of "linear" and "bayes" */
  gboolean     sublinear;          /* model.sublinear             1 + ln count; of "linear" */
  WenLinearLoss linear_loss;       /* model.linear_loss           "squared-hinge", "logistic" */
  double       cost;               /* model.cost                  of a mistake; of "linear" */
  double       l1_share;           /* model.l1_share              of the penalty; of "linear" with "logistic" */
  WenBayesKind bayes;              /* model.bayes                 "complement", "multinomial" */
  double       smoothing;          /* model.smoothing             added to counts; of "bayes" */
  guint        ngram_embeddings;   /* model.ngram_embeddings      rows; 0: none; of "average" and "transformer" */
  guint        head_size;          /* model.head_size             hidden layer of "average"; 0: none */
  WenActivation activation;        /* model.activation            "gelu", "relu", "tanh", "sigmoid"; of "average" */
  WenLoss      loss;               /* model.loss                  "cross-entropy", "squared-error"; of "average" */
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
  double       token_dropout;      /* training.token_dropout      share of tokens left out */
  double       mixup;              /* training.mixup              shape of the Beta distribution; 0 is off */
  double       weight_averaging;   /* training.weight_averaging   decay of the moving average; 0 is off */
  double       consistency;        /* training.consistency        R-Drop's factor; 0 is off */
  double       layer_rate;         /* training.layer_rate         learning rate of a layer by that of the one above */
  guint        frozen_layers;      /* training.frozen_layers      from the bottom, embeddings first */
  WenClassWeights class_weights;   /* training.class_weights      "none", "balanced", "own" */
  char       **own_weights;        /* training.own_weights        "label=weight" */
  guint        patience;           /* training.patience           epochs without progress; 0 is off */
  guint        n_threads;          /* training.threads            0: one a core */

  double       augmented_texts;    /* augmentation.texts          share of texts changed in an epoch */
  double       delete_tokens;      /* augmentation.delete         shares of the tokens of such a text */
  double       swap_tokens;        /* augmentation.swap */
  double       repeat_tokens;      /* augmentation.repeat */
  double       mask_tokens;        /* augmentation.mask */
  double       synonyms;           /* augmentation.synonyms */
  double       crop;               /* augmentation.crop           most that is cut off one end */
  double       width_noise;        /* augmentation.width          shares of the characters of such a text */
  double       punctuation_noise;  /* augmentation.punctuation */
  double       homophones;         /* augmentation.homophones */
  double       look_alikes;        /* augmentation.look_alikes */

  guint        pretraining_epochs; /* pretraining.epochs          0: none */
  double       pretraining_rate;   /* pretraining.learning_rate */
  double       masked_share;       /* pretraining.masked_share    of the tokens */
  char       **pretraining_files;  /* pretraining.files           more texts */

  char       **members;            /* ensemble.members            presets with settings; none: chosen by the data */
  WenCombination combination;      /* ensemble.combination        "stack", "average" */
  guint        n_folds;            /* ensemble.folds              for out-of-fold probabilities */
  guint        n_bags;             /* ensemble.bags               classifiers a member; 1: no bagging */
  guint        n_boosts;           /* ensemble.boosts             rounds of SAMME a member; 1: no boosting */
  char        *student;            /* ensemble.student            preset that learns from the ensemble; "": none */
  guint        budget_seconds;     /* ensemble.budget             0: as long as it takes */
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
const char        *wen_recipe_describe_preset (const char      *preset);
WEN_API
WenRecipe         *wen_recipe_new_from_json  (const char        *json,
                                              GError           **error);
WEN_API
WenRecipe         *wen_recipe_new_member     (const WenRecipe   *self,
                                              const char        *entry,
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
