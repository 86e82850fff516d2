"""A text is on the page in both languages, and one of them is the reader's."""

from dash import html

from dashboard.i18n import said, said_of
from layers.layer import Words

BOTH = Words(id="kejadian", en="incidents")


def test_a_text_stands_on_the_page_in_both_languages_each_marked_as_what_it_is():
    span = said(BOTH)
    assert [(part.children, part.lang) for part in span.children] == [("kejadian", "id"), ("incidents", "en")]
    assert "said" in span.className.split()


def test_props_go_to_the_element_around_both():
    span = said(BOTH, id="count", className="eyebrow")
    assert span.id == "count"
    assert span.className.split() == ["said", "eyebrow"]


def test_an_attribute_starts_indonesian_and_carries_the_english():
    nav = html.Nav([], **said_of("aria-label", BOTH))
    assert nav.to_plotly_json()["props"] == {
        "children": [],
        "aria-label": "kejadian",
        "data-id-aria-label": "kejadian",
        "data-en-aria-label": "incidents",
    }
