/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training texts changed a little, in another way each epoch.
 *
 * DESIGN: what becomes of a text depends on seed, epoch and the number of the text
 * alone: on no worker, and on no epoch before.  So a run that goes on from a checkpoint
 * sees the same texts again.  Characters are changed first, and the text is cut into
 * tokens again; then a piece is cut off; then single tokens change.
 *
 * A text grows by a bounded number of tokens, so that a family can size its blocks
 * before the first epoch; the bound is so wide that it is hardly ever met.  Workers
 * write whole blocks of texts where the longest texts possible would stand; then the
 * blocks move together.
 *
 * Only the training texts come here: validation and test rows are never changed. */

#include "config.h"

#include "wen-augmentation-private.h"

#include <string.h>

#include "wen-character-noise-private.h"
#include "wen-random-places-private.h"
#include "wen-random-private.h"
#include "wen-token-neighbours-private.h"

#define AUGMENTATION_STREAM G_GUINT64_CONSTANT (0x6175676d656e7400)
#define BLOCK_TEXTS 64

/* A text may grow by so many tokens, and by these shares of itself for each share that
 * is asked for: twice as many as are repeated on average, and what one changed
 * character makes of a word. */
#define SPARE_TOKENS 4
#define REPEAT_GROWTH 2
#define CHARACTER_GROWTH 4

#define FULL_WIDTH_MARK "！"
#define MASK_TOKEN "[MASK]"

/* What random numbers of a text are for. */
typedef enum
{
  USE_TEXT,
  USE_CHARACTERS,
  USE_CROP,
  USE_CROP_END,
  USE_SYNONYM,
  USE_SYNONYM_CHOICE,
  USE_MASK,
  USE_DELETE,
  USE_DELETE_ALL,
  USE_SWAP,
  USE_REPEAT,
} Use;

/* Of one worker. */
typedef struct
{
  GString *text;
  GArray  *tokens; /* of WenToken */
  GArray  *ids;    /* of guint32: the text without [CLS] */
} Scratch;

struct _WenAugmentation
{
  const WenRecipe      *recipe;       /* borrowed */
  const WenTrainingSet *set;          /* borrowed */
  WenWorkerPool        *pool;         /* borrowed */
  const gint           *stops;        /* borrowed, atomic; or NULL */
  GCancellable         *cancellable;  /* borrowed, or NULL */

  WenModelAugmentation  hook;
  WenCharacterNoise     noise;
  guint32               mask_id;
  WenTokenNeighbours   *neighbours;   /* NULL: no synonyms */
  Scratch              *scratches;    /* [n_workers] */
  gsize                 n_blocks;
  gsize                *block_places; /* [n_blocks]: where each may write */
  guint32              *token_ids;
  guint32              *offsets;      /* [n_texts + 1]; within its block while workers write */

  guint                 epoch;        /* of the texts that workers write */
  gint                  next_block;
};

/* How many tokens a text may have that has n_tokens unchanged, [CLS] included. */
guint
wen_augmentation_get_max_tokens (WenAugmentation *self,
                                 guint            n_tokens)
{
  const WenCharacterNoise *noise = &self->noise;
  double share = REPEAT_GROWTH * self->recipe->repeat_tokens
                 + CHARACTER_GROWTH * (noise->width + noise->punctuation + noise->homophones + noise->look_alikes);
  guint n_more = share > 0 ? SPARE_TOKENS + (guint) ((double) n_tokens * MIN (share, 1)) : 0;

  return MAX (n_tokens, MIN (n_tokens + n_more, self->recipe->maximum_length));
}

static guint
get_max_tokens (guint    n_tokens,
                gpointer user_data)
{
  return wen_augmentation_get_max_tokens (user_data, n_tokens);
}

static WenBatch
get_texts (guint    epoch,
           gpointer user_data)
{
  return wen_augmentation_get_texts (user_data, epoch);
}

static guint64
get_text_seed (WenAugmentation *self,
               guint            epoch,
               gsize            text)
{
  return wen_random_u64 (self->recipe->seed, AUGMENTATION_STREAM + epoch, text);
}

