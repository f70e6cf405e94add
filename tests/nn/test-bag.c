/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bags of embeddings: the rows of texts by hand, gradients of every loss, layer and way
 * of training by central differences, and the moving average by a plain loop. */

#include "config.h"

#include "nn-testing.h"

#include "wen-bag-trainer-private.h"

#include <string.h>

#define N_VOCABULARY 11
#define N_LABELS 4
#define N_TEXTS 5

static const guint32 lengths[N_TEXTS] = { 3, 1, 6, 2, 4 };
static const guint32 all_texts[N_TEXTS] = { 3, 0, 4, 2, 1 };

static const WenBagConfig default_shape = {
  .n_vocabulary = N_VOCABULARY,
  .n_ngram_rows = 13,
  .longest_ngram = 3,
  .hidden_size = 5,
  .n_labels = N_LABELS,
};

static const WenBagTrainingConfig default_training = {
  .beta1 = 0.9f,
  .beta2 = 0.999f,
  .epsilon = 1e-8f,
  .batch_size = N_TEXTS,
  .n_epoch_steps = 1,
  .seed = 3,
};

/* Parameters large enough that everything matters. */
static WenBag *
new_bag (const WenBagConfig *shape,
         const WenBatch     *texts)
{
  WenBag *bag = wen_bag_new (shape);
  gsize n_parameters;
  float *parameters = wen_bag_get_parameters (bag, &n_parameters);

  for (gsize i = 0; i < n_parameters; i++)
    parameters[i] = (float) (0.7 * wen_random_normal (5, 1, i));
  wen_bag_choose_ngrams (bag, texts, 1);
  return bag;
}

static WenBagTrainer *
new_trainer (WenBag                     *bag,
             WenWorkerPool              *pool,
             const WenBagTrainingConfig *training,
             const WenBatch             *texts)
{
  WenBagTrainer *trainer = wen_bag_trainer_new (bag, pool, training);

  wen_bag_trainer_reserve (trainer, texts->n_tokens);
  return trainer;
}

static const guint32 row_token_ids[] = { 2, 7, 7, 9, 2, 7, 5 };
static const guint32 row_offsets[] = { 0, 4, 7 };
static const WenBatch row_texts = {
  .n_texts = 2, .n_tokens = 7, .token_ids = row_token_ids, .offsets = row_offsets,
};

static WenBag *
new_roomy_bag (guint minimum_texts)
{
  WenBagConfig shape = default_shape;
  WenBag *bag;

  shape.n_ngram_rows = 1000;
  bag = wen_bag_new (&shape);
  wen_bag_choose_ngrams (bag, &row_texts, minimum_texts);
  return bag;
}

/* Texts "2 7 7 9" and "2 7 5", with every n-gram and with those of both texts. */
static void
test_rows (void)
{
  static const guint32 tokens[] = { 2, 0, 0, 7, 0, 0, 7, 0, 9 };
  const WenDropout none = { .scale = 1 };
  g_autoptr (WenBag) all = new_roomy_bag (1);
  g_autoptr (WenBag) common = new_roomy_bag (2);
  guint32 rows[12];

  /* In the order of where they begin; n-grams have rows of their own. */
  g_assert_cmpuint (wen_bag_list_rows (rows, all, row_token_ids, 4, none, 0), ==, 9);
  for (gsize i = 0; i < 9; i++)
    if (tokens[i] != 0)
      g_assert_cmpuint (rows[i], ==, tokens[i]);
    else
      for (gsize j = 0; j < i; j++)
        {
          g_assert_cmpuint (rows[i], >=, N_VOCABULARY);
          g_assert_cmpuint (rows[i], !=, rows[j]);
        }

  /* Only "2 7" is in both. */
  g_assert_cmpuint (wen_bag_list_rows (rows, common, row_token_ids, 4, none, 0), ==, 5);
  g_assert_cmpuint (rows[0], ==, 2);
  g_assert_cmpuint (rows[1], >=, N_VOCABULARY);
  g_assert_cmpuint (rows[2], ==, 7);
  g_assert_cmpuint (rows[4], ==, 9);
}

/* Without the third token "2 7 7 9" is 2, "2 7", 7 and 9. */
static void
test_token_dropout (void)
{
  g_autoptr (WenBag) bag = new_roomy_bag (1);
  WenDropout third = { .scale = 1 };
  guint32 rows[12];

  for (guint seed = 0; third.threshold == 0; seed++)
    {
      WenDropout dropout = wen_dropout_new (0.5f, seed, 1, 0);
      guint32 key = wen_dropout_row_key (dropout, 0);

      if (wen_dropout_factor (dropout, key, 1) > 0 && wen_dropout_factor (dropout, key, 2) == 0.0f
          && wen_dropout_factor (dropout, key, 3) > 0)
        third = dropout;
    }
  g_assert_cmpuint (wen_bag_list_rows (rows, bag, row_token_ids, 4, third, 0), ==, 4);
  g_assert_cmpuint (rows[0], ==, 2);
  g_assert_cmpuint (rows[1], >=, N_VOCABULARY);
  g_assert_cmpuint (rows[2], ==, 7);
  g_assert_cmpuint (rows[3], ==, 9);
}

