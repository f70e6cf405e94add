/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli as scripts and people use it: run as a program, judged by its exit
 * status and by what it writes. */

#include "config.h"

#include "cli-testing.h"

static void
test_usage (Fixture      *fixture,
            gconstpointer data)
{
  static const char * const commands[] = { "inspect", "train", "evaluate", "predict", "demo" };
  g_auto(Result) help = RUN (fixture, "--help");
  g_auto(Result) version = RUN (fixture, "--version");
  g_auto(Result) nothing = run_with_input (fixture, "", (const char * const[]) { NULL });
  g_auto(Result) unknown = RUN (fixture, "foretell");
  g_auto(Result) no_file = RUN (fixture, "inspect");
  g_auto(Result) no_output = RUN (fixture, "train", "table.csv");
  g_auto(Result) extra = RUN (fixture, "inspect", "table.csv", "test.csv");
  g_auto(Result) option = RUN (fixture, "train", "table.csv", "-o", "model", "--epochs", "3");
  g_auto(Result) preset = RUN (fixture, "train", "table.csv", "-o", "model", "--preset", "huge");
  g_auto(Result) setting = RUN (fixture, "train", "table.csv", "-o", "model", "--set", "model.width=3");
  g_auto(Result) value = RUN (fixture, "train", "table.csv", "-o", "model", "--set", "training.epochs=0");
  g_auto(Result) no_value = RUN (fixture, "train", "table.csv", "-o", "model", "--set", "training.epochs");

  assert_done (&help);
  assert_done (&version);
  g_assert_cmpstr (version.out, ==, "wenlei-cli " WENLEI_VERSION "\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto(Result) command_help = RUN (fixture, commands[i], "--help");

      assert_done (&command_help);
      g_assert_nonnull (strstr (help.out, commands[i]));
      g_assert_nonnull (strstr (command_help.out, commands[i]));
      g_assert_cmpstr (command_help.err, ==, "");
    }
  assert_told (&nothing, 2, "--help");
  assert_told (&unknown, 2, "foretell");
  assert_told (&no_file, 2, "FILE");
  assert_told (&no_output, 2, "-o");
  assert_told (&extra, 2, "test.csv");
  assert_told (&option, 2, "--epochs");
  assert_told (&preset, 2, "huge");
  assert_told (&setting, 2, "model.width");
  assert_told (&value, 2, "training.epochs");
  assert_told (&no_value, 2, "KEY=VALUE");
}

static void
test_inspect (Fixture      *fixture,
              gconstpointer data)
{
  g_auto(Result) for_people = RUN (fixture, "inspect", "table.csv");
  g_auto(Result) json = RUN (fixture, "inspect", "table.csv", "--json");
  g_autoptr(JsonObject) object = parse (&json);
  JsonArray *labels = json_object_get_array_member (object, "labels");

  assert_done (&for_people);
  g_assert_nonnull (strstr (for_people.out, "好评"));
  g_assert_nonnull (strstr (for_people.out, "200"));
  g_assert_cmpstr (json_object_get_string_member (object, "encoding"), ==, "UTF-8");
  g_assert_cmpstr (json_object_get_string_member (object, "delimiter"), ==, ",");
  g_assert_true (json_object_get_boolean_member (object, "has_header"));
  g_assert_cmpstr (json_object_get_string_member (object, "text_column"), ==, "text");
  g_assert_cmpstr (json_object_get_string_member (object, "label_column"), ==, "label");
  g_assert_cmpint (json_object_get_int_member (object, "n_rows"), ==, 300);
  g_assert_cmpuint (json_array_get_length (labels), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (labels, 0), "label"), ==, "差评");
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (labels, 0), "n_rows"), ==, 100);
}

/* The digits, not the numbers: "the same to the last digit". */
static char *
get_digits (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  g_assert_nonnull (node);
  return json_to_string (node, FALSE);
}