static gboolean
is_chosen (WenAugmentation *self,
           guint64          seed)
{
  return wen_random_uniform (seed, USE_TEXT, 0) < self->recipe->augmented_texts;
}

/* Cuts the text into tokens again, with some characters changed.  FALSE where nothing
 * would be left of it. */
static gboolean
change_characters (WenAugmentation *self,
                   Scratch         *scratch,
                   guint64          seed,
                   const char      *cleaned)
{
  wen_character_noise_add (&self->noise, cleaned, wen_random_u64 (seed, USE_CHARACTERS, 0), scratch->text);
  wen_tokenizer_encode (self->set->tokenizer, scratch->text->str, scratch->tokens);
  /* As training cuts it. */
  for (guint i = 1; i < MIN (scratch->tokens->len, self->recipe->maximum_length); i++)
    g_array_append_val (scratch->ids, g_array_index (scratch->tokens, WenToken, i).id);
  return scratch->ids->len > 0;
}

/* Up to the share is cut off, at the one end or the other. */
static void
crop (WenAugmentation *self,
      GArray          *ids,
      guint64          seed)
{
  double share = self->recipe->crop * wen_random_uniform (seed, USE_CROP, 0);
  guint n_cut = MIN ((guint) (share * ids->len + 0.5), ids->len - 1);

  if (n_cut > 0 && wen_random_below (seed, USE_CROP_END, 0, 2))
    g_array_remove_range (ids, 0, n_cut);
  else
    g_array_set_size (ids, ids->len - n_cut);
}

static void
replace_by_neighbours (WenAugmentation *self,
                       GArray          *ids,
                       guint64          seed)
{
  WenRandomPlaces places;

  wen_random_places_begin (&places, seed, USE_SYNONYM, self->recipe->synonyms);
  for (; places.next < ids->len; wen_random_places_advance (&places))
    {
      guint32 *id = &g_array_index (ids, guint32, places.next);
      guint n_neighbours;
      const guint32 *neighbours = wen_token_neighbours_get (self->neighbours, *id, &n_neighbours);

      if (neighbours != NULL)
        *id = neighbours[wen_random_below (seed, USE_SYNONYM_CHOICE, places.next, n_neighbours)];
    }
}

static void
mask (WenAugmentation *self,
      GArray          *ids,
      guint64          seed)
{
  WenRandomPlaces places;

  wen_random_places_begin (&places, seed, USE_MASK, self->recipe->mask_tokens);
  for (; places.next < ids->len; wen_random_places_advance (&places))
    g_array_index (ids, guint32, places.next) = self->mask_id;
}

/* One token stays, whatever happens. */
static void
delete (WenAugmentation *self,
        GArray          *ids,
        guint64          seed)
{
  guint32 survivor = g_array_index (ids, guint32, wen_random_below (seed, USE_DELETE_ALL, 0, ids->len));
  guint n_kept = 0;
  WenRandomPlaces places;

  wen_random_places_begin (&places, seed, USE_DELETE, self->recipe->delete_tokens);
  for (guint i = 0; i < ids->len; i++)
    if (i == places.next)
      wen_random_places_advance (&places);
    else
      g_array_index (ids, guint32, n_kept++) = g_array_index (ids, guint32, i);
  g_array_set_size (ids, n_kept);
  if (n_kept == 0)
    g_array_append_val (ids, survivor);
}

static void
swap (WenAugmentation *self,
      GArray          *ids,
      guint64          seed)
{
  WenRandomPlaces places;

  wen_random_places_begin (&places, seed, USE_SWAP, self->recipe->swap_tokens);
  for (; places.next < ids->len - 1; wen_random_places_advance (&places))
    {
      guint32 *id = &g_array_index (ids, guint32, places.next);
      guint32 first = id[0];

      id[0] = id[1];
      id[1] = first;
    }
}

/* Writes the text with [CLS] and with some tokens twice; not more than max_tokens.
 * Returns how many it wrote. */
