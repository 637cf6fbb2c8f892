"""``python -m linli`` is the same as ``linli``."""

from linli.cli import main

main()
