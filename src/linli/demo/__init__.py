"""The demo: an invented life in real places. ``linli.demo.build`` fills an empty database with it."""

from linli.demo.builder import DemoSummary, build

__all__ = ["DemoSummary", "build"]