static guint
repeat (WenAugmentation *self,
        GArray          *ids,
        guint64          seed,
        guint32         *written,
        guint            max_tokens)
{
  guint n_written = 1;
  WenRandomPlaces places;

  wen_random_places_begin (&places, seed, USE_REPEAT, self->recipe->repeat_tokens);
  written[0] = wen_vocabulary_get_cls_id (wen_tokenizer_get_vocabulary (self->set->tokenizer));
  for (guint i = 0; i < ids->len && n_written < max_tokens; i++)
    {
      written[n_written++] = g_array_index (ids, guint32, i);
      if (i != places.next)
        continue;
      wen_random_places_advance (&places);
      if (n_written < max_tokens)
        written[n_written++] = g_array_index (ids, guint32, i);
    }
  return n_written;
}

/* Writes one text, changed or not.  Returns how many tokens it has now. */
static guint
write_text (WenAugmentation *self,
            Scratch         *scratch,
            gsize            text,
            gboolean         may_change,
            guint32         *written)
{
  const WenBatch *texts = &self->set->train;
  const guint32 *unchanged = &texts->token_ids[texts->offsets[text]];
  guint n_unchanged = texts->offsets[text + 1] - texts->offsets[text];
  guint64 seed = get_text_seed (self, self->epoch, text);
  GArray *ids = scratch->ids;

  if (!may_change || n_unchanged < 2 || !is_chosen (self, seed))
    {
      memcpy (written, unchanged, n_unchanged * sizeof *written);
      return n_unchanged;
    }

  g_array_set_size (ids, 0);
  if (self->set->cleaned == NULL
      || !change_characters (self, scratch, seed, g_ptr_array_index (self->set->cleaned, text)))
    g_array_append_vals (ids, unchanged + 1, n_unchanged - 1);
  crop (self, ids, seed);
  if (self->neighbours != NULL)
    replace_by_neighbours (self, ids, seed);
  mask (self, ids, seed);
  delete (self, ids, seed);
  swap (self, ids, seed);
  return repeat (self, ids, seed, written, wen_augmentation_get_max_tokens (self, n_unchanged));
}

static gboolean
has_to_end (WenAugmentation *self)
{
  return (self->stops != NULL && g_atomic_int_get (self->stops)) || g_cancellable_is_cancelled (self->cancellable);
}

static void
write_blocks (guint    worker,
              gpointer data)
{
  WenAugmentation *self = data;
  gsize n_texts = self->set->train.n_texts;
  gsize block;

  while ((block = (gsize) g_atomic_int_add (&self->next_block, 1)) < self->n_blocks)
    {
      guint32 *written = &self->token_ids[self->block_places[block]];
      gsize last = MIN ((block + 1) * BLOCK_TEXTS, n_texts);
      guint32 n_written = 0;
      /* Else nothing is learned from the texts, and they are not worth the wait. */
      gboolean may_change = !has_to_end (self);

      for (gsize text = block * BLOCK_TEXTS; text < last; text++)
        {
          n_written += write_text (self, &self->scratches[worker], text, may_change, &written[n_written]);
          self->offsets[text + 1] = n_written;
        }
    }
}

/* Moves the blocks together.  Returns the number of tokens. */
static gsize
pack_blocks (WenAugmentation *self)
{
  gsize n_texts = self->set->train.n_texts;
  guint32 n_tokens = 0;

  for (gsize block = 0; block < self->n_blocks; block++)
    {
      gsize last = MIN ((block + 1) * BLOCK_TEXTS, n_texts);
      guint32 n_written = self->offsets[last];

      memmove (&self->token_ids[n_tokens], &self->token_ids[self->block_places[block]],
               n_written * sizeof *self->token_ids);
      for (gsize text = block * BLOCK_TEXTS; text < last; text++)
        self->offsets[text + 1] += n_tokens;
      n_tokens += n_written;
    }
  return n_tokens;
}

/* The texts of an epoch (from 1), until the next call.  When the run is to end,
 * the rest of them comes at once, unchanged. */
WenBatch
wen_augmentation_get_texts (WenAugmentation *self,
                            guint            epoch)
{
  WenBatch texts = self->set->train;

  self->epoch = epoch;
  self->next_block = 0;
  wen_worker_pool_run (self->pool, write_blocks, self);
  texts.n_tokens = pack_blocks (self);
  texts.token_ids = self->token_ids;
  texts.offsets = self->offsets;
  return texts;
}

