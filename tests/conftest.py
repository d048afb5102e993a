"""Puts the house helpers on the path and keeps every test away from the user's own settings."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
