"""Tags: what organizers call some of their people, to find them again."""
