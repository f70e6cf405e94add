/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings of a recipe, described once.
 *
 * DESIGN: one table says of each setting its key, what to call it, how to explain
 * it, what it may be and where in the struct it stands.  JSON, the command line,
 * the window and every message about a wrong value follow from that table, so a
 * new setting is one field and one line. */

#include "config.h"

#include "wen-recipe-private.h"

#include <errno.h>
#include <math.h>

#include "wen-i18n-private.h"

static const char *const tokenizer_choices[] = { "character", "word", "bpe", "wordpiece", NULL };
static const char *const too_long_choices[] = { "cut", "leave-out", NULL };
static const char *const family_choices[] = { "transformer", "linear", "bayes", "average", "ensemble", NULL };
static const char *const linear_loss_choices[] = { "squared-hinge", "logistic", NULL };
static const char *const loss_choices[] = { "cross-entropy", "squared-error", NULL };
static const char *const activation_choices[] = { "gelu", "relu", "tanh", "sigmoid", NULL };
static const char *const class_weights_choices[] = { "none", "balanced", "own", NULL };
static const char *const combination_choices[] = { "stack", "average", NULL };
static const char *const bayes_choices[] = { "complement", "multinomial", NULL };
static const char *const pooling_choices[] = { "mean", "first", NULL };
static const char *const optimizer_choices[] = { "adamw", "adam", NULL };
static const char *const decay_choices[] = { "linear", "cosine", "none", NULL };

/* What a field of the struct is in C. */
typedef enum
{
  STORAGE_STRING,
  STORAGE_UINT,
  STORAGE_UINT64,
  STORAGE_DOUBLE,
  STORAGE_BOOLEAN,
  STORAGE_ENUM,
  STORAGE_STRV,
} Storage;

#define WHOLE(key, title, explanation, field, minimum, maximum) \
  { key, title, explanation, WEN_SETTING_WHOLE_NUMBER, minimum, maximum, NULL, \
    G_STRUCT_OFFSET (WenRecipe, field) }
#define NUMBER(key, title, explanation, field, minimum, maximum) \
  { key, title, explanation, WEN_SETTING_NUMBER, minimum, maximum, NULL, \
    G_STRUCT_OFFSET (WenRecipe, field) }
#define CHOICE(key, title, explanation, field, choices) \
  { key, title, explanation, WEN_SETTING_CHOICE, 0, 0, choices, G_STRUCT_OFFSET (WenRecipe, field) }