static void
test_train_and_evaluate (Fixture      *fixture,
                         gconstpointer data)
{
  static const char * const figures[] = {
    "n_rows", "n_correct", "accuracy", "loss", "majority_label", "majority_accuracy", "macro_precision",
    "macro_recall", "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1", "labels", "confusion",
  };
  static const char * const others[] = {
    "epochs", "best_epoch", "seconds", "tokens_per_second", "peak_rss_bytes", "n_parameters", "n_train_rows",
    "warnings",
  };
  g_auto(Result) train = RUN (fixture, "train", "table.csv", "--test", "test.csv", "-o", "model", "--json", "--set",
                              "training.epochs=3", SMALL);
  g_auto(Result) evaluate = RUN (fixture, "evaluate", "model", "test.csv", "--json", "--errors", "errors.csv");
  g_auto(Result) for_people = RUN (fixture, "evaluate", "model", "test.csv");
  g_autoptr(JsonObject) trained = NULL;
  g_autoptr(JsonObject) evaluated = NULL;
  g_autofree char *errors = NULL;
  g_auto(GStrv) error_lines = NULL;

  assert_done (&train);
  assert_done (&evaluate);
  assert_done (&for_people);
  trained = parse (&train);
  evaluated = parse (&evaluate);
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autofree char *digits = get_digits (trained, figures[i]);
      g_autofree char *same_digits = get_digits (evaluated, figures[i]);

      g_assert_cmpstr (digits, ==, same_digits);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (json_object_has_member (trained, others[i]));
  g_assert_cmpint (json_object_get_int_member (trained, "n_rows"), ==, 61);
  g_assert_cmpint (json_object_get_int_member (trained, "epochs"), ==, 3);
  /* The rest validates; texts that are nearly the same stay together. */
  g_assert_cmpfloat_with_epsilon ((double) json_object_get_int_member (trained, "n_train_rows"), 270, 15);
  g_assert_cmpfloat (json_object_get_double_member (trained, "accuracy"), >, 0.8);
  g_assert_nonnull (strstr (train.err, "Epoch 3 of 3"));
  g_assert_nonnull (strstr (for_people.out, "of 61 test rows right"));

  errors = read_file (fixture, "errors.csv");
  error_lines = g_strsplit (errors, "\n", -1);
  g_assert_cmpuint (g_strv_length (error_lines) - 2, ==,
                    61 - (guint) json_object_get_int_member (trained, "n_correct"));
}

/* Texts without a label, and those of another file, take part in pre-training. */
static void
test_pretraining (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *table = read_file (fixture, "table.csv");
  g_autofree char *with_more = g_strconcat (table, ",no label at all\n", NULL);

  write_file (fixture, "mixed.csv", with_more);
  write_file (fixture, "more.csv", "text\nthe room was large\n房间很好\n");
  {
    g_auto(Result) result = RUN (fixture, "train", "mixed.csv", "--test", "test.csv", "-o", "model", "--json",
                                 "--set", "training.epochs=1", "--set", "pretraining.epochs=2",
                                 "--set", "pretraining.files=more.csv", SMALL);
    g_autoptr(JsonObject) object = NULL;
    JsonObject *pretraining;

    assert_done (&result);
    g_assert_nonnull (strstr (result.err, "Pre-training, epoch 2"));
    object = parse (&result);
    pretraining = json_object_get_object_member (object, "pretraining");
    g_assert_cmpint (json_object_get_int_member (pretraining, "epochs"), ==, 2);
    g_assert_cmpint (json_object_get_int_member (pretraining, "n_rows"), ==, 303);
    g_assert_cmpfloat (json_object_get_double_member (pretraining, "loss"), >, 0);
    g_assert_cmpfloat (json_object_get_double_member (pretraining, "seconds"), >, 0);
  }
  {
    g_auto(Result) result = RUN (fixture, "train", "table.csv", "-o", "model", "--set", "pretraining.epochs=1",
                                 "--set", "pretraining.files=none.csv", SMALL);

    assert_told (&result, 1, "none.csv");
  }
}

/* The same seed gives the same classifier, another one another. */
static void
test_seed (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *losses[3] = { NULL };
  static const char * const seeds[] = { "5", "5", "6" };

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_auto(Result) result = RUN (fixture, "train", "table.csv", "-o", "model", "--json", "--seed", seeds[i], "--set",
                                   "training.epochs=1", SMALL);
      g_autoptr(JsonObject) object = NULL;

      assert_done (&result);
      object = parse (&result);
      g_assert_cmpfloat_with_epsilon ((double) json_object_get_int_member (object, "n_rows"), 60, 3);
      losses[i] = get_digits (object, "loss");
    }
  g_assert_cmpstr (losses[0], ==, losses[1]);
  g_assert_cmpstr (losses[0], !=, losses[2]);
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_clear_pointer (&losses[i], g_free);
}

