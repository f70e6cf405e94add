/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Combiners learn whom to trust, and are honest about how well they do. */

#include "config.h"

#include "wen-combiner-private.h"

#include "wen-random-private.h"

#include <math.h>
#include <string.h>

#define N_TEXTS 600
#define N_LABELS 3
#define N_MEMBERS 3

/* What members say: one mostly right, one that takes two labels for one another, one that
 * guesses. */
typedef struct
{
  float        values[N_MEMBERS][N_TEXTS * N_LABELS];
  const float *rows[N_MEMBERS];
  guint32      labels[N_TEXTS];
  guint8       halves[N_TEXTS];
} Fixture;

static void
write_row (float  *row,
           guint   likely,
           double  probability)
{
  for (guint label = 0; label < N_LABELS; label++)
    row[label] = (float) (label == likely ? probability : (1 - probability) / (N_LABELS - 1));
}

static void
fixture_init (Fixture *fixture)
{
  const guint swapped[N_LABELS] = { 1, 0, 2 };

  for (guint text = 0; text < N_TEXTS; text++)
    {
      guint label = (guint) (wen_random_u64 (1, 0, text) % N_LABELS);
      guint other = (guint) (wen_random_u64 (1, 1, text) % N_LABELS);
      gboolean is_sure = wen_random_uniform (1, 2, text) < 0.6;
      gboolean swaps_right = wen_random_uniform (1, 3, text) < 0.8;

      fixture->labels[text] = label;
      fixture->halves[text] = text % 2;
      write_row (fixture->values[0] + text * N_LABELS, is_sure ? label : other, is_sure ? 0.8 : 0.4);
      write_row (fixture->values[1] + text * N_LABELS, swaps_right ? swapped[label] : other, 0.7);
      write_row (fixture->values[2] + text * N_LABELS, (guint) (wen_random_u64 (1, 4, text) % N_LABELS), 0.9);
    }
  for (guint member = 0; member < N_MEMBERS; member++)
    fixture->rows[member] = fixture->values[member];
}

static WenCombinerTexts
get_texts (const Fixture *fixture)
{
  return (WenCombinerTexts) {
    .n_texts = N_TEXTS,
    .probabilities = fixture->rows,
    .labels = fixture->labels,
    .halves = fixture->halves,
  };
}

