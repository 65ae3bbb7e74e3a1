"""How fast the public pages are at three sizes of the archive: see __main__.py."""
