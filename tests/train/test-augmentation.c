/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tests of the training texts as they are changed for an epoch. */

#include "config.h"

#include "wen-augmentation-private.h"

#include <math.h>
#include <string.h>

#include "train-fixture.h"
#include "wen-augmentation-preview.h"
#include "wen-token-neighbours-private.h"

#define N_TRAIN 600
#define TEXT_CHARACTERS 20

/* Only in validation and test rows. */
#define CANARY "鸞"

typedef struct
{
  WenDataset      *dataset;
  WenRecipe       *recipe;
  WenWorkerPool   *pool;
  WenTrainingSet  *set;
  WenAugmentation *augmentation;
} Fixture;

static void
fixture_clear (Fixture *self)
{
  g_clear_pointer (&self->augmentation, wen_augmentation_free);
  g_clear_pointer (&self->set, wen_training_set_free);
  g_clear_pointer (&self->pool, wen_worker_pool_free);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_assert_finalize_object (self->dataset);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Different characters, of 在再 and 以已 and others that have one of the same sound. */
static void
append_rows (WenDataset *dataset,
             WenSplit    split,
             guint       n_rows,
             const char *last)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint32 characters[200];

      for (guint k = 0; k < G_N_ELEMENTS (characters); k++)
        characters[k] = 0x4E00 + k;
      wen_random_shuffle (characters, G_N_ELEMENTS (characters), 7, i);
      for (guint k = 0; k < TEXT_CHARACTERS; k++)
        g_string_append_unichar (text, characters[k]);
      g_string_append (text, last);
      wen_dataset_append (dataset, i + 1, text->str, i % 2 ? "a" : "b", split);
    }
}

static WenDataset *
new_dataset (const char *last_of_others)
{
  WenDataset *dataset = wen_dataset_new ();

  append_rows (dataset, WEN_SPLIT_TRAIN, N_TRAIN, "");
  append_rows (dataset, WEN_SPLIT_VALIDATION, 40, last_of_others);
  append_rows (dataset, WEN_SPLIT_TEST, 40, last_of_others);
  return dataset;
}

/* settings: KEY=VALUE, separated by spaces; without "augmentation." */
static WenRecipe *
new_recipe (const char *settings)
{
  WenRecipe *recipe = new_tiny_recipe (1);
  g_auto (GStrv) parts = g_strsplit (settings, " ", -1);

  recipe->maximum_length = 64;
  recipe->augmented_texts = 1;
  for (gsize i = 0; parts[i] != NULL && *parts[i] != '\0'; i++)
    {
      g_auto (GStrv) setting = g_strsplit (parts[i], "=", 2);
      g_autofree char *key = g_strconcat ("augmentation.", setting[0], NULL);
      g_autoptr (GError) error = NULL;

      wen_recipe_set (recipe, key, setting[1], &error);
      g_assert_no_error (error);
    }
  return recipe;
}

