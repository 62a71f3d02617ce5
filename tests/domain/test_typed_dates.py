"""Is what people type in four languages read as they mean it?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.date_words import SPELLINGS, fold, spelled, words_of
from domain.dates import PartialDate, parse
from domain.refused import LONGEST_QUOTE, Refused
from domain.typed_dates import read

TODAY = date(2026, 11, 22)
LANGUAGES = sorted(SPELLINGS)

UNDERSTOOD = {
    "en": {
        "2011": "2011",
        "summer 2011": "2011-22",
        "Winter 2011": "2011-24",
        "winter 2011/12": "2011-24",
        "winter 2011/2012": "2011-24",
        "winter 2011–2012": "2011-24",
        "May 2020": "2020-05",
        "5 May 2020": "2020-05-05",
        "May 5th, 2020": "2020-05-05",
        "the 1st of june 2011": "2011-06-01",
        "jun. 2011": "2011-06",
        "today": "2026-11-22",
        "Yesterday": "2026-11-21",
        "tomorrow": "2026-11-23",
        "before 4 December 2014": "../2014-12-03",
        "before 1 March 2012": "../2012-02-29",
        "before 2014": "../2013",
        "before January 2014": "../2013-12",
        "before spring 2012": "../2011-24",
        "by 3 December 2014": "../2014-12-03",
        "2014 at the latest": "../2014",
        "until 2014 inclusive": "../2014",
        "after 2 May 2010": "2010-05-03/..",
        "not before May 2010": "2010-05/..",
        "not later than about 2014": "../2014~",
        "not before 2012, uncertain": "2012?/..",
        "about 2012": "2012~",
        "circa May 2012": "2012-05~",
        "2012 approximately, perhaps": "2012%",
        "2014, uncertain": "2014?",
        "about 2012, uncertain": "2012%",
        "between May 2010 and July 2011": "2010-05/2011-07",
        "between September and December 2017": "2017-09/2017-12",
        "from about 2010 to 2011": "2010~/2011",
        "5–7 May 2020": "2020-05-05/2020-05-07",
        "2010–2011": "2010/2011",
        "2010 - 2011": "2010/2011",
        "not known": "XXXX",
        "20june2011": "2011-06-20",
    },
    "uk": {
        "літо 2011": "2011-22",
        "літо 2011 року": "2011-22",
        "Влітку 2011-го": "2011-22",
        "зима 2011/2012 р.": "2011-24",
        "20 червня 2011 р.": "2011-06-20",
        "20 червня 2011\u202fр.": "2011-06-20",
        "20-го червня 2011 року": "2011-06-20",
        "травень 2020": "2020-05",
        "у травні 2020 року": "2020-05",
        "ЧЕРВ. 2011": "2011-06",
        "сьогодні": "2026-11-22",
        "учора": "2026-11-21",
        "раніше ніж 4 грудня 2014 р.": "../2014-12-03",
        "не пізніше 3 грудня 2014": "../2014-12-03",
        "до 3 грудня 2014 включно": "../2014-12-03",
        "після 2013 року": "2014/..",
        "близько 2012": "2012~",
        "2014, непевно": "2014?",
        "між травнем 2010 і липнем 2011": "2010-05/2011-07",
        "від травня 2010 р. до липня 2011 р.": "2010-05/2011-07",
        "невідомо": "XXXX",
        "у проміжку вересень 2017 – грудень 2017": "2017-09/2017-12",
        "у проміжку приблизно 2011 – 2012": "2011~/2012",
        "у проміжку зима 2011/2012 – зима 2012/2013": "2011-24/2012-24",
        "May 2020": "2020-05",
    },
    "lt": {
        "2011 m. vasara": "2011-22",
        "2011 m. vasarą": "2011-22",
        "2011/2012 m. žiema": "2011-24",
        "2011 m. birželio 20 d.": "2011-06-20",
        "2011 m. birželio 20-oji": "2011-06-20",
        "2011 06 20": "2011-06-20",
        "2020 m. gegužė": "2020-05",
        "2020 m. gegužės mėn.": "2020-05",
        "GEGUZE 2020": "2020-05",
        "2012 vasaris": "2012-02",
        "2020 m. gegužės 5–7 d.": "2020-05-05/2020-05-07",
        "šiandien": "2026-11-22",
        "vakar": "2026-11-21",
        "prieš 2014 m. gruodžio 4 d.": "../2014-12-03",
        "anksčiau nei 2014 m.": "../2013",
        "iki 2014 m. gruodžio 3 d. imtinai": "../2014-12-03",
        "apie 2012 m.": "2012~",
        "tarp 2010 m. gegužės ir 2011 m. liepos": "2010-05/2011-07",
        "nuo 2010 iki 2011 m.": "2010/2011",
        "nežinoma": "XXXX",
        "laikotarpiu 2017 m. rugsėjis – 2017 m. gruodis": "2017-09/2017-12",
        "ne vėliau kaip 2012 m. (netikslu)": "../2012?",
        "before 2014": "../2013",
    },
    "az": {
        "may 2020": "2020-05",
        "20 iyun 2011": "2011-06-20",
        "İyun 2011": "2011-06",
        "IYUN 2011": "2011-06",
        "ıyun 2011": "2011-06",
        "iyunun 20-si 2011": "2011-06-20",
        "2011-ci il iyunun 20-də": "2011-06-20",
        "2011-ci ilin yayı": "2011-22",
        "yay 2011": "2011-22",
        "2011-ci ilin qışı": "2011-24",
        "2012-ci ilin payızında": "2012-23",
        "bu gün": "2026-11-22",
        "dünən": "2026-11-21",
        "4 dekabr 2014-cü ildən əvvəl": "../2014-12-03",
        "4 dekabr 2014 tarixindən əvvəl": "../2014-12-03",
        "təxminən 2012": "2012~",
        "2010-cu ilin mayı ilə 2011-ci ilin iyulu arasında": "2010-05/2011-07",
        "məlum deyil": "XXXX",
        "ən tez təxminən 2012": "2012~/..",
        "2012, dəqiq deyil": "2012?",
        "dek. 2014": "2014-12",
        "4 dek. 2014": "2014-12-04",
    },
}
EVERYWHERE = {
    "2011-06-20": "2011-06-20",
    "2011-22": "2011-22",
    "201x": "201X",
    "../2014-12-03": "../2014-12-03",
    "[2011-06-21..2017-12-31]": "[2011-06-21..2017-12-31]",
    "20.06.2011": "2011-06-20",
    "5.6.2011": "2011-06-05",
    "20-06-2011": "2011-06-20",
    "06.2011": "2011-06",
    "2011.06.20": "2011-06-20",
    "2011/06/20": "2011-06-20",
    "2011-2012": "2011/2012",
    "06/2011": "2011-06",
    "20/06/2011": "2011-06-20",
    "06/20/2011": "2011-06-20",
    "05/05/2011": "2011-05-05",
    "summer 2011": "2011-22",
}


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        (language, typed, meant)
        for language in LANGUAGES
        for typed, meant in (UNDERSTOOD[language] | EVERYWHERE).items()
    ],
)
def test_people_write_dates_in_their_own_way(language: str, typed: str, meant: str) -> None:
    assert read(f" {typed}", language, TODAY) == parse(meant, TODAY)


@pytest.mark.parametrize(
    ("language", "typed", "readings"),
    [
        ("en", "05/06/2011", ["2011-06-05", "2011-05-06"]),
        ("lt", "before 05/06/2011", ["2011-06-05", "2011-05-06"]),
        ("en", "until 2014", ["../2013", "../2014"]),
        ("uk", "до 4 грудня 2014", ["../2014-12-03", "../2014-12-04"]),
        ("lt", "iki 2014 m.", ["../2013", "../2014"]),
        ("az", "2014-cü ilə qədər", ["../2013", "../2014"]),
        ("az", "2014-dək", ["../2013", "../2014"]),
    ],
)
def test_what_may_mean_two_things_is_refused_with_both(language: str, typed: str, readings: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read(typed, language, TODAY)
    assert refused.value.code == "date.ambiguous"
    assert refused.value.details == {"text": typed, "readings": readings}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date.missing"),
        ("30 February 2011", "date.no_such_day"),
        ("31.04.2011", "date.no_such_day"),
        ("22.2011", "date.no_such_day"),
        ("20/13/2011", "date.no_such_day"),
        ("2011-02-30", "date.no_such_day"),
        ("May 2012 – July 2011", "date.reversed"),
        ("/2019-12-31", "date.empty_start"),
        *(
            (text, "date.unreadable")
            for text in (
                "-0044",
                "- 44",
                "2011-",
                "next week",
                "5 May",
                "20.06.11",
                "May",
                "before",
                "?",
                "–",
                "..",
                "May 20111",
            )
        ),
        *(
            (text, "date.unreadable")
            for text in ("May May 2011", "summer 5 2011", "about before 2011", "before 2011 inclusive")
        ),
        *(
            (text, "date.unreadable")
            for text in ("5 – 07.06.2020", "2011 and 2012", "winter 2011/2013", "about 2011-2012")
        ),
        *(
            (text, "date.unreadable")
            for text in (
                "before 0001-01-01",
                "before about 2012",
                "٢٠ May ٢٠١١",
                "5 May 2020\ud800",
                "5\tMay 2020",
                "a" * 10_000,
            )
        ),
        *((text, "date.unreadable") for text in ("maj 2020", "20/06/2011/1", "2011²")),
    ],
)
def test_what_is_no_date_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(typed, "en", TODAY)
    assert refused.value.code == code
    assert refused.value.details["text"] in (
        typed,
        typed[:LONGEST_QUOTE] + "…",
        typed.translate({0xD800: "\ufffd", 9: "\ufffd"}),
    )


WORDS = sorted({word for language in LANGUAGES for word in (*words_of(language).months, *words_of(language).idle)})
PHRASES = sorted({" ".join(phrase.words) for language in LANGUAGES for phrase in words_of(language).phrases})
HOSTILE = st.lists(
    st.sampled_from(
        [*WORDS, *PHRASES, "2011", "5", "31", "06/11/2012", "0000", "9999", "–", " - ", "/", "..", "і", "and"]
    )
    | st.text(max_size=3)
).map(" ".join)


@given(HOSTILE | st.text(), st.sampled_from(LANGUAGES), st.dates())
def test_nothing_but_a_refusal_comes_of_any_words(text: str, language: str, today: date) -> None:
    understood = outcome(text, language, today)
    if isinstance(understood, Refused):
        assert understood.code.startswith("date.")
        assert understood.details["text"].isprintable()
    else:
        assert understood == parse(understood.text, today)


def outcome(text: str, language: str, today: date) -> PartialDate | Refused:
    try:
        return read(text, language, today)
    except Refused as refused:
        return refused


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_has_two_meanings(language: str) -> None:
    meanings: dict[str, set[str]] = {}
    for one in (SPELLINGS[language], SPELLINGS["en"]):
        for number, row in [*enumerate(one.months, 1), *enumerate(one.seasons, 21)]:
            for word in spelled(row):
                meanings.setdefault(word, set()).add(str(number))
    for word in words_of(language).idle:
        meanings.setdefault(word, set()).add("idle")
    for phrase in words_of(language).phrases:
        meanings.setdefault(" ".join(phrase.words) + "…" * phrase.follows, set()).add(phrase.meaning)
    assert {word: found for word, found in meanings.items() if len(found) > 1 or not word} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_names_everything(language: str) -> None:
    one = SPELLINGS[language]
    assert (len(one.months), len(one.seasons)) == (12, 4)
    assert one.phrases.keys() == SPELLINGS["en"].phrases.keys()


def test_letters_are_one_with_and_without_marks_and_dots() -> None:
    assert fold("İYUN ıyun Gegužė TƏXMİNƏN") == "iyun iyun geguze texminen"


@pytest.mark.parametrize("language", ["en", "uk", "lt", "az"])
@pytest.mark.parametrize("text", ["5 April 2012", "5 квітня 2012", "2012 m. balandžio 5 d.", "5 aprel 2012"])
def test_teams_are_mixed_so_a_page_reads_the_dates_of_the_others(language: str, text: str) -> None:
    assert read(text, language, date(2026, 1, 1)).text == "2012-04-05"