/* Finds where each block may write, and makes room for the longest texts possible. */
static void
make_room (WenAugmentation *self)
{
  const WenBatch *texts = &self->set->train;
  gsize n_tokens = 0;

  self->n_blocks = (texts->n_texts + BLOCK_TEXTS - 1) / BLOCK_TEXTS;
  self->block_places = g_new (gsize, MAX (1, self->n_blocks));
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      if (text % BLOCK_TEXTS == 0)
        self->block_places[text / BLOCK_TEXTS] = n_tokens;
      n_tokens += wen_augmentation_get_max_tokens (self, texts->offsets[text + 1] - texts->offsets[text]);
    }
  self->token_ids = g_new (guint32, MAX (1, n_tokens));
  self->offsets = g_new0 (guint32, texts->n_texts + 1);
}

static void
make_scratches (WenAugmentation *self)
{
  guint n_workers = wen_worker_pool_get_n_workers (self->pool);

  self->scratches = g_new (Scratch, n_workers);
  for (guint i = 0; i < n_workers; i++)
    self->scratches[i] = (Scratch) {
      .text = g_string_new (NULL),
      .tokens = g_array_new (FALSE, FALSE, sizeof (WenToken)),
      .ids = g_array_new (FALSE, FALSE, sizeof (guint32)),
    };
}

/* A full-width mark that cleaning never leaves in a text would only be unknown. */
static gboolean
is_cleaned_to_half_width (WenCleaner *cleaner)
{
  g_autofree char *cleaned = wen_cleaner_clean (cleaner, FULL_WIDTH_MARK);

  return !g_str_equal (cleaned, FULL_WIDTH_MARK);
}

static gboolean
changes_nothing (const WenRecipe         *recipe,
                 const WenCharacterNoise *noise)
{
  return recipe->augmented_texts <= 0
         || (wen_character_noise_is_off (noise) && recipe->delete_tokens <= 0 && recipe->swap_tokens <= 0
             && recipe->repeat_tokens <= 0 && recipe->mask_tokens <= 0 && recipe->synonyms <= 0 && recipe->crop <= 0);
}

/* recipe, set, pool, stops (nullable) and cancellable (nullable) have to stay as long
 * as it.  (transfer full) (nullable): NULL where nothing is changed */
WenAugmentation *
wen_augmentation_new (const WenRecipe      *recipe,
                      const WenTrainingSet *set,
                      WenWorkerPool        *pool,
                      const gint           *stops,
                      GCancellable         *cancellable)
{
  WenCharacterNoise noise = wen_character_noise_of_recipe (recipe);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (set->tokenizer);
  WenAugmentation *self;

  if (changes_nothing (recipe, &noise))
    return NULL;

  self = g_new0 (WenAugmentation, 1);
  self->recipe = recipe;
  self->set = set;
  self->pool = pool;
  self->stops = stops;
  self->cancellable = cancellable;
  self->hook = (WenModelAugmentation) { .get_texts = get_texts, .max_tokens = get_max_tokens, .user_data = self };
  self->noise = noise;
  self->noise.half_marks = is_cleaned_to_half_width (set->cleaner);
  self->mask_id = wen_vocabulary_lookup (vocabulary, MASK_TOKEN, -1);
  if (recipe->synonyms > 0)
    self->neighbours = wen_token_neighbours_new (&set->train, vocabulary, pool, cancellable);
  make_scratches (self);
  make_room (self);
  return self;
}

void
wen_augmentation_free (WenAugmentation *self)
{
  guint n_workers = wen_worker_pool_get_n_workers (self->pool);

  for (guint i = 0; i < n_workers; i++)
    {
      g_string_free (self->scratches[i].text, TRUE);
      g_array_unref (self->scratches[i].tokens);
      g_array_unref (self->scratches[i].ids);
    }
  g_free (self->scratches);
  g_clear_pointer (&self->neighbours, wen_token_neighbours_free);
  g_free (self->block_places);
  g_free (self->token_ids);
  g_free (self->offsets);
  g_free (self);
}

const WenModelAugmentation *
wen_augmentation_get_hook (WenAugmentation *self)
{
  return &self->hook;
}