static void
prepare (Fixture    *self,
         WenDataset *dataset,
         WenRecipe  *recipe,
         guint       n_workers)
{
  g_autoptr (GError) error = NULL;

  self->dataset = dataset;
  self->recipe = recipe;
  self->pool = wen_worker_pool_new (n_workers);
  self->set = wen_training_set_new (dataset, recipe, self->pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->augmentation = wen_augmentation_new (recipe, self->set, self->pool, NULL, NULL);
}

static guint
count_tokens (const WenBatch *texts,
              gsize           text)
{
  return texts->offsets[text + 1] - texts->offsets[text];
}

static const guint32 *
get_ids (const WenBatch *texts,
         gsize           text)
{
  return &texts->token_ids[texts->offsets[text]];
}

static gboolean
are_equal (const WenBatch *a,
           const WenBatch *b,
           gsize           text)
{
  return count_tokens (a, text) == count_tokens (b, text)
         && memcmp (get_ids (a, text), get_ids (b, text), count_tokens (a, text) * sizeof (guint32)) == 0;
}

/* What holds whatever the settings are. */
static void
check_whole (Fixture        *self,
             const WenBatch *after)
{
  const WenBatch *before = &self->set->train;
  guint cls_id = wen_vocabulary_get_cls_id (wen_tokenizer_get_vocabulary (self->set->tokenizer));

  g_assert_cmpuint (after->n_texts, ==, before->n_texts);
  g_assert_true (after->labels == before->labels);
  g_assert_true (after->weights == before->weights);
  g_assert_true (after->targets == before->targets);
  g_assert_cmpuint (after->offsets[0], ==, 0);
  g_assert_cmpuint (after->offsets[after->n_texts], ==, after->n_tokens);
  for (gsize i = 0; i < after->n_texts; i++)
    {
      g_assert_cmpuint (count_tokens (after, i), >=, 2);
      g_assert_cmpuint (count_tokens (after, i), <=,
                        wen_augmentation_get_max_tokens (self->augmentation, count_tokens (before, i)));
      g_assert_cmpuint (count_tokens (after, i), <=, self->recipe->maximum_length);
      g_assert_cmpuint (get_ids (after, i)[0], ==, cls_id);
    }
}

/* Within four standard deviations of a share of so many. */
static void
assert_share (double count,
              double n,
              double expected)
{
  g_assert_cmpfloat_with_epsilon (count / n, expected, 4 * sqrt (expected * (1 - expected) / n));
}

/* One setting, and the texts of one epoch with it. */
static WenBatch
prepare_epoch (Fixture    *self,
               const char *settings)
{
  WenBatch after;

  prepare (self, new_dataset (""), new_recipe (settings), 2);
  g_assert_nonnull (self->augmentation);
  after = wen_augmentation_get_texts (self->augmentation, 1);
  check_whole (self, &after);
  return after;
}

static void
test_texts (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "texts=0.3 swap=0.9");
  guint n_changed = 0;

  for (gsize i = 0; i < after.n_texts; i++)
    n_changed += !are_equal (&after, &fixture.set->train, i);
  assert_share (n_changed, N_TRAIN, 0.3);
}

static void
test_delete (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "delete=0.2");

  assert_share ((double) fixture.set->train.n_tokens - (double) after.n_tokens, N_TRAIN * TEXT_CHARACTERS, 0.2);
}

static void
test_repeat (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "repeat=0.2");

  assert_share ((double) after.n_tokens - (double) fixture.set->train.n_tokens, N_TRAIN * TEXT_CHARACTERS, 0.2);
  for (gsize i = 0; i < after.n_texts; i++)
    {
      const guint32 *before = get_ids (&fixture.set->train, i);
      guint place = 0;

      /* Without what stands there twice it is the text as it was. */
      for (guint k = 0; k < count_tokens (&after, i); k++)
        if (k == 0 || get_ids (&after, i)[k] != get_ids (&after, i)[k - 1])
          g_assert_cmpuint (get_ids (&after, i)[k], ==, before[place++]);
    }
}

/* Tokens of a text are different ones: each swap of neighbours makes one inversion. */
static void
test_swap (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "swap=0.2");
  guint n_inversions = 0;

  for (gsize i = 0; i < after.n_texts; i++)
    {
      const guint32 *before = get_ids (&fixture.set->train, i);
      guint places[TEXT_CHARACTERS + 1];

      g_assert_cmpuint (count_tokens (&after, i), ==, G_N_ELEMENTS (places));
      for (guint k = 0; k < G_N_ELEMENTS (places); k++)
        {
          for (places[k] = 0; before[places[k]] != get_ids (&after, i)[k];)
            g_assert_cmpuint (++places[k], <, G_N_ELEMENTS (places));
          for (guint earlier = 0; earlier < k; earlier++)
            n_inversions += places[earlier] > places[k];
        }
    }
  assert_share (n_inversions, N_TRAIN * (TEXT_CHARACTERS - 1), 0.2);
}

static void
test_mask (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "mask=0.3");
  guint n_masked = 0;

  for (gsize k = 0; k < after.n_tokens; k++)
    {
      n_masked += after.token_ids[k] == WEN_TOKEN_UNK;
      g_assert_true (after.token_ids[k] == WEN_TOKEN_UNK
                     || after.token_ids[k] == fixture.set->train.token_ids[k]);
    }
  assert_share (n_masked, N_TRAIN * TEXT_CHARACTERS, 0.3);
}

