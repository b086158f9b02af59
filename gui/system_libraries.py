"""What Qt needs from a Linux system beside its own wheel. Nothing here imports Qt.

`python -m gui.system_libraries` prints the Debian packages that are missing, on one line.
"""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

# Each library, the Debian or Ubuntu package that brings it, and whether it is needed even without a display.
LIBRARIES = (
    ("libGL.so.1", "libgl1", True),
    ("libEGL.so.1", "libegl1", True),
    ("libxkbcommon.so.0", "libxkbcommon0", True),
    ("libdbus-1.so.3", "libdbus-1-3", True),
    ("libfontconfig.so.1", "libfontconfig1", True),
    ("libglib-2.0.so.0", "libglib2.0-0", True),
    ("libxcb-cursor.so.0", "libxcb-cursor0", False),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", False),
    ("libxcb-icccm.so.4", "libxcb-icccm4", False),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", False),
    ("libxcb-shape.so.0", "libxcb-shape0", False),
)


def missing_packages(for_a_display: bool = True) -> list[str]:
    """The packages whose library cannot be loaded; none on other systems than Linux."""
    if sys.platform != "linux":
        return []
    return [
        package
        for library, package, always_needed in LIBRARIES
        if (always_needed or for_a_display) and not _can_be_loaded(library)
    ]


def why_no_window() -> str | None:
    """A line that says why no window can open here and how to mend it, or None if one can."""
    if importlib.util.find_spec("PySide6") is None:
        return "PySide6 is not installed for this Python. Install it with: python -m pip install ."
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if packages := missing_packages(for_a_display=not platform or platform.startswith("xcb")):
        return f"Qt needs libraries that are missing here. Install them with: apt-get install {' '.join(packages)}"
    if sys.platform == "linux" and not platform and not _has_display():
        return "There is no display to open a window on. Train in the terminal with: python main.py train"
    return None


def _can_be_loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_display() -> bool:
    """Whether a Wayland or X server answers; Qt would end the process if none did."""
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / wayland).exists():
        return True
    if not os.environ.get("DISPLAY"):
        return False
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers


if __name__ == "__main__":
    print(" ".join(missing_packages()))
