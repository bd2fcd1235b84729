"""Installing the app into a workspace, as its administrator does it in a browser."""