static const WenSetting settings[] = {
  { "cleaning", N_ ("Cleaning steps"),
    N_ ("What is done to each text before it is cut into tokens, in this order."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, cleaning) },

  CHOICE ("tokens.tokenizer", N_ ("Tokens"),
          N_ ("The pieces into which texts are cut."), tokenizer, tokenizer_choices),
  { "tokens.dictionary", N_ ("Own Words"),
    N_ ("Words that stay whole wherever a text has them: names of products, places or people, say."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, dictionary) },
  { "tokens.vocabulary_file", N_ ("Ready-Made Vocabulary"),
    N_ ("A vocab.txt or tokenizer.json whose tokens are used, instead of learning some from the training texts."),
    WEN_SETTING_TEXT, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, vocabulary_file) },
  WHOLE ("tokens.minimum_count", N_ ("Rarest Token"),
         N_ ("A token that occurs less often than this in the training texts counts as unknown. "
             "Too rare to learn from."),
         minimum_count, 1, 1000000),
  WHOLE ("tokens.maximum_vocabulary", N_ ("Largest Vocabulary"),
         N_ ("How many different tokens are kept at most, the commonest first."),
         maximum_vocabulary, 4, 1000000),
  WHOLE ("tokens.maximum_length", N_ ("Longest Text"),
         N_ ("In tokens. Longer texts take more time and memory to learn from."),
         maximum_length, 2, 4096),
  CHOICE ("tokens.too_long", N_ ("Longer Texts"),
          N_ ("Cut keeps the beginning of the text; leave out does not learn from such a row. When "
              "measuring and predicting, longer texts are always cut."),
          too_long, too_long_choices),

  NUMBER ("split.test_share", N_ ("Share for Testing"),
          N_ ("Part of the rows that is put aside and only used once, at the end, to measure how "
              "good the classifier is."),
          test_share, 0, 0.9),
  NUMBER ("split.validation_share", N_ ("Share for Validation"),
          N_ ("Part of the other rows that is not learned from, but watched during training to "
              "see when it is best to stop."),
          validation_share, 0, 0.9),
  WHOLE ("split.seed", N_ ("Seed"),
         N_ ("Where chance begins. The same number with the same data gives the same result."),
         seed, 0, 9007199254740991.0),

  CHOICE ("model.family", N_ ("Kind of Model"), N_ ("How texts become classes."),
          family, family_choices),
  WHOLE ("model.longest_ngram", N_ ("Longest N-Gram"),
         N_ ("So many tokens in a row are looked at as one, at most."),
         longest_ngram, 1, 8),
  WHOLE ("model.rarest_ngram", N_ ("Rarest N-Gram"),
         N_ ("An n-gram that fewer training texts than this have is not looked at."),
         rarest_ngram, 1, 1000000),
  WHOLE ("model.hashed_ngrams", N_ ("Hashed N-Grams"),
         N_ ("Puts all n-grams into so many buckets, so that memory is bounded; several may share one. 0 gives each "
             "n-gram its own place."),
         hashed_ngrams, 0, 16777216),
  { "model.sublinear", N_ ("Dampen Repetitions"),
    N_ ("An n-gram that a text has ten times counts about three times as much as one that it has once, not ten "
        "times."),
    WEN_SETTING_YES_NO, 0, 1, NULL, G_STRUCT_OFFSET (WenRecipe, sublinear) },
  CHOICE ("model.linear_loss", N_ ("What Counts as a Mistake"),
          N_ ("Squared hinge: a text near the border between labels, however likely its label is. Logistic: every "
              "text counts as much as its label seemed unlikely."),
          linear_loss, linear_loss_choices),
  NUMBER ("model.cost", N_ ("Cost of a Mistake"),
          N_ ("Of the linear model: how hard it tries to get every training text right. Less makes it "
              "simpler."),
          cost, 0.0001, 10000),
  NUMBER ("model.l1_share", N_ ("Share of L1"),
          N_ ("Of the pull towards zero: L1 sets most weights to exactly zero, L2 makes all of them smaller; between "
              "0 and 1 is a mixture, the elastic net."),
          l1_share, 0, 1),
  CHOICE ("model.bayes", N_ ("Naive Bayes"),
          N_ ("Whether an n-gram speaks for a label because it is rare under all others (complement), which suits "
              "labels of very different size, or because it is common under it (multinomial)."),
          bayes, bayes_choices),
  NUMBER ("model.smoothing", N_ ("Smoothing"),
          N_ ("Of naive Bayes: so often every n-gram counts as seen before the first text. Less trusts rare n-grams "
              "more."),
          smoothing, 0.0001, 1000),
  WHOLE ("model.ngram_embeddings", N_ ("Embeddings of N-Grams"),
         N_ ("Runs of tokens are described by numbers of their own, out of a table with so many rows: “transformer” "
             "lets all runs share them by chance, “average” gives each to one of the commonest runs. 0 describes "
             "single tokens only."),
         ngram_embeddings, 0, 4194304),
  WHOLE ("model.head_size", N_ ("Hidden Layer"),
         N_ ("How many numbers lie between the description of a text and its classes; 0 leaves the layer out."),
         head_size, 0, 4096),
  CHOICE ("model.activation", N_ ("Activation"),
          N_ ("How the hidden layer bends the numbers that go through it."),
          activation, activation_choices),
  CHOICE ("model.loss", N_ ("What Counts as a Mistake"),
          N_ ("Cross-entropy: how unlikely the label seemed. Squared error: how far the probabilities are from the "
              "label's."),
          loss, loss_choices),
  WHOLE ("model.hidden_size", N_ ("Hidden Size"),
         N_ ("How many numbers describe each token inside the model. More can express more, and "
             "needs more time and rows."),
         hidden_size, 8, 2048),
  WHOLE ("model.layers", N_ ("Layers"),
         N_ ("How many times the tokens look at one another, one after the other."),
         n_layers, 1, 24),
  WHOLE ("model.heads", N_ ("Heads"),
         N_ ("In how many ways at once the tokens look at one another. Must divide the hidden "
             "size."),
         n_heads, 1, 64),
  WHOLE ("model.feed_forward_size", N_ ("Feed-Forward Size"),
         N_ ("Width of the step in each layer that works on every token by itself. Often four "
             "times the hidden size."),
         feed_forward_size, 8, 8192),
  { "model.norm_first", N_ ("Normalize First"),
    N_ ("Evens out the numbers before each step instead of after it. Learns more steadily."),
    WEN_SETTING_YES_NO, 0, 1, NULL, G_STRUCT_OFFSET (WenRecipe, norm_first) },
  CHOICE ("model.pooling", N_ ("Pooling"),
          N_ ("How the tokens of a text become one description of it: their mean, or the first "
              "one, which stands for the whole text."),
          pooling, pooling_choices),
  NUMBER ("model.dropout", N_ ("Dropout"),
          N_ ("Part of the numbers that is left out by chance while learning, so that the model "
              "does not lean on any one of them."),
          dropout, 0, 0.9),

  CHOICE ("training.optimizer", N_ ("Optimizer"),
          N_ ("The rule by which mistakes change the model."), optimizer, optimizer_choices),
  WHOLE ("training.batch_size", N_ ("Batch Size"),
         N_ ("How many texts are looked at before the model changes once."),
         batch_size, 1, 4096),
  WHOLE ("training.epochs", N_ ("Epochs"),
         N_ ("How many times all training texts are gone through, at most."),
         n_epochs, 1, 1000),
  NUMBER ("training.learning_rate", N_ ("Learning Rate"),
          N_ ("How far the model changes at a time. Too high, and it never settles; too low, and "
              "it takes for ever."),
          learning_rate, 1e-7, 1),
  NUMBER ("training.warmup_share", N_ ("Warm-Up"),
          N_ ("Part of the training during which the learning rate rises to its full value."),
          warmup_share, 0, 0.9),
  CHOICE ("training.decay", N_ ("Decay"),
          N_ ("How the learning rate falls after the warm-up."), decay, decay_choices),
  NUMBER ("training.weight_decay", N_ ("Weight Decay"),
          N_ ("Pulls the weights gently towards zero, so that the model stays simple (L2)."),
          weight_decay, 0, 10),
  NUMBER ("training.clip_norm", N_ ("Gradient Limit"),
          N_ ("Longest change that one batch may ask for; 0 sets no limit."),
          clip_norm, 0, 1000),
  NUMBER ("training.label_smoothing", N_ ("Label Smoothing"),
          N_ ("How much doubt is mixed into the labels, so that the model does not become too "
              "sure of itself."),
          label_smoothing, 0, 0.9),
  NUMBER ("training.token_dropout", N_ ("Token Dropout"),
          N_ ("Part of the tokens of each text that is left out by chance while learning, so that no single word "
              "decides."),
          token_dropout, 0, 0.9),
  NUMBER ("training.mixup", N_ ("Mixup"),
          N_ ("Learns from mixtures of two texts and their labels. Larger mixes more evenly; 0 is off."),
          mixup, 0, 10),
  NUMBER ("training.weight_averaging", N_ ("Weight Averaging"),
          N_ ("Uses a moving average of the weights instead of the last ones: each step keeps this share of the "
              "average. 0 is off."),
          weight_averaging, 0, 0.99999),
  NUMBER ("training.consistency", N_ ("Consistency"),
          N_ ("Looks at every text twice, each time with another dropout, and asks for the same answer. Takes twice "
              "the time; 0 is off."),
          consistency, 0, 100),
  NUMBER ("training.layer_rate", N_ ("Learning Rate by Layer"),
          N_ ("Each layer learns at this share of the rate of the one above it, so that what pre-training learned "
              "at the bottom stays."),
          layer_rate, 0.1, 1),
  WHOLE ("training.frozen_layers", N_ ("Frozen Layers"),
         N_ ("So many parts from the bottom do not learn after pre-training: the embeddings first, then layer by "
             "layer."),
         frozen_layers, 0, 25),
  CHOICE ("training.class_weights", N_ ("Weights of Labels"),
          N_ ("Whether texts of rare labels count more: none, every text the same; balanced, every label the same; "
              "own, as you say."),
          class_weights, class_weights_choices),
  { "training.own_weights", N_ ("Own Weights"),
    N_ ("How much a text of each label counts, such as “urgent=3”; 1 for labels that are not named."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, own_weights) },
  WHOLE ("training.patience", N_ ("Patience"),
         N_ ("Stops after so many epochs in a row that bring nothing better; 0 never stops "
             "early."),
         patience, 0, 1000),
  WHOLE ("training.threads", N_ ("Threads"),
         N_ ("How many processor cores are used; 0 uses all."),
         n_threads, 0, 256),

  NUMBER ("augmentation.texts", N_ ("Changed Texts"),
          N_ ("Part of the training texts that is changed a little, in another way each epoch, so that the model "
              "learns what does not matter. 0 changes none."),
          augmented_texts, 0, 1),
  NUMBER ("augmentation.delete", N_ ("Delete Tokens"),
          N_ ("Part of the tokens of such a text that is left out."), delete_tokens, 0, 0.9),
  NUMBER ("augmentation.swap", N_ ("Swap Tokens"),
          N_ ("Part of the tokens of such a text that changes places with the next one."), swap_tokens, 0, 0.9),
  NUMBER ("augmentation.repeat", N_ ("Repeat Tokens"),
          N_ ("Part of the tokens of such a text that is there twice."), repeat_tokens, 0, 0.9),
  NUMBER ("augmentation.mask", N_ ("Mask Tokens"),
          N_ ("Part of the tokens of such a text that becomes unknown."), mask_tokens, 0, 0.9),
  NUMBER ("augmentation.synonyms", N_ ("Neighbours"),
          N_ ("Part of the tokens of such a text that is replaced by one that stands in similar places in your own "
              "texts."),
          synonyms, 0, 0.9),
  NUMBER ("augmentation.crop", N_ ("Crop"),
          N_ ("Up to this part of such a text is cut off at one end."), crop, 0, 0.9),
  NUMBER ("augmentation.width", N_ ("Full and Half Width"),
          N_ ("Part of the letters, digits and signs of such a text that changes between full and half width."),
          width_noise, 0, 0.9),
  NUMBER ("augmentation.punctuation", N_ ("Punctuation"),
          N_ ("Part of the places of such a text where a punctuation mark comes, goes or is another one."),
          punctuation_noise, 0, 0.9),
  NUMBER ("augmentation.homophones", N_ ("Same Sound"),
          N_ ("Part of the Chinese characters of such a text that is replaced by one that sounds the same."),
          homophones, 0, 0.9),
  NUMBER ("augmentation.look_alikes", N_ ("Similar Shape"),
          N_ ("Part of the Chinese characters of such a text that is replaced by one that looks alike."),
          look_alikes, 0, 0.9),

  WHOLE ("pretraining.epochs", N_ ("Pre-Training"),
         N_ ("So many times the model first goes through all texts, with or without label, and learns to guess "
             "hidden tokens. 0 does without."),
         pretraining_epochs, 0, 1000),
  NUMBER ("pretraining.learning_rate", N_ ("Learning Rate of Pre-Training"),
          N_ ("How far the model changes at a time while it guesses hidden tokens."),
          pretraining_rate, 1e-7, 1),
  NUMBER ("pretraining.masked_share", N_ ("Hidden Tokens"),
          N_ ("Part of the tokens that is hidden and to be guessed."), masked_share, 0.01, 0.9),
  { "pretraining.files", N_ ("More Texts"),
    N_ ("Other tables whose texts are read for pre-training, with or without labels."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, pretraining_files) },

  { "ensemble.members", N_ ("Members"),
    N_ ("The presets that decide together, each with settings of its own where it has some; none leaves the choice "
        "to the data."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, members) },
  CHOICE ("ensemble.combination", N_ ("Combination"),
          N_ ("How members decide together: stack lets a small model learn whom to trust for which label, average "
              "takes a weighted mean."),
          combination, combination_choices),
  WHOLE ("ensemble.folds", N_ ("Folds"),
         N_ ("Into so many parts the training rows are cut. Each part is predicted by classifiers that have not seen "
             "it, which shows whom to trust. 1 takes the validation rows instead."),
         n_folds, 1, 20),
  WHOLE ("ensemble.bags", N_ ("Bagging"),
         N_ ("So many classifiers of each member, each trained with rows drawn by chance; 1 trains one with all "
             "rows."),
         n_bags, 1, 100),
  WHOLE ("ensemble.boosts", N_ ("Boosting"),
         N_ ("So many classifiers of each member, one after the other, each minding more what those before got "
             "wrong; 1 is no boosting."),
         n_boosts, 1, 200),
  { "ensemble.student", N_ ("Student"),
    N_ ("A preset that learns to answer like the whole ensemble, and is kept instead of it: smaller and faster. "
        "Empty keeps the ensemble."),
    WEN_SETTING_TEXT, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, student) },
  WHOLE ("ensemble.budget", N_ ("Time"),
         N_ ("Seconds that the training may take, about; members for which no time is left are not trained. 0 takes "
             "the time that it takes."),
         budget_seconds, 0, 604800),
};

