"""Collect the strings of the source into the catalogs: `make messages`."""

from bot.catalogs import update

if __name__ == "__main__":
    update()
