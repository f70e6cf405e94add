# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts Wenlei and uses it as a person with a screen reader does: only through its accessibility tree."""

import os
import subprocess
import time

import pyatspi

# A warning ends the program under test, but not the test itself, whose library for
# accessibility warns of every widget that went away while it was asked about.
PROGRAM_DEBUG = 'fatal-warnings,gc-friendly'
APPLICATION_NAMES = ('wenlei', 'org.wenlei.Wenlei')


class Window:
    """A running Wenlei.  Everything that is looked for is waited for."""

    def __init__(self, program, *arguments, patience=30):
        self.patience = patience
        self.process = subprocess.Popen([program, *arguments], env=os.environ | {'G_DEBUG': PROGRAM_DEBUG})
        self.root = self._wait(self._find_application, 'the application')

    def close(self):
        """Ends the program as its window's close button does, and returns its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=self.patience)

    def find(self, role, name=None, within=None, patience=None):
        """The first visible widget of a role with a name."""
        return self._wait(lambda: next(self.every(role, name, within), None), f'the {role} “{name}”', patience)

    def every(self, role, name=None, within=None):
        """All visible widgets of a role with a name, in reading order."""
        for node in self._walk(within or self.root):
            try:
                if node.getRoleName() == role and (name is None or is_named(node, name)) and self._is_visible(node):
                    yield node
            except Exception:  # a widget that went away while it was looked at
                continue

    def has_text(self, text, within=None):
        """Whether any visible widget is named, or says, `text`."""
        for node in self._walk(within or self.root):
            try:
                if (text in node.name or text in text_of(node)) and self._is_visible(node):
                    return True
            except Exception:
                continue
        return False

    def find_label(self, beginning):
        """The first label that begins so; its `name` follows what it says later."""
        def look():
            labels = (node for node in self.every('label') if node.name.startswith(beginning))
            return next(labels, None)
        return self._wait(look, f'a label “{beginning}…”')

    def wait_for_text(self, text, patience=None):
        self._wait(lambda: self.has_text(text), f'the text “{text}”', patience)

    def wait_until_gone(self, text):
        self._wait(lambda: not self.has_text(text), f'the end of the text “{text}”')

    def press(self, role, name, patience=None):
        """Presses a button, chooses a tab or toggles a switch."""
        node = self.find(role, name, patience=patience)
        node.queryAction().doAction(0)
        return node

    def close_dialog(self):
        """Closes the window that was opened last."""
        list(self.every('push button', 'Close'))[-1].queryAction().doAction(0)

    def type_into(self, node, text):
        """Replaces what stands in an entry or a text view."""
        editable = node.queryEditableText()
        length = node.queryText().characterCount
        if length:
            editable.deleteText(0, length)
        editable.insertText(0, text, len(text.encode()))

    def ping_ms(self):
        """How long the main loop takes to answer one question, in milliseconds."""
        start = time.perf_counter()
        self.root.getChildAtIndex(0).getState()
        return (time.perf_counter() - start) * 1000

    def _find_application(self):
        if self.process.poll() is not None:
            raise AssertionError(f'Wenlei ended with status {self.process.returncode}')
        desktop = pyatspi.Registry.getDesktop(0)
        for index in range(desktop.childCount):
            child = desktop.getChildAtIndex(index)
            if child is not None and child.name in APPLICATION_NAMES and child.childCount:
                return child
        return None

    def _walk(self, node):
        yield node
        try:
            children = [node.getChildAtIndex(index) for index in range(min(node.childCount, 500))]
        except Exception:
            return
        for child in children:
            if child is not None:
                yield from self._walk(child)

    @staticmethod
    def _is_visible(node):
        return node.getState().contains(pyatspi.STATE_VISIBLE)

    def _wait(self, look, what, patience=None):
        deadline = time.monotonic() + (patience or self.patience)
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f'{what} did not appear')
            time.sleep(0.1)


def is_named(node, name):
    """Whether a widget has a name; GTK 4.8 says names of buttons twice, first with the mnemonic."""
    return node.name.replace('_', '') in (name, f'{name} {name}')


def text_of(node):
    """What stands in a text field; what a label says is its name."""
    return node.queryText().getText(0, -1) if node.getRoleName() == 'text' else ''
