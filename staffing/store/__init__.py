"""Where workspaces, scenarios and finished stages live on disk."""