static Storage
get_storage (const WenSetting *setting)
{
  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      return setting->offset == G_STRUCT_OFFSET (WenRecipe, seed) ? STORAGE_UINT64 : STORAGE_UINT;
    case WEN_SETTING_NUMBER:
      return STORAGE_DOUBLE;
    case WEN_SETTING_YES_NO:
      return STORAGE_BOOLEAN;
    case WEN_SETTING_CHOICE:
      return setting->offset == G_STRUCT_OFFSET (WenRecipe, tokenizer)
                 || setting->offset == G_STRUCT_OFFSET (WenRecipe, family)
               ? STORAGE_STRING
               : STORAGE_ENUM;
    case WEN_SETTING_TEXT:
      return STORAGE_STRING;
    case WEN_SETTING_LIST:
    default:
      return STORAGE_STRV;
    }
}

static char *
describe_allowed_values (const WenSetting *setting)
{
  g_autofree char *choices = NULL;

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      return g_strdup_printf (_ ("a whole number from %.0f to %.0f"), setting->minimum,
                              setting->maximum);
    case WEN_SETTING_NUMBER:
      return g_strdup_printf (_ ("a number from %g to %g"), setting->minimum, setting->maximum);
    case WEN_SETTING_YES_NO:
      return g_strdup (_ ("true or false"));
    case WEN_SETTING_CHOICE:
      choices = g_strjoinv (", ", (char **) setting->choices);
      return g_strdup_printf (_ ("one of: %s"), choices);
    case WEN_SETTING_TEXT:
      return g_strdup (_ ("any text"));
    case WEN_SETTING_LIST:
    default:
      return g_strdup (_ ("a list of names with commas between them"));
    }
}

