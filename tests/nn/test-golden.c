/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Forward, gradients and updates against numbers that PyTorch worked out: see
 * make-golden.py. */

#include "config.h"

#include "nn-testing.h"

#include "wen-encoder-masked-private.h"
#include "wen-encoder-private.h"
#include "wen-encoder-trainer-private.h"
#include "wen-loss-private.h"
#include "wen-mixup-private.h"

static const guint32 token_ids[] = { 2, 5, 1, 7, 3, 2, 2, 9, 4, 11, 0, 6, 8, 5 };
static const guint32 offsets[] = { 0, 4, 5, 12, 14 };
static const guint32 labels[] = { 0, 2, 1, 2 };

static const WenBatch batch = { 4, G_N_ELEMENTS (token_ids), token_ids, offsets, labels };

typedef struct
{
  gsize   n_values;
  double *values;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->values);
  g_free (line);
}

static GHashTable *
read_golden (void)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, line_free);
  g_autofree char      *path = g_test_build_filename (G_TEST_DIST, "nn", "data", "golden.txt", NULL);
  g_autofree char      *text = NULL;
  g_autoptr(GError)     error = NULL;
  g_auto(GStrv)         lines = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);
      Line         *line = g_new0 (Line, 1);

      line->n_values = g_strv_length (words) - 1;
      line->values = g_new (double, line->n_values);
      for (gsize j = 0; j < line->n_values; j++)
        line->values[j] = g_ascii_strtod (words[j + 1], NULL);
      g_hash_table_insert (table, g_strdup (words[0]), line);
    }

  return g_steal_pointer (&table);
}

static const double *
look_up (GHashTable *golden,
         gsize       n_values,
         const char *case_name,
         const char *kind,
         const char *name)
{
  g_autofree char *key = g_strconcat (case_name, kind, name, NULL);
  const Line      *line = g_hash_table_lookup (golden, key);

  if (line == NULL || line->n_values != n_values)
    g_error ("golden.txt has no %s with %" G_GSIZE_FORMAT " numbers", key, n_values);
  return line->values;
}

static WenEncoder *
new_encoder (gboolean norm_first)
{
  WenEncoderConfig config = {
    .n_vocabulary = 13,
    .n_positions = 7,
    .hidden_size = 8,
    .n_layers = 2,
    .n_heads = 2,
    .feed_forward_size = 12,
    .n_labels = 3,
    .norm_first = norm_first,
    .pool_first = !norm_first,
    .norm_epsilon = 1e-5f,
  };
  WenEncoder      *encoder = wen_encoder_new (&config);
  gsize            n_tensors;
  const WenTensor *tensors = wen_encoder_list_tensors (encoder, &n_tensors);

  for (gsize i = 0; i < n_tensors; i++)
    for (gsize j = 0; j < tensors[i].n_values; j++)
      tensors[i].values[j] = (float) ((g_str_has_suffix (tensors[i].name, "norm.weight") ? 1.0 : 0.0)
                                      + 0.4 * sin (1.7 * (double) j + (double) i));
  return encoder;
}

static void
check_case (gboolean norm_first,
            gboolean adam_l2)
{
  g_autoptr(GHashTable)          golden = read_golden ();
  g_autoptr(WenEncoder)          encoder = new_encoder (norm_first);
  g_autoptr(WenWorkerPool)       pool = wen_worker_pool_new (2);
  const WenEncoderTrainingConfig training = {
    .adam_l2 = adam_l2,
    .beta1 = 0.9f,
    .beta2 = 0.999f,
    .epsilon = 1e-8f,
    .weight_decay = 0.1f,
    .clip_norm = 0.5f,
    .label_smoothing = 0.1f,
  };
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, batch.n_tokens, 4);
  const char                  *layout = norm_first ? "pre." : "post.";
  g_autofree char             *case_name = g_strconcat (layout, adam_l2 ? "adam." : "adamw.", NULL);
  g_autofree char             *gradient_case = g_strconcat (layout, "adamw.", NULL);
  gsize                        n_tensors;
  const WenTensor             *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  gsize                        n_parameters;
  float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree float            *gradient = g_new (float, n_parameters);
  g_autoptr(WenEncoderPredictor) predictor = wen_encoder_predictor_new (encoder, NULL, batch.n_tokens, 4);
  float                        logits[4 * 3];
  WenStepResult                result;

  wen_encoder_predictor_run (predictor, &batch, logits);
  assert_close (logits, look_up (golden, 12, gradient_case, "logits", ""), 12, 2e-6, 2e-6);

  wen_encoder_trainer_compute_gradient (trainer, &batch, 1, gradient, &result);
  for (gsize i = 0; i < n_tensors; i++)
    assert_close (gradient + (tensors[i].values - parameters),
                  look_up (golden, tensors[i].n_values, gradient_case, "gradient.", tensors[i].name),
                  tensors[i].n_values, 1e-6, 2e-5);

  for (guint64 step = 1; step <= 3; step++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, step);

      wen_encoder_trainer_step (trainer, &batch, step, 1e-2f, &result);
      assert_close (&result.loss, look_up (golden, 1, case_name, "loss.", number), 1, 2e-6, 1e-5);
      assert_close (&result.gradient_norm, look_up (golden, 1, case_name, "norm.", number), 1, 2e-6, 1e-5);
    }

  /* Adam divides by the size of the gradient, so where that is next to nothing, as
   * it is for biases of keys, rounding decides the direction of the update. */
  for (gsize i = 0; i < n_tensors; i++)
    {
      const double *expected = look_up (golden, tensors[i].n_values, case_name, "after.", tensors[i].name);
      gboolean      has_keys = g_str_has_suffix (tensors[i].name, "query_key_value.bias");

      for (gsize j = 0; j < tensors[i].n_values; j++)
        if (!has_keys || j < 8 || j >= 16)
          assert_close (tensors[i].values + j, expected + j, 1, 2e-5, 1e-5);
    }
}

