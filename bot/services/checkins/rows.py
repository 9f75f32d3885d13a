"""The statements about check-ins, made once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import HOME_ZONE
from bot.services.checkins.model import Asked, Checkin, Round, Timing, questions_from_json
from bot.services.due import WAITING
from bot.store.tables import answers, boards, checkin_people, checkins, due, people, round_people, rounds

_OF: Any = sa.bindparam("of")
_ROUND: Any = sa.bindparam("the_round")
_WHOSE: Any = sa.bindparam("whose")

_IN_PLAN = sa.and_(due.c.id == checkins.c.due, due.c.state == WAITING)
_CHECKIN = sa.select(checkins, due.c.at.label("next_at")).select_from(checkins.outerjoin(due, _IN_PLAN))
CHECKIN = _CHECKIN.where(checkins.c.bot == _OF, checkins.c.id == sa.bindparam("row"))
ALL_CHECKINS = _CHECKIN.where(checkins.c.bot == _OF).order_by(checkins.c.id.desc())
ADD_CHECKIN = sa.insert(checkins).returning(checkins.c.id)
PLANNED = (
    sa.update(checkins)
    .where(checkins.c.bot == _OF, checkins.c.id == sa.bindparam("row"))
    .values(due=sa.bindparam("new_due", type_=sa.BigInteger))
)
END = (
    sa.update(checkins)
    .where(checkins.c.bot == _OF, checkins.c.id == sa.bindparam("row"), checkins.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("now"), due=sa.null())
)
COUNT_ROUND = (
    sa.update(checkins)
    .where(checkins.c.bot == _OF, checkins.c.id == sa.bindparam("row"), checkins.c.ended_at.is_(None))
    .values(rounds=checkins.c.rounds + 1)
    .returning(checkins.c.rounds)
)

ADD_ROUND = sa.insert(rounds).returning(rounds.c.id)
ADD_PEOPLE = sa.insert(round_people)
ROUND = sa.select(rounds).where(rounds.c.bot == _OF, rounds.c.id == _ROUND)
LATEST = (
    sa.select(rounds)
    .where(rounds.c.bot == _OF, rounds.c.checkin == sa.bindparam("row"))
    .order_by(rounds.c.number.desc())
    .limit(sa.bindparam("most"))
)
STILL_OPEN = sa.select(rounds.c.id).where(
    rounds.c.bot == _OF, rounds.c.checkin == sa.bindparam("row"), rounds.c.closed_at.is_(None)
)
CLOSE = (
    sa.update(rounds)
    .where(rounds.c.bot == _OF, rounds.c.id == _ROUND, rounds.c.closed_at.is_(None))
    .values(closed_at=sa.bindparam("now"))
)
TOLD = sa.update(rounds).where(rounds.c.bot == _OF, rounds.c.id == _ROUND).values(told=sa.bindparam("words"))

# -- Who is asked ----------------------------------------------------------------------

_ASKED = (
    sa.select(
        rounds,
        round_people.c.answered,
        people.c.zone.label("persons_zone"),
    )
    .join(round_people, sa.and_(round_people.c.bot == rounds.c.bot, round_people.c.round == rounds.c.id))
    .join(people, people.c.id == round_people.c.person)
    .where(rounds.c.bot == _OF, round_people.c.person == _WHOSE)
)
ASKED = _ASKED.where(rounds.c.id == _ROUND)
ASKED_NOW = _ASKED.where(rounds.c.closed_at.is_(None), rounds.c.closes_at > sa.bindparam("now")).order_by(
    rounds.c.closes_at, rounds.c.id
)
UNANSWERED_NOW = (
    sa.select(sa.func.count())
    .select_from(
        round_people.join(
            rounds, sa.and_(rounds.c.bot == round_people.c.bot, rounds.c.id == round_people.c.round)
        )
    )
    .where(
        round_people.c.bot == _OF,
        round_people.c.person == _WHOSE,
        round_people.c.answered.is_(False),
        rounds.c.closed_at.is_(None),
        rounds.c.closes_at > sa.bindparam("now"),
    )
)
_OF_ROUND = sa.and_(round_people.c.bot == _OF, round_people.c.round == _ROUND)
SILENT = (
    sa.select(round_people.c.person)
    .join(people, people.c.id == round_people.c.person)
    .where(_OF_ROUND, round_people.c.answered.is_(False), people.c.blocked_at.is_(None))
    .order_by(round_people.c.person)
)
ANSWERERS = (
    sa.select(round_people.c.person).where(_OF_ROUND, round_people.c.answered).order_by(round_people.c.person)
)
TO_ASK = (
    sa.select(people.c.id, people.c.account, people.c.language, people.c.zone)
    .join(round_people, round_people.c.person == people.c.id)
    .where(
        _OF_ROUND,
        people.c.bot == _OF,
        round_people.c.person.in_(sa.bindparam("ids", expanding=True)),
        round_people.c.answered.is_(False),
        people.c.blocked_at.is_(None),
    )
    .order_by(people.c.id)
)
_ONE_ASKED = sa.and_(_OF_ROUND, round_people.c.person == _WHOSE)
ANSWERED_FIRST = (
    sa.update(round_people).where(_ONE_ASKED, round_people.c.answered.is_(False)).values(answered=True)
)
UNANSWERED = sa.update(round_people).where(_ONE_ASKED).values(answered=False)
COUNTS = (
    sa.select(
        sa.func.count().label("asked"),
        sa.func.sum(sa.case((round_people.c.answered, 1), else_=0)).label("answered"),
        sa.func.sum(
            sa.case((sa.and_(sa.not_(round_people.c.answered), people.c.blocked_at.is_not(None)), 1), else_=0)
        ).label("unreachable"),
    )
    .select_from(round_people.join(people, people.c.id == round_people.c.person))
    .where(_OF_ROUND)
)
LINES = (
    sa.select(round_people.c.person, round_people.c.answered, checkin_people.c.called)
    .select_from(
        round_people.outerjoin(
            checkin_people,
            sa.and_(
                checkin_people.c.bot == round_people.c.bot, checkin_people.c.person == round_people.c.person
            ),
        )
    )
    .where(_OF_ROUND)
    .order_by(round_people.c.person)
)

# -- Answers -----------------------------------------------------------------------------

_ANSWERS = sa.and_(answers.c.bot == _OF, answers.c.round == _ROUND)
_KEYED = sa.and_(_ANSWERS, answers.c.key == sa.bindparam("the_key"))
KEYED = sa.select(answers.c.question, answers.c.value).where(_KEYED)
TAKE_BACK = sa.delete(answers).where(_KEYED)
ALL_ANSWERS = (
    sa.select(answers.c.key, answers.c.person, answers.c.question, answers.c.value, answers.c.answered_at)
    .where(_ANSWERS)
    .order_by(answers.c.key, answers.c.question)
)
# Written anew, all rows of a round are of one moment: no column of the database tells them apart by age.
SHUFFLE = sa.update(answers).where(_ANSWERS).values(attention=answers.c.attention)
SHUFFLE_PEOPLE = sa.update(round_people).where(_OF_ROUND).values(answered=round_people.c.answered)


def _give(insert: Any) -> Any:
    statement = insert(answers)
    return statement.on_conflict_do_update(
        index_elements=["bot", "round", "key", "question"],
        set_={name: statement.excluded[name] for name in ("value", "attention", "answered_at")},
    )


GIVE = {"sqlite": _give(sqlite.insert), "postgresql": _give(postgresql.insert)}

# -- Boards, and who people are to organizers ------------------------------------------------

_BOARD = sa.and_(boards.c.bot == _OF, boards.c.round == _ROUND)
BOARDS = (
    sa.select(
        boards.c.person,
        boards.c.posted,
        boards.c.message,
        people.c.account,
        people.c.language,
        people.c.zone,
    )
    .join(people, people.c.id == boards.c.person)
    .where(_BOARD, people.c.blocked_at.is_(None))
)
HAS_BOARD = sa.select(boards.c.person).where(_BOARD).limit(1)
BOARD_AT = (
    sa.update(boards)
    .where(_BOARD, boards.c.person == _WHOSE)
    .values(message=sa.bindparam("number", type_=sa.BigInteger))
)


def _post(insert: Any) -> Any:
    statement = insert(boards)
    return statement.on_conflict_do_update(
        index_elements=["bot", "round", "person"],
        set_={
            "posted": statement.excluded.posted,
            "message": None,
            "posted_at": statement.excluded.posted_at,
        },
    )


POST = {"sqlite": _post(sqlite.insert), "postgresql": _post(postgresql.insert)}

# -- Forgetting ------------------------------------------------------------------------------

_OLD = sa.select(rounds.c.id).where(rounds.c.bot == _OF, rounds.c.closed_at < sa.bindparam("before"))
_BELONGING = (answers, round_people, boards)
PRUNE = (
    *(sa.delete(table).where(table.c.bot == _OF, table.c.round.in_(_OLD)) for table in _BELONGING),
    sa.delete(rounds).where(rounds.c.bot == _OF, rounds.c.closed_at < sa.bindparam("before")),
)


# -- Rows ------------------------------------------------------------------------------------


def checkin_from(row: Any) -> Checkin:
    """A check-in from a row of CHECKIN."""
    timing = Timing(row.at, row.zone, row.rule, row.close_minutes, row.nudge_minutes)
    return Checkin(
        row.id,
        row.title,
        questions_from_json(row.questions),
        row.branch,
        row.segment,
        row.anonymous,
        row.safety,
        row.made_by,
        timing,
        row.rounds,
        row.next_at,
        row.ended_at is not None,
    )


def round_from(row: Any) -> Round:
    """A round from a row of ROUND."""
    return Round(row.id, row.checkin, row.number, row.opened_at, row.closes_at, row.closed_at, row.told)


def asked_from(checkin: Checkin, row: Any) -> Asked:
    """A round as somebody is asked it, from a row of ASKED."""
    return Asked(checkin, round_from(row), row.answered, row.persons_zone or HOME_ZONE)