gboolean
wen_recipe_refuse_value (const WenSetting *setting,
                         const char       *value,
                         GError          **error)
{
  g_autofree char *allowed = describe_allowed_values (setting);

  /* Translators: a setting, the value it was given, and what it takes instead. */
  g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
               _ ("The setting %s cannot be “%s”: it takes %s."), setting->key, value, allowed);
  return FALSE;
}

static int
find_choice (const WenSetting *setting,
             const char       *value)
{
  for (int i = 0; setting->choices[i] != NULL; i++)
    if (g_strcmp0 (setting->choices[i], value) == 0)
      return i;
  return -1;
}

static gboolean
parse_number (const char *value,
              double     *number)
{
  char *end = NULL;

  errno = 0;
  *number = g_ascii_strtod (value, &end);
  return errno == 0 && end != value && *end == '\0' && isfinite (*number);
}

static gboolean
number_is_allowed (const WenSetting *setting,
                   double            number)
{
  return number >= setting->minimum && number <= setting->maximum
         && (setting->kind != WEN_SETTING_WHOLE_NUMBER || floor (number) == number);
}

static gboolean
set_number (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  Storage storage = get_storage (setting);
  double number;

  if (!parse_number (value, &number) || !number_is_allowed (setting, number))
    return wen_recipe_refuse_value (setting, value, error);

  if (storage == STORAGE_UINT64)
    WEN_RECIPE_FIELD (self, setting, guint64) = (guint64) number;
  else if (storage == STORAGE_UINT)
    WEN_RECIPE_FIELD (self, setting, guint) = (guint) number;
  else
    WEN_RECIPE_FIELD (self, setting, double) = number;
  return TRUE;
}

