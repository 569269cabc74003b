"""The benchmarks (``make bench``, ``python -m bench``): ratios measured in one run, never part of the tests."""
