"""What the app and the API share: the opened index, the answers remembered, names of the machine, the log."""
