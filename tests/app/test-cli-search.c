/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli search and learning-curve. */

#include "config.h"

#include "cli-testing.h"

#define QUICK "--families", "bayes,linear", "--set", "training.threads=1"

static void
write_rows (Fixture *fixture)
{
  g_autoptr(GString) rows = g_string_new ("text,label\n");

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (rows, "%s %c%c%c number %u,%s\n", i % 7 == 0 ? "odd" : i % 2 ? "good" : "bad", 'a' + i % 26,
                            'a' + i / 3 % 26, 'a' + i * 5 % 26, i * 7919, i % 2 ? "plus" : "minus");
  write_file (fixture, "rows.csv", rows->str);
}

/* The best recipe is one that trains, and the same command says the same again. */
static void
test_search (Fixture      *fixture,
             gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_auto(Result) again = { 0 };
  g_auto(Result) trained = { 0 };
  g_autofree char *recipe = NULL;
  g_autofree char *same = NULL;
  g_autoptr(JsonObject) object = NULL;
  JsonArray *trials;

  write_rows (fixture);
  result = RUN (fixture, "search", "rows.csv", "--trials", "5", "-o", "best.json", "--json", QUICK);
  assert_done (&result);
  object = parse (&result);
  trials = json_object_get_array_member (object, "trials");
  g_assert_cmpuint (json_array_get_length (trials), ==, 5);
  g_assert_cmpint (json_object_get_int_member (object, "best"), >=, 1);
  g_assert_cmpint (json_object_get_int_member (object, "folds"), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      JsonObject *trial = json_array_get_object_element (trials, i);

      g_assert_cmpint (json_object_get_int_member (trial, "trial"), ==, i + 1);
      g_assert_cmpfloat (json_object_get_double_member (trial, "accuracy"), ==,
                         json_object_get_double_member (trial, "score"));
      g_assert_nonnull (json_object_get_object_member (trial, "recipe"));
    }
  g_assert_true (json_object_get_boolean_member (json_array_get_object_element (trials, 0), "is_preset"));

  trained = RUN (fixture, "train", "rows.csv", "-o", "model", "--recipe", "best.json");
  assert_done (&trained);
  recipe = read_file (fixture, "best.json");
  again = RUN (fixture, "search", "rows.csv", "--trials", "5", "-o", "best.json", "--journal", "j", QUICK);
  assert_done (&again);
  same = read_file (fixture, "best.json");
  g_assert_cmpstr (recipe, ==, same);
  g_assert_nonnull (strstr (again.out, "preset linear"));
  g_assert_nonnull (strstr (again.out, "cross-validation with 5 folds"));
  g_assert_nonnull (strstr (again.err, "Trial 1 (bayes)"));
}

/* What the journal has is not done again, and more is done where more is asked for. */
static void
test_journal (Fixture      *fixture,
              gconstpointer data)
{
  g_auto(Result) first = { 0 };
  g_auto(Result) second = { 0 };
  g_auto(Result) other = { 0 };
  g_autofree char *short_journal = NULL;
  g_autofree char *long_journal = NULL;

  write_rows (fixture);
  first = RUN (fixture, "search", "rows.csv", "--trials", "3", "--journal", "j", QUICK);
  assert_done (&first);
  short_journal = read_file (fixture, "j");
  second = RUN (fixture, "search", "rows.csv", "--trials", "5", "--journal", "j", QUICK);
  assert_done (&second);
  long_journal = read_file (fixture, "j");
  g_assert_true (g_str_has_prefix (long_journal, short_journal));
  g_assert_cmpuint (strlen (long_journal), >, strlen (short_journal));
  other = RUN (fixture, "search", "rows.csv", "--trials", "3", "--journal", "j", "--goal", "macro-f1", QUICK);
  g_assert_cmpint (other.status, ==, 1);
  g_assert_nonnull (strstr (other.err, "other settings"));
}

