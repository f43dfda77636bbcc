"""The benchmark: `make bench`. See docs/performance.md for what it measures and how to read it."""
