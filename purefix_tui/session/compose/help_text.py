"""What F1 says where a message is written."""

from __future__ import annotations

from purefix_core.session.compose.expressions import EXPRESSIONS

_TEXT = """A message, written by hand. Required fields come first, marked with *. Type the value of the field under the
cursor; where there are choices, its code or the beginning of its meaning, or Enter to choose from the list. Ctrl+F
finds every other field of the message by name or tag, Ctrl+N adds an entry to a group, Ctrl+D takes something out. An
empty field is not sent.

Of a message that is made of an older one the first lines say whose that was, and what is kept of it, which is marked
with !, or left out.

Ctrl+R shows the same message as text. The envelope has what the session fills in, to override.

In every value these are filled in when it is sent:
{expressions}

Ctrl+G shows what would be sent, and asks. What is wrong does not keep a message from being sent."""

HELP = _TEXT.format(expressions="\n".join(f"  {each:<16}  {means}" for each, means in EXPRESSIONS.items()))