/* Ctrl-C after the first figure, in a search that has no other end than an hour. */
static void
test_interrupt (Fixture      *fixture,
                gconstpointer data)
{
  const char * const arguments[] = { "search", "rows.csv", "--budget", "1h", "--journal", "j", "-o", "best.json",
                                     "--families", "bayes,transformer", "--set", "training.threads=1", "--json", NULL };
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *journal = get_path (fixture, "j");
  g_auto(Result) result = { 0 };
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *recipe = NULL;

  write_rows (fixture);
  process = spawn (fixture, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, arguments);
  while (!g_file_test (journal, G_FILE_TEST_EXISTS))
    g_usleep (10 * 1000);
  g_subprocess_send_signal (process, SIGINT);
  result = finish (process, NULL);
  assert_done (&result);
  g_assert_nonnull (strstr (result.err, "Stopping"));
  object = parse (&result);
  g_assert_true (json_object_get_boolean_member (object, "stopped"));
  recipe = read_file (fixture, "best.json");
  g_assert_nonnull (strstr (recipe, "bayes"));
}

static void
test_wrong_search (Fixture      *fixture,
                   gconstpointer data)
{
  g_auto(Result) budget = RUN (fixture, "search", "nothing.csv", "--budget", "soon");
  g_auto(Result) trials = RUN (fixture, "search", "nothing.csv", "--trials", "0");
  g_auto(Result) goal = RUN (fixture, "search", "nothing.csv", "--goal", "beauty");
  g_auto(Result) largest = RUN (fixture, "search", "nothing.csv", "--largest", "huge");
  g_auto(Result) family = RUN (fixture, "search", "table.csv", "--families", "forest", "--trials", "1");
  g_auto(Result) label = RUN (fixture, "search", "table.csv", "--goal", "f1:中评", "--trials", "1");

  assert_told (&budget, 2, "--budget");
  assert_told (&trials, 2, "--trials");
  assert_told (&goal, 2, "--goal");
  assert_told (&largest, 2, "--largest");
  assert_told (&family, 1, "forest");
  assert_told (&label, 1, "中评");
}

static void
test_learning_curve (Fixture      *fixture,
                     gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_auto(Result) shown = { 0 };
  g_auto(Result) few = { 0 };
  g_auto(Result) wrong = { 0 };
  g_autoptr(JsonObject) object = NULL;
  JsonArray *points;
  double share = 0;

  write_rows (fixture);
  result = RUN (fixture, "learning-curve", "rows.csv", "--preset", "bayes", "--repeats", "2", "--json");
  assert_done (&result);
  object = parse (&result);
  points = json_object_get_array_member (object, "points");
  g_assert_cmpuint (json_array_get_length (points), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      JsonObject *point = json_array_get_object_element (points, i);
      JsonArray *interval = json_object_get_array_member (point, "accuracy_interval");
      double accuracy = json_object_get_double_member (point, "accuracy");

      g_assert_cmpfloat (json_object_get_double_member (point, "share"), >, share);
      share = json_object_get_double_member (point, "share");
      g_assert_cmpfloat (json_array_get_double_element (interval, 0), <=, accuracy);
      g_assert_cmpfloat (json_array_get_double_element (interval, 1), >=, accuracy);
    }
  g_assert_cmpfloat (share, ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "labels")), ==, 2);
  g_assert_nonnull (json_object_get_string_member (object, "verdict"));

  shown = RUN (fixture, "learning-curve", "rows.csv", "--preset", "bayes", "--repeats", "1");
  assert_done (&shown);
  g_assert_nonnull (strstr (shown.out, "twice"));
  g_assert_nonnull (strstr (shown.out, "minus"));

  write_table (fixture, "few.csv", 20);
  few = RUN (fixture, "learning-curve", "few.csv");
  assert_told (&few, 1, "too few rows");
  wrong = RUN (fixture, "learning-curve", "rows.csv", "--repeats", "0");
  assert_told (&wrong, 2, "--repeats");
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);

  ADD ("search", test_search);
  ADD ("search/journal", test_journal);
  ADD ("search/interrupt", test_interrupt);
  ADD ("search/wrong", test_wrong_search);
  ADD ("learning-curve", test_learning_curve);

  status = g_test_run ();
  g_free (program);
  return status;
}
