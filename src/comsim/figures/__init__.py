"""Pictures of runs. They read tables and nothing reads them: the core never imports them."""
