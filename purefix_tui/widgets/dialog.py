"""The base of all dialogs."""

from __future__ import annotations

from typing import ClassVar, Generic

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """Dismissed once. Enter typed twice, or Esc just as a worker ends, asks for it twice: Textual would then take away
    the screen that lies below, and end with a traceback where that is the last. One that is dismissed by a worker while
    its help lies on top of it goes away as soon as that is closed."""

    HELP: ClassVar[str]
    """What F1 says, unless what has the focus has a help of its own."""

    # The keys of the app do not work in a dialog. The id is that of the app's own key, so that a key of the user's own
    # counts for both.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.explain", "explain", show=False, key_display="F1", id="app.explain", tooltip="Explain this"),
    ]

    _late: tuple[ScreenResultType | None] | None = None
    """What it was dismissed with while another screen lay on top of it."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if self.is_active:
            return super().dismiss(result)
        if self in self.app.screen_stack and self._late is None:
            self._late = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        if self._late is not None:
            self.dismiss(self._late[0])
