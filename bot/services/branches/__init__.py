"""The tree of branches: committees, branches and groups, and who belongs to them."""
