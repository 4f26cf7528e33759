"""HTML by templates that escape what they are given: plain council pages, the quality report, lists of sources."""