static gboolean
set_yes_no (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  if (g_str_equal (value, "true"))
    WEN_RECIPE_FIELD (self, setting, gboolean) = TRUE;
  else if (g_str_equal (value, "false"))
    WEN_RECIPE_FIELD (self, setting, gboolean) = FALSE;
  else
    return wen_recipe_refuse_value (setting, value, error);
  return TRUE;
}

static gboolean
set_string (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value)
{
  char **field = &WEN_RECIPE_FIELD (self, setting, char *);

  g_free (*field);
  *field = g_strdup (value);
  return TRUE;
}

static gboolean
set_choice (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  int choice = find_choice (setting, value);

  if (choice < 0)
    return wen_recipe_refuse_value (setting, value, error);

  if (get_storage (setting) == STORAGE_STRING)
    return set_string (self, setting, value);
  WEN_RECIPE_FIELD (self, setting, int) = choice;
  return TRUE;
}

static void
set_list (WenRecipe        *self,
          const WenSetting *setting,
          const char       *value)
{
  char ***field = &WEN_RECIPE_FIELD (self, setting, char **);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (names, g_strdup (parts[i]));
  g_ptr_array_add (names, NULL);

  g_strfreev (*field);
  *field = (char **) g_ptr_array_steal (names, NULL);
}

/**
 * wen_recipe_list_settings:
 * @n_settings: (out): length of the returned array
 *
 * Describes every setting of a recipe.
 *
 * Titles and explanations are English; dgettext ("wenlei", …) translates them.
 *
 * Returns: (array length=n_settings) (transfer none): the settings, those of one
 *   section side by side
 */