/* What is left is one piece; on average half of the most that may go is gone. */
static void
test_crop (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "crop=0.5");
  guint n_first = 0;
  guint n_cut = 0;
  guint n_texts_cut = 0;

  for (gsize i = 0; i < after.n_texts; i++)
    {
      guint n_left = count_tokens (&after, i) - 1;
      const guint32 *left = get_ids (&after, i) + 1;
      const guint32 *before = get_ids (&fixture.set->train, i) + 1;
      gboolean is_first = memcmp (left, before, n_left * sizeof *left) == 0;

      g_assert_cmpuint (n_left, >=, TEXT_CHARACTERS / 2);
      g_assert_true (is_first
                     || memcmp (left, before + TEXT_CHARACTERS - n_left, n_left * sizeof *left) == 0);
      n_cut += TEXT_CHARACTERS - n_left;
      n_texts_cut += n_left < TEXT_CHARACTERS;
      n_first += is_first && n_left < TEXT_CHARACTERS;
    }
  g_assert_cmpfloat_with_epsilon (n_cut / (double) (N_TRAIN * TEXT_CHARACTERS), 0.25, 0.02);
  assert_share (n_first, n_texts_cut, 0.5);
}

/* Characters change before the text is cut: the tokens are other ones, as many. */
static void
test_characters (void)
{
  g_auto (Fixture) fixture = { 0 };
  WenBatch after = prepare_epoch (&fixture, "homophones=0.3");
  guint n_changed = 0;

  g_assert_cmpuint (fixture.set->cleaned->len, ==, N_TRAIN);
  g_assert_cmpuint (after.n_tokens, ==, fixture.set->train.n_tokens);
  for (gsize k = 0; k < after.n_tokens; k++)
    n_changed += after.token_ids[k] != fixture.set->train.token_ids[k];
  /* Not every character has one of the same sound. */
  g_assert_cmpuint (n_changed, >, N_TRAIN * TEXT_CHARACTERS * 0.05);
  g_assert_cmpuint (n_changed, <, N_TRAIN * TEXT_CHARACTERS * 0.3);
}

static void
test_nothing (void)
{
  const char *const settings[] = { "", "texts=0 delete=0.5", "texts=0 homophones=0.5", "texts=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_auto (Fixture) fixture = { 0 };

      prepare (&fixture, new_dataset (""), new_recipe (settings[i]), 1);
      g_assert_null (fixture.augmentation);
      g_assert_null (fixture.set->cleaned);
    }
  {
    g_auto (Fixture) fixture = { 0 };

    prepare_epoch (&fixture, "delete=0.1");
    g_assert_null (fixture.set->cleaned);
  }
}

/* Everything at once, as strong as it goes, on the shortest texts. */
static void
test_bounds (void)
{
  static const char all[] = "delete=0.9 swap=0.9 repeat=0.9 mask=0.9 synonyms=0.9 crop=0.9 width=0.9 "
                            "punctuation=0.9 homophones=0.9 look_alikes=0.9";
  g_auto (Fixture) fixture = { 0 };
  WenDataset *dataset = wen_dataset_new ();
  WenRecipe *recipe = new_recipe (all);

  for (guint i = 0; i < 300; i++)
    {
      wen_dataset_append (dataset, 3 * i, "在", "a", WEN_SPLIT_TRAIN);
      wen_dataset_append (dataset, 3 * i + 1, "。", "b", WEN_SPLIT_TRAIN);
      wen_dataset_append (dataset, 3 * i + 2, "未来在以后，再说一次，做人要买土豆，在在在在在在", "b", WEN_SPLIT_TRAIN);
    }
  recipe->maximum_length = 16;
  prepare (&fixture, dataset, recipe, 2);
  for (guint epoch = 1; epoch <= 10; epoch++)
    {
      WenBatch after = wen_augmentation_get_texts (fixture.augmentation, epoch);

      check_whole (&fixture, &after);
    }
}

