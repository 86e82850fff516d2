"""One text in both languages on one page: the page shows that of the reader, and changes it without asking the server.

`said` is for text, `said_of` for attributes (`assets/04-words.js` changes those). Scripts say theirs by `layar.say`.
"""

from typing import Any

from dash import html

from layers.layer import Words


def said(words: Words, **props: Any) -> html.Span:  # noqa: ANN401 — whatever a Span takes
    """The text in both languages, of which the style sheet shows one; `props` go to the element around both."""
    known: dict[str, Any] = {
        "className": f"said {props.pop('className', '')}".strip(),
        "data-id": words.id,
        "data-en": words.en,
    }
    return html.Span([html.Span(words.id, lang="id"), html.Span(words.en, lang="en")], **known, **props)


def said_of(attribute: str, words: Words) -> dict[str, Any]:
    """An attribute such as `aria-label`, `title` or `placeholder`, as props: `html.Nav(..., **said_of("title", w))`."""
    return {attribute: words.id, f"data-id-{attribute}": words.id, f"data-en-{attribute}": words.en}