const WenSetting *
wen_recipe_list_settings (gsize *n_settings)
{
  *n_settings = G_N_ELEMENTS (settings);
  return settings;
}

#define BAYES (1 << 0)
#define LINEAR (1 << 1)
#define AVERAGE (1 << 2)
#define TRANSFORMER (1 << 3)
#define ENSEMBLE (1 << 4)
#define NEURAL (AVERAGE | TRANSFORMER)

static const struct
{
  const char *name;
  guint       family;
} families[] = {
  { "bayes", BAYES },
  { "linear", LINEAR },
  { "average", AVERAGE },
  { "transformer", TRANSFORMER },
  { "ensemble", ENSEMBLE },
};

/* Settings, or whole sections, that not every family looks at. */
static const struct
{
  const char *key;
  guint       families;
} settings_of_families[] = {
  { "model.longest_ngram", BAYES | LINEAR | NEURAL },
  { "model.rarest_ngram", BAYES | LINEAR | AVERAGE },
  { "model.hashed_ngrams", BAYES | LINEAR },
  { "model.sublinear", LINEAR },
  { "model.linear_loss", LINEAR },
  { "model.cost", LINEAR },
  { "model.l1_share", LINEAR },
  { "model.bayes", BAYES },
  { "model.smoothing", BAYES },
  { "model.ngram_embeddings", NEURAL },
  { "model.head_size", AVERAGE },
  { "model.activation", AVERAGE },
  { "model.loss", AVERAGE },
  { "model.hidden_size", NEURAL },
  { "model.layers", TRANSFORMER },
  { "model.heads", TRANSFORMER },
  { "model.feed_forward_size", TRANSFORMER },
  { "model.norm_first", TRANSFORMER },
  { "model.pooling", TRANSFORMER },
  { "model.dropout", NEURAL },
  { "training.optimizer", TRANSFORMER },
  { "training.batch_size", NEURAL },
  /* Counting twice is counting once. */
  { "training.epochs", LINEAR | NEURAL },
  { "training.learning_rate", NEURAL },
  { "training.warmup_share", NEURAL },
  { "training.decay", NEURAL },
  { "training.weight_decay", NEURAL },
  { "training.clip_norm", TRANSFORMER },
  { "training.label_smoothing", NEURAL },
  { "training.token_dropout", NEURAL },
  { "training.mixup", NEURAL },
  { "training.weight_averaging", NEURAL },
  { "training.consistency", TRANSFORMER },
  { "training.layer_rate", TRANSFORMER },
  { "training.frozen_layers", TRANSFORMER },
  { "training.patience", LINEAR | NEURAL },
  { "augmentation.", NEURAL },
  { "pretraining.", TRANSFORMER },
  { "ensemble.", ENSEMBLE },
};

static guint
find_family (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (families[i].name, name) == 0)
      return families[i].family;
  return 0;
}

/**
 * wen_recipe_uses_setting:
 * @self: a recipe
 * @key: the key of a setting
 *
 * Says whether a setting makes any difference to the tokenizer and the family of models
 * that the recipe has chosen.
 *
 * Returns: whether it does
 */
