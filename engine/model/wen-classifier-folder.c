/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A classifier as a folder on disk: read, and written so that it is whole or not
 * there.
 *
 * DESIGN: sizes are limited before anything is read, because a folder may come
 * from anybody.  Saving writes a new folder beside the old one, waits until it is
 * on disk, and only then puts it in its place.  A folder that is replaced holds
 * nothing but a classifier of Wenlei.  The folder of an ensemble has a folder for each of
 * its classifiers, with the same files. */

#include "config.h"

#include "wen-classifier-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "wen-i18n-private.h"

#define MAXIMUM_TEXT_FILE_BYTES (64 * 1024 * 1024)
#define MAXIMUM_WEIGHTS_FILE_BYTES (G_GINT64_CONSTANT (16) * 1024 * 1024 * 1024)

typedef struct
{
  const char *name;
  gint64      maximum_bytes;
} FileKind;

static const FileKind file_kinds[] = {
  { WEN_CLASSIFIER_WENLEI_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { WEN_CLASSIFIER_CONFIG_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { WEN_CLASSIFIER_VOCABULARY_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { WEN_CLASSIFIER_TOKENIZER_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { WEN_CLASSIFIER_WEIGHTS_FILE, MAXIMUM_WEIGHTS_FILE_BYTES },
};

/* name: of the kind, in the folder or in one of a committee's. */
static GBytes *
load_file (GFile           *folder,
           const FileKind  *kind,
           const char      *name,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr (GFile) file = g_file_resolve_relative_path (folder, name);
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR
      || g_file_info_get_size (info) > kind->maximum_bytes)
    {
      wen_classifier_set_invalid (error, name, _ ("it is no file of a size that Wenlei writes"));
      return NULL;
    }
  return g_file_load_bytes (file, cancellable, NULL, error);
}

/* The files of the folder itself, or of one classifier of a committee, from 0.  FALSE
 * where one cannot be read; it is no error that it is not there. */
static gboolean
load_files (GFile         *folder,
            GHashTable    *files,
            const guint   *classifier,
            GCancellable  *cancellable,
            GError       **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    {
      g_autofree char *name = classifier != NULL ? wen_committee_dup_file_name (*classifier, file_kinds[i].name)
                                                 : g_strdup (file_kinds[i].name);
      g_autoptr (GError) file_error = NULL;
      GBytes *bytes = load_file (folder, &file_kinds[i], name, cancellable, &file_error);

      if (bytes != NULL)
        {
          g_hash_table_insert (files, g_steal_pointer (&name), bytes);
        }
      else if (!g_error_matches (file_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
               && !g_error_matches (file_error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
        {
          g_propagate_error (error, g_steal_pointer (&file_error));
          return FALSE;
        }
    }
  return TRUE;
}

/* Those of the folders of a committee's classifiers, as long as there are any. */
static gboolean
load_committee (GFile         *folder,
                GHashTable    *files,
                GCancellable  *cancellable,
                GError       **error)
{
  for (guint i = 0; i < WEN_COMMITTEE_MAXIMUM_CLASSIFIERS; i++)
    {
      guint n_before = g_hash_table_size (files);

      if (!load_files (folder, files, &i, cancellable, error))
        return FALSE;
      if (g_hash_table_size (files) == n_before)
        break;
    }
  return TRUE;
}

/**
 * wen_classifier_load:
 * @folder: a folder that wen_classifier_save() wrote
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Reads a classifier from its folder.  Blocks.
 *
 * The folder may come from anywhere: see wen_classifier_new_from_files().
 *
 * Returns: (transfer full) (nullable): the classifier, or `NULL` with @error set
 */
WenClassifier *
wen_classifier_load (GFile        *folder,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *name = NULL;
  WenClassifier *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  name = g_file_get_parse_name (folder);
  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID,
                   _ ("“%s” is not a folder: choose the folder of a classifier."), name);
      return NULL;
    }

  files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  if (!load_files (folder, files, NULL, cancellable, error) || !load_committee (folder, files, cancellable, error))
    {
      g_prefix_error (error, _ ("The classifier in “%s” cannot be used: "), name);
      return NULL;
    }
  self = wen_classifier_new_from_files (files, error);
  if (self == NULL)
    g_prefix_error (error, _ ("The classifier in “%s” cannot be used: "), name);
  return self;
}

static gboolean
write_file (const char *path,
            GBytes     *bytes,
            GError    **error)
{
  gsize size_bytes;
  const char *contents = g_bytes_get_data (bytes, &size_bytes);

  return g_file_set_contents_full (path, contents, (gssize) size_bytes, G_FILE_SET_CONTENTS_DURABLE, 0666,
                                   error);
}

/* The folder of a committee's classifier is made with its first file. */
static gboolean
write_files (const char   *folder,
             GHashTable   *files,
             GCancellable *cancellable,
             GError      **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer bytes;

  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *parent = g_path_get_dirname (path);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (g_mkdir_with_parents (parent, 0777) != 0)
        {
          int saved_errno = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                       _ ("The folder “%s” cannot be written: %s"), parent, g_strerror (saved_errno));
          return FALSE;
        }
      if (!write_file (path, bytes, error))
        return FALSE;
    }
  return TRUE;
}

static void
remove_files (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    {
      g_autofree char *path = g_build_filename (folder, file_kinds[i].name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
remove_classifier_folder (const char *folder)
{
  for (guint i = 0; i < WEN_COMMITTEE_MAXIMUM_CLASSIFIERS; i++)
    {
      g_autofree char *name = wen_committee_dup_file_name (i, "");
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        break;
      remove_files (path);
    }
  remove_files (folder);
}

/* A file of a classifier, by its name alone. */
static gboolean
is_file_of_ours (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    if (g_str_equal (name, file_kinds[i].name))
      return TRUE;
  return FALSE;
}

/* Whether a folder's name is that of a committee's classifier, and nothing but one is in it. */
static gboolean
is_folder_of_ours (const char *parent,
                   const char *name)
{
  g_autofree char *path = g_build_filename (parent, name, NULL);
  g_autoptr (GDir) dir = g_str_has_prefix (name, WEN_COMMITTEE_FOLDER_PREFIX) ? g_dir_open (path, 0, NULL) : NULL;
  const char *child;

  while (dir != NULL && (child = g_dir_read_name (dir)) != NULL)
    if (!is_file_of_ours (child))
      return FALSE;
  return dir != NULL;
}

/* Other tools use the same file names, so wenlei.json has to say it. */
static gboolean
holds_classifier (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, WEN_CLASSIFIER_WENLEI_FILE, NULL);
  g_autofree char *json = NULL;
  gsize length_bytes;

  return g_file_get_contents (path, &json, &length_bytes, NULL) && wen_classifier_is_ours (json, length_bytes);
}

/* Whether nothing is lost when a folder is replaced: it is not there, empty, or
 * holds a classifier and nothing else. */
static gboolean
may_replace (const char *folder,
             GError    **error)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  gboolean is_empty = TRUE;
  gboolean is_ours = TRUE;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && is_ours && (name = g_dir_read_name (dir)) != NULL)
    {
      is_empty = FALSE;
      is_ours = is_file_of_ours (name) || is_folder_of_ours (folder, name);
    }
  if (dir != NULL && (is_empty || (is_ours && holds_classifier (folder))))
    return TRUE;

  g_set_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_EXISTS,
               _ ("“%s” holds something else than a classifier: choose another folder."), folder);
  return FALSE;
}

/* Names in a folder are only safe from a power cut once the folder is written. */
static void
sync_folder (const char *folder)
{
  int descriptor = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (descriptor < 0 || fsync (descriptor) != 0)
    g_debug ("The folder %s cannot be synchronized: %s", folder, g_strerror (errno));
  if (descriptor >= 0)
    close (descriptor);
}

/* Puts the new folder where an old one may be.  Where the file system can, the two
 * change places in one go, so there is no moment without a classifier. */
static gboolean
put_in_place (const char *new_folder,
              const char *folder,
              GError    **error)
{
  g_autofree char *old_folder = g_strconcat (new_folder, ".old", NULL);
  gboolean replaces = g_file_test (folder, G_FILE_TEST_IS_DIR);

  if (replaces && renameat2 (AT_FDCWD, new_folder, AT_FDCWD, folder, RENAME_EXCHANGE) == 0)
    {
      remove_classifier_folder (new_folder);
      return TRUE;
    }
  if ((replaces && g_rename (folder, old_folder) != 0) || g_rename (new_folder, folder) != 0)
    {
      int saved_errno = errno;

      if (replaces && !g_file_test (folder, G_FILE_TEST_EXISTS))
        g_rename (old_folder, folder);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   _ ("The classifier cannot be put in place at “%s”: %s"), folder,
                   g_strerror (saved_errno));
      return FALSE;
    }
  if (replaces)
    remove_classifier_folder (old_folder);
  return TRUE;
}