static void
test_recipe_file (Fixture      *fixture,
                  gconstpointer data)
{
  g_auto(Result) bad = { 0 };
  g_auto(Result) good = { 0 };
  g_autoptr(JsonObject) object = NULL;

  write_file (fixture, "bad.json", "{\"training\": {\"epochs\": \"many\"}}");
  write_file (fixture, "good.json", "{\"preset\": \"small\", \"training\": {\"epochs\": 2}, \"model\": {\"hidden_size\": 16, \"layers\": 1}}");
  bad = RUN (fixture, "train", "table.csv", "-o", "model", "--recipe", "bad.json");
  assert_told (&bad, 1, "training.epochs");
  good = RUN (fixture, "train", "table.csv", "-o", "model", "--recipe", "good.json", "--json");
  assert_done (&good);
  object = parse (&good);
  g_assert_cmpint (json_object_get_int_member (object, "epochs"), ==, 2);
}

static void
test_predict_table (Fixture      *fixture,
                    gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_auto(Result) to_output = { 0 };
  g_autofree char *written = NULL;
  g_auto(GStrv) lines = NULL;

  train_model (fixture);
  write_file (fixture, "in.csv",
              "id;label;text;note\n"
              "1;x;the breakfast was good;a,b\n"
              "2;;  ;\"say \"\"hi\"\"\"\n"
              "3;z;差，不会再来;\"two\nlines\"\n");
  result = RUN (fixture, "predict", "model", "in.csv", "-o", "out.csv", "--text", "text");
  assert_done (&result);
  g_assert_cmpstr (result.out, ==, "");
  written = read_file (fixture, "out.csv");
  lines = g_strsplit (written, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_cmpstr (lines[0], ==, "id,label,text,note,predicted_label,confidence");
  g_assert_true (g_str_has_prefix (lines[1], "1,x,the breakfast was good,\"a,b\",好评,0."));
  g_assert_cmpstr (lines[2], ==, "2,,  ,\"say \"\"hi\"\"\",,");
  g_assert_cmpstr (lines[3], ==, "3,z,差，不会再来,\"two");
  g_assert_true (g_str_has_prefix (lines[4], "lines\",差评,0."));

  to_output = RUN (fixture, "predict", "model", "in.csv", "--text", "text");
  g_assert_cmpstr (to_output.out, ==, written);
}

/* More rows than are predicted together, and as many come back, in order. */
static void
test_predict_many (Fixture      *fixture,
                   gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_autofree char *input = NULL;
  g_auto(GStrv) input_lines = NULL;
  g_auto(GStrv) lines = NULL;

  train_model (fixture);
  write_table (fixture, "many.csv", 9001);
  result = RUN (fixture, "predict", "model", "many.csv");
  assert_done (&result);
  input = read_file (fixture, "many.csv");
  input_lines = g_strsplit (input, "\n", -1);
  lines = g_strsplit (result.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (input_lines));
  for (guint i = 1; i <= 9001; i++)
    g_assert_true (g_str_has_prefix (lines[i], input_lines[i]));
}

static void
test_predict_lines (Fixture      *fixture,
                    gconstpointer data)
{
  g_auto(Result) result = { 0 };
  g_auto(Result) json = { 0 };
  g_auto(GStrv) lines = NULL;
  g_auto(GStrv) json_lines = NULL;

  train_model (fixture);
  result = RUN_WITH_INPUT (fixture, "the breakfast was good\r\n\n差，不会\t再来", "predict", "model");
  assert_done (&result);
  lines = g_strsplit (result.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "好评\t0."));
  g_assert_true (g_str_has_suffix (lines[0], "\tthe breakfast was good"));
  g_assert_cmpstr (lines[1], ==, "\t\t");
  g_assert_true (g_str_has_prefix (lines[2], "差评\t0."));
  g_assert_true (g_str_has_suffix (lines[2], "\t差，不会\t再来"));

  json = RUN_WITH_INPUT (fixture, "say \"good\"\n\n", "predict", "model", "--json");
  assert_done (&json);
  json_lines = g_strsplit (json.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (json_lines), ==, 3);
  g_assert_nonnull (strstr (json_lines[0], "\"text\":\"say \\\"good\\\"\""));
  g_assert_nonnull (strstr (json_lines[1], "\"label\":null"));
}

/* Answers come as the lines do, not when the input ends. */
static void
test_predict_dialogue (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GDataInputStream) answers = NULL;
  GOutputStream *questions;
  g_autoptr(GError) error = NULL;

  train_model (fixture);
  process = spawn (fixture, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                   (const char * const[]) { "predict", "model", NULL });
  questions = g_subprocess_get_stdin_pipe (process);
  answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *answer = NULL;

      g_output_stream_write_all (questions, "good and clean\n", 15, NULL, NULL, &error);
      g_assert_no_error (error);
      answer = g_data_input_stream_read_line (answers, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (answer, "好评\t"));
    }
  g_output_stream_close (questions, NULL, NULL);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
