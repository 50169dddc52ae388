"""The answer says what was found, in French, with figures that open on their sources."""

from datetime import date
from decimal import Decimal

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from simulator import words
from simulator.answers import Answer, answer
from simulator.forms import QuestionForm
from simulator.presets import CARS

TODAY = date(2026, 3, 20)


def answered(**answers: str) -> Answer:
    form = QuestionForm(answers, today=TODAY)
    assert form.is_valid(), form.errors.as_json()
    return answer(form)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_headline_of_the_median_cross_border_worker() -> None:
    told = answered()
    assert plain(told.spoken) == "Vous économisez, chaque année : CHF 1 623"
    assert plain(told.short) == "d’économies par an"
    assert told.method == "Coût variable, TCS"
    assert told.dated == "barème de 2026"
    assert told.loss == ""
    values = [plain(f"{figure.value} {figure.name}") for figure in told.figures]
    assert values == ["110 h de route en moins", "5 888 km évités", "1 042 kg de CO₂e évités"]


def test_the_price_of_a_day_that_leaves_nothing() -> None:
    assert plain(answered().break_even) == (
        "Le prix de l’espace n’est pas encore compté : vous y gagnez tant qu’une journée coûte "
        "moins de CHF 17,64."
    )
    with_fee = answered(fee="15")
    assert plain(with_fee.spoken).endswith("CHF 243")
    assert plain(with_fee.break_even) == (
        "Vous y gagnez tant qu’une journée à l’espace coûte moins de CHF 17,64."
    )
    assert answered(coworking_days="0").break_even == ""


def test_a_loss_is_shown_and_explained() -> None:
    told = answered(currency="EUR", method="fuel_price", price="1,72", fee="12")
    assert plain(told.spoken) == "Vous dépensez en plus, chaque année : 309 €"
    assert plain(told.loss) == (
        "Les 5 888 km évités valent 795 € par an dans ce calcul, moins que vos autres frais. "
        "Vous y gagnez 110 heures par an, mais pas d’argent."
    )


def test_no_time_is_promised_where_none_is_won() -> None:
    told = answered(fee="50", coworking_minutes="60")
    assert plain(told.loss) == (
        "Les 5 888 km évités valent CHF 1 623 par an dans ce calcul, moins que vos autres frais."
    )


def test_a_space_farther_than_the_office_is_told_so() -> None:
    told = answered(distance="5", minutes="8", coworking_km="12")
    assert plain(told.loss) == (
        "L’espace est plus loin que votre bureau : y aller ajoute 1 288 km par an au lieu d’en "
        "retirer."
    )
    assert told.break_even == (
        "À aucun prix une journée à l’espace ne serait rentable dans ce calcul."
    )


def test_methods_stand_side_by_side_from_the_least_to_the_greatest() -> None:
    told = answered(currency="EUR", method="fuel_price", price="1,72", fee="12", annual_km="16000")
    rows = {row.name: plain(row.amount) for row in told.rows}
    assert rows == {
        "Carburant seul, au prix de la pompe": "−309 €",
        "Carburant seul, barème officiel": "−286 €",
        "Coût variable, barème kilométrique": "998 €",
        "Coût complet, barème kilométrique": "1 511 €",
    }
    assert plain(told.range) == "De −309 € à 1 511 € selon ce que l’on compte."
    assert [row.current for row in told.rows] == [True, False, False, False]
    assert [row.bar.is_loss for row in told.rows] == [True, True, False, False]
    assert all(row.sources for row in told.rows)


def test_every_published_figure_opens_on_its_source_and_its_dates() -> None:
    steps = {step.code: step for step in answered().steps}
    assert [plain(source) for source in steps["vehicle"].sources] == [
        "TCS, coût kilométrique à 15 000 km par an, valable du 1 janvier 2026 au 31 décembre 2026"
    ]
    assert plain(steps["vehicle"].formula) == "5 888 × 4 135 / 15 000"
    assert "octobre 2025" in plain(steps["co2"].sources[0])
    assert "27 juin 2023" in plain(steps["ceiling"].sources[0])
    assert "date d’effet inconnue" in steps["remote_days"].sources[0]


def test_a_rebound_has_its_source_in_the_choice_and_in_the_answer() -> None:
    form = QuestionForm({"rebound": "0.25"}, today=TODAY)
    assert plain(str(dict(form.fields["rebound"].choices)["0.25"])) == (
        "25 % : Impact CO2 (date d’effet inconnue)"
    )
    assert form.is_valid()
    co2 = next(step for step in answer(form).steps if step.code == "co2")
    assert [plain(source) for source in co2.sources[1:]] == ["Impact CO2 (date d’effet inconnue)"]


