"""Tests of the local AWS: python -m unittest discover -s tests -t . (in test/localaws)."""
