/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli clean and tokenize. */

#include "config.h"

#include "cli-testing.h"

static const char table[] = "id,text,label\n1,很<b>好</b> 13812345678,a\n2,不好吃！！！,b\n3,x,a\n4,\"good, 2 you\",b\n";

static void
test_clean (Fixture      *fixture,
            gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_autofree char *written = NULL;
  g_autoptr(JsonObject) object = NULL;
  JsonArray *steps;

  write_file (fixture, "texts.csv", table);
  result = RUN (fixture, "clean", "texts.csv", "--text", "text", "-o", "clean.csv", "--json", "--set",
                "cleaning=html,repeats?keep=1,personal-data,digits?become=zero,length?minimum=2");
  assert_done (&result);
  written = read_file (fixture, "clean.csv");
  g_assert_cmpstr (written, ==, "id,text,label\n1,很好 ***,a\n2,不好吃！,b\n4,\"god, 0 you\",b\n");

  object = parse (&result);
  g_assert_cmpint (json_object_get_int_member (object, "rows"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (object, "rows_left_out"), ==, 1);
  steps = json_object_get_array_member (object, "steps");
  g_assert_cmpuint (json_array_get_length (steps), ==, 5);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (steps, 0), "rows_changed"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (steps, 3), "step"), ==,
                   "digits?become=zero");
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (steps, 3), "rows_changed"), ==, 1);
}

static void
test_clean_to_standard_output (Fixture      *fixture,
                               gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_auto(Result) both = { 0 };

  write_file (fixture, "texts.csv", table);
  result = RUN (fixture, "clean", "texts.csv", "--text", "text", "-o", "-", "--set", "cleaning=html");
  assert_done (&result);
  g_assert_true (g_str_has_prefix (result.out, "id,text,label\n1,很好 13812345678,a\n"));
  both = RUN (fixture, "clean", "texts.csv", "--text", "text", "-o", "-", "--json");
  assert_told (&both, 2, "JSON");
}

/* What is wrong is told by name before anything is read. */
static void
test_wrong_cleaning (Fixture      *fixture,
                     gconstpointer data)
{
  g_auto(Result) step = RUN (fixture, "clean", "nothing.csv", "--set", "cleaning=polish");
  g_auto(Result) setting = RUN (fixture, "tokenize", "nothing.csv", "--set", "cleaning=digits?becom=zero");
  g_auto(Result) value = RUN (fixture, "train", "nothing.csv", "-o", "m", "--set", "cleaning=repeats?keep=1000");
  g_auto(Result) pattern = RUN (fixture, "clean", "nothing.csv", "--set", "cleaning=pattern?find=(&as=pattern");
  g_auto(Result) file = { 0 };

  assert_told (&step, 2, "polish");
  assert_told (&setting, 2, "becom");
  assert_told (&value, 2, "repeats.keep");
  assert_told (&pattern, 2, "(");

  write_file (fixture, "recipe.json", "{\"cleaning\": [{\"step\": \"digits\", \"beecome\": \"zero\"}]}");
  file = RUN (fixture, "clean", "nothing.csv", "--recipe", "recipe.json");
  assert_told (&file, 2, "beecome");
}

/* Offsets select in the text as typed what a token came from. */
static void
test_tokenize (Fixture      *fixture,
               gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_autofree char *written = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonObject) figures = NULL;
  JsonObject *object;
  JsonArray *tokens, *offsets;
  static const char typed[] = "很<b>好</b> 13812345678";
  static const char *const expected[] = { "很", "好", " ", "13812345678", "13812345678", "13812345678" };

  write_file (fixture, "texts.csv", table);
  result = RUN (fixture, "tokenize", "texts.csv", "--text", "text", "--label", "label", "-o", "tokens.jsonl", "--json",
                "--vocabulary", "vocab.txt", "--set", "cleaning=html,personal-data", "--set", "tokens.minimum_count=1",
                "--set", "split.test_share=0", "--set", "split.validation_share=0");
  assert_done (&result);
  figures = parse (&result);
  g_assert_cmpint (json_object_get_int_member (figures, "rows"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (figures, "tokens_unknown"), ==, 0);

  written = read_file (fixture, "tokens.jsonl");
  lines = g_strsplit (written, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  node = json_from_string (lines[0], NULL);
  object = json_node_get_object (node);
  tokens = json_object_get_array_member (object, "tokens");
  offsets = json_object_get_array_member (object, "offsets");
  g_assert_cmpuint (json_array_get_length (tokens), ==, 1 + G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      JsonArray *offset = json_array_get_array_element (offsets, i + 1);
      gint64 begin = json_array_get_int_element (offset, 0);
      gint64 end = json_array_get_int_element (offset, 1);
      g_autofree char *piece = g_strndup (typed + begin, (gsize) (end - begin));

      g_assert_cmpstr (piece, ==, expected[i]);
    }
  {
    g_autofree char *vocabulary = read_file (fixture, "vocab.txt");
    g_auto(GStrv) names = g_strsplit (g_strchomp (vocabulary), "\n", -1);

    g_assert_true (g_str_has_prefix (vocabulary, "[PAD]\n[UNK]\n[CLS]\n"));
    g_assert_cmpint (json_object_get_int_member (figures, "vocabulary"), ==,
                     g_strv_length (names));
  }
}

/* Each row is predicted once, and the figures are those of the file. */
static void
test_cross_validate (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(GString) rows = g_string_new ("text,label\n");
  g_auto(Result) result = { 0 };
  g_auto(Result) few = { 0 };
  g_auto(Result) wrong = { 0 };
  g_autofree char *written = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(JsonObject) object = NULL;
  guint n_right = 0;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (rows, "%s number %u of %c%c%c,%s\n", i % 2 ? "good" : "bad", i * 7919, 'a' + i % 26,
                            'a' + i / 3 % 26, 'a' + i * 5 % 26, i % 2 ? "plus" : "minus");
  write_file (fixture, "texts.csv", rows->str);
  result = RUN (fixture, "cross-validate", "texts.csv", "--folds", "4", "--preset", "bayes", "-o", "rows.csv", "--json");
  assert_done (&result);
  object = parse (&result);
  g_assert_cmpint (json_object_get_int_member (object, "rows"), ==, 60);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "accuracies")), ==, 4);
  written = read_file (fixture, "rows.csv");
  lines = g_strsplit (g_strchomp (written), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 61);
  for (guint i = 1; i <= 60; i++)
    {
      g_auto(GStrv) fields = g_strsplit (lines[i], ",", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 6);
      n_right += g_str_equal (fields[2], fields[3]);
    }
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "accuracy_mean"), n_right / 60.0, 0.02);

  few = RUN (fixture, "cross-validate", "texts.csv", "--folds", "40");
  assert_told (&few, 1, "40 folds");
  wrong = RUN (fixture, "cross-validate", "texts.csv", "--folds", "1");
  assert_told (&wrong, 2, "--folds");
}

