"""The JSON API: the contracts of the commands over HTTP."""
