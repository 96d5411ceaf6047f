"""Pictures of runs. They read tables and nothing reads them: the core never imports them."""

import os

from comsim.model.kernel.compile import cache_folder

# Where the home can't be written, matplotlib looks for all fonts anew each time, and says so.
_folder = cache_folder()
if _folder is not None and not os.access(os.path.expanduser("~"), os.W_OK):
    os.environ.setdefault("MPLCONFIGDIR", str(_folder.parent / "matplotlib"))