/* More n-grams than rows: no two share one, and the common ones come first. */
static void
test_crowded (void)
{
  g_autoptr (WenBag) bag = wen_bag_new (&default_shape);
  g_autofree guint32 *token_ids = g_new (guint32, 303);
  const guint32 offsets[] = { 0, 3, 303 };
  const WenBatch texts = { .n_texts = 2, .n_tokens = 303, .token_ids = token_ids, .offsets = offsets };
  const WenDropout none = { .scale = 1 };
  g_autofree guint32 *rows = g_new (guint32, 909);
  gsize n_rows;

  for (gsize i = 0; i < 303; i++)
    token_ids[i] = i < 3 ? (guint32) i : (guint32) (wen_random_u64 (1, 2, i) % N_VOCABULARY);
  memcpy (token_ids + 300, token_ids, 3 * sizeof *token_ids);
  wen_bag_choose_ngrams (bag, &texts, 1);
  g_assert_cmpuint (wen_bag_list_rows (rows, bag, token_ids, 2, none, 0), ==, 3);
  n_rows = wen_bag_list_rows (rows, bag, token_ids + 3, 300, none, 0);
  g_assert_cmpuint (n_rows, <, 600);
  for (gsize i = 0; i < n_rows; i++)
    g_assert_cmpuint (rows[i], <, N_VOCABULARY + 13);
}

typedef struct
{
  const char   *name;
  guint         head_size;
  WenActivation activation;
  WenLoss       loss;
  gboolean      has_weights;
  gboolean      has_targets;
  float         smoothing;
  float         dropout;
  float         token_dropout;
  float         mixup;
} Case;

static const Case cases[] = {
  { .name = "plain" },
  { .name = "squared-error", .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "gelu", .head_size = 6, .activation = WEN_ACTIVATION_GELU },
  { .name = "relu", .head_size = 6, .activation = WEN_ACTIVATION_RELU },
  { .name = "tanh", .head_size = 6, .activation = WEN_ACTIVATION_TANH },
  { .name = "sigmoid", .head_size = 6, .activation = WEN_ACTIVATION_SIGMOID },
  { .name = "gelu-squared-error", .head_size = 6, .activation = WEN_ACTIVATION_GELU, .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "relu-squared-error", .head_size = 6, .activation = WEN_ACTIVATION_RELU, .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "tanh-squared-error", .head_size = 6, .activation = WEN_ACTIVATION_TANH, .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "sigmoid-squared-error", .head_size = 6, .activation = WEN_ACTIVATION_SIGMOID,
    .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "weights", .has_weights = TRUE },
  { .name = "targets", .has_targets = TRUE, .loss = WEN_LOSS_SQUARED_ERROR },
  { .name = "smoothing", .smoothing = 0.2f },
  { .name = "dropout", .dropout = 0.3f, .head_size = 6, .token_dropout = 0.3f },
  { .name = "mixup", .mixup = 0.8f },
  { .name = "everything", .head_size = 6, .activation = WEN_ACTIVATION_TANH, .loss = WEN_LOSS_SQUARED_ERROR,
    .has_weights = TRUE, .has_targets = TRUE, .smoothing = 0.1f, .dropout = 0.3f, .token_dropout = 0.3f, .mixup = 2 },
};

static const float weights[N_TEXTS] = { 0.5f, 2, 1, 0.25f, 1.25f };

static void
set_up_texts (TestBatch  *texts,
              const Case *settings,
              float      *targets)
{
  for (gsize i = 0; i < N_TEXTS; i++)
    {
      float sum = 0;

      for (gsize j = 0; j < N_LABELS; j++)
        sum += targets[i * N_LABELS + j] = (float) wen_random_uniform (2, i, j);
      for (gsize j = 0; j < N_LABELS; j++)
        targets[i * N_LABELS + j] /= sum;
    }
  texts->batch.weights = settings->has_weights ? weights : NULL;
  texts->batch.targets = settings->has_targets ? targets : NULL;
}

