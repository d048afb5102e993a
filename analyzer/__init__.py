"""Find out, with evidence, what an Android app does with personal data before its user has agreed to anything."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("analyzer")
except PackageNotFoundError:  # a bare checkout on sys.path
    __version__ = "0.1.0"
