"""Parts of a screen: data in, children out; they read nothing."""