test_broken_pipe (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *command = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autofree char *status = NULL;
  int wait_status;

  train_model (fixture);
  write_table (fixture, "many.csv", 9001);
  command = g_strdup_printf ("cd '%s'; { '%s' predict model many.csv; echo $? > status; } | head -n 1", fixture->folder,
                             program);
  g_assert_true (g_spawn_sync (NULL, (char *[]) { (char *) "sh", (char *) "-c", command, NULL }, NULL,
                               G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &wait_status, NULL));
  g_assert_cmpstr (out, ==, "label,text,predicted_label,confidence\n");
  g_assert_cmpstr (err, ==, "");
  status = read_file (fixture, "status");
  g_assert_cmpstr (status, ==, "0\n");
}

static void
test_bad_tables (Fixture      *fixture,
                 gconstpointer data)
{
  static const struct { const char *name, *contents, *column, *told; } tables[] = {
    { "missing.csv", NULL, "text", "missing.csv" },
    { "folder", NULL, "text", "folder" },
    { "empty.csv", "", "text", "empty.csv" },
    { "header.csv", "label,text\n", "text", "header.csv" },
    { "columns.csv", "label,text\na,b\nc,d\n", "review", "review" },
    { "one-label.csv", "label,text\na,one\na,two\na,three\na,four\n", "text", "one-label.csv" },
    { "no-text.csv", "label,text\na,  \nb,\na, \nb,\n", "text", "no-text.csv" },
    { "binary.csv", "\x7f" "ELF\x01\x02\x03", "text", "binary.csv" },
    { "project.wenlei", "SQLite format 3", "text", "project.wenlei" },
  };
  g_autofree char *folder = get_path (fixture, "folder");
  g_autofree char *model = get_path (fixture, "model");

  g_mkdir (folder, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_auto(Result) result = { 0 };

      if (tables[i].contents != NULL)
        write_file (fixture, tables[i].name, tables[i].contents);
      result = RUN (fixture, "train", tables[i].name, "--text", tables[i].column, "-o", "model", SMALL);
      assert_told (&result, 1, tables[i].told);
      g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
    }
}

static void
test_cleaned_away (Fixture      *fixture,
                   gconstpointer data)
{
  g_auto(Result) result = { 0 };

  write_file (fixture, "links.csv",
              "label,text\na,http://example.org/1\nb,http://example.org/2\na,http://example.org/3\n"
              "b,http://example.org/4\n");
  result = RUN (fixture, "train", "links.csv", "-o", "model", "--set", "cleaning=urls", SMALL);
  assert_told (&result, 1, "links.csv");
}

static void
test_bad_models (Fixture      *fixture,
                 gconstpointer data)
{
  static const char * const files[] = { "model.safetensors", "config.json", "vocab.txt", "wenlei.json" };

  {
    g_auto(Result) missing = RUN (fixture, "evaluate", "nowhere", "test.csv");
    g_auto(Result) file = RUN (fixture, "predict", "table.csv");

    assert_told (&missing, 1, "nowhere");
    assert_told (&file, 1, "table.csv");
  }
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_build_filename ("model", files[i], NULL);
      g_autofree char *path = get_path (fixture, name);
      g_autofree char *contents = NULL;
      gsize size_bytes;

      train_model (fixture);
      g_assert_true (g_file_get_contents (path, &contents, &size_bytes, NULL));
      g_assert_true (g_file_set_contents (path, contents, size_bytes / 2, NULL));
      {
        g_auto(Result) cut = RUN (fixture, "evaluate", "model", "test.csv");

        /* Two files that do not agree: either may be named. */
        assert_told (&cut, 1, "model");
      }
      g_remove (path);
      {
        g_auto(Result) gone = RUN (fixture, "evaluate", "model", "test.csv");

        assert_told (&gone, 1, files[i]);
      }
      /* Training replaces a classifier only where it knows it for one. */
      g_assert_true (g_file_set_contents (path, contents, size_bytes, NULL));
    }
}