static void
test_adamw (void)
{
  check_case (TRUE, FALSE);
  check_case (FALSE, FALSE);
}

static void
test_adam (void)
{
  check_case (TRUE, TRUE);
  check_case (FALSE, TRUE);
}

/* What is hidden of the batch in step 1 with seed 7; make-golden.py has the same. */
static const guint32 hidden_ids[] = { 2, 1, 1, 7, 3, 2, 1, 9, 4, 11, 0, 5, 8, 5 };

static void
check_masked (gboolean norm_first)
{
  g_autoptr(GHashTable)          golden = read_golden ();
  g_autoptr(WenEncoder)          encoder = new_encoder (norm_first);
  g_autoptr(WenWorkerPool)       pool = wen_worker_pool_new (2);
  const WenEncoderTrainingConfig training = {
    .beta1 = 0.9f,
    .beta2 = 0.999f,
    .epsilon = 1e-8f,
    .weight_decay = 0.1f,
    .clip_norm = 0.5f,
    .seed = 7,
    .masked_share = 0.5f,
    .mask_id = 1,
  };
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, batch.n_tokens, 4);
  const char                  *case_name = norm_first ? "pre.masked." : "post.masked.";
  WenEncoderMasked            *masked = wen_encoder_masked_new (encoder, &training, 1, batch.n_tokens);
  gsize                        n_tensors;
  const WenTensor             *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  gsize                        n_state;
  const WenTensor             *state = wen_encoder_trainer_list_state (trainer, &n_state);
  gsize                        n_parameters;
  float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree float            *gradient = g_new (float, n_parameters);
  WenStepResult                result;

  g_assert_cmpmem (wen_encoder_masked_hide (masked, &batch, 1)->token_ids, batch.n_tokens * sizeof (guint32),
                   hidden_ids, sizeof hidden_ids);
  wen_encoder_masked_free (masked);

  wen_encoder_trainer_compute_gradient (trainer, &batch, 1, gradient, &result);
  assert_close (&result.loss, look_up (golden, 1, case_name, "loss", ""), 1, 2e-6, 1e-5);
  assert_close (&result.gradient_norm, look_up (golden, 1, case_name, "norm", ""), 1, 2e-6, 1e-5);
  for (gsize i = 0; i + 2 < n_tensors; i++)
    assert_close (gradient + (tensors[i].values - parameters),
                  look_up (golden, tensors[i].n_values, case_name, "gradient.", tensors[i].name),
                  tensors[i].n_values, 1e-6, 2e-5);

  wen_encoder_trainer_step (trainer, &batch, 1, 1e-2f, &result);
  for (gsize i = 0; i + 2 < n_tensors; i++)
    {
      const double *expected = look_up (golden, tensors[i].n_values, case_name, "after.", tensors[i].name);

      /* Keys' biases have next to no gradient: see check_case(). */
      if (!g_str_has_suffix (tensors[i].name, "query_key_value.bias"))
        assert_close (tensors[i].values, expected, tensors[i].n_values, 2e-5, 1e-5);
    }
  g_assert_cmpuint (n_state, ==, 5);
  g_assert_cmpstr (state[2].name, ==, "masked.bias");
  assert_close (state[2].values, look_up (golden, 13, case_name, "after.", "masked.bias"), 13, 2e-5, 1e-5);
}

static void
test_masked (void)
{
  check_masked (TRUE);
  check_masked (FALSE);
}