static void
append_epoch (GByteArray      *bytes,
              WenAugmentation *augmentation,
              guint            epoch)
{
  WenBatch texts = wen_augmentation_get_texts (augmentation, epoch);

  g_byte_array_append (bytes, (const guint8 *) texts.token_ids, (guint) (texts.n_tokens * sizeof (guint32)));
  g_byte_array_append (bytes, (const guint8 *) texts.offsets, (guint) ((texts.n_texts + 1) * sizeof (guint32)));
}

/* A single epoch, after other ones or not. */
static GByteArray *
make_epoch (guint       n_workers,
            guint64     seed,
            gboolean    after_others,
            guint       epoch,
            const char *last_of_others)
{
  g_auto (Fixture) fixture = { 0 };
  WenRecipe *recipe = new_recipe ("texts=0.8 delete=0.1 swap=0.1 repeat=0.1 mask=0.1 synonyms=0.1 crop=0.3 "
                                  "punctuation=0.05 homophones=0.1 look_alikes=0.1");
  GByteArray *bytes = g_byte_array_new ();

  recipe->seed = seed;
  prepare (&fixture, new_dataset (last_of_others), recipe, n_workers);
  for (guint earlier = 1; after_others && earlier < epoch; earlier++)
    wen_augmentation_get_texts (fixture.augmentation, earlier);
  append_epoch (bytes, fixture.augmentation, epoch);
  return bytes;
}

static gboolean
bytes_equal (const GByteArray *a,
             const GByteArray *b)
{
  return a->len == b->len && memcmp (a->data, b->data, a->len) == 0;
}

/* A run that goes on in epoch 3 sees what one sees that has come so far; so do others
 * with more workers. */
static void
test_same (void)
{
  g_autoptr (GByteArray) expected = make_epoch (1, 1, TRUE, 3, "");
  g_autoptr (GByteArray) resumed = make_epoch (1, 1, FALSE, 3, "");
  g_autoptr (GByteArray) with_workers = make_epoch (3, 1, TRUE, 3, "");
  g_autoptr (GByteArray) other_epoch = make_epoch (1, 1, FALSE, 4, "");
  g_autoptr (GByteArray) other_seed = make_epoch (1, 2, FALSE, 3, "");

  g_assert_true (bytes_equal (expected, resumed));
  g_assert_true (bytes_equal (expected, with_workers));
  g_assert_false (bytes_equal (expected, other_epoch));
  g_assert_false (bytes_equal (expected, other_seed));
}

/* Whatever validation and test rows say, training texts become the same; and their own
 * texts stay as they are. */
static void
test_canary (void)
{
  g_autoptr (GByteArray) expected = make_epoch (2, 1, FALSE, 1, "");
  g_autoptr (GByteArray) with_canary = make_epoch (2, 1, FALSE, 1, CANARY);
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GArray) validation = g_array_new (FALSE, FALSE, sizeof (guint32));
  WenVocabulary *vocabulary;

  g_assert_true (bytes_equal (expected, with_canary));

  prepare (&fixture, new_dataset (CANARY), new_recipe ("delete=0.5 synonyms=0.9 homophones=0.9"), 2);
  vocabulary = wen_tokenizer_get_vocabulary (fixture.set->tokenizer);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, CANARY, -1), ==, wen_vocabulary_get_unk_id (vocabulary));
  g_assert_cmpuint (fixture.set->cleaned->len, ==, fixture.set->train.n_texts);
  for (guint i = 0; i < fixture.set->cleaned->len; i++)
    g_assert_null (strstr (g_ptr_array_index (fixture.set->cleaned, i), CANARY));
  g_array_append_vals (validation, fixture.set->validation.token_ids, (guint) fixture.set->validation.n_tokens);
  wen_augmentation_get_texts (fixture.augmentation, 1);
  g_assert_cmpmem (validation->data, validation->len * sizeof (guint32), fixture.set->validation.token_ids,
                   fixture.set->validation.n_tokens * sizeof (guint32));
}