/* Pairs before and after, the same in each run; what changes nothing is told. */
static void
test_augment (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GString) rows = g_string_new ("text,label\n");
  g_auto(Result) result = { 0 };
  g_auto(Result) again = { 0 };
  g_auto(Result) people = { 0 };
  g_auto(Result) nothing = { 0 };
  g_auto(Result) range = { 0 };
  g_auto(Result) epoch = { 0 };
  g_autoptr(JsonObject) object = NULL;
  JsonArray *examples;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (rows, "%s number %u,%s\n", i % 2 ? "good" : "bad", 10000 + i * 7919, i % 2 ? "plus" : "minus");
  write_file (fixture, "texts.csv", rows->str);
#define SETTINGS "--preset", "small", "--set", "augmentation.texts=1", "--set", "augmentation.delete=0.3"
  result = RUN (fixture, "augment", "texts.csv", SETTINGS, "-n", "4", "--epoch", "2", "--json");
  assert_done (&result);
  again = RUN (fixture, "augment", "texts.csv", SETTINGS, "-n", "4", "--epoch", "2", "--json");
  g_assert_cmpstr (result.out, ==, again.out);
  object = parse (&result);
  g_assert_cmpint (json_object_get_int_member (object, "epoch"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "texts"), <, 60);
  g_assert_cmpint (json_object_get_int_member (object, "tokens_after"), <,
                   json_object_get_int_member (object, "tokens_before"));
  examples = json_object_get_array_member (object, "examples");
  g_assert_cmpuint (json_array_get_length (examples), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      JsonObject *example = json_array_get_object_element (examples, i);

      g_assert_cmpuint (strlen (json_object_get_string_member (example, "after")), <,
                        strlen (json_object_get_string_member (example, "before")));
    }

  people = RUN (fixture, "augment", "texts.csv", SETTINGS, "-n", "1");
  assert_done (&people);
  g_assert_nonnull (strstr (people.out, "\n- "));
  g_assert_nonnull (strstr (people.out, "\n+ "));
  nothing = RUN (fixture, "augment", "texts.csv", "--preset", "small");
  assert_done (&nothing);
  g_assert_nonnull (strstr (nothing.err, "augmentation.texts"));
  range = RUN (fixture, "augment", "texts.csv", SETTINGS, "--set", "augmentation.swap=2");
  assert_told (&range, 2, "augmentation.swap");
  epoch = RUN (fixture, "augment", "texts.csv", SETTINGS, "--epoch", "0");
  assert_told (&epoch, 2, "1");
#undef SETTINGS
}

/* Numbers of people that would go out with the vocabulary are told. */
static void
test_personal_vocabulary (Fixture      *fixture,
                          gconstpointer data)
{
  g_auto(Result) told = { 0 };
  g_auto(Result) hidden = { 0 };
  g_autoptr(JsonObject) object = NULL;

  write_file (fixture, "texts.csv",
              "text,label\ncall 13812345678,a\nfine day,b\ncall 13812345678,a\nfine tea,b\ncall me,a\ngood day,b\n");
  told = RUN (fixture, "train", "texts.csv", "-o", "model", "--json", "--preset", "linear", "--set",
              "tokens.tokenizer=word", "--set", "tokens.minimum_count=1", "--set", "split.test_share=0", "--set",
              "split.validation_share=0");
  assert_done (&told);
  g_assert_nonnull (strstr (told.err, "13812345678"));
  object = parse (&told);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "warnings")), >, 0);
  hidden = RUN (fixture, "train", "texts.csv", "-o", "model", "--json", "--preset", "linear", "--set",
                "tokens.tokenizer=word", "--set", "tokens.minimum_count=1", "--set", "split.test_share=0", "--set",
                "split.validation_share=0", "--set", "cleaning=personal-data");
  assert_done (&hidden);
  g_assert_null (strstr (hidden.err, "13812345678"));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);

  ADD ("clean", test_clean);
  ADD ("clean-to-standard-output", test_clean_to_standard_output);
  ADD ("wrong-cleaning", test_wrong_cleaning);
  ADD ("tokenize", test_tokenize);
  ADD ("cross-validate", test_cross_validate);
  ADD ("augment", test_augment);
  ADD ("personal-vocabulary", test_personal_vocabulary);

  status = g_test_run ();
  g_free (program);
  return status;
}
