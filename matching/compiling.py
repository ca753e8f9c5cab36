"""When does a loop deserve to be compiled?

The loops of this package are plain Python functions. Small problems run them as they stand; large ones have Numba
translate them, which takes seconds once on a machine and a moment from then on.
"""

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any


@cache
def compiled(loop: Callable[..., Any], *callees: Callable[..., Any]) -> Callable[..., Any]:
    """Translate a loop, with the functions it calls, to machine code that lets go of the interpreter's lock."""
    from numba import njit  # noqa: PLC0415 - takes a second, and small problems do without
    from numba.extending import register_jitable  # noqa: PLC0415

    _keep_apart()
    for callee in callees:
        register_jitable(callee)
    # The loops make no arrays. Not to count references to those they are given saves a quarter of the time.
    translate: Any = partial(njit, nogil=True, _nrt=False)  # pyright: ignore[reportCallIssue] - not in the stub
    try:
        translated: Callable[..., Any] = translate(cache=True)(loop)
    except RuntimeError:  # there is no folder that may be written to
        translated = translate()(loop)
    return translated


@cache
def _keep_apart() -> None:
    """Keep what was compiled from these sources in a folder of its own.

    Numba looks only at the file of a loop, and would miss that a function has changed which the loop calls.
    """
    from numba.core import config as settings  # noqa: PLC0415

    config: Any = settings
    sources = Path(__file__).parent
    digest = sha256(b"".join(path.read_bytes() for path in sorted(sources.rglob("*.py")))).hexdigest()[:16]
    config.CACHE_DIR = str(Path(config.CACHE_DIR or sources / "__pycache__") / f"compiled-{digest}")