gboolean
wen_recipe_uses_setting (const WenRecipe *self,
                         const char      *key)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (g_str_equal (key, "tokens.dictionary"))
    return g_strcmp0 (self->tokenizer, "word") == 0;
  if (g_str_equal (key, "tokens.minimum_count") || g_str_equal (key, "tokens.maximum_vocabulary"))
    return self->vocabulary_file[0] == '\0';
  if (g_str_equal (key, "training.own_weights"))
    return self->class_weights == WEN_CLASS_WEIGHTS_OWN;
  for (gsize i = 0; i < G_N_ELEMENTS (settings_of_families); i++)
    if (g_str_has_prefix (key, settings_of_families[i].key))
      return (settings_of_families[i].families & find_family (self->family)) != 0;
  return TRUE;
}

/* Whether a model of the recipe first guesses hidden tokens. */
gboolean
wen_recipe_pretrains (const WenRecipe *self)
{
  return self->pretraining_epochs > 0 && wen_recipe_uses_setting (self, "pretraining.epochs");
}

/**
 * wen_recipe_find_setting:
 * @key: such as "training.epochs"
 *
 * Finds the description of one setting.
 *
 * Returns: (transfer none) (nullable): the setting, or `NULL` if there is none
 */
const WenSetting *
wen_recipe_find_setting (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_strcmp0 (settings[i].key, key) == 0)
      return &settings[i];
  return NULL;
}

/**
 * wen_recipe_set:
 * @self: a recipe
 * @key: such as "training.epochs"
 * @value: the value as text; a list has commas between its items
 * @error: return location for an error
 *
 * Sets one setting from text, as the command line gives it.
 *
 * Sets `WEN_RECIPE_ERROR_UNKNOWN_KEY` or `WEN_RECIPE_ERROR_OUT_OF_RANGE`; the
 * recipe is unchanged then.
 *
 * Returns: whether the value was taken
 */
gboolean
wen_recipe_set (WenRecipe  *self,
                const char *key,
                const char *value,
                GError    **error)
{
  const WenSetting *setting = wen_recipe_find_setting (key);

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (setting == NULL)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_UNKNOWN_KEY,
                   _ ("There is no setting “%s”."), key);
      return FALSE;
    }

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
    case WEN_SETTING_NUMBER:
      return set_number (self, setting, value, error);
    case WEN_SETTING_YES_NO:
      return set_yes_no (self, setting, value, error);
    case WEN_SETTING_CHOICE:
      return set_choice (self, setting, value, error);
    case WEN_SETTING_TEXT:
      return set_string (self, setting, value);
    case WEN_SETTING_LIST:
    default:
      set_list (self, setting, value);
      return TRUE;
    }
}

/* The shortest decimal that reads back as the same number. */
char *
wen_recipe_number_to_text (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  return g_strdup (text);
}

/* The id of a choice; a program may have written any number into the field, which
 * then is no id and is refused. */
static char *
get_choice (const WenSetting *setting,
            int               choice)
{
  if (choice < 0 || (guint) choice >= g_strv_length ((char **) setting->choices))
    return g_strdup_printf ("%d", choice);
  return g_strdup (setting->choices[choice]);
}

/**
 * wen_recipe_get:
 * @self: a recipe
 * @key: such as "training.epochs"
 *
 * Gives one setting as the text that wen_recipe_set() takes.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` if there is no such
 *   setting
 */
char *
wen_recipe_get (const WenRecipe *self,
                const char      *key)
{
  const WenSetting *setting = wen_recipe_find_setting (key);

  g_return_val_if_fail (self != NULL, NULL);

  if (setting == NULL)
    return NULL;

  switch (get_storage (setting))
    {
    case STORAGE_STRING:
      return g_strdup (WEN_RECIPE_FIELD (self, setting, char *));
    case STORAGE_UINT:
      return g_strdup_printf ("%u", WEN_RECIPE_FIELD (self, setting, guint));
    case STORAGE_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, WEN_RECIPE_FIELD (self, setting, guint64));
    case STORAGE_DOUBLE:
      return wen_recipe_number_to_text (WEN_RECIPE_FIELD (self, setting, double));
    case STORAGE_BOOLEAN:
      return g_strdup (WEN_RECIPE_FIELD (self, setting, gboolean) ? "true" : "false");
    case STORAGE_ENUM:
      return get_choice (setting, WEN_RECIPE_FIELD (self, setting, int));
    case STORAGE_STRV:
    default:
      return g_strjoinv (",", WEN_RECIPE_FIELD (self, setting, char **));
    }
}