def test_a_price_says_its_day() -> None:
    told = answered(currency="EUR", method="fuel_price", price="1,72", price_date="2026-02-27")
    vehicle = next(step for step in told.steps if step.code == "vehicle")
    assert vehicle.sources == ("Prix ou taux du 27 février 2026",)


def test_the_result_says_the_day_of_its_price() -> None:
    told = answered(currency="EUR", method="fuel_price", price="1,72", price_date="2026-02-27")
    assert told.dated == "prix du 27 février 2026"
    assert answered(currency="EUR").dated == "barème de 2025"


def test_half_a_day_is_one_in_french_and_several_in_english() -> None:
    assert plain(words.days(Decimal("1.5"))) == "1,5 jour"
    assert plain(words.days(Decimal("2.5"))) == "2,5 jours"
    assert plain(words.days(Decimal(1))) == "1 jour"


def test_what_was_supposed_is_said_with_its_source() -> None:
    told = [plain(line) for line in answered(currency="EUR").assumptions]
    assert told == [
        "Consommation : 7,85 L/100 km. ADEME Car Labelling × facteur d’usage réel, via "
        "nosgestesclimat nº 2518, 2025 (date d’effet inconnue).",
        "Essence : 1,82 € par L. Relevé du jour indiqué : 6 mars 2026.",
        "16 100 km par an sans télétravail : 15 000, ou vos trajets s’ils font plus.",
    ]
    said = answered(
        currency="EUR", consumption="6", price="1,9", price_date="2026-03-01", annual_km="20000"
    )
    assert said.assumptions == ()


def test_home_space_and_office_are_compared() -> None:
    home, space, office = answered(fee="15", home="1").ways
    assert [way.name for way in (home, space, office)] == [
        "À la maison",
        "À l’espace",
        "Au bureau",
    ]
    assert plain(home.money) == "1 683"  # 1 775 less a franc a day at home
    assert plain(space.money) == "243"
    assert plain(office.money) == "0"
    assert (office.hours, office.km, office.co2) == ("0", "0", "0")


def test_a_way_that_the_kilometres_of_the_year_leave_no_room_for_is_left_out() -> None:
    """Between the km avoided from the space, 5 888, and those avoided from home, 6 440."""
    told = answered(currency="EUR", annual_km="6000")
    assert [way.name for way in told.ways] == ["À l’espace", "Au bureau"]


def test_the_ceiling_is_for_those_who_cross_the_border() -> None:
    within = answered()
    assert "92 jours par an (2 par semaine)" in plain(within.ceiling)
    assert "Vérifiez avec votre employeur." in within.ceiling
    assert not within.ceiling_exceeded
    beyond = answered(days="2,5", mission_days="3")
    assert plain(beyond.ceiling).startswith("Frontalier : 115 jours dépassent le plafond de 40 %")
    assert "89 jours par an (1,5 par semaine)" in plain(beyond.ceiling)
    assert beyond.ceiling_exceeded
    assert answered(currency="EUR", days="5").ceiling == ""


def test_numbers_follow_the_language() -> None:
    with translation.override("en"):
        told = answered(fee="15,5")
        assert "5,888" in told.figures[1].value
        assert "17.64" in told.break_even


TYPED = st.sampled_from(
    ["", "0", "0,5", "1", "2", "2,5", "5", "7", "12", "35", "60", "300", "1 200", "15000", "abc"]
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "car": st.sampled_from(list(CARS)),
        "currency": st.sampled_from(["CHF", "EUR"]),
        "fee_currency": st.sampled_from(["", "CHF", "EUR"]),
        "coworking_by": st.sampled_from(["car", "other"]),
        "method": st.sampled_from(
            ["", "fuel_price", "fuel_scale", "fr_marginal", "fr_average", "ch_full", "ch_rate"]
        ),
        "scope": st.sampled_from(["usage", "life_cycle", "burnt"]),
        "rebound": st.sampled_from(["0", "0.25", "0.31"]),
        "year": st.sampled_from(["2025", "2026"]),
    },
)
NUMBERS = (
    "distance", "minutes", "days", "coworking_days", "coworking_km", "coworking_minutes", "fee",
    "fx", "home", "parking", "toll", "allowance", "weeks", "occupancy", "consumption", "price",
    "fiscal_power", "annual_km", "mission_days",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(NUMBERS), TYPED, max_size=6), CHOSEN)
def test_whatever_is_asked_is_refused_beside_a_field_or_answered_in_full(
    typed: dict[str, str], chosen: dict[str, str]
) -> None:
    form = QuestionForm(typed | chosen, today=TODAY)
    if form.is_valid():
        told = answer(form)
        assert told.amount
        assert any(row.current for row in told.rows)
    else:
        assert set(form.errors) <= set(form.fields)
