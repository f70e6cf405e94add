/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Changes a few characters of a text, as people type them otherwise.
 *
 * DESIGN: one pass over the text.  For each kind of change the places where it may
 * happen are numbered as they come by, and wen-random-places says at which numbers it
 * does: so each kind has the share that was asked for, whatever the others do. */

#include "config.h"

#include "wen-character-noise-private.h"

#include "wen-character-groups-private.h"
#include "wen-random-places-private.h"
#include "wen-random-private.h"

/* Between a full-width form and its half-width one. */
#define WIDTH_DISTANCE 0xFEE0

typedef enum
{
  CHANGE_WIDTH,
  CHANGE_PUNCTUATION,
  CHANGE_HOMOPHONE,
  CHANGE_LOOK_ALIKE,
  N_CHANGES,
} Change;

/* One kind of change on its way through a text. */
typedef struct
{
  WenRandomPlaces places;
  gsize           n_passed; /* places so far where it might have happened */
} Walk;

typedef struct
{
  guint64  seed;
  gboolean half_marks;
  GString *result;
  Walk     walks[N_CHANGES];
} Pass;

/* Marks that people type for one another, by what they stand behind. */
static const gunichar chinese_marks[] = { 0xFF0C, 0x3002, 0xFF01, 0xFF1F, 0x3001, 0xFF1B };
static const gunichar western_marks[] = { ',', '.', '!', '?', ';', ':' };

/* What a change needs random numbers for: where it happens, what comes of it, and
 * whether a mark goes. */
static guint64
get_stream (Change change,
            guint  use)
{
  return 3 * (guint64) change + use;
}

/* Whether the change happens at the place that is now passed. */
static gboolean
happens (Pass   *pass,
         Change  change)
{
  Walk *walk = &pass->walks[change];

  if (walk->places.next != walk->n_passed++)
    return FALSE;
  wen_random_places_advance (&walk->places);
  return TRUE;
}

/* At a place where the change happens. */
static guint
choose (Pass   *pass,
        Change  change,
        guint   n)
{
  return wen_random_below (pass->seed, get_stream (change, 1), pass->walks[change].n_passed, n);
}

static gunichar
replace_by_table (Pass              *pass,
                  Change             change,
                  WenCharacterTable  table,
                  gunichar           c)
{
  const gunichar *others;
  guint n_others;

  if (pass->walks[change].places.next == WEN_NO_PLACE)
    return c;
  others = wen_character_groups_find (table, c, &n_others);
  return others != NULL && happens (pass, change) ? others[choose (pass, change, n_others)] : c;
}

static gunichar
change_width (Pass     *pass,
              gunichar  c)
{
  if (c >= '!' && c <= '~' && happens (pass, CHANGE_WIDTH))
    return c + WIDTH_DISTANCE;
  if (c >= '!' + WIDTH_DISTANCE && c <= '~' + WIDTH_DISTANCE && happens (pass, CHANGE_WIDTH))
    return c - WIDTH_DISTANCE;
  return c;
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* Whether a word, or one that is written without spaces, ends between both. */
static gboolean
ends_word (gunichar c,
           gunichar next)
{
  return is_word (c) && !g_unichar_ispunct (next) && (!is_word (next) || g_unichar_iswide (c) || g_unichar_iswide (next));
}

static gunichar
get_mark (Pass     *pass,
          gunichar  mark)
{
  return pass->half_marks && mark > WIDTH_DISTANCE ? mark - WIDTH_DISTANCE : mark;
}

/* Another mark than c; any one where c is none. */
static gunichar
choose_mark (Pass     *pass,
             gunichar  c,
             gboolean  is_wide)
{
  const gunichar *marks = is_wide ? chinese_marks : western_marks;
  guint n_marks = is_wide ? G_N_ELEMENTS (chinese_marks) : G_N_ELEMENTS (western_marks);
  guint first = choose (pass, CHANGE_PUNCTUATION, n_marks);

  return get_mark (pass, marks[first]) != c ? get_mark (pass, marks[first])
                                            : get_mark (pass, marks[(first + 1) % n_marks]);
}

static gboolean
goes (Pass *pass)
{
  return wen_random_below (pass->seed, get_stream (CHANGE_PUNCTUATION, 2), pass->walks[CHANGE_PUNCTUATION].n_passed, 2);
}

static void
add_character (Pass     *pass,
               gunichar  c,
               gunichar  next)
{
  if (g_unichar_ispunct (c))
    {
      if (happens (pass, CHANGE_PUNCTUATION))
        c = goes (pass) ? 0 : choose_mark (pass, c, g_unichar_iswide (c));
      if (c != 0)
        g_string_append_unichar (pass->result, change_width (pass, c));
      return;
    }
  c = replace_by_table (pass, CHANGE_HOMOPHONE, WEN_HOMOPHONES, c);
  c = replace_by_table (pass, CHANGE_LOOK_ALIKE, WEN_LOOK_ALIKES, c);
  g_string_append_unichar (pass->result, change_width (pass, c));
  if (ends_word (c, next) && happens (pass, CHANGE_PUNCTUATION))
    g_string_append_unichar (pass->result, choose_mark (pass, 0, g_unichar_iswide (c)));
}

WenCharacterNoise
wen_character_noise_of_recipe (const WenRecipe *recipe)
{
  if (recipe->augmented_texts <= 0)
    return (WenCharacterNoise) { 0 };
  return (WenCharacterNoise) {
    .width = recipe->width_noise,
    .punctuation = recipe->punctuation_noise,
    .homophones = recipe->homophones,
    .look_alikes = recipe->look_alikes,
  };
}

gboolean
wen_character_noise_is_off (const WenCharacterNoise *self)
{
  return self->width <= 0 && self->punctuation <= 0 && self->homophones <= 0 && self->look_alikes <= 0;
}

/* Writes the text with its changes.  The same seed changes the same text in the same
 * way.  Any thread may call it.  result: is cleared first */
void
wen_character_noise_add (const WenCharacterNoise *self,
                         const char              *text,
                         guint64                  seed,
                         GString                 *result)
{
  const double shares[N_CHANGES] = {
    [CHANGE_WIDTH] = self->width,
    [CHANGE_PUNCTUATION] = self->punctuation,
    [CHANGE_HOMOPHONE] = self->homophones,
    [CHANGE_LOOK_ALIKE] = self->look_alikes,
  };
  Pass pass = { .seed = seed, .half_marks = self->half_marks, .result = result };

  for (guint i = 0; i < N_CHANGES; i++)
    wen_random_places_begin (&pass.walks[i].places, seed, get_stream (i, 0), shares[i]);
  g_string_truncate (result, 0);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    add_character (&pass, g_utf8_get_char (p), g_utf8_get_char (g_utf8_next_char (p)));
}
