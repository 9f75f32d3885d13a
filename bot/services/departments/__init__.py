"""The directory of departments: who helps with what, under which branch, by which telephone number."""
