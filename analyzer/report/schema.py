"""The JSON Schema of the result document; the copy under `data/` is what others read."""

from __future__ import annotations

import json
from functools import cache

from analyzer.report.document import ResultDocument


@cache
def schema_bytes() -> bytes:
    """Give the JSON Schema (2020-12) of the document as UTF-8, ending in a newline."""
    schema = ResultDocument.model_json_schema(by_alias=True, mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True).encode("utf-8") + b"\n"