static void
test_gradient (gconstpointer data)
{
  const Case *settings = data;
  /* Mixtures go across the parts of two workers; without them one is faster. */
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (settings->mixup > 0 ? 2 : 1);
  g_autoptr (TestBatch) texts = test_batch_new (lengths, N_TEXTS, N_VOCABULARY, N_LABELS, 2);
  WenBagConfig shape = default_shape;
  WenBagTrainingConfig training = default_training;
  g_autoptr (WenBag) bag = NULL;
  g_autoptr (WenBagTrainer) trainer = NULL;
  g_autofree float *gradient = NULL;
  g_autofree float *unused = NULL;
  float targets[N_TEXTS * N_LABELS];
  gsize n_parameters;
  float *parameters;
  WenBagStepResult result;
  gsize n_kinks = 0;

  shape.head_size = settings->head_size;
  shape.activation = settings->activation;
  training.loss = settings->loss;
  training.label_smoothing = settings->smoothing;
  training.dropout = settings->dropout;
  training.token_dropout = settings->token_dropout;
  training.mixup = settings->mixup;
  set_up_texts (texts, settings, targets);
  bag = new_bag (&shape, &texts->batch);
  trainer = new_trainer (bag, pool, &training, &texts->batch);
  parameters = wen_bag_get_parameters (bag, &n_parameters);
  gradient = g_new (float, n_parameters);
  unused = g_new (float, n_parameters);

  wen_bag_trainer_compute_gradient (trainer, &texts->batch, all_texts, N_TEXTS, 7, gradient, &result);
  for (gsize i = 0; i < n_parameters; i++)
    {
      float before = parameters[i];
      double slopes[2];

      /* Two steps that disagree stand on either side of a kink of ReLU. */
      for (gsize j = 0; j < 2; j++)
        {
          float step = j == 0 ? 1e-2f : 4e-3f;
          WenBagStepResult above, below;
          float right = before + step;
          float left = before - step;

          parameters[i] = right;
          wen_bag_trainer_compute_gradient (trainer, &texts->batch, all_texts, N_TEXTS, 7, unused, &above);
          parameters[i] = left;
          wen_bag_trainer_compute_gradient (trainer, &texts->batch, all_texts, N_TEXTS, 7, unused, &below);
          slopes[j] = (above.loss - below.loss) / ((double) right - (double) left);
        }
      parameters[i] = before;
      if (settings->activation == WEN_ACTIVATION_RELU && fabs (slopes[0] - slopes[1]) > 2e-4)
        {
          n_kinks++;
          continue;
        }
      if (fabs (slopes[1] - (double) gradient[i]) > 2e-4 + 2e-3 * fabs (slopes[1]))
        g_error ("Parameter %" G_GSIZE_FORMAT " of %s: %g, expected %g", i, settings->name, (double) gradient[i], slopes[1]);
    }
  g_assert_cmpuint (n_kinks, <, n_parameters / 10);
}

/* The losses of one text, by hand. */
static void
test_losses (void)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (TestBatch) texts = test_batch_new (lengths, N_TEXTS, N_VOCABULARY, N_LABELS, 2);
  WenBagTrainingConfig training = default_training;
  g_autoptr (WenBag) bag = new_bag (&default_shape, &texts->batch);
  g_autoptr (WenBagPredictor) predictor = wen_bag_predictor_new (bag, texts->batch.n_tokens, N_TEXTS);
  float logits[N_TEXTS * N_LABELS];
  double cross_entropy = 0;
  double squares = 0;

  wen_bag_predictor_run (predictor, &texts->batch, logits);
  for (gsize i = 0; i < N_TEXTS; i++)
    {
      const float *row = logits + i * N_LABELS;
      double sum = 0;

      for (gsize j = 0; j < N_LABELS; j++)
        sum += exp ((double) row[j]);
      cross_entropy += (log (sum) - (double) row[texts->labels[i]]) / N_TEXTS;
      for (gsize j = 0; j < N_LABELS; j++)
        squares += pow (exp ((double) row[j]) / sum - (j == texts->labels[i]), 2) / N_TEXTS;
    }
  for (guint loss = WEN_LOSS_CROSS_ENTROPY; loss <= WEN_LOSS_SQUARED_ERROR; loss++)
    {
      g_autoptr (WenBagTrainer) trainer = NULL;
      g_autofree float *gradient = NULL;
      gsize n_parameters;
      WenBagStepResult result;

      training.loss = loss;
      trainer = new_trainer (bag, pool, &training, &texts->batch);
      wen_bag_get_parameters (bag, &n_parameters);
      gradient = g_new (float, n_parameters);
      wen_bag_trainer_compute_gradient (trainer, &texts->batch, all_texts, N_TEXTS, 1, gradient, &result);
      g_assert_cmpfloat_with_epsilon (result.cross_entropy, cross_entropy, 1e-5);
      g_assert_cmpfloat_with_epsilon (result.loss, loss == WEN_LOSS_CROSS_ENTROPY ? cross_entropy : squares, 1e-5);
    }
}

