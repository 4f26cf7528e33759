"""A reader's own data: read from bytes, held against the study, joined to its places. Nothing is written anywhere."""
