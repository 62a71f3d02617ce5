"""What stands before a date in an English sentence?"""

from __future__ import annotations

import pytest

from webapp.english_dates import with_prepositions


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("5 April 2012", "It began on 5 April 2012."),
        ("summer 2011", "It began in summer 2011."),
        ("winter 2011/2012", "It began in winter 2011/2012."),
        ("May 2020", "It began in May 2020."),
        ("2015, uncertain", "It began in 2015, uncertain."),
        ("about 2012", "It began about 2012."),
        ("between May 2011 and June 2011", "It began between May 2011 and June 2011."),
        ("before 4 December 2014", "It began before 4 December 2014."),
        ("an unknown day", "It began on an unknown day."),
    ],
)
def test_a_stretch_of_days_is_not_a_day(words: str, said: str) -> None:
    sentence = "It began on %(opens)s."
    assert with_prepositions(sentence, {"opens": words}) % {"opens": words} == said


def test_another_language_has_its_own_words() -> None:
    assert with_prepositions("Почалося: %(opens)s.", {"opens": "2011"}) == "Почалося: %(opens)s."