/* Steps of two texts each, in a fixed order. */
static void
run_steps (WenBagTrainer  *trainer,
           const WenBatch *texts,
           guint64         first,
           guint64         last)
{
  for (guint64 step = first; step <= last; step++)
    {
      guint32 text_ids[2] = { (guint32) (step * 3 % N_TEXTS), (guint32) (step * 2 % N_TEXTS) };
      WenBagStepResult result;

      wen_bag_trainer_step (trainer, texts, text_ids, 2, step, 0.05f, &result);
    }
}

/* Against an average that every step changes as a whole. */
static void
test_average (gconstpointer data)
{
  guint64 n_steps = GPOINTER_TO_UINT (data);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (2);
  g_autoptr (TestBatch) texts = test_batch_new (lengths, N_TEXTS, N_VOCABULARY, N_LABELS, 2);
  WenBagTrainingConfig training = default_training;
  WenBagConfig shape = default_shape;
  g_autoptr (WenBag) plain = NULL;
  g_autoptr (WenBag) averaged = NULL;
  g_autoptr (WenBagTrainer) trainer = NULL;
  g_autoptr (WenBagTrainer) averaging = NULL;
  g_autofree double *expected = NULL;
  gsize n_parameters;
  float *parameters;
  double whole = 0;

  shape.head_size = 6;
  plain = new_bag (&shape, &texts->batch);
  averaged = new_bag (&shape, &texts->batch);
  training.n_epoch_steps = 9;
  trainer = new_trainer (plain, pool, &training, &texts->batch);
  training.averaging = 0.8;
  averaging = new_trainer (averaged, pool, &training, &texts->batch);
  parameters = wen_bag_get_parameters (plain, &n_parameters);
  expected = g_new0 (double, n_parameters);

  for (guint64 step = 1; step <= n_steps; step++)
    {
      run_steps (trainer, &texts->batch, step, step);
      run_steps (averaging, &texts->batch, step, step);
      if (step % training.n_epoch_steps == 0)
        wen_bag_trainer_publish (averaging, step);
      whole = 0.8 * whole + 0.2;
      for (gsize i = 0; i < n_parameters; i++)
        expected[i] += 0.2 / whole * ((double) parameters[i] - expected[i]);
    }
  if (n_steps % training.n_epoch_steps != 0)
    wen_bag_trainer_publish (averaging, n_steps);
  assert_close (wen_bag_get_parameters (averaged, &n_parameters), expected, n_parameters, 1e-5, 1e-5);
}

/* A step changes the rows of its texts, and no others. */
static void
test_untouched (void)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (2);
  g_autoptr (TestBatch) texts = test_batch_new (lengths, N_TEXTS, N_VOCABULARY, N_LABELS, 2);
  WenBagTrainingConfig training = default_training;
  g_autoptr (WenBag) bag = new_bag (&default_shape, &texts->batch);
  g_autoptr (WenBagTrainer) trainer = NULL;
  g_autofree float *before = NULL;
  gsize n_parameters;
  float *parameters = wen_bag_get_parameters (bag, &n_parameters);
  const WenDropout none = { .scale = 1 };
  guint32 rows[20];
  guint32 begin = texts->offsets[2];
  gsize n_rows = wen_bag_list_rows (rows, bag, texts->token_ids + begin, texts->offsets[3] - begin, none, 0);
  const guint32 text_ids[] = { 2 };
  WenBagStepResult result;

  training.weight_decay = 0.1f;
  trainer = new_trainer (bag, pool, &training, &texts->batch);
  before = g_memdup2 (parameters, n_parameters * sizeof *before);
  wen_bag_trainer_step (trainer, &texts->batch, text_ids, 1, 1, 0.05f, &result);
  for (guint32 row = 0; row < wen_bag_count_rows (&default_shape); row++)
    {
      gboolean is_used = FALSE;
      const float *now = parameters + row * default_shape.hidden_size;

      for (gsize i = 0; i < n_rows; i++)
        is_used = is_used || rows[i] == row;
      g_assert_cmpint (is_used, ==, memcmp (before + row * default_shape.hidden_size, now,
                                            default_shape.hidden_size * sizeof *now) != 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/bag/rows", test_rows);
  g_test_add_func ("/wen/nn/bag/token-dropout", test_token_dropout);
  g_test_add_func ("/wen/nn/bag/crowded", test_crowded);
  g_test_add_func ("/wen/nn/bag/losses", test_losses);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wen/nn/bag/gradient/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_gradient);
    }
  g_test_add_data_func ("/wen/nn/bag/average/epochs", GUINT_TO_POINTER (27), test_average);
  g_test_add_data_func ("/wen/nn/bag/average/in-epoch", GUINT_TO_POINTER (14), test_average);
  g_test_add_func ("/wen/nn/bag/untouched", test_untouched);

  return g_test_run ();
}