/* Nobody waits for texts that nothing is learned from. */
static void
test_stop (void)
{
  g_auto (Fixture) fixture = { 0 };
  gint stops = TRUE;
  WenBatch after;

  prepare (&fixture, new_dataset (""), new_recipe ("mask=0.9"), 2);
  wen_augmentation_free (fixture.augmentation);
  fixture.augmentation = wen_augmentation_new (fixture.recipe, fixture.set, fixture.pool, &stops, NULL);
  after = wen_augmentation_get_texts (fixture.augmentation, 1);
  check_whole (&fixture, &after);
  for (gsize i = 0; i < after.n_texts; i++)
    g_assert_true (are_equal (&after, &fixture.set->train, i));
}

static void
test_preview (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (WenAugmentationPreview) preview = NULL;
  g_autoptr (WenAugmentationPreview) copy = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n_changed = 0;
  WenBatch after;

  prepare (&fixture, new_dataset (""), new_recipe ("texts=0.5 delete=0.2 homophones=0.1"), 1);
  after = wen_augmentation_get_texts (fixture.augmentation, 2);
  preview = wen_augmentation_preview_new (fixture.dataset, fixture.recipe, 2, 12, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < after.n_texts; i++)
    n_changed += !are_equal (&after, &fixture.set->train, i);
  g_assert_cmpuint (preview->n_texts, ==, N_TRAIN);
  g_assert_cmpuint (preview->n_changed, ==, n_changed);
  g_assert_cmpuint (preview->n_tokens_after, ==, after.n_tokens);
  g_assert_cmpuint (preview->n_examples, ==, 12);
  copy = wen_augmentation_preview_copy (preview);
  for (gsize i = 0; i < copy->n_examples; i++)
    {
      const WenAugmentedText *example = wen_augmentation_preview_get_example (copy, i);
      g_autofree char *expected = wen_tokenizer_decode (fixture.set->tokenizer, get_ids (&after, example->text),
                                                        count_tokens (&after, example->text));

      g_assert_cmpstr (example->after, ==, expected);
      g_assert_cmpstr (example->before, ==, wen_dataset_get_text (fixture.dataset, example->text));
      g_assert_cmpstr (example->before, !=, example->after);
      g_assert_true (i == 0 || example->text > wen_augmentation_preview_get_example (copy, i - 1)->text);
    }
  /* From all over the table. */
  g_assert_cmpuint (wen_augmentation_preview_get_example (copy, 11)->text, >, N_TRAIN / 2);
}