/* The folder's own place, where its name is a link to another one. */
static char *
find_real_path (GFile   *folder,
                GError **error)
{
  g_autofree char *path = g_file_get_path (folder);
  char *target;
  char *real;

  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("A classifier can only be saved on this computer: choose a local folder."));
      return NULL;
    }
  target = realpath (path, NULL);
  if (target == NULL)
    return g_steal_pointer (&path);
  real = g_strdup (target);
  free (target);
  return real;
}

/**
 * wen_classifier_save:
 * @self: a classifier
 * @folder: a local folder that does not exist, is empty, or holds a classifier
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes a classifier as a folder.  Blocks.
 *
 * An older classifier is replaced when the new one is whole; a folder with
 * anything else in it is left alone (`WEN_CLASSIFIER_ERROR_EXISTS`).
 *
 * Returns: whether it was written
 */
gboolean
wen_classifier_save (WenClassifier *self,
                     GFile         *folder,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *path = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *new_folder = NULL;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (folder), FALSE);

  path = find_real_path (folder, error);
  if (path == NULL || !may_replace (path, error))
    return FALSE;

  parent = g_path_get_dirname (path);
  new_folder = g_build_filename (parent, ".wenlei-XXXXXX", NULL);
  if (g_mkdir_with_parents (parent, 0777) != 0 || g_mkdtemp_full (new_folder, 0777) == NULL)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   _ ("The folder “%s” cannot be written: %s"), parent, g_strerror (saved_errno));
      return FALSE;
    }

  files = wen_classifier_to_files (self);
  if (!write_files (new_folder, files, cancellable, error))
    {
      remove_classifier_folder (new_folder);
      return FALSE;
    }
  sync_folder (new_folder);
  if (!put_in_place (new_folder, path, error))
    {
      remove_classifier_folder (new_folder);
      return FALSE;
    }
  sync_folder (parent);
  return TRUE;
}
