"""Events: what there is to go to, who has a place, who waits for one."""
