/* What the book adds to Sphinx's search, searchtools.js.

   Its index has three lists of ours: `order` names the pages, chapters first;
   `introductions` says where each term of the book is introduced;
   `traditional` has characters in one text, their simple forms in another. */
{
  const HAN = /[\u4e00-\u9fff]/;
  const RUNS = /[\u4e00-\u9fff]+|(?:(?![\u4e00-\u9fff])[\p{L}\p{N}_])+/gu;

  /* A reader's word is looked up among the words of the book alone: every
     other object of the language has a `constructor` and a `__proto__`. */
  const { hasOwnProperty } = Object.prototype;
  const own = Object.assign(Object.create(null), { hasOwnProperty });
  const sphinxSetIndex = Search.setIndex;
  Search.setIndex = (index) => {
    for (const table of [index.terms, index.titleterms])
      Object.setPrototypeOf(table, own);
    sphinxSetIndex(index);
  };

  const indexed = () => [Search._index.terms, Search._index.titleterms];

  const isIndexed = (word) =>
    indexed().some((table) => Object.hasOwn(table, word));

  /* The shortest word of the index that contains a piece of text. */
  const nearest = (text) =>
    indexed()
      .flatMap(Object.keys)
      .filter((word) => word.includes(text))
      .sort((a, b) => a.length - b.length)[0] || text;

  /* The longest words of the index in a run of Chinese characters, from the
     left. What is not in the index is left out, unless nothing is. */
  const cut = (run) => {
    const words = [];
    for (let start = 0, end; start < run.length; start = end) {
      end = run.length;
      while (end > start + 1 && !isIndexed(run.slice(start, end))) end--;
      if (end > start + 1) words.push(run.slice(start, end));
    }
    return words.length ? words : [nearest(run)];
  };

  splitQuery = (query) =>
    (query.match(RUNS) || []).flatMap((run) =>
      HAN.test(run) ? cut(run) : [run]
    );

  /* What texts have in common that differ in blanks, hyphens and number. */
  const key = (text) =>
    HAN.test(text)
      ? text.replace(/\s/g, "").toLowerCase()
      : splitQuery(text.toLowerCase())
          .map((word) => new Stemmer().stemWord(word))
          .join(" ");

  /* A term is searched by the word that this edition has for it. */
  const translate = (query) => {
    const term = Search._index.introductions.find(({ forms }) =>
      forms.some((form) => key(form) === key(query))
    );
    return term ? term.word : query;
  };

  /* The book is written in simplified characters. */
  const simplify = (text) => {
    const [traditional, simple] = Search._index.traditional;
    return [...text].map((x) => simple[traditional.indexOf(x)] ?? x).join("");
  };

  const sphinxQuery = Search.query;
  Search.query = (query) =>
    sphinxQuery(translate(simplify(query.normalize("NFKC").trim())));

  /* A page has all words, however short; its score is their mean. */
  const sphinxTermsSearch = Search.performTermsSearch;
  Search.performTermsSearch = (words, excluded) => {
    const [first = [], ...others] = [...words].map((word) =>
      sphinxTermsSearch(new Set([word]), excluded)
    );
    return first.flatMap(([name, title, anchor, descr, score, file]) => {
      const same = others.map((list) => list.find((x) => x[0] === name));
      if (same.includes(undefined)) return [];
      const sum = same.reduce((total, x) => total + x[4], score);
      return [[name, title, anchor, descr, sum / words.size, file]];
    });
  };

  /* Equal pages stand in reading order. */
  Scorer.score = ([name, , , , score]) =>
    score - Search._index.order.indexOf(name) / 1000;

  /* The place where a term is introduced comes first, instead of its page:
     Sphinx shows the last result first. */
  const sphinxSearch = Search._performSearch;
  Search._performSearch = (query, ...others) => {
    const { docnames, titles, filenames, introductions } = Search._index;
    const places = introductions
      .filter(({ word }) => word === query)
      .map(({ label, page, anchor }) => {
        const number = docnames.indexOf(page);
        const title = `${titles[number]} > ${label}`;
        return [page, title, anchor, null, Infinity, filenames[number]];
      });
    const isPlace = ([name, , anchor]) =>
      !anchor && places.some(([page]) => page === name);
    const results = sphinxSearch(query, ...others);
    return [...results.filter((result) => !isPlace(result)), ...places];
  };

  /* Excerpts are made from the text alone, without the theme's contents. */
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page
      .querySelectorAll(".headerlink, script, style")
      .forEach((element) => element.remove());
    const text =
      (anchor && page.querySelector(`article ${anchor}`)) ||
      page.querySelector("article");
    return text ? text.textContent : "";
  };
}
