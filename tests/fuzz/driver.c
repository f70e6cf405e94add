/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs a fuzz target without libFuzzer: a few inputs of its own, the files that it is
 * given, and random mutations of all of these for some time.
 *
 * usage: fuzz-NAME [SECONDS [SEED [FILE...]]]
 *
 * Prints TAP.  With WENLEI_FUZZ_KEEP set, each input is first written to the file
 * fuzz-crash; after a crash, give it as FILE with 0 seconds. */

#include "config.h"

#include "fuzz.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_INPUT (256 * 1024)

static void
run (GByteArray *input)
{
  g_autofree guint8 *exact = g_memdup2 (input->data, input->len); /* a look beyond the end shows */

  LLVMFuzzerTestOneInput (exact, input->len);
}

static void
insert (GByteArray *input,
        guint       place,
        const void *bytes,
        guint       n_bytes)
{
  guint n_after = input->len - place;

  if (n_bytes == 0)
    return;
  g_byte_array_set_size (input, input->len + n_bytes);
  if (n_after > 0)
    memmove (input->data + place + n_bytes, input->data + place, n_after);
  memcpy (input->data + place, bytes, n_bytes);
}

static void
mutate (GByteArray *input,
        GRand      *random)
{
  guint place = (guint) g_rand_int_range (random, 0, (gint32) input->len + 1);
  guint n_left = input->len - place;
  guint n = n_left > 0 ? (guint) g_rand_int_range (random, 0, (gint32) MIN (n_left, 64) + 1) : 0;
  const char *sign = fuzz_signs[g_rand_int_range (random, 0, (gint32) g_strv_length ((char **) fuzz_signs))];
  g_autofree guint8 *copy = NULL;

  switch (g_rand_int_range (random, 0, 6))
    {
    case 0:
      insert (input, place, sign, (guint) strlen (sign));
      break;
    case 1:
      insert (input, place, "", 1); /* a NUL byte */
      break;
    case 2:
      if (n_left > 0)
        input->data[place] = (guint8) g_rand_int_range (random, 0, 256);
      break;
    case 3:
      if (n > 0)
        g_byte_array_remove_range (input, place, n);
      break;
    case 4:
      copy = g_memdup2 (input->data + place, n);
      insert (input, (guint) g_rand_int_range (random, 0, (gint32) input->len + 1), copy, n);
      break;
    default:
      copy = g_memdup2 (input->data, input->len);
      if (input->len < LONGEST_INPUT / 2 && g_rand_int_range (random, 0, 8) == 0)
        insert (input, place, copy, input->len);
      break;
    }
}

static GPtrArray *
load_corpus (char **paths)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  for (gsize i = 0; fuzz_inputs[i] != NULL; i++)
    g_ptr_array_add (corpus, g_byte_array_append (g_byte_array_new (), (const guint8 *) fuzz_inputs[i],
                                                  (guint) strlen (fuzz_inputs[i])));
  for (; *paths != NULL; paths++)
    {
      g_autofree char *contents = NULL;
      GByteArray *input = g_byte_array_new ();
      gsize n_bytes;

      if (!g_file_get_contents (*paths, &contents, &n_bytes, NULL))
        g_error ("%s cannot be read", *paths);
      g_byte_array_append (input, (const guint8 *) contents, (guint) n_bytes);
      g_ptr_array_add (corpus, input);
    }
  return corpus;
}

int
main (int    argc,
      char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 2;
  guint32 seed = argc > 2 ? (guint32) strtoul (argv[2], NULL, 10) : 42;
  g_autoptr (GPtrArray) corpus = load_corpus (argc > 3 ? argv + 3 : argv + argc);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gint64 end_us = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  guint n_inputs = 0;

  for (guint i = 0; i < corpus->len; i++)
    run (g_ptr_array_index (corpus, i));
  g_print ("1..2\nok 1 %u inputs\n", corpus->len);
  while (g_get_monotonic_time () < end_us)
    {
      const GByteArray *model = g_ptr_array_index (corpus, g_rand_int_range (random, 0, (gint32) corpus->len));
      g_autoptr (GByteArray) input = g_byte_array_append (g_byte_array_new (), model->data, model->len);
      guint n_mutations = (guint) g_rand_int_range (random, 1, 12);

      for (guint i = 0; i < n_mutations; i++)
        mutate (input, random);
      if (g_getenv ("WENLEI_FUZZ_KEEP") != NULL)
        g_file_set_contents ("fuzz-crash", (const char *) input->data, input->len, NULL);
      run (input);
      n_inputs++;
    }
  g_print ("ok 2 %u mutations, seed %u\n", n_inputs, seed);
  return 0;
}
