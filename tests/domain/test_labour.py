"""The rule book: what in it nothing comes of."""

from staffing.domain.labour import LOOSEST, PRICED, LabourRules, RuleBook, RuleChange


def idle(rules: dict[str, object], *changes: dict[str, object]) -> list[str]:
    named = (RuleChange.model_validate({"name": f"change {k}", "rules": one}) for k, one in enumerate(changes))
    return list(RuleBook(LabourRules.model_validate(rules), tuple(named)).idle())


def test_a_price_is_idle_where_nobody_has_its_rule() -> None:
    prices = {"prices": {"max_weekends": 5.0, "max_days_in_row": 3.0}}
    assert idle(prices) == ["[rules] prices max_weekends, which no rule sets: set it, or take its price out."]
    assert idle({**prices, "max_weekends": 2}) == []
    assert idle(prices, {"max_weekends": 2}) == []
    (told,) = idle({}, {"prices": {"whole_weekends": 1.0}})
    assert told.startswith("'change 0' prices whole_weekends, which no rule sets")


def test_a_change_without_rules_is_told_and_one_that_lifts_a_rule_is_not() -> None:
    (told,) = idle({}, {}, {"max_weekends": None})
    assert told == "The rule change 'change 0' sets nothing: name its rules, or take it out."
    assert len(idle({}, {"prices": {}})) == 1


def test_every_rule_with_a_price_has_a_value_without_effect() -> None:
    assert set(PRICED) <= set(LOOSEST)
    every = dict.fromkeys(PRICED, 1.0)
    unset = {name: value for name, value in LOOSEST.items() if name in PRICED}
    (told,) = idle({**unset, "prices": every})
    assert all(name in told for name in PRICED)