static double
measure_accuracy (const float   *probabilities,
                  const guint32 *labels)
{
  guint n_correct = 0;

  for (guint text = 0; text < N_TEXTS; text++)
    {
      const float *row = probabilities + text * N_LABELS;
      guint best = 0;
      double sum = 0;

      for (guint label = 0; label < N_LABELS; label++)
        {
          if (row[label] > row[best])
            best = label;
          sum += (double) row[label];
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      n_correct += best == labels[text];
    }
  return (double) n_correct / N_TEXTS;
}

static double
measure_loss (const float   *probabilities,
              const guint32 *labels)
{
  double loss = 0;

  for (guint text = 0; text < N_TEXTS; text++)
    loss -= log ((double) probabilities[text * N_LABELS + labels[text]]);
  return loss / N_TEXTS;
}

static void
test_average (void)
{
  g_autofree Fixture *fixture = g_new (Fixture, 1);
  g_autoptr (WenCombiner) combiner = wen_combiner_new (WEN_COMBINATION_AVERAGE, N_MEMBERS, N_LABELS);
  g_autofree float *unseen = g_new (float, N_TEXTS * N_LABELS);
  g_autofree float *combined = g_new (float, N_TEXTS * N_LABELS);
  WenCombinerTexts texts;

  fixture_init (fixture);
  texts = get_texts (fixture);
  wen_combiner_fit (combiner, &texts, unseen, NULL, NULL);
  g_assert_cmpfloat (wen_combiner_get_share (combiner, 0), >, 0.7);
  g_assert_cmpfloat (wen_combiner_get_share (combiner, 2), <, 0.1);
  g_assert_cmpfloat_with_epsilon (wen_combiner_get_share (combiner, 0) + wen_combiner_get_share (combiner, 1)
                                    + wen_combiner_get_share (combiner, 2),
                                  1, 1e-5);

  wen_combiner_apply (combiner, fixture->rows, N_TEXTS, combined);
  g_assert_cmpfloat (measure_loss (combined, fixture->labels), <, measure_loss (fixture->rows[0], fixture->labels));
  g_assert_cmpfloat (measure_accuracy (combined, fixture->labels), >=, 0.7);
}

/* Nudges one weight of the mean up and another down: the labels never become likelier. */
static void
test_average_is_best (void)
{
  g_autofree Fixture *fixture = g_new (Fixture, 1);
  g_autoptr (WenCombiner) combiner = wen_combiner_new (WEN_COMBINATION_AVERAGE, N_MEMBERS, N_LABELS);
  g_autofree float *unseen = g_new (float, N_TEXTS * N_LABELS);
  g_autofree float *combined = g_new (float, N_TEXTS * N_LABELS);
  gsize n_parameters;
  const WenTensor *parameters = wen_combiner_list_parameters (combiner, &n_parameters);
  WenCombinerTexts texts;
  double loss;

  fixture_init (fixture);
  texts = get_texts (fixture);
  wen_combiner_fit (combiner, &texts, unseen, NULL, NULL);
  wen_combiner_apply (combiner, fixture->rows, N_TEXTS, combined);
  loss = measure_loss (combined, fixture->labels);
  for (guint a = 0; a < N_MEMBERS; a++)
    for (guint b = 0; b < N_MEMBERS; b++)
      if (a != b && parameters[0].values[b] > 0.01f)
        {
          parameters[0].values[a] += 0.01f;
          parameters[0].values[b] -= 0.01f;
          wen_combiner_apply (combiner, fixture->rows, N_TEXTS, combined);
          g_assert_cmpfloat (measure_loss (combined, fixture->labels), >, loss - 1e-5);
          parameters[0].values[a] -= 0.01f;
          parameters[0].values[b] += 0.01f;
        }
}

/* The stack finds out that a member takes two labels for one another, which a mean cannot. */
static void
test_stack (void)
{
  g_autofree Fixture *fixture = g_new (Fixture, 1);
  g_autoptr (WenCombiner) average = wen_combiner_new (WEN_COMBINATION_AVERAGE, N_MEMBERS, N_LABELS);
  g_autoptr (WenCombiner) stack = wen_combiner_new (WEN_COMBINATION_STACK, N_MEMBERS, N_LABELS);
  g_autofree float *of_average = g_new (float, N_TEXTS * N_LABELS);
  g_autofree float *of_stack = g_new (float, N_TEXTS * N_LABELS);
  g_autofree float *combined = g_new (float, N_TEXTS * N_LABELS);
  WenCombinerTexts texts;

  fixture_init (fixture);
  texts = get_texts (fixture);
  wen_combiner_fit (average, &texts, of_average, NULL, NULL);
  wen_combiner_fit (stack, &texts, of_stack, NULL, NULL);
  g_assert_cmpfloat (measure_accuracy (of_stack, fixture->labels), >, measure_accuracy (of_average, fixture->labels) + 0.05);
  g_assert_cmpfloat (measure_loss (of_stack, fixture->labels), <, measure_loss (of_average, fixture->labels));

  wen_combiner_apply (stack, fixture->rows, N_TEXTS, combined);
  g_assert_cmpfloat (measure_loss (combined, fixture->labels), <, measure_loss (of_stack, fixture->labels) + 0.01);
}

/* Where there is nothing to learn, unseen texts are not predicted better than by chance. */
static void
test_honest (void)
{
  g_autofree Fixture *fixture = g_new (Fixture, 1);
  g_autoptr (WenCombiner) combiner = wen_combiner_new (WEN_COMBINATION_STACK, N_MEMBERS, N_LABELS);
  g_autofree float *unseen = g_new (float, N_TEXTS * N_LABELS);
  WenCombinerTexts texts;

  fixture_init (fixture);
  for (guint text = 0; text < N_TEXTS; text++)
    fixture->labels[text] = (guint32) (wen_random_u64 (9, 9, text) % N_LABELS);
  texts = get_texts (fixture);
  wen_combiner_fit (combiner, &texts, unseen, NULL, NULL);
  g_assert_cmpfloat (measure_accuracy (unseen, fixture->labels), <, 0.40);
  g_assert_cmpfloat (measure_loss (unseen, fixture->labels), >, log (N_LABELS) - 0.01);
}

/* What a text's own label does not reach: changing it leaves what is said of it alone. */
static void
test_no_text_sees_its_label (void)
{
  g_autofree Fixture *fixture = g_new (Fixture, 1);
  g_autoptr (WenCombiner) combiner = wen_combiner_new (WEN_COMBINATION_AVERAGE, N_MEMBERS, N_LABELS);
  g_autofree float *before = g_new (float, N_TEXTS * N_LABELS);
  g_autofree float *after = g_new (float, N_TEXTS * N_LABELS);
  WenCombinerTexts texts;

  fixture_init (fixture);
  texts = get_texts (fixture);
  wen_combiner_fit (combiner, &texts, before, NULL, NULL);
  fixture->labels[8] = (fixture->labels[8] + 1) % N_LABELS;
  wen_combiner_fit (combiner, &texts, after, NULL, NULL);
  for (guint text = 0; text < N_TEXTS; text += 2)
    g_assert_cmpmem (before + text * N_LABELS, N_LABELS * sizeof (float), after + text * N_LABELS, N_LABELS * sizeof (float));
}

/* Of more labels than that, each member has one weight. */
static void
test_many_labels (void)
{
  const guint n_labels = 200;
  g_autofree float *good = g_new (float, 400 * n_labels);
  g_autofree float *bad = g_new (float, 400 * n_labels);
  g_autofree float *unseen = g_new (float, 400 * n_labels);
  const float *rows[] = { good, bad };
  guint32 labels[400];
  guint8 halves[400];
  g_autoptr (WenCombiner) combiner = wen_combiner_new (WEN_COMBINATION_STACK, 2, n_labels);
  const WenCombinerTexts texts = { .n_texts = 400, .probabilities = rows, .labels = labels, .halves = halves };
  gsize n_parameters;

  for (guint text = 0; text < 400; text++)
    {
      labels[text] = text % n_labels;
      halves[text] = text % 2;
      for (guint label = 0; label < n_labels; label++)
        {
          good[text * n_labels + label] = label == labels[text] ? 0.5f : 0.5f / (float) (n_labels - 1);
          bad[text * n_labels + label] = label == (text * 7) % n_labels ? 0.5f : 0.5f / (float) (n_labels - 1);
        }
    }
  g_assert_cmpuint (wen_combiner_list_parameters (combiner, &n_parameters)[0].n_values, ==, 2);
  wen_combiner_fit (combiner, &texts, unseen, NULL, NULL);
  g_assert_cmpfloat (wen_combiner_get_share (combiner, 0), >, 0.9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/combiner/average", test_average);
  g_test_add_func ("/wen/model/combiner/average-is-best", test_average_is_best);
  g_test_add_func ("/wen/model/combiner/stack", test_stack);
  g_test_add_func ("/wen/model/combiner/honest", test_honest);
  g_test_add_func ("/wen/model/combiner/no-text-sees-its-label", test_no_text_sees_its_label);
  g_test_add_func ("/wen/model/combiner/many-labels", test_many_labels);

  return g_test_run ();
}
