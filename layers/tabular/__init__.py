"""Published tables: cells read as text or numbers, every fault named."""
