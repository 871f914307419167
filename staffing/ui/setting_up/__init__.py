"""The road from a file to a workspace, one file a step."""
