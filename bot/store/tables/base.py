"""What every table shares."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Without AUTOINCREMENT SQLite gives a deleted row's number away again: an old button would find a new row.
NUMBERED: Any = {"sqlite_autoincrement": True}


def only(where: str) -> dict[str, Any]:
    """Arguments of an index that holds only some rows, by a condition in SQL."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
