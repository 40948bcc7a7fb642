"""Compile with Typst: FACES IN OUT [IN OUT ...], one alone, or several in a pool of two processes."""

from __future__ import annotations

import os
import sys
from multiprocessing import Pool

os.environ["RAYON_NUM_THREADS"] = "1"


def compiler(faces: str) -> None:
    """Make the compiler of a process."""
    global made  # noqa: PLW0603
    import typst

    made = typst.Compiler(
        root="/", font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[faces])
    )


def compile_one(pair: tuple[str, str]) -> None:
    """Compile a file, with tags."""
    source, pdf = pair
    made.compile(source, output=pdf)


if __name__ == "__main__":
    faces, *files = sys.argv[1:]
    pairs = list(zip(files[::2], files[1::2], strict=True))
    if len(pairs) == 1:
        compiler(faces)
        compile_one(pairs[0])
    else:
        with Pool(2, compiler, (faces,)) as pool:
            pool.map(compile_one, pairs, chunksize=1)
