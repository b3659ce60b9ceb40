"""One result structure, many renderings: JSON, CSV, HTML."""
