"""What every domain object shares: frozen, strict about names, errors that name the field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from staffing.errors import InputError, InputErrors, Where

#: Days that a plan can speak of; beyond them calendars and arithmetic of dates end.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)

#: The dearest thing a plan can price: sums over a year of agents still fit a float to the cent.
DEAREST = 1e9

#: The largest number of people a plan can ask for.
MOST_PEOPLE = 100_000


def _in_our_time(day: dt.date) -> dt.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"must lie between {FIRST_DAY} and {LAST_DAY}")
    return day


Held = TypeVar("Held")
Taken = TypeVar("Taken", contravariant=True)
Item = TypeVar("Item")

if TYPE_CHECKING:

    class Lenient(Generic[Held, Taken]):
        """A field that holds one kind of thing and takes more: checkers see what it is given, and what is read."""

        def __get__(self, thing: object, kind: Any) -> Held: ...
        def __set__(self, thing: object, value: Taken) -> None: ...

else:

    class Lenient:
        def __class_getitem__(cls, kinds: tuple[Any, Any]) -> Any:
            return kinds[0]


Day = Annotated[dt.date, AfterValidator(_in_our_time)]
Date = Lenient[Day, dt.date | str]
DateOrNone = Lenient[Day | None, dt.date | str | None]
Dates = Lenient[tuple[Day, ...], Iterable[dt.date | str]]
Many = Lenient[tuple[Item, ...], Iterable[Item]]


def default(value: Any) -> Any:
    """What a `Lenient` field holds where nothing is given."""
    return value


Money = Annotated[float, Field(ge=0, le=DEAREST)]


def day_of(value: dt.date | str, argument: str) -> dt.date:
    """A local day. Raises InputError naming the argument."""
    if isinstance(value, dt.datetime):
        if value.tzinfo is None and value.time() == dt.time():
            return value.date()
    elif isinstance(value, dt.date):
        return value
    elif isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise InputError(
        f"must be a day without a time, such as 2026-12-31, not {value!r}.", where=Where(field=argument)
    ) from None


class FieldError(ValueError):
    """What is wrong with one ``field`` of a value object, found when all fields are known."""

    def __init__(self, field: str, what: str) -> None:
        self.field = field
        super().__init__(what)


if TYPE_CHECKING:
    _Model = BaseModel
else:

    class _Checked(type(BaseModel)):
        """Objects made by calling their class raise the errors of this house, as those read from a file do.

        What is nested in another object is made without a call, so that its faults keep their place in the whole.
        """

        def __call__(cls, *args: Any, **fields: Any) -> Any:
            try:
                return super().__call__(*args, **fields)
            except ValidationError as error:
                raise InputErrors(_problems(error, Where(cls.__name__)), file=cls.__name__) from None

    class _Model(BaseModel, metaclass=_Checked):
        pass


class Frozen(_Model):
    """A value object: immutable, compared by value, checked at birth (InputErrors name every wrong field)."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: Where | None = None) -> Self:
        """Build from plain data (TOML, CSV row, form).

        Raises InputErrors naming file, row and field of everything that is wrong.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise InputErrors(_problems(error, where or Where()), file=(where or Where()).file) from None


def _problems(error: ValidationError, where: Where) -> list[InputError]:
    """One problem for each fault; of a list that is short because its items are at fault, the items alone."""
    details = error.errors(include_url=False)
    return [
        _problem(detail, where)
        for detail in details
        if not any(_lies_within(other["loc"], detail["loc"]) for other in details)
    ]


def _lies_within(place: tuple[int | str, ...], whole: tuple[int | str, ...]) -> bool:
    return len(place) > len(whole) and place[: len(whole)] == whole


def _problem(detail: Any, where: Where) -> InputError:
    cause = detail.get("ctx", {}).get("error")
    path = ".".join(str(part) for part in detail["loc"]) or getattr(cause, "field", None) or where.field
    value = detail.get("input")
    if detail["type"] == "extra_forbidden":
        return InputError(
            "is not a known field.",
            where=Where(where.file, where.row, where.column, path),
            remedy="Correct its spelling or take it out.",
        )
    if detail["type"] == "missing":
        return InputError("is missing.", where=Where(where.file, where.row, where.column, path), remedy="Add it.")
    message = _plain(str(detail["msg"]))
    shown = "" if isinstance(value, Mapping | BaseModel) else f" (found {str(value)[:60]!r})"
    return InputError(f"{message}{shown}.", where=Where(where.file, where.row, where.column, path))


_PLAIN = (
    (r"^Value error, ", ""),
    (r"^(Input|String|Tuple|List) should ", "must "),
    (r"must be a valid integer.*", "must be a whole number"),
    (r"must be a valid number.*", "must be a number"),
    (r"must be a valid date.*", "must be a date such as 2026-12-31"),
    (r"must be a valid (tuple|list)", "must be a list"),
    (r"must be a valid string", "must be text"),
    (r"must be a valid boolean.*", "must be true or false"),
    (r"must match pattern .*\\w\.-.*", "must be letters, digits, '.', '_' and '-', beginning with a letter or digit"),
)


def _plain(message: str) -> str:
    """A validator's message in the words of somebody who edits the file."""
    for pattern, words in _PLAIN:
        message = re.sub(pattern, words, message)
    return message
