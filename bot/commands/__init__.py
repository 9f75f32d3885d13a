"""Groups of commands: `wayside stations …`, `wayside db …`."""
