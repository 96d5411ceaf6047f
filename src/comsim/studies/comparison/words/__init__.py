"""The findings of a comparison as sentences and tables, in English or Chinese."""