/* The loss and the gradient of every tensor. */
static void
check_soft_case (const WenBatch *texts,
                 const char     *case_name)
{
  g_autoptr(GHashTable)          golden = read_golden ();
  g_autoptr(WenEncoder)          encoder = new_encoder (TRUE);
  g_autoptr(WenWorkerPool)       pool = wen_worker_pool_new (2);
  const WenEncoderTrainingConfig training = { .label_smoothing = 0.1f };
  g_autoptr(WenEncoderTrainer)   trainer = wen_encoder_trainer_new (encoder, pool, &training, batch.n_tokens, 4);
  gsize                          n_tensors;
  const WenTensor               *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  gsize                          n_parameters;
  float                         *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree float              *gradient = g_new (float, n_parameters);
  WenStepResult                  result;

  wen_encoder_trainer_compute_gradient (trainer, texts, 1, gradient, &result);
  assert_close (&result.loss, look_up (golden, 1, case_name, "loss", ""), 1, 2e-6, 1e-5);
  for (gsize i = 0; i < n_tensors; i++)
    assert_close (gradient + (tensors[i].values - parameters),
                  look_up (golden, tensors[i].n_values, case_name, "gradient.", tensors[i].name),
                  tensors[i].n_values, 1e-6, 2e-5);
}

static void
test_soft (void)
{
  static const float weights[] = { 0.5f, 2.0f, 1.0f, 0.5f };
  static const float targets[] = { 0.5f,   0.25f, 0.25f,  0.0f,  0.0f, 1.0f,
                                   0.125f, 0.75f, 0.125f, 0.25f, 0.0f, 0.75f };
  WenBatch           texts = batch;

  texts.weights = weights;
  check_soft_case (&texts, "weighted.");
  texts.targets = targets;
  check_soft_case (&texts, "soft.");
}

static void
test_consistency (void)
{
  g_autoptr(GHashTable) golden = read_golden ();
  float                 logits[8 * 5];
  float                 d_logits[8 * 5] = { 0 };
  double                loss;

  for (gsize i = 0; i < G_N_ELEMENTS (logits); i++)
    logits[i] = (float) (2.0 * sin (1.3 * (double) i));
  loss = wen_consistency_forward (d_logits, logits, 4, 5, 3.0f, 1.0f);
  assert_close (&loss, look_up (golden, 1, "consistency.", "loss", ""), 1, 1e-5, 1e-5);
  assert_close (d_logits, look_up (golden, 40, "consistency.", "gradient", ""), 40, 1e-5, 1e-5);
}

/* A linear classifier of mixed vectors, put together from the encoder's kernels. */
static void
test_mixup (void)
{
  static const guint32  partners[] = { 2, 3, 0, 1 };
  static const float    shares[] = { 0.5f, 0.75f, 1.0f, 0.625f };
  g_autoptr(GHashTable) golden = read_golden ();
  float                 rows[4 * 8];
  float                 mixed[4 * 8];
  float                 d_mixed[4 * 8] = { 0 };
  float                 d_rows[4 * 8];
  float                 logits[4 * 3] = { 0 };
  float                 d_logits[4 * 3];
  float                 pure_targets[4 * 3] = { 0 };
  float                 targets[4 * 3];
  double                loss;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    rows[i] = (float) sin (0.7 * (double) i);
  for (gsize i = 0; i < 4; i++)
    pure_targets[i * 3 + labels[i]] = 1.0f;

  wen_mix_rows_forward (mixed, rows, partners, shares, 4, 8);
  wen_mix_rows_forward (targets, pure_targets, partners, shares, 4, 3);
  for (gsize i = 0; i < 4 * 3 * 8; i++)
    logits[i / 8] += mixed[i / 24 * 8 + i % 8] * (float) cos (0.9 * (double) (i % 24));
  loss = wen_soft_cross_entropy_forward (d_logits, logits, targets, 4, 3, 0.25f) / 4;
  for (gsize i = 0; i < 4 * 3 * 8; i++)
    d_mixed[i / 24 * 8 + i % 8] += d_logits[i / 8] * (float) cos (0.9 * (double) (i % 24));
  wen_mix_rows_backward (d_rows, d_mixed, partners, shares, 4, 8);

  assert_close (&loss, look_up (golden, 1, "mixup.", "loss", ""), 1, 2e-6, 1e-5);
  assert_close (d_rows, look_up (golden, 32, "mixup.", "gradient", ""), 32, 1e-6, 1e-5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/golden/adamw", test_adamw);
  g_test_add_func ("/wen/nn/golden/adam", test_adam);
  g_test_add_func ("/wen/nn/golden/masked", test_masked);
  g_test_add_func ("/wen/nn/golden/soft", test_soft);
  g_test_add_func ("/wen/nn/golden/consistency", test_consistency);
  g_test_add_func ("/wen/nn/golden/mixup", test_mixup);

  return g_test_run ();
}
