/* The reader's language. A text is an object {id, en}; `layar.say` gives the one that is read now, `said()` of
   dashboard/i18n.py puts both on the page and the style sheet shows one. Indonesian unless somebody asks. */
(function () {
  "use strict";
  const layar = window.layar;
  const LANGS = ["id", "en"];
  const KEPT = "layar-lang";
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const held = { lang: first() };

  function first() {
    const asked = new URLSearchParams(window.location.search).get("lang");
    return LANGS.includes(asked) ? asked : LANGS.includes(layar.recall(KEPT)) ? layar.recall(KEPT) : "id";
  }

  layar.lang = () => held.lang;

  // {id, en}, or the two texts; a plain text is the same in both languages, nothing is nothing.
  layar.say = function (words, en) {
    if (en !== undefined) return held.lang === "en" ? en : words;
    if (words === null || words === undefined) return "";
    if (typeof words !== "object") return String(words);
    return words[held.lang] ?? words.id ?? "";
  };

  // A text that the server told twice, such as {text, text_en}; the Indonesian where it has no other.
  layar.told = (said, name = "text") => (held.lang === "en" && said[`${name}_en`]) || said[name] || "";

  /* For scripts with many texts: t`${n} kamera` is the text as it stands there, or `book`'s English for "{} kamera" with
     the same in the holes. What the book does not know stays Indonesian. */
  layar.texts = (book) => (parts, ...values) => {
    const known = parts.join("{}");
    const text = held.lang === "en" && Object.hasOwn(book, known) ? book[known] : known;
    return text.split("{}").reduce((said, part, place) => `${said}${place ? values[place - 1] : ""}${part}`, "");
  };

  // `listener(lang)` when the reader changes it, not at the start.
  layar.onLang = (listener) => layar.on("lang", listener);

  layar.setLang = function (lang) {
    if (!LANGS.includes(lang) || lang === held.lang) return;
    held.lang = lang;
    layar.keep(KEPT, lang);
    show();
    layar.emit("lang", lang);
    layar.picture.again();
  };

  // A text of both languages that changes by itself, as `said()` makes it on the server.
  layar.said = function (tag, className, words) {
    const node = layar.element(tag, `said ${className || ""}`.trim());
    for (const lang of LANGS) {
      const part = layar.element("span", "", words[lang]);
      part.lang = lang;
      node.append(part);
    }
    return node;
  };

  function show() {
    document.documentElement.lang = held.lang;
    for (const name of ATTRIBUTES) {
      for (const node of document.querySelectorAll(`[data-${held.lang}-${name}]`)) {
        node.setAttribute(name, node.getAttribute(`data-${held.lang}-${name}`));
      }
    }
  }
  show();
  // Dash builds the page later, and a callback may build parts of it anew.
  new MutationObserver((changes) => {
    const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
    if (changes.some((change) => Array.from(change.addedNodes).some(isElement))) show();
  }).observe(document.documentElement, { childList: true, subtree: true });

  layar.key("b", () => layar.setLang(held.lang === "id" ? "en" : "id"), { id: "bahasa: Indonesia atau Inggris", en: "language: Indonesian or English" });
})();
