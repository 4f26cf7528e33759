"""One module for each verb of the command line; none of them computes, each calls what does."""
