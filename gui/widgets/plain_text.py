"""Texts that come from elsewhere, shown as they are written."""

from html import escape


def plain(text: str) -> str:
    """A name, a path or a message for a tooltip or a message box, which would take what looks like HTML for it."""
    return f"<span>{escape(text)}</span>".replace("\n", "<br>") if "<" in text else text