/* Somebody's folder is not overwritten, and that is said before training. */
static void
test_occupied_output (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *folder = get_path (fixture, "letters");
  g_autofree char *contents = NULL;

  g_mkdir (folder, 0700);
  write_file (fixture, "letters/letter.txt", "dear");
  {
    g_auto(Result) result = RUN (fixture, "train", "table.csv", "-o", "letters", SMALL);

    assert_told (&result, 1, "letters");
  }
  contents = read_file (fixture, "letters/letter.txt");
  g_assert_cmpstr (contents, ==, "dear");
  {
    g_auto(Result) result = RUN (fixture, "train", "table.csv", "-o", "test.csv", SMALL);

    assert_told (&result, 1, "test.csv");
  }
}

/* Every kind of tokens learns, and is the same again when it is read from the folder. */
static void
test_tokenizers (Fixture      *fixture,
                 gconstpointer data)
{
  static const struct
  {
    const char *setting;
    const char *file;
  } kinds[] = {
    { "tokens.tokenizer=word", "vocab.txt" },
    { "tokens.tokenizer=bpe", "tokenizer.json" },
    { "tokens.tokenizer=wordpiece", "vocab.txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *model = g_strdup_printf ("model-%u", i);
      g_autofree char *path = g_build_filename (fixture->folder, model, kinds[i].file, NULL);
      g_auto(Result) train = RUN (fixture, "train", "table.csv", "--test", "test.csv", "-o", model, "--json", "--set",
                                  "training.epochs=3", "--set", kinds[i].setting, SMALL);
      g_auto(Result) evaluate = RUN (fixture, "evaluate", model, "test.csv", "--json");
      g_auto(Result) predict = RUN_WITH_INPUT (fixture, "房间很大，很好\nthe room was bad\n", "predict", model);
      g_autoptr(JsonObject) train_object = NULL;
      g_autoptr(JsonObject) evaluate_object = NULL;

      assert_done (&train);
      assert_done (&evaluate);
      assert_done (&predict);
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
      train_object = parse (&train);
      evaluate_object = parse (&evaluate);
      g_assert_cmpfloat (json_object_get_double_member (evaluate_object, "accuracy"), >, 0.9);
      g_assert_cmpfloat (json_object_get_double_member (evaluate_object, "loss"), ==,
                         json_object_get_double_member (train_object, "loss"));
      g_assert_true (g_str_has_prefix (predict.out, "好评"));
      g_assert_nonnull (strstr (predict.out, "\n差评"));

      /* Without its tokens the classifier is refused, and the file is named. */
      g_assert_cmpint (g_remove (path), ==, 0);
      {
        g_auto(Result) broken = RUN (fixture, "evaluate", model, "test.csv");

        assert_told (&broken, 1, kinds[i].file);
      }
    }
}

static gboolean
has_warning (JsonObject *object,
             const char *text)
{
  JsonArray *warnings = json_object_get_array_member (object, "warnings");

  for (guint i = 0; i < json_array_get_length (warnings); i++)
    if (strstr (json_array_get_string_element (warnings, i), text) != NULL)
      return TRUE;
  return FALSE;
}

/* Odd tables are trained on, and what is odd is told. */
static void
test_warnings (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *table = read_file (fixture, "table.csv");
  g_autofree char *test_table = read_file (fixture, "test.csv");
  g_autofree char *with_single = g_strconcat (table, "独一,nothing like it\n", NULL);
  g_autofree char *with_unknown = g_strconcat (test_table, "没见过,never seen\n没见过,never seen either\n", NULL);
  g_auto(Result) single = { 0 };
  g_auto(Result) unknown = { 0 };
  g_auto(Result) evaluate = { 0 };
  g_autoptr(JsonObject) single_object = NULL;
  g_autoptr(JsonObject) unknown_object = NULL;
  g_autoptr(JsonObject) evaluate_object = NULL;

  write_file (fixture, "single.csv", with_single);
  write_file (fixture, "unknown.csv", with_unknown);
  single = RUN (fixture, "train", "single.csv", "-o", "model", "--json", "--set", "training.epochs=1", SMALL);
  assert_done (&single);
  single_object = parse (&single);
  g_assert_true (has_warning (single_object, "独一"));
  g_assert_nonnull (strstr (single.err, "独一"));

  unknown = RUN (fixture, "train", "table.csv", "--test", "unknown.csv", "-o", "model", "--json", "--set",
                 "training.epochs=1", SMALL);
  assert_done (&unknown);
  unknown_object = parse (&unknown);
  g_assert_true (has_warning (unknown_object, "没见过"));
  g_assert_cmpint (json_object_get_int_member (unknown_object, "n_rows"), ==, 63);

  evaluate = RUN (fixture, "evaluate", "model", "unknown.csv", "--json");
  evaluate_object = parse (&evaluate);
  g_assert_true (has_warning (evaluate_object, "没见过"));
  g_assert_cmpfloat (json_object_get_double_member (evaluate_object, "accuracy"), ==,
                     json_object_get_double_member (unknown_object, "accuracy"));
}

/* Starts a training that would take very long, and waits until its first epoch is over. */
static GSubprocess *
spawn_endless_training (Fixture *fixture)
{
  GSubprocess *process =
    spawn (fixture, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
           (const char * const[]) { "train", "table.csv", "-o", "model", "--json", "--set", "training.epochs=1000",
                                    "--set", "training.patience=0", SMALL, NULL });
  GInputStream *errors = g_subprocess_get_stderr_pipe (process);
  g_autoptr(GString) told = g_string_new (NULL);

  while (strstr (told->str, "Epoch 2 of 1000") == NULL)
    {
      char byte;

      g_assert_cmpint (g_input_stream_read (errors, &byte, 1, NULL, NULL), ==, 1);
      g_string_append_c (told, byte);
    }
  return process;
}

static void
test_interrupt (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GSubprocess) process = spawn_endless_training (fixture);
  g_auto(Result) result = { 0 };
  g_auto(Result) evaluate = { 0 };
  g_autoptr(JsonObject) object = NULL;

  g_subprocess_send_signal (process, SIGINT);
  result = finish (process, NULL);
  assert_done (&result);
  g_assert_nonnull (strstr (result.err, "kept"));
  object = parse (&result);
  g_assert_cmpstr (json_object_get_string_member (object, "end"), ==, "stopped");
  g_assert_cmpint (json_object_get_int_member (object, "epochs"), <, 1000);
  evaluate = RUN (fixture, "evaluate", "model", "test.csv");
  assert_done (&evaluate);
}