static void
test_preview_errors (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ("");
  g_autoptr (WenRecipe) recipe = new_recipe ("");
  g_autoptr (WenAugmentationPreview) unchanged = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  unchanged = wen_augmentation_preview_new (dataset, recipe, 1, 5, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (unchanged->n_changed, ==, 0);
  g_assert_cmpuint (unchanged->n_examples, ==, 0);

  recipe->mask_tokens = 0.5;
  g_cancellable_cancel (cancellable);
  g_assert_null (wen_augmentation_preview_new (dataset, recipe, 1, 5, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  recipe->mask_tokens = 1.5;
  g_assert_null (wen_augmentation_preview_new (dataset, recipe, 1, 5, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
  g_assert_nonnull (strstr (error->message, "augmentation.mask"));
}

/* c and d stand in the same places, with either label; so do e and f, but each of them
 * with a label of its own. */
static WenDataset *
new_dataset_with_neighbours (void)
{
  static const char *const pieces[] = { "hci", "hdi", "jek", "jfk" };
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 400; i++)
    {
      guint piece = i % G_N_ELEMENTS (pieces);
      gboolean is_positive = piece < 2 ? i / 4 % 2 : piece == 2;
      char filler = (char) ('l' + wen_random_below (1, 1, i, 8));
      g_autofree char *text = g_strdup_printf ("%c%s%c", filler, pieces[piece], filler);

      wen_dataset_append (dataset, i, text, is_positive ? "a" : "b", WEN_SPLIT_TRAIN);
    }
  return dataset;
}

static gboolean
is_neighbour (WenTokenNeighbours *neighbours,
              WenVocabulary      *vocabulary,
              const char         *token,
              const char         *other)
{
  guint n_neighbours;
  const guint32 *ids = wen_token_neighbours_get (neighbours, wen_vocabulary_lookup (vocabulary, token, -1),
                                                 &n_neighbours);

  for (guint i = 0; i < n_neighbours; i++)
    if (ids[i] == wen_vocabulary_lookup (vocabulary, other, -1))
      return TRUE;
  return FALSE;
}

static void
test_neighbours (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (WenTokenNeighbours) neighbours = NULL;
  WenVocabulary *vocabulary;
  guint n_neighbours;

  prepare (&fixture, new_dataset_with_neighbours (), new_recipe (""), 2);
  vocabulary = wen_tokenizer_get_vocabulary (fixture.set->tokenizer);
  neighbours = wen_token_neighbours_new (&fixture.set->train, vocabulary, fixture.pool, NULL);
  g_assert_true (is_neighbour (neighbours, vocabulary, "c", "d"));
  g_assert_true (is_neighbour (neighbours, vocabulary, "d", "c"));
  g_assert_false (is_neighbour (neighbours, vocabulary, "c", "c"));
  g_assert_false (is_neighbour (neighbours, vocabulary, "e", "f"));
  g_assert_false (is_neighbour (neighbours, vocabulary, "c", "k"));
  g_assert_null (wen_token_neighbours_get (neighbours, WEN_TOKEN_CLS, &n_neighbours));
  g_assert_null (wen_token_neighbours_get (neighbours, G_MAXUINT32, &n_neighbours));
}

/* So many of the tokens that have a neighbour become one. */
static void
test_synonyms (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (WenTokenNeighbours) neighbours = NULL;
  guint n_eligible = 0;
  guint n_changed = 0;
  WenBatch after;

  prepare (&fixture, new_dataset_with_neighbours (), new_recipe ("synonyms=0.4"), 2);
  neighbours = wen_token_neighbours_new (&fixture.set->train, wen_tokenizer_get_vocabulary (fixture.set->tokenizer),
                                         fixture.pool, NULL);
  after = wen_augmentation_get_texts (fixture.augmentation, 1);
  check_whole (&fixture, &after);
  g_assert_cmpuint (after.n_tokens, ==, fixture.set->train.n_tokens);
  for (gsize k = 0; k < after.n_tokens; k++)
    {
      guint n_neighbours;

      n_eligible += wen_token_neighbours_get (neighbours, fixture.set->train.token_ids[k], &n_neighbours) != NULL;
      n_changed += after.token_ids[k] != fixture.set->train.token_ids[k];
    }
  g_assert_cmpuint (n_eligible, >=, 200);
  assert_share (n_changed, n_eligible, 0.4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/augmentation/texts", test_texts);
  g_test_add_func ("/wen/train/augmentation/delete", test_delete);
  g_test_add_func ("/wen/train/augmentation/repeat", test_repeat);
  g_test_add_func ("/wen/train/augmentation/swap", test_swap);
  g_test_add_func ("/wen/train/augmentation/mask", test_mask);
  g_test_add_func ("/wen/train/augmentation/crop", test_crop);
  g_test_add_func ("/wen/train/augmentation/characters", test_characters);
  g_test_add_func ("/wen/train/augmentation/neighbours", test_neighbours);
  g_test_add_func ("/wen/train/augmentation/synonyms", test_synonyms);
  g_test_add_func ("/wen/train/augmentation/nothing", test_nothing);
  g_test_add_func ("/wen/train/augmentation/bounds", test_bounds);
  g_test_add_func ("/wen/train/augmentation/same", test_same);
  g_test_add_func ("/wen/train/augmentation/canary", test_canary);
  g_test_add_func ("/wen/train/augmentation/stop", test_stop);
  g_test_add_func ("/wen/train/augmentation/preview", test_preview);
  g_test_add_func ("/wen/train/augmentation/preview-errors", test_preview_errors);

  return g_test_run ();
}
