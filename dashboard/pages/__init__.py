"""One file, one screen: ids, layout and callbacks together; found by `discover("dashboard.pages", "PAGE", Page)`."""