static void
test_interrupt_twice (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(GSubprocess) process = spawn_endless_training (fixture);
  g_autofree char *model = get_path (fixture, "model");
  g_autoptr(GError) error = NULL;

  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  /* Signals that come together are one. */
  if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == 0)
    g_assert_true (g_file_test (model, G_FILE_TEST_IS_DIR));
  else
    g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
}

static void
test_demo (Fixture      *fixture,
           gconstpointer data)
{
  g_auto(Result) result = RUN (fixture, "demo", "--json");
  g_autoptr(JsonObject) object = NULL;

  assert_done (&result);
  object = parse (&result);
  g_assert_cmpint (json_object_get_int_member (object, "n_rows"), >=, 50);
  g_assert_cmpfloat (json_object_get_double_member (object, "accuracy"), >, 0.5);
}

static void
test_chinese (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *translations = g_build_filename (LOCALEDIR, "zh_CN", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);

  if (!g_file_test (translations, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("The translations are not installed");
      return;
    }
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  {
    g_auto(Result) help = RUN (fixture, "--help");
    g_auto(Result) usage = RUN (fixture, "train");

    g_assert_nonnull (strstr (help.out, "用法"));
    g_assert_true (g_str_has_prefix (usage.err, "wenlei-cli: "));
    g_assert_null (strstr (usage.err, "missing"));
  }
  g_setenv ("LANGUAGE", "C", TRUE);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = g_canonicalize_filename (argv[1], NULL);

  ADD ("usage", test_usage);
  ADD ("inspect", test_inspect);
  ADD ("train-and-evaluate", test_train_and_evaluate);
  ADD ("pretraining", test_pretraining);
  ADD ("seed", test_seed);
  ADD ("recipe-file", test_recipe_file);
  ADD ("predict-table", test_predict_table);
  ADD ("predict-many", test_predict_many);
  ADD ("predict-lines", test_predict_lines);
  ADD ("predict-dialogue", test_predict_dialogue);
  ADD ("broken-pipe", test_broken_pipe);
  ADD ("bad-tables", test_bad_tables);
  ADD ("cleaned-away", test_cleaned_away);
  ADD ("bad-models", test_bad_models);
  ADD ("occupied-output", test_occupied_output);
  ADD ("tokenizers", test_tokenizers);
  ADD ("warnings", test_warnings);
  ADD ("interrupt", test_interrupt);
  ADD ("interrupt-twice", test_interrupt_twice);
  ADD ("demo", test_demo);
  ADD ("chinese", test_chinese);

  status = g_test_run ();
  g_free (program);
  return status;
}
