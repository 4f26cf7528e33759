"""Who lives where and in what need: census, deprivation, dwellings, and where help is at hand."""
