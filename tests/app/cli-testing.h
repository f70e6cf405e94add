/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of wenlei-cli share: a folder with tables, and running the program in it. */

#pragma once

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

/* The last argument of this test. */
static char *program;

typedef struct
{
  char *folder;   /* commands run in it */
} Fixture;

typedef struct
{
  int   status;
  char *out;
  char *err;
} Result;

/* Quick to train, and enough for tables as simple as ours. */
#define SMALL "--preset", "small", "--set", "model.hidden_size=16", "--set", "model.layers=1", "--set", "model.feed_forward_size=32", \
              "--set", "training.learning_rate=0.01", "--threads", "1"

static inline void
result_clear (Result *result)
{
  g_free (result->out);
  g_free (result->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static inline GSubprocess *
spawn (Fixture            *fixture,
       GSubprocessFlags    flags,
       const char * const *arguments)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) command = NULL;
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) arguments);
  command = g_strv_builder_end (builder);
  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) command, &error);
  g_assert_no_error (error);
  return process;
}

static inline Result
finish (GSubprocess *process,
        const char  *input)
{
  g_autoptr(GError) error = NULL;
  Result result = { 0 };

  g_subprocess_communicate_utf8 (process, input, NULL, &result.out, &result.err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  result.status = g_subprocess_get_exit_status (process);
  return result;
}

static inline Result
run_with_input (Fixture            *fixture,
                const char         *input,
                const char * const *arguments)
{
  g_autoptr(GSubprocess) process = spawn (fixture,
                                          G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                            | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                                          arguments);

  return finish (process, input);
}

#define RUN(fixture, ...) run_with_input (fixture, "", (const char * const[]) { __VA_ARGS__, NULL })
#define RUN_WITH_INPUT(fixture, input, ...) \
  run_with_input (fixture, input, (const char * const[]) { __VA_ARGS__, NULL })

static inline void
assert_done (const Result *result)
{
  if (result->status != 0)
    g_test_message ("%s", result->err);
  g_assert_cmpint (result->status, ==, 0);
}

/* One line on standard error that begins with the program's name and says text. */
static inline void
assert_told (const Result *result,
             int           status,
             const char   *text)
{
  const char *line_end = strchr (result->err, '\n');

  g_test_message ("%s", result->err);
  g_assert_cmpint (result->status, ==, status);
  g_assert_true (g_str_has_prefix (result->err, "wenlei-cli: "));
  g_assert_nonnull (line_end);
  g_assert_cmpstr (line_end, ==, "\n");
  g_assert_nonnull (strstr (result->err, text));
  g_assert_cmpstr (result->out, ==, "");
}

static inline JsonObject *
parse (const Result *result)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (result->out, &error);

  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static inline char *
get_path (Fixture    *fixture,
          const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static inline char *
read_file (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = get_path (fixture, name);
  g_autoptr(GError) error = NULL;
  char *contents;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}

static inline void
write_file (Fixture    *fixture,
            const char *name,
            const char *contents)
{
  g_autofree char *path = get_path (fixture, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static inline void
write_table (Fixture    *fixture,
             const char *name,
             guint       n_rows)
{
  static const char * const good[] = { "房间很大，很好", "the breakfast was good", "好，下次还来", "good and clean" };
  static const char * const bad[] = { "隔音很差", "the room was bad", "差，不会再来", "bad and loud" };
  g_autoptr(GString) contents = g_string_new ("label,text\n");

  for (guint row = 0; row < n_rows; row++)
    g_string_append_printf (contents, "%s,%s %u\n", row % 3 == 0 ? "差评" : "好评",
                            row % 3 == 0 ? bad[row % 4] : good[row % 4], row);
  write_file (fixture, name, contents->str);
}

static inline void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("wenlei-cli-XXXXXX", &error);
  g_assert_no_error (error);
  write_table (fixture, "table.csv", 300);
  write_table (fixture, "test.csv", 61);
}

static inline void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static inline void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_all (fixture->folder);
  g_free (fixture->folder);
}

static inline void
train_model (Fixture *fixture)
{
  g_auto(Result) result = RUN (fixture, "train", "table.csv", "-o", "model", "--set", "training.epochs=3", SMALL);

  assert_done (&result);
}

#define ADD(path, function) g_test_add ("/wen/cli/" path, Fixture, NULL, set_up, function, tear_down)
